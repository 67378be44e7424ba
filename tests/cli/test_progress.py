"""Progress: plain lines at a calm pace, JSON for machines, a bar only on a terminal."""

from __future__ import annotations

import json
import sys

import pytest

from glyphmill.cli.progress import PlainLines, duration, progress
from glyphmill.run.generate import RunStatus


def test_plain_lines_come_every_ten_seconds_with_rate_and_time_left() -> None:
    now, lines = [100.0], list[str]()
    report = PlainLines(lambda: now[0], lines.append)
    for second in range(1, 26):
        now[0] = 100.0 + second
        report(RunStatus(4000, second * 39, second))
    assert lines == [
        "400 of 4,000, 10 rejected, 40 a second, 0:01:30 left",
        "800 of 4,000, 20 rejected, 40 a second, 0:01:20 left",
    ]


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00:00"), (59.6, "0:01:00"), (86399, "23:59:59")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_an_unknown_duration_is_a_dash() -> None:
    assert duration(float("inf")) == "-"


def test_machines_get_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(json=True) as report:
        report(RunStatus(10, 4, 1))
    assert json.loads(capsys.readouterr().out) == {
        "event": "progress",
        "done": 5,
        "written": 4,
        "rejected": 1,
        "kept": 0,
        "total": 10,
        "workers": 0,
        "workers_died": 0,
        "workers_hung": 0,
    }


def test_a_terminal_gets_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with progress(json=False) as report:
        report(RunStatus(10, 4, 1))
    assert "5/10" in capsys.readouterr().err
