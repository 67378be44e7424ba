"""From digests to files: fonts and backgrounds of a plan, wherever they lie now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.catalogue.fontload import open_fonts
from glyphmill.config.model import Limits, WeightedFolder
from glyphmill.core.errors import RenderError


class Located(Mapping[str, str]):
    """Paths by content digest, looked for in what was given, where it was recorded, and in what is installed.

    Nothing is opened before it is asked for. A recorded path counts only if the file there still has that content.

    Args:
        given: finds the paths of folders that the user named.
        recorded: paths by digest, as a manifest has them.
        installed: finds the paths of what comes with Glyphmill.
    """

    def __init__(
        self,
        given: Callable[[], Mapping[str, str]],
        recorded: Mapping[str, str],
        installed: Callable[[], Mapping[str, str]],
    ) -> None:
        self._find_given, self._recorded, self._find_installed = given, recorded, installed
        self._found: dict[str, str] = {}

    def __getitem__(self, digest: str) -> str:
        """Where that content is. Raises: KeyError if nowhere; RenderError if its file has changed."""
        path = self._found.get(digest)
        if path is None:
            path = self._found[digest] = self._look_for(digest)
        return path

    def __iter__(self) -> Iterator[str]:
        return iter({**self._recorded, **self._given})

    def __len__(self) -> int:
        return len({*self._recorded, *self._given})

    def _look_for(self, digest: str) -> str:
        if digest in self._given:
            return self._given[digest]
        there = self._recorded.get(digest)
        now = None if there is None else _digest_at(there, digest)
        if there is not None and now == digest:
            return there
        if digest in self._installed:
            return self._installed[digest]
        if now is not None:
            was = f"its digest was {digest} and is {now}"
            raise RenderError(f"{there} has changed: {was}. Give the folder that holds the old one.")
        raise KeyError(digest)

    @cached_property
    def _given(self) -> Mapping[str, str]:
        return self._find_given()

    @cached_property
    def _installed(self) -> Mapping[str, str]:
        return self._find_installed()


def locate_fonts(folders: Sequence[str], recorded: Mapping[str, str]) -> Located:
    """The font files that plans may name.

    Raises (when asked): CatalogueError if a folder that was given holds no font.
    """
    return Located(lambda: _fonts(folders) if folders else {}, recorded, lambda: _fonts(()))


def locate_backgrounds(folders: Sequence[str], recorded: Mapping[str, str], limits: Limits) -> Located:
    """The background images that plans may name.

    Raises (when asked): CatalogueError if a folder that was given holds no image.
    """

    def given() -> Mapping[str, str]:
        found = open_backgrounds([WeightedFolder(folder) for folder in folders], limits.max_background_pixels)
        return found.paths

    return Located(given, recorded, dict)


def _fonts(folders: Sequence[str]) -> Mapping[str, str]:
    return {font.digest: font.path for font in open_fonts(folders).usable}


def _digest_at(path: str, expected: str) -> str | None:
    """The digest of a file, None if it cannot be read. Unpacked fonts of the cache are named by their origin's."""
    place = Path(path)
    if place.name == f"{expected}.sfnt":
        return expected if place.is_file() else None
    try:
        with place.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return None
