"""Lane: the floor under what images cost, part by part. Settings: ``images``, a folder of PNG files.

A request names the ``part``, which is done once for every image. Each part is done in the cheapest way that is known:
four channels are resampled in half the time of three.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.lanes.serve import Facts, Work, serve
from glyphmill.core.rng import field_stream
from glyphmill.stages.encode import png

Image = NDArray[np.uint8]
#: Of the wave that pixels are moved by: no part of it is a whole number of pixels, and none lies outside.
_SHIFT_PX, _LENGTH_PX = 0.4, 50.0


def open_lane(settings: dict[str, Any]) -> tuple[Facts, Work]:
    """All images in memory, with what the parts need, and the parts."""
    cv2.setNumThreads(1)
    files = sorted(Path(settings["images"]).rglob("*.png"))
    images = [cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB) for file in files]
    parts = _parts(images)

    def work(request: dict[str, Any]) -> None:
        part = parts[request["part"]]
        for index in range(len(images)):
            part(index)

    pixels = [image.shape[0] * image.shape[1] for image in images]
    return {"images": len(images), "megapixels": [each / 1e6 for each in pixels]}, work


def _parts(images: list[Image]) -> dict[str, Callable[[int], object]]:
    four = [cv2.cvtColor(image, cv2.COLOR_RGB2RGBA) for image in images]
    maps = [_map(*image.shape[:2]) for image in images]
    field = field_stream(1)
    fast = png.Params(compression="fast")
    return {
        "remap": lambda index: cv2.remap(four[index], *maps[index], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT),
        "blur": lambda index: cv2.GaussianBlur(images[index], (5, 5), 0),
        "field": lambda index: field.bytes(images[index].shape[0] * images[index].shape[1]),
        "encode": lambda index: png.apply(fast, images[index], False),
    }


def _map(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return x + _SHIFT_PX * np.sin(y / _LENGTH_PX), y + _SHIFT_PX * np.cos(x / _LENGTH_PX)


if __name__ == "__main__":
    serve(open_lane)
