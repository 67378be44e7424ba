"""Every command line ends in a documented exit code, and every error in a sentence on standard error."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from glyphmill.cli.app import COMMANDS
from tests.cli.conftest import Command


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_where_the_table_says(name: str) -> None:
    module, _, function = COMMANDS[name][0].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("name", [*sorted(COMMANDS), "config show"])
def test_help_is_printed_and_is_no_error(glyphmill: Command, name: str) -> None:
    code, out, err = glyphmill(*name.split(), "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Usage: glyphmill")
    assert "--json" in out


@pytest.mark.parametrize(
    "tokens",
    [
        ["generat"],
        ["generate"],
        ["generate", "--out"],
        ["generate", "--out", "x", "--count", "0"],
        ["generate", "--out", "x", "--workers", "two"],
        ["generate", "--out", "x", "--wrokers", "2"],
        ["validate"],
        ["render"],
        ["preview", "--out", "sheet.gif"],
        ["fonts", "--log-level", "loud"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_2_and_says_why(glyphmill: Command, tokens: list[str], tmp_path: Path) -> None:
    code, out, err = glyphmill(*tokens)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert err.strip()
    assert not list(tmp_path.iterdir())


def test_a_misspelt_command_is_suggested(glyphmill: Command) -> None:
    assert "generate" in glyphmill("generat")[2]


@pytest.mark.parametrize("name", ["generate", "plan", "validate", "preview", "config show"])
def test_a_config_that_is_not_there_is_2_and_named(glyphmill: Command, name: str) -> None:
    out = ["--out", "x"] if name == "generate" else []
    code, _, err = glyphmill(*name.split(), "gone.yaml", *out)
    assert code == 2
    assert "gone.yaml" in err
    assert "Traceback" not in err


def test_all_problems_of_a_config_are_listed_with_their_lines(glyphmill: Command, config: Path) -> None:
    config.write_text(config.read_text().replace("length: [4, 8]", "lenght: 4").replace("total_images: 4", ""))
    code, _, err = glyphmill("generate", config, "--out", "x")
    assert code == 2
    assert "2 problems in" in err
    assert "line 6" in err
    assert "length" in err


def test_a_folder_of_fonts_that_is_not_there_is_2_and_named(glyphmill: Command, config: Path) -> None:
    code, _, err = glyphmill("generate", config, "--out", "x", "--fonts", "nowhere")
    assert code == 2
    assert "nowhere" in err


def test_a_traceback_is_shown_only_on_request(glyphmill: Command) -> None:
    assert "Traceback" in glyphmill("plan", "gone.yaml", "--log-level", "debug")[2]


def test_what_nobody_foresaw_is_a_sentence_and_1(glyphmill: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr("glyphmill.cli.jobs.open_job", fail)
    code, _, err = glyphmill("plan")
    assert code == 1
    assert "ZeroDivisionError: surprise" in err
    assert "report" in err
    assert "Traceback" not in err


def test_ctrl_c_is_130(glyphmill: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("glyphmill.cli.jobs.open_job", interrupt)
    assert glyphmill("plan")[0] == 130


def test_a_reader_that_stops_early_is_no_error() -> None:
    script = f"{sys.executable} -m glyphmill schema | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("{0", "")


def test_python_m_glyphmill_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "glyphmill", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("glyphmill 0")
