"""Two levels out of many: thresholds, of the whole image, of the neighborhood, or of a dither pattern."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.fields import Pixels
from glyphmill.pixels.planes import brightness, percentiles, spread

METHODS = ("otsu", "sauvola", "threshold", "ordered", "blue_noise")

_ENDS = (0.01, 0.99)  # shares of the pixels that are beyond the darkest and the lightest
_HALF_RANGE = 128.0  # Sauvola's R: the greatest standard deviation that bytes can have
_BAYER_STEPS = 3
_BLUE_SIDE = 64
_BLUE_SIGMA = 1.5


def binarize(color: Image, method: str, threshold: float, window_px: int, k: float) -> Image:
    """Black and white of uint8 (h, w) or (h, w, 3), in as many channels."""
    gray = brightness(color)
    if method == "sauvola":
        made = sauvola(gray, window_px, k)
    elif method == "threshold":
        made = level(gray, threshold)
    else:
        made = {"otsu": otsu, "ordered": ordered, "blue_noise": blue_noise}[method](gray)
    return spread(made, color)


def otsu(gray: Pixels) -> Pixels:
    """Black and white where the two classes differ most. Source: Otsu, IEEE SMC 1979."""
    return np.asarray(cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)


def level(gray: Pixels, share: float) -> Pixels:
    """Black and white at a share of the way from the darkest to the lightest of the image."""
    dark, light = percentiles(gray, _ENDS)
    return np.asarray(cv2.threshold(gray, dark + share * (light - dark), 255, cv2.THRESH_BINARY)[1], np.uint8)


def sauvola(gray: Pixels, window_px: int, k: float) -> Pixels:
    """Black and white by m (1 + k (s / R - 1)), of the mean m and standard deviation s in the window.

    The rule is made for dark ink; where most of the image is dark, it is applied to the negative.
    Source: Sauvola & Pietikäinen, "Adaptive document image binarization", Pattern Recognition 2000.
    """
    dark, light = percentiles(gray, _ENDS)
    (middle,) = percentiles(gray, (0.5,))
    if 2 * middle < dark + light:
        return np.asarray(cv2.bitwise_not(_sauvola(cv2.bitwise_not(gray), window_px, k)), np.uint8)
    return _sauvola(gray, window_px, k)


def _sauvola(gray: Pixels, window_px: int, k: float) -> Pixels:
    window = (window_px | 1, window_px | 1)
    mean = cv2.boxFilter(gray, cv2.CV_32F, window, borderType=cv2.BORDER_REFLECT)
    deviation = cv2.sqrBoxFilter(gray, cv2.CV_32F, window, borderType=cv2.BORDER_REFLECT)
    cv2.subtract(deviation, cv2.multiply(mean, mean), dst=deviation)
    cv2.sqrt(cv2.max(deviation, 0, dst=deviation), dst=deviation)
    threshold = cv2.addWeighted(deviation, k / _HALF_RANGE, deviation, 0, 1 - k)
    cv2.multiply(threshold, mean, dst=threshold)
    # In bytes: a level is above the threshold if it is above its floor.
    floor = cv2.addWeighted(threshold, 1, threshold, 0, -0.5, dtype=cv2.CV_8U)
    return np.asarray(cv2.compare(gray, floor, cv2.CMP_GT), np.uint8)


def ordered(gray: Pixels) -> Pixels:
    """Dots in a regular pattern of 8 x 8. Source: Bayer, IEEE ICC 1973."""
    return _against(gray, _bayer())


def blue_noise(gray: Pixels) -> Pixels:
    """Dots scattered evenly without a pattern, as by error diffusion, but each pixel on its own."""
    return _against(gray, _blue())


def _against(gray: Pixels, tile: Pixels) -> Pixels:
    """Black where a tile of thresholds is not passed, with the range of the image stretched as a scanner does."""
    dark, light = percentiles(gray, _ENDS)
    stretched = (np.arange(256) - dark) * (255 / max(light - dark, 1))
    gray = np.asarray(cv2.LUT(gray, np.clip(np.rint(stretched), 0, 255).astype(np.uint8)), np.uint8)
    height, width = gray.shape
    rows, columns = -(-height // len(tile)), -(-width // len(tile))
    return np.asarray(cv2.compare(gray, np.tile(tile, (rows, columns))[:height, :width], cv2.CMP_GT), np.uint8)


@lru_cache(maxsize=1)
def _bayer() -> Pixels:
    index = np.zeros((1, 1), np.int64)
    for _ in range(_BAYER_STEPS):
        index = np.block([[4 * index, 4 * index + 2], [4 * index + 3, 4 * index + 1]])
    return _thresholds(index)


@lru_cache(maxsize=1)
def _blue() -> Pixels:
    """A tile whose lowest levels, however many, are spread evenly; the same everywhere, being made of whole numbers.

    Source: Ulichney, "The void-and-cluster method for dither array generation", SPIE 1913, 1993.
    """
    side, count = _BLUE_SIDE, _BLUE_SIDE**2
    away = (np.arange(2 * side) % side + side // 2) % side - side // 2
    bell = np.exp(-(away**2) / (2 * _BLUE_SIGMA**2))
    near = np.rint(np.outer(bell, bell) * (1 << 20)).astype(np.int64)
    crowd = np.zeros((side, side), np.int64)
    taken = np.zeros((side, side), bool)

    def put(cell: int, sign: int) -> None:
        y, x = divmod(cell, side)
        crowd[...] += sign * near[side - y : 2 * side - y, side - x : 2 * side - x]
        taken.reshape(-1)[cell] = sign > 0

    def tightest() -> int:
        return int(np.where(taken, crowd, -1).argmax())

    def emptiest() -> int:
        return int(np.where(taken, np.int64(1 << 62), crowd).argmin())

    first = np.random.Generator(np.random.Philox(key=_BLUE_SIDE)).permutation(count)[: count // 10].tolist()
    for cell in first:
        put(cell, 1)
    for _ in range(count):  # far more than it takes
        cell = tightest()
        put(cell, -1)
        void = emptiest()
        put(void, 1)
        if void == cell:
            break
    rank = np.empty(count, np.int64)
    pattern = np.flatnonzero(taken).tolist()
    for number in reversed(range(len(pattern))):
        cell = tightest()
        put(cell, -1)
        rank[cell] = number
    for cell in pattern:
        put(cell, 1)
    for number in range(len(pattern), count):
        cell = emptiest()
        put(cell, 1)
        rank[cell] = number
    return _thresholds(rank.reshape(side, side))


def _thresholds(rank: NDArray[np.int64]) -> Pixels:
    """Levels 0..254 by rank: what is above its threshold is white, so black stays black and white white."""
    return ((2 * rank + 1) * 255 // (2 * rank.size)).astype(np.uint8)
