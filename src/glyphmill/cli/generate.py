"""`glyphmill generate`: the images and labels of a job, into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from glyphmill.cli.console import say, say_json
from glyphmill.cli.options import COMMON, FOLDERS, AtLeastOne, Common, Folders

if TYPE_CHECKING:
    from glyphmill.run.generate import RunReport


def generate(
    config: Path | None = None,
    /,
    *,
    out: Path,
    count: AtLeastOne | None = None,
    seed: int | None = None,
    workers: AtLeastOne = 1,
    folders: Folders = FOLDERS,
    common: Common = COMMON,
) -> None:
    """Make the images and labels of a job.

    With no CONFIG it runs the one that comes with Glyphmill: ten scripts, four writing directions.
    The files are the same for any number of workers.

    Args:
        config: The job's YAML file.
        out: Folder to write to: a new or empty one, or one with a dataset of this very job.
        count: Number of images, in place of the config's.
        seed: Seed of the run, in place of the config's.
        workers: Number of processes.
    """
    from time import perf_counter

    from glyphmill.cli.jobs import open_job
    from glyphmill.cli.progress import progress
    from glyphmill.run.generate import generate as run

    start = perf_counter()
    job = open_job(config, folders, count, seed)
    with progress(json=common.json) as report:
        done = run(job, out, workers=workers, progress=report)
    if common.json:
        say_json({"event": "done", **_summary(done), "seconds": round(perf_counter() - start, 3)})
    else:
        say(_sentence(done, perf_counter() - start))


def _summary(done: RunReport) -> dict[str, object]:
    return {
        "out": str(done.root),
        "requested": done.requested,
        "written": done.written,
        "rejected": done.rejected,
        "reasons": done.reasons,
        "specifications": done.manifest["specifications"],
        "directions": done.manifest["directions"],
    }


def _sentence(done: RunReport, seconds: float) -> str:
    specifications, directions = len(done.manifest["specifications"]), len(done.manifest["directions"])
    kinds = f"{specifications} specifications in {directions} writing directions"
    speed = f"{seconds:.1f} s, {done.written / max(seconds, 1e-9):,.0f} a second"
    lines = [f"{done.written:,} images of {kinds} in {done.root}: {speed}"]
    if done.rejected:
        lines.append(f"{done.rejected:,} rejected, each named in {done.root / 'rejects.jsonl'}:")
        lines += [f"  {count:>6,}  {reason}" for reason, count in done.reasons.items()]
    return "\n".join(lines)
