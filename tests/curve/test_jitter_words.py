"""Jitter of scripts whose letters join: words move as wholes, so that nothing is torn, and labels follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.core.geometry import group_bounds
from glyphmill.generator import RenderedText
from glyphmill.stages.curve.lines import CurvedLines
from glyphmill.stages.layout.place import block_of, place
from tests.jobs import open_job, registry

DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")
JITTER: dict[str, Any] = {"offset": 4.0, "rotation": 12.0, "scale": 0.1}

Motion = tuple[complex, complex]


def rendered(language: str, direction: str, bend: str, number: int = 0) -> RenderedText:
    text = {"language": language, "direction": direction, "length": [24, 40], "lines": [1, 3]}
    section = {"jitter": {**JITTER, "bend": bend}}
    job = open_job([{"text": text, "font": {"size": 40}, "curve": section}], 3)
    return job.generator._render_text(job.plan(number))


def motions(text: RenderedText, bend: str) -> list[Motion | None]:
    """How the outline of each cluster moved from straight text, as z -> a z + b; None for one without ink."""
    straight = place(text.layout)[1]
    moved = place(text.layout, jittered(text), bend=bend)[1]
    ends = np.cumsum(straight.outline_counts)
    found: list[Motion | None] = []
    for start, end in zip((ends - straight.outline_counts).tolist(), ends.tolist(), strict=True):
        z, w = (as_complex(labels.outline[start:end]) for labels in (straight, moved))
        if end - start < 2:
            found.append(None)
            continue
        centered = z - z.mean()
        a = complex(np.vdot(centered, w - w.mean()) / np.vdot(centered, centered))
        b = complex(w.mean() - a * z.mean())
        assert np.abs(a * z + b - w).max() < 1e-6, "a cluster keeps its shape"
        found.append((a, b))
    return found


def jittered(text: RenderedText) -> CurvedLines:
    unit = registry().get("curve", "jitter")
    assert unit is not None
    made: CurvedLines = unit.apply(unit.params(**{**JITTER, "bend": "auto", "seed": 11}), block_of(text.layout))
    return made


def as_complex(points: NDArray[np.float64]) -> NDArray[np.complex128]:
    return points[:, 0] + 1j * points[:, 1]


def words_of(text: RenderedText, found: list[Motion | None]) -> list[list[Motion]]:
    """The motions of the clusters of each stretch without white space, line by line."""
    words: list[list[Motion]] = [[]]
    line = 0
    for (start, _), number, motion in zip(text.layout.spans.tolist(), text.layout.line.tolist(), found, strict=True):
        if text.layout.text[start].isspace() or number != line:
            words.append([])
            line = number
        if motion is not None and not text.layout.text[start].isspace():
            words[-1].append(motion)
    return [word for word in words if word]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("language", ["ar", "hi", "bn", "ur"])
def test_joined_letters_move_together(language: str, direction: str) -> None:
    """Within a word all clusters move, turn and grow alike, so those that touch go on touching; words differ."""
    text = rendered(language, direction, "auto")
    words = words_of(text, motions(text, "auto"))
    for word in words:
        np.testing.assert_allclose([a for a, _ in word], word[0][0], atol=1e-9)
        np.testing.assert_allclose([b for _, b in word], word[0][1], atol=1e-6)
    turns = [word[0][0] for word in words]
    assert len(words) > 2
    assert np.abs(np.diff(turns)).min() > 1e-4, "no word moves as the one before it"
    assert np.abs(np.array(turns) - 1).max() > 0.005, "and they do move"


@pytest.mark.parametrize(("language", "bend"), [("en", "auto"), ("ja", "auto"), ("ar", "rigid"), ("hi", "rigid")])
def test_other_letters_move_alone(language: str, bend: str) -> None:
    """Clusters of scripts that do not join each have a motion of their own; so have all where ``bend`` is rigid."""
    text = rendered(language, "left_to_right", bend)
    shared = text.layout.shared
    own = [motion for motion, part in zip(motions(text, bend), shared.tolist(), strict=True) if motion and not part]
    assert len(own) > 10
    assert np.abs(np.diff([a for a, _ in own])).min() > 1e-6


def test_nothing_moves_where_all_bends() -> None:
    """Jittered lines are straight."""
    text = rendered("ar", "right_to_left", "bend")
    straight, moved = place(text.layout)[1], place(text.layout, jittered(text), bend="bend")[1]
    np.testing.assert_allclose(moved.boxes(), straight.boxes(), atol=1e-6)
    np.testing.assert_allclose(moved.quads, straight.quads, atol=1e-6)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("language", ["en", "ar", "hi", "ja"])
def test_words_and_lines_enclose_letters_off_their_places(language: str, direction: str) -> None:
    """The polygon of a word holds the ink of its clusters, and that of a line the polygons of its words."""
    text = rendered(language, direction, "auto")
    labels = text.labels
    ink = group_bounds(labels.outline, labels.outline_counts)
    for box, word in zip(ink, labels.word.tolist(), strict=True):
        if word >= 0 and not np.isnan(box[0]):
            assert holds(labels.word_polygons[word], box)
    for polygon, line in zip(labels.word_polygons, labels.word_line.tolist(), strict=True):
        assert holds(labels.line_polygons[line], [*polygon.min(axis=0), *polygon.max(axis=0)])


def holds(polygon: NDArray[np.float64], box: Any) -> bool:
    """Whether an upright rectangle holds a box."""
    low, high = polygon.min(axis=0) - 1e-6, polygon.max(axis=0) + 1e-6
    return bool((low <= box[:2]).all() and (box[2:] <= high).all())
