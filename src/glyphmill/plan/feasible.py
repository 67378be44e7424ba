"""Whether a config can be carried out with a catalogue: found before the run, with the line of each fault."""

from __future__ import annotations

from collections.abc import Iterator

from glyphmill.config.model import Entry, Group, JobConfig, Specification
from glyphmill.core.errors import ConfigError, Problem
from glyphmill.core.registry import Registry
from glyphmill.core.unit import Stage
from glyphmill.plan.context import Library


def check_feasible(config: JobConfig, library: Library, registry: Registry) -> None:
    """Ask every unit that a config names whether the catalogue has what it needs.

    Raises: ConfigError with all problems, such as a corpus or a font filter that matches nothing.
    """
    problems: list[Problem] = []
    for number, spec in enumerate(config.specifications):
        for stage, entry, path in _named(spec):
            unit = registry.get(stage, entry.unit)
            if unit is None or unit.check is None:
                continue
            for setting, message in unit.check(entry.config, library):
                key = f"specifications[{number}].{path}" + (f".{setting}" if setting else "")
                problems.append(config.problem(key, message))
    if problems:
        raise ConfigError(config.source, problems)


def _named(spec: Specification) -> Iterator[tuple[Stage, Entry, str]]:
    """Every unit that a specification names, with the path of its settings."""
    for stage, settings in spec.single.items():
        yield stage, Entry(stage, settings), stage
    for stage, entries in spec.choice.items():
        for entry in entries:
            yield stage, entry, f"{stage}.{entry.unit}"
    for stage, members in spec.chain.items():
        yield from _members(stage, members, stage)


def _members(stage: Stage, members: tuple[Entry | Group, ...], path: str) -> Iterator[tuple[Stage, Entry, str]]:
    for position, member in enumerate(members):
        here = f"{path}[{position}]"
        if isinstance(member, Group):
            yield from _members(stage, member.entries, f"{here}.{member.kind}")
        else:
            yield stage, member, f"{here}.{member.unit}"
