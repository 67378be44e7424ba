"""Where a paragraph of a given number of lines breaks: as even as the places allowed for it permit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def even_breaks(
    lines: int, length: int, allowed: NDArray[np.int64], starts: NDArray[np.int64], widths: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Split [0, length) into at most ``lines`` spans whose widths are close to equal.

    Args:
        lines: how many lines are wanted; fewer come back when there are too few places to break.
        length: length of the text, code points.
        allowed: offsets at which a line may end, ascending, without 0 and ``length``.
        starts: start of each measured cluster, ascending.
        widths: advance of each measured cluster, px.
    """
    if lines <= 1 or len(allowed) == 0:
        return [(0, length)]
    reach = np.concatenate([[0.0], np.cumsum(widths)])
    at_break = reach[np.searchsorted(starts, allowed)]
    breaks: list[int] = []
    first = 0
    for line in range(1, lines):
        left = lines - line
        last = len(allowed) - left + 1  # leave one place for each line still to come
        if last <= first:
            last = min(first + 1, len(allowed))
        if first >= last:
            break
        done = at_break[first - 1] if first else 0.0
        target = done + (reach[-1] - done) / (left + 1)
        chosen = first + int(np.argmin(np.abs(at_break[first:last] - target)))
        breaks.append(int(allowed[chosen]))
        first = chosen + 1
    return list(pairwise([0, *breaks, length]))
