"""Inputs of benchmarks: lines that cost the same as each other, and static fonts that all can open."""

from __future__ import annotations

import random
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

import uharfbuzz as hb

from benchmarks.result import BenchmarkError

#: Lines that are tried for each that is wanted.
_TRIES = 400
#: Characters of a word on average at most; where there are more, it is not written with spaces.
_LONGEST_WORD = 15

#: Words by length. A line has one of each length, so every line has 25 letters, and any lines cost like any others.
_WORDS = (
    "and box cat day egg fox gas hat ink jam key law map net oak pen row sky tea use van way yes zoo",
    "also blue city dark easy face gift half idea join kind long mind next open part quiz rain snow time undo wave",
    "about black clean dream earth field green house ideas judge known light money night ocean paper quick river",
    "almost before circle double enough family garden harbor island jacket kettle letter minute nature office",
    "ability balance cabinet dolphin evening fashion general history imagine journal kitchen library machine",
)


def write_lines(path: Path, count: int) -> None:
    """Write ``count`` different lines of five words, the same ones each time."""
    rng = random.Random(2)
    lines: dict[str, None] = {}
    while len(lines) < count:
        words = [rng.choice(same_length.split()) for same_length in _WORDS]
        rng.shuffle(words)
        lines[" ".join(words)] = None
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_words(path: Path) -> None:
    """Write the words that the lines are made of, one a line."""
    path.write_text("\n".join(" ".join(_WORDS).split()) + "\n", encoding="utf-8")


def write_font(path: Path, source: str = "NotoSans[wght].ttf", *, only: str | None = None) -> None:
    """Write a font that comes with Glyphmill as a static one, regular, if it is not there.

    Static, because Pillow takes several times as long with the variable original.

    Args:
        path: of the static font.
        source: its file name; of a collection the first font is taken.
        only: the text that it is cut down to, since making a large font static takes minutes; None for all of it.
    """
    if path.exists():
        return
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    package = "manimgx_fonts_cjk" if "CJK" in source else "manimgx_fonts"
    part, variable = path.with_suffix(".part"), path.with_suffix(".variable")
    with as_file(files(package) / source) as original:
        font = TTFont(original, recalcTimestamp=False, fontNumber=0)
        if only is not None:
            cutter = Subsetter(Options(layout_features=["*"]))
            cutter.populate(text=only)
            cutter.subset(font)
            font.save(variable)
            font = TTFont(variable, recalcTimestamp=False)
        instantiateVariableFont(font, {"wght": 400}, inplace=True)
        font.save(part)
    variable.unlink(missing_ok=True)
    part.replace(path)


def write_lines_of_glyphs(path: Path, font: Path, text: str, *, glyphs: int, count: int, **run: str) -> None:
    """Write ``count`` different lines that a font sets in just so many glyphs, the same ones each time.

    Args:
        path: of the lines.
        font: its file.
        text: what lines are made of: its words in any order or, where it has none, pieces of it.
        glyphs: of each line, spaces included.
        count: how many lines.
        run: ``direction``, ``script`` and ``language`` of the text, as HarfBuzz names them.
    """
    shaped = hb.Font(hb.Face(font.read_bytes()))
    rng, words, joined = random.Random(4), text.split(), "".join(text.split())
    spaced = len(words) > len(joined) / _LONGEST_WORD
    lines: dict[str, None] = {}
    for _ in range(_TRIES * count):
        start = rng.randrange(len(joined) - glyphs)
        line = " ".join(rng.choices(words, k=rng.randint(4, 6))) if spaced else joined[start : start + glyphs]
        if _shaped_glyphs(shaped, line, run) == glyphs:
            lines[line] = None
            if len(lines) == count:
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                return
    raise BenchmarkError(f"found only {len(lines)} lines of {glyphs} glyphs for {path.name}")


def _shaped_glyphs(font: hb.Font, line: str, run: Mapping[str, str]) -> int:
    buffer = hb.Buffer()
    buffer.add_str(line)
    buffer.direction, buffer.script, buffer.language = run["direction"], run["script"], run["language"]
    hb.shape(font, buffer)
    return len(buffer.glyph_infos)
