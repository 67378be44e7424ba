"""How a run reports its progress: a bar on a terminal, plain lines elsewhere, JSON lines for machines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from glyphmill.cli.console import say_json, warn

if TYPE_CHECKING:
    from glyphmill.run.generate import Progress, RunStatus

#: Seconds between two plain lines.
_PLAIN_SECONDS = 10.0


@contextmanager
def progress(*, json: bool) -> Iterator[Progress]:
    """A function to report to, for as long as the block lasts."""
    if json:
        yield lambda status: say_json({"event": "progress", **_numbers(status)})
    elif sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield PlainLines(time.monotonic, warn)


class PlainLines:
    """A line every ten seconds, with the rate and the time left.

    Args:
        clock: seconds, from any origin.
        write: takes each line.
    """

    def __init__(self, clock: Callable[[], float], write: Callable[[str], None]) -> None:
        self._clock, self._write = clock, write
        self._start = self._last = clock()

    def __call__(self, status: RunStatus) -> None:
        now = self._clock()
        if now - self._last < _PLAIN_SECONDS:
            return
        self._last = now
        # What was there already came for nothing, and says nothing of how long the rest will take.
        rate = (status.done - status.kept) / (now - self._start)
        left = (status.total - status.done) / rate if rate else float("inf")
        self._write(
            f"{status.done:,} of {status.total:,}{_troubles(status)}, {rate:,.0f} a second, {duration(left)} left"
        )


def _numbers(status: RunStatus) -> dict[str, int]:
    workers = status.workers
    return {
        "done": status.done,
        "written": status.written,
        "rejected": status.rejected,
        "kept": status.kept,
        "total": status.total,
        "workers": workers.alive,
        "workers_died": workers.died,
        "workers_hung": workers.hung,
    }


def _troubles(status: RunStatus) -> str:
    workers = status.workers
    parts = {"rejected": status.rejected, "workers died": workers.died, "workers hung": workers.hung}
    return "".join(f", {count:,} {what}" for what, count in parts.items() if count)


def duration(seconds: float) -> str:
    """A length of time as h:mm:ss, or "-" where it is not known."""
    if seconds == float("inf"):
        return "-"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[lost]}", style="yellow"),
        TimeRemainingColumn(),
    )
    start = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="", lost="")

        def report(status: RunStatus) -> None:
            rate = f"{(status.done - status.kept) / max(time.monotonic() - start, 1e-6):,.0f}/s"
            lost = _troubles(status).removeprefix(", ")
            bar.update(task, completed=status.done, total=status.total, rate=rate, lost=lost)

        yield report
