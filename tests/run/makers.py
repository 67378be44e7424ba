"""Stand-ins for a job, importable by worker processes: samples that cost nothing, and the faults to be survived."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from glyphmill.core.errors import Reject, RenderError
from glyphmill.stages.encode import png


@dataclass(frozen=True)
class PlainPlan:
    index: int
    specification: str = "plain"

    def all(self, stage: str) -> tuple[()]:
        return ()


@dataclass(frozen=True)
class PlainSample:
    image: np.ndarray
    plan: PlainPlan
    x: float = 0.5
    extras: dict[str, np.ndarray] = field(default_factory=dict)

    def label_for(self, image: str) -> dict[str, Any]:
        text = f"sample {self.plan.index}"
        return {"image": image, "text": text, "direction": "left_to_right", "x": self.x, "threads": cv2.getNumThreads()}

    def encoded(self) -> bytes:
        return png.apply(png.Params(compression="fast"), self.image, gray=False)


@dataclass(frozen=True)
class PlainJob:
    """Every index gives a small image of its own."""

    attempts: int = 2
    extension: str = "png"
    extras: tuple[str, ...] = ()

    def sample(self, index: int, attempt: int) -> PlainSample:
        return PlainSample(np.full((2, 3, 3), index % 251, np.uint8), PlainPlan(index))


@dataclass(frozen=True)
class FailingJob(PlainJob):
    """Indices in `always` never work, those in `first` fail once; `error` is what is raised."""

    always: frozenset[int] = frozenset()
    first: frozenset[int] = frozenset()
    error: str = "reject"

    def sample(self, index: int, attempt: int) -> PlainSample:
        if index in self.always or (index in self.first and attempt == 0):
            raise {
                "reject": Reject("glyphs", "missing_glyph", "U+1F600 in a.ttf"),
                "render": RenderError("a.ttf is gone"),
                "memory": MemoryError(),
                "bug": ZeroDivisionError("division by zero"),
            }[self.error]
        return super().sample(index, attempt)


@dataclass(frozen=True)
class DeadlyJob(PlainJob):
    """The process that makes one of `indices` is killed; only `times` times where a `tally` file counts them."""

    indices: frozenset[int] = frozenset()
    tally: str | None = None
    times: int = 1

    def sample(self, index: int, attempt: int) -> PlainSample:
        if index in self.indices and self._is_due():
            os.kill(os.getpid(), signal.SIGKILL)
        return super().sample(index, attempt)

    def _is_due(self) -> bool:
        if self.tally is None:
            return True
        path = Path(self.tally)
        deaths = len(path.read_bytes()) if path.exists() else 0
        path.write_bytes(b"x" * (deaths + 1))
        return deaths < self.times


@dataclass(frozen=True)
class UnopenableJob(PlainJob):
    """Cannot be opened in another process: `error` is raised there, or the process ends."""

    dies: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        return _refuse, (self.dies,)


def _refuse(dies: bool) -> PlainJob:
    if dies:
        os._exit(7)
    raise RenderError("the fonts have changed")
