"""A call tree as a flame graph: one HTML file that loads nothing from outside."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from glyphmill.profiling.calltree import Node
from glyphmill.profiling.families import FILES, IMAGE, PLANNING, TEXT, family_at
from glyphmill.profiling.functions import Key, ours, place

#: Calls with a smaller share of all time are left out: they would be narrower than a pixel.
_LEAST = 0.0005
#: Colour classes of the families; a library's function is none.
_CLASSES = {IMAGE: "image", TEXT: "text", FILES: "files", PLANNING: "planning"}
_LEGEND = (
    ("image", "image transformation"),
    ("text", "text rendering"),
    ("files", "file I/O"),
    ("planning", "planning"),
    ("other", "rest of Glyphmill"),
    ("outside", "Python and libraries"),
)


def flame_page(tree: Node, *, title: str, about: str, images: int) -> str:
    """A whole HTML document.

    Args:
        tree: the calls.
        title: what stands above it.
        about: one line below the title.
        images: how many images the time is of, for times of one.
    """
    parts = files(__package__)
    # "<" ends a script element early whatever it stands in
    data = json.dumps(_node(tree, _LEAST * tree.total_s), separators=(",", ":")).replace("<", "\\u003c")
    legend = "".join(f'<li class="{name}">{escape(text)}</li>' for name, text in _LEGEND)
    return "".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ',
            "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n",
            f"<title>{escape(title)}</title>\n",
            f"<style>\n{parts.joinpath('flame.css').read_text('utf-8')}</style>\n</head>\n<body>\n",
            f"<header><h1>{escape(title)}</h1><p>{escape(about)}</p><ul>{legend}</ul>\n",
            '<div class="controls"><label>Find <input id="find" type="search" placeholder="function or file"></label>',
            '<output id="found"></output><button id="all" type="button">Show all</button></div></header>\n',
            '<main id="flame" role="tree" aria-label="Calls, each below its caller"></main>\n',
            '<p id="detail" aria-live="polite">Point at a call to read its times; click it to look closer.</p>\n',
            f'<script type="application/json" id="calls" data-images="{images}">{data}</script>\n',
            f"<script>\n{parts.joinpath('flame.js').read_text('utf-8')}</script>\n</body>\n</html>\n",
        ]
    )


def _name(key: Key) -> str:
    """The function first: it is what can still be read where a call is narrow."""
    return place(key) if key[0] == "~" else f"{key[2]} ({PurePath(key[0]).name}:{key[1]})"


def _node(node: Node, least: float) -> dict[str, Any]:
    kind = _CLASSES.get(family_at(node.key) or "", "other") if ours(node.key) else "outside"
    children = sorted(node.children.values(), key=lambda child: -child.total_s)
    return {
        "n": _name(node.key),
        "k": kind,
        "o": round(node.own_s, 7),
        "t": round(node.total_s, 7),
        "c": node.calls,
        "s": [_node(child, least) for child in children if child.total_s >= least],
    }
