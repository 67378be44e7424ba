"""Letters of which nothing is drawn: found before a label says that they are there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.coverage import may_be_blank
from glyphmill.core.errors import Reject
from glyphmill.stages.layout.page import Layout


def check_drawn(layout: Layout, owner: NDArray[np.int64]) -> None:
    """Check that each cluster has ink, except those that are rightly blank, such as spaces.

    The catalogue has seen the ink of each character alone; within a text a font may put another glyph in its place.

    Args:
        owner: the glyph of each point on an outline, (p,).

    Raises: Reject ``no_ink`` with the font of the first cluster without.
    """
    blank = np.bincount(owner, minlength=len(layout.cluster)) == 0
    if not blank.any():
        return
    drawn = set(layout.cluster[~blank].tolist())
    for glyph in np.flatnonzero(blank).tolist():
        first, parts = int(layout.cluster[glyph]), int(layout.parts[glyph])
        text = layout.text[layout.spans[first, 0] : layout.spans[first + parts - 1, 1]]
        if first not in drawn and not all(map(may_be_blank, map(ord, text))):
            digest = layout.fonts.digests[int(layout.font[glyph])]
            raise Reject("ink", "no_ink", f"{text[:40]!r} draws nothing", ("fonts", digest))
