"""From folders to a ``FontSet``: find the files, know them from the cache or probe them, sort good from bad."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from glyphmill.catalogue.fontcache import FontCache, cache_folder
from glyphmill.catalogue.fonts import Axis, BadFont, FontRecord, FontSet
from glyphmill.catalogue.packages import installed_font_folders, package_words
from glyphmill.catalogue.prober import PROBE_COMMAND, ProbeJob, probe_files
from glyphmill.catalogue.sfnt import FONT_SUFFIXES, MAX_BYTES
from glyphmill.catalogue.style import categorize
from glyphmill.core.errors import CatalogueError

PROBE_VERSION = 1
"""Of the probe's rules and of the shape of its answers: answers of another version are not looked at."""

DEADLINE_S = 30.0
"""Time for one file; the slowest good ones (CJK collections of 30 MB) take about two seconds."""


class _File(NamedTuple):
    path: str
    digest: str


def open_fonts(
    folders: Sequence[str] = (),
    *,
    cache_dir: Path | None = None,
    deadline_s: float = DEADLINE_S,
    probe_command: Sequence[str] = PROBE_COMMAND,
) -> FontSet:
    """The faces of all fonts in some folders.

    Args:
        folders: folders (searched to the bottom), font files or globs; none means the installed font packages.
        cache_dir: where findings are kept; None for the user's cache folder.
        deadline_s: time for probing one file.
        probe_command: the program that probes.

    Raises: CatalogueError if something named does not exist, or no font is usable.
    """
    cache = FontCache(cache_dir or cache_folder(), PROBE_VERSION)
    bad: list[BadFont] = []
    files = [found for path in _paths(folders) if (found := _identify(path, cache, bad)) is not None]
    answers = _answers(files, cache, deadline_s, probe_command)
    usable: list[FontRecord] = []
    for file in files:
        records, faults = _records(file, answers[file.digest], cache)
        usable += records
        bad += faults
    cache.flush()
    fonts = FontSet.of(usable, bad)
    if not fonts.usable:
        raise CatalogueError(_nothing_usable(folders, fonts))
    return fonts


def _paths(folders: Sequence[str]) -> list[str]:
    found = {path for folder in folders or installed_font_folders() for path in _files_of(os.path.abspath(folder))}
    return sorted(found)


def _files_of(place: str) -> Iterator[str]:
    if os.path.isdir(place):
        for folder, _, names in os.walk(place):
            yield from (os.path.join(folder, name) for name in names if name.lower().endswith(FONT_SUFFIXES))
    elif os.path.lexists(place):
        yield place
    else:
        matches = glob.glob(place, recursive=True) if glob.has_magic(place) else []
        if not matches:
            raise CatalogueError(f"no fonts at {place}: give a folder, a font file or a glob that matches some")
        for match in matches:
            if os.path.isdir(match) or match.lower().endswith(FONT_SUFFIXES):
                yield from _files_of(match)


def _identify(path: str, cache: FontCache, bad: list[BadFont]) -> _File | None:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        if status.st_size > MAX_BYTES:
            raise OSError(f"{status.st_size:,} bytes; the limit is {MAX_BYTES:,}")
        digest = cache.digest(path, status)
        if digest is None:
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
            cache.keep_digest(path, status, digest)
    except OSError as error:
        bad.append(BadFont(path, f"cannot be read: {error.strerror or error}"))
        return None
    return _File(path, digest)


def _answers(
    files: Sequence[_File], cache: FontCache, deadline_s: float, command: Sequence[str]
) -> dict[str, dict[str, Any]]:
    answers: dict[str, dict[str, Any]] = {}
    unknown: dict[str, _File] = {}
    for file in files:
        if file.digest in answers or file.digest in unknown:
            continue
        known = cache.answer(file.digest)
        if known is not None and _still_holds(known, file, cache, deadline_s):
            answers[file.digest] = known
        else:
            unknown[file.digest] = file
    jobs = [ProbeJob(file.path, str(cache.unpacked(digest))) for digest, file in unknown.items()]
    for index, answer in probe_files(jobs, deadline_s=deadline_s, command=command) if jobs else ():
        digest = list(unknown)[index]
        answers[digest] = answer
        if not answer.get("passing"):
            cache.keep_answer(digest, answer)
    return answers


def _still_holds(answer: dict[str, Any], file: _File, cache: FontCache, deadline_s: float) -> bool:
    """Whether an answer from the cache is of the right shape and would be given again."""
    try:
        _records(file, answer, cache)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    if answer.get("unpacked") and not cache.unpacked(file.digest).exists():
        return False
    return "fault" not in answer or deadline_s <= answer.get("deadline_s", deadline_s)


def _records(file: _File, answer: dict[str, Any], cache: FontCache) -> tuple[list[FontRecord], list[BadFont]]:
    if "fault" in answer:
        return [], [BadFont(file.path, str(answer["fault"]))]
    records: list[FontRecord] = []
    bad: list[BadFont] = []
    path = str(cache.unpacked(file.digest)) if answer["unpacked"] else file.path
    words = package_words(file.path)
    for index, face in enumerate(answer["faces"]):
        if "fault" in face:
            which = f"face {index}: " if len(answer["faces"]) > 1 else ""
            bad.append(BadFont(file.path, which + face["fault"]))
            continue
        records.append(
            FontRecord(
                file=os.path.basename(file.path),
                path=path,
                face=index,
                digest=file.digest,
                family=str(face["family"]),
                style=str(face["style"]),
                category=categorize(words, face["kind"], face["cut"]),
                weight=int(face["weight"]),
                italic=bool(face["italic"]),
                axes=tuple(Axis(*axis) for axis in face["axes"]),
                upem=int(face["upem"]),
                glyphs=int(face["glyphs"]),
                scripts=tuple(face["scripts"]),
                vertical=bool(face["vertical"]),
                ranges=str(face["ranges"]),
                health=float(face["health"]),
            )
        )
    return records, bad


def _nothing_usable(folders: Sequence[str], fonts: FontSet) -> str:
    place = ", ".join(folders) or "the installed font packages"
    if not fonts.bad:
        endings = ", ".join(FONT_SUFFIXES)
        hint = f"put files there ({endings})" if folders else "install some: pip install 'glyphmill[fonts]'"
        return f"no fonts in {place}: {hint}"
    shown = "\n".join(f"  {fault.path}: {fault.reason}" for fault in fonts.bad[:10])
    more = f"\n  and {len(fonts.bad) - 10} more" if len(fonts.bad) > 10 else ""
    return f"no usable font in {place}; {len(fonts.bad)} cannot be used\n{shown}{more}"
