"""Which writing systems a font can set: it has the basic letters, and shaping them works.

The rule. A script counts as covered when the font draws at least nine tenths of its basic letters (those of its most
spoken language: ``letters.txt``), when a few words of that language shape without a missing glyph, and, for scripts
whose letters change in context, when shaping does change them. A script that is not in ``letters.txt`` needs three
quarters of the letters that Unicode gives it. Han is listed as Hans, Hant and Jpan by the characters taught there,
and as Hani for any of them; Hang stands for the syllables alone and Kore for the same as a writing system.
A font of which more than half is symbols (emoji, arrows) sets no script: what letters it has
are for company.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb
import unicodedata2
from fontTools.unicodedata import Scripts, script

_ENOUGH_LETTERS = 0.9
_ENOUGH_OF_ALL_LETTERS = 0.75
_NO_SCRIPT = frozenset({"Zyyy", "Zinh", "Zzzz", "Hani"})

_CHANGES = {
    # Cursive: three letters in a row take other glyphs than three times the letter alone.
    "Adlm": "\U0001e926" * 3,
    "Arab": "\u0628" * 3,
    "Mong": "\u182a" * 3,
    "Nkoo": "\u07d3" * 3,
    "Syrc": "\u0712" * 3,
    # Conjuncts and subjoined letters: the sign between two consonants does not stay as it is.
    "Bali": "\u1b13\u1b44\u1b13",
    "Beng": "\u0995\u09cd\u09b7",
    "Deva": "\u0915\u094d\u0937",
    "Gujr": "\u0a95\u0acd\u0ab7",
    "Guru": "\u0a2a\u0a4d\u0a30",
    "Java": "\ua98f\ua9c0\ua98f",
    "Khmr": "\u1780\u17d2\u1780",
    "Knda": "\u0c95\u0ccd\u0c95",
    "Mlym": "\u0d15\u0d4d\u0d15",
    "Mymr": "\u1000\u1039\u1000",
    "Orya": "\u0b15\u0b4d\u0b37",
    "Telu": "\u0c15\u0c4d\u0c15",
}

_ALSO = {"Hans": "Hani", "Hant": "Hani", "Jpan": "Hani", "Kore": "Hang"}


class _Basics(NamedTuple):
    letters: frozenset[int]
    words: str


def supported_scripts(font: hb.Font, covered: frozenset[int]) -> tuple[str, ...]:
    """ISO 15924 codes, sorted, by the rule above.

    Args:
        covered: the code points that the font really draws.
    """
    if 2 * sum(map(_is_symbol, covered)) > len(covered):
        return ()
    basics = _basics()
    found = {code for code, known in basics.items() if _covers(known, covered) and _shapes(font, code, known.words)}
    others: dict[str, int] = {}
    for point in covered:
        code = script(chr(point))
        if code not in basics and code not in _NO_SCRIPT and _is_letter(point):
            others[code] = others.get(code, 0) + 1
    totals = _letters_of_other_scripts() if others else {}
    found |= {
        code
        for code, count in others.items()
        if count >= _ENOUGH_OF_ALL_LETTERS * totals.get(code, count + 1) and _shapes(font, code, "")
    }
    found |= {_ALSO[code] for code in found if code in _ALSO}
    return tuple(sorted(found))


def shape_gids(font: hb.Font, text: str, code: str) -> list[int]:
    """Glyphs of a text of one script, in visual order."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.script = {"Hans": "Hani", "Hant": "Hani", "Jpan": "Kana", "Kore": "Hang"}.get(code, code)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    return [info.codepoint for info in buffer.glyph_infos]


def _covers(known: _Basics, covered: frozenset[int]) -> bool:
    return len(known.letters & covered) >= _ENOUGH_LETTERS * len(known.letters)


def _shapes(font: hb.Font, code: str, words: str) -> bool:
    if words and 0 in shape_gids(font, words, code):
        return False
    probe = _CHANGES.get(code)
    if probe is None:
        return True
    together = shape_gids(font, probe, code)
    apart = [font.get_nominal_glyph(ord(letter)) or 0 for letter in probe]
    return 0 not in together and sorted(together) != sorted(apart)


@lru_cache(maxsize=1)
def _basics() -> dict[str, _Basics]:
    rows: dict[str, _Basics] = {}
    for line in Path(__file__).with_name("letters.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, letters, words = line.split("\t")
            rows[code] = _Basics(frozenset(map(ord, letters)), words)
    return rows


@lru_cache(maxsize=1)
def _letters_of_other_scripts() -> dict[str, int]:
    known = _NO_SCRIPT.union(_basics())
    totals: dict[str, int] = {}
    ends = [*Scripts.RANGES[1:], 0x110000]
    for first, end, code in zip(Scripts.RANGES, ends, Scripts.VALUES, strict=True):
        if code not in known:
            totals[code] = totals.get(code, 0) + sum(map(_is_letter, range(first, end)))
    return totals


def _is_letter(point: int) -> bool:
    return bool(unicodedata2.category(chr(point)).startswith("L"))


def _is_symbol(point: int) -> bool:
    return unicodedata2.category(chr(point)) in ("Sc", "Sk", "Sm", "So")
