"""Labels against the pixels that they speak of: ten scripts, four directions, straight text, black on white."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.generator import RenderedText
from glyphmill.run.job import Job
from glyphmill.testing.ink import INK, ink_errors
from tests.jobs import BLACK_ON_WHITE, open_job

LANGUAGES = ("en", "ru", "el", "ar", "he", "hi", "th", "zh-Hans", "ja", "ko")
DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")

#: Samples of each direction in the main test: 1,000 in all.
SAMPLES = 250

#: Settings that move, resize or overlap glyphs: the label must go along with each.
SETUPS: dict[str, dict[str, Any]] = {
    "letter_spacing": {"layout": {"letter_spacing": [3, 12], "word_spacing": [0, 20]}},
    "tight_letters": {"layout": {"letter_spacing": [-4, -1]}},
    "overlap": {"layout": {"overlap": {"min": 0.1, "max": 0.4, "distribution": "uniform"}}},
    "synthetic_bold": {"font": {"bold": [0.01, 0.06]}},
    "synthetic_thin": {"font": {"bold": [-0.03, -0.01]}},
    "slant": {"font": {"slant": [-0.4, 0.4]}},
    "slant_and_bold": {"font": {"slant": [0.1, 0.3], "bold": [0.02, 0.05]}},
    "weight_axis": {"font": {"axes": {"wght": [100, 900], "wdth": [62.5, 100]}}},
    "without_kerning": {"layout": {"kerning": False}},
    "all_upright": {"layout": {"orientation": "upright"}},
    "mixed_posture": {"layout": {"orientation": "mixed"}},
    "all_sideways": {"layout": {"orientation": "sideways"}},
    "wide_lines": {"layout": {"line_spacing": [1.5, 2.5]}},
    "close_lines": {"layout": {"line_spacing": [0.5, 0.9]}},
    "color_per_glyph": {"color": {"mode": "per_glyph", "rgb": [[0, 0, 0], [90, 90, 90]]}},
    "fixed_canvas": {"canvas": {"width": 1600, "height": 1600, "placement": "random"}},
    "no_padding": {"canvas": {"padding": 0, "around": "ink"}},
    "huge": {"font": {"size": [150, 250]}, "text": {"length": [3, 8]}},
    "tiny": {"font": {"size": [5, 9]}},
}


def job_of(directions: Iterable[str], count: int, changes: Mapping[str, Mapping[str, Any]]) -> Job:
    """Every language in each direction, on one to three lines, aligned at random."""
    base: dict[str, dict[str, Any]] = {
        "text": {"length": [14, 50], "lines": [1, 3]},
        "font": {"size": [16, 48], "axes": {"wght": [100, 900]}},
        "layout": {"align": ["start", "center", "end"]},
        "canvas": {},
        **BLACK_ON_WHITE,
    }
    defaults = {section: {**given, **changes.get(section, {})} for section, given in base.items()}
    specifications = [
        {"text": {"language": language, "direction": direction}} for direction in directions for language in LANGUAGES
    ]
    return open_job(specifications, count, defaults=defaults)


@dataclass(frozen=True)
class Found:
    """Differences between labels and ink over many images, px; see ``glyphmill.testing.ink.InkErrors``."""

    isolated: NDArray[np.float64]
    alone: NDArray[np.float64]
    union: NDArray[np.float64]
    outside: int
    ink: int


def measured(job: Job) -> Found:
    """What becomes of all the job's text, rendered without a background."""
    isolated, alone, union, outside, ink = [], [], [], 0, 0
    for index in range(len(job)):
        text = job.generator._render_text(job.plan(index))
        errors = ink_errors(text.labels.boxes(), text.labels.ink, text.ink.mask)
        isolated.append(errors.boxes)
        alone.append(alone_errors(text))
        union.append(errors.union)
        outside += errors.outside
        ink += errors.ink
    return Found(np.concatenate(isolated), np.concatenate(alone), np.array(union), outside, ink)


def alone_errors(text: RenderedText) -> NDArray[np.float64]:
    """Largest border difference between the box of each cluster and the ink of its own glyphs, rasterised alone.

    This reaches the clusters of scripts whose letters join, which never stand isolated. Clusters that share a glyph
    are left out: no pixel says where one ends.
    """
    layout, placed, m = text.layout, text.placed, len(text.layout.spans)
    found = np.tile([np.inf, np.inf, -np.inf, -np.inf], (m, 1))
    for glyph, cluster in enumerate(layout.cluster.tolist()):
        matrix = (*placed.matrix[glyph].ravel().tolist(), *placed.origin[glyph].tolist())
        raster = layout.fonts.instances[layout.font[glyph]].raster(int(layout.gid[glyph]), matrix)
        if raster is None:
            continue
        ys, xs = np.nonzero(raster.mask >= INK)
        if len(xs):
            box = raster.x + np.array([xs.min(), xs.max() + 1]), raster.y + np.array([ys.min(), ys.max() + 1])
            found[cluster, :2] = np.minimum(found[cluster, :2], [box[0][0], box[1][0]])
            found[cluster, 2:] = np.maximum(found[cluster, 2:], [box[0][1], box[1][1]])
    kept = np.isfinite(found[:, 0]) & ~layout.shared
    return np.asarray(np.abs(text.labels.boxes() - found)[kept].max(axis=1, initial=0.0))


def assert_true(found: Found) -> None:
    assert found.union.max() <= 1.0, "the boxes together reach as far as the ink, and no farther"
    assert found.outside <= 0.001 * found.ink, "ink lies in boxes"
    assert len(found.alone) > 3 * len(found.union), "there are clusters enough to speak of"
    assert np.percentile(found.alone, 99) <= 1.0, "a box is as large as its own glyphs"
    if len(found.isolated):
        assert np.percentile(found.isolated, 99) <= 1.0, "a box is where the pixels are"


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_boxes_are_where_the_ink_is(direction: str) -> None:
    """|box - ink| is at most 1 px at the 99th percentile, and 99.9 % of all ink lies in a box."""
    found = measured(job_of([direction], SAMPLES, {}))
    assert len(found.isolated) > SAMPLES
    assert_true(found)


@pytest.mark.parametrize("setup", SETUPS)
def test_boxes_follow_every_setting(setup: str) -> None:
    """No setting of font, layout, color or canvas takes the boxes off their ink."""
    assert_true(measured(job_of(DIRECTIONS, len(DIRECTIONS) * len(LANGUAGES), SETUPS[setup])))


def test_boxes_fit_the_finished_image() -> None:
    """The label that is written, with its two decimals, fits the image that is written."""
    job = job_of(DIRECTIONS, 40, {})
    for sample in job:
        label = sample.label
        boxes = np.array([[box[key] for key in ("x0", "y0", "x1", "y1")] for box in label["bboxes"]])
        inked = np.array([box["ink"] for box in label["bboxes"]])
        errors = ink_errors(boxes, inked, 255 - sample.image.min(axis=2))
        assert (label["height"], label["width"]) == sample.image.shape[:2]
        assert errors.union <= 1.01
        assert errors.outside <= 0.001 * errors.ink
