"""Letter case by language: all capitals, all small, or each word with a capital. Scripts without case stay as they are.

Source: Unicode 3.13 and SpecialCasing.txt; for Greek capitals without accents, Unicode's CLDR transform el-Upper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

#: How text may be set.
CASES = ("as_is", "upper", "lower", "title")

_TURKIC = ("tr", "az")
#: Letters whose other case few fonts have: Georgian, which is written in one case, and Cherokee.
_ONE_CASE = re.compile("[\u10a0-\u10ff\u1c90-\u1cbf\u13a0-\u13fd\uab70-\uabbf]+")
#: A word: letters with their marks, digits, and apostrophes between them.
_WORD = re.compile(r"[^\W_](?:[\w\u0300-\u036f]|['\u2019\u02bc](?=\w))*")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_ACCENTS = re.compile("[\u0300\u0301\u0304\u0306\u0313\u0314\u0342\u0343\u0345]")


def cased(text: str, case: str, language: str = "und") -> str:
    """The text in another case; it may become longer, as with the German sharp s.

    Args:
        text: any text.
        case: one of ``CASES``.
        language: BCP 47 tag; Turkish, Azerbaijani, Greek and Dutch have rules of their own.
    """
    primary = language.partition("-")[0]
    if case == "upper":
        return _each(text, lambda part: _upper(part, primary))
    if case == "lower":
        return _each(text, lambda part: _lower(part, primary))
    if case == "title":
        return _WORD.sub(lambda match: _each(match[0], lambda part: _title(part, primary)), text)
    return text


def _each(text: str, change: Callable[[str], str]) -> str:
    """The text with all but letters of scripts that stay in one case changed."""
    if not _ONE_CASE.search(text):
        return change(text)
    kept = _ONE_CASE.findall(text)
    parts = [change(part) for part in _ONE_CASE.split(text)]
    return "".join(part for pair in zip(parts, [*kept, ""], strict=True) for part in pair)


def _upper(text: str, language: str) -> str:
    if language in _TURKIC:
        text = text.replace("i", "\u0130")
    if language == "el" or _GREEK.search(text):
        text = _without_accents(text)
    return text.upper()


def _without_accents(text: str) -> str:
    """Greek as it is set in capitals: no accents and breathings, a dialytika only where there is one."""
    bare = _GREEK.sub(lambda match: _ACCENTS.sub("", unicodedata.normalize("NFD", match[0])), text)
    return unicodedata.normalize("NFC", bare)


def _lower(text: str, language: str) -> str:
    if language in _TURKIC:
        text = text.replace("\u0130", "i").replace("I", "\u0131")
    return text.lower()


def _title(word: str, language: str) -> str:
    """One word with a capital; Dutch ij is one letter."""
    head = 2 if language == "nl" and word[:2].lower() == "ij" else 1
    first = word[:head]
    if language in _TURKIC and first == "i":
        return "\u0130" + _lower(word[1:], language)
    return (first.upper() if head == 2 else first.title()) + _lower(word[head:], language)
