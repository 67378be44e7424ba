"""`glyphmill plan`: what would be drawn for each image, as JSON lines, without drawing it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from glyphmill.cli.console import say, say_json
from glyphmill.cli.options import COMMON, FOLDERS, AtLeastOne, Common, Folders

if TYPE_CHECKING:
    from glyphmill.run.job import Job


def plan(
    config: Path | None = None,
    /,
    *,
    count: AtLeastOne | None = None,
    out: Path | None = None,
    seed: int | None = None,
    folders: Folders = FOLDERS,
    common: Common = COMMON,
) -> None:
    """Write the plan of each image: every number, text and resource that was drawn for it, one JSON object a line.

    Args:
        config: The job's YAML file; without it, the one that comes with Glyphmill.
        count: Number of plans, in place of the config's number of images.
        out: File to write; without it, standard output.
        seed: Seed of the run, in place of the config's.
    """
    from glyphmill.cli.jobs import open_job

    job = open_job(config, folders, count, seed)
    if out is None:
        for line in _lines(job):
            say(line)
        return
    from glyphmill.export.durable import open_file

    with open_file(out) as file:
        for line in _lines(job):
            file.write(line.encode() + b"\n")
    if common.json:
        say_json({"out": str(out), "plans": len(job)})
    else:
        say(f"{len(job):,} plans in {out}")


def _lines(job: Job) -> Iterator[str]:
    import json

    from glyphmill.run.outcome import Rejected, produce

    for index in range(len(job)):
        made = produce(job.plan, index, job.attempts)
        if isinstance(made, Rejected):
            why = {"unit": made.unit, "reason": made.reason, "detail": made.detail}
            yield json.dumps({"index": index, "rejected": why})
        else:
            yield made[0].to_json()
