"""The script runs from any folder, under any of Python's profilers, and answers what is wrong in one line."""

from __future__ import annotations

import json
import pstats
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.profiling.conftest import COMPREHENSIVE, ROOT, SCRIPT, Script, run
from tests.profiling.test_output import BROWSER, dump

FUNCTIONS = ("(generate_from_plan)", "(_render_text)", "(add_noise)", "(apply_elastic_distortion)")


def test_results_are_printed_and_written(script: Script, tmp_path: Path) -> None:
    """The comprehensive config, as the document profiles it."""
    arguments = ["--limit", "5", "--sort", "cumulative", "--top", "30"]
    done = script("--config", COMPREHENSIVE, "--output", "comprehensive_profile.txt", *arguments)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "comprehensive_profile.txt").read_text("utf-8") == done.stdout
    for name in FUNCTIONS:
        assert name in done.stdout
    assert "5 of 5 really made" in done.stdout
    assert "images a second" in done.stdout


def test_the_default_output_and_a_small_limit(script: Script, config: Path, tmp_path: Path) -> None:
    done = script("--config", config, "--limit", "3")
    assert done.returncode == 0, done.stderr
    assert "3 of 3 really made" in (tmp_path / "profile_results.txt").read_text("utf-8")
    assert "about" in done.stderr
    assert "s left" in done.stderr


def test_sorted_by_own_time(script: Script, config: Path) -> None:
    done = script("--config", config, "--limit", "2", "--sort", "time", "--top", "50")
    assert done.returncode == 0, done.stderr
    assert "Functions by own time" in done.stdout
    assert "the time in the function itself" in " ".join(script("--help").stdout.split())


@pytest.mark.parametrize("path", [None, "."])
def test_it_needs_no_pythonpath_and_minds_none(script: Script, config: Path, path: str | None) -> None:
    env = {} if path is None else {"PYTHONPATH": path}
    assert script("--config", config, "--limit", "1", env=env).returncode == 0


def test_a_checkout_that_is_not_installed_is_found_beside_the_script(tmp_path: Path, config: Path) -> None:
    """Without the editable install: site-packages come by PYTHONPATH, and the package from ../src."""
    packages = [entry for entry in sys.path if entry.endswith("site-packages")]
    done = run(
        *(sys.executable, "-S", SCRIPT, "--config", config, "--limit", "1"),
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(packages)},
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--config", "{config}", "--limit", "0"], "--limit 0: expected at least 1"),
        (["--config", "{config}", "--limit", "-2"], "--limit -2: expected at least 1"),
        (["--config", "{config}", "--limit", "many"], "invalid int value"),
        (["--config", "{config}", "--top", "0"], "--top 0: expected at least 1"),
        (["--config", "{config}", "--sort", "speed"], "invalid choice: 'speed'"),
        (["--config", "{config}", "--output", "."], "cannot write to ."),
        (["--config", "{config}", "--output", "{config}/below.txt"], "cannot write to"),
        (["--config", "gone.yaml"], "gone.yaml"),
        ([], "--config"),
        (["--config", "{config}", "--fast"], "--fast"),
        (["--config", "{config}", "--fonts", "nowhere"], "nowhere"),
        (["--config", "{config}", "--backgrounds", "nowhere"], "nowhere"),
        (["--config", "{config}", "--corpus", "nowhere"], "nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_2_and_said_without_a_traceback(
    script: Script, config: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = script(*(argument.replace("{config}", str(config)) for argument in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("profile_generation.py: ")
    assert not (tmp_path / "profile_results.txt").exists()


def test_messages_of_the_command_line_are_one_line(script: Script, config: Path) -> None:
    for arguments in (["--sort", "speed"], ["--limit", "0"], ["--output", "."], ["--fonts", "nowhere"]):
        assert script("--config", config, *arguments).stderr.count("\n") == 1
    assert script("--config", "gone.yaml").stderr.count("\n") == 1


def test_no_image_is_1_and_still_told(script: Script, config: Path, tmp_path: Path) -> None:
    """With the reason of each."""
    tiny = tmp_path / "tiny.yaml"
    tiny.write_text(config.read_text("utf-8") + "limits: {max_pixels: 10, attempts: 1}\n", encoding="utf-8")
    done = script("--config", tiny, "--limit", "2")
    assert done.returncode == 1, done.stderr
    assert "0 of 2 really made" in done.stdout
    assert "rejected  index 1" in done.stdout
    assert "Traceback" not in done.stderr


def test_under_kernprof(script: Script, config: Path, tmp_path: Path) -> None:
    """A module's lines without an edit; and the table of the script itself."""
    done = script(*("--config", config, "--limit", "2"), before=("kernprof", "-l", "-v", "-p", "glyphmill.effects"))
    assert done.returncode == 0, done.stderr
    assert "Function: add_noise" in done.stdout
    assert "2 of 2 really made" in done.stdout
    assert (tmp_path / "profile_generation.py.lprof").exists()


def test_under_kernprof_with_a_decorated_function(config: Path, tmp_path: Path) -> None:
    """In a copy of the package: `@profile` on a function, as line_profiler's users do."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    effects = tmp_path / "src" / "glyphmill" / "effects.py"
    source = effects.read_text("utf-8")
    assert source.count("\ndef add_noise(") == 1
    effects.write_text(source.replace("\ndef add_noise(", "\n@profile\ndef add_noise("), encoding="utf-8")
    done = run(
        *("kernprof", "-l", "-v", SCRIPT, "--config", config, "--limit", "2"),
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "src")},
    )
    assert done.returncode == 0, done.stderr
    assert "Function: add_noise" in done.stdout
    assert done.stdout.count("Function: ") == 1


def test_under_memory_profiler(script: Script, config: Path) -> None:
    done = script("--config", config, "--limit", "2", before=(sys.executable, "-m", "memory_profiler"))
    assert done.returncode == 0, done.stderr
    assert "(generate_from_plan)" in done.stdout


def test_under_cprofile_the_other_profiler_gets_the_images(script: Script, config: Path, tmp_path: Path) -> None:
    """Two cannot watch at once; the script says so and leaves the functions to it."""
    done = script("--config", config, "--limit", "2", before=(sys.executable, "-m", "cProfile", "-o", "profile.prof"))
    assert done.returncode == 0, done.stderr
    assert "cProfile watches this process" in done.stdout
    assert "images a second" in done.stdout
    calls = {name: row[1] for (_, _, name), row in pstats.Stats(str(tmp_path / "profile.prof")).stats.items()}  # type: ignore[attr-defined]
    assert calls["generate_from_plan"] >= 2
    assert "add_noise" in calls


def test_snakeviz_shows_the_statistics(script: Script, config: Path, tmp_path: Path) -> None:
    """Its server answers with the functions, and where there is a browser the page lists them.

    A worker of the page draws the chart, which a browser without a window does not wait for.
    """
    assert script("--config", config, "--limit", "2", "--output", "profile.prof").returncode == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("snakeviz"), "-s", "-p", str(port), "-H", "127.0.0.1", "profile.prof"]
    server = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/snakeviz/{urllib.parse.quote(str(tmp_path / 'profile.prof'), safe='')}"
    try:
        page = _fetch(address, server)
        assert "generate_from_plan" in page
        if BROWSER is not None:
            drawn = dump(address, tmp_path)
            assert "dataTables_wrapper" in drawn
            assert drawn.count('<tr role="row"') > 20
    finally:
        server.terminate()
        server.wait()


def _fetch(address: str, server: subprocess.Popen[bytes]) -> str:
    """The page, once the server is there."""
    for _ in range(200):
        assert server.poll() is None, "snakeviz has ended"
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("snakeviz does not answer")


def test_json_can_be_asked_for(script: Script, config: Path, tmp_path: Path) -> None:
    assert script("--config", config, "--limit", "1", "--output", "baseline.json").returncode == 0
    assert json.loads((tmp_path / "baseline.json").read_text("utf-8"))["made"] == 1
