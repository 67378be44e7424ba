"""The flat keys: where each belongs in the nested form, its default, and what means that it is off.

One row a parameter. Units are named here whether or not this version has them; a row takes effect the day its unit
is registered. The order of ``EFFECTS`` is the order in which units that a flat file switches on are applied.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from glyphmill.config.numbers import NumberSpec
from glyphmill.config.picks import ColorRange, ColorSpec
from glyphmill.core.unit import Stage
from glyphmill.sampling import Distribution


@dataclass(frozen=True)
class FlatSetting:
    """One parameter of the flat form.

    Attributes:
        setting: its name in the nested form.
        keys: part -> flat key; the parts are ``min``, ``max``, ``distribution``, or ``value`` for a plain setting.
        parser: how numbers and colours are read; None for plain settings.
        default: what it is when not given, in the spelling of the nested form.
        idle: the values of which each alone means that nothing is done, lowest and highest.
        options: the words that a plain setting may be; empty for any text or, if the default is a flag, a flag.
        required: whether a specification in the flat form must have it.
    """

    setting: str
    keys: Mapping[str, str]
    parser: NumberSpec | ColorSpec | None = None
    default: object = None
    idle: tuple[float, float] = (math.nan, math.nan)
    options: tuple[str, ...] = ()
    required: bool = False

    def is_idle(self, value: Distribution) -> bool:
        """Whether every value it may draw does nothing."""
        return self.idle[0] <= value.min and value.max <= self.idle[1]


@dataclass(frozen=True)
class FlatUnit:
    """The parameters of one unit in the flat form.

    Attributes:
        off: the unit is off where all settings of any of these groups are idle.
        off_means: how a message says what switches it off.
    """

    stage: Stage
    unit: str
    settings: tuple[FlatSetting, ...]
    off: tuple[tuple[str, ...], ...] = ()
    off_means: str = "0"
    by_key: Mapping[str, tuple[FlatSetting, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key = {key: (setting, part) for setting in self.settings for part, key in setting.keys.items()}
        object.__setattr__(self, "by_key", by_key)

    @property
    def path(self) -> str:
        """``warp.rotation``; for a stage that is one unit, the stage."""
        return self.stage if self.unit == self.stage else f"{self.stage}.{self.unit}"


def _number(
    setting: str,
    base: str,
    default: tuple[float, float],
    kind: str = "exponential",
    *,
    lo: float | None = 0,
    hi: float | None = None,
    integer: bool = False,
    idle: tuple[float, float] = (0, 0),
    keys: tuple[str, str] | None = None,
) -> FlatSetting:
    value = Distribution(*default, kind if default[0] != default[1] else "constant", integer)
    low, high = keys or (f"{base}_min", f"{base}_max")
    return FlatSetting(
        setting,
        {"min": low, "max": high, "distribution": f"{base}_distribution"},
        NumberSpec(lo, hi, kind=kind, integer=integer, default=value),
        NumberSpec.spell(value),
        idle,
    )


def _color(setting: str, base: str, default: tuple[int, ...] = (0, 0, 0)) -> FlatSetting:
    keys = {"min": f"{base}_min", "max": f"{base}_max"}
    return FlatSetting(setting, keys, ColorSpec(ColorRange(default, default)), list(default))


def _plain(
    setting: str, key: str, default: object, options: tuple[str, ...] = (), *, required: bool = False
) -> FlatSetting:
    return FlatSetting(setting, {"value": key}, default=default, options=options, required=required)


def _shadow(unit: str) -> FlatUnit:
    offsets = (_number(f"offset_{axis}", f"{unit}_offset_{axis}", (0, 0), "uniform", lo=None) for axis in ("x", "y"))
    radius, color = _number("radius", f"{unit}_radius", (0, 0)), _color("color", f"{unit}_color", (0, 0, 0, 128))
    return FlatUnit("effects", unit, (*offsets, radius, color), (("offset_x", "offset_y"),))


_ONE = (1, 1)
_DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")
_ALIGNMENTS = ("left", "center", "right", "top", "bottom")

#: Stages that are one unit: always there, never off.
SECTIONS: tuple[FlatUnit, ...] = (
    FlatUnit(
        "text",
        "text",
        (
            _plain("direction", "text_direction", "left_to_right", _DIRECTIONS, required=True),
            _plain("corpus", "corpus_file", None, required=True),
            _number(
                "length",
                "text_length",
                (10, 50),
                "uniform",
                lo=1,
                integer=True,
                keys=("min_text_length", "max_text_length"),
            ),
            _number("lines", "lines", _ONE, "uniform", lo=1, integer=True, keys=("min_lines", "max_lines")),
            _plain("line_break", "line_break_mode", "word", ("word", "character")),
        ),
    ),
    FlatUnit(
        "font",
        "font",
        (
            _plain("filter", "font_filter", None),
            _number("size", "font_size", (32, 32), "uniform", lo=1),
        ),
    ),
    FlatUnit(
        "layout",
        "layout",
        (
            _number("line_spacing", "line_spacing", _ONE, "uniform"),
            _plain("align", "text_alignment", "left", _ALIGNMENTS),
            _number("overlap", "glyph_overlap_intensity", (0, 0), hi=1),
        ),
    ),
    FlatUnit(
        "color",
        "color",
        (
            _plain("mode", "color_mode", "uniform", ("uniform", "per_glyph", "gradient")),
            _color("rgb", "text_color"),
            _number("palette_size", "per_glyph_palette_size", (2, 5), "uniform", lo=1, integer=True),
            _color("start", "gradient_start_color"),
            _color("end", "gradient_end_color"),
        ),
    ),
)

#: Units that the flat form switches on by a value that is not idle. Below the least number of steps or kernel side,
#: a draw does nothing, so their ranges may begin at 0.
EFFECTS: tuple[FlatUnit, ...] = (
    FlatUnit("effects", "ink_bleed", (_number("radius", "ink_bleed_radius", (0, 0)),), (("radius",),)),
    _shadow("drop_shadow"),
    _shadow("block_shadow"),
    FlatUnit("warp", "rotation", (_number("angle", "rotation_angle", (0, 0), "normal", lo=None),), (("angle",),)),
    FlatUnit("warp", "perspective", (_number("magnitude", "perspective_warp_magnitude", (0, 0)),), (("magnitude",),)),
    FlatUnit(
        "warp",
        "elastic",
        (
            _number("alpha", "elastic_distortion_alpha", (0, 0)),
            _number("sigma", "elastic_distortion_sigma", (0, 0)),
        ),
        (("alpha",), ("sigma",)),
    ),
    FlatUnit(
        "warp",
        "grid",
        (
            _number("steps", "grid_distortion_steps", (2, 2), "uniform", integer=True, idle=(0, 1)),
            _number("limit", "grid_distortion_limit", (0, 0)),
        ),
        (("limit",), ("steps",)),
    ),
    FlatUnit("warp", "optical", (_number("limit", "optical_distortion_limit", (0, 0), lo=None),), (("limit",),)),
    FlatUnit(
        "degrade",
        "erosion_dilation",
        (_number("kernel", "erosion_dilation_kernel", _ONE, "uniform", integer=True, idle=(0, 1)),),
        (("kernel",),),
        "1",
    ),
    FlatUnit("degrade", "blur", (_number("radius", "blur_radius", (0, 0)),), (("radius",),)),
    FlatUnit(
        "degrade",
        "brightness",
        (_number("factor", "brightness_factor", _ONE, "normal", idle=_ONE),),
        (("factor",),),
        "1",
    ),
    FlatUnit(
        "degrade", "contrast", (_number("factor", "contrast_factor", _ONE, "normal", idle=_ONE),), (("factor",),), "1"
    ),
    FlatUnit("degrade", "noise", (_number("amount", "noise_amount", (0, 0), hi=1),), (("amount",),)),
    FlatUnit(
        "degrade",
        "cutout",
        (
            _number("width", "cutout_width", (0, 0), "uniform", integer=True),
            _number("height", "cutout_height", (0, 0), "uniform", integer=True),
        ),
        (("width",), ("height",)),
    ),
)

CURVE_KEY = "curve_type"
#: Units of which ``curve_type`` names one.
CURVES: tuple[FlatUnit, ...] = (
    FlatUnit(
        "curve",
        "arc",
        (_number("radius", "arc_radius", (0, 0)), _plain("concave", "arc_concave", default=True)),
        (("radius",),),
    ),
    FlatUnit(
        "curve",
        "sine",
        (
            _number("amplitude", "sine_amplitude", (0, 0)),
            _number("frequency", "sine_frequency", (0, 0), "uniform"),
            _number("phase", "sine_phase", (0, 0), "uniform", lo=None),
        ),
        (("amplitude",), ("frequency",)),
    ),
)

#: Flat key -> its row and the part of it that the key sets.
ROWS: Mapping[str, tuple[FlatUnit, FlatSetting, str]] = {
    key: (unit, setting, part)
    for unit in (*SECTIONS, *EFFECTS, *CURVES)
    for key, (setting, part) in unit.by_key.items()
}
#: Every flat key of a parameter.
KEYS: frozenset[str] = frozenset(ROWS) | {CURVE_KEY}
#: Flat parameter without ``_min``, ``_max`` -> the keys to write in its place.
BASES: Mapping[str, tuple[str, ...]] = {
    key.removesuffix("_min"): (key, setting.keys["max"])
    for key, (_, setting, part) in ROWS.items()
    if part == "min" and key.endswith("_min")
}


def stage_of(key: str) -> Stage:
    """The stage that a flat key belongs to."""
    return "curve" if key == CURVE_KEY else ROWS[key][0].stage
