"""`glyphmill verify`: is every file of a dataset as its manifest says?"""

from __future__ import annotations
