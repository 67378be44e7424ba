"""Encode: JPEG (lossy), RGB or gray, quality drawn per image; labels are untouched. Source: ITU-T T.81, by libjpeg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from glyphmill.config.fields import Settings, Whole
from glyphmill.core.errors import Reject
from glyphmill.core.unit import Unit
from glyphmill.sampling import Distribution

Subsampling = Literal[444, 422, 420]

_FACTORS = {
    444: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    422: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    420: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
}
_MAX_SIDE_PX = 65_500  # libjpeg's limit


class Config(Settings):
    """Settings of the JPEG encoder."""

    quality: Distribution = Whole(90, lo=1, hi=100, unit="", about="JPEG quality; 100 is the best")
    subsampling: Subsampling = Field(
        default=420, description="Resolution of color: 444 full, 422 half across, 420 half both ways."
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values of one image."""

    extension: ClassVar[str] = "jpg"
    quality: int
    subsampling: Subsampling


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The quality of one image."""
    return {"quality": int(config.quality.draw(rng)), "subsampling": config.subsampling}


def apply(params: Params, image: NDArray[np.uint8], gray: bool) -> bytes:
    """The image as baseline JPEG bytes.

    Args:
        params: drawn values.
        image: uint8 (H, W, 3), RGB.
        gray: write one channel (BT.601 luma) instead of three.

    Raises: Reject ``image_too_large`` where a side is over what JPEG files hold.
    """
    height, width = image.shape[:2]
    if max(height, width) > _MAX_SIDE_PX:
        raise Reject("jpeg", "image_too_large", f"{width} x {height} px; at most {_MAX_SIDE_PX} px a side")
    pixels = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY if gray else cv2.COLOR_RGB2BGR)
    settings = [cv2.IMWRITE_JPEG_QUALITY, params.quality]
    if not gray:
        settings += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _FACTORS[params.subsampling]]
    written, data = cv2.imencode(".jpg", pixels, settings)
    if not written:
        raise Reject("jpeg", "encoder_failed", f"{width} x {height} px")
    return data.tobytes()


UNIT = Unit(
    id="jpeg",
    stage="encode",
    summary="Write JPEG: lossy, RGB or gray; quality drawn per image.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
