"""From folders to fonts: formats, the cache, what is named when something is wrong."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
import uharfbuzz as hb

from glyphmill.catalogue.fontload import open_fonts
from glyphmill.catalogue.fonts import FontRecord, FontSet
from glyphmill.core.errors import CatalogueError
from tests.catalogue import fontmaking

NO_PROBE = (sys.executable, "-c", "raise SystemExit(3)")


def named(fonts: FontSet, file: str) -> FontRecord:
    (font,) = (font for font in fonts.usable if font.file == file)
    return font


def test_every_format_is_read(font_folder: Path) -> None:
    fonts = open_fonts([str(font_folder)])
    assert fonts.bad == ()
    assert sorted({font.file for font in fonts.usable}) == sorted(
        path.name for path in font_folder.rglob("*.*") if path.suffix != ".txt"
    )
    for font in fonts.usable:
        face = hb.Face(hb.Blob.from_file_path(font.path), font.face)
        assert face.glyph_count == font.glyphs
        assert font.coverage <= set(face.unicodes)


def test_a_collection_gives_a_record_per_face(font_folder: Path) -> None:
    pair = [font for font in open_fonts([str(font_folder)]).usable if font.file == "Pair.ttc"]
    assert [(font.face, font.family) for font in pair] == [(0, "Pair Sans"), (1, "Pair Slab")]
    assert pair[0].digest == pair[1].digest


def test_a_packed_font_is_the_same_font_under_its_own_name(font_folder: Path) -> None:
    fonts = open_fonts([str(font_folder)])
    plain, woff2 = named(fonts, "Latin[wght].ttf"), named(fonts, "Packed.woff2")
    assert woff2.path != str(font_folder / "Packed.woff2")
    assert woff2.coverage == plain.coverage
    assert (woff2.axes, woff2.scripts, woff2.family) == (plain.axes, plain.scripts, plain.family)
    assert woff2.digest != plain.digest


def test_scripts_and_axes_are_told(font_folder: Path) -> None:
    fonts = open_fonts([str(font_folder)])
    assert named(fonts, "Latin[wght].ttf").scripts == ("Latn",)
    assert named(fonts, "Arabic[wght].ttf").scripts == ("Arab",)
    assert named(fonts, "Devanagari.ttf").scripts == ("Deva",)
    assert [axis.tag for axis in named(fonts, "Latin[wght].ttf").axes] == ["wght"]


def test_what_is_known_is_not_probed_again(font_folder: Path) -> None:
    first = open_fonts([str(font_folder)])
    assert open_fonts([str(font_folder)], probe_command=NO_PROBE) == first


def test_a_changed_file_is_probed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    path.write_bytes(fontmaking.build_font("abc"))
    assert open_fonts([str(path)]).usable[0].coverage == {97, 98, 99}
    path.write_bytes(fontmaking.build_font("abcd"))
    assert open_fonts([str(path)]).usable[0].coverage == {97, 98, 99, 100}


def test_a_moved_folder_changes_only_paths(font_folder: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(font_folder, tmp_path / "elsewhere")
    here, there = open_fonts([str(font_folder)]).usable, open_fonts([str(moved)]).usable
    assert [{**vars(font), "path": ""} for font in here] == [{**vars(font), "path": ""} for font in there]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"faces": 3}', b'{"faces": [{}], "unpacked": 0}'])
def test_a_damaged_cache_is_made_again(content: bytes, font_folder: Path, font_cache: Path) -> None:
    first = open_fonts([str(font_folder)])
    entries = list(font_cache.rglob("*.json"))
    assert len(entries) > 1
    for entry in entries:
        entry.write_bytes(content)
    assert open_fonts([str(font_folder)]) == first
    assert all(isinstance(json.loads(entry.read_bytes()), dict) for entry in entries)


def test_an_unpacked_font_that_vanished_from_the_cache_is_unpacked_again(font_folder: Path, font_cache: Path) -> None:
    open_fonts([str(font_folder)])
    for entry in font_cache.rglob("*.sfnt"):
        entry.unlink()
    assert all(Path(font.path).exists() for font in open_fonts([str(font_folder)]).usable)


def test_a_cache_that_cannot_be_written_is_done_without(font_folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    fonts = open_fonts([str(font_folder)], cache_dir=blocked / "cache")
    assert fonts.bad == ()
    assert all(Path(font.path).exists() for font in fonts.usable)


def test_nothing_temporary_is_left_in_the_cache(font_folder: Path, font_cache: Path) -> None:
    open_fonts([str(font_folder)])
    assert list(font_cache.rglob(".*")) == []


def test_files_and_globs_may_be_named(font_folder: Path) -> None:
    one = open_fonts([str(font_folder / "Latin[wght].ttf")])
    assert [font.file for font in one.usable] == ["Latin[wght].ttf"]
    several = open_fonts([str(font_folder / "P*")])
    assert {font.file for font in several.usable} == {"Packed.woff", "Packed.woff2", "Pair.ttc"}


def test_names_in_any_script_are_read(tmp_path: Path) -> None:
    path = tmp_path / "कखग 字 é.ttf"
    path.write_bytes(fontmaking.build_font())
    assert open_fonts([str(tmp_path)]).usable[0].file == path.name


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"no fonts at .*nowhere"):
        open_fonts([str(tmp_path / "nowhere")])


def test_a_folder_without_fonts_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"no fonts in .*put files there \(\.ttf"):
        open_fonts([str(tmp_path)])


def test_a_probe_that_does_not_start_is_not_held_against_the_fonts(font_folder: Path) -> None:
    with pytest.raises(CatalogueError, match=r"the probe cannot be run: .*exit status 3"):
        open_fonts([str(font_folder)], probe_command=NO_PROBE)
    assert open_fonts([str(font_folder)]).bad == ()


def test_no_file_stays_open(font_folder: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    open_fonts([str(font_folder)])
    assert len(os.listdir("/dev/fd")) == before


def test_tags_that_are_no_text(tmp_path: Path) -> None:
    """A table of such a name is no harm; an axis of such a name is a fault of the font, not of the process."""
    whole = fontmaking.subset_font("NotoSans[wght].ttf", fontmaking.ASCII)
    entry = whole.index(b"fvar") + 8
    axis = int.from_bytes(whole[entry : entry + 4], "big") + 16
    (tmp_path / "table.ttf").write_bytes(whole.replace(b"STAT", b"ST\xc1\xff", 1))
    (tmp_path / "axis.ttf").write_bytes(whole[:axis] + b"\xc1" + whole[axis + 1 :])
    fonts = open_fonts([str(tmp_path)])
    assert [font.file for font in fonts.usable] == ["table.ttf"]
    assert [bad.reason for bad in fonts.bad] == ["an axis has a tag that is not ASCII"]
