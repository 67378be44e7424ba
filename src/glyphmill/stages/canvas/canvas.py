"""canvas: size, padding and place of the text on its background. Labels are shifted; only a negative padding clips."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from numpy.random import Generator
from pydantic import Field

from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.errors import Reject
from glyphmill.core.geometry import bounds
from glyphmill.core.labels import Labels
from glyphmill.core.unit import Unit

if TYPE_CHECKING:
    from glyphmill.plan.context import DrawContext

BLENDS = ("normal", "multiply", "screen", "overlay", "darken", "lighten")


class Config(Settings):
    """The canvas and how ink meets it."""

    padding: Distribution = Number(
        8.0,
        lo=-1000,
        hi=10_000,
        unit="px",
        about="space on each side, drawn for each alone; a negative one is cut off the finished image on that side, "
        "text and all, at most a quarter of it",
    )
    around: Literal["line", "ink"] = Field(
        "line", description="what padding surrounds: the line boxes and all ink, or the ink alone"
    )
    width: int | None = Field(None, ge=1, le=100_000, description="px; as wide as needed if not given")
    height: int | None = Field(None, ge=1, le=100_000, description="px; as high as needed if not given")
    overflow: Literal["grow", "reject"] = Field(
        "grow", description="what happens to text that is larger than a given width or height"
    )
    placement: Choices = Pick(
        ("center", "random", "start"), default="center", about="where text lies on a canvas that is larger than it"
    )
    blend: Choices = Pick(BLENDS, default="normal", about="how ink and background mix")
    min_contrast: float = Field(
        0.2,
        ge=0,
        le=1,
        description="least difference in lightness (L* / 100) between ink and what is around it, less what noise takes",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values.

    Attributes:
        padding: left, top, right, bottom, px; what is below 0 is cut off when all warps are done.
        place: share of the free room that lies left of and above the text.
    """

    padding: tuple[float, float, float, float]
    around: Literal["line", "ink"]
    width: int | None
    height: int | None
    overflow: Literal["grow", "reject"]
    place: tuple[float, float]
    blend: str
    min_contrast: float

    @property
    def cut(self) -> tuple[float, float, float, float]:
        """What is cut off the image on the left, top, right and bottom, px."""
        left, top, right, bottom = (max(-side, 0.0) for side in self.padding)
        return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Geometry:
    """Size of the canvas and by how much the text moves onto it, px."""

    width: int
    height: int
    dx: float
    dy: float


def draw(config: Config, context: DrawContext, rng: Generator) -> dict[str, Any]:
    """Draw the padding of each side and the place of the text."""
    placement = config.placement.draw(rng)
    if placement == "random":
        place = (rng.random(), rng.random())
    else:
        place = (0.5, 0.5) if placement == "center" else (0.0, 0.0)
    pad = config.padding
    return {
        "padding": (pad.draw(rng), pad.draw(rng), pad.draw(rng), pad.draw(rng)),
        "around": config.around,
        "width": config.width,
        "height": config.height,
        "overflow": config.overflow,
        "place": place,
        "blend": config.blend.draw(rng),
        "min_contrast": config.min_contrast,
    }


def apply(params: Params, labels: Labels, max_pixels: int) -> Geometry:
    """The canvas that holds all ink; nothing of it is cut off yet.

    Raises: Reject if there is no ink, its place is not a number, or the canvas would pass ``max_pixels``.
    """
    if len(labels.outline) == 0:
        raise Reject("ink", "no_ink", f"{labels.text[:40]!r} draws nothing")
    x0, y0, x1, y1 = bounds(labels.outline)
    if params.around == "line":
        u0, v0, u1, v1 = bounds(labels.line_polygons.reshape(-1, 2))
        x0, y0, x1, y1 = min(x0, u0), min(y0, v0), max(x1, u1), max(y1, v1)
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        raise Reject("canvas", "not_finite", "an outline has coordinates that are not numbers")
    left, top, right, bottom = (max(side, 0.0) for side in params.padding)
    width, dx = _extent(x0 - left, x1 + right, params.width, params.place[0], params.overflow)
    height, dy = _extent(y0 - top, y1 + bottom, params.height, params.place[1], params.overflow)
    if width * height > max_pixels:
        raise Reject("canvas", "pixel_budget", f"{width} x {height} px; limits.max_pixels is {max_pixels}")
    return Geometry(width, height, dx, dy)


def _extent(low: float, high: float, size: int | None, place: float, overflow: str) -> tuple[int, float]:
    """Whole size of one side and the shift that brings ``low`` onto it."""
    needed = max(1, math.ceil(high - low))
    if size is None or (size < needed and overflow == "grow"):
        return needed, -low
    if size < needed:
        raise Reject("canvas", "too_small", f"the text needs {needed} px, canvas has {size}")
    return size, (size - (high - low)) * place - low


UNIT = Unit(
    id="canvas",
    stage="canvas",
    summary="Sizes the canvas so that it holds all ink, places the text and sets the legibility floor; boxes shift.",
    config=Config,
    draw=draw,
    apply=apply,
    params=Params,
)
