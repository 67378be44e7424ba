"""Effects stage; other text, rules, frames and figures behind and beside the text, never upon it; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings, Whole
from glyphmill.core.errors import Reject
from glyphmill.core.geometry import bounds
from glyphmill.core.unit import Unit
from glyphmill.pixels import marks
from glyphmill.stages.ink.inked import Inked, Layer
from glyphmill.stages.inkfx._around import KINDS, PLACES, Thing, paint
from glyphmill.unicode.casing import cased
from glyphmill.unicode.normalize import clean_text
from glyphmill.unicode.segment import cut_graphemes

_UPPER = 0.3  # how often other text is in capitals
_STRAY = 0.2  # how often a thing has a color of its own


class Config(Settings):
    """Settings of what stands around a text."""

    amount: Distribution = Number((0.5, 1), lo=0, hi=1, about="how dense the paint of it is")
    things: Distribution = Whole((1, 3), lo=1, hi=50, about="how many there are")
    kind: Choices = Pick(KINDS, default=KINDS, about="other text, ruled lines, frames, or arrows and other figures")
    place: Choices = Pick(
        PLACES, default=PLACES, about="behind the text and fainter, or beside it, at most up to its ink"
    )
    behind: Distribution = Number((0.06, 0.28), lo=0, hi=1, about="what is left of the paint of things behind the text")
    gap: Distribution = Number((0.08, 0.6), lo=0, hi=20, unit="em", about="between the text and what is beside it")
    size: Distribution = Number((0.6, 1.3), lo=0.1, hi=10, unit="em", about="of things beside; behind up to twice that")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values.

    Attributes:
        amount: opacity of it all.
        things: each with ``kind``, ``place``, ``text`` and the rest of what ``_thing`` draws.
    """

    amount: float
    things: tuple[Thing, ...]


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``; other text comes from where the sample's own text does."""
    amount, number = config.amount.draw(rng), config.things.draw(rng)
    return {"amount": amount, "things": tuple(_thing(config, context, rng) for _ in range(number))}


def _thing(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    kind, place = config.kind.draw(rng), config.place.draw(rng)
    opacity, gap, size = config.behind.draw(rng), config.gap.draw(rng), config.size.draw(rng)
    along, across, lean, stroke = rng.random(4).tolist()
    figure = tuple(marks.FIGURES)[int(rng.random() * len(marks.FIGURES))]
    if place == "behind":
        size *= 1 + across
    thing: dict[str, Any] = {
        "kind": kind,
        "place": place,
        "opacity": opacity if place == "behind" else 1.0,
        "gap": gap,
        "size": size,
        "along": along,
        "across": across,
        "angle": (lean - 0.5) * 60 if place == "behind" and stroke < 0.4 else 0.0,
        "stroke": 0.02 + 0.12 * stroke**2,
        "color": _color(context, rng),
    }
    if kind == "text":
        thing["text"] = _words(context, rng, 24 if place in ("above", "below") else 9)
    elif kind == "figure":
        thing["figure"] = figure
        thing["turn"] = int(rng.random() * 4) * 90
    return thing


def _color(context: Any, rng: Generator) -> tuple[int, ...]:
    share = rng.random()
    if share < _STRAY:
        return tuple(rng.integers(0, 256, 3).tolist())
    accent = context.accent
    return accent if accent is not None and share > 0.65 else tuple(context.ink)


def _words(context: Any, rng: Generator, most: int) -> str:
    """Some other text of at most so many clusters; "" where there is none."""
    wanted, upper = int(rng.integers(2, most + 1)), rng.random() < _UPPER
    try:
        raw = context.other_text(rng, 2 * most + 8)
        return cut_graphemes(clean_text(cased(raw, "upper") if upper else raw), wanted).strip()
    except Reject:
        return ""


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with paint on its background, a layer for each color."""
    x0, y0, x1, y1 = bounds(inked.labels.outline)
    if params.amount == 0 or not np.isfinite((x0, y0, x1, y1)).all():
        return inked
    covers: dict[tuple[int, ...], NDArray[np.uint8]] = {}
    for thing in params.things:
        cover = paint(thing, inked, (x0, y0, x1, y1))
        if not cover.any():
            continue
        cover = cv2.convertScaleAbs(cover, alpha=params.amount * thing["opacity"])
        color = tuple(thing["color"])
        covers[color] = np.maximum(covers[color], cover) if color in covers else cover
    for color, cover in covers.items():
        inked = inked.on_ground(Layer(cover, np.array(color, np.uint8)))
    return inked


UNIT = Unit(
    id="clutter",
    stage="effects",
    summary="Other text, rules, frames and figures behind and beside the text, never upon it. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
