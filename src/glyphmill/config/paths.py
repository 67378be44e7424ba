"""Keeping file patterns of a config below their root, and finding out early which of its paths lead nowhere."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from glyphmill.config.model import JobConfig
from glyphmill.config.scalars import quote
from glyphmill.core.errors import ConfigError, GlyphmillError, Problem


class OutsideRootError(GlyphmillError, ValueError):
    """A pattern that leads out of the folder it is relative to."""


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern by its text alone: absolute, or with ``..``; None if nothing is."""
    posix, windows = PurePosixPath(pattern), PureWindowsPath(pattern)
    if posix.is_absolute() or windows.drive or windows.root or pattern.startswith("~"):
        return f"got {quote(pattern)}, an absolute path; expected one relative to its folder"
    if ".." in posix.parts or ".." in windows.parts:
        return f"got {quote(pattern)}, which leads out of its folder by '..'; expected a path below it"
    if not pattern.strip() or "\0" in pattern:
        return f"got {quote(pattern)}; expected a path or glob"
    return None


def contained(root: str | os.PathLike[str], pattern: str) -> tuple[Path, ...]:
    """The files below ``root`` that a glob matches, sorted by their path below it.

    ``*``, ``?``, ``[...]`` match within a name, ``**`` matches any number of folders. A file that has just this name,
    brackets and all, comes before what the pattern matches.

    Raises: OutsideRootError if the pattern is absolute, has ``..``, or matches a link that leads out of the root.
    """
    fault = pattern_fault(pattern)
    if fault is not None:
        raise OutsideRootError(fault)
    base = Path(root)
    real = base.resolve()
    found = []
    exact = (base / pattern).is_file()
    for name in [pattern] if exact else glob.iglob(pattern, root_dir=base, recursive=True):
        file = base / name
        if not file.is_file():
            continue
        if not file.resolve().is_relative_to(real):
            raise OutsideRootError(
                f"got {quote(pattern)}, which matches {quote(name)}, a link out of {str(base)!r}; "
                "copy the file into the folder or move the folder up"
            )
        found.append(file)
    return tuple(sorted(found, key=lambda file: file.relative_to(base).parts))


def check_paths(config: JobConfig) -> None:
    """Check that every path of a config leads somewhere, and every corpus pattern to a file below the corpus folder.

    For after the resources have been settled, by the file or by the command line.
    Raises: ConfigError with all problems, each with its line in the file.
    """
    problems = [*_missing(config), *_corpora(config)]
    if problems:
        raise ConfigError(config.source, problems)


def _missing(config: JobConfig) -> Iterator[Problem]:
    resources = config.resources
    for path in resources.fonts:
        if not Path(path).exists() and next(glob.iglob(path, recursive=True), None) is None:
            yield config.problem("resources.fonts", f"got {path!r}: there is no such file or folder")
    for folder in resources.backgrounds:
        if not Path(folder.path).exists() and next(glob.iglob(folder.path, recursive=True), None) is None:
            yield config.problem("resources.backgrounds", f"got {folder.path!r}: there is no such folder")
    if resources.corpora is not None and not Path(resources.corpora).is_dir():
        yield config.problem("resources.corpora", f"got {resources.corpora!r}: there is no such folder")
    if resources.health is not None and not Path(resources.health).is_file():
        yield config.problem("resources.health", f"got {resources.health!r}: there is no such file")


def _corpora(config: JobConfig) -> Iterator[Problem]:
    root = config.resources.corpora
    if root is None or not Path(root).is_dir():
        return
    for position, specification in enumerate(config.specifications):
        key = f"specifications[{position}].text.corpus"
        for pattern in corpus_patterns(getattr(specification.single.get("text"), "corpus", None)):
            try:
                found = contained(root, pattern)
            except OutsideRootError as error:
                yield config.problem(key, str(error))
                continue
            if not found:
                yield config.problem(key, f"got {quote(pattern)}, which matches no file in {root!r}")


def corpus_patterns(corpus: object) -> Iterable[str]:
    """The patterns of the setting ``text.corpus``: none, one, or the names of a mapping to weights."""
    if isinstance(corpus, str):
        return (corpus,)
    return tuple(str(name) for name in corpus) if isinstance(corpus, Mapping) else ()
