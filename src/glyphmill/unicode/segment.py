"""Where text may be counted, cut and broken: grapheme clusters, words and lines.

All offsets are indices into the Python string, so code points, not bytes. The text must be free of lone surrogates,
as ``normalize.clean_text`` leaves it.
Source: UAX #29 and UAX #14 by unicode-segmentation-rs 1.0, whose few departures from the conformance tests are
counted in tests/unicode/test_segment.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Literal

from unicode_segmentation_rs import graphemes as _clusters
from unicode_segmentation_rs import line_break_units

from glyphmill.core.errors import Reject

#: The longest cluster that is text rather than an attack: a base and the 30 marks of UAX #15's stream-safe format.
MAX_CLUSTER = 31

_TOKEN = re.compile(r"\S+")


def graphemes(text: str) -> list[int]:
    """Boundaries of the extended grapheme clusters: 0, then the end of each cluster; n clusters give n + 1 numbers."""
    if text.isascii() and "\r" not in text:
        return list(range(len(text) + 1))
    return list(accumulate(map(len, _clusters(text, True)), initial=0))


def count_graphemes(text: str) -> int:
    """The number of extended grapheme clusters."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return len(_clusters(text, True))


def cut_graphemes(text: str, n: int) -> str:
    """The first ``n`` clusters of a text, or all of it; takes time in proportion to what is kept."""
    if n <= 0:
        return ""
    window = 2 * n + 16
    while window < len(text):
        ends = graphemes(text[:window])
        # The last cluster found may go on beyond the window; every other one ends where it would in the whole text.
        if n < len(ends) - 1:
            return text[: ends[n]]
        window *= 4
    ends = graphemes(text)
    return text[: ends[n]] if n < len(ends) else text


def check_size(text: str, *, max_characters: int, max_cluster: int = MAX_CLUSTER) -> None:
    """Refuse text that would cost more than a sample may.

    Args:
        text: clean text.
        max_characters: most code points of the whole text.
        max_cluster: most code points of one grapheme cluster.

    Raises: Reject ``too_many_characters`` or ``long_cluster``.
    """
    if len(text) > max_characters:
        raise Reject("text", "too_many_characters", f"{len(text)} of at most {max_characters}")
    if len(text) <= max_cluster or text.isascii():
        return
    longest = max(map(len, _clusters(text, True)))
    if longest > max_cluster:
        raise Reject("text", "long_cluster", f"{longest} code points on one base; at most {max_cluster}")


def words(text: str) -> list[tuple[int, int]]:
    """Start and end of each word: what white space delimits, never a part of a grapheme cluster.

    A mark that stands on a space makes that space part of the mark's word.
    """
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    if text.isascii():
        return tokens
    ends = graphemes(text)
    if len(ends) == len(text) + 1:
        return tokens
    whole: list[tuple[int, int]] = []
    for start, end in tokens:
        first, last = ends[bisect_right(ends, start) - 1], ends[bisect_left(ends, end)]
        if whole and first < whole[-1][1]:
            first = whole.pop()[0]
        whole.append((first, last))
    return whole


def line_breaks(text: str) -> list[int]:
    """Offsets after which a line may end by UAX #14, the end of the text included, 0 not.

    Thai, Lao, Khmer and Myanmar need a dictionary to be broken elsewhere than at spaces, and there is none here.
    """
    breaks = list(accumulate(map(len, line_break_units(text))))
    if text.isascii():
        return breaks
    ends = graphemes(text)
    if len(ends) == len(text) + 1:
        return breaks
    whole = set(ends)  # UAX #14 lets a line end between a space and a mark on it
    return [offset for offset in breaks if offset in whole]


def break_offsets(text: str, mode: Literal["word", "character"]) -> list[int]:
    """Offsets after which a line may end: between words as UAX #14 has it, or, as a last resort, after any cluster."""
    return line_breaks(text) if mode == "word" else graphemes(text)[1:]
