"""What can go wrong, as values and exceptions that say where, what, what is allowed and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

#: Of what health is kept; also what these are called in files.
ResourceKind = Literal["fonts", "backgrounds"]
#: A font or a background: its kind, and the digest of its content.
Resource = tuple[ResourceKind, str]


class GlyphmillError(Exception):
    """Base of every error that Glyphmill raises on purpose; its text is fit to show to a user."""


@dataclass(frozen=True)
class Problem:
    """One fault in one input.

    Attributes:
        key: dotted path of the setting, such as ``specifications[1].canvas.width``; "" for the whole file.
        message: what was given, what is allowed, what to do.
        line: 1-based line in the file, or None where there is none.
    """

    key: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}  " if self.line is not None else ""
        subject = f"{self.key}: " if self.key else ""
        return f"{place}{subject}{self.message}"


class ConfigError(GlyphmillError):
    """A config that cannot be used: all of its problems at once."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.source = source
        self.problems = tuple(sorted(problems, key=lambda p: (p.line or 0, p.key)))
        noun = "problem" if len(self.problems) == 1 else "problems"
        rows = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{len(self.problems)} {noun} in {source}\n{rows}")


class CatalogueError(GlyphmillError):
    """Fonts, backgrounds or corpora that cannot serve the job at all."""


class RenderError(GlyphmillError):
    """A plan that cannot be replayed here: a resource or a unit is missing or has changed."""


class Reject(GlyphmillError):
    """This sample cannot be made; raised by a unit, counted by the run, never fatal by itself.

    Args:
        unit: id of the unit that gave up.
        reason: a short stable code, such as ``missing_glyph``; what runs are summed by.
        detail: the input concerned and what happened, for the person who reads ``rejects.jsonl``.
        resource: the font or background whose fault it is; None where no single one is at fault.
    """

    def __init__(self, unit: str, reason: str, detail: str = "", resource: Resource | None = None) -> None:
        self.unit, self.reason, self.detail, self.resource = unit, reason, detail, resource
        super().__init__(f"{unit}: {reason}" + (f" ({detail})" if detail else ""))

    def __reduce__(self) -> tuple[type[Reject], tuple[str, str, str, Resource | None]]:
        return Reject, (self.unit, self.reason, self.detail, self.resource)


@contextmanager
def blaming(kind: ResourceKind, digest: str) -> Iterator[None]:
    """A block in which a sample can only fail through one font or background: a Reject out of it names that one."""
    try:
        yield
    except Reject as reject:
        reject.resource = (kind, digest)
        raise
