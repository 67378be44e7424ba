"""Painting in sets of glyphs that do not meet gives what painting glyph by glyph gives, to the last level."""

import numpy as np
import pytest

from glyphmill.stages.ink.paint import paint
from tests.jobs import open_job

LANGUAGES = ["en", "el", "ar", "he", "hi", "th", "ja", "ko"]
DIRECTIONS = ["left_to_right", "top_to_bottom", "bottom_to_top"]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_sets_equal_single_glyphs(language, direction):
    """Overlap, spacing, bold, slant and several lines included."""
    job = open_job(
        [
            {
                "text": {"language": language, "direction": direction, "lines": [1, 3]},
                "font": {"size": [9, 60], "bold": [0, 0.06], "slant": [-0.3, 0.3]},
                "layout": {"overlap": [0, 0.5], "letter_spacing": [-3, 6], "line_spacing": [0.5, 1.5]},
            }
        ],
        6,
    )
    for index in range(6):
        rendered = job.generator._render_text(job.plan(index))
        alone = paint(
            rendered.layout,
            rendered.placed,
            rendered.width,
            rendered.height,
            color_of_cluster=np.zeros(len(rendered.layout.spans), np.uint8),
        )
        assert np.array_equal(rendered.ink.mask, alone.mask)


def test_a_long_line_equals_single_glyphs():
    """So does a line of more glyphs than are compared at once, and it takes no table of all pairs."""
    job = open_job([{"text": {"language": "en", "length": 1500}, "font": {"size": 8}}], 1)
    rendered = job.generator._render_text(job.plan(0))
    assert len(rendered.layout.gid) > 1000
    single = np.zeros(len(rendered.layout.spans), np.uint8)
    size = (rendered.width, rendered.height)
    alone = paint(rendered.layout, rendered.placed, *size, color_of_cluster=single)
    assert np.array_equal(rendered.ink.mask, alone.mask)
