"""Other text in the fonts of a sample: what stands behind or beside the text that is labelled."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.core.geometry import bounds
from glyphmill.stages.font.stack import FontStack
from glyphmill.stages.ink.paint import paint
from glyphmill.stages.layout import layout as setting
from glyphmill.stages.layout.place import place_unlabelled
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
        placed = place_unlabelled(layout)
    except Reject:
        return None
    if len(placed.outline) == 0 or placed.matrix is None:
        return None
    scale = size_px / alone.instances[0].size_px
    outline = placed.outline * scale
    x0, y0, x1, y1 = bounds(outline)
    corner = x0 - 1, y0 - 1
    placed = replace(
        placed, origin=placed.origin * scale - corner, matrix=placed.matrix * scale, outline=outline - corner
    )
    try:
        mask = paint(layout, placed, math.ceil(x1 + 1 - corner[0]), math.ceil(y1 + 1 - corner[1])).mask
    except Reject:
        return None
    x, y, w, h = cv2.boundingRect(mask)
    return np.ascontiguousarray(mask[y : y + h, x : x + w])
