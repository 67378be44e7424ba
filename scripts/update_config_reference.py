"""Writes the tables of settings in docs/reference/config.md from the units themselves.

With --check it changes nothing and exits with 1 if the page is not up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from unit_tables import cell, settings_table

from glyphmill.config.extras import EXTRAS
from glyphmill.core.registry import Registry, discover
from glyphmill.core.unit import SHAPES, Unit

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "config.md"
BEGIN, END = "<!-- settings: written by scripts/update_config_reference.py -->\n", "<!-- end of settings -->\n"
HOW = {
    "single": "The section holds these settings.",
    "choice": "The section maps any of these names to their settings and a `weight` (1 if not given); one is drawn.",
    "chain": "The section lists these in order, each with a probability `p` (1 if not given).",
}


def settings(registry: Registry) -> str:
    """All tables, as Markdown."""
    parts = []
    for stage, shape in SHAPES.items():
        units = registry.stage(stage)
        if not units:
            continue
        if stage == "encode":
            parts.append("### output\n\n`format` names one of these; its settings stand beside it.\n")
            rows = [f"| `{name}` | {cell(about)} |" for name, about in EXTRAS.items()]
            head = "`extras` lists any of these; each is written beside the image as `<stem>.<name>.png`."
            parts.append("\n".join([head, "", "| extra | what it holds |", "|---|---|", *rows, ""]))
        else:
            parts.append(f"### {stage}\n\n{HOW[shape]}\n")
        parts += [_unit(unit, titled=shape != "single") for unit in units]
    return "\n".join(parts)


def _unit(unit: Unit, *, titled: bool) -> str:
    head = f"**`{unit.id}`**: {unit.summary}" if titled else unit.summary
    return f"{head}\n\n{settings_table(unit)}"


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
