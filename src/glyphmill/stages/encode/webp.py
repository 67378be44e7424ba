"""Encode: WebP, lossy or lossless, RGB or gray; labels are untouched. Source: RFC 9649, by libwebp."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from glyphmill.config.fields import Settings, Whole
from glyphmill.core.errors import Reject
from glyphmill.core.unit import Unit
from glyphmill.sampling import Distribution

_MAX_SIDE_PX = 16_383  # the format's limit


class Config(Settings):
    """Settings of the WebP encoder."""

    quality: Distribution = Whole(90, lo=1, hi=100, unit="", about="WebP quality, where it is lossy; 100 is the best")
    lossless: bool = Field(default=False, description="Keep every pixel; quality is then of no effect. Slow.")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values of one image."""

    extension: ClassVar[str] = "webp"
    quality: int
    lossless: bool


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The quality of one image."""
    return {"quality": int(config.quality.draw(rng)), "lossless": config.lossless}


def apply(params: Params, image: NDArray[np.uint8], gray: bool) -> bytes:
    """The image as WebP bytes.

    Args:
        params: drawn values.
        image: uint8 (H, W, 3), RGB.
        gray: write its BT.601 luma; a WebP file has three channels all the same, here equal ones.

    Raises: Reject ``image_too_large`` where a side is over what WebP files hold.
    """
    height, width = image.shape[:2]
    if max(height, width) > _MAX_SIDE_PX:
        raise Reject("webp", "image_too_large", f"{width} x {height} px; at most {_MAX_SIDE_PX} px a side")
    pixels = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY if gray else cv2.COLOR_RGB2BGR)
    settings = [cv2.IMWRITE_WEBP_QUALITY, params.quality]
    if params.lossless:
        settings = [cv2.IMWRITE_WEBP_LOSSLESS_MODE, cv2.IMWRITE_WEBP_LOSSLESS_ON]
    written, data = cv2.imencode(".webp", pixels, settings)
    if not written:
        raise Reject("webp", "encoder_failed", f"{width} x {height} px")
    return data.tobytes()


UNIT = Unit(
    id="webp",
    stage="encode",
    summary="Write WebP: lossy or lossless, RGB or gray.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
