"""A small job, its profile, and the script as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from glyphmill.profiling.engine import profile
from glyphmill.profiling.result import Profile
from glyphmill.profiling.work import Work

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "profile_generation.py"
COMPREHENSIVE = ROOT / "test_configs" / "comprehensive_test.yaml"
#: Noise and an elastic distortion on every image.
CONFIG = """\
total_images: 4
seed: 3
specifications:
  - name: worn
    proportion: 1
    text: {language: en, length: [4, 12]}
    background: {solid: {}}
    effects: [ink_bleed: {radius: 1}]
    warp: [elastic: {alpha: 40, sigma: 6}]
    degrade: [noise: {amount: 0.02}]
"""

Script = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("profiled") / "job.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def profiled(config: Path) -> tuple[Profile, Work]:
    """Three images of the small job."""
    return profile(config, limit=3)


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command with those of this environment on the PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, "PATH": path, **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Runs the script in a folder of its own: the finished process."""

    def call(*arguments: str | Path, before: tuple[str, ...] = (), env: Mapping[str, str] | None = None):
        return run(*(before or (sys.executable,)), SCRIPT, *arguments, cwd=tmp_path, env=env)

    return call
