"""Randomness is addressed: a stream is a function of where it is, and of nothing that happened before."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.core.rng import Streams, field_seed, field_stream, stream

seeds = st.integers(-(2**70), 2**70)
indices = st.integers(0, 2**60)
units = st.text(min_size=1, max_size=12)


@given(seeds, indices, st.integers(0, 50), units)
def test_a_reused_generator_gives_the_stream_of_the_address(seed, index, attempt, unit):
    """Setting one generator to an address equals making a new one there, whatever was drawn in between."""
    streams = Streams(seed)
    streams.at(index + 1, 0, "other").random(7)
    streams.at(index, attempt, "other").integers(0, 2**31, 3, dtype=np.uint32)
    ours = streams.at(index, attempt, unit)
    fresh = stream(seed, index, attempt, unit)
    assert np.array_equal(ours.random(9), fresh.random(9))
    assert ours.integers(0, 2**31, dtype=np.uint32) == fresh.integers(0, 2**31, dtype=np.uint32)


@given(indices, units, units)
def test_units_do_not_share_a_stream(index, one, other):
    """Two units of one sample draw different numbers."""
    first, second = stream(0, index, 0, one).random(4), stream(0, index, 0, other).random(4)
    assert np.array_equal(first, second) == (one == other)


def test_neighbouring_addresses_do_not_overlap():
    """Long draws at one index, attempt or seed never run into those of the next."""
    drawn = np.concatenate(
        [stream(seed, index, attempt, "u").random(4000) for seed in (0, 1) for index in (0, 1) for attempt in (0, 1)]
    )
    assert len(np.unique(drawn)) == len(drawn)


def test_streams_are_pinned():
    """The numbers of an address never change: datasets are reproduced by them."""
    assert stream(7, 3, 1, "noise").integers(0, 1000, 6).tolist() == [172, 787, 746, 587, 640, 270]


@given(seeds)
def test_field_seeds_survive_json(seed):
    """A field's seed is exact as a double, and stands for one field."""
    drawn = field_seed(stream(seed, 0, 0, "field"))
    assert int(float(drawn)) == drawn
    assert np.array_equal(field_stream(drawn).random(3), field_stream(drawn).random(3))
