"""Encode: PNG, lossless, 8-bit RGB or gray; labels are untouched. Source: PNG (third edition), W3C 2025; RFC 1950.

Of isal's levels only 0 and 3 are used. At 1 and 2 its bytes differ between two processes for about one input in three
thousand (isal 1.9.1 on x86-64; the pixels are right), and a file must have the same bytes in every worker.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import cv2
import numpy as np
from isal import isal_zlib
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from glyphmill.config.fields import Settings
from glyphmill.core.unit import Unit

Compression = Literal["fast", "none", "balanced", "small"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPE = {1: 0, 3: 2}  # channels -> PNG color type: gray, truecolor
_UP = 2  # filter type


class Config(Settings):
    """Settings of the PNG encoder."""

    compression: Compression = Field(
        default="fast",
        description="How hard to compress; always lossless. fast: 0.3 ms for a line image; none: stored; "
        "balanced: a filter chosen for each row; small: the same and zlib's highest level, tens of times slower.",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values of one image."""

    extension: ClassVar[str] = "png"
    compression: Compression


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """Nothing is random here: the settings as they are."""
    return {"compression": config.compression}


def apply(params: Params, image: NDArray[np.uint8], gray: bool) -> bytes:
    """The image as PNG bytes.

    Args:
        params: drawn values.
        image: uint8 (H, W, 3), RGB.
        gray: write one channel (BT.601 luma) instead of three.
    """
    pixels = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if gray else image
    height, width = image.shape[:2]
    channels = 1 if gray else 3
    rows = np.ascontiguousarray(pixels, np.uint8).reshape(height, width * channels)
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOR_TYPE[channels], 0, 0, 0)
    data = _compressed(rows, channels, params.compression)
    return b"".join((_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = isal_zlib.crc32(data, isal_zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum)))


def _compressed(rows: NDArray[np.uint8], channels: int, compression: Compression) -> bytes:
    if compression == "none":
        return zlib.compress(_unfiltered(rows).data, 0)
    if compression == "fast":
        lines = _up(rows)
        # Level 0 takes half the time of 3, which makes files a tenth smaller, and those that are all noise a third.
        noisy = 4 * np.count_nonzero(lines) > 3 * lines.size
        return bytes(isal_zlib.compress(lines, 3 if noisy else 0))
    if compression == "balanced":
        return bytes(isal_zlib.compress(_adaptive(rows, channels), 3))
    return _smallest(_adaptive(rows, channels))


def _smallest(lines: NDArray[np.uint8]) -> bytes:
    """The shorter of zlib's best matching and of Huffman coding alone, which wins on noise by a tenth."""
    huffman = zlib.compressobj(9, strategy=zlib.Z_HUFFMAN_ONLY)
    return min(zlib.compress(lines.data, 9), huffman.compress(lines.data) + huffman.flush(), key=len)


def _unfiltered(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    lines = np.zeros((rows.shape[0], rows.shape[1] + 1), np.uint8)
    lines[:, 1:] = rows
    return lines


def _up(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every row as its difference from the row above, modulo 256; the filter type leads each row."""
    lines = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    lines[:, 0] = _UP
    lines[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=lines[1:, 1:])
    return lines


def _adaptive(rows: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Each row under the filter whose residues, read as signed bytes, have the least sum of magnitudes.

    Source: the heuristic of PNG (third edition), section 12.7.
    """
    above = np.zeros_like(rows)
    above[1:] = rows[:-1]
    left, above_left = np.zeros_like(rows), np.zeros_like(rows)
    left[:, channels:] = rows[:, :-channels]
    above_left[:, channels:] = above[:, :-channels]
    average = ((left.astype(np.uint16) + above) >> 1).astype(np.uint8)
    residues = np.stack((rows, rows - left, rows - above, rows - average, rows - _paeth(left, above, above_left)))
    cost = np.abs(residues.view(np.int8).astype(np.int16)).sum(axis=2, dtype=np.int64)
    chosen = cost.argmin(axis=0)
    lines = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    lines[:, 0] = chosen
    lines[:, 1:] = residues[chosen, np.arange(rows.shape[0])]
    return lines


def _paeth(left: NDArray[np.uint8], above: NDArray[np.uint8], above_left: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The neighbour nearest to left + above - above_left; ties go to left, then above."""
    a, b, c = left.astype(np.int16), above.astype(np.int16), above_left.astype(np.int16)
    to_left, to_above, to_corner = np.abs(b - c), np.abs(a - c), np.abs(a + b - 2 * c)
    use_left = (to_left <= to_above) & (to_left <= to_corner)
    return np.where(use_left, left, np.where(to_above <= to_corner, above, above_left))


UNIT = Unit(
    id="png",
    stage="encode",
    summary="Write PNG: lossless, RGB or gray; fast by default.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
