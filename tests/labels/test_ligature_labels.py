"""Labels of ligatures: one glyph draws several clusters, which share its ink in the order in which they are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from glyphmill.generator import RenderedText
from glyphmill.testing.ink import INK
from tests.jobs import open_job

DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")

#: Text, font, a feature that forms the ligatures, and the sign of their clusters' order along the line.
LIGATURES = {
    "latin": ("office fluffy affliction", "NotoSans?wght?.ttf", "liga", 1),
    "italic": ("office fluffy affliction", "NotoSans-Italic*", "liga", 1),
    "hebrew": ("אל ווי ייו אלאל", "NotoSansHebrew*", "dlig", -1),
    "arabic": ("الل\u0651\u0670ه", "NotoSansArabic*", "liga", -1),
}


@pytest.mark.parametrize("name", LIGATURES)
def test_parts_of_a_ligature_share_its_ink(name: str, tmp_path: Path) -> None:
    """Their boxes together are the glyph's ink within 1 px, and follow each other along the line without overlap."""
    text, font, feature, sign = LIGATURES[name]
    (tmp_path / "text.txt").write_text(text + "\n", encoding="utf-8")
    specifications = [
        {
            "text": {"corpus": "text.txt", "take": "line", "direction": direction},
            "font": {"filter": font, "features": {feature: 1}, "size": [20, 80], "slant": slant},
            "layout": {"orientation": "sideways"},
        }
        for direction in DIRECTIONS
        for slant in (0, 0.5, -0.5)
    ]
    job = open_job(specifications, 2 * len(specifications), corpora=tmp_path)
    found = sum(_checked(job.generator._render_text(job.plan(index)), sign) for index in range(len(job)))
    assert found >= len(job)


def _checked(text: RenderedText, sign: int) -> int:
    """How many ligatures there are, all of them sound."""
    layout, placed = text.layout, text.placed
    boxes, along = text.labels.boxes(), layout.axes[0]
    ligatures = np.flatnonzero(layout.parts > 1).tolist()
    for glyph in ligatures:
        first = layout.cluster[glyph]
        parts = boxes[first : first + layout.parts[glyph]]
        raster = layout.fonts.instances[layout.font[glyph]].raster(
            int(layout.gid[glyph]), (*placed.matrix[glyph].ravel().tolist(), *placed.origin[glyph].tolist())
        )
        assert raster is not None
        ys, xs = np.nonzero(raster.mask >= INK)
        ink = [raster.x + xs.min(), raster.y + ys.min(), raster.x + xs.max() + 1, raster.y + ys.max() + 1]
        union = np.concatenate([parts[:, :2].min(axis=0), parts[:, 2:].max(axis=0)])
        assert np.abs(union - ink).max() <= 1.0, text.labels.text
        edges = np.sort(np.stack([parts[:, :2] @ along, parts[:, 2:] @ along], axis=1), axis=1)[::sign]
        assert (edges[1:, 0] >= edges[:-1, 1] - 0.01).all(), text.labels.text
    return len(ligatures)
