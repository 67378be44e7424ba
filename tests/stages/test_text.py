"""Laws of the text stage."""

from __future__ import annotations

import pytest

from glyphmill.run.outcome import Rejected
from tests.jobs import open_job


@pytest.mark.parametrize("length", [20_001, 10**9, 10**30])
def test_a_length_past_the_limit_is_refused_before_it_is_read(length: int) -> None:
    """However great it is: nothing of that size is made on the way."""
    outcome = open_job([{"text": {"language": "en", "length": length}}], 1).generate(0)
    assert isinstance(outcome, Rejected)
    assert (outcome.unit, outcome.reason) == ("text", "too_many_characters")
