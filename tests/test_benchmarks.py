"""Each benchmark runs once, tiny, to see that it works; so do the tools that they share. No time is asserted."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import machine, peers, report, runner
from benchmarks.__main__ import main
from benchmarks.lane import Lane
from benchmarks.lines import write_lines
from benchmarks.measure import CommandError, cost_of, cost_of_command
from benchmarks.place import ROOT, environment, scratch
from benchmarks.result import BenchmarkError, Figure, Result, Scale, Spread, Target


@pytest.fixture(scope="module")
def scale(tmp_path_factory: pytest.TempPathFactory) -> Scale:
    """A tiny scale in a folder of its own: the scratch folder of `make bench` would bring its caches along."""
    return Scale(tmp_path_factory.mktemp("bench"), runs=1, quick=True, peers=False)


def record(**benchmarks: Any) -> dict[str, Any]:
    return {
        "schema": report.SCHEMA,
        "date": "2030-01-02",
        "commit": "abc",
        "machine": {"processor": "P", "cores": 2, "system": "S"},
        "versions": {"python": "CPython 3"},
        "benchmarks": benchmarks,
    }


def found(*figures: Figure) -> dict[str, Any]:
    return {**Result("a workload", figures, notes=("a note",)).to_dict(), "runs": 5, "quick": False, "load": [0.1, 0.2]}


@pytest.mark.parametrize("name", runner.names())
def test_a_benchmark_fills_every_figure(name: str, scale: Scale) -> None:
    result = runner.find(name)(scale)
    assert result.title
    assert any(figure.target for figure in result.figures)
    for figure in result.figures:
        assert figure.name
        assert figure.unit
        assert len(figure.values) == scale.runs or figure.why_not
    plain = result.to_dict()
    assert json.loads(json.dumps(plain)) == plain | {"settings": json.loads(json.dumps(plain["settings"]))}
    assert str(ROOT) not in json.dumps(plain), "a result holds a path of this machine"


def test_a_benchmark_is_found_by_its_file_name() -> None:
    assert {f"B{number}" for number in range(1, 12)} <= set(runner.names())
    assert runner.names() == sorted(runner.names(), key=lambda name: int(name[1:]))


def test_a_benchmark_that_fails_is_recorded_and_stops_no_other(scale: Scale, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Scale) -> Result:
        raise BenchmarkError("a long story\nthe reason")

    fine = Result("fine", (Figure("speed", "x", (1.0,)),))
    monkeypatch.setattr(runner, "find", lambda name: broken if name == "B1" else lambda _: fine)
    said: list[str] = []
    kept = runner.run(["B1", "B2"], scale, said.append)
    assert len(said) == 2
    assert kept["benchmarks"]["B1"]["failed"].endswith("the reason")
    assert kept["benchmarks"]["B2"]["title"] == "fine"
    page = report.markdown(kept)
    assert "Failed: the reason" in page
    assert "| speed |" in page


@pytest.mark.parametrize("arguments", [["B999"], ["--runs", "4"], ["--runs", "-1", "--quick"]])
def test_the_command_refuses_what_it_cannot_do(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "expected"),
    [((3.0,), (3, 3, 3)), ((1.0, 2.0), (1.5, 1.25, 1.75)), ((5.0, 1.0, 4.0, 2.0, 3.0), (3, 2, 4))],
)
def test_a_spread_is_the_median_and_the_quartiles(values: tuple[float, ...], expected: tuple[float, ...]) -> None:
    spread = Spread.of(values)
    assert (spread.median, spread.low, spread.high) == expected


@pytest.mark.parametrize(
    ("sign", "value", "met"), [(">=", 2.0, True), (">=", 1.9, False), ("<=", 2.0, True), ("<=", 2.1, False)]
)
def test_a_target_is_met_at_its_bound(sign: Any, value: float, met: bool) -> None:
    assert Figure("n", "s", (value,), Target(sign, 2.0)).met is met


def test_a_figure_without_target_or_values_is_neither_met_nor_missed() -> None:
    assert Figure("n", "s", (1.0,)).met is None
    assert Figure("n", "s", (), Target(">=", 1), why_not="no network").met is None


def test_the_table_shows_losses_and_what_was_not_measured() -> None:
    figures = (
        Figure("aside", "s", (0.01234,)),
        Figure("win", "x", (50.0,), Target(">=", 40)),
        Figure("loss", "x", (1234.0,), Target("<=", 40)),
        Figure("gap", "x", (), Target(">=", 40), why_not="pip | failed"),
    )
    page = report.markdown(record(B2=found(*figures)))
    assert "| win | >= 40 x | 50 x (50 to 50) | met |" in page
    assert "| loss | <= 40 x | 1,234 x (1,234 to 1,234) | **missed** |" in page
    assert "| gap | >= 40 x | not measured: pip / failed |  |" in page
    assert page.index("| gap |") < page.index("| aside |")
    assert "- a note" in page


def test_a_second_run_of_a_commit_keeps_what_it_did_not_measure(tmp_path: Path) -> None:
    first = report.write(tmp_path, record(B2=found(Figure("old", "x", (1.0,))), B8=found(Figure("kept", "x", (1.0,)))))
    second = report.write(tmp_path, record(B2=found(Figure("new", "x", (2.0,)))))
    assert first == second == tmp_path / "2030-01-02-abc.json"
    names = {key: value["figures"][0]["name"] for key, value in json.loads(second.read_text())["benchmarks"].items()}
    assert names == {"B2": "new", "B8": "kept"}
    assert "| kept |" in (tmp_path / "latest.md").read_text()


def test_results_of_another_machine_are_not_mixed_in(tmp_path: Path) -> None:
    (tmp_path / "2030-01-02-abc.json").write_text(json.dumps({**record(B8={}), "machine": "another"}))
    path = report.write(tmp_path, record(B2=found(Figure("ours", "x", (1.0,)))))
    assert set(json.loads(path.read_text())["benchmarks"]) == {"B2"}


def test_cpu_time_counts_children_that_were_waited_for(tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.2: pass"
    command = [sys.executable, "-c", burn]
    nested = [sys.executable, "-c", f"import subprocess; subprocess.run({command!r}, check=True)"]
    env = environment(tmp_path)
    assert cost_of_command(nested, cwd=tmp_path, env=env).cpu_s >= 0.2
    assert cost_of(lambda: cost_of_command(command, cwd=tmp_path, env=env)).cpu_s >= 0.2


def test_a_measured_process_is_that_of_a_usual_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    env = environment(tmp_path)
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert env["OMP_NUM_THREADS"] == "1"
    assert Path(env["GLYPHMILL_CACHE"]).is_relative_to(tmp_path)
    assert environment(tmp_path, font_cache=tmp_path / "other")["GLYPHMILL_CACHE"] == str(tmp_path / "other")


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="exits with 3:\nno luck"):
        cost_of_command(
            [sys.executable, "-c", "print('no luck'); raise SystemExit(3)"], cwd=tmp_path, env=environment(tmp_path)
        )


def test_a_lane_that_cannot_open_says_why(tmp_path: Path) -> None:
    settings = {"config": str(tmp_path / "absent.yaml"), "count": 1}
    with pytest.raises(BenchmarkError, match=r"(?s)the lane glyphmill ended with 1:.*absent\.yaml"):
        Lane("glyphmill", settings, env=environment(tmp_path))


def test_a_lane_that_breaks_off_says_why(tmp_path: Path) -> None:
    with Lane("glyphmill", {"config": None, "count": 1}, env=environment(tmp_path)) as lane:
        assert lane.batch(kind="plan", count=1).wall_s > 0
        with pytest.raises(BenchmarkError, match="KeyError: 'nonsense'"):
            lane.batch(kind="nonsense", count=1)


def test_a_peer_that_cannot_be_installed_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    peer = peers.Peer("A peer 1", "glyphmill-no-such-peer==1", ("glyphmill-no-such-need==1",), sys.version_info[:2])
    with pytest.raises(peers.PeerUnavailableError, match="-m pip install: ERROR"):
        peer.interpreter(tmp_path)
    with pytest.raises(peers.PeerUnavailableError, match=r"needs python0\.1, which is not here"):
        peers.Peer("B", "b==1", (), (0, 1)).interpreter(tmp_path)


def test_the_lines_are_distinct_alike_and_the_same_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    write_lines(first, 300)
    write_lines(second, 300)
    lines = first.read_text().splitlines()
    assert first.read_bytes() == second.read_bytes()
    assert len(set(lines)) == 300
    assert {(len(line), len(line.split())) for line in lines} == {(29, 5)}


def test_the_record_names_the_machine_and_the_versions() -> None:
    assert machine.machine()["cores"] >= 1
    assert {"python", "glyphmill", "numpy", "uharfbuzz"} <= set(machine.versions())
    assert machine.commit()


def test_the_scratch_folder_is_ignored_by_git() -> None:
    assert (scratch() / ".gitignore").read_text() == "*\n"
