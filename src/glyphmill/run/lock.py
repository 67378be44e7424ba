"""One run at a time in a folder; or the shards of one job, each by itself.

Locks are flock(2): they end with the process that holds them, however it ends, so none is ever left to be removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from glyphmill.export import names
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import Shard

#: What the locks of all shards of all divisions match.
_SHARD_LOCKS = f"{names.LOCK}-*-of-*"


@contextlib.contextmanager
def locked(root: Path, shard: Shard | None) -> Iterator[None]:
    """Keep other runs out of the folder, which is there, while the block lasts; other shards of the same job may in.

    Raises: RunError, which names the other run, if there is one.
    """
    with contextlib.ExitStack() as held:
        if shard is None:
            held.enter_context(_hold(root / names.LOCK, fcntl.LOCK_EX))
            for left in root.glob(_SHARD_LOCKS):  # by shards that were killed
                left.unlink(missing_ok=True)
        else:
            held.enter_context(_hold(root / names.LOCK, fcntl.LOCK_SH))
            # Its own first: of two that come at the same moment, at least one sees the other.
            held.enter_context(_hold(root / _shard_lock(shard), fcntl.LOCK_EX))
            _refuse_other_division(root, shard)
        yield


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Wait for the other shards of a job that are in such a block, and keep them out of it."""
    with _open(root / f"{names.LOCK}-manifest", fcntl.LOCK_EX) as file:
        try:
            yield
        finally:
            _remove(file)


def _shard_lock(shard: Shard) -> str:
    return f"{names.LOCK}-{shard.number}-of-{shard.of}"


def _refuse_other_division(root: Path, shard: Shard) -> None:
    """Shards 1/3 and 1/4 hold the same samples."""
    for path in root.glob(_SHARD_LOCKS):
        if not path.name.endswith(f"-of-{shard.of}"):
            with _hold(path, fcntl.LOCK_EX):
                pass


@contextlib.contextmanager
def _hold(path: Path, kind: int) -> Iterator[None]:
    try:
        file = _open(path, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RunError(
            f"{path.parent} is being written by another run{_holder(path)}. Wait until it has ended, or name "
            f"another folder."
        ) from None
    with file:
        file.seek(0)
        file.truncate()
        json.dump(_myself(), file)
        file.flush()
        try:
            yield
        finally:
            _remove(file)


def _open(path: Path, kind: int) -> IO[str]:
    """The lock file, locked.

    Raises: BlockingIOError if somebody else has it and `kind` does not wait.
    """
    while True:
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, kind)
        except BaseException:
            file.close()
            raise
        # Whoever had it may have removed it in the meantime; then this is the lock of a file that nobody else finds.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file
        file.close()


def _remove(file: IO[str]) -> None:
    """Take a lock file away, unless other shards hold it too."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        Path(file.name).unlink(missing_ok=True)


def _myself() -> dict[str, object]:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return {"process": os.getpid(), "host": platform.node(), "started": started, "command": " ".join(sys.argv)}


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return ": process {process} on {host}, since {started} ({command})".format(**holder)
    except (OSError, ValueError, KeyError, TypeError):
        return ""
