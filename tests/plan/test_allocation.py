"""Which specification makes which image: exact, even, and found in constant time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glyphmill.plan.allocation import Allocation, exact_counts

proportions = st.lists(st.integers(1, 1000), min_size=1, max_size=12).map(lambda w: [x / sum(w) for x in w])


@given(proportions, st.integers(0, 5000))
def test_counts_are_exact(shares, total):
    """Counts sum to the total and none is a whole image off its share."""
    counts = exact_counts(shares, total)
    assert sum(counts) == total
    assert all(abs(count - share / sum(shares) * total) < 1 for count, share in zip(counts, shares, strict=True))


@settings(max_examples=50)
@given(proportions, st.integers(1, 3000))
def test_a_run_holds_the_counts_spread_evenly(shares, total):
    """Every prefix of the run has nearly its share of every specification."""
    allocation = Allocation(shares, total)
    chosen = np.array([allocation[i] for i in range(total)])
    assert np.bincount(chosen, minlength=len(shares)).tolist() == allocation.counts
    for number, count in enumerate(allocation.counts):
        so_far = np.cumsum(chosen == number)
        assert np.abs(so_far - count * np.arange(1, total + 1) / total).max() <= 1 + len(shares) / 2


def test_a_long_run_needs_no_long_table():
    """Ten million images: exact counts over the whole, and an index costs the same as in a short run."""
    allocation = Allocation([0.4, 0.3, 0.2, 0.1], 10_000_003)
    assert sum(allocation.counts) == 10_000_003
    sampled = np.array([allocation[i] for i in range(0, 10_000_003, 997)])
    assert np.allclose(np.bincount(sampled) / len(sampled), [0.4, 0.3, 0.2, 0.1], atol=0.01)
    assert len(allocation._pattern) + len(allocation._tail) < 300_000


@pytest.mark.parametrize("index", [-1, 10])
def test_outside_of_the_run_is_an_error(index):
    """An index that the run does not have is refused, not wrapped round."""
    with pytest.raises(IndexError, match="0 to 9"):
        Allocation([1.0], 10)[index]


def test_the_comprehensive_split():
    """40, 30, 20 and 10 per cent of 100 images are 40, 30, 20 and 10 images."""
    assert exact_counts([0.4, 0.3, 0.2, 0.1], 100) == [40, 30, 20, 10]
