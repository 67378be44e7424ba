"""Liquids and mold on paper: clear dyes, darkest at their edge, where what was dissolved has dried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.fields import Pixels, Size, smooth_noise
from glyphmill.pixels.planes import as_bytes, dye

_SUBPIXEL_BITS = 4
_CORNERS = 96  # of the polygon that an outline is
_WAVES = np.arange(2, 14)

_COFFEE, _WATER, _FOXING = (104, 56, 12), (158, 126, 78), (168, 92, 28)


def stain(color: Image, kind: str, strength: float, count: int, size_px: float, rng: Generator) -> Image:
    """So many stains of one kind, of about this diameter, laid over an image by multiplication."""
    height, width = color.shape[:2]
    rgb, make = _KINDS[kind]
    density = np.zeros((height, width), np.uint8)
    for _ in range(count):
        center = rng.uniform(0, width), rng.uniform(0, height)
        radius = max(1.0, size_px / 2 * rng.uniform(0.8, 1.2))
        density = cv2.add(density, make((width, height), center, radius, rng))
    return dye(color, cv2.convertScaleAbs(density, alpha=strength), rgb)


def _outline(center: tuple[float, float], radius: float, rough: float, rng: Generator) -> NDArray[np.float64]:
    """A closed outline, (n, 2), whose radius varies by ``rough`` of itself, more slowly than finely."""
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    waves = np.cos(np.outer(angle, _WAVES) + rng.uniform(0, 2 * np.pi, len(_WAVES)))
    away = radius * (1 + rough * (waves @ (rng.normal(0, 1.6, len(_WAVES)) / _WAVES)))
    return np.stack([center[0] + away * np.cos(angle), center[1] + away * np.sin(angle)], axis=1)


def _filled(size: Size, *outlines: NDArray[np.float64]) -> Pixels:
    """Coverage of polygons, uint8 (h, w); where two overlap there is none, as in a ring."""
    plane = np.zeros((size[1], size[0]), np.uint8)
    fixed = [np.rint((outline - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32) for outline in outlines]
    cv2.fillPoly(plane, fixed, 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    return plane


def _edge(mask: Pixels, width_px: float) -> Pixels:
    """The mask, strongest at its edge and fading inwards over ``width_px``."""
    return np.asarray(cv2.multiply(mask, cv2.bitwise_not(gaussian(mask, width_px)), scale=2 / 255), np.uint8)


def _patchy(rng: Generator, size: Size, cell_px: float, low: float) -> Pixels:
    """Gains from about ``low`` to 1."""
    return as_bytes(smooth_noise(rng, size, max(cell_px, 2.0)), 255 * (1 - low) / 1.4, 255 * (1 + low) / 2)


def _coffee(size: Size, center: tuple[float, float], radius: float, rng: Generator) -> Pixels:
    """The ring of a cup, broken in places, with a film inside and a few drops around."""
    outer = _outline(center, radius, 0.008, rng)
    inner = _outline(center, radius * rng.uniform(0.9, 0.94), 0.01, rng)
    ring = _filled(size, outer, inner)
    rim = max(1.0, radius * 0.012)
    density = cv2.addWeighted(ring, 0.4, _edge(ring, rim), 0.8, 0)
    broken = _patchy(rng, size, radius * 0.8, -0.35)
    density = cv2.multiply(density, broken, scale=1 / 255)
    cv2.add(density, cv2.convertScaleAbs(_filled(size, inner), alpha=rng.uniform(0.02, 0.09)), dst=density)
    drops = np.zeros_like(ring)
    for _ in range(int(rng.integers(0, 6))):
        angle, away = rng.uniform(0, 2 * np.pi), radius * rng.uniform(1.02, 1.5)
        spot = center[0] + away * np.cos(angle), center[1] + away * np.sin(angle)
        drop = _filled(size, _outline(spot, radius * rng.uniform(0.012, 0.06), 0.08, rng))
        drops = cv2.max(drops, drop)
    if drops.any():
        density = cv2.max(density, cv2.addWeighted(drops, 0.35, _edge(drops, rim), 0.6, 0))
    return _grained(density, rng)


def _water(size: Size, center: tuple[float, float], radius: float, rng: Generator) -> Pixels:
    """A puddle that dried in steps: a thin dark line at each of its shores."""
    density = np.zeros((size[1], size[0]), np.uint8)
    for shrink in (1.0, rng.uniform(0.72, 0.9)):
        mask = _filled(size, _outline(center, radius * shrink, 0.16, rng))
        shore = cv2.addWeighted(_edge(mask, 1.6), 0.5, _edge(mask, max(2.0, radius * 0.1)), 0.3, 0)
        shore = cv2.multiply(shore, _patchy(rng, size, radius * 0.7, 0.2), scale=1 / 255)
        cv2.add(density, cv2.addWeighted(shore, 1, mask, 0.1, 0), dst=density)
    return _grained(density, rng)


def _foxing(size: Size, center: tuple[float, float], radius: float, rng: Generator) -> Pixels:
    """A colony of rust-colored spots, each in a pale halo, thinner towards its border."""
    spots = np.zeros((size[1], size[0]), np.uint8)
    halos = np.zeros_like(spots)
    one = 1 << _SUBPIXEL_BITS
    count = int(rng.integers(14, 40))
    where = np.array(center) + rng.normal(0, radius * 0.55, (count, 2)) - 0.5
    sizes = np.minimum(rng.lognormal(0.5, 0.7, count), 0.09 * radius)
    depths = rng.uniform(60, 230, count)
    for (x, y), spot, depth in zip(
        np.rint(where * one).astype(int).tolist(), sizes.tolist(), depths.tolist(), strict=True
    ):
        cv2.circle(halos, (x, y), round(spot * 2.4 * one), depth * 0.45, -1, cv2.LINE_AA, _SUBPIXEL_BITS)
        cv2.circle(spots, (x, y), round(spot * one), depth, -1, cv2.LINE_AA, _SUBPIXEL_BITS)
    density = cv2.max(gaussian(spots, 0.9), gaussian(halos, 3.0))
    return _grained(np.asarray(density, np.uint8), rng)


def _grained(density: Pixels, rng: Generator) -> Pixels:
    """A dye as fibers take it up: not quite evenly."""
    height, width = density.shape
    return np.asarray(cv2.multiply(density, _patchy(rng, (width, height), 5.0, 0.7), scale=1 / 255), np.uint8)


_KINDS: dict[str, tuple[tuple[int, int, int], Callable[..., Any]]] = {
    "coffee": (_COFFEE, _coffee),
    "water": (_WATER, _water),
    "foxing": (_FOXING, _foxing),
}
KINDS = tuple(_KINDS)
