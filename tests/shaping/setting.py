"""Cases of shaping as lines of text: what is set, in which font and direction, and which glyphs come of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import uharfbuzz as hb

from glyphmill.catalogue.fonts import FontRecord
from glyphmill.fontengine.harfbuzz import open_instance
from glyphmill.stages.font.stack import FontStack
from glyphmill.stages.layout import layout
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.text.text import Params as TextParams
from glyphmill.unicode import segment
from glyphmill.unicode.normalize import required
from tests.jobs import catalogue

CASES = Path(__file__).parent / "cases"
DIRECTIONS: dict[str, Any] = {
    "ltr": "left_to_right",
    "rtl": "right_to_left",
    "ttb": "top_to_bottom",
    "btt": "bottom_to_top",
}
_ESCAPE = re.compile(r"\\u([0-9A-F]{4})|\\U([0-9A-F]{8})")
_COLUMNS = 7
_AXES = {(0, 1): "across", (1, 0): "down", (-1, 0): "up"}  # (y, x) of the page along a line


@dataclass(frozen=True)
class Case:
    """One line of a case file; see ``tests/shaping/cases/README.md``."""

    name: str
    font: str
    direction: str
    posture: str
    language: str
    written: str
    expected: str

    @property
    def text(self) -> str:
        return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), self.written)

    @property
    def line(self) -> str:
        cells = (self.name, self.font, self.direction, self.posture, self.language, self.written, self.expected)
        return " | ".join(cells).rstrip()


def cases_of(file: Path) -> Iterator[Case]:
    """The cases of a file.

    Raises: ValueError naming a line that has not seven cells.
    """
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) != _COLUMNS:
                raise ValueError(f"{file.name}:{number} has {len(cells)} cells, not {_COLUMNS}")
            yield Case(*cells)


def rewrite(file: Path, made: dict[str, str]) -> None:
    """Put other expectations, by the names of their cases, into a file; the rest of it stays as it is."""
    known = {case.line: case for case in cases_of(file)}
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        case = None if line.startswith("#") or not line.strip() else known[Case(*_cells(line)).line]
        lines.append(line if case is None else replace(case, expected=made[case.name]).line)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def set_text(case: Case) -> Layout:
    """The text of a case, set by the layout stage in font units: one unit is one pixel."""
    orientation, *settings = case.posture.split()
    features: dict[str, int] = {}
    params: dict[str, Any] = {
        "align": "left",
        "line_spacing": 1.0,
        "letter_spacing": 0.0,
        "word_spacing": 0.0,
        "overlap": 0.0,
        "kerning": True,
        "orientation": orientation,
    }
    for setting in settings:
        key, _, value = setting.partition("=")
        if key == "kerning":
            params[key] = value == "on"
        elif key in params:
            params[key] = float(value)
        else:
            features[key] = int(value)
    text = TextParams(
        text=case.text, direction=DIRECTIONS[case.direction], language=case.language, lines=1, line_break="word"
    )
    return layout.apply(layout.Params(**params), text, _stack(case, features))


def _fonts(case: Case) -> list[FontRecord]:
    """The fonts that a case names, in its order."""
    named = [name.partition("#") for name in case.font.split(" + ")]
    known = {(font.file, font.face): font for font in catalogue().fonts.usable}
    return [known[file, int(face or 0)] for file, _, face in named]


def _stack(case: Case, features: dict[str, int]) -> FontStack:
    """Each grapheme cluster in the first font that has all of it."""
    records = _fonts(case)
    spans: list[tuple[int, int, int]] = []
    for start, end in pairwise(segment.graphemes(case.text)):
        need = required(case.text[start:end])
        first = next(number for number, font in enumerate(records) if need <= font.coverage)
        if spans and spans[-1][2] == first:
            start = spans.pop()[0]
        spans.append((start, end, first))
    instances = tuple(open_instance(font.path, font.face, font.upem, axes={"wght": 400}) for font in records)
    return FontStack(instances, tuple(spans), records[0].vertical, features, tuple(font.digest for font in records))


def described(case: Case) -> str:
    """The glyphs of a case in visual order, as case files spell them."""
    made = set_text(case)
    namers = [_namer(font.path, font.face) for font in _fonts(case)]
    along = made.axes[0]
    words = [_AXES[int(along[1]), int(along[0])] + ":"]
    for glyph, gid in enumerate(made.gid.tolist()):
        first = made.cluster[glyph]
        covered = made.spans[first : first + made.parts[glyph], 0].tolist()
        cluster = str(covered[0]) if len(covered) == 1 else f"{covered[0]}-{covered[-1]}"
        u, v = np.rint(made.uv[glyph]).astype(int).tolist()
        upright = "^" if abs(made.glyph_axes[glyph][0, 0]) < 0.5 else ""
        name = namers[made.font[glyph]](gid, case.text)
        words.append(f"{upright}{name}={cluster}@{u}" + (f",{v}" if v else ""))
    return " ".join(words)


class _Namer:
    """Glyph names of a font; where it has none, the code point that leads to the glyph, or its number."""

    def __init__(self, path: str, face: int) -> None:
        self._face = hb.Face(hb.Blob.from_file_path(path), face)
        self._font = hb.Font(self._face)
        self._points: dict[int, int] | None = None

    def __call__(self, gid: int, text: str) -> str:
        """The name of a glyph; among code points that lead to it, one of ``text`` if there is one."""
        name = str(self._font.glyph_to_string(gid))
        if name != f"gid{gid}":
            return name
        for char in text:
            if self._font.get_nominal_glyph(ord(char)) == gid:
                return f"uni{ord(char):04X}"
        if self._points is None:
            points = sorted(self._face.unicodes, reverse=True)
            self._points = {self._font.get_nominal_glyph(point): point for point in points}
        return f"uni{self._points[gid]:04X}" if gid in self._points else name


@lru_cache(maxsize=16)
def _namer(path: str, face: int) -> _Namer:
    return _Namer(path, face)
