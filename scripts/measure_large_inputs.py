"""How Glyphmill bears large inputs: a million backgrounds, ten thousand fonts, a terabyte of text. Linux only.

Makes them in a temporary folder (about 5 GB and 1.1 million files on a file system of 4 KB blocks), opens each twice
with an empty cache of its own, uses them as a worker would, and prints the tables of docs/large_inputs.md:
processor time, and memory::

    python scripts/measure_large_inputs.py --folder /var/tmp

``--share .01`` makes a hundredth of it all. Each figure is taken in a process of its own; memory is the most that was
resident, mapped files included, less what the imports take.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import pickle
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

BACKGROUNDS, FONTS, TEXTS = 1_000_000, 10_000, 10_000
TEXT_BYTES = 100 << 20  # of one file, which the others are further names of: a terabyte in all
PER_FOLDER = 1000
DRAWS, PLANS = 100_000, 1000
#: What the fonts cover besides ASCII, each a part of one of these; lines of text mix two of them now and then.
ALPHABETS = ((0xC0, 0x17F), (0x391, 0x3A1), (0x410, 0x450))
CONFIG = """\
total_images: 100000
specifications:
  - {name: all, proportion: 1.0, text: {corpus: mixed.txt, length: 24}}
resources: {corpora: .}
"""


def make_backgrounds(folder: Path, count: int) -> None:
    """Pictures of 8 x 1 px, each of a color of its own."""
    for number in range(count):
        place = folder / f"{number // PER_FOLDER:05d}"
        if number % PER_FOLDER == 0:
            place.mkdir(parents=True)
        pixels = zlib.compress(b"\0" + number.to_bytes(3, "big") * 8, 1)
        chunks = ((b"IHDR", struct.pack(">IIBBBBB", 8, 1, 8, 2, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
        data = b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks
        )
        (place / f"{number:07d}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + data)


def make_fonts(folder: Path, count: int) -> None:
    """Fonts of rectangles in families of four, no two of which cover the same."""
    from fontTools.ttLib import TTFont

    base = _base_font()
    for number in range(count):
        rng = random.Random(number)
        font = TTFont(io.BytesIO(base))
        for record in font["name"].names:
            record.string = f"Face {number}" if record.nameID == 2 else f"Family {number // 4}"
        first, end = ALPHABETS[number % len(ALPHABETS)]
        for table in font["cmap"].tables:
            kept = {point for point in range(first, end) if rng.random() < 0.97}
            table.cmap = {point: name for point, name in table.cmap.items() if point < 0x7F or point in kept}
        content = io.BytesIO()
        font.save(content, reorderTables=False)
        place = folder / f"{number // PER_FOLDER:05d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"font{number:06d}.ttf").write_bytes(content.getvalue())


def _base_font() -> bytes:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    points = [*range(0x20, 0x7F), *(point for alphabet in ALPHABETS for point in range(*alphabet))]
    glyphs = {}
    for number, name in enumerate([".notdef", *(f"u{point:04X}" for point in points)]):
        pen = TTGlyphPen(None)
        if name != "u0020":
            corners = [
                (50, 0),
                (50, 400 + number // 90),
                (300 + number % 90, 400 + number // 90),
                (300 + number % 90, 0),
            ]
            pen.moveTo(corners[0])
            for corner in corners[1:]:
                pen.lineTo(corner)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({point: f"u{point:04X}" for point in points})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Base", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    content = io.BytesIO()
    builder.font.save(content)
    return content.getvalue()


def make_texts(folder: Path, count: int) -> None:
    """One large text and many names for it; and a small one of which fonts cover parts."""
    folder.mkdir()
    line = "The quick brown fox jumps over the lazy dog, and is gone again before the dog is up.\n"
    first = folder / "text00000.txt"
    first.write_bytes((line * (TEXT_BYTES // len(line) + 1)).encode()[:TEXT_BYTES])
    for number in range(1, count):
        os.link(first, folder / f"text{number:05d}.txt")
    rng = random.Random(0)
    with (folder / "mixed.txt").open("w", encoding="utf-8") as file:
        for _ in range(2000):
            words = ["".join(chr(rng.randrange(*rng.choice(ALPHABETS[:2]))) for _ in range(5)) for _ in range(3)]
            file.write(f"quick {' '.join(words)} fox\n")
    (folder / "config.yaml").write_text(CONFIG)


def open_backgrounds_in(folder: Path) -> dict[str, float]:
    """Open them, and leave the set for a worker."""
    from glyphmill.catalogue.backgrounds import open_backgrounds
    from glyphmill.config.model import WeightedFolder

    before, start = _peak_mb(), _clock()
    found = open_backgrounds([WeightedFolder(str(folder))], 1_000_000)
    seconds = _clock() - start
    folder.with_suffix(".set").write_bytes(pickle.dumps(found))
    return {"count": len(found.images), "s": seconds, "MB": _peak_mb() - before}


def draw_backgrounds(folder: Path) -> dict[str, float]:
    """What a worker does with the set of another process."""
    from glyphmill.catalogue.backgrounds import BackgroundSet
    from glyphmill.core.rng import stream

    packed = folder.with_suffix(".set").read_bytes()
    before, start = _peak_mb(), _clock()
    found: BackgroundSet = pickle.loads(packed)
    opened, rng = _clock(), stream(0, 0, 0, "background")
    digests = [found.draw(rng).digest for _ in range(DRAWS)]
    drawn = _clock()
    assert all(found.paths[digest] for digest in digests[:1000])
    return {"bytes": len(packed), "s": opened - start, "us": 1e6 * (drawn - opened) / DRAWS, "MB": _peak_mb() - before}


def open_fonts_in(folder: Path) -> dict[str, float]:
    """Open them, with no more than 64 open files."""
    import resource

    from glyphmill.catalogue.fontload import open_fonts

    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    before, start = _peak_mb(), _clock()
    found = open_fonts([str(folder)])
    return {"count": len(found.usable), "s": _clock() - start, "MB": _peak_mb() - before}


def plan_with(folder: Path) -> dict[str, float]:
    """Plan from these fonts texts of which few of them, or no single one, have all."""
    from glyphmill.core.errors import Reject
    from glyphmill.run.job import Job

    job = Job.from_yaml(folder.with_name("texts") / "config.yaml", fonts=[folder], count=100_000)
    before, times = _peak_mb(), []
    for index in range(PLANS):
        start = _clock()
        try:
            job.plan(index)
        except Reject:
            continue  # no font has all of it, which takes longest to find out and is counted
        finally:
            times.append(_clock() - start)
    return {"first": times[0], "us": 1e6 * statistics.median(times), "MB": _peak_mb() - before}


def read_texts(folder: Path) -> dict[str, float]:
    """Open them all as one corpus, and take passages from it."""
    from glyphmill.catalogue.corpora import open_corpora
    from glyphmill.core.rng import stream

    before, start = _peak_mb(), _clock()
    pool = open_corpora(str(folder)).select("text*.txt", None)
    opened, rng = _clock(), stream(0, 0, 0, "text")
    for _ in range(PLANS):
        assert len(pool.passage(rng, 40)) >= 40
    drawn = _clock()
    total = sum(source.size for source in pool.sources)
    return {"bytes": total, "s": opened - start, "us": 1e6 * (drawn - opened) / PLANS, "MB": _peak_mb() - before}


CHILDREN: dict[str, Callable[[Path], dict[str, float]]] = {
    one.__name__: one for one in (open_backgrounds_in, draw_backgrounds, open_fonts_in, plan_with, read_texts)
}


def _clock() -> float:
    """Processor time of this process and of its children that have ended, s: other work on the machine is not in it."""
    return time.process_time() + sum(os.times()[2:4])


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measured(child: Callable[[Path], dict[str, float]], folder: Path) -> dict[str, float]:
    """The figures of one measurement, taken in a process of its own."""
    command = [sys.executable, __file__, "--child", child.__name__, "--folder", str(folder)]
    cache = {"GLYPHMILL_CACHE": str(folder.with_name("cache"))}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **cache})
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def report(place: Path, share: float) -> None:
    """Make everything, measure it, print the tables."""
    backgrounds, fonts, texts = place / "backgrounds", place / "fonts", place / "texts"
    make_backgrounds(backgrounds, round(share * BACKGROUNDS))
    first, again = measured(open_backgrounds_in, backgrounds), measured(open_backgrounds_in, backgrounds)
    one = backgrounds / "00000" / "0000000.png"
    one.write_bytes(one.read_bytes() + b"changed")
    changed, worker = measured(open_backgrounds_in, backgrounds), measured(draw_backgrounds, backgrounds)
    _table(
        f"{first['count']:,.0f} backgrounds",
        [
            ("opened for the first time: found, read, hashed", first["s"], first["MB"]),
            ("opened again: each looked at, none read", again["s"], again["MB"]),
            ("opened after one has changed", changed["s"], changed["MB"]),
            (f"taken over by a worker: {worker['bytes']:.0f} bytes travel", worker["s"], ""),
            (f"{DRAWS:,} draws in the worker, {worker['us']:.1f} us each", DRAWS * worker["us"] / 1e6, worker["MB"]),
        ],
    )
    make_texts(texts, round(share * TEXTS))
    make_fonts(fonts, round(share * FONTS))
    first, again, plans = measured(open_fonts_in, fonts), measured(open_fonts_in, fonts), measured(plan_with, fonts)
    _table(
        f"{first['count']:,.0f} fonts, no more than 64 files open",
        [
            ("opened for the first time: each probed in a child process", first["s"], first["MB"]),
            ("opened again", again["s"], again["MB"]),
            (f"{PLANS:,} plans, {plans['us'] / 1000:.2f} ms each; the first", plans["first"], plans["MB"]),
        ],
    )
    corpus = measured(read_texts, texts)
    _table(
        f"{corpus['bytes'] / 1e12:.3f} TB of text in {round(share * TEXTS):,} files",
        [
            ("opened as one corpus", corpus["s"], ""),
            (f"{PLANS:,} passages, {corpus['us'] / 1000:.2f} ms each", PLANS * corpus["us"] / 1e6, corpus["MB"]),
        ],
    )


def _table(title: str, rows: list[tuple[str, float, Any]]) -> None:
    print(f"| {title} | s | MB |\n|---|---|---|")
    for words, seconds, peak in rows:
        print(f"| {words} | {seconds:.3g} | {peak if isinstance(peak, str) else round(peak)} |")
    print(flush=True)


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where there is room for it")
    options.add_argument("--share", type=float, default=1.0, help="of the full sizes")
    options.add_argument("--child", choices=sorted(CHILDREN), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        print(json.dumps(CHILDREN[given.child](given.folder)))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as place:
        report(Path(place), given.share)


if __name__ == "__main__":
    main()
