"""Small configs to run commands on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from glyphmill.cli.app import run

CONFIG = """\
total_images: 4
seed: 3
specifications:
  - name: latin
    proportion: 0.5
    text: {language: en, length: [4, 8]}
    background: {solid: {}}
  - name: vertical
    proportion: 0.5
    text: {language: ja, direction: top_to_bottom, length: [3, 6]}
    background: {solid: {}}
"""

#: Runs a command line: exit code, standard output, standard error.
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "job.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def glyphmill(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*tokens: str | Path) -> tuple[int, str, str]:
        code = run(list(map(str, tokens)))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command
