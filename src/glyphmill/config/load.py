"""Reading a job: from YAML in either form, or a mix of both, to one frozen ``JobConfig``, with all problems at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

from glyphmill.config import flat
from glyphmill.config.extras import read_extras
from glyphmill.config.flat_table import BASES, KEYS, SECTIONS
from glyphmill.config.merge import merge, stamp
from glyphmill.config.model import Entry, JobConfig, Limits, Resources, Specification
from glyphmill.config.numbers import NumberSpec, SettingError
from glyphmill.config.paths import corpus_patterns, pattern_fault
from glyphmill.config.place import At, Problems, join
from glyphmill.config.presets import PRESETS
from glyphmill.config.resources import read_resources
from glyphmill.config.scalars import describe, number, one_of, quote, suggestion
from glyphmill.config.sections import SectionReader
from glyphmill.config.show import to_data
from glyphmill.config.source import Node, node_of, read
from glyphmill.core.errors import ConfigError, Problem
from glyphmill.core.registry import Registry
from glyphmill.core.unit import SHAPES, Stage

Presets = Mapping[str, Mapping[str, Any]]

_TOP = ("total_images", "seed", "specifications", "resources", "output", "limits", "defaults")
_OUTPUT = ("format", "mode", "extras")
_STAGES: tuple[Stage, ...] = tuple(stage for stage in SHAPES if stage != "encode")
_OWN = ("name", "proportion", "preset")
_TOLERANCE = 0.001
MODES = ("rgb", "gray")
LIMITS: dict[str, NumberSpec] = {
    "max_pixels": NumberSpec(lo=1, hi=2**31, integer=True),
    "max_characters": NumberSpec(lo=1, integer=True),
    "max_background_pixels": NumberSpec(lo=1, hi=2**31, integer=True),
    "max_rejected": NumberSpec(lo=0, hi=1),
    "attempts": NumberSpec(lo=1, hi=1000, integer=True),
    "sample_seconds": NumberSpec(lo=0.1, hi=86_400),
}


def load_config(path: str | os.PathLike[str], registry: Registry, *, presets: Presets | None = None) -> JobConfig:
    """The job that a YAML file describes. Paths in it are relative to its folder.

    Raises: ConfigError with every problem of the file.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(str(path), [Problem("", f"cannot be read: {reason}")]) from error
    return _load(content, str(path), registry, PRESETS if presets is None else presets, file.parent)


def load_text(
    text: str | bytes,
    source_name: str,
    registry: Registry,
    *,
    presets: Presets | None = None,
    folder: str | os.PathLike[str] = ".",
) -> JobConfig:
    """The job that a YAML text describes; ``source_name`` stands for the file in messages.

    Args:
        text: the YAML; bytes are UTF-8.
        source_name: how messages name it.
        registry: the units that exist.
        presets: name -> specification in the nested form, laid between ``defaults`` and the specification; those that
            come with Glyphmill if not given.
        folder: what relative paths are relative to.

    Raises: ConfigError with every problem of the text.
    """
    return _load(text, source_name, registry, PRESETS if presets is None else presets, Path(folder))


def _load(content: bytes | str, source: str, registry: Registry, presets: Presets, folder: Path) -> JobConfig:
    root, found = read(content, source)
    loader = _Loader(registry, presets, folder.absolute(), Problems(found))
    config = loader.job(At(root, ""), source)
    if config is None or loader.problems:
        raise ConfigError(source, list(loader.problems))
    return replace(config, data=to_data(config, loader.written_resources))


class _Loader:
    """Reads one file; problems gather until all of it is read."""

    def __init__(self, registry: Registry, presets: Presets, folder: Path, problems: Problems) -> None:
        self.registry = registry
        self.presets = presets
        self.folder = folder
        self.problems = problems
        self.warnings = Problems()
        self.places: dict[str, tuple[str, int]] = {}
        self.sections = SectionReader(registry, problems, self.places)
        self.written_resources: Any = None

    def job(self, root: At, source: str) -> JobConfig | None:
        """The whole job; None or something incomplete where there are problems."""
        if not self.problems.mapping(root, "a mapping with total_images and specifications"):
            return None
        for name, at in root.items():
            if name not in _TOP:
                self.problems.add(at, self._unknown_top(name))
        total = self._integer(root, "total_images", NumberSpec(lo=1, integer=True), None)
        seed = self._integer(root, "seed", NumberSpec(lo=-(2**63), hi=2**64 - 1, integer=True), 0)
        specifications = self._specifications(root)
        output, mode, extras = self._output(root)
        limits = self._limits(root)
        resources = self._resources(root, specifications)
        if total is None or output is None:
            return None
        return JobConfig(
            total_images=total,
            seed=seed or 0,
            specifications=specifications,
            resources=resources,
            output=output,
            mode=mode,
            limits=limits,
            extras=extras,
            warnings=tuple(self.warnings),
            source=source,
            places=self.places,
        )

    def _unknown_top(self, name: str) -> str:
        if name in (*_STAGES, *_OWN, *KEYS):
            return "unknown key here; it belongs into an entry of specifications, or into defaults"
        return f"unknown key{suggestion(name, _TOP) or f'; expected {one_of(_TOP)}'}"

    def _integer(self, root: At, name: str, spec: NumberSpec, default: int | None) -> int | None:
        if not root.has(name) or root.child(name).node.value is None:
            if default is None:
                self.problems.add(root.walk([name]), f"missing; expected {spec.expected}")
            return default
        at = root.child(name)
        try:
            return int(spec.check(at.node.plain()))
        except SettingError as error:
            self.problems.add(at, error.message)
            return None

    def _given(self, root: At, name: str, what: str) -> At | None:
        """The mapping of that name; None if it is not given, or with a problem."""
        if not root.has(name) or root.child(name).node.value is None:
            return None
        at = root.child(name)
        return at if self.problems.mapping(at, what) else None

    def _specifications(self, root: At) -> tuple[Specification, ...]:
        at = root.child("specifications") if root.has("specifications") else None
        if at is None or at.node.value is None:
            self.problems.add(root.walk(["specifications"]), "missing; expected a list of specifications")
            return ()
        if not isinstance(at.node.value, list) or not at.node.value:
            what = "an empty list" if at.node.value == [] else describe(at.node.plain())
            self.problems.add(at, f"got {what}; expected a list of specifications, each beginning with - name:")
            return ()
        defaults = self._given(root, "defaults", "a mapping of sections")
        if defaults is not None:
            for name in ("name", "proportion"):
                if defaults.has(name):
                    self.problems.add(defaults.child(name), "belongs to each specification; remove it here")
        read = [self._specification(at.child(i), i, defaults) for i in range(len(at.node.value))]
        specifications = tuple(made for made in read if made is not None)
        if len(specifications) == len(read):
            self._check_together(at, specifications)
        return specifications

    def _check_together(self, at: At, specifications: tuple[Specification, ...]) -> None:
        first: dict[str, int] = {}
        for position, made in enumerate(specifications):
            if made.name in first:
                where = at.child(position).child("name")
                other = at.child(first[made.name]).child("name").node.line
                self.problems.add(where, f"got {quote(made.name)}, which line {other} has too; names must be unique")
            first.setdefault(made.name, position)
        total = sum(made.proportion for made in specifications)
        if abs(total - 1) > _TOLERANCE:
            last = 1 - total + specifications[-1].proportion
            hint = f"; the last would have to be {number(round(last, 6))}" if 0 < last <= 1 else ""
            message = f"the proportions sum to {number(round(total, 6))}; expected 1 within {_TOLERANCE}{hint}"
            self.problems.add(at, message)

    def _specification(self, at: At, position: int, defaults: At | None) -> Specification | None:
        if not self.problems.mapping(at, "a mapping with name and proportion"):
            return None
        own = {key: node for key, node in at.node.value.items() if key in ("name", "proportion")}
        name = self._name(at)
        proportion = self._proportion(at)
        layers = [defaults] if defaults is not None else []
        preset = self._preset(at, defaults)
        layers += [preset] if preset is not None else []
        sections = self._sections(at, [*layers, at], own)
        path = f"specifications[{position}]"
        made = Specification(
            name=name or "",
            proportion=proportion or 0.0,
            single={
                stage: settings
                for stage in self._stages("single")
                if (settings := self.sections.single(stage, sections.get(stage), f"{path}.{stage}")) is not None
            },
            choice={stage: self.sections.choice(stage, sections.get(stage)) for stage in self._stages("choice")},
            chain={stage: self.sections.chain(stage, sections.get(stage)) for stage in self._stages("chain")},
        )
        self._check_patterns(sections.get("text"))
        return None if name is None or proportion is None else made

    def _check_patterns(self, text: At | None) -> None:
        """A corpus pattern may not lead out of the corpus folder, wherever that will be."""
        if text is None or not text.has("corpus"):
            return
        corpus = text.child("corpus")
        for pattern in corpus_patterns(corpus.node.plain()):
            fault = pattern_fault(pattern)
            if fault is not None:
                self.problems.add(corpus, fault)

    @staticmethod
    def _stages(shape: str) -> tuple[Stage, ...]:
        return tuple(stage for stage in _STAGES if SHAPES[stage] == shape)

    def _name(self, at: At) -> str | None:
        if not at.has("name") or at.child("name").node.value is None:
            self.problems.add(at.walk(["name"]), "missing; expected text, unique among the specifications")
            return None
        return self.problems.text(at.child("name"))

    def _proportion(self, at: At) -> float | None:
        spec = NumberSpec(lo=0, hi=1)
        if not at.has("proportion") or at.child("proportion").node.value is None:
            self.problems.add(at.walk(["proportion"]), f"missing; expected {spec.expected}")
            return None
        try:
            return float(spec.check(at.child("proportion").node.plain()))
        except SettingError as error:
            self.problems.add(at.child("proportion"), error.message)
            return None

    def _preset(self, at: At, defaults: At | None) -> At | None:
        """The preset that a specification, or else the defaults, asks for."""
        asked = next((layer for layer in (at, defaults) if layer is not None and layer.has("preset")), None)
        if asked is None or asked.child("preset").node.value is None:
            return None
        place = asked.child("preset")
        name = self.problems.text(place)
        if name is None:
            return None
        if name not in self.presets:
            known = f"expected {one_of(self.presets)}" if self.presets else "this version has none"
            self.problems.add(place, f"got {quote(name)}: unknown preset; {known}{suggestion(name, self.presets)}")
            return None
        return At(node_of(self.presets[name], place.node.line), place.key)

    def _sections(self, at: At, layers: list[At], own: Mapping[str, Node]) -> dict[str, At]:
        """All sections of a specification in the nested form, lower layers first."""
        below_flat: dict[str, Node] = {}
        below: dict[str, Node] = {}
        for layer in layers:
            stamped = layer if layer is at else At(stamp(layer), layer.key)
            entries = {name: replace(child.node, origin=child.key) for name, child in stamped.items()}
            flat_keys, nested = flat.split(entries)
            nested = {name: node for name, node in nested.items() if self._is_section(name, node)}
            flat.check_mixing(flat_keys, nested, self.problems)
            below_flat, below = flat.lay_over(below_flat, below, flat_keys, nested)
            below_flat |= flat_keys
            below = merge(Node(below, 0), Node(nested, 0)).value
        if any(node.value is not None for node in below_flat.values()):
            self._require_flat(at, below_flat, below)
        below = flat.to_nested(below_flat, below, self.registry, self.problems, self.warnings)
        return {name: At(node, node.origin or join(at.key, name)) for name, node in below.items() if name not in own}

    def _is_section(self, name: str, node: Node) -> bool:
        if name in _STAGES:
            return True
        if name not in _OWN:
            at = At(node, node.origin or name)
            if name in BASES:
                self.problems.add(at, f"unknown key; write {' and '.join(BASES[name])}")
            else:
                known = (*_STAGES, *_OWN, *sorted(KEYS))
                expected = f"; expected a section ({', '.join(_STAGES)}) or a flat key"
                self.problems.add(at, f"unknown key{suggestion(name, known) or expected}")
        return False

    def _require_flat(self, at: At, flat_keys: Mapping[str, Node], nested: Mapping[str, Node]) -> None:
        """A specification that has flat keys and no section ``text`` must have the required flat keys."""
        if "text" in nested:
            return
        for unit in SECTIONS:
            for setting in unit.settings:
                key = setting.keys.get("value", "")
                if setting.required and (key not in flat_keys or flat_keys[key].value is None):
                    what = one_of(setting.options) if setting.options else "a path or glob in the corpus folder"
                    self.problems.add(at.walk([key]), f"missing; the flat form requires it: {what}")

    def _output(self, root: At) -> tuple[Entry | None, Literal["rgb", "gray"], tuple[str, ...]]:
        at = self._given(root, "output", "a mapping with format and the settings of that format")
        at = at or At(Node({}, root.node.line), "output")
        known = [unit.id for unit in self.registry.stage("encode")]
        chosen = self._word(at, "format", known, "png")
        mode = self._word(at, "mode", MODES, "rgb")
        extras = read_extras(at.child("extras"), self.problems) if at.has("extras") else ()
        unit = self.registry.get("encode", chosen) if chosen else None
        if unit is None:
            return None, "rgb", ()
        settings = self.sections.output(unit, at, _OUTPUT)
        entry = Entry(unit.id, settings) if settings is not None else None
        return entry, cast("Any", mode or "rgb"), extras

    def _word(self, at: At, name: str, options: tuple[str, ...] | list[str], default: str) -> str | None:
        if not at.has(name) or at.child(name).node.value is None:
            return default
        value = at.child(name).node.value
        if isinstance(value, str) and value in options:
            return value
        hint = suggestion(value, options) if isinstance(value, str) else ""
        given = describe(at.child(name).node.plain())
        self.problems.add(at.child(name), f"got {given}; expected {one_of(options)}{hint}")
        return None

    def _limits(self, root: At) -> Limits:
        at = self._given(root, "limits", "a mapping of limits")
        given: dict[str, Any] = {}
        for name, child in at.items() if at is not None else ():
            spec = LIMITS.get(name)
            if spec is None:
                self.problems.add(child, f"unknown key{suggestion(name, LIMITS) or f'; expected {one_of(LIMITS)}'}")
            elif child.node.value is not None:
                try:
                    checked = spec.check(child.node.plain())
                    given[name] = int(checked) if spec.integer else float(checked)
                except SettingError as error:
                    self.problems.add(child, error.message)
        return Limits(**given)

    def _resources(self, root: At, specifications: tuple[Specification, ...]) -> Resources:
        at = self._given(root, "resources", "a mapping of folders")
        if at is not None:
            self.written_resources = at.node.plain()
        names_corpus = any(getattr(made.single.get("text"), "corpus", None) for made in specifications)
        return read_resources(at, self.folder, self.problems, self.places, default_corpora=names_corpus)
