"""Every example is a config that makes samples."""

from pathlib import Path

import pytest

from glyphmill.generator import Sample
from glyphmill.run.job import Job

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_makes_samples(path: Path) -> None:
    """The first ten indices of each are samples, none is rejected, and the README lists the file."""
    outcomes = list(Job.from_yaml(path).outcomes(0, 10))
    assert all(isinstance(outcome, Sample) for outcome in outcomes), outcomes
    assert f"({path.name})" in (path.parent / "README.md").read_text()
