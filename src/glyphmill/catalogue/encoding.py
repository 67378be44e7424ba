"""Text encodings that can be entered anywhere: where characters and lines begin, and how to decode a piece."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

#: ``utf-8``; ``single``: a byte a character; ``wide``: UTF-16 and UTF-32; ``lines``: can be entered at a line's start.
Family = Literal["utf-8", "single", "wide", "lines"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASSUMED = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}
_WIDE: dict[str, tuple[int, Callable[..., tuple[str, int]]]] = {
    "utf-16-le": (2, codecs.utf_16_le_decode),
    "utf-16-be": (2, codecs.utf_16_be_decode),
    "utf-32-le": (4, codecs.utf_32_le_decode),
    "utf-32-be": (4, codecs.utf_32_be_decode),
}
# No byte below 0x30 is the tail of a character in any of these, so a line feed is always a line feed.
_LINES = frozenset(
    "big5 big5hkscs cp932 cp949 cp950 euc_jis_2004 euc_jisx0213 euc_jp euc_kr gb18030 gb2312 gbk johab "
    "shift_jis shift_jis_2004 shift_jisx0213".split()
)
# What codecs with shifts between alphabets or with escapes would not read as single characters.
_SHIFTS = b"\x1b$B0!~{~}+AGE-\x0e\x0f\\u0041\\"
#: How far back the start of a line is looked for in family ``lines``.
SYNC_BYTES = 1 << 16


@dataclass(frozen=True)
class Encoding:
    """One encoding of one file, its byte order settled.

    Attributes:
        name: Python's name of the codec.
        family: how it can be entered.
        unit: bytes of its code unit; characters begin at multiples of it.
    """

    name: str
    family: Family
    unit: int = 1

    @cached_property
    def line_feed(self) -> bytes:
        """The bytes of a line feed."""
        return "\n".encode(self.name)

    @property
    def max_bytes(self) -> int:
        """The most bytes of one character."""
        return 1 if self.family == "single" else 4

    def decode(self, data: bytes) -> str:
        """The characters of ``data``, which begins at a character; one that is cut off at the end is left out.

        Raises: UnicodeDecodeError.
        """
        if self.family == "utf-8":
            return codecs.utf_8_decode(data, "strict", False)[0]
        if self.family == "wide":
            return _WIDE[self.name][1](data, "strict", False)[0]
        if self.family == "single":
            return data.decode(self.name)
        return codecs.getincrementaldecoder(self.name)().decode(data)

    @cached_property
    def reach(self) -> int:
        """How many bytes before a place ``enter`` has to see; up to ``SYNC_BYTES`` where ``lines`` are long."""
        return {"utf-8": 0, "single": 0, "wide": 3, "lines": 1 << 12}[self.family]

    def enter(self, data: bytes, at: int, start: int) -> tuple[int, int]:
        """Where decoding may begin so as to read the first character at or after byte ``at``.

        Args:
            data: a piece of the file.
            at: offset in it; there are ``reach`` bytes before it, or all from ``start``.
            start: offset in it of the first character of the file; negative if that is before the piece.

        Returns: (offset to decode from, offset of the bytes of interest); they differ for family ``lines`` only.
        Raises: ValueError if a line of a ``lines`` encoding is too long to find its start.
        """
        if self.family == "utf-8":
            end = min(at + 4, len(data))
            while at < end and data[at] & 0xC0 == 0x80:
                at += 1
        elif self.family == "wide":
            at -= (at - start) % self.unit
            high = at + (1 if self.name == "utf-16-le" else 0)
            if self.unit == 2 and high < len(data) and data[high] & 0xFC == 0xDC:  # second half of a pair
                at += 2
        elif self.family == "lines":
            low = max(start, 0)
            found = data.rfind(b"\n", low, at)
            if found < 0 and start < 0:
                raise ValueError(f"no line begins within {SYNC_BYTES} bytes; convert the file to UTF-8")
            return max(found + 1, low), at
        return at, at

    def find_line_feed(self, data: bytes, at: int, *, backwards: bool = False) -> int:
        """Index in ``data`` (which begins at a character) of the nearest line feed from ``at``, or -1."""
        search = data.rfind if backwards else data.find
        found = search(self.line_feed, 0, at) if backwards else search(self.line_feed, at)
        while found >= 0 and found % self.unit:
            found = search(self.line_feed, 0, found + self.unit - 1) if backwards else search(self.line_feed, found + 1)
        return found


def detect(name: str, head: bytes) -> tuple[Encoding, int]:
    """The encoding called ``name`` as the first bytes of a file settle it, and the length of its byte-order mark.

    A mark of the other UTF decides against ``name``: nothing but that UTF begins so.

    Raises: LookupError if Glyphmill cannot read the encoding by random access; ValueError naming the encoding that
    the mark stands for if that is another family.
    """
    wanted = codecs.lookup(name).name
    mark, marked = next(((mark, codec) for mark, codec in _BOMS if head.startswith(mark)), (b"", ""))
    if marked and not marked.startswith(wanted.removesuffix("-sig")):
        raise ValueError(marked.rsplit("-", 1)[0] if marked != "utf-8" else marked)
    return _encoding(marked or _ASSUMED.get(wanted, wanted)), len(mark)


def _encoding(codec: str) -> Encoding:
    if codec == "utf-8":
        return Encoding(codec, "utf-8")
    if codec in _WIDE:
        return Encoding(codec, "wide", _WIDE[codec][0])
    if codec in _LINES:
        return Encoding(codec, "lines")
    if _is_single(codec):
        return Encoding(codec, "single")
    raise LookupError(f"text in {codec} cannot be read from the middle; convert the files to UTF-8")


def _is_single(codec: str) -> bool:
    """Whether every byte is one character, whatever stands beside it."""
    try:
        plain = _SHIFTS.decode(codec)  # first, for where it fails, as in unicode_escape, the table gives warnings
        table = bytes(range(256)).decode(codec, "replace")
        return len(table) == 256 and table[:0x20] == bytes(range(0x20)).decode("ascii") and len(plain) == len(_SHIFTS)
    except (LookupError, UnicodeError, ValueError):  # binary transforms, stateful codecs
        return False


def looks_wide(data: bytes) -> bool:
    """Whether bytes taken for an 8-bit encoding are UTF-16: a good many zeros, and all on the same side of each pair.

    The zeros are halves of spaces, line feeds and Latin letters. UTF-16 of many scripts is valid UTF-8 otherwise.
    """
    few, many = sorted((data[0::2].count(0), data[1::2].count(0)))
    return many > max(3, len(data) * 0.01) and few < many * 0.1


def looks_utf8(data: bytes, encoding: Encoding) -> bool:
    """Whether bytes taken for ``encoding``, another than UTF-8, are UTF-8 all the same.

    Real text of another encoding is hardly ever valid UTF-8, save plain ASCII, which reads alike in 8-bit encodings.
    """
    try:
        text = codecs.utf_8_decode(data, "strict", False)[0]
    except UnicodeDecodeError:
        return False
    if encoding.family == "wide":
        return len(text) >= 16 and "\0" not in text
    return sum(1 for character in text if character > "\x7f") >= 8
