"""What differs from row to row: lines of a tube or of a fax, passes of a print head.

Images are uint8 (h, w) or (h, w, 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.planes import paper_of

_ONE = 128  # the byte that stands for a gain of 1
_LOST = 0.85  # of the light at most is missing between two lines of a beam
_LINE_SHARE = 1 / 20  # of the height of a pass: what lies between two passes, or comes from one nozzle


def beam_lines(image: Image, strength: float, pitch_px: float, rng: Generator) -> Image:
    """Darken what lies between the lines that an electron beam writes, ``pitch_px`` apart."""
    turn = np.arange(len(image)) / pitch_px + rng.random()
    return _scaled(image, 1 - strength * _LOST * (0.5 - 0.5 * np.cos(2 * np.pi * turn)))


def held_lines(image: Image, strength: float, pitch_px: float, rng: Generator) -> Image:
    """Mix with a scan that looks only once in ``pitch_px`` and prints what it saw until it looks again."""
    height = len(image)
    phase = rng.random()
    line = np.floor(np.arange(height) / pitch_px + phase)
    seen = np.rint((line + 0.5 - phase) * pitch_px - 0.5)
    held = image[np.clip(seen, 0, height - 1).astype(np.intp)]
    return np.asarray(cv2.addWeighted(image, 1 - strength, held, strength, 0), np.uint8)


#: Kind of line -> (image, strength, pitch_px, rng) -> image.
LINES: Mapping[str, Callable[[Image, float, float, Generator], Image]] = {"tube": beam_lines, "fax": held_lines}


def print_bands(image: Image, strength: float, height_px: float, rng: Generator) -> Image:
    """Let the density of ink differ between the passes of a print head, with lines where they do not meet.

    A pass may be light; between two of them there is a gap or an overlap; and one or two nozzles may be blocked, which
    leaves a line at the same place in every pass. All of it weakens or strengthens what is darker than the paper.
    """
    height = len(image)
    turn = np.arange(height) / height_px + rng.random()
    number, place = turn.astype(np.intp), turn % 1
    passes = number[-1] + 1
    line = max(_LINE_SHARE, 1 / height_px)
    density = 1 - 0.6 * strength * rng.random(passes) ** 2
    seams = np.where(rng.random(passes) < 0.7, -1.0, 0.4) * rng.random(passes)
    gains = density[number]
    gains[place < line] += strength * seams[number[place < line]]
    for at in rng.random(rng.integers(0, 3)):
        gains[np.abs(place - at) < line / 2] *= 1 - 0.9 * strength
    ink = np.asarray(cv2.subtract(paper_of(image), image), np.uint8)
    return np.asarray(cv2.subtract(cv2.add(image, ink), _scaled(ink, gains)), np.uint8)


def _scaled(image: Image, gains: NDArray[np.float64]) -> Image:
    """Each row multiplied by its gain, 0 to just below 2."""
    height, across = len(image), image[0].size
    parts = np.clip(np.rint(gains * _ONE), 0, 255).astype(np.uint8)
    spread = np.repeat(parts, across).reshape(height, across)
    flat = np.asarray(cv2.multiply(image.reshape(height, across), spread, dst=spread, scale=1 / _ONE), np.uint8)
    return flat.reshape(image.shape)
