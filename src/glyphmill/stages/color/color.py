"""color: what colour the ink has: one, a palette over the letters, or a gradient. Changes no label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings, Whole
from glyphmill.core.unit import Unit
from glyphmill.stages.color import sets
from glyphmill.stages.color.families import NAMES, PICTURES, RGB, Palette, families
from glyphmill.stages.color.pictures import family_of

if TYPE_CHECKING:
    from glyphmill.plan.context import DrawContext, Library

#: Colours that are drawn ahead, so that one that cannot be read on its background has others to give way to.
CANDIDATES = 4


class Config(Settings):
    """Colour of the ink."""

    mode: Choices = Pick(
        ("uniform", "per_glyph", "gradient"), default="uniform", about="one colour, one per letter, or a gradient"
    )
    family: Choices | None = Pick(
        (*NAMES, PICTURES),
        default=None,
        about="palettes of ink, background and accent that are seen together, in place of the colours below; "
        "backgrounds: those of the job's own pictures. Made backgrounds whose colour is not set take theirs from it",
    )
    rgb: ColorRange = Color(about="colour of uniform text, and of each colour of a per_glyph palette")
    palette_size: Distribution = Whole((2, 5), lo=1, hi=200, about="colours that per_glyph text goes round")
    start: ColorRange = Color(about="where a gradient begins")
    end: ColorRange = Color(about="where a gradient ends")
    angle: Distribution = Number(
        0.0, lo=-360, hi=360, unit="degrees", about="direction of a gradient, 0 is to the right"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values.

    Attributes:
        candidates: sets of colours in order of preference: 1 of uniform, 2 of gradient, the palette of per_glyph.
        angle: of a gradient, degrees counter-clockwise, 0 is to the right.
        ground: what the family has behind the ink; None without a family.
        accent: its third colour.
    """

    mode: Literal["uniform", "per_glyph", "gradient"]
    candidates: tuple[tuple[RGB, ...], ...]
    angle: float
    ground: RGB | None = None
    accent: RGB | None = None


def draw(config: Config, context: DrawContext, rng: Generator) -> dict[str, Any]:
    """Draw the mode and the colours, with others to give way to."""
    mode = config.mode.draw(rng)
    if config.family is not None:
        return _draw_family(mode, config.family, config, context, rng)
    if mode == "uniform":
        ranges = [config.rgb]
    elif mode == "gradient":
        ranges = [config.start, config.end]
    else:
        ranges = [config.rgb] * config.palette_size.draw(rng)
    fixed = all(color.is_constant for color in ranges)
    return {
        "mode": mode,
        "candidates": tuple(tuple(color.draw(rng) for color in ranges) for _ in range(1 if fixed else CANDIDATES)),
        "angle": config.angle.draw(rng) if mode == "gradient" else 0.0,
    }


def _draw_family(mode: str, family: Choices, config: Config, context: DrawContext, rng: Generator) -> dict[str, Any]:
    palette = _palette(family.draw(rng), context, rng)
    angle = config.angle.draw(rng) if mode == "gradient" else 0.0
    if mode == "uniform":
        candidates = sets.plain(palette)
    elif mode == "gradient":
        candidates = sets.gradients(palette, rng)
    else:
        candidates = sets.rounds(palette, config.palette_size.draw(rng), rng)
    return {"mode": mode, "candidates": candidates, "angle": angle, "ground": palette[1], "accent": palette[2]}


def _palette(name: str, context: DrawContext, rng: Generator) -> Palette:
    if name != PICTURES:
        return families()[name].draw(rng)
    record = context.catalogue.draw_background(rng)
    return family_of(record.path, record.digest, context.limits.max_background_pixels).draw(rng)


def check(config: Config, library: Library) -> Iterator[tuple[str, str]]:
    """Palettes of pictures in a job without pictures."""
    if config.family is not None and PICTURES in config.family.values and not library.catalogue.backgrounds.images:
        yield "family", "there are no pictures to take colors from; name a folder under resources.backgrounds"


def apply(
    params: Params, colors: NDArray[np.float64], width: int, height: int, owner: NDArray[np.uint8] | None
) -> NDArray[np.uint8]:
    """Colours of the ink: uint8 (3,) for one colour, else (height, width, 3).

    Args:
        colors: the set of colours to use, (k, 3); one of ``params.candidates`` or what became of it.
        owner: which colour each pixel has, for ``per_glyph``.
    """
    solid = np.clip(np.rint(colors), 0, 255).astype(np.uint8)
    if params.mode == "uniform":
        return np.asarray(solid[0])
    if params.mode == "per_glyph" and owner is not None:
        return np.take(solid, owner, axis=0)
    turn = np.deg2rad(params.angle)
    dx, dy = np.cos(turn), -np.sin(turn)
    rows = height if dy else 1  # they are alike where the gradient runs along them
    along = np.add.outer((np.arange(rows) + 0.5) / height * dy, (np.arange(width) + 0.5) / width * dx)
    low, high = min(dx, 0) + min(dy, 0), max(dx, 0) + max(dy, 0)
    share = ((along - low) / max(high - low, 1e-9))[..., None]
    made = np.rint(colors[0] * (1 - share) + colors[1] * share).astype(np.uint8)
    return np.repeat(made, height // rows, axis=0)


UNIT = Unit(
    id="color",
    stage="color",
    summary="Colours the ink: uniform, a palette over the letters, or a gradient; no label changes.",
    config=Config,
    draw=draw,
    apply=apply,
    params=Params,
    check=check,
)
