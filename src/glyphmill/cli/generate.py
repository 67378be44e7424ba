"""`glyphmill generate`: the images and labels of a job, into a folder or object storage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from glyphmill.cli.console import say, say_json
from glyphmill.cli.options import COMMON, FOLDERS, AtLeastOne, Common, Folders

if TYPE_CHECKING:
    from glyphmill.run.generate import RunReport

_RUN = Group("The run", sort_key=1)
_FLAG = Parameter(negative="", show_default=False)


@Parameter(name="*", group=_RUN)
@dataclass(frozen=True)
class RunOptions:
    """How the samples are made and written.

    Attributes:
        format: Layout of the dataset: files of its own for each sample, or files that hold many.
        range: Samples of one range, the unit of work; with webdataset and parquet also of one file.
        workers: Number of processes; as many as there are processors unless told otherwise, 0 for none but this one.
        shard: Make part i of N only, such as 2/3. Parts may be made at the same time, by several machines.
        resume: Keep the samples that are there, once checked; make those that are missing or damaged.
        allow_changed: With --resume, also if the config, the fonts or the version have changed since.
        max_rejected: Share of rejected samples past which the run stops, in place of the config's.
        backend: Where workers run: on this machine, or on a Ray cluster.
        address: Address of the Ray cluster; without one it is this machine alone.
        keep_health: File that carries the health of fonts and backgrounds from run to run: those that failed are drawn
            less, or never. Read if it is there, written once the run is over.
    """

    format: Literal["files", "webdataset", "parquet"] = "files"
    range: AtLeastOne | None = None
    workers: Annotated[int | None, Parameter(validator=Number(gte=0))] = None
    shard: str | None = None
    resume: Annotated[bool, _FLAG] = False
    allow_changed: Annotated[bool, _FLAG] = False
    max_rejected: Annotated[float | None, Parameter(validator=Number(gte=0, lte=1))] = None
    backend: Literal["local", "ray"] = "local"
    address: str | None = None
    keep_health: Path | None = None


_OPTIONS = RunOptions()


def generate(
    config: Path | None = None,
    /,
    *,
    out: str,
    count: AtLeastOne | None = None,
    seed: int | None = None,
    options: RunOptions = _OPTIONS,
    folders: Folders = FOLDERS,
    common: Common = COMMON,
) -> None:
    """Make the images and labels of a job.

    With no CONFIG it runs the one that comes with Glyphmill: ten scripts, four writing directions.
    The files are the same for any number of workers, in one run, in shards, or resumed.

    Args:
        config: The job's YAML file.
        out: Folder to write to, or an address such as s3://bucket/folder: new or empty, unless --resume or --shard.
        count: Number of images, in place of the config's.
        seed: Seed of the run, in place of the config's.
    """
    from glyphmill.cli.jobs import open_job
    from glyphmill.cli.progress import progress
    from glyphmill.run.generate import generate as run

    kept = options.keep_health
    job = open_job(config, folders, count, seed, health=kept if kept is not None and kept.exists() else None)
    with progress(json=common.json) as report:
        done = run(
            job,
            out,
            layout=options.format,
            samples=options.range,
            shard=options.shard,
            resume=options.resume,
            allow_changed=options.allow_changed,
            max_rejected=options.max_rejected,
            keep_health=kept,
            workers=_workers(options),
            backend=options.backend,
            address=options.address,
            progress=report,
        )
    if common.json:
        say_json({"event": "done", **_summary(done)})
    else:
        say("\n".join(_sentences(done)))


def _workers(options: RunOptions) -> int:
    """As asked for; else one for each processor that this process may use, and of Ray one for each of the cluster."""
    import os

    if options.workers is not None or options.backend == "ray":
        return options.workers or 0
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _summary(done: RunReport) -> dict[str, object]:
    manifest = done.manifest or {}
    return {
        "out": done.where,
        "requested": done.requested,
        "written": done.written,
        "rejected": done.rejected,
        "kept": done.kept,
        "reasons": done.reasons,
        "specifications": manifest.get("specifications"),
        "directions": manifest.get("directions"),
        "bytes": done.bytes,
        "seconds": round(done.seconds, 3),
        "cpu_seconds": round(done.cpu, 3),
        "workers_died": done.workers.died,
        "workers_hung": done.workers.hung,
    }


def _sentences(done: RunReport) -> list[str]:
    made = max(done.requested - done.kept, 0)
    kinds = ""
    if done.manifest is not None:
        specifications, directions = len(done.manifest["specifications"]), len(done.manifest["directions"])
        kinds = f" of {specifications} specifications in {directions} writing directions"
    speed = f"{done.seconds:.1f} s, {made / max(done.seconds, 1e-9):,.0f} a second"
    cost = f"{done.cpu / made * 1e3:.1f} ms of processor time each, " if made else ""
    lines = [
        f"{done.written:,} images{kinds} in {done.where}: {speed}",
        f"{cost}{done.bytes / 1e6:,.1f} MB with labels",
    ]
    if done.kept:
        lines.append(f"{done.kept:,} of {done.requested:,} were there already and whole")
    if done.workers.died or done.workers.hung:
        lines.append(f"workers replaced: {done.workers.died} died, {done.workers.hung} hung")
    if done.rejected:
        named = f", each named in {done.where}/rejects.jsonl" if done.manifest is not None else ""
        lines.append(f"{done.rejected:,} rejected{named}:")
        lines += [f"  {count:>6,}  {reason}" for reason, count in done.reasons.items()]
    if done.manifest is None:
        lines.append("Other shards are still to come; the last of them writes manifest.json.")
    return lines
