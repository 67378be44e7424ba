"""A drawing as a list of rectangles, lines and words, written as SVG or as pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

import cv2
import numpy as np

Color = tuple[int, int, int]
Anchor = Literal["start", "middle", "end"]
_FAMILY = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
#: OpenCV draws lines with coordinates in 1/16 px.
_SHIFT = 4


@dataclass(frozen=True)
class Box:
    """A filled rectangle, px."""

    x: float
    y: float
    width: float
    height: float
    color: Color


@dataclass(frozen=True)
class Line:
    """A straight line, px."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: Color
    width: float = 1.0


@dataclass(frozen=True)
class Words:
    """A line of text; (x, y) is where its baseline starts, is halved or ends, px."""

    x: float
    y: float
    text: str
    size: int
    color: Color
    anchor: Anchor = "start"
    bold: bool = False


@dataclass(frozen=True)
class Drawing:
    """What is drawn on a sheet of one color, in this order; px."""

    width: int
    height: int
    paper: Color
    marks: tuple[Box | Line | Words, ...]


def svg(drawing: Drawing) -> bytes:
    """The drawing as a self-contained SVG file."""
    size = f'width="{drawing.width}" height="{drawing.height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {drawing.width} {drawing.height}" '
        f'font-family="{_FAMILY}">'
    )
    paper = f'<rect {size} fill="{_hex(drawing.paper)}"/>'
    return "\n".join([head, paper, *map(_element, drawing.marks), "</svg>\n"]).encode()


def _element(mark: Box | Line | Words) -> str:
    color = _hex(mark.color)
    if isinstance(mark, Box):
        return f'<rect x="{mark.x:g}" y="{mark.y:g}" width="{mark.width:g}" height="{mark.height:g}" fill="{color}"/>'
    if isinstance(mark, Line):
        ends = f'x1="{mark.x1:g}" y1="{mark.y1:g}" x2="{mark.x2:g}" y2="{mark.y2:g}"'
        return f'<line {ends} stroke="{color}" stroke-width="{mark.width:g}"/>'
    weight = ' font-weight="600"' if mark.bold else ""
    # What no XML file may hold, escaped or not, is no character to read either.
    text = escape("".join(char if char.isprintable() else "?" for char in mark.text))
    place = f'x="{mark.x:g}" y="{mark.y:g}" font-size="{mark.size}" text-anchor="{mark.anchor}"'
    return f'<text {place}{weight} fill="{color}">{text}</text>'


def png(drawing: Drawing) -> bytes:
    """The drawing as a PNG file; letters beyond ASCII are drawn as "?"."""
    sheet = np.full((drawing.height, drawing.width, 3), drawing.paper[::-1], np.uint8)
    face = cv2.FontFace("sans")
    for mark in drawing.marks:
        color = mark.color[::-1]
        if isinstance(mark, Box):
            low = round(mark.x), round(mark.y)
            high = max(round(mark.x + mark.width) - 1, low[0]), max(round(mark.y + mark.height) - 1, low[1])
            cv2.rectangle(sheet, low, high, color, cv2.FILLED)
        elif isinstance(mark, Line):
            ends = [round((at - 0.5) * (1 << _SHIFT)) for at in (mark.x1, mark.y1, mark.x2, mark.y2)]
            cv2.line(sheet, ends[:2], ends[2:], color, max(round(mark.width), 1), cv2.LINE_AA, _SHIFT)
        else:
            text = "".join(char if " " <= char <= "~" else "?" for char in mark.text)
            weight = 600 if mark.bold else 400
            wide = cv2.getTextSize((drawing.width, drawing.height), text, (0, 0), face, mark.size, weight)[2]
            x = mark.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor]
            cv2.putText(sheet, text, (round(x), round(mark.y)), color, face, mark.size, weight)
    return cv2.imencode(".png", sheet)[1].tobytes()


def _hex(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
