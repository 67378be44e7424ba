"""Is difficulty real, and is it graded? What an OCR engine reads of clean Latin lines as each degradation grows.

Of each degradation that has a strength, five strengths through its default range are measured on the same lines in
the same fonts, with nothing else done to them; and of each preset, again the same lines. Takes some minutes::

    python scripts/measure_difficulty.py --lines 20 --workers 2

Large black letters survive most of what can happen to them; ``--size 14 --ink 120`` measures nearer to the edge.

A unit is harmless if the error rate of clean lines lies in the 95 % interval of that at its greatest strength. If not,
it is graded if errors grow with strength: a rank correlation of at least 0.6 between both, clean lines included (it is
0.65 where the greatest strength alone does any harm).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glyphmill.catalogue.catalogue import Catalogue, open_catalogue
from glyphmill.cli.console import table
from glyphmill.config.fields import Distribution
from glyphmill.config.load import load_text
from glyphmill.config.model import Limits, Resources
from glyphmill.config.presets import PRESETS
from glyphmill.core.errors import GlyphmillError
from glyphmill.core.registry import Registry, discover
from glyphmill.core.unit import Unit
from glyphmill.evaluate.engine import Engine
from glyphmill.evaluate.engines import ENGINES, open_engine
from glyphmill.evaluate.evaluate import evaluate
from glyphmill.evaluate.scores import Score
from glyphmill.run.generate import generate
from glyphmill.run.job import Job

STRENGTHS = 5
#: Rank correlation from which errors count as growing with strength.
GRADED = 0.6
#: Settings that are a strength though no value of theirs does nothing at all, and the value that does least.
NEARLY_OFF = {("degrade", "jpeg"): ("quality", 100.0), ("degrade", "webp"): ("quality", 100.0)}
TEXT = {"language": "en", "length": [20, 38]}
PRESET_FONT = {"size": [20, 32]}


def clean_lines(size: float, ink: int) -> dict[str, Any]:
    """The specification of lines that nothing is done to, on white; size in px, ink as a level of gray."""
    return {
        "text": TEXT,
        "font": {"size": size},
        "color": {"rgb": [ink, ink, ink]},
        "background": {"solid": {"color": [255, 255, 255]}},
        "canvas": {"min_contrast": 0},
    }


@dataclass(frozen=True)
class Walk:
    """The strengths of one unit that are measured, from the weakest on."""

    unit: Unit
    setting: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Bench:
    """What lines are made and read with."""

    engine: Engine
    registry: Registry
    catalogue: Catalogue
    lines: int
    seed: int
    workers: int

    def score(self, specification: Mapping[str, Any]) -> Score | None:
        """How lines are read; the same texts in the same fonts for each specification that leaves them alone.

        Returns: None if all of them were rejected, as nobody could read them.
        """
        data = {
            "total_images": self.lines,
            "seed": self.seed,
            "limits": {"max_rejected": 1, "attempts": 1},
            "specifications": [{"name": "lines", "proportion": 1, **specification}],
        }
        job = Job(load_text(json.dumps(data), "difficulty", self.registry), self.catalogue, self.registry)
        with tempfile.TemporaryDirectory(prefix="glyphmill-") as folder:
            if not generate(job, folder).written:
                return None
            report = evaluate(folder, self.engine, by=(), workers=self.workers, registry=self.registry)
        return next((score for _, score in report.rows()), None)


def walks(unit: Unit) -> Iterator[Walk]:
    """Through the default range of a unit's strength, away from where it does nothing; both ways if that is inside."""
    setting, off = NEARLY_OFF.get((unit.stage, unit.id)) or next(iter(unit.off.items()), ("", 0.0))
    default = unit.config.model_fields[setting].default if setting else None
    if not isinstance(default, Distribution) or default.is_constant:
        return
    for end in (default.max, default.min):
        low, high = min(default.min, default.max), max(default.min, default.max)
        if low < off < high or off == low + high - end:
            values = [off + (end - off) * (number + 1) / STRENGTHS for number in range(STRENGTHS)]
        elif abs(end - off) == max(abs(low - off), abs(high - off)):
            near = low + high - end
            values = [near + (end - near) * number / (STRENGTHS - 1) for number in range(STRENGTHS)]
        else:
            continue
        whole = [round(value) if default.integer else float(f"{value:.4g}") for value in values]
        yield Walk(unit, setting, tuple(dict.fromkeys(value for value in whole if value != off)))


def rank_correlation(values: Sequence[float]) -> float:
    """Spearman's, of values with their places; 0 if all are the same."""
    ranks = [sum(other < value for other in values) + sum(other == value for other in values) / 2 for value in values]
    return 0.0 if len(set(ranks)) == 1 else float(np.corrcoef(ranks, range(len(ranks)))[0, 1])


def degradations(
    bench: Bench, units: Sequence[Unit], lines: Mapping[str, Any], clean: float
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """A row of the table, and the same for machines, of each unit; `clean` is the error rate of the lines without."""
    for unit in units:
        for walk in walks(unit):
            scores = [bench.score({**lines, unit.stage: [{unit.id: {walk.setting: value}}]}) for value in walk.values]
            read = [(value, score) for value, score in zip(walk.values, scores, strict=True) if score is not None]
            rates = [score.cer.value for _, score in read]
            correlation = rank_correlation([clean, *rates])
            harmless = not read or (read[-1][1].cer.low or 0.0) <= clean
            verdict = "harmless" if harmless else "yes" if correlation >= GRADED else "no"
            cells = [
                f"{value:g}: {_said(score, bench.lines)}" for value, score in zip(walk.values, scores, strict=True)
            ]
            cells += [""] * (STRENGTHS - len(cells))
            yield (
                [f"{unit.stage}.{unit.id} {walk.setting}", *cells, f"{correlation:.2f}", verdict],
                {
                    "unit": f"{unit.stage}.{unit.id}",
                    "setting": walk.setting,
                    "strengths": walk.values,
                    "scores": [None if score is None else score.to_dict() for score in scores],
                    "correlation": round(correlation, 3),
                    "graded": verdict,
                },
            )


def _said(score: Score | None, lines: int) -> str:
    """An error rate, with the number of lines where some were rejected."""
    if score is None:
        return "all rejected"
    return f"{score.cer.value:.1%}" + (f" of {score.count}" if score.count < lines else "")


def main() -> int:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--engine", choices=ENGINES, default="tesseract")
    parser.add_argument(
        "--lines", type=int, default=20, help="lines at each strength and of each preset; at least 8 for intervals"
    )
    parser.add_argument("--size", type=float, default=32, help="of the letters, px per em")
    parser.add_argument("--ink", type=int, default=0, help="its level of gray, 0 for black; they stand on white")
    parser.add_argument(
        "--stage",
        nargs="*",
        choices=("degrade", "effects"),
        default=["degrade"],
        help="whose units; none for the presets alone",
    )
    parser.add_argument("--unit", nargs="+", help="only these units")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, help="also write the numbers there, as JSON")
    options = parser.parse_args()
    try:
        engine = open_engine(options.engine)
        catalogue = open_catalogue(Resources(), Limits())
        bench = Bench(engine, discover(), catalogue, options.lines, options.seed, options.workers)
        lines = clean_lines(options.size, options.ink)
        plain = bench.score(lines)
        if plain is None:
            raise GlyphmillError("clean lines of this size and ink are all rejected")
        clean = plain.cer.value
        print(f"{engine.name}, {options.lines} lines each; character error rate of clean lines {clean:.1%}\n")
        units = [unit for stage in options.stage for unit in bench.registry.stage(stage)]
        asked = [unit for unit in units if not options.unit or unit.id in options.unit]
        made = list(degradations(bench, asked, lines, clean))
        header = ["setting", *(f"strength {number + 1}" for number in range(STRENGTHS)), "correlation", "graded"]
        if made:
            print(table(header, [row for row, _ in made]) + "\n")
        presets = {name: bench.score({"preset": name, "text": TEXT, "font": PRESET_FONT}) for name in PRESETS}
    except GlyphmillError as error:
        print(error, file=sys.stderr)
        return 1
    if presets:
        rows = [
            (name, _said(score, options.lines), "-" if score is None else f"{score.exact.value:.0%}")
            for name, score in presets.items()
        ]
        print(table(["preset", "character error rate", "lines without error"], rows))
    if options.out:
        data = {
            "engine": engine.name,
            "lines": options.lines,
            "size": options.size,
            "ink": options.ink,
            "clean": clean,
            "units": [data for _, data in made],
            "presets": {name: score.to_dict() if score else None for name, score in presets.items()},
        }
        options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
