"""What came out of an evaluation: the score of each group, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from glyphmill.evaluate.compare import Edits
from glyphmill.evaluate.groups import Group
from glyphmill.evaluate.pieces import Piece
from glyphmill.evaluate.scores import Score, score


@dataclass(frozen=True)
class Reading:
    """One text and what was read.

    Attributes:
        piece: what was to be read.
        expected: its text as it is compared.
        found: the reading as it is compared; None where the engine failed.
        edits: how far they are from each other; None likewise.
    """

    piece: Piece
    expected: str
    found: str | None
    edits: Edits | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        edits = self.edits
        return {
            "index": self.piece.index,
            "number": self.piece.number,
            "specification": self.piece.facts.specification,
            "expected": self.expected,
            "found": self.found,
            "cer": None if edits is None else round(edits.character_edits / edits.characters, 5),
        }


@dataclass(frozen=True)
class EvaluateReport:
    """How an engine read a dataset.

    Attributes:
        engine: its name and version.
        level, form: what was read, and in which form of Unicode it was compared.
        samples: whose labels were looked at.
        rejected: samples of the dataset that were never made.
        unlabelled: images of the dataset without a label, which nobody can compare with anything.
        readings: of every text, by sample and place; those that ``only`` leaves out are not there.
        groups: of the readings that did not fail, by place among ``read``.
    """

    engine: str
    level: str
    form: str
    samples: int
    rejected: int
    unlabelled: int
    readings: Sequence[Reading]
    groups: Sequence[Group]

    @cached_property
    def read(self) -> list[Reading]:
        """What the engine read."""
        return [reading for reading in self.readings if reading.edits is not None]

    @cached_property
    def failed(self) -> list[Reading]:
        """What it failed on."""
        return [reading for reading in self.readings if reading.edits is None]

    @cached_property
    def _scores(self) -> list[tuple[Group, Score]]:
        rows = [(r.piece.index, r.edits, not r.found) for r in self.read if r.edits is not None]
        return [(group, score([rows[place] for place in group.members])) for group in self.groups]

    def rows(self) -> Iterator[tuple[Group, Score]]:
        """Each group with its score: of all, then by each grouping."""
        return iter(self._scores)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: ``all``, and for each grouping the score of each name."""
        groups: dict[str, Any] = {}
        for group, scored in self.rows():
            row = scored.to_dict()
            if group.span is not None:
                low, high = group.span
                row = {"unit": group.unit, "from": round(low, 6), "to": round(high, 6), **row}
            if group.grouping == "all":
                groups["all"] = row
            else:
                groups.setdefault(group.grouping, {})[group.name] = row
        return {
            "engine": self.engine,
            "level": self.level,
            "normalization": self.form,
            "samples": self.samples,
            "rejected": self.rejected,
            "unlabelled": self.unlabelled,
            "read": len(self.read),
            "failed": [{"index": reading.piece.index, "number": reading.piece.number} for reading in self.failed],
            **groups,
        }
