from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.unicode import orientation, segment

tall_text = st.text(
    alphabet="aZ1 é\u0301日本かカ\u3099ァっー「」、。（）…👩\u200d💻🇦🇺1\u20dd가\u1100\u1161नि", max_size=30
)


@pytest.mark.parametrize(
    ("cluster", "value"),
    [
        *[("A", "R"), ("日", "U"), ("カ", "U"), ("가", "U"), ("€", "R"), ("ا", "R"), ("©", "U"), ("👩\u200d💻", "U")],
        *[("っ", "Tu"), ("、", "Tu"), ("。", "Tu"), ("「", "Tr"), ("ー", "Tr"), ("（", "Tr"), ("か\u3099", "U")],
        *[("1\u20dd", "U"), ("e\u0301", "R"), ("\u0378", "R"), ("\U0003fffe", "R"), ("\U00020000", "U")],
    ],
)
def test_orientation_of_a_cluster(cluster: str, value: str) -> None:
    """A cluster has the property of its first character; an enclosing mark sets it upright."""
    assert orientation.orientations(cluster) == [(0, len(cluster), value)]


@given(tall_text)
def test_vertical_runs_are_clusters_set_alike(text: str) -> None:
    """Runs alternate between upright and lying, cover the text once, and agree with each cluster's property."""
    runs = orientation.vertical_runs(text)
    assert all(a[2] != b[2] for a, b in pairwise(runs))
    upright = [stands for start, end, stands in runs for _ in range(start, end)]
    assert len(upright) == len(text)
    clusters = orientation.orientations(text)
    assert [start for start, _, _ in clusters] == segment.graphemes(text)[:-1]
    for start, end, value in clusters:
        assert upright[start:end] == [value in {"U", "Tu"}] * (end - start)
