"""Fenced blocks and links of a Markdown page, as the documentation tests need them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\S*)[^\n]*\n(?P<code>.*?)^(?P=indent)```[ ]*$", re.M | re.S)
_NO_RUN = re.compile(r"<!-- no-run: (?P<reason>[^>]+?) -->\s*\Z")
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(?P<title>.+?)\s*$", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line it starts on, and why it is not run ("" if it is)."""

    language: str
    code: str
    line: int
    no_run: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        above = _NO_RUN.search(text[: match.start()])
        indent = match["indent"]
        code = "".join(line.removeprefix(indent) for line in match["code"].splitlines(keepends=True))
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(match["language"], code, line, above["reason"] if above else ""))
    return found


def links(page: Path) -> list[str]:
    """Targets of the links of a page, outside of fenced blocks."""
    return [match["target"] for match in _LINK.finditer(_FENCE.sub("", page.read_text(encoding="utf-8")))]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return {_anchor(match["title"]) for match in _HEADING.finditer(text)}


def _anchor(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", title.lower())
    return kept.replace(" ", "-")
