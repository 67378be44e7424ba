"""What becomes of an index: a sample, or a counted rejection. And what ends a whole run."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from signal import Signals
from typing import Any, TypeVar

from glyphmill.core.errors import GlyphmillError, Reject, RenderError, Resource

T = TypeVar("T")
#: An attempt that failed through a font or background: ``unit``, ``reason``, ``resource``.
Failed = Mapping[str, Any]


class RunError(GlyphmillError):
    """A run that cannot start or go on: a folder of another job, a full disk, workers that do not start."""


class RunStopped(RunError):
    """A run that was ended because too large a share of its samples was rejected.

    Attributes:
        done: outcomes so far.
        rejected: how many of them are rejections.
        reasons: rejections by ``unit: reason``, the most frequent first.
    """

    def __init__(self, done: int, rejected: int, share: float, reasons: Mapping[str, int]) -> None:
        self.done, self.rejected, self.share, self.reasons = done, rejected, share, dict(reasons)
        rows = "\n".join(f"  {count:>8,}  {reason}" for reason, count in reasons.items())
        super().__init__(
            f"stopped: {rejected:,} of {done:,} samples were rejected, more than the share {share:g} that "
            f"limits.max_rejected allows. rejects.jsonl names each. By reason:\n{rows}"
        )

    def __reduce__(self) -> tuple[type[RunStopped], tuple[int, int, float, dict[str, int]]]:
        return RunStopped, (self.done, self.rejected, self.share, self.reasons)


class RunInterrupted(RunError):
    """A run that was asked to end by a signal; what is complete is kept.

    Attributes:
        signal: its number.
    """

    def __init__(self, signum: int, done: int, total: int, where: str) -> None:
        self.signal, self.done, self.total, self.where = signum, done, total, where
        #: What shells expect of a command that a signal has ended.
        self.exit_code = 128 + signum
        super().__init__(
            f"stopped by {Signals(signum).name}: {done:,} of {total:,} samples are complete in {where}. "
            f"Go on with the same command and --resume."
        )

    def __reduce__(self) -> tuple[type[RunInterrupted], tuple[int, int, int, str]]:
        return RunInterrupted, (self.signal, self.done, self.total, self.where)


def cannot_write(error: OSError, where: str) -> RunError:
    """What to tell of a file that could not be written or read."""
    return RunError(
        f"cannot write to {error.filename or where}: {error.strerror or error}. What is complete is kept; once this is "
        f"put right, go on with the same command and --resume."
    )


@dataclass(frozen=True)
class Rejected:
    """An index of which no sample could be made.

    Attributes:
        index: the sample index.
        unit: id of the unit that gave up last, or ``run``.
        reason: a short stable code.
        detail: the input concerned and what happened.
        attempts: plans that were tried.
        resource: the font or background through which the last one failed.
        failed: those before it that failed through one.
    """

    index: int
    unit: str
    reason: str
    detail: str = ""
    attempts: int = 1
    resource: Resource | None = None
    failed: tuple[Failed, ...] = ()

    def line(self) -> dict[str, Any]:
        """As a line of a range's record."""
        why: dict[str, Any] = {"unit": self.unit, "reason": self.reason, "detail": self.detail}
        if self.resource is not None:
            why["resource"] = self.resource
        line = {"index": self.index, "rejected": why, "attempts": self.attempts}
        return {**line, "failed": self.failed} if self.failed else line


def produce(make: Callable[[int, int], T], index: int, attempts: int) -> tuple[T, int, tuple[Failed, ...]] | Rejected:
    """Try the attempts of one index in order.

    Args:
        make: ``make(index, attempt)`` gives the result or raises; ``attempt`` counts from 0.
        index: the sample index.
        attempts: how many to try, at least 1.

    Returns: the first result, the number of attempts it took, and those of them that failed through a font or
    background; or why the last one failed. Any exception is counted, also one that nobody foresaw: one sample never
    ends a run.
    """
    failure, failed = Reject("run", "no_attempts", "limits.attempts is below 1"), list[Failed]()
    for attempt in range(attempts):
        try:
            return make(index, attempt), attempt + 1, tuple(failed)
        except Reject as reject:
            failure = reject
        except RenderError as error:
            failure = Reject("run", "resource_missing", str(error))
        except MemoryError:
            failure = Reject("run", "out_of_memory", "this sample needs more memory than there is")
        except Exception as error:  # noqa: BLE001 - counted with its text and place, see above
            failure = Reject("run", "unexpected_error", _brief(error))
        if failure.resource is not None:
            failed.append({"unit": failure.unit, "reason": failure.reason, "resource": failure.resource})
    earlier = tuple(failed if failure.resource is None else failed[:-1])
    return Rejected(index, failure.unit, failure.reason, failure.detail, attempts, failure.resource, earlier)


def _brief(error: Exception) -> str:
    """Type, text and place of an error, without the folders of this machine."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
