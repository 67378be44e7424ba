"""B4: the clean line of B2 in other scripts, by the glyph."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.b2_clean_line import CONFIG as LATIN_CONFIG
from benchmarks.b2_clean_line import open_inputs
from benchmarks.lane import Lane
from benchmarks.lines import write_font, write_lines_of_glyphs
from benchmarks.place import environment
from benchmarks.result import Figure, Result, Scale, Target
from glyphmill.catalogue.samples import sample_text

TITLE = "One clean line of 29 glyphs at 32 px in other scripts, black on white, to memory, one process"
#: As many as a line of B2 has, so that what an image costs whatever is on it weighs the same.
GLYPHS = 29
IMAGES, LINES = 300, 800
_LATIN = "Latin"
_MOST = 1.3


@dataclass(frozen=True)
class Script:
    """A script as it is measured: its font, the language of its text, and how HarfBuzz names its runs."""

    font: str
    language: str
    tag: str
    run: str
    direction: str


SCRIPTS = {
    "Arabic": Script("NotoSansArabic[wght].ttf", "ar", "Arab", "rtl", "right_to_left"),
    "Devanagari": Script("NotoSansDevanagari[wght].ttf", "hi", "Deva", "ltr", "left_to_right"),
    "vertical Japanese": Script("NotoSansCJK-VF.otf.ttc", "ja", "Jpan", "ttb", "top_to_bottom"),
}


def run(scale: Scale) -> Result:
    """Make lines of each script in turn."""
    images = scale.count(IMAGES)
    env = environment(scale.folder)
    configs = {_LATIN: open_inputs(scale)} | {name: _inputs(scale, name) for name in SCRIPTS}
    costs: dict[str, list[float]] = {name: [] for name in configs}
    with ExitStack() as stack:
        lanes = {
            name: stack.enter_context(Lane("glyphmill", {"config": str(config), "count": images}, env=env))
            for name, config in configs.items()
        }
        for number in range(scale.runs + 1):
            for name, lane in lanes.items():
                cost = lane.batch(kind="label", count=images).each(images)
                if number:  # the first warms up
                    costs[name].append(cost.cpu_s)
    figures = [
        Figure(f"CPU a glyph, {name}", "x Latin", _over(costs[name], costs[_LATIN]), Target("<=", _MOST))
        for name in SCRIPTS
    ]
    for name, values in costs.items():
        figures.append(Figure(f"{name}: CPU", "us a glyph", tuple(1e6 * value / GLYPHS for value in values)))
    settings = {
        "images a run": images,
        "glyphs a line": GLYPHS,
        "fonts": {name: script.font for name, script in SCRIPTS.items()},
        "configs": {name: config.read_text(encoding="utf-8") for name, config in configs.items()},
    }
    return Result(TITLE, tuple(figures), settings=settings, notes=(_NOTE,))


_NOTE = (
    "Every line has 29 glyphs, as those of B2 have: words of a sample text in an order drawn at random, and for "
    "Japanese pieces of it. The fonts are static, as that of B2 is; the Japanese one is cut down to the characters "
    "of its text."
)


def _over(values: list[float], base: list[float]) -> tuple[float, ...]:
    return tuple(value / each for value, each in zip(values, base, strict=True))


def _inputs(scale: Scale, name: str) -> Path:
    """The lines, the font and the config of a script; the path of the config."""
    script = SCRIPTS[name]
    folder = scale.subfolder("scripts") / script.language
    folder.mkdir(exist_ok=True)
    text = sample_text(script.language)
    font = folder / "regular.ttf"
    write_font(font, script.font, only=text if "CJK" in script.font else None)
    write_lines_of_glyphs(
        folder / "lines.txt",
        font,
        text,
        glyphs=GLYPHS,
        count=scale.count(LINES),
        direction=script.run,
        script=script.tag,
        language=script.language,
    )
    config = LATIN_CONFIG.replace("language: en", f"language: {script.language}, direction: {script.direction}")
    path = folder / "line.yaml"
    path.write_text(config.replace("NotoSans-Regular.ttf", font.name), encoding="utf-8")
    return path
