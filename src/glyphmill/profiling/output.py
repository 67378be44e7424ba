"""Files of a profile, by the ending of their names."""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from glyphmill.export.durable import write_file
from glyphmill.profiling.calltree import Node, call_tree
from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.flame import flame_page
from glyphmill.profiling.report import Sort, report
from glyphmill.profiling.result import Profile
from glyphmill.profiling.speedscope import speedscope
from glyphmill.profiling.work import Work

#: Endings and what they hold; any other name gets the text.
ENDINGS = {
    ".prof": "statistics for snakeviz and pstats",
    ".speedscope.json": "stacks for speedscope",
    ".json": "all that was measured, for --compare and for machines",
    ".html": "a flame graph, self-contained",
}


def ending_of(path: Path) -> str:
    """The ending that says what a file holds; "" for text."""
    name = path.name.lower()
    return next((ending for ending in ENDINGS if name.endswith(ending)), "")


def check_writable(path: Path) -> None:
    """Find out before the work whether a file can be written; nothing that is there is changed.

    Raises: ProfileError naming it.
    """
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        there = path.exists()
        with path.open("ab"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        raise ProfileError(f"cannot write to {path}: {error.strerror or error}") from error


class Outputs:
    """Makes the files of one profile.

    Args:
        profile: what was measured.
        work: the images; call stacks are traced on them once if a file needs them.
        sort, top: of the tables.
        more: sections that follow the report's own.
    """

    def __init__(self, profile: Profile, work: Work, *, sort: Sort, top: int, more: tuple[str, ...] = ()) -> None:
        self._profile, self._work = profile, work
        self.text = "\n\n".join([report(profile, sort=sort, top=top).rstrip("\n"), *more]) + "\n"

    def save(self, path: Path) -> None:
        """Write one file, in the format that its name ends in.

        Raises: ProfileError if it cannot be written, or if another profiler keeps its content from being measured.
        """
        made: dict[str, Callable[[], bytes]] = {
            ".prof": self._statistics,
            ".speedscope.json": lambda: json.dumps(speedscope(self._tree, name=self._profile.config)).encode(),
            ".json": lambda: (json.dumps(self._profile.to_dict(), indent=1) + "\n").encode(),
            ".html": self._flame,
            "": self.text.encode,
        }
        data = made[ending_of(path)]()
        try:
            if path.exists() and not path.is_file():
                path.write_bytes(data)  # a pipe or a device stays what it is
            else:
                write_file(path, data)
        except OSError as error:
            raise ProfileError(f"cannot write to {path}: {error.strerror or error}") from error

    def _statistics(self) -> bytes:
        if not self._profile.functions:
            raise ProfileError(f"{self._profile.watching} watches this process, so there are no statistics to save")
        return marshal.dumps(dict(self._profile.functions))

    def _flame(self) -> bytes:
        image_s = self._profile.image_s
        versions = ", ".join(map(" ".join, self._profile.versions.items()))
        about = f"{self._profile.made} images; {versions}; {self._profile.machine}"
        if image_s is not None:
            about += f"; {1000 * image_s:.2f} ms an image without a profiler"
        return flame_page(
            self._tree, title=f"Generation of {Path(self._profile.config).name}", about=about, images=self._profile.made
        ).encode()

    @cached_property
    def _tree(self) -> Node:
        return call_tree(self._work)
