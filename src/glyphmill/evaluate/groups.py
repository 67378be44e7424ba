"""What readings are grouped by: what made an image, what happened to it, how strongly, and what is written."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from glyphmill.core.registry import Registry
from glyphmill.evaluate.engine import EngineError
from glyphmill.evaluate.pieces import Facts

Grouping = Literal["specification", "unit", "strength", "script", "direction", "language", "length", "font"]
#: In the order of the report.
GROUPINGS: tuple[Grouping, ...] = (
    "specification", "unit", "strength", "script", "direction", "language", "length", "font"
)  # fmt: skip
#: Bins of a unit's strength, of even width from the weakest to the strongest that was drawn.
BINS = 5
#: The greatest lengths of the bins by length, grapheme clusters.
_LENGTHS = (5, 10, 20, 40, 80)
#: Text that no unit touches but the one that makes its background.
PLAIN = "plain"
_NAMES: dict[Grouping, Callable[[Facts], Sequence[str]]] = {
    "specification": lambda facts: (facts.specification,),
    "unit": lambda facts: (*facts.units, *(() if _touched(facts) else (PLAIN,))),
    "script": lambda facts: (facts.script,),
    "direction": lambda facts: (facts.direction,),
    "language": lambda facts: (facts.language,),
    "length": lambda facts: (_length(facts.length),),
    "font": lambda facts: (facts.font,),
}


@dataclass(frozen=True)
class Group:
    """Readings that have something in common.

    Attributes:
        grouping: what they are grouped by; "all" for all of them.
        name: what they have in common, such as ``Latn`` or ``degrade.blur radius 0.4 to 0.8``.
        members: which, by place, in order.
        unit: by strength: the unit; else None.
        span: by strength: how far from off, (from, to); else None.
    """

    grouping: str
    name: str
    members: tuple[int, ...]
    unit: str | None = None
    span: tuple[float, float] | None = None


def groups_of(facts: Sequence[Facts], by: Iterable[Grouping], registry: Registry) -> list[Group]:
    """The groups of readings: all first, then by each grouping in the order of ``GROUPINGS``; none is empty."""
    found = [Group("all", "all", tuple(range(len(facts))))] if facts else []
    wanted = set(by)
    for grouping in GROUPINGS:
        if grouping == "strength" and grouping in wanted:
            found += _by_strength(facts, registry)
        elif grouping in wanted:
            found += _by_name(facts, grouping)
    return found


def kept(facts: Facts, only: Mapping[Grouping, set[str]]) -> bool:
    """Whether something has, of each grouping that is named, one of the names given."""
    return all(names.intersection(_NAMES[grouping](facts)) for grouping, names in only.items())


def parsed(only: Iterable[str]) -> dict[Grouping, set[str]]:
    """``GROUPING=NAME`` as the names of each grouping. Raises: EngineError if one is spelt otherwise."""
    names: dict[Grouping, set[str]] = {}
    for spelt in only:
        word, _, name = spelt.partition("=")
        grouping = next((known for known in _NAMES if known == word), None)
        if grouping is None or not name:
            raise EngineError(f"got {spelt!r}; expected GROUPING=NAME, where GROUPING is one of {', '.join(_NAMES)}")
        names.setdefault(grouping, set()).add(name)
    return names


def _by_name(facts: Sequence[Facts], grouping: Grouping) -> list[Group]:
    members: dict[str, list[int]] = {}
    for place, each in enumerate(facts):
        for name in _NAMES[grouping](each):
            members.setdefault(name, []).append(place)
    rank = _length_rank if grouping == "length" else _plain_first
    return [Group(grouping, name, tuple(members[name])) for name in sorted(members, key=rank)]


def _by_strength(facts: Sequence[Facts], registry: Registry) -> list[Group]:
    units = sorted({unit for each in facts for unit in each.strengths})
    return [group for unit in units for group in _bins(facts, unit, registry)]


def _bins(facts: Sequence[Facts], unit: str, registry: Registry) -> list[Group]:
    """The strengths of one unit in bins of even width; each by itself where there are no more of them than bins."""
    strengths = {place: each.strengths[unit] for place, each in enumerate(facts) if unit in each.strengths}
    values, what = sorted(set(strengths.values())), _measured(unit, registry)
    if len(values) <= BINS:
        spans = [(value, value) for value in values]
    else:
        wide = (values[-1] - values[0]) / BINS
        edges = [*(values[0] + number * wide for number in range(BINS)), values[-1]]
        spans = list(pairwise(edges))
    members: list[list[int]] = [[] for _ in spans]
    for place, strength in strengths.items():
        # What lies on an edge belongs to the bin below; the least value to the first.
        members[bisect_left([high for _, high in spans], strength)].append(place)
    return [
        Group("strength", f"{unit} {what} {_said(span)}", tuple(places), unit, span)
        for span, places in zip(spans, members, strict=True)
        if places
    ]


def _said(span: tuple[float, float]) -> str:
    return f"{span[0]:.3g}" if span[0] == span[1] else f"{span[0]:.3g} to {span[1]:.3g}"


def _measured(unit: str, registry: Registry) -> str:
    """The setting that is a unit's strength, or its distance from where the unit is off."""
    stage, _, name = unit.partition(".")
    known = registry.get(stage, name)  # type: ignore[arg-type]  # as the plan has it
    setting, off = next(iter(known.off.items())) if known else ("strength", 0.0)
    return setting if off == 0 else f"|{setting} - {off:g}|"


def _touched(facts: Facts) -> bool:
    return any(not unit.startswith(("background.", "scene.")) for unit in facts.units)


def _length(clusters: int) -> str:
    place = bisect_left(_LENGTHS, clusters)
    first = _LENGTHS[place - 1] + 1 if place else 1
    return f"{first} to {_LENGTHS[place]}" if place < len(_LENGTHS) else f"{first} and more"


def _length_rank(name: str) -> tuple[bool, str]:
    return False, name.partition(" ")[0].zfill(8)


def _plain_first(name: str) -> tuple[bool, str]:
    return name != PLAIN, name
