"""Categories, and the fonts of installed packages."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from glyphmill.catalogue.fontload import open_fonts
from glyphmill.catalogue.packages import installed_font_folders, package_words
from glyphmill.catalogue.sfnt import StyleBits
from glyphmill.catalogue.style import CATEGORIES, categorize, cut_of, kind_of
from tests.catalogue import fontmaking

PLAIN = StyleBits(b"", b"", b"")


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("Open Sans", "sans"),
        ("Franklin Gothic", "sans"),
        ("EB Garamond", "serif"),
        ("Noto Serif", "serif"),
        ("Dancing Script", "handwriting"),
        ("Playfair Display", "display"),
        ("Xyzzy", "unknown"),
    ],
)
def test_a_name_tells_the_kind_where_tables_do_not(family: str, kind: str) -> None:
    assert kind_of(family, PLAIN) == kind


@pytest.mark.parametrize(
    ("family", "mono", "narrowness", "cut"),
    [
        ("Roboto Mono", False, 1.1, "mono"),
        ("Anything", True, 0.7, "mono"),
        ("Roboto Condensed", False, 1.1, "condensed"),
        ("Anything", False, 0.7, "condensed"),
        ("Roboto Slab", False, 1.1, "slab"),
        ("Arvo", False, None, "slab"),
        ("Roboto", False, 1.1, ""),
    ],
)
def test_cut(family: str, mono: bool, narrowness: float | None, cut: str) -> None:
    assert cut_of(family, PLAIN, mono=mono, narrowness=narrowness) == cut


@pytest.mark.parametrize(
    ("package", "kind", "cut", "category"),
    [
        (["SERIF"], "sans", "", "serif"),
        (["SERIF"], "serif", "slab", "slab"),
        (["DISPLAY"], "unknown", "condensed", "display"),
        (["DISPLAY"], "unknown", "slab", "slab"),
        (["DISPLAY", "SANS_SERIF"], "unknown", "condensed", "condensed"),
        (["HANDWRITING"], "sans", "mono", "handwriting"),
        (["MONOSPACE"], "sans", "", "mono"),
        (["SOMETHING_NEW"], "sans", "", "sans"),
        ([], "sans", "mono", "mono"),
        ([], "unknown", "", "unknown"),
    ],
)
def test_category(package: list[str], kind: str, cut: str, category: str) -> None:
    assert categorize(package, kind, cut) == category
    assert category in CATEGORIES


def test_the_fonts_that_come_with_glyphmill_are_found() -> None:
    assert {"manimgx_fonts", "manimgx_fonts_cjk"} <= {Path(folder).name for folder in installed_font_folders()}


def test_finding_fonts_imports_no_font_package() -> None:
    installed_font_folders()
    assert not [name for name in sys.modules if name.startswith(("manimgx_fonts", "fontpkg"))]


def test_a_font_package_is_found_where_packages_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tmp_path / "fontpkg_blocks" / "files"
    files.mkdir(parents=True)
    (files / "Blocks.ttf").write_bytes(fontmaking.build_font())
    (files.parent / "metadata.json").write_text(json.dumps({"category": ["HANDWRITING"]}))
    (tmp_path / "fontpkg_blocks-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert str(files) in installed_font_folders()
    assert package_words(str(files / "Blocks.ttf")) == ("HANDWRITING",)
    assert open_fonts([str(files)]).usable[0].category == "handwriting"


@pytest.mark.parametrize("metadata", ["", "[]", "{}", '{"category": 3}'])
def test_broken_package_metadata_is_no_metadata(metadata: str, tmp_path: Path) -> None:
    files = tmp_path / "fontpkg_blocks" / "files"
    files.mkdir(parents=True)
    (files.parent / "metadata.json").write_text(metadata)
    assert package_words(str(files / "Blocks.ttf")) == ()
