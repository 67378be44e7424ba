"""Examples of units at three strengths, found from the ranges that their own settings have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from glyphmill.config.fields import Choices, Distribution
from glyphmill.core.unit import SHAPES, Stage, Unit

#: How far through the default range of each number the three examples go.
STRENGTHS = (0.2, 0.6, 1.0)
#: Settings that say how a unit goes with others, not what it does.
_ASIDE = ("bend", "fit", "scope")
#: Settings of units whose own defaults do nothing.
_CHOSEN: dict[str, tuple[dict[str, Any], ...]] = {
    "degrade.brightness": ({"factor": 1.2}, {"factor": 0.75}, {"factor": 0.5}),
    "warp.elastic": ({"alpha": 60, "sigma": 6}, {"alpha": 200, "sigma": 7}, {"alpha": 400, "sigma": 8}),
    "warp.grid": ({"steps": 3, "limit": 4}, {"steps": 4, "limit": 9}, {"steps": 5, "limit": 16}),
    "warp.optical": ({"limit": 0.3}, {"limit": -0.2}, {"limit": 0.4, "model": "fisheye"}),
    "warp.perspective": ({"magnitude": 0.3}, {"magnitude": 0.6}, {"yaw": 40, "pitch": 25, "roll": 5}),
    "degrade.jpeg": ({"quality": 60}, {"quality": 30}, {"quality": 10}),
    "degrade.webp": ({"quality": 50}, {"quality": 20}, {"quality": 3}),
    "degrade.posterize": ({"levels": 24}, {"levels": 12}, {"levels": 6}),
    "effects.clutter": (
        {"kind": "text", "place": "behind", "amount": 0.7, "things": 3},
        {"kind": ["rule", "figure"], "place": ["above", "below", "left"], "things": 3},
        {"kind": "text", "place": ["above", "below"], "amount": 1, "things": 2, "gap": 0.1},
    ),
    "warp.rotation": ({"angle": 4}, {"angle": -12}, {"angle": 30}),
    "warp.scale": ({"factor": 0.7}, {"aspect": 1.4}, {"factor": 1.4, "aspect": 0.9}),
}
#: A few large letters on paper, to see what becomes of their edges.
_CLOSE: dict[str, Any] = {
    "background": {"paper": {}},
    "text": {"length": [10, 15], "lines": 1},
    "font": {"size": 40},
}
#: What a specification has besides the unit: warps show on squared paper on a gray table.
_SETTING: dict[str, dict[str, Any]] = {
    "curve": {"background": {"solid": {"color": [252, 251, 247]}}},
    "background": {},
    "effects": _CLOSE,
    "degrade": _CLOSE,
    "warp": {
        "background": {"grid_paper": {"tilt": 0, "fade": 0, "spacing": 22, "style": "squared"}},
        "scene": {"solid": {"color": [118, 124, 134]}},
    },
}


@dataclass(frozen=True)
class Example:
    """A unit with settings.

    Attributes:
        unit: as ``stage.id``.
        summary: what the unit does.
        caption: the settings as text.
        section: what of a specification makes it take part.
    """

    unit: str
    summary: str
    caption: str
    section: dict[str, Any]


def examples_of(unit: Unit) -> list[Example]:
    """The unit at three strengths: a fifth, three fifths and all of the way through the range of each number.

    A range that goes to both sides of zero is walked from zero; flags and words take turns.
    """
    name = f"{unit.stage}.{unit.id}"
    made = []
    for settings in _CHOSEN.get(name) or [_settings(unit, number) for number in range(len(STRENGTHS))]:
        caption = ", ".join(f"{key} {_said(value)}" for key, value in settings.items()) or "as it is"
        section = {**_SETTING.get(unit.stage, {}), **section_of(unit.stage, unit.id, settings)}
        made.append(Example(name, unit.summary, caption, section))
    return made


def without(unit: Unit) -> Example:
    """What the examples of an effect or a degradation would be without it."""
    section = {**_SETTING.get(unit.stage, {}), unit.stage: []}
    return Example(f"{unit.stage}.{unit.id}", unit.summary, "before", section)


def _settings(unit: Unit, number: int) -> dict[str, Any]:
    """The settings of the example of that number."""
    fields = unit.config.model_fields.items()
    found = {name: _example(info, number) for name, info in fields if name not in _ASIDE}
    return {name: value for name, value in found.items() if value is not None}


def section_of(stage: Stage, unit_id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The section of a specification in which one unit takes part."""
    named = {unit_id: dict(settings)}
    return {stage: [named] if SHAPES[stage] == "chain" else named}


def config_of(example: Example, *, language: str, direction: str, seed: int, resources: Mapping[str, Any]) -> str:
    """A config, as JSON (which is YAML), that makes the image of an example; its text and font follow from the seed."""
    defaults = {
        "text": {"language": language, "direction": direction, "length": [20, 38], "lines": 2},
        "font": {"size": 30},
        "color": {"rgb": [24, 26, 44]},
        "canvas": {"padding": 14},
    }
    data = {
        "total_images": 1,
        "seed": seed,
        "resources": dict(resources),
        "defaults": defaults,
        "specifications": [{"name": example.unit, "proportion": 1, **example.section}],
    }
    return json.dumps(data)


def _example(info: FieldInfo, number: int) -> Any:
    """The value of a setting in the example of that number; None to leave it as it is."""
    default = info.default
    if isinstance(default, Distribution):
        return None if default.is_constant else _part_way(default, STRENGTHS[number])
    options = list(_options(info))
    return options[number % len(options)] if len(options) > 1 else None


def _part_way(range_: Distribution, share: float) -> float:
    low = max(range_.min, 0.0) if range_.max > 0 else range_.min
    value = low + (range_.max - low) * share
    return round(value) if range_.integer else float(f"{value:.3g}")


def _options(info: FieldInfo) -> Iterator[Any]:
    """What a flag or a word can be, its default first."""
    if isinstance(info.default, bool):
        yield from (info.default, not info.default)
    elif isinstance(info.default, Choices):
        yield from info.default.values
    elif get_origin(info.annotation) is Literal:
        yield info.default
        yield from (word for word in get_args(info.annotation) if word != info.default)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
