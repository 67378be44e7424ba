"""Small units to load configs against: some of those that exist, and some that are only planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

import pytest
from pydantic import Field, create_model, model_validator

from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Numbers, Pick, Settings, Whole
from glyphmill.config.flat_table import CURVES, EFFECTS, FlatSetting, FlatUnit
from glyphmill.config.load import load_text
from glyphmill.config.model import JobConfig
from glyphmill.config.numbers import NumberSpec
from glyphmill.config.picks import ColorSpec
from glyphmill.core.registry import Registry
from glyphmill.core.unit import Stage, Unit

Load = Callable[..., JobConfig]

DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")


class Text(Settings):
    direction: Choices = Pick(DIRECTIONS, default="left_to_right")
    corpus: str | dict[str, float] | None = None
    language: str | None = None
    length: Distribution = Whole((10, 50), lo=1)
    lines: Distribution = Whole(1, lo=1)
    line_break: Choices = Pick(("word", "character"), default="word")
    missing: Literal["refont", "drop"] = "refont"


class Font(Settings):
    filter: str | None = None
    category: list[str] | None = None
    size: Distribution = Number(32.0, lo=4, hi=2000, unit="px", about="font size")
    axes: dict[str, Distribution] = Numbers(about="axes by tag")
    features: dict[str, int] = Field({})


class Layout(Settings):
    align: Choices = Pick(("start", "left", "center", "right", "top", "bottom"), default="left")
    line_spacing: Distribution = Number(1.0, lo=0.1)
    overlap: Distribution = Number(0.0, lo=0, hi=1, kind="exponential")
    kerning: bool = True


class Colors(Settings):
    mode: Choices = Pick(("uniform", "per_glyph", "gradient"), default="uniform")
    rgb: ColorRange = Color()
    palette_size: Distribution = Whole((2, 5), lo=1)
    start: ColorRange = Color()
    end: ColorRange = Color()


class Canvas(Settings):
    width: Distribution = Whole(100, lo=1)
    min_contrast: Distribution = Number(0.2, lo=0, hi=1)
    quality: int = 3
    smallest: float = 1.0

    @model_validator(mode="after")
    def _consistent(self) -> Canvas:
        if self.smallest > self.width.min:
            raise ValueError("smallest is greater than width")
        return self


class Plain(Settings):
    color: ColorRange = Color(((250, 250, 250), (255, 255, 255)))


class Jpeg(Settings):
    quality: Distribution = Whole(90, lo=1, hi=100)


class Png(Settings):
    compression: Literal["fast", "small"] = "fast"


def unit(stage: Stage, name: str, config: type[Settings]) -> Unit:
    return Unit(name, stage, f"the unit {name}", config, draw=lambda *_: {}, apply=lambda *_: None, params=object)


def _field(setting: FlatSetting) -> Any:
    """A model field for a row of the flat table."""
    parser = setting.parser
    if isinstance(parser, NumberSpec):
        assert parser.default is not None
        make = Whole if parser.integer else Number
        bounds = (parser.default.min, parser.default.max)
        default: Any = bounds[0] if parser.default.is_constant else bounds
        return Distribution, make(default, lo=parser.lo, hi=parser.hi, kind=parser.kind)
    if isinstance(parser, ColorSpec):
        return ColorRange, Color((parser.default.lo, parser.default.hi))
    return type(setting.default), setting.default


def planned(row: FlatUnit) -> Unit:
    """A unit that has just the settings that the flat form has for it."""
    fields = {setting.setting: _field(setting) for setting in row.settings}
    return unit(row.stage, row.unit, create_model(row.unit, __base__=Settings, **fields))


BASE = (
    unit("text", "text", Text),
    unit("font", "font", Font),
    unit("layout", "layout", Layout),
    unit("color", "color", Colors),
    unit("canvas", "canvas", Canvas),
    unit("background", "solid", Plain),
    unit("background", "paper", Plain),
    unit("degrade", "jpeg", Jpeg),
    unit("encode", "png", Png),
    unit("encode", "jpeg", Jpeg),
)
#: Of the planned units, those that the registry ``some`` lacks.
ABSENT = ("optical", "sine", "cutout", "drop_shadow", "block_shadow", "brightness", "contrast")


@pytest.fixture(scope="session")
def base() -> Registry:
    """No unit of curve, effects and warp."""
    return Registry(BASE)


@pytest.fixture(scope="session")
def some() -> Registry:
    """Some of the planned units."""
    return Registry([*BASE, *(planned(row) for row in (*EFFECTS, *CURVES) if row.unit not in ABSENT)])


@pytest.fixture(scope="session")
def every() -> Registry:
    """All of the planned units."""
    return Registry([*BASE, *(planned(row) for row in (*EFFECTS, *CURVES))])


@pytest.fixture(scope="session")
def load(every: Registry) -> Load:
    """Load a text against all units."""

    def loaded(text: str | bytes, registry: Registry = every, **options: Any) -> JobConfig:
        return load_text(text, "job.yaml", registry, **options)

    return loaded


@pytest.fixture(scope="session")
def spec() -> Callable[[Iterable[str] | str], str]:
    """A job of one specification with these lines in it, which begin at line 5."""

    def job(lines: Iterable[str] | str) -> str:
        rows = lines.splitlines() if isinstance(lines, str) else list(lines)
        head = "total_images: 10\nspecifications:\n  - name: one\n    proportion: 1\n"
        return head + "".join(f"    {row}\n" for row in rows)

    return job
