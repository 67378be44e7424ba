"""What a worker process does: open the job, take ranges from its pipe, write their samples, say when each is done."""

from __future__ import annotations

import ctypes
import pickle
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import cv2

from glyphmill.core.errors import GlyphmillError
from glyphmill.run.memory import keep_freed_memory
from glyphmill.run.ranges import IndexRange, RangeSummary, run_range

#: To a worker: a range and the indices in it to reject unseen; None ends it.
Task = tuple[IndexRange, frozenset[int]] | None
#: From a worker: it is open, it has done a range, or it cannot go on.
Message = tuple[Literal["open"], None] | tuple[Literal["done"], RangeSummary] | tuple[Literal["failed"], str]


def work(connection: Connection, current: ctypes.c_longlong, recipe: bytes, root: str) -> None:
    """Main function of a worker process.

    Args:
        connection: this worker's end of its pipe.
        current: shared with the parent: the index being made, or -1.
        recipe: the pickled job.
        root: the dataset's folder.
    """
    # Ctrl-C reaches the whole process group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    keep_freed_memory()

    def begin(index: int) -> None:
        current.value = index

    try:
        job = pickle.loads(recipe)
        _send(connection, ("open", None))
        while (task := connection.recv()) is not None:
            work_range, deadly = task
            summary = run_range(job, Path(root), work_range, deadly=deadly, begin=begin)
            _send(connection, ("done", summary))
    except (EOFError, BrokenPipeError):
        return  # the parent is gone, and the records say what is done
    except OSError as error:
        _send(connection, ("failed", f"cannot write to {error.filename or root}: {error.strerror}"))
    except GlyphmillError as error:
        _send(connection, ("failed", str(error)))


def _send(connection: Connection, message: Message) -> None:
    connection.send(message)
