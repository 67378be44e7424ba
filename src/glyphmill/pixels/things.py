"""Thin things that are found in front of text, as endless rows of them: each is a list of strokes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.fields import Size
from glyphmill.pixels.strokes import Color, Path, Stroke

Numbers = NDArray[np.float64]


def _tone(colors: NDArray[np.float64], rng: Generator) -> Color:
    red, green, blue = np.clip(colors[rng.integers(len(colors))] * rng.uniform(0.8, 1.2), 0, 255).tolist()
    return red, green, blue


_CABLES = np.array([[28, 28, 30], [40, 38, 36], [70, 72, 76], [96, 40, 34], [36, 48, 84]], np.float64)
_BARK = np.array([[74, 56, 40], [58, 46, 38], [96, 80, 62], [50, 42, 34]], np.float64)
_GREENS = np.array([[70, 92, 52], [92, 112, 62], [58, 78, 52], [146, 122, 66], [132, 84, 54]], np.float64)
_METALS = np.array([[120, 124, 128], [88, 92, 96], [150, 150, 146], [64, 70, 72]], np.float64)


def _wires(size: Size, thickness: float, amount: float, rng: Generator) -> Iterator[list[Stroke]]:
    """Cables that hang across the image."""
    width, height = size
    tilt = rng.normal(0, 0.12)
    while True:
        x = np.linspace(-0.02, 1.02, 24)
        sag = rng.uniform(0.0, 0.12) * 4 * x * (1 - x)
        y = rng.uniform(0.05, 0.95) * height + (sag + (tilt + rng.normal(0, 0.03)) * (x - 0.5)) * width
        half = np.full(len(x), thickness * rng.uniform(0.4, 0.6))
        yield [Stroke(np.stack([x * width, y], axis=1), half, _tone(_CABLES, rng), sheen=0.35)]


def _twigs(size: Size, thickness: float, amount: float, rng: Generator) -> Iterator[list[Stroke]]:
    """Twigs that reach into the image from its sides, forking as they go."""
    while True:
        start, heading = _from_side(size, rng)
        color = _tone(_BARK, rng)
        long = min(max(size) * rng.uniform(0.4, 0.9), 90 * thickness)
        grown = _grown(start[None], np.array([heading]), np.array([long]), np.array([thickness / 2]), 2, rng)
        yield [Stroke(path, half, color, sheen=0.2) for path, half in grown]


def _grown(
    start: Path, heading: Numbers, length: Numbers, half: Numbers, generations: int, rng: Generator
) -> Iterator[tuple[Path, Numbers]]:
    """Twigs from where they begin, (n, 2), and then the twigs on them: the path of each, and half its width."""
    twigs, count = len(start), 18
    turns = heading[:, None] + np.cumsum(rng.normal(0, 0.10, (twigs, count)), axis=1)
    steps = np.stack([np.cos(turns), np.sin(turns)], axis=2) * (length / count)[:, None, None]
    paths = start[:, None] + np.cumsum(steps, axis=1)
    taper = half[:, None] * np.linspace(1.0, 0.3, count) * rng.uniform(0.88, 1.12, (twigs, count))
    yield from zip(paths, taper, strict=True)
    if generations:
        on = np.repeat(np.arange(twigs), rng.integers(2, 5, twigs))
        at = rng.integers(4, count - 2, len(on))
        turned = turns[on, at] + rng.choice([-1.0, 1.0], len(on)) * rng.uniform(0.45, 1.0, len(on))
        long = length[on] * rng.uniform(0.2, 0.5, len(on))
        yield from _grown(paths[on, at], turned, long, taper[on, at] * 0.62, generations - 1, rng)


def _from_side(size: Size, rng: Generator) -> tuple[Path, float]:
    """A point on the border and a direction into the image, radians."""
    width, height = size
    place = rng.uniform(0, 2 * (width + height))
    if place < 2 * width:
        top = place < width
        point = np.array([place % width, -3.0 if top else height + 3.0])
    else:
        place -= 2 * width
        point = np.array([-3.0 if place < height else width + 3.0, place % height])
    aim = np.array([width, height]) * rng.uniform(0.25, 0.75, 2) - point
    return point, math.atan2(aim[1], aim[0]) + rng.normal(0, 0.3)


def _poles(size: Size, thickness: float, amount: float, rng: Generator) -> Iterator[list[Stroke]]:
    """Posts and pipes from the top to the bottom, hardly leaning."""
    width, height = size
    while True:
        x, lean = rng.uniform(0.03, 0.97) * width, rng.normal(0, 0.03) * height
        path = np.stack([x + lean * np.linspace(-0.5, 0.5, 9), np.linspace(-0.05, 1.05, 9) * height], axis=1)
        half = np.full(9, 2 * thickness * rng.uniform(0.8, 1.2))
        color = _tone(_METALS if rng.random() < 0.7 else _BARK, rng)
        yield [Stroke(path, half, color, sheen=0.45, lit_at=rng.choice([-0.5, 0.5]))]


def _leaves(size: Size, thickness: float, amount: float, rng: Generator) -> Iterator[list[Stroke]]:
    """Leaves on their stalks, each with a midrib, hanging in from the sides or lying about."""
    width, height = size
    while True:
        long = thickness * rng.uniform(9, 20)
        turn = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.05, 16))
        path = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], axis=1) * long / 16, axis=0)
        path += rng.random(2) * (width, height) - path.mean(axis=0)
        along = np.linspace(0, 1, 16)
        half = long * rng.uniform(0.16, 0.26) * np.sin(np.pi * along**0.8) ** 0.9 * (1 - 0.25 * along)
        color = _tone(_GREENS, rng)
        rib = tuple(min(255.0, 1.28 * level + 12) for level in color)
        dark = tuple(0.82 * level for level in color)
        blade = Stroke(path, half, color)
        shaded = Stroke(
            path + blade.sides() * (half * 0.5)[:, None], half * 0.5, (dark[0], dark[1], dark[2]), inside=True
        )
        stalk = Stroke(path, np.full(16, max(0.4, long * 0.012)), (rib[0], rib[1], rib[2]), inside=True)
        yield [blade, shaded, stalk]


def _fence(size: Size, thickness: float, amount: float, rng: Generator) -> Iterator[list[Stroke]]:
    """Chain link: upright zigzags of wire hooked into each other, in meshes as wide as the amount asks for."""
    width, height = size
    half = thickness * 0.35
    mesh = max(3.2 * half / max(amount, 1e-3), 6 * half)
    left, top, color = rng.uniform(-mesh, 0), rng.uniform(-mesh, 0), _tone(_METALS, rng)
    fine = np.linspace(0, 1, 7)[:-1]
    bends = np.arange(math.ceil((height - top) / mesh) + 2)
    for column in range(math.ceil((width - left) / mesh) + 1):
        step = (bends[:, None] + fine).reshape(-1)
        swing = 2 * np.abs((step + column) % 2 - 1) - 1
        swing = 0.5 + 0.53 * swing * (1.25 - 0.25 * swing**2)
        path = np.stack([left + mesh * (column + swing), top + step * mesh], axis=1)
        yield [Stroke(path, np.full(len(step), half), color, sheen=0.35)]


def _scratches(size: Size, thickness: float, amount: float, rng: Generator) -> Iterator[list[Stroke]]:
    """Scratches of a pane of glass: fine, light, seen through, several along the same way."""
    width, height = size
    heading = rng.uniform(0, np.pi)
    while True:
        turn = heading + rng.normal(0, 0.5)
        length = max(width, height) * rng.uniform(0.15, 0.7)
        way, normal = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        along = np.linspace(-0.5, 0.5, 12)[:, None]
        path = rng.random(2) * (width, height) + along * length * way + along**2 * length * rng.normal(0, 0.1) * normal
        half = thickness * rng.uniform(0.1, 0.26) * np.sin(np.pi * np.linspace(0.06, 0.94, 12))
        light = rng.uniform(190, 245)
        yield [Stroke(path, half, (light, light, light), opacity=rng.uniform(0.4, 0.85))]


#: What makes them, how many there are in front of an image at most, and how the area of one goes with its thickness:
#: with its first power if it reaches across the image, else with its second.
THINGS: dict[str, tuple[Callable[[Size, float, float, Generator], Iterator[list[Stroke]]], int, int]] = {
    "wires": (_wires, 14, 1),
    "twigs": (_twigs, 6, 2),
    "poles": (_poles, 6, 1),
    "leaves": (_leaves, 16, 2),
    "fence": (_fence, 24, 1),
    "scratches": (_scratches, 60, 1),
}
