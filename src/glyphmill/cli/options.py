"""Options that several commands share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from glyphmill.core.errors import GlyphmillError

_RESOURCES = Group("Resources, in place of the config's own", sort_key=1)
_COMMON = Group("Output", sort_key=2)

FOLDER_LIST = Parameter(consume_multiple=True, negative="", show_default=False)
AtLeastOne = Annotated[int, Parameter(validator=Number(gte=1))]


@Parameter(name="*", group=_COMMON)
@dataclass(frozen=True)
class Common:
    """Options of every command.

    Attributes:
        json: Write JSON for machines to standard output.
        log_level: What to log to standard error; debug adds tracebacks.
    """

    json: Annotated[bool, Parameter(negative="", show_default=False)] = False
    log_level: Literal["debug", "info", "warning", "error"] = "warning"


@Parameter(name="*", group=_RESOURCES)
@dataclass(frozen=True)
class Folders:
    """Options of every command that opens a job: resources in place of those that the config names.

    Attributes:
        fonts: Folders of fonts.
        backgrounds: Folders of background images.
        corpus: Folder of text files.
    """

    fonts: Annotated[tuple[Path, ...], FOLDER_LIST] = ()
    backgrounds: Annotated[tuple[Path, ...], FOLDER_LIST] = ()
    corpus: Path | None = None


COMMON, FOLDERS = Common(), Folders()


class UsageError(GlyphmillError):
    """A command line that cannot be meant; its exit code is that of bad usage."""
