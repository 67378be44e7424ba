"""What the tests of disturbed runs share: a small job, and what it makes when nothing disturbs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.run.generate import generate
from tests.faults.runs import CONFIG, RANGE, contents

#: What a dataset of that layout holds, by path.
Clean = Callable[[str], dict[str, bytes]]
LAYOUTS = ("files", "webdataset", "parquet")


@pytest.fixture(scope="session")
def small_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config of 24 small images in two specifications."""
    path = tmp_path_factory.mktemp("config") / "small.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small(small_config: Path) -> Job:
    """The job of that config."""
    return Job.from_yaml(small_config)


@pytest.fixture(scope="session")
def clean(small: Job, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """The files of that job in ranges of six, made in one process, by layout."""

    @cache
    def made(layout: str) -> dict[str, bytes]:
        root = tmp_path_factory.mktemp("clean") / "out"
        generate(small, root, layout=layout, samples=RANGE)
        return contents(root)

    return made


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> str:
    """Each layout of a dataset."""
    name: str = request.param
    return name
