"""What was found out about font files before, kept in a folder of the user's so that opening a catalogue is quick.

Two kinds of entries: ``index.json`` tells the digest of each file seen, by path, size and time of change;
``<digest>.json`` holds what the probe said of that content, and ``<digest>.sfnt`` the unpacked form of a WOFF file.
Any of it may vanish, be damaged or be written by several processes at once: it is only ever a shortcut.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER_VARIABLE = "GLYPHMILL_CACHE"
KNOWN_FONTS = "known_fonts.json"
_INDEX_LIMIT = 20_000


def cache_folder() -> Path:
    """``GLYPHMILL_CACHE``, or ``glyphmill`` in the user's cache folder (``XDG_CACHE_HOME``, else ``~/.cache``)."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "glyphmill"
    try:
        return Path.home() / ".cache" / "glyphmill"
    except RuntimeError:  # no home folder is known
        return Path(tempfile.gettempdir()) / "glyphmill-cache"


def write_atomic(path: Path, content: bytes) -> None:
    """Make a file whole or not at all, whoever else writes it.

    Raises: OSError if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        passing.write_bytes(content)
        os.replace(passing, path)
    except OSError:
        with contextlib.suppress(OSError):
            passing.unlink()
        raise


class FontCache:
    """The cache of one version of the probe.

    Args:
        folder: where it lies; a folder that cannot be written is read only, one that cannot be read is empty.
    """

    def __init__(self, folder: Path, version: int) -> None:
        self._version = version
        self._folder = folder / f"fonts-{version}"
        self._index: dict[str, Any] = _read(self._folder / "index.json") or {}
        self._fresh: dict[str, Any] = {}
        self._spare: Path | None = None

    def digest(self, path: str, status: os.stat_result) -> str | None:
        """The digest of a file if neither its size nor its time of change differ from when it was last read."""
        match self._index.get(path):
            case [int(size), int(time), str(digest)] if size == status.st_size and time == status.st_mtime_ns:
                return digest
        return None

    def keep_digest(self, path: str, status: os.stat_result, digest: str) -> None:
        """Remember the digest of a file; written by ``flush``."""
        self._fresh[path] = [status.st_size, status.st_mtime_ns, digest]

    def answer(self, digest: str) -> dict[str, Any] | None:
        """What the probe said of this content, here or, of the fonts that come with Glyphmill, before its release."""
        return _read(self._folder / f"{digest}.json") or known_answers(self._version).get(digest)

    def keep_answer(self, digest: str, answer: dict[str, Any]) -> None:
        """Remember what the probe said."""
        self._write(self._folder / f"{digest}.json", answer)

    def unpacked(self, digest: str) -> Path:
        """Where the unpacked form of this content lies, or is to be written: the cache, or a folder of this process.

        The latter where the cache cannot be written; it is removed when the process ends.
        """
        kept = self._folder / f"{digest}.sfnt"
        if kept.exists():
            return kept
        if self._spare is None and not _writable(self._folder):
            self._spare = Path(tempfile.mkdtemp(prefix="glyphmill-"))
            atexit.register(shutil.rmtree, self._spare, ignore_errors=True)
        return kept if self._spare is None else self._spare / kept.name

    def flush(self) -> None:
        """Write the digests that are new."""
        if self._fresh:
            # Another process may have added its own since: what it wrote is kept, what both lose is read again.
            index = (_read(self._folder / "index.json") or {}) | self._fresh
            self._write(self._folder / "index.json", index if len(index) <= _INDEX_LIMIT else self._fresh)
            self._fresh = {}

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            write_atomic(path, json.dumps(content, separators=(",", ":")).encode())


@lru_cache(maxsize=1)
def known_answers(version: int) -> dict[str, dict[str, Any]]:
    """What the probe of this version says of the fonts that come with Glyphmill, by digest; made by a script."""
    shipped = _read(Path(__file__).with_name(KNOWN_FONTS)) or {}
    return shipped.get("answers", {}) if shipped.get("version") == version else {}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
