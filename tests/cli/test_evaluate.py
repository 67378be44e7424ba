"""`evaluate` prints a table, or JSON, and writes plots and readings."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from glyphmill.evaluate.engine import EngineError
from tests.cli.conftest import Command
from tests.evaluate.conftest import FakeEngine
from tests.export.shards import KINDS


@pytest.fixture
def made(glyphmill: Command, config: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A dataset, and a reader that drops the first letter of all that is vertical."""

    def reads(piece: object) -> str:
        vertical = piece.facts.direction == "top_to_bottom"  # type: ignore[attr-defined]
        return piece.text[1:] if vertical else piece.text  # type: ignore[attr-defined]

    monkeypatch.setattr("glyphmill.evaluate.engines.open_engine", lambda name, language: FakeEngine(reads))
    assert glyphmill("generate", config, "--out", "made")[0] == 0
    return "made"


def test_the_table_has_a_row_for_each_group(glyphmill: Command, made: str) -> None:
    code, out, err = glyphmill("evaluate", made)
    assert (code, err) == (0, "")
    for words in ("CER", "WER", "exact", "latin", "vertical", "background.solid", "Latn", "top_to_bottom", "ja-Jpan"):
        assert words in out
    assert out.endswith("made: fake 1 read 4 lines of 4 samples\n")


def test_groupings_and_samples_are_options(glyphmill: Command, made: str) -> None:
    """Machines get the same numbers."""
    code, out, err = glyphmill("evaluate", made, "--by", "direction", "script", "--limit", "2", "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert told.keys().isdisjoint({"specification", "unit", "strength", "language", "length", "font"})
    assert (told["samples"], told["read"], told["failed"]) == (2, 2, [])
    assert told["direction"]["left_to_right"]["cer"]["value"] == 0
    assert told["direction"]["top_to_bottom"]["cer"]["value"] > 0
    assert told["direction"]["top_to_bottom"]["exact"]["value"] == 0
    only = json.loads(glyphmill("evaluate", made, "--only", "direction=left_to_right", "--json")[1])
    assert (only["read"], only["all"]["cer"]["value"]) == (2, 0)


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_plots_and_readings_are_written(glyphmill: Command, made: str, tmp_path: Path, suffix: str) -> None:
    """One line for each text; a picture that shows every group."""
    assert glyphmill("evaluate", made, "--plot", f"plot.{suffix}", "--readings", "readings.jsonl")[0] == 0
    rows = [json.loads(line) for line in (tmp_path / "readings.jsonl").read_text("utf-8").splitlines()]
    assert [row["index"] for row in rows] == [0, 1, 2, 3]
    for row in rows:
        assert (row["found"] == row["expected"]) is (row["specification"] == "latin")
        assert (row["cer"] == 0) is (row["specification"] == "latin")
    if suffix == "svg":
        assert "top_to_bottom" in (tmp_path / "plot.svg").read_text("utf-8")
    else:
        assert cv2.imread(str(tmp_path / "plot.png")).shape[1] == 1000


def test_what_cannot_be_meant_is_bad_usage(glyphmill: Command, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also an engine that is not there: the command says what to install."""
    assert glyphmill("evaluate", made, "--plot", "plot.pdf")[0] == 2
    assert glyphmill("evaluate", made, "--only", "colour=red")[0] == 2
    assert glyphmill("evaluate", made, "--engine", "abbyy")[0] == 2

    def missing(name: str, language: str | None) -> object:
        raise EngineError("install it")

    monkeypatch.setattr("glyphmill.evaluate.engines.open_engine", missing)
    code, _, err = glyphmill("evaluate", made)
    assert (code, err) == (2, "glyphmill: install it\n")


@pytest.mark.parametrize("layout", KINDS)
def test_shards_are_read_like_files(glyphmill: Command, config: Path, made: str, layout: str) -> None:
    glyphmill("generate", config, "--out", layout, "--format", layout, "--range", "3")
    told = [glyphmill("evaluate", name, "--json") for name in (made, layout)]
    assert told[0] == told[1]
    assert told[0][0] == 0


def test_what_is_no_dataset_is_refused(glyphmill: Command, made: str, tmp_path: Path) -> None:
    code, _, err = glyphmill("evaluate", tmp_path / "empty")
    assert code == 1
    assert "manifest.json" in err


@pytest.mark.ocr
def test_tesseract_reads_a_dataset(glyphmill: Command, config: Path) -> None:
    """As the command is meant to be used."""
    glyphmill("generate", config, "--out", "made")
    code, out, err = glyphmill("evaluate", "made", "--only", "script=Latn", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["engine"].startswith("tesseract ")
    assert told["read"] == 2
