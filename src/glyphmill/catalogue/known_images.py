"""What was found out about image files before: an SQLite file in the user's cache folder, a row for each file.

It is only ever a shortcut: it may vanish, be damaged, be locked or lie where nothing can be written. Then the images
are read again. Rows are kept while they are found, so that an interrupted reading goes on where it ended.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TypeVar

from glyphmill.catalogue.image_folders import State

T = TypeVar("T")

_VERSION = 1
_MOST_ROWS = 5_000_000  # about 600 MB
_WRITTEN_AT = 4096  # rows; each time costs a wait for the disk
_PATIENCE_S = 5.0  # for another process that is writing
_TABLES = """
CREATE TABLE IF NOT EXISTS folders (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS files (
    folder INTEGER NOT NULL, name BLOB NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, digest BLOB NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (folder, name)
) WITHOUT ROWID;
"""


class Finding(NamedTuple):
    """What was found in an image file.

    Attributes:
        width: of the upright image, px; 0 if it is none.
        height: likewise.
        digest: blake2b-128 of its bytes; empty if only its header was read, because it is none or too large.
        reason: why it cannot serve; empty if it can.
        passing: whether the reason is not in its bytes, so that another try may go well. Such findings are not kept.
    """

    width: int = 0
    height: int = 0
    digest: bytes = b""
    reason: str = ""
    passing: bool = False


class KnownImages:
    """The rows of one cache folder, for use in a ``with`` block and by one thread.

    Args:
        folder: where the file lies or is to lie.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"images-{_VERSION}.sqlite"
        self._connection: sqlite3.Connection | None = None
        self._fresh: list[tuple[str, str, State, Finding]] = []

    def __enter__(self) -> KnownImages:
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._flush()
        self._close()

    def of(self, folder: str) -> dict[str, tuple[State, Finding]]:
        """What is known of the files of a folder, by name."""
        asked = (
            "SELECT name, size, mtime, inode, width, height, digest, reason FROM files "
            "WHERE folder = (SELECT id FROM folders WHERE path = ?)"
        )
        rows = self._safely(lambda database: database.execute(asked, (os.fsencode(folder),)).fetchall()) or []
        return {os.fsdecode(row[0]): ((row[1], row[2], row[3]), Finding(*row[4:])) for row in rows}

    def keep(self, folder: str, name: str, state: State, finding: Finding) -> None:
        """Remember what was found in a file; written some thousands at a time, and at the end of the block."""
        self._fresh.append((folder, name, state, finding))
        if len(self._fresh) >= _WRITTEN_AT:
            self._flush()

    def _flush(self) -> None:
        fresh, self._fresh = self._fresh, []

        def write(database: sqlite3.Connection) -> None:
            folders = {os.fsencode(folder) for folder, *_ in fresh}
            with database:
                database.executemany("INSERT OR IGNORE INTO folders (path) VALUES (?)", ((path,) for path in folders))
                numbers = {path: _number(database, path) for path in folders}
                rows = (
                    (numbers[os.fsencode(folder)], os.fsencode(name), *state, *finding[:4])
                    for folder, name, state, finding in fresh
                )
                database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

        if fresh:
            self._safely(write)

    def forget(self, folder: str, names: Iterable[str]) -> None:
        """Drop what is known of files that are gone."""

        def write(database: sqlite3.Connection) -> None:
            with database:
                number = _number(database, os.fsencode(folder))
                gone = ((number, os.fsencode(name)) for name in names)
                database.executemany("DELETE FROM files WHERE folder = ? AND name = ?", gone)

        self._safely(write)

    def trim(self, folders: Iterable[str]) -> None:
        """Of a file that has grown too large, keep the rows of these folders only."""

        def write(database: sqlite3.Connection) -> None:
            if database.execute("SELECT count(*) FROM files").fetchone()[0] <= _MOST_ROWS:
                return
            with database:
                database.execute("CREATE TEMP TABLE wanted (path BLOB PRIMARY KEY)")
                rows = ((os.fsencode(folder),) for folder in folders)
                database.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", rows)
                database.execute("DELETE FROM folders WHERE path NOT IN (SELECT path FROM wanted)")
                database.execute("DELETE FROM files WHERE folder NOT IN (SELECT id FROM folders)")
            database.execute("VACUUM")

        self._safely(write)

    def _safely(self, act: Callable[[sqlite3.Connection], T]) -> T | None:
        """What an act gives; None if the file cannot serve. A damaged one is made anew, empty."""
        if self._connection is None:
            return None
        try:
            return act(self._connection)
        except sqlite3.OperationalError:  # locked, full, read-only
            self._close()
        except sqlite3.DatabaseError:
            self._close()
            self._remove()
            self._open()
        return None

    def _open(self) -> None:
        for _ in range(2):  # the second time after a damaged file was removed
            try:
                self._connection = sqlite3.connect(self._path, timeout=_PATIENCE_S)
                self._connection.executescript(_TABLES)
                return
            except sqlite3.OperationalError:
                self._close()
                return
            except sqlite3.DatabaseError:
                self._close()
                self._remove()

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink()


def _number(database: sqlite3.Connection, path: bytes) -> int:
    row = database.execute("SELECT id FROM folders WHERE path = ?", (path,)).fetchone()
    return int(row[0]) if row else -1
