"""`glyphmill render`: an image made again from its label."""

from __future__ import annotations
