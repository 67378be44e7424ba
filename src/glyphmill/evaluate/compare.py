"""How far a reading is from what is written: edit distances over code points and over words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from glyphmill.evaluate.engine import EngineError

Form = Literal["nfc", "nfkc"]
#: Of two sequences.
Distance = Callable[[Sequence[str], Sequence[str]], int]
#: Scripts that are written without spaces between words. Readers put spaces anywhere in them, or nowhere.
_UNSPACED = frozenset("Bopo Hani Hans Hant Hira Jpan Kana Khmr Laoo Mymr Thai Tibt Yiii".split())


@dataclass(frozen=True)
class Edits:
    """How much of a text was read wrong.

    Attributes:
        characters: code points of the text.
        character_edits: that were put in, left out or replaced; may be more than there are.
        words: of the text; 0 in scripts that are written without spaces.
        word_edits: likewise.
    """

    characters: int
    character_edits: int
    words: int
    word_edits: int

    @property
    def exact(self) -> bool:
        """Whether nothing was read wrong."""
        return self.character_edits == 0


def plain(text: str, script: str, form: Form = "nfc") -> str:
    """Text as it is compared, label and reading alike.

    In Unicode's form C (or KC, where a full-width comma is a comma), without format characters that cannot be seen
    (general category Cf: joiners, marks of direction, soft hyphens), with one space for any white space, and with none
    in scripts that are written without. Nothing else is forgiven: neither case nor punctuation.
    """
    normal = unicodedata.normalize("NFKC" if form == "nfkc" else "NFC", text)
    visible = "".join(char for char in normal if unicodedata.category(char) != "Cf")
    return ("" if script in _UNSPACED else " ").join(visible.split())


def open_distance() -> Distance:
    """The edit distance between two sequences: values put in, left out or replaced.

    Raises: EngineError if the package for it is not installed.
    Source: Levenshtein 1966; bit-parallel by Hyyrö 2003, in RapidFuzz.
    """
    try:
        from rapidfuzz.distance import Levenshtein
    except ImportError as error:
        raise EngineError(
            "readings are compared by the package rapidfuzz, which is not installed: pip install 'glyphmill[evaluate]'"
        ) from error
    return Levenshtein.distance


def edits(expected: str, found: str, script: str, distance: Distance) -> Edits:
    """Compare what is written with what was read, both as ``plain`` gives them."""
    words, found_words = ([], []) if script in _UNSPACED else (expected.split(), found.split())
    return Edits(len(expected), distance(expected, found), len(words), distance(words, found_words))
