"""Tables of units' settings in Markdown, from the units themselves."""

from __future__ import annotations

import json
from typing import Any, get_args

from pydantic.fields import FieldInfo

from glyphmill.config.fields import parsed_of, to_plain
from glyphmill.config.picks import Choices
from glyphmill.core.unit import Unit

TYPES = {"bool": "true or false", "int": "an integer", "float": "a number", "str": "text", "list": "a list of text"}


def settings_table(unit: Unit) -> str:
    """The settings of a unit as a Markdown table."""
    rows = [
        f"| `{name}` | {_default(info)} | {cell(_allowed(info))} | {cell(_about(info))} |"
        for name, info in unit.config.model_fields.items()
    ]
    return "\n".join(["| setting | default | allowed | meaning |", "|---|---|---|---|", *rows, ""])


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    if info.default is None:
        return "none"
    if isinstance(info.default, Choices) and len(set(info.default.weights)) == 1:
        words = info.default.values
        return f"`{words[0]}`" if len(words) == 1 else f"`[{', '.join(words)}]`"
    value = to_plain(info.default)
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _allowed(info: FieldInfo) -> str:
    parsed = parsed_of(info)
    if parsed is not None:
        each = "names to " if parsed.many else ""
        return each + str(parsed.parser.expected)
    return _type(info.annotation) + _bounds(info)


def _type(annotation: Any) -> str:
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    if not kinds:
        return TYPES.get(annotation.__name__, annotation.__name__)
    if not isinstance(kinds[0], type) and not get_args(kinds[0]):
        return "one of " + ", ".join(map(str, kinds))
    if annotation.__class__.__name__ == "GenericAlias":
        return TYPES["list"] if annotation.__origin__ is list else "a mapping of names to values"
    return " or ".join(map(_type, kinds))


def _bounds(info: FieldInfo) -> str:
    bounds = {name: getattr(item, name) for item in info.metadata for name in ("ge", "le") if hasattr(item, name)}
    if len(bounds) == 2:
        return f" from {bounds['ge']:g} to {bounds['le']:g}"
    return f" of at least {bounds['ge']:g}" if "ge" in bounds else ""


def _about(info: FieldInfo) -> str:
    parsed = parsed_of(info)
    unit = getattr(parsed.parser, "unit", "") if parsed else ""
    return f"{info.description or ''}{f' ({unit})' if unit else ''}"


def cell(text: str) -> str:
    """Text as it may stand in a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")
