"""Writes the tables of settings in docs/reference/config.md from the units themselves.

With --check it changes nothing and exits with 1 if the page is not up to date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from glyphmill.config.extras import EXTRAS
from glyphmill.config.fields import parsed_of, to_plain
from glyphmill.config.picks import Choices
from glyphmill.core.registry import Registry, discover
from glyphmill.core.unit import SHAPES, Unit

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "config.md"
BEGIN, END = "<!-- settings: written by scripts/update_config_reference.py -->\n", "<!-- end of settings -->\n"
HOW = {
    "single": "The section holds these settings.",
    "choice": "The section maps any of these names to their settings and a `weight` (1 if not given); one is drawn.",
    "chain": "The section lists these in order, each with a probability `p` (1 if not given).",
}
TYPES = {"bool": "true or false", "int": "an integer", "float": "a number", "str": "text", "list": "a list of text"}


def settings(registry: Registry) -> str:
    """All tables, as Markdown."""
    parts = []
    for stage, shape in SHAPES.items():
        units = registry.stage(stage)
        if not units:
            continue
        if stage == "encode":
            parts.append("### output\n\n`format` names one of these; its settings stand beside it.\n")
            rows = [f"| `{name}` | {_cell(about)} |" for name, about in EXTRAS.items()]
            head = "`extras` lists any of these; each is written beside the image as `<stem>.<name>.png`."
            parts.append("\n".join([head, "", "| extra | what it holds |", "|---|---|", *rows, ""]))
        else:
            parts.append(f"### {stage}\n\n{HOW[shape]}\n")
        parts += [_unit(unit, titled=shape != "single") for unit in units]
    return "\n".join(parts)


def _unit(unit: Unit, *, titled: bool) -> str:
    head = f"**`{unit.id}`**: {unit.summary}" if titled else unit.summary
    rows = [
        f"| `{name}` | {_default(info)} | {_cell(_allowed(info))} | {_cell(_about(info))} |"
        for name, info in unit.config.model_fields.items()
    ]
    return "\n".join([head, "", "| setting | default | allowed | meaning |", "|---|---|---|---|", *rows, ""])


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


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def updated(page: str, registry: Registry) -> str:
    """The page with new tables."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{settings(registry)}\n{END}{after}"


def main() -> int:
    """Rewrite or check the page; give the exit code."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = updated(page, discover())
    if "--check" in sys.argv[1:]:
        return int(page != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
