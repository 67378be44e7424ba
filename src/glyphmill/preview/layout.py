"""Justified rows: thumbnails at their true aspect, rows of equal width."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median

Size = tuple[int, int]

#: The area that a thumbnail of mean aspect is given, px; with that aspect this makes the height of the rows.
_AREA = 46_000
_LOWEST, _HIGHEST = 40, 340
#: Small images are shown larger than they are, but not so large that their pixels distract.
_MAX_ZOOM = 1.6
#: A last row at least this full is stretched to the edge like the others.
_FULL = 0.82


@dataclass(frozen=True)
class Place:
    """Where a thumbnail goes: position of its image in the input, and a box in px."""

    position: int
    x: int
    y: int
    width: int
    height: int


def row_height(sizes: Sequence[Size]) -> float:
    """A height of rows, px, that suits images of these (width, height): tall ones get tall rows."""
    aspect = geometric_mean(width / height for width, height in sizes)
    natural = median(height for _, height in sizes)
    wanted = min(max(math.sqrt(_AREA / aspect), _LOWEST), _HIGHEST)
    return max(min(wanted, natural * _MAX_ZOOM), _LOWEST / 2)


def justify(
    sizes: Sequence[Size], width: int, target: float, gaps: Sequence[int], *, above: int, below: int
) -> tuple[list[Place], int]:
    """Places for images in rows that fill `width`; and the total height, px.

    Args:
        sizes: (width, height) of the images, all at least 1.
        width: px of a row.
        target: height that rows should have, px; each row is scaled about it to fill the width.
        gaps: px left of each image; not used where it begins a row.
        above: px kept free over each row.
        below: px kept free under each row.
    """
    places: list[Place] = []
    y = 0
    for row in _rows(sizes, width, target, gaps):
        aspects = [sizes[position][0] / sizes[position][1] for position in row]
        room = width - sum(gaps[position] for position in row[1:])
        height = room / sum(aspects)
        if row[-1] == len(sizes) - 1 and target * sum(aspects) < _FULL * room:
            height = target
        x, shown = 0.0, max(1, round(height))
        for position, aspect in zip(row, aspects, strict=True):
            x += gaps[position] if position != row[0] else 0
            left, right = round(x), round(x + height * aspect)
            places.append(Place(position, left, y + above, max(1, right - left), shown))
            x += height * aspect
        y += above + shown + below
    return places, y


def _rows(sizes: Sequence[Size], width: int, target: float, gaps: Sequence[int]) -> list[list[int]]:
    """Break the sequence where the row's height comes nearest to the target."""
    rows: list[list[int]] = []
    row: list[int] = []
    used = 0.0
    for position, (image_width, image_height) in enumerate(sizes):
        wide = target * image_width / image_height
        over = used + gaps[position] + wide - width
        if row and over > 0 and over > wide / 2:
            rows.append(row)
            row, used = [], 0.0
        used += wide + (gaps[position] if row else 0)
        row.append(position)
    if row:
        rows.append(row)
    return rows
