"""How far the boxes of a label are from the pixels: each cluster's ink alone, through the same plan as the image."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.labels import Labels
from glyphmill.generator import OCRDataGenerator
from glyphmill.plan.plan import Plan
from glyphmill.unicode.itemize import script_runs

#: Coverage (of 255) from which a pixel counts as ink. Fainter fringes are rounding of rasteriser and resampling.
INK = 8
#: The stages that bend text, as groups of a table; text that no unit of them touches is "straight".
_BENDING = ("curve", "warp")
#: How far into the ink a sharp edge (besides its blur) and a slope are looked at, px.
_EDGE_COLUMNS, _SLOPE_COLUMNS = 2, 12
#: A box that reaches out of the image by more than this, px, is cut: what is seen of its ink may be smaller than it.
_CUT_PX = 0.5
#: A box of at least this area, px, in which no ink can be found is wrong; smaller ones may be too faint to see.
_SEEN_PX = 1.0

Boxes = NDArray[np.float64]


@dataclass(frozen=True)
class ClusterInk:
    """The clusters of one plan, and where the ink of each is found.

    Attributes:
        labels: as the generator makes them, not clipped.
        found: where the borders of the ink of each cluster lie, as ``ink_box`` has it, (m, 2, 4); NaN where no pixel is
            covered.
        width, height: of the image, px.
    """

    labels: Labels
    found: Boxes
    width: int
    height: int

    def boxes(self) -> Boxes:
        """The boxes as a label holds them: clipped to the image, (m, 4)."""
        return np.clip(self.labels.boxes(), 0, [self.width, self.height, self.width, self.height])

    def errors(self, boxes: Boxes | None = None) -> NDArray[np.float64]:
        """Largest difference between the four borders of each cluster's box and of its ink, px, (m,).

        Of a cluster that the border of the image cuts: how far its ink passes its box. NaN for clusters without ink of
        their own: white space, parts of a ligature (no pixel says where one ends), and what is not seen.

        Args:
            boxes: to be compared, clipped; those of the generator if not given.
        """
        boxes = self.boxes() if boxes is None else boxes
        inner = self.found[:, 1]
        past = np.concatenate([boxes[:, :2] - inner[:, :2], inner[:, 2:] - boxes[:, 2:]], axis=1)
        errors = np.where(self.cut(), np.maximum(past, 0).max(axis=1), differences(boxes, self.found).max(axis=1))
        errors[~self._own()] = np.nan
        return np.asarray(errors)

    def cut(self) -> NDArray[np.bool_]:
        """Which clusters the border of the image cuts, (m,)."""
        return np.asarray(np.abs(self.labels.boxes() - self.boxes()).max(axis=1) > _CUT_PX)

    def lost(self) -> NDArray[np.int64]:
        """Clusters that have a box in the image but no ink there."""
        boxes = self.boxes()
        area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
        wanting = self._own() & np.isnan(self.found[:, 0, 0]) & ~self.cut()
        return np.flatnonzero(wanting & (area >= _SEEN_PX))

    def _own(self) -> NDArray[np.bool_]:
        return self.labels.ink & ~self.labels.shared


def cluster_ink(generator: OCRDataGenerator, plan: Plan) -> ClusterInk:
    """Find the ink of each cluster of a plan. Raises: as ``OCRDataGenerator.generate_from_plan``."""
    labels, masks = generator.cluster_masks(plan)
    found = np.full((len(labels.spans), 2, 4), np.nan)
    height = width = 0
    for cluster, mask in masks:
        height, width = mask.shape
        box = ink_box(mask)
        if box is not None:
            found[cluster] = box
    return ClusterInk(labels, found, width, height)


def cluster_errors(generator: OCRDataGenerator, plan: Plan) -> NDArray[np.float64]:
    """``ClusterInk.errors`` of a plan, (m,). Raises: as ``OCRDataGenerator.generate_from_plan``."""
    return cluster_ink(generator, plan).errors()


def ink_box(mask: NDArray[np.uint8]) -> Boxes | None:
    """Between which boxes x0, y0, x1, y1 the borders of the ink in a mask lie, the outer and the inner, px, (2, 4).

    Both are the same where an edge is sharp: a border pixel that is covered by a third, beside one that is covered
    wholly, means that the ink begins two thirds into it. They are not where it is blurred, or comes to a point.

    Returns: None without ink.
    """
    columns, rows = mask.max(axis=0), mask.max(axis=1)
    if columns.max(initial=0) < INK:
        return None
    height, width = mask.shape
    sides = np.array([_edge(each) for each in (columns, rows, columns[::-1], rows[::-1])]).T
    sides[:, 2:] = (width, height) - sides[:, 2:]
    return np.asarray(sides)


def _edge(profile: NDArray[np.uint8]) -> tuple[float, float]:
    """Where a profile begins if it rises in an even slope, and if it is one sharp edge that is blurred.

    The second is the mean of the steps in which it rises. What these vary more than those of a sharp edge do is laid
    to the slope: one that ends d after its mean has the variance d * d / 3, and begins d before it.
    """
    first = int(np.argmax(profile >= INK))
    near = profile[first : first + _SLOPE_COLUMNS].astype(np.float64)
    falling = near[1:] <= near[:-1]
    top = int(np.argmax(falling)) if falling.any() else len(near) - 1
    near = near[: top + 1]
    mean, variance = _moments(near)
    sharp = (mean % 1) * (1 - mean % 1)
    outer = first + mean - math.sqrt(3 * max(variance - sharp, 0.0))
    # where a page is enlarged, its sharpest edge is spread over as many pixels
    blur = round(float(near[-1] / np.diff(near, prepend=0.0).max()))
    inner = first + _moments(near[: blur + _EDGE_COLUMNS])[0]
    return max(min(outer, inner), float(np.argmax(profile > 0))), inner


def _moments(levels: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and variance of the places of the steps in which levels rise to the last one."""
    steps, at = np.diff(levels, prepend=0.0) / levels[-1], np.arange(len(levels))
    mean = float(steps @ at)
    return mean, float(steps @ (at - mean) ** 2)


def differences(boxes: Boxes, ink: Boxes) -> Boxes:
    """How far each border of boxes (..., 4) lies outside of where ``ink_box`` (..., 2, 4) has it, px, (..., 4)."""
    low, high = ink.min(axis=-2), ink.max(axis=-2)
    return np.asarray(np.maximum(np.maximum(low - boxes, boxes - high), 0.0))


@dataclass(frozen=True)
class Spread:
    """How errors of many clusters are spread, px.

    Attributes:
        count: clusters that could be measured.
        median, p95, p99, max: of their errors.
    """

    count: int
    median: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, errors: NDArray[np.float64]) -> Spread:
        """The spread of errors (n,); all zero if there are none."""
        if len(errors) == 0:
            return cls(0, 0.0, 0.0, 0.0, 0.0)
        median, p95, p99 = np.percentile(errors, [50, 95, 99]).tolist()
        return cls(len(errors), median, p95, p99, float(errors.max()))

    def to_dict(self) -> dict[str, float]:
        """Plain JSON values, px with three decimals."""
        return {name: round(getattr(self, name), 3) for name in self.__dataclass_fields__}


@dataclass
class ErrorTable:
    """Errors of clusters by what bent them, by direction and by script."""

    _parts: dict[tuple[str, str], list[NDArray[np.float64]]] = field(default_factory=dict)

    def add(self, plan: Plan, labels: Labels, errors: NDArray[np.float64]) -> None:
        """Count the errors (m,) of a plan's clusters; NaN are left out."""
        known = ~np.isnan(errors)
        scripts = scripts_of(labels.text, labels.spans[:, 0].tolist())
        self._add("all", "all", errors[known])
        for name in bending_units(plan):
            self._add("warp", name, errors[known])
        self._add("direction", labels.direction, errors[known])
        for script in sorted(set(scripts)):
            self._add("script", script, errors[known & (np.array(scripts) == script)])

    def _add(self, group: str, name: str, errors: NDArray[np.float64]) -> None:
        if len(errors):
            self._parts.setdefault((group, name), []).append(errors)

    @property
    def whole(self) -> Spread:
        """Of all clusters."""
        return self._spread(("all", "all"))

    def rows(self) -> list[tuple[str, str, Spread]]:
        """Group, name and spread: of all, then by warp ("straight" first), by direction, by script."""
        order = ("all", "warp", "direction", "script")
        keys = sorted(self._parts, key=lambda key: (order.index(key[0]), key[1] != "straight", key[1]))
        return [(group, name, self._spread((group, name))) for group, name in keys]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: ``all``, and for each group the spread of each name."""
        groups: dict[str, Any] = {"all": self.whole.to_dict(), "warp": {}, "direction": {}, "script": {}}
        for group, name, spread in self.rows():
            if group != "all":
                groups[group][name] = spread.to_dict()
        return groups

    def _spread(self, key: tuple[str, str]) -> Spread:
        return Spread.of(np.concatenate(self._parts.get(key, [np.zeros(0)])))


def bending_units(plan: Plan) -> Sequence[str]:
    """The units that bend the text of a plan, each once, as ``stage.unit``; ``straight`` if there are none."""
    units = (f"{step.stage}.{step.unit}" for stage in _BENDING for step in plan.all(stage))
    return list(dict.fromkeys(units)) or ["straight"]


def scripts_of(text: str, starts: Iterable[int]) -> list[str]:
    """The script (ISO 15924) that each cluster is written in, by the place of its first character."""
    runs = script_runs(text)
    ends = [end for _, end, _ in runs]
    return [runs[int(np.searchsorted(ends, start, side="right"))][2] for start in starts]


def boxes_of(label: Mapping[str, Any]) -> Boxes:
    """The boxes of a sound label, (m, 4)."""
    rows = [[box["x0"], box["y0"], box["x1"], box["y1"]] for box in label["bboxes"]]
    return np.array(rows, np.float64).reshape(-1, 4)
