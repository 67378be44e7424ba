"""Turning flat keys (``rotation_angle_max``) into the nested form, before anything else reads the specification.

Every value keeps the key that the person wrote, so later messages speak of that. A flat key is never ignored: it takes
effect, or it means off, or it is a problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from glyphmill.config.fields import parser_of
from glyphmill.config.flat_table import (
    CURVE_KEY,
    CURVES,
    EFFECTS,
    KEYS,
    ROWS,
    SECTIONS,
    FlatSetting,
    FlatUnit,
    stage_of,
)
from glyphmill.config.numbers import NumberSpec, SettingError
from glyphmill.config.place import At, Problems
from glyphmill.config.scalars import describe, one_of, suggestion
from glyphmill.config.source import Node, node_of
from glyphmill.core.registry import Registry
from glyphmill.sampling import Distribution

Nodes = dict[str, Node]


def split(entries: Mapping[str, Node]) -> tuple[Nodes, Nodes]:
    """The flat keys of a specification, and the rest of it."""
    flat = {key: node for key, node in entries.items() if key in KEYS}
    return flat, {key: node for key, node in entries.items() if key not in KEYS}


def check_mixing(flat: Nodes, nested: Nodes, problems: Problems) -> None:
    """A parameter that one layer gives in both forms is a problem."""
    for key, node in flat.items():
        other = _same_parameter(key, nested)
        if node.value is not None and other is not None:
            there = f"{other.key} on line {other.node.line}"
            problems.add(_at(node), f"also given as {there}; keep one of the two spellings")


def lay_over(flat: Nodes, nested: Nodes, over_flat: Nodes, over_nested: Nodes) -> tuple[Nodes, Nodes]:
    """What is left of a lower layer where a higher one speaks of the same parameters in the other form.

    A higher layer's flat keys of a stage that is a list or a choice replace the lower layer's list or choice.
    """
    flat = {key: node for key, node in flat.items() if not _is_set(key, over_nested)}
    nested = dict(nested)
    for key in over_flat:
        stage = stage_of(key)
        section = nested.get(stage)
        if section is None:
            continue
        if key in ROWS and ROWS[key][0] in SECTIONS and isinstance(section.value, dict):
            kept = {name: node for name, node in section.value.items() if name != ROWS[key][1].setting}
            nested[stage] = replace(section, value=kept)
        else:
            del nested[stage]
    return flat, nested


def to_nested(flat: Nodes, nested: Nodes, registry: Registry, problems: Problems, warnings: Problems) -> Nodes:
    """The sections of a specification with its flat keys put where they belong."""
    given = {key: node for key, node in flat.items() if node.value is not None}
    return _Conversion(given, dict(nested), registry, problems, warnings).run()


@dataclass
class _Conversion:
    given: Nodes
    nested: Nodes
    registry: Registry
    problems: Problems
    warnings: Problems

    def run(self) -> Nodes:
        for unit in SECTIONS:
            self._section(unit)
        for unit in EFFECTS:
            made = self._unit(unit)
            if made is not None:
                self._append(unit, made)
        self._curve()
        return self.nested

    def _section(self, unit: FlatUnit) -> None:
        model = self.registry.get(unit.stage, unit.unit)
        fields: Mapping[str, Any] = model.config.model_fields if model else {}
        for setting in unit.settings:
            parts = self._parts(setting)
            if not parts:
                continue
            own = parser_of(fields[setting.setting]) if setting.setting in fields else None
            parser = setting.parser
            if isinstance(own, NumberSpec) and isinstance(parser, NumberSpec):
                setting = replace(setting, parser=replace(own, kind=parser.kind, default=parser.default))
            node = self._read(setting, parts)
            if node is None:
                continue
            if setting.setting in fields:
                self._put(unit, setting, node)
            elif self._plain_of(setting, node) != self._plain_of(setting, None):
                path = f"{unit.stage}.{setting.setting}"
                self.problems.add(_at(_first(parts)), f"this version has no {path}, which this needs; remove it")

    def _put(self, unit: FlatUnit, setting: FlatSetting, node: Node) -> None:
        section = self.nested.get(unit.stage)
        if section is None or section.value is None:
            section = Node({}, node.line, node.origin)
        if isinstance(section.value, dict):
            self.nested[unit.stage] = replace(section, value=section.value | {setting.setting: node})

    def _append(self, unit: FlatUnit, settings: Nodes) -> None:
        first = _first(settings)
        entry = Node({unit.unit: Node(settings, first.line, first.origin)}, first.line, first.origin)
        section = self.nested.get(unit.stage)
        if section is None or section.value is None:
            section = Node([], first.line, first.origin)
        if isinstance(section.value, list):
            self.nested[unit.stage] = replace(section, value=[*section.value, entry])

    def _unit(self, unit: FlatUnit, chosen: Node | None = None) -> Nodes | None:
        """The settings of a unit that the flat keys, or the key ``chosen``, switch on; None where they do not."""
        keys = [key for key in unit.by_key if key in self.given]
        first = self.given[keys[0]] if keys else chosen
        if first is None:
            return None
        nodes = {setting.setting: self._read(setting, self._parts(setting), first) for setting in unit.settings}
        if any(node is None for node in nodes.values()):
            return None
        read = cast("Nodes", nodes)
        if self._is_off(unit, read):
            return None
        model = self.registry.get(unit.stage, unit.unit)
        if model is None:
            at = _at(next((self.given[key] for key in keys if not self._idle_key(unit, key, read)), first))
            self.problems.add(
                at, f"this version has no {unit.path}, which this needs; remove it or set it to {unit.off_means} (off)"
            )
            return None
        return self._known_settings(unit, read, model.config.model_fields)

    def _known_settings(self, unit: FlatUnit, nodes: Nodes, fields: Mapping[str, Any]) -> Nodes:
        """The settings that the unit has; for one that it lacks, a problem unless it is as by default."""
        known = {}
        for setting in unit.settings:
            node = nodes[setting.setting]
            if setting.setting in fields:
                known[setting.setting] = node
            elif self._plain_of(setting, node) != self._plain_of(setting, None):
                path = f"{unit.path}.{setting.setting}"
                parts = self._parts(setting)
                self.problems.add(_at(_first(parts)), f"this version has no {path}, which this needs; remove it")
        return known

    def _is_off(self, unit: FlatUnit, nodes: Nodes) -> bool:
        settings = {setting.setting: setting for setting in unit.settings}
        return any(all(_idle(settings[name], nodes[name]) for name in group) for group in unit.off)

    def _idle_key(self, unit: FlatUnit, key: str, nodes: Nodes) -> bool:
        setting, _ = unit.by_key[key]
        return _idle(setting, nodes[setting.setting])

    def _curve(self) -> None:
        node = self.given.get(CURVE_KEY)
        kind = "none" if node is None else node.value
        known = ("none", *(curve.unit for curve in CURVES))
        if node is not None and (not isinstance(kind, str) or kind not in known):
            hint = suggestion(kind, known) if isinstance(kind, str) else ""
            self.problems.add(_at(node), f"got {describe(node.plain())}; expected {one_of(known)}{hint}")
            return
        for curve in CURVES:
            if curve.unit == kind and node is not None:
                self._curve_on(curve, node)
            else:
                self._curve_unused(curve, str(kind))

    def _curve_on(self, curve: FlatUnit, chosen: Node) -> None:
        before = len(self.problems)
        made = self._unit(curve, chosen)
        if made is not None:
            first = _first(made)
            self.nested["curve"] = Node({curve.unit: Node(made, first.line, first.origin)}, chosen.line, chosen.origin)
        elif len(self.problems) == before:
            idle = next(s for s in curve.settings if (s.setting,) in curve.off and self._idle_setting(s))
            parts = self._parts(idle)
            at = _at(_first(parts)) if parts else _at(chosen)
            base = idle.keys["min"].removesuffix("_min")
            self.warnings.add(at, f"{base} is 0: the text stays straight")

    def _idle_setting(self, setting: FlatSetting) -> bool:
        node = self._read(setting, self._parts(setting))
        return node is not None and _idle(setting, node)

    def _curve_unused(self, curve: FlatUnit, kind: str) -> None:
        for setting in curve.settings:
            parts = self._parts(setting)
            node = self._read(setting, parts) if parts else None
            if node is None:
                continue
            if self._plain_of(setting, node) != self._plain_of(setting, None):
                advice = f"set {CURVE_KEY} to {curve.unit} or remove it"
                self.problems.add(_at(_first(parts)), f"has no effect with {CURVE_KEY} {kind}; {advice}")
            elif kind == "none":
                self.warnings.add(_at(_first(parts)), f"has no effect with {CURVE_KEY} none")

    def _parts(self, setting: FlatSetting) -> Nodes:
        return {part: self.given[key] for part, key in setting.keys.items() if key in self.given}

    def _plain_of(self, setting: FlatSetting, node: Node | None) -> object:
        """A value to compare: of the node, or of the default."""
        value = setting.default if node is None else node.plain()
        return setting.parser.parse(value) if setting.parser else value

    def _read(self, setting: FlatSetting, parts: Nodes, fallback: Node | None = None) -> Node | None:
        """The setting in the nested form, its default if nothing is given; None, with a problem, if it is wrong."""
        present = {part: node for part, node in parts.items() if node.value is not None}
        first = _first(present) if present else fallback or Node(None, 1)
        if not present:
            return _default_node(setting, first)
        if setting.parser is None:
            return first if self._check_plain(setting, _at(first)) else None
        plain = {part: node.plain() for part, node in present.items()}
        if plain.get("distribution") == "choice":
            self.problems.add(_at(present["distribution"]), "a choice needs the nested form: {values: [...]}")
            return None
        try:
            made = setting.parser.parse(plain)
        except SettingError as error:
            part, *rest = error.at or ("",)
            at = _at(present.get(str(part), first))
            self.problems.add(at.walk(rest), error.message)
            return None
        if isinstance(made, Distribution):
            filled: dict[str, Any] = {
                "min": made.min,
                "max": made.max,
                "distribution": plain.get("distribution", _kind(setting)),
            }
        else:
            filled = {"min": list(made.lo), "max": list(made.hi)}
        entries = {
            part: present.get(part) or node_of(value, first.line, first.origin) for part, value in filled.items()
        }
        return Node(entries, first.line, first.origin)

    def _check_plain(self, setting: FlatSetting, at: At) -> bool:
        value = at.node.value
        if isinstance(setting.default, bool):
            if not isinstance(value, bool):
                self.problems.add(at, f"got {describe(at.node.plain())}; expected true or false")
            return isinstance(value, bool)
        if not setting.options:
            return self.problems.text(at) is not None
        if not isinstance(value, str) or value not in setting.options:
            hint = suggestion(value, setting.options) if isinstance(value, str) else ""
            self.problems.add(at, f"got {describe(at.node.plain())}; expected {one_of(setting.options)}{hint}")
            return False
        return True


def _kind(setting: FlatSetting) -> str:
    return cast("NumberSpec", setting.parser).kind


def _default_node(setting: FlatSetting, near: Node) -> Node:
    return node_of(setting.default, near.line, near.origin)


def _idle(setting: FlatSetting, node: Node) -> bool:
    return setting.parser is not None and setting.is_idle(cast("Any", setting.parser.parse(node.plain())))


def _first(nodes: Nodes) -> Node:
    return next(iter(nodes.values()))


def _at(node: Node) -> At:
    return At(node, node.origin or "")


def _is_set(key: str, nested: Nodes) -> bool:
    """Whether a higher layer's nested form speaks of a flat key's parameter, or of the whole list it belongs to."""
    section = nested.get(stage_of(key))
    if section is None:
        return False
    if key in ROWS and ROWS[key][0] in SECTIONS:
        return not isinstance(section.value, dict) or ROWS[key][1].setting in section.value
    return True


def _same_parameter(key: str, nested: Nodes) -> At | None:
    """Where the nested form gives the parameter of a flat key."""
    stage = stage_of(key)
    section = nested.get(stage)
    if section is None:
        return None
    at = At(section, section.origin or stage)
    if key == CURVE_KEY or stage == "curve":
        return at
    unit, setting, _ = ROWS[key]
    if unit in SECTIONS:
        return at.child(setting.setting) if at.has(setting.setting) else None
    return next(_entries_of(at, unit.unit), None)


def _entries_of(at: At, unit: str) -> Iterator[At]:
    """The entries of a unit in a chain, within groups too."""
    value = at.node.value
    if isinstance(value, list):
        for position in range(len(value)):
            yield from _entries_of(at.child(position), unit)
    elif isinstance(value, dict):
        for name, child in at.items():
            if name == unit:
                yield child
            elif isinstance(child.node.value, list):
                yield from _entries_of(child, unit)
