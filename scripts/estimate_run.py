"""What a run of very many images will cost: core-hours, storage, and what its ledger of ranges takes.

    python scripts/estimate_run.py job.yaml --images 100000000

A few hundred images from all over the job are really made, in the layout asked for, and measured. Some thousand more,
spread over it, are really planned. All ranges of the job are really made and cut into shards, and an empty file is
really written under the name of each record and listed again. What remains is multiplication.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glyphmill import Job
from glyphmill.core.errors import GlyphmillError
from glyphmill.export.layout import LAYOUTS, find_layout
from glyphmill.export.local import LocalStorage
from glyphmill.run.make import RangeSummary, Target, run_range
from glyphmill.run.manifest import Totals
from glyphmill.run.ranges import IndexRange, Shard, samples_of_range, split
from glyphmill.run.records import read_record, record_path, recorded

#: Images of one measured piece of the job; so many pieces that they add up to what is asked for.
PIECE = 25
PLANS = 2000
#: What object storage takes to answer: not measured, but what providers give as usual.
REQUEST_S = 0.02


@dataclass(frozen=True)
class Ledger:
    """The ranges of a whole job, which every process of a run has in memory.

    Attributes:
        ranges: how many.
        make_s: to make them.
        memory: that they take, bytes.
        shard_s: to find the part of one shard.
        write_s: to make a file for each record.
        list_s: to list the records again, as a run that goes on does.
    """

    ranges: int
    make_s: float
    memory: int
    shard_s: float
    write_s: float
    list_s: float


@dataclass(frozen=True)
class Images:
    """What some images have cost, for each: processor seconds and bytes.

    Attributes:
        made: how many were tried.
        written: share of them that became images.
        record: bytes of the record.
        read_s: to read the record and count it, as the end of a run does.
    """

    made: int
    written: float
    cpu_s: float
    bytes: float
    record: float
    read_s: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, multiply, print a table in Markdown; gives the exit code."""
    options = _options(arguments)
    try:
        job = Job.from_yaml(options.config, count=options.images)
        samples = options.range or find_layout(options.format).samples or samples_of_range(options.images)
        ledger = measure_ledger(options.images, samples, options.shards)
        plan_s = measure_plans(job, min(PLANS, options.images))
        images = measure_images(job, options.format, options.measure)
    except GlyphmillError as error:
        print(error, file=sys.stderr)
        return 2
    rows = list(_rows(options, samples, ledger, plan_s, images))
    print(f"{options.images:,} images of {options.config.name}, {options.format}\n")
    print("| what | one image or range | the whole job |\n|---|---|---|")
    print("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return 0


def measure_ledger(total: int, samples: int, shards: int) -> Ledger:
    """Make the ranges of a job of `total` images, one shard's part of them, and a file for each record."""
    start = time.process_time()
    ranges = split(total, samples)
    make_s = time.process_time() - start
    start = time.process_time()
    Shard(shards, shards).part(ranges)
    shard_s = time.process_time() - start
    tracemalloc.start()
    again = split(total, samples)
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        (Path(folder) / record_path(again[0])).parent.mkdir()
        for work in again:
            (Path(folder) / record_path(work)).touch()
        write_s = time.perf_counter() - start
        start = time.perf_counter()
        found = recorded(LocalStorage(Path(folder)))
        list_s = time.perf_counter() - start
    if found != ranges:
        raise GlyphmillError("the records that are listed are not those of the ranges")
    return Ledger(len(ranges), make_s, memory, shard_s, write_s, list_s)


def measure_plans(job: Job, count: int) -> float:
    """Processor seconds of a plan, on average over the job."""
    indices = [len(job) * number // count for number in range(count)]
    for index in indices[:50]:  # fonts are opened when they are first used
        job.generate(index)
    start = time.process_time()
    for index in indices:
        job.plan(index)
    return (time.process_time() - start) / count


def measure_images(job: Job, layout: str, count: int) -> Images:
    """The cost of images in pieces from all over the job."""
    pieces = max(1, count // PIECE)
    starts = [max(0, len(job) - PIECE) * number // pieces for number in range(pieces)]
    with tempfile.TemporaryDirectory() as folder:
        target, storage = Target(folder, layout, PIECE), LocalStorage(Path(folder))
        works = [IndexRange(start, min(start + PIECE, len(job))) for start in starts]
        done: list[RangeSummary] = [run_range(job, target, work) for work in works]
        record = sum(storage.size(record_path(work)) or 0 for work in works)
        start, totals, size = time.process_time(), Totals(), 0
        for one in (read_record(storage, work) for work in works):
            size += sum(bytes_ for _, (_, bytes_) in one.written_files())
            for line in one.lines:
                totals.add(line)
        read_s = time.process_time() - start
    made = sum(map(len, works))
    cpu = sum(one.cpu for one in done)
    return Images(made, totals.written / made, cpu / made, size / made, record / made, read_s / made)


def _rows(
    options: argparse.Namespace, samples: int, ledger: Ledger, plan_s: float, images: Images
) -> Iterator[tuple[str, str, str]]:
    total, cores = options.images, options.cores
    core_hours = images.cpu_s * total / 3600
    objects = ledger.ranges * 2 if options.format != "files" else ledger.ranges + total * 2
    yield f"processor time, of {images.made:,} images", _ms(images.cpu_s), f"{core_hours:,.0f} core-hours"
    yield f"the same on {cores:,} cores", "", f"{core_hours / cores:,.1f} hours"
    yield "of that, planning", _ms(plan_s), f"{plan_s * total / 3600:,.0f} core-hours"
    yield "images that can be made", f"{images.written:.1%}", f"{images.written * total:,.0f}"
    yield "images, labels and what is beside them", f"{images.bytes / 1e3:,.1f} kB", _size(images.bytes * total)
    yield f"ranges of {samples:,}", "", f"{ledger.ranges:,}"
    yield "files or objects", "", f"{objects:,}"
    yield "records of ranges", f"{images.record:,.0f} B an image", _size(images.record * total)
    yield "making the ranges", "", f"{ledger.make_s:.2f} s, {ledger.memory / 1e6:.0f} MB of memory"
    yield f"one of {options.shards:,} shards: finding its ranges", "", f"{_ms(ledger.shard_s)}"
    yield "making a file for each record", _ms(ledger.write_s / ledger.ranges), f"{ledger.write_s:.1f} s"
    yield "listing the records, as `--resume` does", "", f"{ledger.list_s:.2f} s"
    at_the_end = f"{images.read_s * total / 60:,.0f} minutes"
    yield "reading and adding up the records, for the manifest", f"{images.read_s * 1e6:,.1f} us", at_the_end
    requests = f"{ledger.ranges * REQUEST_S / 60:,.0f} minutes"
    yield "waiting for them, where they are in object storage", f"{_ms(REQUEST_S)} a range", requests


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.2f} ms"


def _size(count: float) -> str:
    return f"{count / 1e12:,.2f} TB" if count >= 1e12 else f"{count / 1e9:,.1f} GB"


def _options(arguments: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path, help="the job's YAML file")
    parser.add_argument("--images", type=int, required=True, help="images of the whole run")
    parser.add_argument("--measure", type=int, default=400, help="images to make (default: 400)")
    parser.add_argument("--format", choices=sorted(LAYOUTS), default="webdataset", help="default: webdataset")
    parser.add_argument("--range", type=int, help="samples of one range, in place of the format's own")
    parser.add_argument("--shards", type=int, default=1000, help="parts that the job is cut into (default: 1000)")
    parser.add_argument("--cores", type=int, default=1000, help="cores to divide the time by (default: 1000)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
