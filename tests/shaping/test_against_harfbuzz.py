"""Lines of one direction are what HarfBuzz itself makes of them: the same glyphs at the same places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import uharfbuzz as hb
from numpy.typing import NDArray

from glyphmill.catalogue.samples import language_info, sample_text
from glyphmill.unicode import bidi, itemize
from glyphmill.unicode.normalize import clean_text, required
from tests.jobs import catalogue
from tests.shaping.setting import Case, set_text

#: Language and a font that has its letters.
FONTS = {
    "en": "NotoSans[wght].ttf",
    "ru": "NotoSans-Italic[wght].ttf",
    "el": "NotoSans[wght].ttf",
    "ar": "NotoSansArabic[wght].ttf",
    "fa": "NotoSansArabic[wght].ttf",
    "he": "NotoSansHebrew[wght].ttf",
    "hi": "NotoSansDevanagari[wght].ttf",
    "bn": "NotoSansBengali[wght].ttf",
    "ta": "NotoSansTamil[wght].ttf",
    "my": "NotoSansMyanmar[wght].ttf",
    "km": "NotoSansKhmer[wght].ttf",
    "th": "NotoSansThai[wght].ttf",
    "zh-Hans": "NotoSansCJK-VF.otf.ttc#2",
    "ja": "NotoSansCJK-VF.otf.ttc#0",
    "ko": "NotoSansCJK-VF.otf.ttc#1",
}
#: Longest text that is compared, code points.
LONGEST = 200


def pieces(language: str, font: str) -> Iterator[str]:
    """Parts of a language's sample text of one direction, shaped as one, that the font has all characters of."""
    file, _, face = font.partition("#")
    record = next(one for one in catalogue().fonts.usable if (one.file, one.face) == (file, int(face or 0)))
    base = int(language_info(language).direction == "right_to_left")
    for line in sample_text(language).splitlines():
        text = clean_text(line)
        for start, end, _ in itemize.shaping_runs(text):
            piece = text[start:end].strip()
            for part in [piece] if required(piece) <= record.coverage else piece.split():
                part = part[:LONGEST]
                if part and required(part) <= record.coverage and set(bidi.levels(part, base)) == {base}:
                    yield part


def shaped_directly(text: str, font: str, language: str, direction: str) -> tuple[list[int], NDArray[np.float64]]:
    """Glyphs in visual order and their places, font units, y up."""
    file, _, face = font.partition("#")
    record = next(one for one in catalogue().fonts.usable if (one.file, one.face) == (file, int(face or 0)))
    opened = hb.Font(hb.Face(hb.Blob.from_file_path(record.path), record.face))
    opened.set_variations({"wght": 400})
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = direction
    buffer.language = language_info(language).tag
    hb.shape(opened, buffer)
    rows = np.array([place.position for place in buffer.glyph_positions], np.float64).reshape(-1, 4)
    pen = np.cumsum(rows[:, 2]) - rows[:, 2]
    return [info.codepoint for info in buffer.glyph_infos], np.stack([pen + rows[:, 0], rows[:, 1]], axis=1)


@pytest.mark.parametrize("language", FONTS)
def test_lines_are_what_harfbuzz_makes_of_them(language: str) -> None:
    """Same glyphs, same places to a thousandth of a unit."""
    font = FONTS[language]
    direction = "rtl" if language_info(language).direction == "right_to_left" else "ltr"
    compared = 0
    for text in pieces(language, font):
        case = Case("", font, direction, "auto", language_info(language).tag, text, "")
        made = set_text(case)
        gids, places = shaped_directly(text, font, language, direction)
        assert made.gid.tolist() == gids, text
        assert np.abs(made.uv - made.uv[0] - (places - places[0])).max() < 1e-3, text
        compared += len(gids)
    assert compared >= 200, "too little to compare"
