"""CPU and wall time of work or of a command. Standard library alone: peers' environments import it too."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


class CommandError(Exception):
    """A command that failed; the message holds the end of what it said."""


@dataclass(frozen=True)
class Cost:
    """What work took, in seconds.

    Attributes:
        cpu_s: user and system time of all threads of the process and of the children that it waited for.
        wall_s: time on the clock.
    """

    cpu_s: float
    wall_s: float

    def each(self, count: int) -> Cost:
        """The cost of one of ``count`` equal parts."""
        return Cost(self.cpu_s / count, self.wall_s / count)


def cost_of(work: Callable[[], object]) -> Cost:
    """The cost of work in this process."""
    cpu, wall = _cpu_s(), perf_counter()
    work()
    return Cost(_cpu_s() - cpu, perf_counter() - wall)


def cost_of_command(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Cost:
    """The cost of a command from its start to its end, its own children included.

    Raises: CommandError if it does not exit with 0.
    """
    with tempfile.TemporaryFile() as said:
        start = perf_counter()
        child = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        wall = perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            tail = said.read()[-2000:].decode(errors="replace")
            raise CommandError(f"{' '.join(command)} exits with {child.returncode}:\n{tail}")
    return Cost(usage.ru_utime + usage.ru_stime, wall)


def _cpu_s() -> float:
    usages = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
