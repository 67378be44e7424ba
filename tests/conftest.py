"""What all tests share: Hypothesis profiles, the flag that renews pinned results, a font cache of the tests' own."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from glyphmill.catalogue.fontcache import FOLDER_VARIABLE
from tests.ray_cluster import ray_cluster as ray_cluster
from tests.s3 import s3 as s3
from tests.s3 import s3_endpoint as s3_endpoint

# The same examples each time, so that a red run is red again; `fuzz` looks for new ones.
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=200, print_blob=True)
settings.register_profile("fuzz", deadline=None, max_examples=10_000, print_blob=True)
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="pin what is made now in place of what golden tests expect"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep what is found out about fonts between runs, beside pytest's own cache and away from the user's."""
    cache = getattr(config, "cache", None)  # there is none under `-p no:cacheprovider`
    if FOLDER_VARIABLE not in os.environ and cache is not None:
        os.environ[FOLDER_VARIABLE] = str(cache.mkdir("glyphmill"))


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Whether expectations are to be rewritten."""
    return bool(pytestconfig.getoption("--update-golden"))
