"""Values as a person wrote them: what is ambiguous in YAML, and how a value is named in a message."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Self

_SHOWN = 60  # characters of a value that a message repeats

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

#: Plain text that YAML 1.1 and YAML 1.2 take for different things, and what the other reading is.
_TRAPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"yes|Yes|YES|on|On|ON"), "true"),
    (re.compile(r"no|No|NO|off|Off|OFF"), "false"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "a number to the base 60"),
    (re.compile(r"[-+]?0[0-9]+"), "an octal number"),
    (re.compile(r"0o[0-7]+"), "an octal number"),
    (re.compile(r"[-+]?0[0-9]+\.[0-9_]*([eE][-+]?[0-9]+)?"), "a number"),
    (re.compile(r"[-+]?0b[01_]+"), "a binary number"),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+"), "a number"),
    (re.compile(r"[-+]?(?=[0-9.]*_)[0-9][0-9_]*(\.[0-9_]*)?|0x(?=.*_)[0-9a-fA-F_]+"), "a number"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"), "a date"),
)
#: Of the above, the exponents that both versions read as the same number.
_SAME_FLOAT = re.compile(r"[-+]?[1-9]?[0-9]*\.[0-9]*[eE][-+][0-9]+")


class Trap(str):
    """Unquoted text that YAML readers disagree on; usable neither as a number nor as text.

    Attributes:
        other: what the other readers take it for, such as ``false``.
    """

    other: str

    def __new__(cls, text: str, other: str) -> Self:
        """Keep the text, and remember the other reading."""
        made = super().__new__(cls, text)
        made.other = other
        return made


def read_plain(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar, by the core schema of YAML 1.2; a ``Trap`` where YAML 1.1 differs."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INTEGER.fullmatch(text):
        # Python refuses to read very long integers, and no setting has a use for one.
        return int(text) if len(text) <= 400 else math.inf
    if _HEX.fullmatch(text):
        return int(text, 16)
    if not _SAME_FLOAT.fullmatch(text):
        for pattern, other in _TRAPS:
            if pattern.fullmatch(text):
                return Trap(text, other)
    if _FLOAT.fullmatch(text):
        return float(text)
    special = _SPECIAL.fullmatch(text)
    if special:
        return math.nan if special[3] else float(f"{special[1]}inf")
    return text


def describe(value: object) -> str:
    """How a message names a value: ``-40``, ``true``, ``the text 'no'``, ``a list of 3``, ``nothing``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, Trap):
        return f"the unquoted text {quote(value)}, which some YAML readers take for {value.other}"
    if isinstance(value, str):
        return f"the text {quote(value)}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "a mapping"
    return f"a {type(value).__name__}"


def number(value: float) -> str:
    """A number as one writes it: ``-40``, ``0.1``, ``nan``, ``infinity``."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "infinity" if value > 0 else "-infinity"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**25 else f"{value:.3g}" if abs(value) < 10**300 else "a very large number"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def quote(text: str) -> str:
    """The text in quotes on one line, shortened."""
    return repr(str(text) if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def one_of(options: Iterable[str]) -> str:
    """``one of a, b, c``, or ``a`` alone."""
    listed = list(options)
    return listed[0] if len(listed) == 1 else f"one of {', '.join(listed)}"


def suggestion(given: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """``. Did you mean 'noise'?`` for the nearest known name, or nothing."""
    near = get_close_matches(given.lower(), list(known), n=1, cutoff=0.6)
    return f". Did you mean {(synonyms or {}).get(near[0], near[0])!r}?" if near else ""
