"""Tesseract as a program: how it is asked, what it says when something is missing, and that it reads what is drawn."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from glyphmill.evaluate.engine import EngineError, Way
from glyphmill.evaluate.evaluate import evaluate
from glyphmill.evaluate.pieces import Facts, Piece
from glyphmill.evaluate.tesseract import Tesseract
from glyphmill.run.generate import generate
from tests.jobs import BLACK_ON_WHITE, open_job, registry

FACTS = Facts("s", (), {}, "a.ttf", "Latn", "left_to_right", "en-Latn", 4)
PIECE = Piece(0, 0, "line", "text", np.zeros((4, 2)), 1, False, FACTS)
#: A program that reads each picture as its size, fails on one that is 13 px wide, and knows two languages.
PROGRAM = """\
#!/bin/sh
case "$1" in
  --version) echo "tesseract 9.8.7"; exit ;;
  --list-langs) printf 'List of available languages in "/x/" (2):\\neng\\njpn_vert\\n'; exit ;;
esac
first=1
while read -r path || [ -n "$path" ]; do
  wide=$(od -An -j18 -N2 -tx1 "$path" | tr -d ' ')
  [ "$wide" = 000d ] && exit 1
  [ $first = 1 ] || printf '\\f'
  first=0
  printf '%s %s\\n' "$wide" "$6"
done < "$1"
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "tesseract"
    path.write_text(PROGRAM)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def pictures(*widths: int) -> list[np.ndarray]:
    return [np.full((4, width, 3), 255, np.uint8) for width in widths]


def test_readings_come_in_the_order_of_the_pictures(program: str) -> None:
    engine = Tesseract(program=program)
    assert engine.name == "tesseract 9.8.7"
    assert engine.read(pictures(9, 10, 11), Way("eng", "line")) == ["0009 7\n", "000a 7\n", "000b 7\n"]
    assert engine.read(pictures(9), Way("jpn_vert", "column")) == ["0009 5\n"]


def test_a_picture_that_ends_the_program_costs_no_other(program: str) -> None:
    """It alone has no reading."""
    assert Tesseract(program=program).read(pictures(9, 13, 11), Way("eng", "word")) == ["0009 8\n", None, "000b 8\n"]
    assert Tesseract(program=program).read(pictures(13), Way("eng", "word")) == [None]


def test_a_missing_program_is_named_with_its_package(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"nowhere.*apt-get install tesseract-ocr"):
        Tesseract(program=str(tmp_path / "nowhere"))


def test_a_program_that_does_not_work_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(EngineError, match=r"broken.*does not work"):
        Tesseract(program=str(broken))


def test_missing_languages_are_named_with_their_packages(program: str) -> None:
    """All at once."""
    engine = Tesseract(program=program)
    engine.check(["eng", "eng+jpn_vert"])
    with pytest.raises(EngineError, match=r"chi_sim, deu\..*tesseract-ocr-chi-sim tesseract-ocr-deu"):
        engine.check(["deu", "eng+chi_sim"])


@pytest.mark.parametrize(
    ("facts", "changes", "way"),
    [
        ({}, {}, Way("eng", "line")),
        ({}, {"level": "word"}, Way("eng", "word")),
        ({}, {"level": "image"}, Way("eng", "line")),
        ({}, {"level": "image", "lines": 2}, Way("eng", "page")),
        ({"language": "ja-Jpan", "script": "Jpan"}, {"upright": True}, Way("jpn_vert", "column")),
        ({"language": "ja-Jpan", "script": "Jpan"}, {"upright": False}, Way("jpn", "line")),
        ({"language": "ja-Jpan"}, {"upright": True, "level": "image", "lines": 2}, Way("jpn_vert", "column")),
        ({"language": "und", "script": "Deva"}, {}, Way("hin", "line")),
    ],
)
def test_a_piece_is_read_by_its_language(program: str, facts: dict, changes: dict, way: Way) -> None:
    """Columns by data for columns; all else as lines, words or pages."""
    piece = replace(PIECE, facts=replace(FACTS, **facts), **changes)
    assert Tesseract(program=program).way(piece) == way
    assert Tesseract("deu", program).way(piece).model == "deu"


def test_a_script_that_nothing_reads_is_refused(program: str) -> None:
    with pytest.raises(EngineError, match=r"Goth.*--language"):
        Tesseract(program=program).way(replace(PIECE, facts=replace(FACTS, language="und", script="Goth")))


@pytest.mark.ocr
@pytest.mark.parametrize("level", ["line", "word", "image"])
def test_tesseract_reads_clean_lines(level: str, tmp_path: Path) -> None:
    """Straight lines at every level almost without error."""
    specification = {
        "text": {"language": "en", "length": [20, 30]},
        "font": {"size": 36, "filter": "NotoSans?wght?.ttf"},
    }
    generate(open_job([specification], 6, defaults=BLACK_ON_WHITE), tmp_path / "made")
    report = evaluate(tmp_path / "made", Tesseract(), level=level, registry=registry())  # type: ignore[arg-type]
    score = next(score for _, score in report.rows())
    assert not report.failed
    assert score.cer.value <= 0.03


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("language", "direction", "font"),
    [
        ("en", "left_to_right", "NotoSans?wght?.ttf"),
        ("ru", "top_to_bottom", "NotoSans?wght?.ttf"),
        ("he", "top_to_bottom", "NotoSans*"),
        ("he", "bottom_to_top", "NotoSans*"),
    ],
)
def test_turned_lines_are_read_as_straight_ones(language: str, direction: str, font: str, tmp_path: Path) -> None:
    """Turned by a warp or by their direction; most without any error."""
    specification = {
        "text": {"language": language, "direction": direction, "length": [12, 30]},
        "font": {"size": 40, "filter": font},
        "warp": [{"rotation": {"angle": [-80, 80]}}],
    }
    generate(open_job([specification], 6, defaults=BLACK_ON_WHITE), tmp_path / "made")
    report = evaluate(tmp_path / "made", Tesseract(), registry=registry())
    score = next(score for _, score in report.rows())
    assert score.cer.median == 0
    assert score.cer.value <= 0.05
