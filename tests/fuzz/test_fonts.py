"""However a font file is damaged, it is either named as bad or used; and a sample made with it is made or counted."""

from __future__ import annotations

import random
import struct
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue.fontload import open_fonts
from glyphmill.core.errors import CatalogueError
from tests.catalogue import fontmaking
from tests.fuzz.cases import cases, damaged
from tests.fuzz.children import look

BATCH = 40
ARABIC = "".join(map(chr, [0x20, *range(0x621, 0x64B), 0x6CC, 0x6A9]))


@lru_cache
def whole() -> dict[str, bytes]:
    """A small font of each format, by the name that its file takes."""
    built = fontmaking.build_font()
    latin = fontmaking.subset_font("NotoSans[wght].ttf", fontmaking.ASCII)
    arabic = fontmaking.subset_font("NotoSansArabic[wght].ttf", ARABIC)
    thai = fontmaking.subset_font("NotoSansThai[wght].ttf", fontmaking.ASCII + "กขคงจชดตนบปพมยรลวสหอะาิีุูเแโไ่้๊๋")
    return {
        "built.ttf": built,
        "variable.ttf": latin,
        "arabic.ttf": arabic,
        "thai.ttf": thai,
        "cff.otf": cff_font(),
        "two.ttc": fontmaking.collection([built, latin]),
        "packed.woff": fontmaking.packed(latin, "woff"),
        "packed.woff2": fontmaking.packed(built, "woff2"),
    }


def cff_font() -> bytes:
    """A font of cubic outlines."""
    names = {ord(char): f"u{ord(char):04X}" for char in fontmaking.ASCII}
    glyphs = {}
    for number, name in enumerate([".notdef", *names.values()]):
        pen = T2CharStringPen(600, None)
        if name != "u0020":
            pen.moveTo((50, 0))
            pen.curveTo((50, 300 + number), (150, 700), (300 + number, 650))
            pen.lineTo((500, 30 + number))
            pen.closePath()
        glyphs[name] = pen.getCharString()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupCFF("Test", {"FullName": "Test"}, glyphs, {})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Test CFF", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    return fontmaking.to_bytes(builder.font)


def mutant(data: bytes, dice: random.Random) -> bytes:
    """A font with damage anywhere in it or in one of its tables, for else most of it would fall on outlines."""
    if data[:4] in (b"\x00\x01\x00\x00", b"OTTO") and dice.random() < 0.8:
        entry = dice.randrange(struct.unpack_from(">H", data, 4)[0])
        offset, length = struct.unpack_from(">II", data, 12 + 16 * entry + 8)
        return damaged(data, dice, offset, offset + min(length, dice.choice((32, 256, length))))
    return damaged(data, dice)


@pytest.mark.fuzz
@cases(0.2, batch=BATCH)
@given(seed=st.integers(0, 1 << 32))
def test_a_damaged_font_is_named_or_used(seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder, cache = Path(temporary, "fonts"), Path(temporary, "cache")
        folder.mkdir()
        sources = [dice.choice(list(whole().items())) for _ in range(BATCH)]
        # Of files with the same content the catalogue names one only.
        mutants = {mutant(data, dice): name for name, data in sources}
        for number, (data, name) in enumerate(mutants.items()):
            (folder / f"{number:02d} {name}").write_bytes(data)
        try:
            fonts = open_fonts([str(folder)], cache_dir=cache)
        except CatalogueError:  # not one of them is usable
            return
        used = sorted({font.file for font in fonts.usable})
        assert {*used, *(Path(bad.path).name for bad in fonts.bad)} == {path.name for path in folder.iterdir()}
        assert all(bad.reason for bad in fonts.bad)
        for name, result in zip(used, look("fonts", [str(folder / name) for name in used], cache), strict=True):
            assert "died" not in result, f"{name} of seed {seed} ends the process: {result}"
            assert result["samples"] or result["rejected"]
