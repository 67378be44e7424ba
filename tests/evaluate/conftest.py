"""A small dataset, and engines that read what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Lock

import pytest

from glyphmill.evaluate.engine import EngineError, Pixels, Way
from glyphmill.evaluate.pieces import Piece
from glyphmill.run.generate import generate
from tests.jobs import open_job


class FakeEngine:
    """Reads what `reads` says of each piece. One picture is told from another by the order in which it was asked."""

    name = "fake 1"

    def __init__(
        self,
        reads: Callable[[Piece], str | None] = lambda piece: piece.text,
        manner: str = "line",
        missing: Iterable[str] = (),
    ) -> None:
        self.reads, self.manner, self.missing = reads, manner, set(missing)
        self.pictures: list[tuple[Way, tuple[int, ...]]] = []
        self._waiting: dict[Way, list[Piece]] = {}
        self._lock = Lock()

    def way(self, piece: Piece) -> Way:
        way = Way(f"{piece.facts.language}/{piece.index}/{piece.number}", self.manner)
        self._waiting[way] = [piece]
        return way

    def check(self, models: Iterable[str]) -> None:
        for model in models:
            if model.partition("/")[0] in self.missing:
                raise EngineError(f"no model {model}")

    def read(self, pictures: Sequence[Pixels], way: Way) -> list[str | None]:
        with self._lock:
            self.pictures += [(way, picture.shape) for picture in pictures]
        return [self.reads(piece) for piece in self._waiting[way]]


SPECIFICATIONS = (
    {"text": {"language": "en", "length": [8, 24]}, "degrade": [{"blur": {"radius": [0, 2]}}]},
    {"text": {"language": "de", "length": [30, 40], "lines": 3}, "warp": [{"rotation": {"angle": [20, 60]}}]},
    {"text": {"language": "ja", "direction": "top_to_bottom", "length": [4, 8]}},
)


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve images: blurred English, turned German of three lines, Japanese columns."""
    root = tmp_path_factory.mktemp("evaluate") / "made"
    generate(open_job(SPECIFICATIONS, 12), root)
    return root
