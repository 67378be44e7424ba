"""Writes a page for each effect and degradation, docs/effects/<unit>.md and docs/degradations/<unit>.md.

It also lists the kernels in docs/api/effects.md.

Text and tables come from the unit, its module's docstring and its settings; the picture shows what it does at three
strengths. With --check nothing is changed, pictures are not made, and the exit code is 1 if a page is not up to date.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import yaml
from unit_tables import cell, settings_table

from glyphmill import effects
from glyphmill.catalogue.catalogue import open_catalogue
from glyphmill.config.load import load_text
from glyphmill.core.registry import Registry, discover
from glyphmill.core.unit import Stage, Unit
from glyphmill.preview.examples import Example, config_of, examples_of, without
from glyphmill.preview.items import Pixels
from glyphmill.preview.sheet import TITLE, Pen
from glyphmill.run.job import Job
from glyphmill.run.outcome import Rejected

DOCS = Path(__file__).parents[1] / "docs"
API = DOCS / "api" / "effects.md"
BEGIN, END = "<!-- kernels: written by scripts/update_unit_pages.py -->\n", "<!-- end of kernels -->\n"
FOLDERS: dict[Stage, str] = {"effects": "effects", "degrade": "degradations"}
INTRO: dict[Stage, str] = {
    "effects": "Effects change ink before it meets the paper, or lay something beneath or upon it. Section `effects`.",
    "degrade": "Degradations wear the finished picture: light, lens, sensor, printer, time. Section `degrade`.",
}
_NARROWEST, _WIDEST, _GAP, _CAPTION = 300, 430, 12, 22
_QUALITY = 72


def page(unit: Unit) -> str:
    """The page of a unit, as Markdown."""
    name = f"{unit.stage}-{unit.id}"
    middle = examples_of(unit)[1].section[unit.stage][0]
    example = yaml.safe_dump({unit.stage: [middle]}, sort_keys=False, default_flow_style=None).strip()
    parts = [
        f"# {unit.id}",
        unit.summary,
        f"![before, and at three strengths](../img/units/{name}.jpg)",
        f"```yaml\n{example}\n```",
        settings_table(unit).strip(),
        _more(unit),
        f"[All {FOLDERS[unit.stage]}](README.md)",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _more(unit: Unit) -> str:
    """What the module says beyond its first line, and what the unit's strength is."""
    text = inspect.getdoc(sys.modules[unit.config.__module__]) or ""
    rest = text.partition("\n\n")[2].strip()
    if not unit.off:
        return rest
    values = ", ".join(f"`{name}: {value:g}`" for name, value in unit.off.items())
    return f"{rest}\n\nIts strength is `{next(iter(unit.off))}`; it does nothing at {values}.".strip()


def index(units: Sequence[Unit]) -> str:
    """The index page of a stage."""
    rows = [f"| [{unit.id}]({unit.id}.md) | {cell(unit.summary)} |" for unit in units]
    stage = units[0].stage
    head = [f"# {FOLDERS[stage].capitalize()}", "", INTRO[stage], "", "| unit | what it does |", "|---|---|"]
    return "\n".join([*head, *rows, ""])


def picture(unit: Unit, registry: Registry) -> bytes:
    """Before and after at three strengths, as a JPEG file."""
    examples = [without(unit), *examples_of(unit)]
    images = [_image(example, registry) for example in examples]
    width = max(_NARROWEST, *(image.shape[1] for image in images))
    tall = max(map(len, images)) + _CAPTION
    sheet = np.full((2 * tall + _GAP, 2 * width + _GAP, 3), 255, np.uint8)
    pen = Pen(sheet)
    for number, (example, image) in enumerate(zip(examples, images, strict=True)):
        x, y = number % 2 * (width + _GAP), number // 2 * (tall + _GAP)
        sheet[y : y + len(image), x : x + image.shape[1]] = image
        pen.text(pen.fit(example.caption, width, 13), x, y + len(image) + 15, size=13, color=TITLE)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()


def _image(example: Example, registry: Registry) -> Pixels:
    """The image of an example, no wider than a cell may be."""
    config = load_text(
        config_of(example, language="en", direction="left_to_right", seed=4, resources={}), "example", registry
    )
    made = Job(config, open_catalogue(config.resources, config.limits), registry).generate(0)
    if isinstance(made, Rejected):
        raise SystemExit(f"{example.unit}, {example.caption}: rejected, {made.reason} {made.detail}")
    scale = min(1.0, _WIDEST / made.image.shape[1])
    return cv2.resize(made.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def api(page: str) -> str:
    """The page about the kernels with a new list of them, in the order and under the headings of their module."""
    source = inspect.getsource(effects)
    headings = [(match.start(), match[1]) for match in re.finditer(r"^# --- (.*) ---$", source, re.MULTILINE)]
    lines: list[str] = []
    for number, (start, heading) in enumerate(headings):
        end = headings[number + 1][0] if number + 1 < len(headings) else len(source)
        lines += ["", f"## {heading[0].upper()}{heading[1:]}", "", "| function | what it does |", "|---|---|"]
        for name in re.findall(r"^def ([a-z]\w+)\(", source[start:end], re.MULTILINE):
            kernel = getattr(effects, name)
            first = (inspect.getdoc(kernel) or "").partition("\n\n")[0]
            lines.append(f"| `{name}({_arguments(kernel)})` | {cell(first)} |")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}" + "\n".join(lines) + f"\n\n{END}{after}"


def _arguments(kernel: Callable[..., object]) -> str:
    """The parameters of a function by name, with defaults."""
    shown, starred = [], False
    for each in inspect.signature(kernel).parameters.values():
        if each.kind is each.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        shown.append(each.name if each.default is each.empty else f"{each.name}={each.default!r}")
    return ", ".join(shown)


def main() -> int:
    """Write or check all pages; give the exit code."""
    registry, check = discover(), "--check" in sys.argv[1:]
    wanted: dict[Path, str] = {}
    for stage, folder in FOLDERS.items():
        units = [unit for unit in registry.stage(stage) if unit.distribution == "glyphmill"]
        wanted |= {DOCS / folder / f"{unit.id}.md": page(unit) for unit in units}
        wanted[DOCS / folder / "README.md"] = index(units)
        for unit in [] if check else units:
            path = DOCS / "img" / "units" / f"{unit.stage}-{unit.id}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture(unit, registry))
    wanted[API] = api(API.read_text(encoding="utf-8"))
    if check:
        there = {API} | {path for folder in FOLDERS.values() for path in (DOCS / folder).glob("*.md")}
        return int(there != set(wanted) or any(path.read_text("utf-8") != text for path, text in wanted.items()))
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
