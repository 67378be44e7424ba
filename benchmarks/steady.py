"""What images cost a run that is going: all of its processes, from one moment of the run to its last range.

Asked for by B6 as a process of its own, for everything that descends from it counts::

    python -m benchmarks.steady '{"backend": "ray", "workers": 2, "first": 200, "last": 1100}'

Prints the cost in seconds and the images that it is of. Reads /proc, so it runs on Linux only.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from glyphmill import Job
from glyphmill.run.generate import RunStatus, generate


def main() -> None:
    """Run the embedded default."""
    asked = json.loads(sys.argv[1])
    moments: list[tuple[int, float, float]] = []

    def look(status: RunStatus) -> None:
        if status.done == status.total or (not moments and status.done >= asked["first"]):
            moments.append((status.done, tree_cpu_s(os.getpid()), perf_counter()))

    with tempfile.TemporaryDirectory() as fresh:
        job = Job.default(count=asked["last"])
        generate(job, Path(fresh) / "out", workers=asked["workers"], backend=asked["backend"], progress=look)
    first, last = moments[0], moments[-1]
    print(json.dumps({"cpu_s": last[1] - first[1], "wall_s": last[2] - first[2], "images": last[0] - first[0]}))


def tree_cpu_s(root: int) -> float:
    """User and system time, in seconds, of a process and of all that descend from it and live."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(folder.name)] = int(fields[1])
        spent[int(folder.name)] = (int(fields[11]) + int(fields[12])) / tick
    return sum(seconds for number, seconds in spent.items() if _descends(number, root, parents))


def _descends(number: int, root: int, parents: dict[int, int]) -> bool:
    while number and number != root:
        number = parents.get(number, 0)
    return number == root


if __name__ == "__main__":
    main()
