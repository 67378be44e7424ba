"""B9: planning alone, on one core."""

from __future__ import annotations

from contextlib import ExitStack

from benchmarks.b2_clean_line import open_inputs
from benchmarks.lane import Lane
from benchmarks.place import environment
from benchmarks.result import Figure, Result, Scale, Target

TITLE = "Planning alone, one process"
#: Every setting that a Latin line has a use for, over a range; no font fallback.
RANGED = """\
total_images: 1
seed: 9
specifications:
  - name: ranged
    proportion: 1.0
    text: {language: en, length: [10, 50], lines: [1, 3], missing: reject}
    font: {size: [24, 48], axes: {wght: {min: 400, max: 700, distribution: normal}}}
    layout: {align: {start: 2, center: 1}, line_spacing: [1.0, 1.4], letter_spacing: [0, 2]}
    color: {rgb: [[0, 0, 0], [60, 60, 90]]}
    canvas: {padding: [4, 16]}
    background:
      solid: {weight: 2}
      gradient: {weight: 1}
      paper: {weight: 1}
"""
PLANS = 10_000
_ONE, _RANGED, _DEFAULT = "one font, fixed values (the config of B2)", "ranges throughout", "the embedded default"


def run(scale: Scale) -> Result:
    """Plan many samples and make none of them."""
    plans = scale.count(PLANS)
    env = environment(scale.folder)
    ranged = scale.subfolder("planning") / "ranged.yaml"
    ranged.write_text(RANGED, encoding="utf-8")
    configs = {_ONE: str(open_inputs(scale)), _RANGED: str(ranged), _DEFAULT: None}
    rates: dict[str, list[float]] = {name: [] for name in configs}
    walls: dict[str, list[float]] = {name: [] for name in configs}
    with ExitStack() as stack:
        lanes = {
            name: stack.enter_context(Lane("glyphmill", {"config": config, "count": plans}, env=env))
            for name, config in configs.items()
        }
        for number in range(scale.runs + 1):
            for name, lane in lanes.items():
                cost = lane.batch(kind="plan", count=plans).each(plans)
                if number:  # the first warms up
                    rates[name].append(1 / cost.cpu_s)
                    walls[name].append(1 / cost.wall_s)
    figures = []
    for name in configs:
        # The default's fonts and scripts make fallback part of its plans, which the target leaves out.
        target = None if name == _DEFAULT else Target(">=", 10_000)
        figures.append(Figure(name, "plans a CPU second", tuple(rates[name]), target))
        figures.append(Figure(f"{name}: wall", "plans a second", tuple(walls[name])))
    return Result(TITLE, tuple(figures), settings={"plans a run": plans, "ranged config": RANGED})
