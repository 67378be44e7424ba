"""Lane: whole datasets, written by one worker in this process. Settings: ``config`` (path), ``count``.

A request names the folder ``out``, new or empty, that a run of the job is written to. ``peak_mb`` asks for one run
before the first request, into ``out`` of the settings, and for the most memory that the process held by its end.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Any

from benchmarks.lanes.serve import Facts, Work, serve
from glyphmill import Job
from glyphmill.run.generate import generate


def open_lane(settings: dict[str, Any]) -> tuple[Facts, Work]:
    """The job of the settings, and runs of it."""
    job = Job.from_yaml(settings["config"], count=settings["count"])

    def work(request: dict[str, Any]) -> None:
        report = generate(job, request["out"])
        if not report.written:
            raise RuntimeError(f"nothing is written: {report.reasons}")

    if "peak_mb" not in settings:
        return {}, work
    opened = _peak_mb()
    work(settings)
    return {"opened_mb": opened, "peak_mb": _peak_mb()}, work


def _peak_mb() -> float:
    """The most memory that this process has held, files that it has mapped included, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # the other way counts what the parent held as well
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


if __name__ == "__main__":
    serve(open_lane)
