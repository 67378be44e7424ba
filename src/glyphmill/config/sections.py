"""Reading the sections of a specification in the nested form: settings, alternatives, chains and groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from glyphmill.config.fields import Settings
from glyphmill.config.model import Entry, Group, GroupKind
from glyphmill.config.numbers import NumberSpec, SettingError, weight_of
from glyphmill.config.place import At, Problems, join
from glyphmill.config.scalars import describe, one_of, suggestion
from glyphmill.config.source import Node
from glyphmill.core.registry import Registry
from glyphmill.core.unit import STAGES, Stage, Unit
from glyphmill.sampling import Distribution

GROUPS: tuple[GroupKind, ...] = ("one_of", "some_of", "sequence")
_PROBABILITY = NumberSpec(lo=0, hi=1)
_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "an integer",
    "int_parsing": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "float_parsing": "a number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
}


@dataclass
class SectionReader:
    """Reads sections, noting every problem; what cannot be read is left out.

    Attributes:
        places: key of each setting of a single unit in the nested form -> where it was written.
    """

    registry: Registry
    problems: Problems
    places: dict[str, tuple[str, int]]

    def single(self, stage: Stage, section: At | None, path: str) -> Settings | None:
        """The settings of a stage's one unit; None if there is no such unit, or with a problem."""
        unit = self.registry.get(stage, stage)
        if unit is None:
            if section is not None and section.node.value:
                self.problems.add(section, "this version has no settings here; remove it")
            return None
        if section is None or section.node.value is None:
            return self._settings(unit, At(Node({}, 1), path))
        if not self.problems.mapping(section, "a mapping of settings"):
            return None
        for name, at in section.items():
            self.places[f"{path}.{name}"] = (at.key, at.node.line)
        return self._settings(unit, section)

    def choice(self, stage: Stage, section: At | None) -> tuple[Entry, ...]:
        """The alternatives of a stage where one unit is drawn."""
        if section is None or section.node.value is None:
            return ()
        if not self.problems.mapping(section, "a mapping of units to their settings"):
            return ()
        with_p = stage == "curve"
        read = [self._entry(stage, name, at, with_p=with_p, with_weight=True) for name, at in section.items()]
        entries = tuple(entry for entry in read if entry is not None)
        self._check_weights(section, entries)
        return entries

    def chain(self, stage: Stage, section: At | None) -> tuple[Entry | Group, ...]:
        """The units of a stage that applies them in order."""
        if section is None or section.node.value is None:
            return ()
        return self._list(stage, section, weighted=False)

    def output(self, unit: Unit, at: At, own: Iterable[str]) -> Settings | None:
        """The settings of the encoder; ``own`` are the keys of the section that are not its."""
        return self._settings(unit, at, skip=own)

    def _list(self, stage: Stage, at: At, *, weighted: bool) -> tuple[Entry | Group, ...]:
        if not isinstance(at.node.value, list):
            what = describe(at.node.plain())
            self.problems.add(at, f"got {what}; expected a list, such as - {self._example(stage)}: {{p: 0.5}}")
            return ()
        read = [self._item(stage, at.child(position), weighted=weighted) for position in range(len(at.node.value))]
        return tuple(item for item in read if item is not None)

    def _item(self, stage: Stage, at: At, *, weighted: bool) -> Entry | Group | None:
        value = at.node.value
        if isinstance(value, str):
            return self._entry(stage, value, At(Node({}, at.node.line), join(at.key, value)), with_weight=weighted)
        if not isinstance(value, dict) or not value:
            self.problems.add(at, f"got {describe(at.node.plain())}; expected one unit with its settings")
            return None
        kinds = [kind for kind in GROUPS if kind in value]
        if kinds:
            return self._group(stage, kinds[0], at, weighted=weighted)
        if len(value) > 1:
            names = ", ".join(value)
            self.problems.add(at, f"got {len(value)} keys ({names}); expected one unit, its settings indented below it")
            return None
        name = next(iter(value))
        return self._entry(stage, name, at.child(name), with_weight=weighted)

    def _group(self, stage: Stage, kind: GroupKind, at: At, *, weighted: bool) -> Group | None:
        known = (kind, "p", *(("weight",) if weighted else ()), *(("n",) if kind == "some_of" else ()))
        for name, child in at.items():
            if name not in known:
                self.problems.add(child, f"unknown key; expected {one_of(known)}{suggestion(name, known)}")
        drawn = kind != "sequence"
        entries = self._list(stage, at.child(kind), weighted=drawn)
        p, weight = self._p(at), self._weight(at) if weighted else 1.0
        if not entries:
            if at.child(kind).node.value == []:
                self.problems.add(at.child(kind), "got an empty list; expected at least one unit")
            return None
        if drawn:
            self._check_weights(at.child(kind), entries)
        return Group(kind, entries, p, weight, self._n(at, entries) if kind == "some_of" else None)

    def _n(self, at: At, entries: tuple[Entry | Group, ...]) -> Distribution:
        most = max(1, sum(entry.weight > 0 for entry in entries))
        spec = NumberSpec(lo=1, hi=most, integer=True, default=Distribution(1, most, integer=True))
        if not at.has("n") or at.child("n").node.value is None:
            return Distribution(1, most, integer=True)
        child = at.child("n")
        try:
            return spec.parse(child.node.plain())
        except SettingError as error:
            self.problems.add(child.walk(error.at), error.message)
            return Distribution(1, most, integer=True)

    def _entry(
        self, stage: Stage, name: str, at: At, *, with_p: bool = True, with_weight: bool = False
    ) -> Entry | None:
        unit = self.registry.get(stage, name)
        if unit is None:
            self.problems.add(at, self._unknown(stage, name))
            return None
        if at.node.value is None:
            at = At(Node({}, at.node.line), at.key)
        if not self.problems.mapping(at, "a mapping of settings"):
            return None
        own = (*(("p",) if with_p else ()), *(("weight",) if with_weight else ()))
        if not with_weight and at.has("weight") and "weight" not in unit.config.model_fields:
            self.problems.add(at.child("weight"), "has a meaning only within one_of or some_of; remove it")
            own = (*own, "weight")
        settings = self._settings(unit, at, skip=own)
        p = self._p(at) if with_p else 1.0
        weight = self._weight(at) if with_weight else 1.0
        return None if settings is None else Entry(name, settings, p, weight)

    def _p(self, at: At) -> float:
        if not at.has("p") or at.child("p").node.value is None:
            return 1.0
        try:
            return float(_PROBABILITY.check(at.child("p").node.plain()))
        except SettingError as error:
            self.problems.add(at.child("p"), error.message)
            return 1.0

    def _weight(self, at: At) -> float:
        if not at.has("weight") or at.child("weight").node.value is None:
            return 1.0
        try:
            return float(weight_of(at.child("weight").node.plain()))
        except SettingError as error:
            self.problems.add(at.child("weight"), error.message)
            return 1.0

    def _check_weights(self, at: At, entries: tuple[Entry | Group, ...]) -> None:
        if entries and not any(entry.weight for entry in entries):
            self.problems.add(at, "all weights are zero; expected at least one above 0")

    def _unknown(self, stage: Stage, name: str) -> str:
        known = [unit.id for unit in self.registry.stage(stage)]
        elsewhere = [other for other in STAGES if other != stage and self.registry.get(other, name)]
        if elsewhere:
            return f"unknown unit here; {name!r} belongs to {one_of(elsewhere)}"
        if not known:
            return f"unknown unit; this version has none for {stage}"
        hint = suggestion(name, [*known, *(GROUPS if stage in ("effects", "warp", "degrade") else ())])
        return f"unknown unit{hint or f'; expected {one_of(known)}'}"

    def _example(self, stage: Stage) -> str:
        return next((unit.id for unit in self.registry.stage(stage)), "unit")

    def _settings(self, unit: Unit, at: At, skip: Iterable[str] = ()) -> Settings | None:
        left_out = tuple(skip)
        data = {name: child.node.plain() for name, child in at.items() if name not in left_out}
        try:
            return cast("Settings", unit.config.model_validate(data))
        except ValidationError as error:
            known = (*unit.config.model_fields, *left_out)
            for place, message in _messages(error.errors(include_url=False), at, known):
                self.problems.add(place, message)
            return None


def _messages(errors: Iterable[Any], at: At, known: tuple[str, ...]) -> list[tuple[At, str]]:
    """Place and text of each pydantic error; the alternatives of one union make one text."""
    found: list[tuple[At, str]] = []
    unions: dict[str, tuple[At, Any, list[str]]] = {}
    for error in errors:
        place, tagged = _locate(at, error)
        if tagged and error["type"] in _EXPECTED:
            unions.setdefault(place.key, (place, error["input"], []))[2].append(_EXPECTED[error["type"]])
        else:
            found.append((place, _message(error, known)))
    for key, (place, given, expected) in unions.items():
        # A fault within one alternative says more than that the others do not fit.
        if not any(other.key.startswith(key) and other.key != key for other, _ in found):
            alternatives = " or ".join(dict.fromkeys(expected))
            found.append((place, f"got {describe(given)}; expected {alternatives}"))
    return found


def _locate(at: At, error: Any) -> tuple[At, bool]:
    """The place of an error, and whether its path names an alternative of a union."""
    tagged = False
    *path, last = error["loc"] or (None,)
    for name in path:
        if at.has(name):
            at = at.child(name)
        else:
            tagged = True
    if last is not None:
        if at.has(last) or error["type"] == "missing":
            at = at.walk([last])
        else:
            tagged = True
    return at.walk(error.get("ctx", {}).get("at", ())), tagged


def _message(error: Any, known: tuple[str, ...]) -> str:
    """The text of one pydantic error, in this project's words."""
    kind, given = error["type"], error["input"]
    if kind == "setting":
        return str(error["ctx"]["message"])
    if kind == "extra_forbidden":
        hint = suggestion(str(error["loc"][-1]), known)
        return f"unknown key{hint or f'; expected {one_of(known)}'}"
    if kind == "missing":
        return "missing; it has no default"
    if kind == "literal_error":
        options = [option.strip().strip("'") for option in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        hint = suggestion(given, options) if isinstance(given, str) else ""
        return f"got {describe(given)}; expected {one_of(options)}{hint}"
    if kind in _EXPECTED:
        return f"got {describe(given)}; expected {_EXPECTED[kind]}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return f"got {describe(given)}: {error['msg'][:1].lower()}{error['msg'][1:]}"
