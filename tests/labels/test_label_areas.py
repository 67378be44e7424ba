"""Areas and visible shares of labels, by hand."""

from __future__ import annotations

import numpy as np

from glyphmill.core.geometry import polygon_areas, visible_share
from glyphmill.run.label_check import label_problems
from tests.jobs import open_job


def test_the_visible_share_is_one_of_area() -> None:
    """Inside, over one edge, over a corner, outside; and boxes without width or height."""
    boxes = np.array(
        [[0, 0, 10, 8], [-5, 0, 5, 8], [8, 6, 12, 10], [20, 0, 30, 8], [5, 2, 5, 6], [5, -2, 5, 6], [15, 2, 15, 6]],
        np.float64,
    )
    assert visible_share(boxes, 10, 8).tolist() == [1, 0.5, 0.25, 0, 1, 0.75, 0]


def test_areas_are_those_of_the_polygons() -> None:
    """Either way round, and far from the origin."""
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]])
    sheared = square + square[:, 1:] * [1.0, 0.0]
    corners = np.concatenate([square, square[::-1], sheared[:3] + 1e6, sheared + 1e6])
    assert polygon_areas(corners, np.array([4, 4, 3, 4])).tolist() == [12, 12, 6, 12]
    assert polygon_areas(corners[:0], np.array([], np.int64)).tolist() == []


def test_what_is_cut_off_says_so() -> None:
    """A label whose image shows only a part of its text: shares fall from 1 to 0, and only then are written."""
    job = open_job([{"text": {"language": "en", "length": 12}, "canvas": {"padding": 0}}], 1)
    made = job.generate(0)
    height, width = made.image.shape[:2]
    whole, cut = made.labels.to_dict(width, height), made.labels.to_dict(width // 2, height)
    inked = [entry for entry in whole["bboxes"] if entry["ink"]]
    assert not any("visible" in entry for entry in inked)
    for box, entry in zip(whole["bboxes"], cut["bboxes"], strict=True):
        size = box["x1"] - box["x0"]
        share = 1.0 if entry["x1"] == box["x1"] else (entry["x1"] - entry["x0"]) / size
        assert abs(entry.get("visible", 1.0) - share) <= 0.002 + 0.02 / max(size, 1)
    assert {entry.get("visible") for entry in cut["bboxes"]} >= {None, 0.0}
    label = made.label
    assert label_problems(label) == []
    label["bboxes"][0]["visible"] = 1.0
    label["words"][0]["area"] = -1
    assert len(label_problems(label)) == 2
