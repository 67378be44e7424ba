"""Laws of the values: records, sets of them and their coverage."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue.fonts import Axis, BadFont, FontRecord, FontSet, font_table
from glyphmill.core.errors import CatalogueError


def record(file: str = "a.ttf", *, digest: str = "00", face: int = 0, path: str = "", family: str = "A") -> FontRecord:
    return FontRecord(
        file=file,
        path=path or f"/somewhere/{file}",
        face=face,
        digest=digest,
        family=family,
        style="Regular",
        category="sans",
        weight=400,
        italic=False,
        axes=(Axis("wght", 100, 400, 900),),
        upem=1000,
        glyphs=100,
        scripts=("Latn",),
        vertical=False,
        ranges="41-5a,61-7a",
    )


@given(st.randoms(use_true_random=False))
def test_order_does_not_depend_on_paths_or_on_the_order_found(shuffler: random.Random) -> None:
    fonts = [record(f"{n % 3}.ttf", digest=f"{n % 5}{n}", path=f"/{shuffler.random()}") for n in range(12)]
    shuffled = shuffler.sample(fonts, len(fonts))
    names = [(font.file, font.digest, font.face) for font in FontSet.of(shuffled).usable]
    assert names == sorted((font.file, font.digest, font.face) for font in fonts)


def test_the_same_content_counts_once() -> None:
    fonts = FontSet.of([record("b.ttf", path="/x/b.ttf"), record("a.ttf"), record("b.ttf"), record("b.ttf", face=1)])
    assert [(font.file, font.face) for font in fonts.usable] == [("a.ttf", 0), ("b.ttf", 1)]


def test_matching_is_a_glob_on_the_file_name_or_that_name_itself() -> None:
    fonts = FontSet.of(
        [record("Roboto[wght].ttf", digest="1"), record("Lato.ttf", digest="2"), record("t.ttf", digest="3")]
    )
    assert [font.file for font in fonts.matching("Ro*").usable] == ["Roboto[wght].ttf"]
    assert [font.file for font in fonts.matching("Roboto[wght].ttf").usable] == ["Roboto[wght].ttf"]
    assert [font.file for font in fonts.matching("[Lt]*").usable] == ["Lato.ttf", "t.ttf"]
    assert fonts.matching(None) is fonts
    assert fonts.matching("nothing").usable == ()


def test_families_hold_every_face_once() -> None:
    fonts = FontSet.of([record(f"{n}.ttf", digest=str(n), family="ABA"[n % 3]) for n in range(9)])
    assert [family[0].family for family in fonts.families] == ["A", "B"]
    assert sorted(font.file for family in fonts.families for font in family) == [font.file for font in fonts.usable]


def test_by_digest_finds_a_face_or_says_that_it_is_not_here() -> None:
    fonts = FontSet.of([record(digest="1"), record(digest="1", face=1)])
    assert fonts.by_digest("1", 1).face == 1
    with pytest.raises(CatalogueError, match="no font with digest 2"):
        fonts.by_digest("2")


def test_a_record_travels_without_its_expanded_coverage() -> None:
    font = record()
    assert font.coverage == frozenset(map(ord, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    copy = pickle.loads(pickle.dumps(font))
    assert copy == font
    assert "coverage" not in copy.__dict__
    assert copy.coverage == font.coverage


def test_the_table_has_a_row_for_every_face_and_every_bad_file() -> None:
    rows = font_table(FontSet.of([record(), record(face=1)], [BadFont(str(Path("x.ttf")), "the file is empty")]))
    assert [row["file"] for row in rows] == ["a.ttf", "a.ttf#1", "x.ttf"]
    assert [row["status"] for row in rows] == ["ok", "ok", "bad"]
    assert len({tuple(row) for row in rows}) == 1
    assert rows[0]["code_points"] == 52
    assert rows[2]["reason"] == "the file is empty"
