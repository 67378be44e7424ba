"""Other text in the fonts of a sample: what stands behind or beside the text that is labelled."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.stages.font.stack import FontStack
from glyphmill.stages.ink.paint import paint
from glyphmill.stages.layout import layout as setting
from glyphmill.stages.layout.place import place
from glyphmill.stages.text.text import Params as Text

_PLAIN = setting.Params(
    align="start",
    line_spacing=1.0,
    letter_spacing=0.0,
    word_spacing=0.0,
    overlap=0.0,
    kerning=True,
    orientation="auto",
)


def typeset(text: str, size_px: float, fonts: FontStack, language: str = "und") -> NDArray[np.uint8] | None:
    """Coverage of a line of text, cut to its ink, uint8 (h, w); None if the first of these fonts cannot write it."""
    alone = replace(fonts, instances=fonts.instances[:1], spans=())
    line = Text(text=text, direction="left_to_right", language=language, lines=1, line_break="word")
    try:
        layout = setting.apply(_PLAIN, line, alone)
        placed, _ = place(layout)
    except Reject:
        return None
    boxes = placed.boxes[~np.isnan(placed.boxes[:, 0])]
    if len(boxes) == 0 or placed.matrix is None:
        return None
    scale = size_px / alone.instances[0].size_px
    x0, y0 = (boxes[:, :2].min(axis=0) * scale - 1).tolist()
    x1, y1 = (boxes[:, 2:].max(axis=0) * scale + 1).tolist()
    placed = replace(
        placed,
        origin=placed.origin * scale - (x0, y0),
        matrix=placed.matrix * scale,
        boxes=placed.boxes * scale - (x0, y0, x0, y0),
    )
    try:
        mask = paint(layout, placed, max(1, math.ceil(x1 - x0)), max(1, math.ceil(y1 - y0))).mask
    except Reject:
        return None
    x, y, w, h = cv2.boundingRect(mask)
    return np.ascontiguousarray(mask[y : y + h, x : x + w])
