"""The size of an image from its header alone: a few reads, no pixels, so that a bomb is known before it is decoded."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

_TIFF_WIDTH, _TIFF_HEIGHT, _TIFF_ORIENTATION = 256, 257, 274
_TIFF_NUMBERS = {3: "H", 4: "I", 16: "Q"}
_MAX_TIFF_ENTRIES = 4096
_EXIF = b"Exif\0\0"
_FAR = 1 << 40  # beyond the end of any image; file systems refuse offsets that are larger still


@dataclass(frozen=True)
class ImageHeader:
    """What the header of an image file says.

    Attributes:
        format: png, jpeg, gif, bmp, webp or tiff, by content and never by file name.
        width: of the upright image, px.
        height: of the upright image, px.
        orientation: EXIF orientation 1..8 of the stored pixels; 1 where there is none.
    """

    format: str
    width: int
    height: int
    orientation: int = 1


def read_header(stream: BinaryIO) -> ImageHeader:
    """The header of the image in a seekable stream; the stream is left anywhere.

    Raises: ValueError saying what is wrong: not an image of a known format, or cut off within its header.
    """
    head = stream.read(32)
    try:
        name, width, height, orientation = _read(stream, head)
    except (struct.error, IndexError) as error:
        raise ValueError("the file ends within its header") from error
    if width < 1 or height < 1:
        raise ValueError(f"its header gives a size of {width} x {height} px")
    if orientation >= 5:  # 5..8 lie on their side
        width, height = height, width
    return ImageHeader(name, width, height, orientation)


def _read(stream: BinaryIO, head: bytes) -> tuple[str, int, int, int]:
    if not head:
        raise ValueError("the file is empty")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", *struct.unpack(">II", head[16:24]), _png_orientation(stream)
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg", *_jpeg(stream)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif", *struct.unpack("<HH", head[6:10]), 1
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp", *_webp_size(head), _webp_orientation(stream)
    if head[:2] == b"BM":
        return "bmp", *_bmp_size(head), 1
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff", *_tiff(stream, 0)
    raise ValueError("the content is not that of a PNG, JPEG, GIF, WebP, BMP or TIFF image")


def _png_orientation(stream: BinaryIO) -> int:
    end, at, orientation = stream.seek(0, os.SEEK_END), 8, 1
    while True:
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            return orientation
        length, kind = struct.unpack(">I4s", head)
        at += 8
        if length > end - at:
            # The decoder would set aside as much memory as a chunk claims, up to 2 GB, before it reads any of it.
            raise ValueError(f"it is cut off: a chunk claims {length} bytes where {end - at} are left")
        if kind == b"eXIf":
            orientation = _exif_orientation(stream, at)
        if kind == b"IEND":
            return orientation
        at += length + 4


def _jpeg(stream: BinaryIO) -> tuple[int, int, int]:
    stream.seek(2)
    orientation = 1
    while True:
        marker = stream.read(2)
        while len(marker) == 2 and marker[1] == 0xFF:  # padding before a marker
            marker = marker[1:] + stream.read(1)
        if len(marker) < 2:
            raise IndexError
        if marker[0] != 0xFF:
            raise ValueError("it has no JPEG frame where one is due")
        kind = marker[1]
        if kind == 1 or 0xD0 <= kind <= 0xD8:  # markers that stand alone
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        start = stream.tell()
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):  # frames, less tables and extensions
            height, width = struct.unpack(">xHH", stream.read(5))
            return width, height, orientation
        if kind == 0xE1 and stream.read(6) == _EXIF:
            orientation = _exif_orientation(stream, start + 6)
        if kind in (0xD9, 0xDA):
            raise ValueError("it has no JPEG frame before its data")
        stream.seek(start + max(length, 2) - 2)


def _webp_size(head: bytes) -> tuple[int, int]:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", head[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("it has no WebP frame")


def _webp_orientation(stream: BinaryIO) -> int:
    stream.seek(12)
    while True:
        head = stream.read(8)
        if len(head) < 8:
            return 1
        kind, length = struct.unpack("<4sI", head)
        start = stream.tell()
        if kind == b"EXIF":
            # Some writers keep JPEG's prefix here.
            return _exif_orientation(stream, start + (6 if stream.read(6) == _EXIF else 0))
        stream.seek(start + length + (length & 1))


def _bmp_size(head: bytes) -> tuple[int, int]:
    (header,) = struct.unpack("<I", head[14:18])
    if header == 12:
        width, height = struct.unpack("<HH", head[18:22])
        return width, height
    width, height = struct.unpack("<ii", head[18:26])
    return width, abs(height)  # a negative height only says that rows go downwards


def _exif_orientation(stream: BinaryIO, start: int) -> int:
    """Orientation in the EXIF block (a small TIFF file) at ``start``; 1 where the block is broken."""
    try:
        return _tiff(stream, start)[2]
    except (struct.error, IndexError, ValueError):
        return 1


def _tiff(stream: BinaryIO, start: int) -> tuple[int, int, int]:
    """Width, height and orientation from the first directory of the TIFF file that begins at ``start``."""
    stream.seek(start)
    head = stream.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        raise ValueError("it has no TIFF header")
    big = struct.unpack(order + "H", head[2:4]) == (43,)
    (offset,) = struct.unpack(order + "Q", head[8:16]) if big else struct.unpack(order + "I", head[4:8])
    stream.seek(start + min(offset, _FAR))
    (count,) = struct.unpack(order + "Q", stream.read(8)) if big else struct.unpack(order + "H", stream.read(2))
    size = 20 if big else 12
    entries = stream.read(size * min(count, _MAX_TIFF_ENTRIES))
    found = {_TIFF_WIDTH: 0, _TIFF_HEIGHT: 0, _TIFF_ORIENTATION: 1}
    for at in range(0, len(entries) - size + 1, size):
        tag, kind = struct.unpack_from(order + "HH", entries, at)
        if tag in found and kind in _TIFF_NUMBERS:
            (found[tag],) = struct.unpack_from(order + _TIFF_NUMBERS[kind], entries, at + (12 if big else 8))
    orientation = found[_TIFF_ORIENTATION]
    return found[_TIFF_WIDTH], found[_TIFF_HEIGHT], orientation if 1 <= orientation <= 8 else 1
