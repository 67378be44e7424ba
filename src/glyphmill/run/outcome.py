"""What becomes of an index: a sample, or a counted rejection. And what ends a whole run."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

from glyphmill.core.errors import GlyphmillError, Reject, RenderError

T = TypeVar("T")


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


@dataclass(frozen=True)
class Rejected:
    """An index of which no sample could be made.

    Attributes:
        index: the sample index.
        unit: id of the unit that gave up last, or ``run``.
        reason: a short stable code.
        detail: the input concerned and what happened.
        attempts: plans that were tried.
    """

    index: int
    unit: str
    reason: str
    detail: str = ""
    attempts: int = 1


def produce(make: Callable[[int, int], T], index: int, attempts: int) -> tuple[T, int] | Rejected:
    """Try the attempts of one index in order.

    Args:
        make: ``make(index, attempt)`` gives the result or raises; ``attempt`` counts from 0.
        index: the sample index.
        attempts: how many to try, at least 1.

    Returns: the first result and the number of attempts it took, or why the last one failed. Any exception is
    counted, also one that nobody foresaw: one sample never ends a run.
    """
    failure = Reject("run", "no_attempts", "limits.attempts is below 1")
    for attempt in range(attempts):
        try:
            return make(index, attempt), attempt + 1
        except Reject as reject:
            failure = reject
        except RenderError as error:
            failure = Reject("run", "resource_missing", str(error))
        except MemoryError:
            failure = Reject("run", "out_of_memory", "this sample needs more memory than there is")
        except Exception as error:  # noqa: BLE001 - counted with its text and place, see above
            failure = Reject("run", "unexpected_error", _brief(error))
    return Rejected(index, failure.unit, failure.reason, failure.detail, attempts)


def _brief(error: Exception) -> str:
    """Type, text and place of an error, without the folders of this machine."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
