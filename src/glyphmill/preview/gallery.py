"""The gallery: units at three strengths, effects and wear beside what was there before; as one picture or one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from glyphmill.catalogue.catalogue import Catalogue, open_catalogue
from glyphmill.config.load import load_text
from glyphmill.core.errors import GlyphmillError
from glyphmill.core.registry import Registry
from glyphmill.core.unit import Stage
from glyphmill.preview.examples import Example, config_of, examples_of, without
from glyphmill.preview.items import Item, Pixels, items_of_samples
from glyphmill.preview.layout import Place
from glyphmill.preview.sheet import MARGIN, PAPER, TITLE, Pen, draw_item
from glyphmill.run.job import Job
from glyphmill.run.outcome import Rejected

_HEADER, _TITLE_ROW, _CAPTION_LINE, _GAP = 62, 36, 17, 18
#: Of the room of one thumbnail, px: high images are made smaller.
_HIGHEST = 300
#: Images are never shown larger than this.
_MAX_ZOOM = 1.0
#: Stages of which one wants to see what was there before.
CHANGING = ("effects", "degrade")


def gallery_examples(registry: Registry, stages: Sequence[Stage], resources: Mapping[str, Any]) -> list[Example]:
    """Examples of every unit of some stages; of backgrounds from pictures only where there are pictures.

    Raises: GlyphmillError if there is none.
    """
    units = [unit for stage in stages for unit in registry.stage(stage)]
    if not resources.get("backgrounds"):
        units = [unit for unit in units if (unit.stage, unit.id) != ("background", "image")]
    found = [
        example for unit in units for example in ([without(unit)] if unit.stage in CHANGING else []) + examples_of(unit)
    ]
    if not found:
        raise GlyphmillError(f"there is no unit to show in {', '.join(stages)}")
    return found


def gallery_items(
    registry: Registry,
    examples: Sequence[Example],
    *,
    language: str = "en",
    direction: str = "left_to_right",
    seed: int = 0,
    resources: Mapping[str, Any] | None = None,
) -> Iterator[Item | Rejected]:
    """Each example rendered, in their order; or why it could not be. Those of one unit have the same text.

    Raises: ConfigError, CatalogueError if the language or the resources cannot be used.
    """
    catalogue: Catalogue | None = None
    rows = groupby(enumerate(examples), lambda numbered: numbered[1].unit)
    for row, (_, members) in enumerate(rows):
        for number, example in members:
            text = config_of(
                example, language=language, direction=direction, seed=seed + row, resources=resources or {}
            )
            config = load_text(text, "gallery", registry)
            catalogue = catalogue or open_catalogue(config.resources, config.limits)
            outcome = Job(config, catalogue, registry).generate(0)
            if isinstance(outcome, Rejected):
                yield outcome
                continue
            (item,) = items_of_samples([outcome])
            yield replace(item, index=number, caption=example.caption)


def gallery_sheet(
    items: Sequence[Item], summaries: Mapping[str, str], *, title: str, boxes: bool = True, width: int = 1400
) -> Pixels:
    """Draw a gallery: a row for each unit.

    Args:
        items: what to show; those of one unit (their specification) follow one another.
        summaries: a line about each unit.
        title: what stands above it.
        boxes: draw the boxes of lines, words and clusters, with a legend.
        width: of the picture, px; at least 600.

    Returns: RGB, (h, width, 3).
    """
    width = max(width, 600)
    units = [list(members) for _, members in groupby(items, lambda item: item.specification)]
    columns = max(map(len, units))
    column = (width - 2 * MARGIN - (columns - 1) * _GAP) // columns
    measure = Pen(np.zeros((64, width, 3), np.uint8))
    rows = [[(item, _wrapped(measure, item.caption, column, 13)) for item in members] for members in units]
    depths = [
        _TITLE_ROW + max(_shown(item, column)[1] + len(lines) * _CAPTION_LINE for item, lines in row) + _GAP
        for row in rows
    ]
    sheet = np.full((MARGIN + _HEADER + sum(depths) + MARGIN, width, 3), PAPER, np.uint8)
    pen = Pen(sheet)
    pen.text(title, MARGIN, MARGIN + 22, size=24, weight=600, color=TITLE)
    if boxes:
        pen.legend(width - MARGIN, MARGIN + 22)
    top = MARGIN + _HEADER
    for row, depth in zip(rows, depths, strict=True):
        name = row[0][0].specification
        pen.text(name, MARGIN, top + 20, size=18, weight=600, color=TITLE)
        start = MARGIN + pen.width(name, 18, 600) + 12
        pen.text(pen.fit(summaries.get(name, ""), width - MARGIN - start, 14), start, top + 20, size=14)
        for number, (item, lines) in enumerate(row):
            shown = _shown(item, column)
            x, y = MARGIN + number * (column + _GAP), top + _TITLE_ROW
            draw_item(sheet, item, Place(0, x, y, *shown), (0, 0), boxes=boxes)
            for line, words in enumerate(lines):
                pen.text(words, x, y + shown[1] + (line + 1) * _CAPTION_LINE, size=13)
        top += depth
    return sheet


def _shown(item: Item, column: int) -> tuple[int, int]:
    """Width and height of a thumbnail, px."""
    height, width = item.pixels.shape[:2]
    scale = min(column / width, _HIGHEST / height, _MAX_ZOOM)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _wrapped(pen: Pen, text: str, room: int, size: int) -> list[str]:
    """Text in lines that fit the room; px."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pen.width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
