"""The few facts that are read from a font file's bytes directly: what it is, whether it is whole, its header values.

Source: OpenType 1.9.1, "Organization of an OpenType font", ``head``, ``OS/2``, ``post``; WOFF 1.0 and 2.0.
"""

from __future__ import annotations

import struct
from mmap import mmap
from typing import Any

Buffer = bytes | mmap

MAX_BYTES = 256 << 20
"""Larger files, and larger unpacked sizes, are refused."""

FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2")

_FLAVORS = (b"\x00\x01\x00\x00", b"OTTO", b"true")


class FontFault(Exception):
    """A font that cannot be used; the text is the reason, fit to show."""


def container(data: Buffer) -> str:
    """``sfnt``, ``collection``, ``woff`` or ``woff2``, by its first bytes.

    Raises: FontFault if it is none of them.
    """
    start = bytes(data[:4])
    if start in _FLAVORS:
        return "sfnt"
    if start == b"ttcf":
        return "collection"
    if start in (b"wOFF", b"wOF2"):
        unpacked = struct.unpack(">I", data[16:20])[0] if len(data) >= 20 else 0
        if unpacked > MAX_BYTES:
            raise FontFault(f"unpacks to {unpacked:,} bytes; the limit is {MAX_BYTES:,}")
        return "woff" if start == b"wOFF" else "woff2"
    if not data:
        raise FontFault("the file is empty")
    text = bytes(data[:512]).lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body", b"<!--")):
        raise FontFault("a web page, not a font")
    raise FontFault(f"not a font: it begins with the bytes {start.hex(' ')}")


def face_count(data: Buffer) -> int:
    """Number of faces in an SFNT file or collection.

    Raises: FontFault if the header says what cannot be.
    """
    if data[:4] != b"ttcf":
        return 1
    count: int = _unpack(data, ">I", 8)[0]
    if not 1 <= count <= 1024:
        raise FontFault(f"a collection of {count} fonts")
    return count


def check_tables(data: Buffer, face: int) -> dict[str, tuple[int, int]]:
    """The tables of one face as tag -> (offset, length), once it is sure that all of them are there whole.

    Raises: FontFault if the file is cut off, or lacks a table that drawing needs.
    """
    start = _unpack(data, ">I", 12 + 4 * face)[0] if data[:4] == b"ttcf" else 0
    (count,) = _unpack(data, ">H", start + 4)
    tables: dict[str, tuple[int, int]] = {}
    for entry in range(count):
        tag, _, offset, length = _unpack(data, ">4sIII", start + 12 + 16 * entry)
        name = tag.decode("latin-1")
        if offset + length > len(data):
            raise FontFault(f"cut off: table {name!r} ends at byte {offset + length:,} of {len(data):,}")
        tables[name] = (offset, length)
    missing = [tag for tag in ("head", "maxp", "cmap", "hhea", "hmtx") if tag not in tables]
    if missing:
        raise FontFault(f"has no table {missing[0]!r}")
    if not tables.keys() & {"glyf", "CFF ", "CFF2"}:
        raise FontFault("holds no outlines (bitmaps or pictures only)")
    return tables


def units_per_em(head: bytes) -> int:
    """Raises: FontFault unless it lies within the format's own bounds, 16 to 16,384."""
    upem: int = _unpack(head, ">H", 18)[0]
    if not 16 <= upem <= 16384:
        raise FontFault(f"{upem} units per em; 16 to 16,384 are allowed")
    return upem


def feature_tags(layout: bytes) -> frozenset[str]:
    """The features that a GSUB or GPOS table lists, whatever script they are for; none if it cannot be read."""
    try:
        (at,) = _unpack(layout, ">H", 6)
        (count,) = _unpack(layout, ">H", at)
        return frozenset(_unpack(layout, ">4s", at + 2 + 6 * i)[0].decode("latin-1") for i in range(count))
    except FontFault:
        return frozenset()


class StyleBits:
    """What ``OS/2``, ``post`` and ``head`` say of the style; the usual values where a table is short or missing.

    Attributes:
        weight: 1 to 1000. width: 1 (ultra-condensed) to 9. family_class: IBM font class. panose: ten numbers.
        italic, fixed_pitch: flags.
    """

    def __init__(self, os2: bytes, post: bytes, head: bytes) -> None:
        self.weight, self.width = struct.unpack(">HH", os2[4:8]) if len(os2) >= 8 else (400, 5)
        if not 1 <= self.weight <= 1000:
            self.weight = 400
        self.family_class = os2[30] if len(os2) >= 42 else 0
        self.panose = tuple(os2[32:42]) if len(os2) >= 42 else (0,) * 10
        selection = struct.unpack(">H", os2[62:64])[0] if len(os2) >= 64 else 0
        mac = struct.unpack(">H", head[44:46])[0] if len(head) >= 46 else 0
        self.italic = bool(selection & 0x201 or mac & 2)
        self.fixed_pitch = bool(struct.unpack(">I", post[12:16])[0]) if len(post) >= 16 else False


def _unpack(data: Buffer, form: str, at: int) -> tuple[Any, ...]:
    try:
        return struct.unpack_from(form, data, at)
    except struct.error:
        raise FontFault("cut off in its header") from None
