"""Tone: what becomes of each level, whatever lies around it. Images are uint8 (h, w) or (h, w, 3)."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image

Levels = NDArray[np.float64]

#: Luma of R, G, B. Source: ITU-R BT.601.
LUMA = (0.299, 0.587, 0.114)
#: The light that a camera shows as white unless it is told otherwise, kelvin.
DAYLIGHT_K = 6500.0
#: What gray may be made of: luma, or one channel.
SEEN = ("luma", "red", "green", "blue")

#: A greater factor does no more; products of it and levels would leave 32 bits.
_MOST = 1e4

_LEVELS: Levels = np.arange(256, dtype=np.float64)


def mapped(image: Image, levels: Levels) -> Image:
    """Each level replaced by that of a table, float (256,), or (256, 3) with one for each channel."""
    table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table.reshape(256, 1, -1) if table.ndim == 2 else table), np.uint8)


def brightness_contrast(image: Image, brightness: float, contrast: float) -> Image:
    """Multiply by ``brightness``, then spread ``contrast`` times about the mean luma."""
    brightness, contrast = min(brightness, _MOST), min(contrast, _MOST)
    made = image if brightness == 1 else np.asarray(cv2.convertScaleAbs(image, alpha=brightness), np.uint8)
    if contrast == 1:
        return made.copy() if made is image else made
    beyond = mean_luma(made) * (1 - contrast)
    return np.asarray(cv2.addWeighted(made, contrast, made, 0, beyond), np.uint8)


def mean_luma(image: Image) -> float:
    """Mean luma of all pixels, 0 to 255."""
    mean = cv2.mean(image)
    return mean[0] if image.ndim == 2 else sum(share * value for share, value in zip(LUMA, mean[:3], strict=True))


def gamma(image: Image, exponent: float) -> Image:
    """Raise levels, as parts of white, to a power."""
    return mapped(image, 255 * (_LEVELS / 255) ** exponent)


def posterize(image: Image, levels: int) -> Image:
    """Keep only as many levels, evenly spaced from black to white."""
    steps = levels - 1
    return mapped(image, np.rint(_LEVELS * (steps / 255)) * (255 / steps))


def gray(image: Image, seen: str) -> Image:
    """All channels alike: luma, or what one of them has."""
    if image.ndim == 2:
        return image.copy()
    channel = SEEN.index(seen) - 1
    light = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if channel < 0 else cv2.extractChannel(image, channel)
    return np.asarray(cv2.cvtColor(light, cv2.COLOR_GRAY2RGB), np.uint8)


def inverted(image: Image) -> Image:
    """Each level taken from 255."""
    return np.asarray(cv2.bitwise_not(image), np.uint8)


def tint(image: Image, gains: tuple[float, float, float]) -> Image:
    """Multiply the light of each channel of uint8 (h, w, 3). Source of the curve of levels: IEC 61966-2-1 (sRGB)."""
    level = _LEVELS / 255
    light = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)[:, None] * np.array(gains)
    shown = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return mapped(image, shown * 255)


def illuminant_gains(temperature_k: float, duv: float, neutral_k: float) -> tuple[float, float, float]:
    """Light of R, G, B under an illuminant, for a camera set to another one; the greatest is 1.

    Args:
        temperature_k: correlated color temperature, kelvin, 1000 to 15000.
        duv: distance from the Planckian locus in the CIE 1960 diagram; above 0 is greenish, below it magenta.
        neutral_k: temperature of the Planckian radiator that the camera shows as white.
    """
    light, white = _srgb_light(temperature_k, duv), _srgb_light(neutral_k, 0)
    gains = [max(a, 0.0) / b for a, b in zip(light, white, strict=True)]
    most = max(gains)
    return gains[0] / most, gains[1] / most, gains[2] / most


def _srgb_light(temperature_k: float, duv: float) -> tuple[float, float, float]:
    """Linear sRGB of a light of luminance 1."""
    u, v = _planckian(temperature_k)
    if duv:
        # At right angles to the locus; it runs towards greater u as it gets warmer.
        u_cold, v_cold = _planckian(temperature_k * 1.001)
        du, dv = u - u_cold, v - v_cold
        length = math.hypot(du, dv)
        u, v = u - duv * dv / length, v + duv * du / length
    # From CIE 1960 (u, v) to x / y and z / y.
    x, z = 1.5 * u / v, (2 - 0.5 * u) / v - 5
    return (
        3.2404542 * x - 1.5371385 - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 + 0.0415560 * z,
        0.0556434 * x - 0.2040259 + 1.0572252 * z,
    )


def _planckian(kelvin: float) -> tuple[float, float]:
    """CIE 1960 (u, v) of a black body. Source: Krystek, Color Research & Application 10 (1), 1985."""
    square = kelvin * kelvin
    u = (0.860117757 + 1.54118254e-4 * kelvin + 1.28641212e-7 * square) / (
        1 + 8.42420235e-4 * kelvin + 7.08145163e-7 * square
    )
    v = (0.317398726 + 4.22806245e-5 * kelvin + 4.20481691e-8 * square) / (
        1 - 2.89741816e-5 * kelvin + 1.61456053e-7 * square
    )
    return u, v
