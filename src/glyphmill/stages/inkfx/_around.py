"""Things around a text as coverage: where each is put, and that none that is beside the text touches it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from glyphmill.pixels import marks
from glyphmill.stages.ink.inked import Coverage, Inked

KINDS = ("text", "rule", "frame", "figure")
PLACES = ("behind", "above", "below", "left", "right")

_MOST_PX = 4000.0  # of the size of other text
_MOST_GAP = 0.6  # of the room above or below the text: what is there can be seen
_WORD_GAP = 0.3  # em, beside the text: less, and other text and figures would pass for letters of its own
_RULE_GAP = 0.12

Thing = Mapping[str, Any]
Box = tuple[float, float, float, float]


def _gap(thing: Thing, box: Box, em_px: float, height: int) -> float:
    """From the ink to what is beside it, px."""
    gap = float(thing["gap"]) * em_px
    if thing["place"] in ("left", "right"):
        return max(gap, em_px * (_WORD_GAP if thing["kind"] in ("text", "figure") else _RULE_GAP))
    room = box[1] if thing["place"] == "above" else height - box[3]
    return max(0.0, min(gap, _MOST_GAP * room))


def _lay(thing: Thing, mark: Coverage | None, box: Box, em_px: float, cover: Coverage) -> None:
    """Put a mark where the thing is."""
    if mark is None:
        return
    if thing["angle"]:
        mark = marks.turned(mark, thing["angle"])
    (height, width), (x0, y0, x1, y1), gap = mark.shape, box, _gap(thing, box, em_px, len(cover))
    x, y = x0 + thing["along"] * (x1 - x0 - width), y0 + thing["across"] * (y1 - y0 - height)
    if thing["place"] == "behind":
        x, y = x0 + thing["along"] * (x1 - x0) - width / 2, y0 + thing["across"] * (y1 - y0) - height / 2
    elif thing["place"] == "above":
        y = y0 - gap - height
    elif thing["place"] == "below":
        y = y1 + gap
    else:
        x = x0 - gap - width if thing["place"] == "left" else x1 + gap
    marks.paste(cover, mark, x, y)


def _text(thing: Thing, inked: Inked, box: Box, cover: Coverage) -> None:
    mark = inked.typeset(thing["text"], min(thing["size"] * inked.em_px, _MOST_PX)) if thing["text"] else None
    _lay(thing, mark, box, inked.em_px, cover)


def _figure(thing: Thing, inked: Inked, box: Box, cover: Coverage) -> None:
    mark = marks.FIGURES[thing["figure"]](min(thing["size"] * inked.em_px, _MOST_PX))
    _lay(thing, np.ascontiguousarray(np.rot90(mark, thing["turn"] // 90)), box, inked.em_px, cover)


def _rule(thing: Thing, inked: Inked, box: Box, cover: Coverage) -> None:
    """A line from side to side of the canvas; behind the text it may slant."""
    height, width = cover.shape
    (x0, y0, x1, y1), em = box, inked.em_px
    stroke, gap = max(1.0, thing["stroke"] * em), _gap(thing, box, em, height)
    if thing["place"] == "behind":
        middle = width / 2, height * (0.5 + 1.5 * (thing["across"] - 0.5))
        marks.bar(cover, middle, height + width, 2 * stroke, thing["angle"])
    elif thing["place"] in ("above", "below"):
        top = y0 - gap - stroke if thing["place"] == "above" else y1 + gap
        marks.fill_box(cover, (-1.0, top, width + 1.0, top + stroke))
    else:
        left = x0 - gap - stroke if thing["place"] == "left" else x1 + gap
        marks.fill_box(cover, (left, -1.0, left + stroke, height + 1.0))


def _frame(thing: Thing, inked: Inked, box: Box, cover: Coverage) -> None:
    """A frame around the text; behind it, a plane that ends somewhere under it."""
    height = len(cover)
    (x0, y0, x1, y1), em = box, inked.em_px
    stroke, gap = max(1.0, thing["stroke"] * em), _gap(thing, box, em, height)
    if thing["place"] == "behind":
        left, top = x0 + (thing["along"] - 0.5) * (x1 - x0), y0 + (thing["across"] - 0.5) * (y1 - y0)
        marks.fill_box(cover, (left, top, left + (x1 - x0), top + (y1 - y0)), thing["along"] * em * 0.4)
        return
    outer = gap + stroke
    marks.frame(cover, (x0 - outer, y0 - outer, x1 + outer, y1 + outer), stroke, thing["along"] * outer)


_PAINT = {"text": _text, "rule": _rule, "frame": _frame, "figure": _figure}


def paint(thing: Thing, inked: Inked, box: Box) -> Coverage:
    """Coverage of a thing on the canvas of a text, uint8 (h, w).

    Args:
        thing: what ``clutter`` has drawn: ``kind``, ``place`` and where exactly.
        box: around the ink of the text, px.
    """
    cover = np.zeros(inked.mask.shape, np.uint8)
    _PAINT[thing["kind"]](thing, inked, box, cover)
    return cover
