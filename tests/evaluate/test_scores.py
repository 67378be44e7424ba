"""Rates of many readings, and how uncertain they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.evaluate.compare import Edits
from glyphmill.evaluate.scores import rate, score, share

COUNTS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=1, max_size=40)


@given(COUNTS)
def test_a_rate_is_all_errors_over_all_there_is(counts: list[tuple[int, int]]) -> None:
    """Mean and median are of the single texts; the interval is around the rate, and there only of eight and more."""
    made = rate(np.arange(len(counts)), np.array(counts))
    single = [errors / whole for errors, whole in counts]
    assert made.value == pytest.approx(sum(e for e, _ in counts) / sum(w for _, w in counts))
    assert made.mean == pytest.approx(np.mean(single))
    assert made.median == pytest.approx(np.median(single))
    assert (made.low is None) is (made.high is None) is (len(counts) < 8)
    if made.low is not None and made.high is not None:
        assert min(single) - 1e-9 <= made.low <= made.high <= max(single) + 1e-9


def test_intervals_hold_the_truth_nineteen_times_out_of_twenty() -> None:
    """Of 200 drawn data sets; binomial, 93 % to 99 % is what chance and the bootstrap's own error leave."""
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(200):
        made = rate(np.arange(60), np.stack([rng.binomial(30, 0.2, 60), np.full(60, 30)], axis=1))
        assert made.low is not None
        assert made.high is not None
        held += made.low <= 0.2 <= made.high
    assert 0.90 <= held / 200 <= 0.99


def test_texts_of_one_image_do_not_make_it_surer() -> None:
    """Ten lines of each image that are read alike are worth one."""
    rng = np.random.default_rng(1)
    counts = np.stack([rng.binomial(30, 0.2, 40), np.full(40, 30)], axis=1)
    alone = rate(np.arange(40), counts)
    repeated = rate(np.repeat(np.arange(40), 10), np.repeat(counts, 10, axis=0))
    assert (repeated.low, repeated.high) == pytest.approx((alone.low, alone.high))


def test_equal_readings_have_equal_rates() -> None:
    """What is drawn anew is always the same."""
    counts = np.random.default_rng(2).integers(1, 9, (30, 2))
    assert rate(np.arange(30), counts) == rate(np.arange(30), counts)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval(pair: tuple[int, int]) -> None:
    """Which is never empty, and wider than a point."""
    made = share(*pair)
    assert 0 <= made.low <= made.value <= made.high <= 1
    assert made.low < made.high


def test_wilson_as_published() -> None:
    """Brown, Cai & DasGupta 2001: 5 of 10 has the interval 0.2366 to 0.7634."""
    made = share(5, 10)
    assert math.isclose(made.low, 0.2366, abs_tol=1e-4)
    assert math.isclose(made.high, 0.7634, abs_tol=1e-4)


def test_words_are_counted_only_where_there_are_any() -> None:
    """A text in a script without spaces takes no part in the word error rate; none at all leaves it out."""
    latin, japanese = Edits(10, 1, 2, 1), Edits(10, 5, 0, 0)
    mixed = score([(0, latin, False), (1, japanese, True)])
    assert (mixed.count, mixed.empty) == (2, 1)
    assert mixed.cer.value == pytest.approx(6 / 20)
    assert mixed.wer is not None
    assert mixed.wer.value == 0.5
    assert score([(0, japanese, False)]).wer is None
