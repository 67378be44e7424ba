"""B5: how cost grows with the number of glyphs, and with the size of the image."""

from __future__ import annotations

import math
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks.lane import Lane
from benchmarks.lines import write_font, write_lines
from benchmarks.place import environment
from benchmarks.result import Figure, Result, Scale, Target

TITLE = "Cost against size: 10 to 2,000 glyphs; 0.05 to 8 megapixels; image, label and PNG in memory, one process"
GLYPHS = (10, 30, 100, 300, 1000, 2000)
#: Width and height, px: 0.05, 0.2, 0.8, 2 and 8 megapixels; and how many images a run makes of each.
SIZES = {(250, 200): 60, (500, 400): 40, (1000, 800): 15, (1600, 1250): 6, (3200, 2500): 2}
_MOST = 1.05
_BY_GLYPHS = """\
total_images: 1
seed: 5
specifications:
  - name: text
    proportion: 1.0
    text: {{corpus: lines.txt, language: en, length: {glyphs}, lines: {lines}}}
    font: {{size: 24}}
    background: {{paper: {{}}}}
resources: {{fonts: [NotoSans-Regular.ttf], corpora: .}}
output: {{format: png}}
"""
_BY_SIZE = """\
total_images: 1
seed: 5
specifications:
  - name: page
    proportion: 1.0
    text: {{corpus: lines.txt, language: en, length: 20}}
    font: {{size: 16}}
    canvas: {{width: {width}, height: {height}}}
    background: {{paper: {{}}}}
    warp: [{{perspective: {{magnitude: 0.1}}}}, {{elastic: {{alpha: 30, sigma: 8}}}}]
    degrade: [{{blur: {{radius: 1}}}}, {{gaussian_noise: {{sigma: 6}}}}]
resources: {{fonts: [NotoSans-Regular.ttf], corpora: .}}
output: {{format: png}}
"""
_LINE = 50  # glyphs of a line at most, on average


def run(scale: Scale) -> Result:
    """Make images of each size in turn."""
    folder, env = _inputs(scale), environment(scale.folder)
    lengths, sizes = (GLYPHS[:2], list(SIZES)[:2]) if scale.quick else (GLYPHS, list(SIZES))
    texts = {f"{glyphs} glyphs": _text(folder, glyphs) for glyphs in lengths}
    pages = {f"{width * height / 1e6:g} MP": _page(folder, width, height) for width, height in sizes}
    counts = {f"{glyphs} glyphs": scale.count(200 if glyphs <= 100 else 50) for glyphs in lengths}
    counts |= {name: scale.count(SIZES[size]) for name, size in zip(pages, sizes, strict=True)}
    costs: dict[str, list[float]] = {name: [] for name in counts}
    with ExitStack() as stack:
        lanes = {
            name: stack.enter_context(Lane("glyphmill", {"config": str(config), "count": counts[name]}, env=env))
            for name, config in (texts | pages).items()
        }
        for number in range(scale.runs + 1):
            for name, lane in lanes.items():
                cost = lane.batch(kind="encode", count=counts[name]).each(counts[name])
                if number:  # the first warms up
                    costs[name].append(cost.cpu_s)
    by_glyphs = [costs[name] for name in texts]
    by_size = [costs[name] for name in pages]
    megapixels = [width * height / 1e6 for width, height in sizes]
    figures = [
        Figure("exponent of CPU by glyphs", "(fitted)", _slopes(lengths, by_glyphs), Target("<=", _MOST)),
        Figure("exponent of CPU by pixels", "(fitted)", _slopes(megapixels, by_size), Target("<=", _MOST)),
        Figure("exponent by glyphs, between the two largest", "(two points)", _slopes(lengths[-2:], by_glyphs[-2:])),
        Figure("exponent by pixels, between the two largest", "(two points)", _slopes(megapixels[-2:], by_size[-2:])),
    ]
    for name, values in costs.items():
        figures.append(Figure(f"{name}: CPU", "ms an image", tuple(1e3 * value for value in values)))
    settings = {"images a run": counts, "config by glyphs": _BY_GLYPHS, "config by size": _BY_SIZE}
    return Result(TITLE, tuple(figures), settings=settings, notes=(_FIT, _GROWS))


_FIT = (
    "The exponent is the slope of the straight line through (log size, log CPU an image) by least squares; 1 is "
    "linear. What an image costs whatever its size flattens that line, so the exponent between the two largest sizes "
    "stands beside it, where a cost that grows faster would show first."
)
_GROWS = (
    "By glyphs: lines of about 50 at 24 px on paper; the page grows with its text. By pixels: one short line on a page "
    "of paper, two warps, blur and noise, which all work on the whole page."
)


def _slopes(sizes: tuple[float, ...] | list[float], costs: list[list[float]]) -> tuple[float, ...]:
    """The fitted exponent of each run."""
    logs = np.log(np.asarray(sizes, np.float64))
    return tuple(float(np.polyfit(logs, np.log(each), 1)[0]) for each in zip(*costs, strict=True))


def _inputs(scale: Scale) -> Path:
    folder = scale.subfolder("size")
    write_lines(folder / "lines.txt", 4000)
    write_font(folder / "NotoSans-Regular.ttf")
    return folder


def _text(folder: Path, glyphs: int) -> Path:
    path = folder / f"glyphs_{glyphs}.yaml"
    path.write_text(_BY_GLYPHS.format(glyphs=glyphs, lines=math.ceil(glyphs / _LINE)), encoding="utf-8")
    return path


def _page(folder: Path, width: int, height: int) -> Path:
    path = folder / f"page_{width}_{height}.yaml"
    path.write_text(_BY_SIZE.format(width=width, height=height), encoding="utf-8")
    return path
