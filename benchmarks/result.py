"""What a benchmark is given and what it hands back: a scale, and figures with their targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Literal


class BenchmarkError(Exception):
    """A benchmark that could not be carried out; the message says why."""


@dataclass(frozen=True)
class Scale:
    """How large the benchmarks are.

    Attributes:
        folder: where inputs, caches and environments of peers are kept between runs; git ignores it.
        runs: measured runs, after one that is thrown away.
        quick: a fiftieth of the work, to see that it works; its numbers mean nothing.
        peers: whether peers are installed and measured.
    """

    folder: Path
    runs: int = 7
    quick: bool = False
    peers: bool = True

    def count(self, full: int) -> int:
        """How many of something to make where ``full`` is the count for numbers that mean something."""
        return max(2, full // 50) if self.quick else full

    def subfolder(self, name: str) -> Path:
        """A folder of this name in ``folder``, made if need be."""
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path


@dataclass(frozen=True)
class Target:
    """A bound that a figure is held to, in the figure's unit."""

    sign: Literal[">=", "<="]
    bound: float

    def met_by(self, value: float) -> bool:
        return value >= self.bound if self.sign == ">=" else value <= self.bound


@dataclass(frozen=True)
class Spread:
    """Median and quartiles of some runs."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value; quartiles are interpolated between the values."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, _, high = quantiles(values, n=4, method="inclusive")
        return cls(median(values), low, high)


@dataclass(frozen=True)
class Figure:
    """One number of a benchmark.

    Attributes:
        name: what was measured, as the table says it.
        unit: of the values and of the target.
        values: one a run; none if it could not be measured.
        target: what it is held to; None for a figure that only informs.
        why_not: why there are no values.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    target: Target | None = None
    why_not: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the median meets the target; None without a target or without values."""
        if self.target is None or not self.values:
            return None
        return self.target.met_by(Spread.of(self.values).median)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: every run, and what follows from them."""
        spread = Spread.of(self.values) if self.values else None
        return {
            "name": self.name,
            "unit": self.unit,
            "target": None if self.target is None else f"{self.target.sign} {self.target.bound:g}",
            "median": spread and spread.median,
            "quartiles": spread and [spread.low, spread.high],
            "met": self.met,
            "values": list(self.values),
            "why_not": self.why_not,
        }


@dataclass(frozen=True)
class Result:
    """What a benchmark found.

    Attributes:
        title: the workload, in a line.
        settings: what the numbers depend on, JSON-able: counts, sizes, versions of peers.
        notes: what a reader of the numbers must know, losses and unlike terms above all.
    """

    title: str
    figures: tuple[Figure, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "title": self.title,
            "figures": [figure.to_dict() for figure in self.figures],
            "settings": dict(self.settings),
            "notes": list(self.notes),
        }
