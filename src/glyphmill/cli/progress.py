"""How a run reports its progress: a bar on a terminal, plain lines elsewhere, JSON lines for machines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from glyphmill.cli.console import say_json, warn

#: ``progress(done, written, rejected, total)``.
Progress = Callable[[int, int, int, int], None]

#: Seconds between two plain lines.
_PLAIN_SECONDS = 10.0


@contextmanager
def progress(*, json: bool) -> Iterator[Progress]:
    """A function to report to, for as long as the block lasts."""
    if json:
        yield lambda done, written, rejected, total: say_json(
            {"event": "progress", "done": done, "written": written, "rejected": rejected, "total": total}
        )
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

    def __call__(self, done: int, written: int, rejected: int, total: int) -> None:
        now = self._clock()
        if now - self._last < _PLAIN_SECONDS:
            return
        self._last = now
        rate = done / (now - self._start)
        left = (total - done) / rate if rate else float("inf")
        lost = f", {rejected:,} rejected" if rejected else ""
        self._write(f"{done:,} of {total:,}{lost}, {rate:,.0f} a second, {duration(left)} left")


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

        def report(done: int, written: int, rejected: int, total: int) -> None:
            rate = f"{done / max(time.monotonic() - start, 1e-6):,.0f}/s"
            bar.update(task, completed=done, total=total, rate=rate, lost=f"{rejected} rejected" if rejected else "")

        yield report
