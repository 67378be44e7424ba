"""What keeps a profile from being made or read."""

from __future__ import annotations

from glyphmill.core.errors import GlyphmillError


class ProfileError(GlyphmillError):
    """A profile that cannot be made, read or written as asked; one line that says why and what to do."""
