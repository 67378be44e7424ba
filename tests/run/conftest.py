"""What the tests of runs share: a small job on the fonts that come with Glyphmill, and a dataset of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.run.generate import generate

# Worker processes get this process's import path: `makers` must be found on it, by them as by the tests.
sys.path.insert(0, str(Path(__file__).parent))

CONFIG = """
total_images: 120
seed: 11
specifications:
  - name: latin
    proportion: 0.75
    text: {direction: left_to_right, language: en, length: [4, 12], lines: [1, 2]}
    font: {size: [18, 26]}
    background: {solid: {}, paper: {}}
  - name: hebrew
    proportion: 0.25
    text: {direction: right_to_left, language: he, length: [4, 12]}
    font: {size: [18, 26]}
    color: {mode: gradient}
    background: {solid: {}}
"""


@pytest.fixture(scope="session")
def config_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config of 120 small images in two specifications."""
    path = tmp_path_factory.mktemp("config") / "small.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def job(config_path: Path) -> Job:
    """The job of that config."""
    return Job.from_yaml(config_path)


@pytest.fixture(scope="session")
def dataset(job: Job, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole job, made in one process; not to be changed."""
    root = tmp_path_factory.mktemp("dataset") / "out"
    generate(job, root)
    return root
