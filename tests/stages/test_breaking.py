"""Paragraphs break into lines as even as the places allowed permit."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.stages.layout.breaking import even_breaks


@given(st.data())
def test_lines_cover_the_text_and_end_where_they_may(data):
    """Spans follow one another, end at allowed places, and are as many as asked for where there are enough places."""
    length = data.draw(st.integers(2, 60))
    allowed = sorted(data.draw(st.sets(st.integers(1, length - 1), max_size=length - 1)))
    wanted = data.draw(st.integers(1, 12))
    widths = np.array(data.draw(st.lists(st.floats(0, 50), min_size=length, max_size=length)))
    spans = even_breaks(wanted, length, np.array(allowed, np.int64), np.arange(length), widths)
    assert spans[0][0] == 0
    assert spans[-1][1] == length
    assert all(a[1] == b[0] and b[0] in allowed for a, b in itertools.pairwise(spans))
    assert len(spans) == min(wanted, len(allowed) + 1)


def test_equal_words_make_equal_lines():
    """Six words on three lines are two on each."""
    text = "aaaa bbbb cccc dddd eeee ffff"
    allowed = np.array([5, 10, 15, 20, 25])
    spans = even_breaks(3, len(text), allowed, np.arange(len(text)), np.ones(len(text)))
    assert [text[a:b].strip() for a, b in spans] == ["aaaa bbbb", "cccc dddd", "eeee ffff"]
