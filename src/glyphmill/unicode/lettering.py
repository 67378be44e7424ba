"""A property of code points as letters: ``text.translate(lettering)`` spells the property of every character at once.

What follows can then be done by string methods and regular expressions, at C speed, on a string as long as the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator


class Lettering(dict[int, str]):
    """Code point -> one letter, found once for each code point that occurs."""

    def __init__(self, find: Callable[[int], str]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, code_point: int) -> str:
        letter = self[code_point] = self._find(code_point)
        return letter


def parse_ranges(table: str) -> Iterator[tuple[int, int, str]]:
    """First and last code point and value of each ``first-last=value`` or ``only=value`` in a generated table."""
    for item in table.split():
        span, _, value = item.partition("=")
        first, _, last = span.partition("-")
        yield int(first, 16), int(last or first, 16), value


def range_finder(table: str, default: str) -> Callable[[int], str]:
    """A function from a code point to its value in a generated table, ``default`` outside of its ranges."""
    ranges = sorted(parse_ranges(table))
    firsts = [first for first, _, _ in ranges]

    def find(code_point: int) -> str:
        place = bisect_right(firsts, code_point) - 1
        return ranges[place][2] if place >= 0 and code_point <= ranges[place][1] else default

    return find
