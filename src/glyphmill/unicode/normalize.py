"""Text as it may reach an image and a label: no controls, single spaces, nothing that no font could draw."""

from __future__ import annotations

import re
from functools import lru_cache

from glyphmill.core.errors import Reject
from glyphmill.unicode.lettering import parse_ranges
from glyphmill.unicode.tables import IGNORABLE

_SURROGATE = re.compile("[\ud800-\udfff]")
#: Controls that are not white space, and the byte-order mark, which text files leave behind.
_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff]")
#: Runs of white space, and white space that is a control or a line or paragraph separator.
_UNEVEN_SPACE = re.compile(r"\s{2,}|[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_LINE_END = re.compile("[\n-\r\x1c-\x1e\x85\u2028\u2029]")


def clean_text(text: str, *, keep_newlines: bool = False) -> str:
    """The text to set: what image and label have in common.

    White space in a row becomes one U+0020, or one of its kind where all of it is alike (U+00A0, U+3000); tabs,
    line and paragraph separators count as white space, the other controls C0 and C1 and U+FEFF are dropped, and no
    white space is left at either end. Joiners, variation selectors and bidirectional controls stay.

    Args:
        text: any string.
        keep_newlines: white space that holds a line or paragraph separator becomes one U+000A, a hard line break.

    Raises: Reject ``lone_surrogate``, naming it and its index; Reject ``empty_text`` if nothing with ink is left.
    """
    # Printable text holds no control, no surrogate and no white space but U+0020.
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = _fold(text, keep_newlines=keep_newlines)
    if not text or not (needs_ink(ord(text[0])) or required(text)):
        raise Reject("text", "empty_text", "nothing but white space and invisible characters")
    return text


def _fold(text: str, *, keep_newlines: bool) -> str:
    surrogate = _SURROGATE.search(text)
    if surrogate is not None:
        raise Reject("text", "lone_surrogate", f"U+{ord(surrogate[0]):04X} at index {surrogate.start()}")

    def single(match: re.Match[str]) -> str:
        space = match[0]
        if _LINE_END.search(space):
            return "\n" if keep_newlines else " "
        return space[0] if space[0] > "\x85" and space.count(space[0]) == len(space) else " "

    return _UNEVEN_SPACE.sub(single, _DROPPED.sub("", text)).strip()


@lru_cache(maxsize=1)
def _ignorable() -> frozenset[int]:
    return frozenset(point for first, last, _ in parse_ranges(IGNORABLE) for point in range(first, last + 1))


def is_ignorable(code_point: int) -> bool:
    """Whether a code point draws nothing where a font lacks it (Default_Ignorable_Code_Point)."""
    return code_point in _ignorable()


@lru_cache(maxsize=1 << 16)
def needs_ink(code_point: int) -> bool:
    """Whether a font must cover a code point to draw a text that holds it.

    False for white space, controls and default-ignorable characters: joiners, variation selectors, bidi controls.
    """
    char = chr(code_point)
    is_control = code_point < 0x20 or 0x7F <= code_point < 0xA0
    return not (is_control or char.isspace() or is_ignorable(code_point))


def required(text: str) -> frozenset[int]:
    """The code points of a text that a font must cover."""
    return frozenset(point for point in map(ord, set(text)) if needs_ink(point))
