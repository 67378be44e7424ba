"""What a worker process does: open the job, take ranges from its pipe, write their samples, say when each is done."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection, wait
from typing import Literal

import cv2

from glyphmill.core.errors import GlyphmillError
from glyphmill.run.make import RangeSummary, Target, run_range
from glyphmill.run.memory import keep_freed_memory
from glyphmill.run.outcome import Rejected, cannot_write
from glyphmill.run.ranges import IndexRange

_PR_SET_PDEATHSIG = 1

#: To a worker: a range and the indices in it to reject unseen; None ends it.
Task = tuple[IndexRange, Mapping[int, Rejected]] | None
#: From a worker: it is open, it has done a range, or it cannot go on.
Message = tuple[Literal["open"], None] | tuple[Literal["done"], RangeSummary] | tuple[Literal["failed"], str]


def work(connection: Connection, current: ctypes.c_longlong, recipe: bytes, target: Target) -> None:
    """Main function of a worker process.

    Args:
        connection: this worker's end of its pipe.
        current: shared with the parent: the index being made, or -1.
        recipe: the pickled job.
        target: where samples go.
    """
    # Signals reach the whole process group; the parent decides what they mean.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _be_killed_with_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cv2.setNumThreads(1)
    keep_freed_memory()

    def begin(index: int) -> None:
        current.value = index

    try:
        job = pickle.loads(recipe)
        _send(connection, ("open", None))
        while (task := connection.recv()) is not None:
            work_range, poison = task
            _send(connection, ("done", run_range(job, target, work_range, poison=poison, begin=begin)))
    except (EOFError, BrokenPipeError):
        return  # the parent is gone, and the records say what is done
    except OSError as error:
        _send(connection, ("failed", str(cannot_write(error, target.where))))
    except GlyphmillError as error:
        _send(connection, ("failed", str(error)))


def _be_killed_with_parent() -> None:
    """Have Linux do it at once, whatever this process is at: prctl(2), PR_SET_PDEATHSIG."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_with_parent() -> None:
    """Whatever ends the parent ends this process: nobody writes into a folder whose lock is gone.

    The thread does it where the system does not; it has to wait while a sample keeps the interpreter busy.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)


def _send(connection: Connection, message: Message) -> None:
    connection.send(message)
