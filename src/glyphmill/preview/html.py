"""The contact sheet as one self-contained HTML file: images inside, boxes as switchable overlays, filters, the text."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from glyphmill.core.errors import GlyphmillError
from glyphmill.preview.items import Item
from glyphmill.preview.layout import row_height
from glyphmill.preview.sheet import BOX_COLORS, by_direction, corners

_SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


#: Thumbnails narrower than this, px, get a column of this width, so that their captions can be read.
_NARROW = 84


def contact_page(items: Sequence[Item], *, title: str, boxes: bool = False) -> str:
    """A whole HTML document that loads nothing from outside.

    Args:
        items: what to show; ordered here by direction, specification and index.
        title: what stands above it.
        boxes: whether the boxes are shown at first.

    Raises: GlyphmillError if an image is in a format that browsers do not show.
    """
    parts = files(__package__)
    colors = "".join(f"--{kind}:rgb{color};" for kind, color in BOX_COLORS.items())
    return "".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; ',
            "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n",
            f"<title>{escape(title)}</title>\n",
            f"<style>:root{{{colors}}}\n{parts.joinpath('sheet.css').read_text('utf-8')}</style>\n</head>\n<body>\n",
            _header(title, items, boxes),
            "<main>\n",
            *map(_section, by_direction(items)),
            '</main>\n<p id="empty" hidden>No sample has this specification and this direction.</p>\n',
            '<dialog id="zoom" aria-label="One sample"><form method="dialog"><button>Close</button></form>',
            "<div></div></dialog>\n",
            f"<script>\n{parts.joinpath('sheet.js').read_text('utf-8')}</script>\n</body>\n</html>\n",
        ]
    )


def _header(title: str, items: Sequence[Item], boxes: bool) -> str:
    checked = " checked" if boxes else ""
    switches = "".join(
        f'<label class="switch {kind}"><input type="checkbox" data-boxes="{kind}"{checked}>{kind}s</label>'
        for kind in BOX_COLORS
    )
    return (
        f"<header><h1>{escape(title)}</h1>\n"
        f'<p class="count"><output id="count">{len(items)}</output> of {len(items)} samples</p>\n'
        f'<div class="controls">{_select("specification", (item.specification for item in items))}'
        f"{_select('direction', (item.direction for item in items))}"
        f"<fieldset><legend>Boxes</legend>{switches}</fieldset>"
        '<label>Size <input id="size" type="range" min="0.5" max="2.5" step="0.1" value="1"></label></div></header>\n'
    )


def _select(name: str, values: Iterable[str]) -> str:
    options = "".join(
        f'<option value="{escape(value)}">{escape(value.replace("_", " ") if name == "direction" else value)}</option>'
        for value in dict.fromkeys(values)
    )
    choices = f'<option value="">all</option>{options}'
    return f'<label>{name.capitalize()} <select data-filter="{name}">{choices}</select></label>'


def _section(items: list[Item]) -> str:
    height = row_height([(item.pixels.shape[1], item.pixels.shape[0]) for item in items])
    figures = "".join(_figure(item, height) for item in items)
    direction = items[0].direction.replace("_", " ")
    return (
        f'<section style="--row:{height:.0f}px"><h2>{escape(direction)} <small>{len(items)}</small></h2>\n'
        f'<div class="rows">\n{figures}</div></section>\n'
    )


def _figure(item: Item, row: float) -> str:
    height, width = item.pixels.shape[:2]
    text = escape(str(item.label["text"]))
    data = base64.b64encode(item.encoded).decode("ascii")
    caption = f"<span>{escape(item.caption)}</span>" if item.caption else ""
    narrow = ' class="narrow"' if row * width / height < _NARROW else ""
    return (
        f'<figure{narrow} style="--aspect:{width / height:.4f}" data-specification="{escape(item.specification)}" '
        f'data-direction="{escape(item.direction)}"><button class="frame" title="Enlarge">'
        f'<img alt="{text}" width="{width}" height="{height}" src="data:{_media_type(item)};base64,{data}">'
        f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true">{_overlay(item)}</svg>'
        f"</button><figcaption><span>#{item.index} {escape(item.specification)}</span>{caption}"
        f'<bdi dir="auto">{text}</bdi></figcaption></figure>\n'
    )


def _overlay(item: Item) -> str:
    shapes = {
        "line": [line["polygon"] for line in item.label["lines"]],
        "word": [word["polygon"] for word in item.label["words"]],
        "cluster": [corners(box) for box in item.label["bboxes"] if box["ink"]],
    }
    return "".join(f'<path class="{kind}" d="{"".join(map(_path, polygons))}"/>' for kind, polygons in shapes.items())


def _path(polygon: Sequence[Sequence[float]]) -> str:
    return "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in polygon) + "Z"


def _media_type(item: Item) -> str:
    for signature, media_type in _SIGNATURES.items():
        if item.encoded.startswith(signature):
            return media_type
    raise GlyphmillError(f"sample {item.index}: its image is neither PNG, JPEG nor WebP, so no HTML page can show it.")
