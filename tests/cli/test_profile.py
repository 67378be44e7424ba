"""`profile` shows where time goes, writes it in any format, and compares two of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_the_report_is_printed(glyphmill: Command, config: Path) -> None:
    code, out, err = glyphmill("profile", config, "--limit", "2", "--top", "5")
    assert code == 0
    for words in ("2 of 2 really made", "(generate_from_plan)", "Stages of one image", "What stands out", "Summary"):
        assert words in out
    assert "s left" in err


def test_files_are_written_by_their_endings(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    names = ["p.txt", "p.json", "p.prof", "p.speedscope.json", "p.html"]
    assert glyphmill("profile", config, "--limit", "2", "--out", *names)[0] == 0
    assert all((tmp_path / name).stat().st_size > 1000 for name in names)
    assert json.loads((tmp_path / "p.json").read_text("utf-8"))["schema"] == "glyphmill.profile/1"
    assert (tmp_path / "p.html").read_text("utf-8").startswith("<!doctype html>")


def test_machines_get_json(glyphmill: Command, config: Path) -> None:
    told = json.loads(glyphmill("profile", config, "--limit", "2", "--memory", "--json")[1])
    assert told["made"] == 2
    assert told["memory"]["peak"] > 0
    assert told["diagnosis"]["findings"]


def test_memory_and_lines_follow_the_report(glyphmill: Command, config: Path) -> None:
    code, out, _ = glyphmill(
        "profile", config, "--limit", "1", "--memory", "--lines", "generator:OCRDataGenerator._seen"
    )
    assert code == 0
    assert "Function: OCRDataGenerator._seen" in out
    assert "peak of one image" in out


def test_two_profiles_are_compared(glyphmill: Command, config: Path) -> None:
    for name in ("old.json", "new.json"):
        assert glyphmill("profile", config, "--limit", "1", "--out", name)[0] == 0
    code, out, err = glyphmill("profile", "--compare", "old.json", "new.json", "--top", "3")
    assert (code, err) == (0, "")
    assert out.startswith("old.json -> new.json")
    assert "speed-up" in out
    told = json.loads(glyphmill("profile", "--compare", "old.json", "new.json", "--json")[1])
    assert {"image", "stages", "functions", "differs"} <= told.keys()


@pytest.mark.parametrize(
    "tokens",
    [
        ["--limit", "0"],
        ["--sort", "speed"],
        ["--out", "."],
        ["--lines", "effects:nothing"],
        ["--compare", "gone.json", "gone.json"],
        ["--fonts", "nowhere"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_2_and_says_why(glyphmill: Command, tokens: list[str]) -> None:
    code, out, err = glyphmill("profile", *tokens)
    assert (code, out) == (2, "")
    assert err.strip()
    assert "Traceback" not in err


def test_a_config_and_a_comparison_exclude_each_other(glyphmill: Command, config: Path) -> None:
    code, _, err = glyphmill("profile", config, "--compare", "a.json", "b.json")
    assert code == 2
    assert "no config" in err
