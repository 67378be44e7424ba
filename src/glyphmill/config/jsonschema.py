"""The JSON Schema of a config, for editors: both forms, with descriptions, units and defaults.

It accepts whatever the loader accepts. What a schema cannot say (min <= max, proportions that sum to 1, unique names,
one form for one parameter) only the loader finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from glyphmill.config.extras import EXTRAS
from glyphmill.config.fields import parsed_of, to_plain
from glyphmill.config.flat_table import CURVE_KEY, CURVES, EFFECTS, SECTIONS, FlatSetting, FlatUnit
from glyphmill.config.load import LIMITS, MODES
from glyphmill.config.model import Limits
from glyphmill.config.numbers import NumberSpec
from glyphmill.config.picks import ColorSpec, PickSpec
from glyphmill.config.presets import PRESETS
from glyphmill.config.sections import GROUPS
from glyphmill.core.registry import Registry
from glyphmill.core.unit import SHAPES, Stage, Unit
from glyphmill.sampling import KINDS

Schema = dict[str, Any]

_NULL: Schema = {"type": "null"}
_WEIGHT: Schema = {
    "type": ["number", "null"],
    "minimum": 0,
    "default": 1,
    "description": "share among the alternatives",
}
_P: Schema = {
    "type": ["number", "null"],
    "minimum": 0,
    "maximum": 1,
    "default": 1,
    "description": "probability that it is applied",
}


def job_schema(registry: Registry, presets: Iterable[str] = PRESETS) -> Schema:
    """The schema of a config file for the units and presets that exist, JSON Schema draft 2020-12."""
    named = {
        "name": {"type": "string", "description": "name of the specification, unique"},
        "proportion": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": "share of the images; all sum to 1",
        },
    }
    stages = [stage for stage in SHAPES if stage != "encode"]
    defs: Schema = {stage: _section(registry, stage) for stage in stages}
    defs |= {f"flat.{key}": schema for key, schema in _flat(registry).items()}
    sections: Schema = {name.removeprefix("flat."): {"$ref": f"#/$defs/{name}"} for name in defs}
    sections["preset"] = {"enum": [*presets, None], "description": "a named set of settings to begin from"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Glyphmill job",
        "type": "object",
        "required": ["total_images", "specifications"],
        "additionalProperties": False,
        "properties": {
            "total_images": {"type": "integer", "minimum": 1, "description": "number of images"},
            "seed": {"type": ["integer", "null"], "default": 0, "description": "another seed gives other images"},
            "defaults": _or_null(_object(sections, description="laid under each specification")),
            "specifications": {
                "type": "array",
                "minItems": 1,
                "description": "the kinds of samples",
                "items": _object({**named, **sections}, required=["name", "proportion"]),
            },
            "resources": _or_null(_resources()),
            "output": _or_null(_output(registry)),
            "limits": _or_null(_limits()),
        },
        "$defs": defs,
    }


def _object(properties: Schema, required: list[str] | None = None, description: str = "") -> Schema:
    made: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    if description:
        made["description"] = description
    return {**made, "required": required} if required else made


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, _NULL]}


def _section(registry: Registry, stage: Stage) -> Schema:
    """One section of a specification in the nested form."""
    shape = SHAPES[stage]
    if shape == "single":
        unit = registry.get(stage, stage)
        return _or_null(_settings(unit) if unit else _object({}))
    if shape == "chain":
        return _or_null(_chain(registry, stage))
    extra = {"weight": _WEIGHT, **({"p": _P} if stage == "curve" else {})}
    units = {unit.id: _or_null(_settings(unit, extra)) for unit in registry.stage(stage)}
    return _or_null(_object(units, description=f"{stage}: one of these is drawn"))


def _chain(registry: Registry, stage: Stage) -> Schema:
    """A list of units and groups; groups hold such lists again."""
    extra = {"p": _P, "weight": _WEIGHT}
    inner = {"$ref": f"#/$defs/{stage}"}
    units = [unit.id for unit in registry.stage(stage)]
    items: list[Schema] = [
        _object({unit.id: _or_null(_settings(unit, extra))}, required=[unit.id]) for unit in registry.stage(stage)
    ]
    if units:
        items.append({"enum": units})
    for kind in GROUPS:
        count = {"n": _number(NumberSpec(lo=1, integer=True))} if kind == "some_of" else {}
        items.append(_object({kind: inner, **extra, **count}, required=[kind]))
    return {"type": "array", "description": f"{stage}: applied in this order", "items": {"anyOf": items}}


def _settings(unit: Unit, extra: Schema | None = None) -> Schema:
    fields: dict[str, FieldInfo] = unit.config.model_fields
    required = [name for name, info in fields.items() if info.is_required()]
    properties = {name: _field(info) for name, info in fields.items()}
    return _object({**properties, **(extra or {})}, required, unit.summary)


def _field(info: FieldInfo) -> Schema:
    parsed = parsed_of(info)
    if parsed is None:
        made = _or_null(TypeAdapter(cast("Any", info.annotation)).json_schema())
        about = info.description or ""
    else:
        parser = parsed.parser
        about = " ".join(
            part
            for part in (
                info.description or "",
                f"({parser.unit})" if isinstance(parser, NumberSpec) and parser.unit else "",
            )
            if part
        )
        one = _value(parser)
        made = _or_null({"type": "object", "additionalProperties": one}) if parsed.many else one
    if about:
        made = {**made, "description": about}
    return made if info.is_required() else {**made, "default": to_plain(info.default)}


def _value(parser: NumberSpec | ColorSpec | PickSpec) -> Schema:
    if isinstance(parser, NumberSpec):
        return _number(parser)
    return _color(parser) if isinstance(parser, ColorSpec) else _pick(parser)


def _bare_number(spec: NumberSpec) -> Schema:
    bounds = {"minimum": spec.lo, "maximum": spec.hi}
    return {
        "type": "integer" if spec.integer else "number",
        **{name: to_plain(value) for name, value in bounds.items() if value is not None},
    }


def _number(spec: NumberSpec) -> Schema:
    one = _bare_number(spec)
    optional = _or_null(one)
    shape = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _NULL]}
    weights = {"type": ["array", "null"], "items": {"type": "number", "minimum": 0}}
    mapping = _object(
        {
            "min": optional,
            "max": optional,
            "distribution": {"enum": [*KINDS, None], "default": spec.kind},
            "alpha": shape,
            "beta": shape,
            "value": optional,
            "values": {"type": ["array", "null"], "items": one, "minItems": 1},
            "weights": weights,
        }
    )
    pair = {"type": "array", "items": one, "minItems": 2, "maxItems": 2, "description": "[min, max], uniform"}
    return {"anyOf": [one, pair, mapping, _NULL]}


def _bare_color(spec: ColorSpec) -> Schema:
    channel = {"type": "integer", "minimum": 0, "maximum": 255}
    return {
        "anyOf": [
            {"type": "array", "items": channel, "minItems": spec.channels, "maxItems": spec.channels},
            {"type": "string", "pattern": f"^#[0-9a-fA-F]{{{2 * spec.channels}}}$"},
        ]
    }


def _color(spec: ColorSpec) -> Schema:
    one = _bare_color(spec)
    pair = {"type": "array", "items": one, "minItems": 2, "maxItems": 2, "description": "[min, max], uniform"}
    return {"anyOf": [one, pair, _object({"min": _or_null(one), "max": _or_null(one)}), _NULL]}


def _pick(spec: PickSpec) -> Schema:
    one = {"enum": list(spec.options)}
    several = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
    weights = _object({word: {"type": "number", "minimum": 0} for word in spec.options})
    return {"anyOf": [one, several, {**weights, "minProperties": 1}, _NULL]}


def _flat(registry: Registry) -> Schema:
    made: Schema = {}
    for unit in (*SECTIONS, *EFFECTS, *CURVES):
        there = registry.get(unit.stage, unit.unit) is not None
        for setting in unit.settings:
            for part, key in setting.keys.items():
                made[key] = _flat_key(unit, setting, part, there=there)
    kinds = ["none", *(curve.unit for curve in CURVES)]
    made[CURVE_KEY] = {"enum": [*kinds, None], "default": "none", "description": "flat form of the section curve"}
    return made


def _flat_key(unit: FlatUnit, setting: FlatSetting, part: str, *, there: bool) -> Schema:
    about = f"flat form of {unit.path}.{setting.setting}" + (
        "" if there or unit in SECTIONS else f"; this version has no {unit.path}: only {unit.off_means} (off)"
    )
    parser = setting.parser
    if part == "distribution":
        return {
            "enum": [*(kind for kind in KINDS if kind != "choice"), None],
            "default": parser.kind if isinstance(parser, NumberSpec) else None,
            "description": about,
        }
    if isinstance(parser, NumberSpec):
        default = getattr(parser.default, part)
        return {**_or_null(_bare_number(parser)), "default": to_plain(default), "description": about}
    if isinstance(parser, ColorSpec):
        return {**_or_null(_bare_color(parser)), "default": setting.default, "description": about}
    if isinstance(setting.default, bool):
        return {"type": ["boolean", "null"], "default": setting.default, "description": about}
    allowed: Schema = {"enum": [*setting.options, None]} if setting.options else {"type": ["string", "null"]}
    return {**allowed, "default": setting.default, "description": about}


def _resources() -> Schema:
    path = {"type": "string", "minLength": 1}
    folder = _object({"path": path, "weight": _WEIGHT}, required=["path"])
    return _object(
        {
            "fonts": {
                "anyOf": [path, {"type": "array", "items": path}, _NULL],
                "description": "folders, files or globs; the fonts that come with Glyphmill if not given",
            },
            "backgrounds": {
                "anyOf": [path, folder, {"type": "array", "items": {"anyOf": [path, folder]}}, _NULL],
                "description": "folders of images, with weights",
            },
            "corpora": {
                "anyOf": [path, _NULL],
                "description": "folder that text.corpus is relative to; the config's own folder if not given",
            },
            "encoding": {"type": ["string", "null"], "default": "utf-8", "description": "encoding of the corpus files"},
            "health": {
                "anyOf": [path, _NULL],
                "description": "health.json of an earlier run: what failed there is drawn less or never",
            },
        },
        description="where fonts, backgrounds and corpora lie, and how they fared; relative to the config file",
    )


def _output(registry: Registry) -> Schema:
    """The format, the mode, the extras, and the settings of each encoder; those of one exclude those of another."""
    mode = {"enum": [*MODES, None], "default": "rgb", "description": "channels of the written images"}
    extra = {"enum": list(EXTRAS)}
    extras = {
        "anyOf": [extra, {"type": "array", "items": extra, "uniqueItems": True}, _NULL],
        "default": [],
        "description": "what is written beside each image: " + "; ".join(f"{name}: {EXTRAS[name]}" for name in EXTRAS),
    }
    alternatives = []
    for unit in registry.stage("encode"):
        chosen = {"enum": [unit.id, None]} if unit.id == "png" else {"const": unit.id}
        format_ = {**chosen, "description": "file format of the images"}
        made = _settings(unit, {"format": format_, "mode": mode, "extras": extras})
        alternatives.append(made if unit.id == "png" else {**made, "required": ["format", *made.get("required", [])]})
    return {"anyOf": alternatives} if alternatives else _object({})


def _limits() -> Schema:
    defaults = Limits()
    return _object(
        {
            name: {**_or_null(_bare_number(spec)), "default": to_plain(getattr(defaults, name))}
            for name, spec in LIMITS.items()
        },
        description="what one sample or the run may cost",
    )
