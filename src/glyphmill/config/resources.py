"""Reading the section ``resources``: where fonts, backgrounds and corpora lie, and how they fared."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from glyphmill.config.model import Resources, WeightedFolder
from glyphmill.config.numbers import SettingError, weight_of
from glyphmill.config.place import At, Problems
from glyphmill.config.scalars import describe, one_of, quote, suggestion

KNOWN = ("fonts", "backgrounds", "corpora", "encoding", "health")
_FOLDER = ("path", "weight")


def read_resources(
    at: At | None, folder: Path, problems: Problems, places: dict[str, tuple[str, int]], *, default_corpora: bool
) -> Resources:
    """The resources of a job, paths made absolute.

    Args:
        at: the section; None if it is not given.
        folder: what relative paths are relative to.
        problems: where problems are noted.
        places: where each path was written is added to it.
        default_corpora: whether ``folder`` serves as the corpus folder if the section names none.
    """
    corpora = str(folder) if default_corpora else None
    if at is None:
        return Resources(corpora=corpora)
    for name, child in at.items():
        if name not in KNOWN:
            problems.add(child, f"unknown key{suggestion(name, KNOWN) or f'; expected {one_of(KNOWN)}'}")
        else:
            places[f"resources.{name}"] = (child.key, child.node.line)
    reader = _Reader(folder, problems)
    given = {name: child for name, child in at.items() if child.node.value is not None}
    fonts = tuple(reader.paths(given["fonts"])) if "fonts" in given else ()
    backgrounds = tuple(reader.folders(given["backgrounds"])) if "backgrounds" in given else ()
    if backgrounds and not any(item.weight for item in backgrounds):
        problems.add(given["backgrounds"], "all weights are zero; expected at least one above 0")
    if "corpora" in given:
        corpora = reader.path(given["corpora"])
    encoding = _encoding(given["encoding"], problems) if "encoding" in given else "utf-8"
    health = reader.path(given["health"]) if "health" in given else None
    return Resources(fonts, backgrounds, corpora, encoding, health)


class _Reader:
    def __init__(self, folder: Path, problems: Problems) -> None:
        self.folder, self.problems = folder, problems

    def path(self, at: At) -> str | None:
        """An absolute path; None with a problem."""
        text = self.problems.text(at)
        if text is None:
            return None
        try:
            return str(self.folder / Path(text).expanduser())
        except RuntimeError:
            self.problems.add(at, f"got {quote(text)}: there is no such home folder")
            return None

    def paths(self, at: At) -> Iterator[str]:
        for item in _items(at):
            path = self.path(item)
            if path is not None:
                yield path

    def folders(self, at: At) -> Iterator[WeightedFolder]:
        for item in _items(at):
            if not isinstance(item.node.value, dict):
                path = self.path(item)
                if path is not None:
                    yield WeightedFolder(path)
                continue
            for name, child in item.items():
                if name not in _FOLDER:
                    hint = suggestion(name, _FOLDER) or f"; expected {one_of(_FOLDER)}"
                    self.problems.add(child, f"unknown key{hint}")
            if not item.has("path"):
                self.problems.add(item.walk(["path"]), "missing; expected a folder")
                continue
            path = self.path(item.child("path"))
            if path is not None:
                yield WeightedFolder(path, self._weight(item))

    def _weight(self, at: At) -> float:
        if not at.has("weight") or at.child("weight").node.value is None:
            return 1.0
        try:
            return float(weight_of(at.child("weight").node.plain()))
        except SettingError as error:
            self.problems.add(at.child("weight"), error.message)
            return 1.0


def _items(at: At) -> Iterator[At]:
    """The items of a list, or the one value that stands for a list of one."""
    if isinstance(at.node.value, list):
        return (at.child(position) for position in range(len(at.node.value)))
    return iter((at,))


def _encoding(at: At, problems: Problems) -> str:
    name = problems.text(at)
    if name is None:
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        problems.add(at, f"got {describe(name)}; expected an encoding such as utf-8, latin-1 or utf-16")
        return "utf-8"
