"""Pastes outputs of the profiler into docs/how-to/profiling.md, between its markers.

Each comes from a run on this machine, now. With --check nothing is run: the exit code is 1 if a marker has no output.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill import effects
from glyphmill.profiling.compare import compare, comparison_text
from glyphmill.profiling.engine import profile
from glyphmill.profiling.memory import measure_memory, memory_text
from glyphmill.profiling.output import Outputs
from glyphmill.profiling.report import Sort, report
from glyphmill.profiling.result import Profile, load

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "profiling.md"
CONFIG = "test_configs/comprehensive_test.yaml"
SORT: Sort = "cumulative"
TOP, FINDINGS, KERNELS, CHANGES = 15, 1, 16, 8
MARK = re.compile(r"<!-- output: (?P<name>\w+) -->\n.*?<!-- end of output -->\n", re.S)
#: What follows each section of a report.
TITLES = (
    "Profile of image generation",
    "Functions by cumulative time",
    "The generator and its kernels, in the same order",
    "Stages of one image, without the profiler",
    "What stands out",
    "Summary",
)


def add_noise(image: NDArray[np.uint8], amount: float, rng: Generator) -> NDArray[np.uint8]:
    """The kernel as nobody should write it: pixel by pixel."""
    height, width = image.shape[:2]
    chances = rng.random(height * width).tolist()
    for y in range(height):
        for x in range(width):
            if chances[y * width + x] < amount:
                image[y, x] = 255 if chances[y * width + x] < amount / 2 else 0
    return image


def section(text: str, title: str) -> str:
    """One section of a report, without the next one."""
    after = text.partition(f"{title}\n")[2]
    ends = [place for other in TITLES if (place := after.find(f"\n{other}\n")) >= 0]
    return f"{title}\n{after[: min(ends, default=len(after))]}".strip("\n")


def slowed() -> Profile:
    """A profile of the same images with the loop in place of the kernel, as if effects.py held it."""
    kernel = effects.add_noise
    honest = kernel.__code__
    kernel.__code__ = add_noise.__code__.replace(co_filename=honest.co_filename, co_firstlineno=honest.co_firstlineno)
    try:
        return profile(CONFIG)[0]
    finally:
        kernel.__code__ = honest


def culprit(found: Profile) -> str:
    """The signs and the first findings."""
    text = section(report(found, sort=SORT, top=TOP), TITLES[4])
    return text.partition(f"\n\n  {FINDINGS + 1}. ")[0]


def outputs(folder: Path) -> dict[str, str]:
    """All outputs by the names of their markers."""
    options = ["--config", CONFIG, "--output", folder / "comprehensive_profile.txt", "--sort", SORT, "--top", str(TOP)]
    command = [sys.executable, "scripts/profile_generation.py", *options]
    text = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    found, work = profile(CONFIG)
    before = slowed()
    for name, one in (("baseline.json", before), ("optimized.json", found)):
        Outputs(one, work, sort=SORT, top=TOP).save(folder / name)
    comparison = compare(load(folder / "baseline.json"), load(folder / "optimized.json"))
    kernels = section(text, TITLES[2]).splitlines()
    return {
        "header": section(text, TITLES[0]),
        "functions": section(text, TITLES[1]),
        "kernels": "\n".join([*kernels[:KERNELS], "..."]),
        "stages": section(text, TITLES[3]),
        "culprit": culprit(before),
        "compare": comparison_text(comparison, top=CHANGES).rstrip("\n"),
        "memory": memory_text(measure_memory(work, top=5)),
        "summary": section(text, TITLES[5]),
    }


def updated(page: str, made: dict[str, str]) -> str:
    """The page with these outputs."""

    def pasted(mark: re.Match[str]) -> str:
        return f"<!-- output: {mark['name']} -->\n```text\n{made[mark['name']]}\n```\n<!-- end of output -->\n"

    return MARK.sub(pasted, page)


def main() -> int:
    """Rewrite or check the page; give the exit code."""
    page = PAGE.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        return int(any("```text\n" not in mark[0] for mark in MARK.finditer(page)))
    from tempfile import TemporaryDirectory

    os.chdir(ROOT)  # configs are named as the page names them
    with TemporaryDirectory() as folder:
        PAGE.write_text(updated(page, outputs(Path(folder))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
