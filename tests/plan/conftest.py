import pytest

from glyphmill.config.load import load_text
from glyphmill.core.registry import discover
from glyphmill.run.job import Job


@pytest.fixture(scope="session")
def open_job():
    def open_(text):
        registry = discover()
        return Job.open(load_text(text, "test.yaml", registry), registry)

    return open_
