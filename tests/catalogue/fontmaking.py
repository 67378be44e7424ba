"""Fonts made for tests: built from rectangles, cut out of the installed ones, or broken on purpose."""

from __future__ import annotations

import importlib.util
import io
import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

ASCII = "".join(map(chr, range(0x20, 0x7F)))
BOX = (100, 0, 600, 700)


class Ink(NamedTuple):
    """A rectangle of ink, font units."""

    left: int
    bottom: int
    right: int
    top: int


def build_font(
    text: str = ASCII,
    *,
    family: str = "Test Sans",
    blank: str = "",
    boxes: str = "",
    shared: str = "",
    inks: Mapping[str, Ink] | None = None,
    advance: int = 600,
    upem: int = 1000,
    cuts: Literal["sans", "none"] = "sans",
) -> bytes:
    """A TrueType font whose characters are rectangles, each of its own size.

    Args:
        text: the characters in its cmap; a space is always blank.
        blank: characters whose glyphs draw nothing.
        boxes: characters whose glyphs are copies of .notdef under other names.
        shared: characters that all map to one glyph.
        inks: rectangles of single characters.
        cuts: whether PANOSE says sans serif or nothing.
    """
    names = {char: f"u{ord(char):05X}" for char in dict.fromkeys(text)}
    names |= dict.fromkeys(shared, "placeholder")
    glyphs = {".notdef": _rectangle(*BOX), "placeholder": _rectangle(50, 0, 550, 500)}
    for number, (char, name) in enumerate(names.items()):
        if name == "placeholder":
            continue
        if char in blank or char == " ":
            glyphs[name] = TTGlyphPen(None).glyph()
        elif char in boxes:
            glyphs[name] = _rectangle(*BOX)
        else:
            glyphs[name] = _rectangle(*(inks or {}).get(char, (50, 0, 300 + number % 97, 400 + number // 97)))
    builder = FontBuilder(upem, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(char): name for char, name in names.items()})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (advance, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWeightClass=400)
    if cuts == "sans":
        builder.font["OS/2"].panose.bFamilyType, builder.font["OS/2"].panose.bSerifStyle = 2, 11
    builder.setupPost()
    return to_bytes(builder.font)


def _rectangle(left: int, bottom: int, right: int, top: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for point in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def to_bytes(font: TTFont) -> bytes:
    content = io.BytesIO()
    font.save(content, reorderTables=False)
    return content.getvalue()


def installed(name: str) -> Path:
    """A font file of the package that comes with Glyphmill."""
    spec = importlib.util.find_spec("manimgx_fonts")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name(name)


@lru_cache
def subset_font(name: str, text: str) -> bytes:
    """What is needed of an installed font to set some text."""
    options = Options(layout_features=["*"], notdef_outline=True, name_IDs=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    with TTFont(installed(name), lazy=True) as font:
        subsetter.subset(font)
        return to_bytes(font)


def without_tables(data: bytes, *tags: str) -> bytes:
    font = TTFont(io.BytesIO(data))
    for tag in tags:
        del font[tag]
    return to_bytes(font)


def packed(data: bytes, flavor: Literal["woff", "woff2"]) -> bytes:
    font = TTFont(io.BytesIO(data))
    font.flavor = flavor
    return to_bytes(font)


def collection(fonts: Iterable[bytes]) -> bytes:
    bundle = TTCollection()
    bundle.fonts = [TTFont(io.BytesIO(data)) for data in fonts]
    content = io.BytesIO()
    bundle.save(content, shareTables=True)
    return content.getvalue()


def with_glyph_count(data: bytes, count: int) -> bytes:
    """The same file, whose maxp table claims another number of glyphs."""
    broken = bytearray(data)
    for entry in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * entry)
        if tag == b"maxp":
            struct.pack_into(">H", broken, offset + 4, count)
    return bytes(broken)


def with_bounds(data: bytes, char: str, bounds: tuple[int, int, int, int]) -> bytes:
    """The same font, one of whose glyphs claims other bounds than its outline has."""
    font = TTFont(io.BytesIO(data), recalcBBoxes=False)
    glyph = font["glyf"][font.getBestCmap()[ord(char)]]
    glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax = bounds
    return to_bytes(font)


def with_features(data: bytes, features: str) -> bytes:
    """The same font with OpenType features, written as feature files are; glyphs are named by code point, u00058."""
    font = TTFont(io.BytesIO(data))
    addOpenTypeFeaturesFromString(font, features)
    return to_bytes(font)


def font_that_loses(char: str, text: str, *, family: str) -> bytes:
    """A font that draws a character alone, as the catalogue asks it to, and nothing of it within a text."""
    data = build_font(text + "\ue000", blank="\ue000", family=family)
    return with_features(data, f"feature liga {{ sub u{ord(char):05X} by u0E000; }} liga;")
