"""What an OCR engine is to the evaluation: it says how it reads a piece of text, and reads pictures of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import GlyphmillError
from glyphmill.evaluate.pieces import Piece

Pixels = NDArray[np.uint8]
#: One line; one word; a column of letters that stand upright; all lines of an image.
Manner = Literal["line", "word", "column", "page"]


class EngineError(GlyphmillError):
    """An engine that cannot be used: it, or one of its models, is not installed, or it reads no such text."""


@dataclass(frozen=True, order=True)
class Way:
    """How an engine reads a piece.

    Attributes:
        model: the engine's name of what was trained for the text.
        manner: what the picture shows. Letters of a ``line`` or ``word`` stand upright and follow each other from left
            to right, or from right to left in scripts that run so: vertical text is turned by a quarter.
    """

    model: str
    manner: Manner


class Engine(Protocol):
    """An OCR engine. It is asked from several threads at once."""

    @property
    def name(self) -> str:
        """With its version."""

    def way(self, piece: Piece) -> Way:
        """How it reads a piece. Raises: EngineError if it cannot read such text at all."""

    def check(self, models: Iterable[str]) -> None:
        """Raises: EngineError naming what is not installed, and how to install it."""

    def read(self, pictures: Sequence[Pixels], way: Way) -> list[str | None]:
        """What it reads in each picture, RGB (H, W, 3); None where it failed on that picture alone."""
