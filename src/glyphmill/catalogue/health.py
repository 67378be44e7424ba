"""Health: how the fonts and backgrounds of earlier runs fared, by content digest, and how often each is drawn for it.

A run draws by a fixed snapshot of it. What becomes of its samples is folded in only when all of them are made, in the
order of their indices, so that neither plans nor health depend on how the run was divided.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, get_args

from numpy.random import Generator

from glyphmill.core.errors import CatalogueError, ResourceKind

SCHEMA = "glyphmill.health/1"
KINDS: tuple[ResourceKind, ...] = get_args(ResourceKind)

BEST = 100
_GAIN, _LOSS = 1, 10
_QUARANTINE = 50


class Record(NamedTuple):
    """What is known of one font or background.

    Attributes:
        score: 0 to 100.
        successes: written samples that it is in.
        failures: plans that were given up through its fault.
        reason: ``unit: reason`` of the last failure, "" if there was none.
    """

    score: int = BEST
    successes: int = 0
    failures: int = 0
    reason: str = ""

    @property
    def quarantined(self) -> bool:
        """Whether it is drawn no more."""
        return self.score < _QUARANTINE

    @property
    def weight(self) -> float:
        """Its share of the draws that it had with the best score, 0 to 1."""
        return 0.0 if self.quarantined else self.score / BEST

    def __str__(self) -> str:
        blame = f" after {self.failures} failures, the last {self.reason}" if self.reason else ""
        return f"score {self.score}{blame}"

    def after(self, failure: str | None) -> Record:
        """What is known once it failed for a reason, or for None, once a sample with it was written."""
        if failure is None:
            return Record(min(self.score + _GAIN, BEST), self.successes + 1, self.failures, self.reason)
        return Record(max(self.score - _LOSS, 0), self.successes, self.failures + 1, failure)


_UNKNOWN = Record()


@dataclass(frozen=True)
class Health:
    """Records by digest; what has none has the best score."""

    fonts: Mapping[str, Record] = field(default_factory=dict)
    backgrounds: Mapping[str, Record] = field(default_factory=dict)

    def of(self, kind: ResourceKind) -> Mapping[str, Record]:
        """The records of one kind."""
        return self.fonts if kind == "fonts" else self.backgrounds

    def record(self, kind: ResourceKind, digest: str) -> Record:
        """What is known of a font or background."""
        return self.of(kind).get(digest, _UNKNOWN)

    def unwell(self) -> Health:
        """Only the records that change a draw."""
        records = {kind: {digest: one for digest, one in self.of(kind).items() if one.weight < 1} for kind in KINDS}
        return Health(**records)

    def takes(self, kind: ResourceKind, digest: str, rng: Generator) -> bool:
        """Whether a font or background that was drawn is kept; if not, draw again.

        So each is drawn as often as its weight says, while nothing that always succeeded costs or changes a draw.
        """
        weight = self.record(kind, digest).weight
        return weight == 1 or rng.random() < weight

    def to_json(self) -> str:
        """A line for each record, by digest: for people to read and to edit; ``read_health`` gives an equal value."""
        parts = [f'"schema": "{SCHEMA}"']
        for kind in KINDS:
            rows = ",\n".join(
                f"{json.dumps(digest)}: {json.dumps(record._asdict())}"
                for digest, record in sorted(self.of(kind).items())
            )
            parts.append(f'"{kind}": {{\n{rows}\n}}' if rows else f'"{kind}": {{}}')
        return "{" + ",\n".join(parts) + "}\n"


class Observer:
    """Folds what becomes of samples into health, one after the other.

    Args:
        health: before.
    """

    def __init__(self, health: Health) -> None:
        self._known: dict[ResourceKind, dict[str, Record]] = {kind: dict(health.of(kind)) for kind in KINDS}

    def add(self, line: Mapping[str, Any]) -> None:
        """Fold in what became of one index; to be called in index order.

        Args:
            line: of a written sample, ``used``: digests by kind; of one that was not, ``rejected``: ``unit``,
                ``reason`` and, if a font or background is to blame, ``resource``: its kind and digest. ``failed``
                may list such entries for the attempts before the last, of both.
        """
        for kind, digest, failure in _outcomes(line):
            records = self._known[kind]
            records[digest] = records.get(digest, _UNKNOWN).after(failure)

    def health(self) -> Health:
        """Health after all that was added."""
        return Health(**{kind: dict(records) for kind, records in self._known.items()})


def fold(health: Health, lines: Iterable[Mapping[str, Any]]) -> Health:
    """Health after the samples that lines in index order tell of, as ``Observer.add`` takes them."""
    observer = Observer(health)
    for line in lines:
        observer.add(line)
    return observer.health()


def _outcomes(line: Mapping[str, Any]) -> Iterator[tuple[ResourceKind, str, str | None]]:
    for why in (*line.get("failed", ()), line.get("rejected", {})):
        if why.get("resource"):
            kind, digest = why["resource"]
            yield kind, digest, f"{why['unit']}: {why['reason']}"
    for kind, digests in line.get("used", {}).items():
        for digest in digests:
            yield kind, digest, None


def check_usable(kind: ResourceKind, files: Iterable[tuple[str, str]], health: Health) -> None:
    """Check that something is left to draw; nothing to draw from in the first place is no matter of health.

    Args:
        files: name and digest of each.

    Raises: CatalogueError if all of them are quarantined, naming them.
    """
    rows: dict[str, str] = {}
    for name, digest in files:
        record = health.record(kind, digest)
        if not record.quarantined:
            return
        rows[digest] = f"\n  {name}: {record}"
    if rows:
        shown, more = list(rows.values())[:5], len(rows) - 5
        raise CatalogueError(
            f"all {kind} are quarantined, their health is below {_QUARANTINE}:{''.join(shown)}"
            + (f"\n  and {more} more" if more > 0 else "")
            + f"\nGive other {kind}, or raise their scores in the health file, or do without it."
        )


def read_health(path: Path) -> Health:
    """The health that a file holds.

    Raises: CatalogueError if it cannot be read or is not health, with the place in it.
    """
    try:
        return parse_health(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise CatalogueError(
            f"{path}: cannot be read: {error.strerror}. Runs write such a file, health.json, beside their manifest"
        ) from error
    except UnicodeDecodeError as error:
        raise _fault(str(path), "", f"it is not UTF-8 at byte {error.start:,}", "text") from error


def parse_health(text: str, source: str) -> Health:
    """The health that a text holds; ``source`` is named in errors. Raises: CatalogueError."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise _fault(source, "", f"it is not JSON: {error}", "what a run wrote") from error
    except RecursionError as error:
        raise _fault(source, "", "it is nested too deeply", "what a run wrote") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        given = data.get("schema") if isinstance(data, dict) else data
        raise _fault(source, "schema", f"got {_shown(given)}", f'"{SCHEMA}"')
    return Health(**{kind: dict(_records(data.get(kind, {}), kind, source)) for kind in KINDS})


def _records(data: Any, kind: str, source: str) -> Iterator[tuple[str, Record]]:
    if not isinstance(data, dict):
        raise _fault(source, kind, f"got {_shown(data)}", "an object of records by digest")
    for digest, given in data.items():
        key = f"{kind}.{digest}"
        if not isinstance(given, dict) or given.keys() != set(Record._fields):
            raise _fault(source, key, f"got {_shown(given)}", f"an object with {', '.join(Record._fields)}")
        for name, most in (("score", BEST), ("successes", None), ("failures", None)):
            number = given[name]
            if type(number) is not int or number < 0 or (most is not None and number > most):
                allowed = "a whole number, at least 0" if most is None else f"a whole number from 0 to {most}"
                raise _fault(source, f"{key}.{name}", f"got {_shown(number)}", allowed)
        if not isinstance(given["reason"], str):
            raise _fault(source, f"{key}.reason", f"got {_shown(given['reason'])}", "text")
        yield digest, Record(**given)


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _fault(source: str, key: str, given: str, allowed: str) -> CatalogueError:
    place = f"{source}: {key}" if key else source
    return CatalogueError(
        f"{place}: {given}; expected {allowed}. Mend it, or do without this file: all begin at {BEST}"
    )
