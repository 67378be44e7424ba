"""Which script each part of a text is written in: what a font is chosen and text is shaped by.

Source: UAX #24; scripts of Unicode 18 by fontTools.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from fontTools import unicodedata as ucd

from glyphmill.unicode.lettering import Lettering, parse_ranges
from glyphmill.unicode.segment import graphemes
from glyphmill.unicode.tables import BRACKETS

#: The script of text in which no character has one of its own: ISO 15924 for "common".
COMMON = "Zyyy"

_HAN = "Hani"
_HAN_AND_KANA = frozenset([_HAN, "Hira", "Kana"])
_MAX_OPEN_BRACKETS = 63
_CODES = sorted(set(ucd.Scripts.NAMES))
_SHARED = "\0"  # the letter of characters that take the script of their neighbours
_LETTER = {code: chr(1 + i) for i, code in enumerate(_CODES)} | dict.fromkeys((COMMON, "Zinh", "Zzzz"), _SHARED)
_CODE = {letter: code for code, letter in _LETTER.items() if letter != _SHARED}
_OWN = re.compile("[^\0]")

_SCRIPTS = Lettering(lambda code_point: _LETTER[ucd.script(chr(code_point))])


@lru_cache(maxsize=1 << 12)
def _extensions(char: str) -> frozenset[str]:
    """Letters of the scripts that a shared character is used with; empty if it goes with any."""
    return frozenset(_LETTER[code] for code in ucd.script_extension(char)) - {_SHARED}


@lru_cache(maxsize=1)
def _brackets() -> dict[str, str]:
    """Opening bracket -> closing bracket, and closing bracket -> ""."""
    pairs = {chr(first): chr(int(value, 16)) for first, _, value in parse_ranges(BRACKETS)}
    return pairs | dict.fromkeys(pairs.values(), "")


def script_runs(text: str) -> list[tuple[int, int, str]]:
    """Start, end and script (ISO 15924, as HarfBuzz takes it) of each run of one script; clusters stay whole.

    Characters common to many scripts go with those before them, or, at the start and where their use with that
    script is not known but with the following one is, with those after them; a closing bracket goes with its
    opening one. Text without any script of its own is one run of ``COMMON``.
    """
    if not text:
        return []
    letters = text.translate(_SCRIPTS)
    own = set(letters)
    own.discard(_SHARED)
    if len(own) <= 1:
        return [(0, len(text), _CODE[own.pop()] if own else COMMON)]
    return _whole_clusters(_cut(_resolve(text, letters)), text)


def first_script(text: str) -> str:
    """The script of the first of ``script_runs``; ``COMMON`` if no character has one of its own."""
    letter = _OWN.search(text.translate(_SCRIPTS))
    return _CODE[letter[0]] if letter else COMMON


def shaping_runs(text: str) -> list[tuple[int, int, str]]:
    """As ``script_runs``, with Han, Hiragana and Katakana as one: text mixes them, and shapers treat them alike.

    What holds Han is of the script Han, whose forms depend on the language.
    """
    runs = script_runs(text)
    if len(runs) == 1:
        return runs
    joined: list[tuple[int, int, str]] = []
    for start, end, script in runs:
        if joined and script in _HAN_AND_KANA and joined[-1][2] in _HAN_AND_KANA:
            start, _, before = joined.pop()
            script = _HAN if _HAN in (script, before) else before
        joined.append((start, end, script))
    return joined


def _resolve(text: str, letters: str) -> str:
    """The script of every character, one letter each, none of them shared."""
    following = _OWN.search(letters)
    current = following[0] if following else _SHARED
    brackets = _brackets()
    waiting: list[tuple[str, str]] = []
    resolved = []
    for i, (char, letter) in enumerate(zip(text, letters, strict=True)):
        if letter != _SHARED:
            current = letter
        else:
            used_with = _extensions(char)
            if used_with and current not in used_with:
                if following and following.start() < i:
                    following = _OWN.search(letters, i)
                if following and following[0] in used_with:
                    current = following[0]
            closing = brackets.get(char)
            if closing:
                waiting.append((closing, current))
                del waiting[:-_MAX_OPEN_BRACKETS]
            elif closing == "":
                depth = next((d for d in range(len(waiting) - 1, -1, -1) if waiting[d][0] == char), -1)
                if depth >= 0:
                    current = waiting[depth][1]
                    del waiting[depth:]
        resolved.append(current)
    return "".join(resolved)


def _cut(resolved: str) -> list[tuple[int, int, str]]:
    return [(m.start(), m.end(), _CODE[m[1]]) for m in re.finditer(r"(.)\1*", resolved, re.DOTALL)]


def _whole_clusters(runs: list[tuple[int, int, str]], text: str) -> list[tuple[int, int, str]]:
    """Runs cut at cluster boundaries only: a cluster goes with its first character."""
    ends = graphemes(text)
    if len(ends) == len(text) + 1:
        return runs
    whole: list[tuple[int, int, str]] = []
    for start, end, script in runs:
        first, last = ends[bisect_left(ends, start)], ends[bisect_left(ends, end)]
        if first == last:
            continue
        if whole and whole[-1][2] == script:
            first = whole.pop()[0]
        whole.append((first, last, script))
    return whole
