"""The flat form: every key lands where it belongs, off means absent, and nothing is ignored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from glyphmill.config.flat_table import CURVES, EFFECTS, KEYS, SECTIONS, FlatSetting
from glyphmill.config.model import JobConfig
from glyphmill.config.numbers import NumberSpec
from glyphmill.config.picks import ColorSpec
from glyphmill.config.show import show, to_data
from glyphmill.core.errors import ConfigError
from glyphmill.core.registry import Registry, discover
from glyphmill.sampling import KINDS, Distribution

Load = Callable[..., JobConfig]
Spec = Callable[[Any], str]

REQUIRED = "text_direction: left_to_right\ncorpus_file: words.txt\n"


def flat(load: Load, spec: Spec, text: str, **options: Any) -> JobConfig:
    return load(spec(REQUIRED + text), **options)


NESTED = {
    "font_filter: '*Bold*'": "font: {filter: '*Bold*'}",
    "min_text_length: 5\nmax_text_length: 9": "text: {length: [5, 9]}",
    "min_text_length: 5\ntext_length_distribution: normal": "text: {length: {min: 5, max: 50, distribution: normal}}",
    "min_lines: 2\nmax_lines: 4": "text: {lines: [2, 4]}",
    "line_break_mode: character": "text: {line_break: character}",
    "line_spacing_max: 1.5": "layout: {line_spacing: [1.0, 1.5]}",
    "text_alignment: bottom": "layout: {align: bottom}",
    "font_size_min: 20\nfont_size_max: 20": "font: {size: 20}",
    "glyph_overlap_intensity_max: 0.3": "layout: {overlap: {min: 0, max: 0.3, distribution: exponential}}",
    "ink_bleed_radius_max: 2": "effects: [{ink_bleed: {radius: {min: 0, max: 2, distribution: exponential}}}]",
    "rotation_angle_min: -5\nrotation_angle_max: 5": (
        "warp: [{rotation: {angle: {min: -5, max: 5, distribution: normal}}}]"
    ),
    "rotation_angle_min: -5\nrotation_angle_distribution: uniform": "warp: [{rotation: {angle: [-5, 0]}}]",
    "perspective_warp_magnitude_max: 0.2": (
        "warp: [{perspective: {magnitude: {min: 0, max: 0.2, distribution: exponential}}}]"
    ),
    "elastic_distortion_alpha_max: 9\nelastic_distortion_sigma_min: 3\nelastic_distortion_sigma_max: 3": (
        "warp: [{elastic: {alpha: {min: 0, max: 9, distribution: exponential}, sigma: 3}}]"
    ),
    "grid_distortion_steps_min: 0\ngrid_distortion_steps_max: 4\ngrid_distortion_limit_max: 3": (
        "warp: [{grid: {steps: [0, 4], limit: {min: 0, max: 3, distribution: exponential}}}]"
    ),
    "grid_distortion_limit_max: 3": "warp: [{grid: {steps: 2, limit: {min: 0, max: 3, distribution: exponential}}}]",
    "optical_distortion_limit_min: -0.2": "warp: [{optical: {limit: {min: -0.2, max: 0, distribution: exponential}}}]",
    "noise_amount_max: 0.1": "degrade: [{noise: {amount: {min: 0, max: 0.1, distribution: exponential}}}]",
    "blur_radius_min: 1\nblur_radius_max: 1": "degrade: [{blur: {radius: 1}}]",
    "brightness_factor_min: 0.5": "degrade: [{brightness: {factor: {min: 0.5, max: 1, distribution: normal}}}]",
    "contrast_factor_max: 1.5": "degrade: [{contrast: {factor: {min: 1, max: 1.5, distribution: normal}}}]",
    "erosion_dilation_kernel_max: 3": "degrade: [{erosion_dilation: {kernel: [1, 3]}}]",
    "cutout_width_max: 9\ncutout_height_max: 5": "degrade: [{cutout: {width: [0, 9], height: [0, 5]}}]",
    "drop_shadow_offset_x_max: 4\ndrop_shadow_color_max: [9, 9, 9, 200]": (
        "effects: [{drop_shadow: {offset_x: [0, 4], offset_y: 0, radius: 0, color: [[0, 0, 0, 128], [9, 9, 9, 200]]}}]"
    ),
    "block_shadow_offset_y_min: -2\nblock_shadow_radius_max: 3": (
        "effects: [{block_shadow: {offset_x: 0, offset_y: [-2, 0], "
        "radius: {min: 0, max: 3, distribution: exponential}}}]"
    ),
    "curve_type: arc\narc_radius_max: 300\narc_concave: false": (
        "curve: {arc: {radius: {min: 0, max: 300, distribution: exponential}, concave: false}}"
    ),
    "curve_type: sine\nsine_amplitude_max: 5\nsine_frequency_max: 0.1\nsine_phase_max: 3": (
        "curve: {sine: {amplitude: {min: 0, max: 5, distribution: exponential}, frequency: [0, 0.1], phase: [0, 3]}}"
    ),
    "color_mode: gradient": "color: {mode: gradient}",
    "text_color_min: [1, 2, 3]\ntext_color_max: [4, 5, 6]": "color: {rgb: [[1, 2, 3], [4, 5, 6]]}",
    "per_glyph_palette_size_min: 3": "color: {palette_size: [3, 5]}",
    "gradient_start_color_max: [4, 5, 6]": "color: {start: [[0, 0, 0], [4, 5, 6]]}",
    "gradient_end_color_max: '#040506'": "color: {end: ['#000000', '#040506']}",
    "rotation_angle_max: 5\nnoise_amount_max: 0.1\nperspective_warp_magnitude_max: 0\nblur_radius_max: 2": (
        "warp: [{rotation: {angle: {min: 0, max: 5, distribution: normal}}}]\n"
        "degrade:\n- {blur: {radius: {min: 0, max: 2, distribution: exponential}}}\n"
        "- {noise: {amount: {min: 0, max: 0.1, distribution: exponential}}}"
    ),
}


@pytest.mark.parametrize(("written", "meant"), NESTED.items(), ids=[key.partition(":")[0] for key in NESTED])
def test_flat_key_means_its_nested_form(written: str, meant: str, load: Load, spec: Spec) -> None:
    """Both spellings load to equal objects."""
    nested = yaml.safe_load(meant)
    nested["text"] = {"direction": "left_to_right", "corpus": "words.txt", **nested.get("text", {})}
    both = flat(load, spec, written), load(spec([f"{name}: {value}" for name, value in nested.items()]))
    assert both[0] == both[1]


def test_every_key_of_the_documentation_exists() -> None:
    """The keys of the documented table, all of them and no others."""
    plain = "text_direction corpus_file font_filter line_break_mode text_alignment".split()
    plain += "curve_type arc_concave color_mode".split()
    ranges = (
        "line_spacing font_size glyph_overlap_intensity ink_bleed_radius rotation_angle perspective_warp_magnitude "
        "elastic_distortion_alpha elastic_distortion_sigma grid_distortion_steps grid_distortion_limit "
        "optical_distortion_limit noise_amount blur_radius brightness_factor contrast_factor erosion_dilation_kernel "
        "cutout_width cutout_height drop_shadow_offset_x drop_shadow_offset_y drop_shadow_radius block_shadow_offset_x "
        "block_shadow_offset_y block_shadow_radius arc_radius sine_amplitude sine_frequency sine_phase "
        "per_glyph_palette_size"
    ).split()
    colors = "drop_shadow_color block_shadow_color text_color gradient_start_color gradient_end_color".split()
    expected = {*plain, "min_text_length", "max_text_length", "text_length_distribution"}
    expected |= {"min_lines", "max_lines", "lines_distribution"}
    expected |= {f"{name}_{part}" for name in ranges for part in ("min", "max", "distribution")}
    expected |= {f"{name}_{part}" for name in colors for part in ("min", "max")}
    assert expected == KEYS


def test_documented_defaults_and_distributions() -> None:
    """Default range and distribution of each number, as documented."""
    documented = {
        "length": (10, 50, "uniform"), "lines": (1, 1, "uniform"), "line_spacing": (1, 1, "uniform"),
        "size": (32, 32, "uniform"), "overlap": (0, 0, "exponential"), "palette_size": (2, 5, "uniform"),
        "ink_bleed.radius": (0, 0, "exponential"), "rotation.angle": (0, 0, "normal"),
        "perspective.magnitude": (0, 0, "exponential"), "elastic.alpha": (0, 0, "exponential"),
        "elastic.sigma": (0, 0, "exponential"), "grid.steps": (2, 2, "uniform"), "grid.limit": (0, 0, "exponential"),
        "optical.limit": (0, 0, "exponential"), "noise.amount": (0, 0, "exponential"),
        "blur.radius": (0, 0, "exponential"),
        "brightness.factor": (1, 1, "normal"), "contrast.factor": (1, 1, "normal"),
        "erosion_dilation.kernel": (1, 1, "uniform"),
        "cutout.width": (0, 0, "uniform"), "cutout.height": (0, 0, "uniform"),
        "drop_shadow.offset_x": (0, 0, "uniform"), "drop_shadow.offset_y": (0, 0, "uniform"),
        "drop_shadow.radius": (0, 0, "exponential"), "block_shadow.offset_x": (0, 0, "uniform"),
        "block_shadow.offset_y": (0, 0, "uniform"), "block_shadow.radius": (0, 0, "exponential"),
        "arc.radius": (0, 0, "exponential"), "sine.amplitude": (0, 0, "exponential"),
        "sine.frequency": (0, 0, "uniform"),
        "sine.phase": (0, 0, "uniform"),
    }  # fmt: skip
    found = {}
    for unit in (*SECTIONS, *EFFECTS, *CURVES):
        for setting in unit.settings:
            if isinstance(setting.parser, NumberSpec):
                name = setting.setting if unit in SECTIONS else f"{unit.unit}.{setting.setting}"
                default = setting.parser.default
                assert default is not None
                found[name] = (default.min, default.max, setting.parser.kind)
    assert found == documented


def test_defaults_of_the_real_units_are_those_of_the_flat_form() -> None:
    """A flat key that is not given means the same as the setting that is not given."""
    registry = discover()
    for row in SECTIONS:
        unit = registry.get(row.stage, row.unit)
        assert unit is not None
        given = {setting.setting: setting.default for setting in row.settings}
        for setting in row.settings:
            assert setting.setting in unit.config.model_fields
            if isinstance(setting.parser, NumberSpec):
                given[setting.setting] = setting.parser.default
        assert unit.config(**given) == unit.config()


OFF = [
    "rotation_angle_min: 0\nrotation_angle_max: 0\nrotation_angle_distribution: normal",
    "rotation_angle_max: null",
    "brightness_factor_min: 1\nbrightness_factor_max: 1\ncontrast_factor_min: 1.0",
    "elastic_distortion_alpha_max: 20",
    "elastic_distortion_sigma_max: 20",
    "grid_distortion_steps_min: 0\ngrid_distortion_steps_max: 0\ngrid_distortion_limit_max: 5",
    "grid_distortion_steps_min: 0\ngrid_distortion_steps_max: 1\ngrid_distortion_limit_max: 5",
    "grid_distortion_steps_min: 5\ngrid_distortion_steps_max: 7",
    "erosion_dilation_kernel_min: 0\nerosion_dilation_kernel_max: 0",
    "erosion_dilation_kernel_min: 0",
    "cutout_width_min: 5\ncutout_width_max: 9",
    "drop_shadow_radius_max: 4\ndrop_shadow_color_min: [0, 0, 0, 10]",
    "block_shadow_offset_x_min: 0\nblock_shadow_offset_y_max: 0",
    "curve_type: none",
    "sine_amplitude_max: 0\narc_concave: true",
    "noise_amount_max: 0\nblur_radius_max: 0\nink_bleed_radius_max: 0\nperspective_warp_magnitude_max: 0",
]


@pytest.mark.parametrize("text", OFF)
def test_off_means_no_entry_with_or_without_the_unit(text: str, base: Registry, load: Load, spec: Spec) -> None:
    """What is off produces nothing, and is accepted whether the unit exists or not."""
    assert flat(load, spec, text) == flat(load, spec, "")
    assert flat(load, spec, text, registry=base) == flat(load, spec, "", registry=base)


ON = [written for written, meant in NESTED.items() if meant.startswith(("warp", "degrade", "effects", "curve"))]


@pytest.mark.parametrize("text", ON)
def test_on_without_the_unit_is_an_error(text: str, base: Registry, load: Load, spec: Spec) -> None:
    """A key that would do something needs its unit; it is never silently ignored."""
    with pytest.raises(ConfigError) as caught:
        flat(load, spec, text, registry=base)
    for problem in caught.value.problems:
        assert "this version has no" in problem.message
        key = problem.key.removeprefix("specifications[0].")
        assert problem.line == 5 + (REQUIRED + text).splitlines().index(
            next(r for r in text.splitlines() if r.startswith(key))
        )


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (
            "curve_type: arc",
            ["line 7  specifications[0].curve_type: arc_radius is 0: the text stays straight"],
        ),
        (
            "curve_type: sine\nsine_amplitude_max: 4",
            ["line 7  specifications[0].curve_type: sine_frequency is 0: the text stays straight"],
        ),
        (
            "curve_type: arc\narc_concave: false\narc_radius_max: 0",
            ["line 9  specifications[0].arc_radius_max: arc_radius is 0: the text stays straight"],
        ),
        (
            "curve_type: none\narc_radius_min: 0",
            ["line 8  specifications[0].arc_radius_min: has no effect with curve_type none"],
        ),
        ("curve_type: arc\narc_radius_max: 9\nsine_amplitude_max: 0", []),
    ],
)
def test_curve_that_does_nothing_is_a_warning(text: str, warnings: list[str], load: Load, spec: Spec) -> None:
    """A curve parameter that is set but zero never stops a run."""
    assert [str(problem) for problem in flat(load, spec, text).warnings] == warnings


def test_flat_keys_of_defaults_and_specification_combine(load: Load) -> None:
    """Flat keys merge key by key; the nested form of a higher layer wins over the flat form of a lower, and back."""
    text = """\
total_images: 10
defaults:
  text_direction: left_to_right
  corpus_file: a.txt
  font_size_min: 20
  font_size_max: 40
  rotation_angle_max: 5
  layout: {overlap: 0.2, line_spacing: 2}
specifications:
  - {name: a, proportion: 0.25, font_size_max: 30, elastic_distortion_alpha_max: 2, elastic_distortion_sigma_max: 2}
  - {name: b, proportion: 0.25, font: {size: 50}, glyph_overlap_intensity_max: 0}
  - {name: c, proportion: 0.25, warp: [grid], font: {filter: x}}
  - {name: d, proportion: 0.25, rotation_angle_max: null, font_size_min: null, font_size_max: null}
"""
    a, b, c, d = load(text).specifications
    assert [made.single["font"].size for made in (a, b, c, d)] == [
        Distribution(20, 30), Distribution.constant(50), Distribution(20, 40), Distribution.constant(32)
    ]  # fmt: skip
    assert [[entry.unit for entry in made.chain["warp"]] for made in (a, b, c, d)] == [
        ["rotation", "elastic"], ["rotation"], ["grid"], []
    ]  # fmt: skip
    assert [made.single["layout"].overlap.max for made in (a, b)] == [0.2, 0]
    assert [made.single["layout"].line_spacing.max for made in (a, b)] == [2, 2]


def test_forms_may_be_mixed_for_different_parameters(load: Load, spec: Spec) -> None:
    """Flat effects follow those of the nested list."""
    config = flat(load, spec, "font: {filter: x}\nfont_size_max: 40\nwarp: [grid]\nrotation_angle_max: 5")
    assert [entry.unit for entry in config.specifications[0].chain["warp"]] == ["grid", "rotation"]
    assert config.specifications[0].single["font"].filter == "x"


def _values(setting: FlatSetting) -> st.SearchStrategy[dict[str, Any]]:
    """Right values for the keys of one row, some of them missing, off or null."""
    keys = setting.keys
    parser = setting.parser
    if isinstance(parser, NumberSpec):
        low, high = parser.lo if parser.lo is not None else -50, parser.hi if parser.hi is not None else 100
        low = max(low, 4) if setting.setting == "size" else low
        number = st.integers(int(low), int(high)) if parser.integer else st.floats(low, high, width=32)
        pair = st.tuples(number, number).map(sorted)
        if not parser.integer and setting.setting == "line_spacing":
            pair = st.tuples(st.floats(0.125, 5, width=32), st.floats(0.125, 5, width=32)).map(sorted)
        kinds = st.sampled_from([None, *(kind for kind in KINDS if kind not in ("choice", "constant"))])
        return st.tuples(pair, kinds).map(
            lambda v: {keys["min"]: v[0][0], keys["max"]: v[0][1], keys["distribution"]: v[1]}
        )
    if isinstance(parser, ColorSpec):
        channel = st.tuples(st.integers(0, 255), st.integers(0, 255)).map(sorted)
        ends = st.lists(channel, min_size=parser.channels, max_size=parser.channels)
        return ends.map(lambda c: {keys["min"]: [low for low, _ in c], keys["max"]: [high for _, high in c]})
    options = (
        [True, False] if isinstance(setting.default, bool) else list(setting.options) or ["a.txt", "*.txt", "010", "no"]
    )
    return st.sampled_from(options).map(lambda v: {keys["value"]: v})


@st.composite
def flat_specs(draw: st.DrawFn) -> dict[str, Any]:
    curve = draw(st.sampled_from(["none", *(unit.unit for unit in CURVES)]))
    made: dict[str, Any] = {"curve_type": curve}
    for unit in (*SECTIONS, *EFFECTS, *(unit for unit in CURVES if unit.unit == curve)):
        for setting in unit.settings:
            if setting.required or draw(st.integers(0, 2)) == 0:
                made |= draw(_values(setting))
    return made


@given(written=flat_specs())
@settings(deadline=None)
def test_flat_file_prints_as_nested_and_loads_to_the_same(written: dict[str, Any], load: Load) -> None:
    """Flat, printed as nested, loaded again: equal; and the data is of one piece with it."""
    job = {"total_images": 9, "specifications": [{"name": "one", "proportion": 1, **written}]}
    text = yaml.safe_dump(job, allow_unicode=True)
    config = load(text)
    again = load(show(config))
    assert again == config
    assert again.data == config.data | {"resources": again.data["resources"]}
    assert show(again) == show(config)
    assert not set(to_data(config)["specifications"][0]) & KEYS
