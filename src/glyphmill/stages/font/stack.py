"""The fonts of one sample, opened: a first choice and those that stand in for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from glyphmill.core.errors import blaming
from glyphmill.fontengine.base import FontInstance


@dataclass(frozen=True, slots=True)
class FontStack:
    """Opened fonts and which part of the text each one sets.

    Attributes:
        instances: the first is the one that was chosen; the others stand in where it has no glyph.
        spans: (start, end, which instance), in order and without gaps; empty when the first one sets everything.
        vertical: whether the first one has vertical forms.
        features: OpenType features for all of the text.
        digests: of the files of the instances.
    """

    instances: tuple[FontInstance, ...]
    spans: tuple[tuple[int, int, int], ...]
    vertical: bool
    features: dict[str, int]
    digests: tuple[str, ...]

    def blamed(self, which: int) -> AbstractContextManager[None]:
        """A block in which only that font can fail: a Reject out of it names the font."""
        return blaming("fonts", self.digests[which])

    def runs(self, length: int) -> list[tuple[int, int, int]]:
        """(start, end, which instance) over a text of that length."""
        return list(self.spans) or [(0, length, 0)]
