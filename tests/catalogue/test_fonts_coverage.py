"""Coverage is what is drawn: by cmap, by ink and by shaping."""

from __future__ import annotations

from pathlib import Path

import pytest
import uharfbuzz as hb

from glyphmill.catalogue.coverage import InkProbe, cover, may_be_blank
from glyphmill.catalogue.probe import probe_file
from glyphmill.catalogue.scripts import shape_gids, supported_scripts
from tests.catalogue import fontmaking
from tests.catalogue.conftest import ARABIC, DEVANAGARI


def covered(data: bytes) -> str:
    font = hb.Font(hb.Face(hb.Blob(data)))
    return "".join(map(chr, sorted(cover(font, InkProbe(font, font.face.upem, {})).points)))


def scripts(data: bytes) -> tuple[str, ...]:
    font = hb.Font(hb.Face(hb.Blob(data)))
    return supported_scripts(font, frozenset(map(ord, covered(data))))


def test_letters_and_spaces_are_covered() -> None:
    assert covered(fontmaking.build_font()) == fontmaking.ASCII


def test_a_letter_without_ink_is_not_covered() -> None:
    assert covered(fontmaking.build_font("abc def", blank="ce")) == " abdf"


def test_format_characters_may_be_blank() -> None:
    assert covered(fontmaking.build_font("ab\u200d\u00ad\u200f", blank="\u200d\u00ad\u200f")) == "ab\u00ad\u200d\u200f"


def test_copies_of_the_missing_glyph_box_are_not_covered() -> None:
    assert covered(fontmaking.build_font("abcdef", boxes="bd")) == "acef"


def test_a_box_that_is_meant_as_one_is_covered() -> None:
    assert covered(fontmaking.build_font("ab\u25a1", boxes="\u25a1")) == "ab\u25a1"


def test_one_glyph_for_many_characters_is_a_placeholder() -> None:
    greek = "".join(map(chr, range(0x3B1, 0x3CA)))
    assert covered(fontmaking.build_font(shared=greek)) == fontmaking.ASCII


def test_two_cases_may_share_a_glyph() -> None:
    assert covered(fontmaking.build_font("abcd", shared="AE")) == "AEabcd"


def test_glyphs_past_the_last_are_not_covered() -> None:
    data = fontmaking.with_glyph_count(fontmaking.build_font("abcdefgh"), 8)  # .notdef, placeholder, a to f
    assert covered(data) == "abcdef"


def test_control_characters_are_not_covered() -> None:
    assert covered(fontmaking.build_font("ab\t\x07")) == "ab"


def test_a_speck_of_ink_is_ink() -> None:
    assert "." in covered(fontmaking.build_font("ab.", inks={".": fontmaking.Ink(0, 0, 2, 2)}))


@pytest.mark.parametrize("char", "  ‎⠀ㅤ\u034f\u2028")
def test_blanks(char: str) -> None:
    assert may_be_blank(ord(char))


@pytest.mark.parametrize("char", "a.́́字□ـ")
def test_no_blanks(char: str) -> None:
    assert not may_be_blank(ord(char))


def test_latin_needs_nine_letters_in_ten() -> None:
    assert scripts(fontmaking.build_font()) == ("Latn",)
    assert scripts(fontmaking.build_font(blank="xyz")) == ("Latn",)
    assert scripts(fontmaking.build_font(blank="uvwxyz")) == ()
    assert scripts(fontmaking.build_font("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) == ()


def test_a_script_without_a_letter_list_needs_most_of_its_letters() -> None:
    runes = "".join(map(chr, range(0x16A0, 0x16EB)))
    assert scripts(fontmaking.build_font(runes)) == ("Runr",)
    assert scripts(fontmaking.build_font(runes[:20])) == ()


def test_arabic_needs_joining_forms() -> None:
    whole = fontmaking.subset_font("NotoSansArabic[wght].ttf", ARABIC)
    assert scripts(whole) == ("Arab",)
    assert scripts(fontmaking.without_tables(whole, "GSUB")) == ()


def test_devanagari_needs_conjuncts() -> None:
    whole = fontmaking.subset_font("NotoSansDevanagari[wght].ttf", DEVANAGARI)
    assert scripts(whole) == ("Deva",)
    assert scripts(fontmaking.without_tables(whole, "GSUB")) == ()


def test_symbols_make_no_script() -> None:
    arrows = "".join(map(chr, range(0x2190, 0x2300)))
    assert scripts(fontmaking.build_font(fontmaking.ASCII + arrows)) == ()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("NotoSans[wght].ttf", "Cyrl Grek Latn"),
        ("NotoSansArabic[wght].ttf", "Arab"),
        ("NotoSansArmenian[wght].ttf", "Armn"),
        ("NotoSansBengali[wght].ttf", "Beng"),
        ("NotoSansDevanagari[wght].ttf", "Deva"),
        ("NotoSansHebrew[wght].ttf", "Hebr"),
        ("NotoSansKhmer[wght].ttf", "Khmr"),
        ("NotoSansMyanmar[wght].ttf", "Mymr"),
        ("NotoSansTamil[wght].ttf", "Taml"),
        ("NotoSansTelugu[wght].ttf", "Telu"),
        ("NotoSansThai[wght].ttf", "Thai"),
        ("NotoSansSymbols[wght].ttf", ""),
        ("NotoEmoji[wght].ttf", ""),
    ],
)
def test_the_installed_fonts_set_their_scripts(file: str, code: str) -> None:
    (face,) = probe_file(str(fontmaking.installed(file)))["faces"]
    assert face["scripts"] == code.split()


def test_every_covered_character_of_an_installed_font_shapes_to_ink() -> None:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(fontmaking.installed("NotoSans[wght].ttf")))))
    probe = InkProbe(font, font.face.upem, {})
    for point in cover(font, probe).points:
        gids = shape_gids(font, chr(point), "Zyyy")
        assert 0 not in gids
        assert may_be_blank(point) or any(probe.ink(gid) for gid in gids)


def test_a_file_without_faces_to_use_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    path.write_bytes(fontmaking.build_font("abc", blank="abc"))
    (face,) = probe_file(str(path))["faces"]
    assert face == {"fault": "draws nothing: none of its 3 characters has ink of its own"}
