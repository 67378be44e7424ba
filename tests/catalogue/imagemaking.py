"""Small images of every format and oddity, made with Pillow, which Glyphmill itself does without."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 64, 48
RED, BLUE = (255, 0, 0), (0, 0, 255)


def picture(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A smooth picture with a red block in its upper left corner, so that its way up can be seen."""
    across, down = np.linspace(20, 230, width), np.linspace(230, 20, height)
    rgb = np.stack(np.broadcast_arrays(across[None, :], 100, down[:, None]), -1).astype(np.uint8)
    rgb[: height // 4, : width // 4] = RED
    return Image.fromarray(rgb)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of an image file."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def stored_turned(orientation: int, kind: str) -> bytes:
    """The picture stored as a camera held differently would: upright only after its EXIF orientation is followed."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = picture() if undo is None else picture().transpose(undo)
    exif = Image.Exif()
    exif[274] = orientation
    return encoded(image, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {"quality": 95}))


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A valid PNG of a few KB that decodes to ``width`` x ``height`` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


#: One file of each format, and of each way that a format stores its size.
FORMATS: dict[str, bytes] = {
    "jpeg": encoded(picture(), "JPEG", quality=95),
    "progressive jpeg": encoded(picture(), "JPEG", quality=95, progressive=True),
    "png": encoded(picture(), "PNG"),
    "gif": encoded(picture(), "GIF"),
    "bmp": encoded(picture(), "BMP"),
    "tiff": encoded(picture(), "TIFF"),
    "packed tiff": encoded(picture(), "TIFF", compression="tiff_lzw"),
    "big tiff": encoded(picture(), "TIFF", big_tiff=True),
    "webp": encoded(picture(), "WEBP", quality=95),
    "lossless webp": encoded(picture(), "WEBP", lossless=True),
    "animated webp": encoded(picture(), "WEBP", save_all=True, append_images=[Image.new("RGB", (WIDTH, HEIGHT), BLUE)]),
}


def save(folder: Path, **files: bytes) -> None:
    """Write files; a double underscore in a name stands for its dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
