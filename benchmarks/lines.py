"""The input of the clean-line benchmarks: lines of five words that cost the same, and a font that all can open."""

from __future__ import annotations

import random
from importlib.resources import as_file, files
from pathlib import Path

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


def write_font(path: Path) -> None:
    """Write Noto Sans Regular as a static font, if it is not there.

    Static, because Pillow takes several times as long with the variable original.
    """
    if path.exists():
        return
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    with as_file(files("manimgx_fonts") / "NotoSans[wght].ttf") as source:
        font = TTFont(source, recalcTimestamp=False)
        instantiateVariableFont(font, {"wght": 400}, inplace=True)
    part = path.with_suffix(".part")
    font.save(part)
    part.replace(path)
