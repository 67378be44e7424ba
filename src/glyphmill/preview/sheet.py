"""The contact sheet as one picture: samples by direction and specification in justified rows, with or without boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.preview.items import Item, Pixels
from glyphmill.preview.layout import Place, justify, row_height

Color = tuple[int, int, int]

PAPER: Color = (246, 247, 249)
TITLE: Color = (24, 28, 35)
_QUIET: Color = (104, 112, 125)
_HAIRLINE: Color = (212, 216, 223)

#: Colors of the boxes, by what they enclose; the outer ones are drawn first.
BOX_COLORS: dict[str, Color] = {"line": (232, 93, 4), "word": (37, 99, 235), "cluster": (5, 150, 105)}

MARGIN, _HEADER, _SECTION = 28, 62, 40
#: Between thumbnails of a specification, and between two specifications of one row.
_GAP, _WIDE_GAP = 8, 22
#: Over each row the specifications are named, under it the samples.
_ABOVE, _BELOW = 24, 28
_JPEG_QUALITY = 86
#: OpenCV draws lines with coordinates in 1/16 px.
_SHIFT = 4


def contact_sheet(items: Sequence[Item], *, title: str, boxes: bool = False, width: int = 1600) -> Pixels:
    """Draw a contact sheet.

    Args:
        items: what to show; ordered here by direction, specification and index.
        title: what stands above it; anything but ASCII is drawn as "?".
        boxes: draw the boxes of lines, words and clusters, with a legend.
        width: of the sheet, px; at least 320.

    Returns: RGB, (h, width, 3).
    """
    if not items:
        raise ValueError("a contact sheet needs at least one item")
    width = max(width, 320)
    sections = [(members, *_places(members, width - 2 * MARGIN)) for members in by_direction(items)]
    height = MARGIN + _HEADER + sum(_SECTION + rows for _, _, rows in sections) + MARGIN
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    pen = Pen(sheet)
    pen.text(title, MARGIN, MARGIN + 22, size=24, weight=600, color=TITLE)
    pen.text(f"{len(items)} sample{'' if len(items) == 1 else 's'}", MARGIN, MARGIN + 46, size=15)
    if boxes:
        pen.legend(width - MARGIN, MARGIN + 46)
    top = MARGIN + _HEADER
    for members, places, rows in sections:
        direction = members[0].direction.replace("_", " ")
        pen.text(direction, MARGIN, top + 28, size=18, weight=600, color=TITLE)
        pen.text(str(len(members)), MARGIN + 10 + pen.width(direction, 18, 600), top + 28, size=15)
        top += _SECTION
        for place in places:
            draw_item(sheet, members[place.position], place, (MARGIN, top), boxes=boxes)
            pen.text(f"#{members[place.position].index}", MARGIN + place.x, top + place.y + place.height + 15, size=12)
        for name, x, y, room in _names(members, places):
            pen.text(pen.fit(name, room, 14), MARGIN + x, top + y - 7, size=14, color=TITLE)
        top += rows
    return sheet


def encoded(sheet: Pixels, suffix: str) -> bytes:
    """The sheet as the bytes of an image file; ``suffix`` is ``.png``, ``.jpg`` or ``.webp``."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY] if suffix == ".jpg" else []
    return cv2.imencode(suffix, cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), quality)[1].tobytes()


def by_direction(items: Sequence[Item]) -> list[list[Item]]:
    """Items by direction, in the order in which directions first appear; each by specification, then by index."""
    directions = {item.direction: rank for rank, item in reversed(list(enumerate(items)))}
    names = {item.specification: rank for rank, item in reversed(list(enumerate(items)))}
    ranked = sorted(items, key=lambda item: (directions[item.direction], names[item.specification], item.index))
    return [list(members) for _, members in groupby(ranked, lambda item: item.direction)]


def _places(members: Sequence[Item], width: int) -> tuple[list[Place], int]:
    sizes = [(item.pixels.shape[1], item.pixels.shape[0]) for item in members]
    gaps = [0] + [_GAP if a.specification == b.specification else _WIDE_GAP for a, b in pairwise(members)]
    return justify(sizes, width, row_height(sizes), gaps, above=_ABOVE, below=_BELOW)


def _names(members: Sequence[Item], places: Sequence[Place]) -> Iterator[tuple[str, int, int, int]]:
    """Where each specification is named: over its first thumbnail in each row, with the room there is; px."""

    def run(place: Place) -> tuple[int, str]:
        return place.y, members[place.position].specification

    for (y, name), together in groupby(places, run):
        row = list(together)
        yield name, row[0].x, y, row[-1].x + row[-1].width + _WIDE_GAP - 6 - row[0].x


def draw_item(sheet: Pixels, item: Item, place: Place, origin: tuple[int, int], *, boxes: bool) -> None:
    """Draw a thumbnail with a hairline around it; its place is counted from ``origin`` (x, y), px."""
    height, width = item.pixels.shape[:2]
    method = cv2.INTER_AREA if place.width < width else cv2.INTER_CUBIC
    thumbnail = cv2.resize(item.pixels, (place.width, place.height), interpolation=method)
    if boxes:
        _draw_boxes(thumbnail, item, place.width / width, place.height / height)
    x, y = origin[0] + place.x, origin[1] + place.y
    cv2.rectangle(sheet, (x - 1, y - 1), (x + place.width, y + place.height), _HAIRLINE, 1)
    sheet[y : y + place.height, x : x + place.width] = thumbnail


def _draw_boxes(thumbnail: NDArray[np.uint8], item: Item, scale_x: float, scale_y: float) -> None:
    shapes = {
        "line": [line["polygon"] for line in item.label["lines"]],
        "word": [word["polygon"] for word in item.label["words"]],
        "cluster": [corners(box) for box in item.label["bboxes"] if box["ink"]],
    }
    scale = np.array([scale_x, scale_y])
    for kind, polygons in shapes.items():
        # OpenCV counts from pixel centres, labels from pixel corners.
        points = [
            np.rint((np.asarray(polygon, np.float64) * scale - 0.5) * (1 << _SHIFT)).astype(np.int32)
            for polygon in polygons
        ]
        cv2.polylines(thumbnail, points, True, BOX_COLORS[kind], 1, cv2.LINE_AA, _SHIFT)


def corners(box: dict[str, float]) -> list[tuple[float, float]]:
    """The four corners of a cluster's box, clockwise from the top left."""
    x0, y0, x1, y1 = box["x0"], box["y0"], box["x1"], box["y1"]
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


class Pen:
    """Writes on a sheet in OpenCV's own sans-serif face; anything but ASCII as "?"."""

    def __init__(self, sheet: Pixels) -> None:
        self._sheet = sheet
        self._face = cv2.FontFace("sans")

    def text(self, text: str, x: int, y: int, *, size: int, weight: int = 400, color: Color = _QUIET) -> None:
        """Write with the start of the baseline at (x, y)."""
        cv2.putText(self._sheet, _ascii(text), (x, y), color, self._face, size, weight)

    def width(self, text: str, size: int, weight: int = 400) -> int:
        """Width of a text, px."""
        height, width = self._sheet.shape[:2]
        return int(cv2.getTextSize((width, height), _ascii(text), (0, 0), self._face, size, weight)[2])

    def fit(self, text: str, room: int, size: int) -> str:
        """The text, cut at the end where it is wider than the room; px."""
        if self.width(text, size) <= room:
            return text
        while text and self.width(text + "...", size) > room:
            text = text[:-1]
        return text + "..." if text else ""

    def legend(self, right: int, y: int) -> None:
        """Name the colors of the boxes, ending at `right`."""
        for kind, color in reversed(BOX_COLORS.items()):
            right -= self.width(kind, 15)
            self.text(kind, right, y, size=15)
            right -= 22
            cv2.rectangle(self._sheet, (right, y - 11), (right + 14, y), color, 2)
            right -= 18


def _ascii(text: str) -> str:
    return "".join(character if " " <= character <= "~" else "?" for character in text)
