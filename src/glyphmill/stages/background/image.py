"""Background stage; a picture from the job's folders, cropped, repeated or mirrored to the canvas; labels unchanged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.catalogue.images import ImageCache, ImageError
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.errors import Reject
from glyphmill.core.unit import Unit

_CACHE_BYTES = 128 << 20  # of decoded pictures, per process

Pixels = NDArray[np.uint8]
Size = tuple[int, int]


class Config(Settings):
    """Settings of a picture as background."""

    fit: Choices = Pick(
        ("crop", "cover", "tile", "reflect"),
        default=("crop", "cover"),
        about="crop: a part, at scale; cover: scaled so as just to fill the canvas; "
        "tile, reflect: repeated or mirrored without end, at scale",
    )
    scale: Distribution = Number((0.5, 1), lo=0.01, hi=100, about="canvas pixels per picture pixel; not for cover")
    fade: Distribution = Number(0, lo=0, hi=1, about="how far it is faded towards white, so that text can be read")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values.

    Attributes:
        file: name of the picture, for people.
        digest: its content, by which it is found.
        pixels: how many it has; one that decodes to more has changed.
        fit: crop, cover, tile or reflect. A picture too small to be cropped is reflected.
        scale: canvas pixels per picture pixel.
        offset: where the canvas lies on it, x and y, as fractions of the room there is.
        fade: 0 leaves it as it is, 1 makes it white.
    """

    file: str
    digest: str
    pixels: int
    fit: str
    scale: float
    offset: tuple[float, float]
    fade: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``. Raises: CatalogueError if the job has no pictures."""
    record = context.catalogue.draw_background(rng)
    return {
        "file": record.file,
        "digest": record.digest,
        "pixels": record.width * record.height,
        "fit": config.fit.draw(rng),
        "scale": config.scale.draw(rng),
        "offset": (rng.random(), rng.random()),
        "fade": config.fade.draw(rng),
    }


@lru_cache(maxsize=1)
def _decoded() -> ImageCache:
    """The pictures that this process decoded last; they are what their digests say, so who asks makes no difference."""
    return ImageCache(_CACHE_BYTES)


def check(config: Config, library: Any) -> Iterator[tuple[str, str]]:
    """A job without pictures."""
    if not library.catalogue.backgrounds.images:
        yield "", "there are no background pictures; name a folder under resources.backgrounds or with --backgrounds"


def apply(params: Params, size: Size, resources: Any) -> Pixels:
    """The picture on the canvas: uint8 (H, W, 3), RGB, of size (width, height).

    Raises: Reject if the file is gone, unreadable, broken or changed.
    """
    path = resources.background(params.digest, params.file)
    try:
        picture = _decoded().get(path, params.digest, min(params.pixels, resources.max_background_pixels))
    except ImageError as error:
        raise Reject("image", "background_unreadable", f"{path}: {error}", ("backgrounds", params.digest)) from error
    page = _fit(picture, params, size)
    return cv2.convertScaleAbs(page, alpha=1 - params.fade, beta=255 * params.fade) if params.fade > 0 else page


def _fit(picture: Pixels, params: Params, size: Size) -> Pixels:
    width, height = size
    tall, wide = picture.shape[:2]
    scale = max(width / wide, height / tall) if params.fit == "cover" else params.scale
    # One pixel of slack, because "cover" may miss the canvas by a rounding error.
    if params.fit in {"crop", "cover"} and wide * scale > width - 1 and tall * scale > height - 1:
        return _crop(picture, params.offset, scale, size)
    return _repeat(picture, params, scale, size)


def _crop(picture: Pixels, offset: tuple[float, float], scale: float, size: Size) -> Pixels:
    """The part of the picture that fills the canvas at about ``scale``; only that part is resized."""
    tall, wide = picture.shape[:2]
    across, down = min(wide, max(1, round(size[0] / scale))), min(tall, max(1, round(size[1] / scale)))
    x, y = int(offset[0] * (wide - across + 1)), int(offset[1] * (tall - down + 1))
    return _resized(picture[y : y + down, x : x + across], size).copy()


def _repeat(picture: Pixels, params: Params, scale: float, size: Size) -> Pixels:
    """The picture over and over at ``scale``, each copy mirrored against its neighbors unless ``fit`` is tile."""
    tall, wide = picture.shape[:2]
    needed = math.ceil(size[0] / scale), math.ceil(size[1] / scale)
    # Whichever is smaller is resized: all of the picture, or what of its repetition is seen.
    if wide * scale * tall * scale < size[0] * size[1]:
        picture, needed = _resized(picture, (max(1, round(wide * scale)), max(1, round(tall * scale)))), size
    rows = _indices(needed[1], picture.shape[0], params.offset[1], params.fit)
    columns = _indices(needed[0], picture.shape[1], params.offset[0], params.fit)
    return _resized(np.ascontiguousarray(picture[rows][:, columns]), size)


def _indices(length: int, period: int, offset: float, fit: str) -> NDArray[np.int64]:
    """For each pixel along one side of the canvas, the pixel of the picture."""
    if fit == "tile":
        return (np.arange(length) + int(offset * period)) % period
    if fit != "reflect" and period >= length:
        return np.arange(length) + int(offset * (period - length + 1))
    at = (np.arange(length) + int(offset * 2 * period)) % (2 * period)
    return np.minimum(at, 2 * period - 1 - at)


def _resized(picture: Pixels, size: Size) -> Pixels:
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    # means of whole pixels first, then lines between them: means over parts of pixels take seven times as long
    across, down = picture.shape[1] // size[0], picture.shape[0] // size[1]
    if across > 1 or down > 1:
        across, down = max(across, 1), max(down, 1)
        small = picture.shape[1] // across, picture.shape[0] // down
        cut = picture[: small[1] * down, : small[0] * across]
        picture = cv2.resize(cut, small, interpolation=cv2.INTER_AREA)
    shrinks = picture.shape[1] > size[0]
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR if shrinks else cv2.INTER_CUBIC)


UNIT = Unit(
    id="image",
    stage="background",
    summary="A picture from the job's folders, cropped, repeated or mirrored. Labels unchanged.",
    config=Config,
    params=Params,
    check=check,
    draw=draw,
    apply=apply,
)
