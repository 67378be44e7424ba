"""The families of bottlenecks: which one a function belongs to, and the settings and options that change its cost."""

from __future__ import annotations

from dataclasses import dataclass

from glyphmill.config.flat_table import ROWS
from glyphmill.core.registry import Registry
from glyphmill.core.unit import STAGES, Stage, Unit
from glyphmill.profiling.functions import Functions, Key, module_of

PIXEL_LOOP, IMAGE, TEXT, FILES, PLANNING = (
    "pixel loop",
    "image transformation",
    "text rendering",
    "file I/O",
    "planning",
)

#: Files and folders of the package -> family; what is in none belongs to that of its main caller.
_BY_MODULE: dict[str, tuple[str, ...]] = {
    IMAGE: (
        "augmentations.py",
        "effects.py",
        "resample.py",
        "pixels/",
        "warpmaps/",
        "core/warpmap.py",
        "core/page.py",
        "stages/warp/",
        "stages/degrade/",
        "stages/inkfx/",
        "stages/background/",
        "stages/canvas/",
        "stages/color/",
    ),
    TEXT: ("fontengine/", "unicode/", "stages/text/", "stages/font/", "stages/layout/", "stages/ink/", "stages/curve/"),
    FILES: ("export/", "stages/encode/", "catalogue/"),
    PLANNING: ("plan/", "config/", "sampling.py"),
}
#: Functions of the spine that are of one family alone.
_BY_NAME = {
    "_render_text": TEXT,
    "generate_from_plan": IMAGE,
    "_page": IMAGE,
    "_seen": IMAGE,
    "_warp_ink": IMAGE,
    "_effects": IMAGE,
    "_degrade": IMAGE,
    "_background": IMAGE,
    "label_for": FILES,
    "encoded": FILES,
    "_make_extras": FILES,
    "plan_generation": PLANNING,
}
#: Folders of units -> their section of a config, where the names differ.
_SECTIONS = {"inkfx": "effects"}
#: Where all warps of a page are followed at once, so that time is not that of one of them.
_WARPS = ("warpmaps/", "resample.py", "core/warpmap.py", "core/page.py")
_STEPS = 50


@dataclass(frozen=True)
class Knob:
    """What of a config changes the cost of a function.

    Attributes:
        unit: section and name, such as ``degrade.noise``; "" if it belongs to no unit.
        keys: settings, the nested spelling first, then the flat one where there is one.
        change: what to do, as a sentence.
    """

    unit: str
    keys: tuple[str, ...]
    change: str


def family_of(functions: Functions, key: Key) -> str:
    """The family of a function by its file, or by the file of what it mostly works for."""
    current: Key | None = key
    for _ in range(_STEPS):
        if current is None or current not in functions.by_key:
            break
        if (family := family_at(current)) is not None:
            return family
        current = functions.main_caller(current)
    return PLANNING


def family_at(key: Key) -> str | None:
    """The family of a function by its file and name alone; None if they do not tell."""
    module = module_of(key)
    if "/glyphmill/" not in key[0].replace("\\", "/"):
        return None
    if module == "generator.py":
        return _BY_NAME.get(key[2])
    return next((family for family, places in _BY_MODULE.items() if module.startswith(places)), None)


def units_of(functions: Functions, key: Key, registry: Registry) -> list[tuple[Unit, float]]:
    """The units on whose behalf a function works, with the share of its time, the greatest first."""
    reached = functions.reached_from(key, lambda other: _unit(other, registry) is not None)
    found = [(unit, share) for key, share in reached.items() if (unit := _unit(key, registry)) is not None]
    return sorted(found, key=lambda pair: -pair[1])


def _unit(key: Key, registry: Registry) -> Unit | None:
    parts = module_of(key).removesuffix(".py").split("/")
    if len(parts) != 3 or parts[0] != "stages" or key[2] != "apply":
        return None
    section = _SECTIONS.get(parts[1], parts[1])
    for stage in STAGES:
        if stage == section:
            return registry.get(stage, parts[2])
    return None


def knob_of(family: str, key: Key, unit: Unit | None) -> Knob:
    """What to change where a function of this family costs too much.

    Args:
        family: of the function.
        key: the function.
        unit: what it mostly works for; None if it works for none, or for many.
    """
    if unit is not None and unit.stage in ("effects", "warp", "degrade", "background", "curve"):
        return _unit_knob(unit)
    if unit is not None and unit.stage == "encode":
        setting = next(iter(unit.config.model_fields), "")
        keys = ("output.format", f"output.{setting}") if setting else ("output.format",)
        return Knob(
            f"output.{unit.id}", keys, f"{' and '.join(keys)} set what an image file costs and how large it is."
        )
    if family == FILES:
        change = "Labels grow with the text: text.length. `--out` on a RAM disk shows what a slow disk costs."
        return Knob("", ("text.length", *_flat("text", "text", "length")), change)
    if family == TEXT:
        change = (
            "text.length and font.size set how much there is to draw; `--fonts` or font.filter, out of how many fonts."
        )
        return Knob("", ("text.length", "font.size", "font.filter", *_flat("text", "text", "length")), change)
    if family == PLANNING:
        change = "text.length, and how many units a specification switches on, set how much is drawn for an image."
        return Knob("", ("text.length", *_flat("text", "text", "length")), change)
    if module_of(key).startswith(_WARPS):
        change = (
            "Each entry of the warp chain is one more map to follow; font.size and text.length set for how many points."
        )
        return Knob("", ("warp", "font.size", "text.length"), change)
    change = (
        "It costs in proportion to the pixels of an image, which follow from font.size, text.length and canvas.padding."
    )
    return Knob("", ("font.size", "text.length", "canvas.padding", *_flat("font", "font", "size")), change)


def _unit_knob(unit: Unit) -> Knob:
    name = f"{unit.stage}.{unit.id}"
    flat_settings = [row[1].setting for row in ROWS.values() if (row[0].stage, row[0].unit) == (unit.stage, unit.id)]
    strength = next(iter([*unit.off, *flat_settings, *unit.config.model_fields]), None)
    if strength is None or unit.stage == "background":
        weight = "weight" if unit.stage in ("background", "curve") else "p"
        return Knob(name, (f"{name}.{weight}",), f"{name}.{weight} sets how often it takes part.")
    keys = (f"{name}.{strength}", *_flat(unit.stage, unit.id, strength))
    spelt = f" ({', '.join(keys[1:])})" if keys[1:] else ""
    return Knob(name, keys, f"{keys[0]}{spelt} sets how much of it there is; without {name} its time is saved.")


def _flat(stage: Stage, unit: str, setting: str) -> tuple[str, ...]:
    return tuple(
        key
        for key, (row, own, part) in ROWS.items()
        if (row.stage, row.unit, own.setting) == (stage, unit, setting) and part in ("min", "max")
    )
