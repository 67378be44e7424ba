"""Image files as upright RGB pixels, and a bounded memory of the ones read last."""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.image_header import ImageHeader, read_header
from glyphmill.core.errors import GlyphmillError

#: Suffixes of the files that folders are searched for.
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})

Pixels = NDArray[np.uint8]

_BYTES_PER_PIXEL = 8  # 16-bit RGBA, stored as it is: no honest file needs more
_FILE_SLACK = 64 << 20  # for metadata, color profiles and the further frames of an animation
_DIGEST_SIZE = 16


class ImageError(GlyphmillError):
    """An image file that cannot be used; the text says why."""


def check_size(header: ImageHeader, file_size: int, max_pixels: int) -> None:
    """Raises: ImageError if the image has more than ``max_pixels``, or far more bytes than its pixels can need."""
    pixels = header.width * header.height
    if pixels > max_pixels:
        raise ImageError(
            f"{header.width} x {header.height} px is more than the {max_pixels} px that "
            "limits.max_background_pixels allows"
        )
    if file_size > _BYTES_PER_PIXEL * pixels + _FILE_SLACK:
        raise ImageError(f"{file_size} bytes are more than an image of {header.width} x {header.height} px can need")


def read_rgb(path: str, max_pixels: int) -> Pixels:
    """The image of a file: uint8 (H, W, 3), RGB, upright, first frame, alpha laid on white, 16 bits scaled to 8.

    Args:
        path: a PNG, JPEG, GIF, WebP, BMP or TIFF file, whatever it is named.
        max_pixels: the most pixels that are decoded; the header is read before them.

    Raises: ImageError if the file is missing, unreadable, broken or too large.
    """
    return decode_rgb(_read(path, max_pixels), max_pixels)


def decode_rgb(data: bytes, max_pixels: int) -> Pixels:
    """The image in ``data`` as ``read_rgb`` gives it.

    Raises: ImageError if the data are broken or too large.
    """
    header = _header(data)
    check_size(header, len(data), max_pixels)
    # A JPEG has no alpha and OpenCV turns it upright itself. For the others only "unchanged" keeps alpha and 16 bits,
    # and of those only TIFF comes upright.
    flags = cv2.IMREAD_COLOR_RGB if header.format == "jpeg" else cv2.IMREAD_UNCHANGED
    level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # broken files are reported, not logged
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise ImageError(f"it cannot be decoded as {header.format}: {error.err}") from error
    finally:
        cv2.utils.logging.setLogLevel(level)
    if image is None or image.size == 0:
        raise ImageError(f"it cannot be decoded as {header.format}: the data are cut off or damaged")
    if header.format == "jpeg":
        return np.asarray(image, np.uint8)
    rgb = _on_white(_to_bytes(image), premultiplied=header.format == "tiff")
    return rgb if header.format == "tiff" else _upright(rgb, header.orientation)


def _to_bytes(image: NDArray[Any]) -> Pixels:
    """8 bits per channel, scaled by the range of the type; of floats by 0..1, or by their own range if it is wider."""
    if image.dtype == np.uint8:
        return image
    if np.issubdtype(image.dtype, np.integer):
        limits = np.iinfo(image.dtype)
        span = limits.max - limits.min
        return cv2.convertScaleAbs(image.astype(np.float32), alpha=255 / span, beta=-limits.min * 255 / span)
    finite = np.nan_to_num(image.astype(np.float32))
    low, high = min(float(finite.min()), 0.0), max(float(finite.max()), 1.0)
    return cv2.convertScaleAbs((finite - low) * (255 / (high - low)))


def _on_white(image: Pixels, *, premultiplied: bool) -> Pixels:
    """RGB from gray, BGR, or BGRA laid on white. libtiff hands out colors already multiplied by alpha."""
    if image.ndim == 2 or image.shape[2] == 1:
        return cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)
    if image.shape[2] == 3:
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    rgb, alpha = cv2.cvtColor(image, cv2.COLOR_BGRA2RGB), image[..., 3]
    if alpha.min() == 255:
        return rgb
    wide = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    if not premultiplied:
        rgb = cv2.multiply(rgb, wide, scale=1 / 255)
    return cv2.add(rgb, cv2.bitwise_not(wide))


def _upright(image: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation."""
    if orientation >= 5:
        image = cv2.transpose(image)
    # After the transpose, 6 and 8 are left with one mirroring, 7 with both, 5 with none.
    flip = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    return image if flip is None else cv2.flip(image, flip)


def _header(data: bytes) -> ImageHeader:
    try:
        return read_header(io.BytesIO(data))
    except ValueError as error:
        raise ImageError(str(error)) from error


def _read(path: str, max_pixels: int) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            # The file is measured before it is read: it may have grown since it was catalogued.
            check_size(read_header(stream), size, max_pixels)
            stream.seek(0)
            return stream.read(size)
    except OSError as error:
        raise ImageError(error.strerror or str(error)) from error
    except ValueError as error:
        raise ImageError(str(error)) from error


def content_digest(data: bytes) -> str:
    """What images are known by: blake2b-128 of the file's bytes, hex."""
    return hashlib.blake2b(data, digest_size=_DIGEST_SIZE).hexdigest()


class ImageCache:
    """Decoded images by content digest, the least recently used dropped first; safe to share between threads.

    A file that fails is remembered and fails again at once, so that it costs one attempt per process.

    Args:
        budget_bytes: the most pixels kept, in bytes; an image larger than that is handed out and not kept.
    """

    def __init__(self, budget_bytes: int) -> None:
        self._budget = budget_bytes
        self._images: OrderedDict[str, Pixels] = OrderedDict()
        self._failed: dict[tuple[str, str], str] = {}
        self._held = 0
        self._lock = Lock()

    def get(self, path: str, digest: str, max_pixels: int) -> Pixels:
        """The image of the file, read-only, as ``read_rgb`` gives it.

        Raises: ImageError if it cannot be read, or its bytes are no longer those of ``digest``.
        """
        with self._lock:
            image = self._images.get(digest)
            if image is not None:
                self._images.move_to_end(digest)
                return image
            if (path, digest) in self._failed:
                raise ImageError(self._failed[path, digest])
        try:
            image = self._load(path, digest, max_pixels)
        except ImageError as error:
            with self._lock:
                self._failed[path, digest] = str(error)
            raise
        self._keep(digest, image)
        return image

    @staticmethod
    def _load(path: str, digest: str, max_pixels: int) -> Pixels:
        data = _read(path, max_pixels)
        if content_digest(data) != digest:
            raise ImageError("its content has changed since it was catalogued")
        image = decode_rgb(data, max_pixels)
        image.flags.writeable = False
        return image

    def _keep(self, digest: str, image: Pixels) -> None:
        with self._lock:
            if image.nbytes > self._budget or digest in self._images:
                return
            self._images[digest] = image
            self._held += image.nbytes
            while self._held > self._budget:
                self._held -= self._images.popitem(last=False)[1].nbytes
