"""B7: the most memory that a worker holds: of few images and many, with a small corpus and a very large one."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.lane import Lane
from benchmarks.lines import write_font, write_lines
from benchmarks.measure import cost_of
from benchmarks.place import environment
from benchmarks.result import Figure, Result, Scale, Target
from glyphmill.catalogue.corpora import open_corpora

TITLE = "Peak memory of one worker: 10,000 images against 100; corpora of 10 GB against 1 MB; opening a corpus"
FEW, MANY, FROM_CORPORA = 100, 10_000, 1000
#: The large corpus: names of one file, which is this large.
NAMES, FILE_MB = 10, 1000
_MOST_MB, _MOST_MS = 10, 50
_SMALL_MB = 1
#: Tiny images, each like any other, so that a run of many is quick and no image is larger than those before it.
CONFIG = """\
total_images: 1
seed: 7
specifications:
  - name: tiny
    proportion: 1.0
    text: {corpus: "*.txt", language: en, length: 12, missing: drop}
    font: {size: 12}
    canvas: {width: 96, height: 24, overflow: grow}
    background: {solid: {}}
resources: {fonts: [NotoSans-Regular.ttf], corpora: CORPUS}
output: {format: png}
"""


def run(scale: Scale) -> Result:
    """Run datasets in processes of their own, and ask each for the most memory that it held."""
    folder = scale.subfolder("memory")
    write_font(folder / "NotoSans-Regular.ttf")
    small, large = _corpora(folder, 2 if scale.quick else FILE_MB)
    few, many, drawn = (scale.count(count) for count in (FEW, MANY, FROM_CORPORA))
    runs = {"few": (small, few), "many": (small, many), "1 MB": (small, drawn), "10 GB": (large, drawn)}
    peaks: dict[str, list[float]] = {name: [] for name in runs}
    opened: dict[str, list[float]] = {"1 MB": [], "10 GB": []}
    try:
        for _ in range(scale.runs):
            for name, (config, count) in runs.items():
                peaks[name].append(_peak_mb(scale, config, count))
            for name, corpus in (("1 MB", small), ("10 GB", large)):
                opened[name].append(_opening_ms(corpus.with_suffix("")))
    finally:
        shutil.rmtree(folder / "large")  # as large as all else together
    by_count, by_corpus = _more(peaks["many"], peaks["few"]), _more(peaks["10 GB"], peaks["1 MB"])
    figures = [
        Figure(f"peak of {MANY:,} images, over that of {FEW}", "MB", by_count, Target("<=", _MOST_MB)),
        Figure("peak with a corpus of 10 GB, over that with 1 MB", "MB", by_corpus, Target("<=", _MOST_MB)),
        Figure("opening a corpus of 10 GB: wall", "ms", tuple(opened["10 GB"]), Target("<=", _MOST_MS)),
        Figure("opening a corpus of 1 MB: wall", "ms", tuple(opened["1 MB"]), Target("<=", _MOST_MS)),
        Figure(f"peak of {FEW} images", "MB", tuple(peaks["few"])),
        Figure(f"peak of {MANY:,} images", "MB", tuple(peaks["many"])),
        Figure(f"peak of {FROM_CORPORA:,} images, 1 MB of text", "MB", tuple(peaks["1 MB"])),
        Figure(f"peak of {FROM_CORPORA:,} images, 10 GB of text", "MB", tuple(peaks["10 GB"])),
    ]
    settings = {
        "images": {name: count for name, (_, count) in runs.items()},
        "corpora": {"small": f"{_SMALL_MB} MB", "large": f"{NAMES} names of a file of {FILE_MB} MB"},
        "config": CONFIG,
    }
    return Result(TITLE, tuple(figures), settings=settings, notes=(_COUNT, _PEAK))


_COUNT = (
    "The target is set for 100,000 images; 10,000 tiny ones are what a benchmark has time for. They fill one folder of "
    "a dataset. What grew with each image for good would show at a tenth: a leak of 100 bytes an image is a megabyte."
)
_PEAK = (
    "The peak is the most that the system counted as resident, pages of mapped files included, which it takes back "
    "when it needs them. The large corpus is ten names of one file of 1 GB, which is written for the run and mapped "
    "ten times."
)


def _more(large: list[float], small: list[float]) -> tuple[float, ...]:
    return tuple(more - less for more, less in zip(large, small, strict=True))


def _corpora(folder: Path, file_mb: int) -> tuple[Path, Path]:
    """A small corpus and a large one; the paths of their configs, which are those of their folders with a suffix."""
    small, large = folder / "small", folder / "large"
    for each in (small, large):
        each.mkdir(exist_ok=True)
        config = CONFIG.replace("CORPUS", each.name)
        each.with_suffix(".yaml").write_text(config, encoding="utf-8")
    seed = small / "lines.txt"
    write_lines(seed, 1000)
    megabyte = (seed.read_bytes() * 40)[: _SMALL_MB * 1_000_000]
    seed.write_bytes(megabyte)
    first = large / "0.txt"
    with first.open("wb") as file:
        for _ in range(file_mb):
            file.write(megabyte)
    for number in range(1, NAMES):
        name = large / f"{number}.txt"
        name.unlink(missing_ok=True)
        os.link(first, name)
    return small.with_suffix(".yaml"), large.with_suffix(".yaml")


def _peak_mb(scale: Scale, config: Path, count: int) -> float:
    with tempfile.TemporaryDirectory(dir=scale.folder) as fresh:
        settings = {"config": str(config), "count": count, "peak_mb": True, "out": f"{fresh}/out"}
        with Lane("dataset", settings, env=environment(scale.folder)) as lane:
            return float(lane.facts["peak_mb"])


def _opening_ms(corpus: Path) -> float:
    """Time on the clock from the folder's name to text that can be drawn from."""
    return cost_of(lambda: open_corpora(str(corpus)).select("*.txt", None)).wall_s * 1e3
