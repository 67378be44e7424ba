"""Runs every test of tests/faults and writes docs/faults.md: each fault, what is done, what comes of it.

The text comes from the tests: their names say what is done, their docstrings what comes of it. With --check no test is
run, nothing is changed, and the exit code is 1 if the page lists other tests than there are.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "faults"
PAGE = ROOT / "docs" / "faults.md"

FAULTS = """
a key twice in a config
aliases that fill the memory, or hold themselves
a YAML tag that names Python code
`no`, `12:30`, `010`, `1e3`: words that YAML takes for something else
tabs, deep nesting, a byte-order mark, an empty file, bytes that are not UTF-8
a misspelt key, NaN, infinity, min > max, zero weights, a negative size, wrong proportions
a pattern or a link that leaves its root
archives as inputs, with members or links that lead out
a corpus in another encoding
`LC_ALL=C PYTHONUTF8=0`
an empty corpus, or nothing left after filters
tabs, CR, LF, NUL and other controls in text
lone surrogates
joiners and variation selectors
direction overrides, unbalanced isolates
a million characters; a thousand marks on one letter
empty or white-space-only text
tabs, commas, quotes, newlines, `###` in a label
`/`, `"`, `CON`, names of 300 bytes in texts or names of fonts
a corrupt or empty font, or HTML in its place
a font that opens and draws nothing
a missing glyph, also where the font denies it
a font without a cmap, or with one past its last glyph
an enormous bounding box or advance
a glyph that cannot be drawn
an abort, or an endless loop, inside a font
2,000 fonts with `ulimit -n 64`
glyphs that overshoot their advance or the line box
a background that is truncated, empty, or text
an image of 20,000 x 20,000 px in a small file
16 bits a channel
CMYK, a palette with alpha, an animation
a photo that is turned by its EXIF
a background smaller than the canvas
an input that is deleted, changed or made unreadable during the run
a box off its ink after a warp
text pushed out of the frame
no area, coordinates that are no numbers, an image of 0 px
a worker killed with SIGKILL
a hung worker
a sample that always fails
a worker killed for memory
threads and OpenCV at work when a process is started
SIGINT once, twice; SIGTERM
SIGKILL of the run at any moment
1, 2, 4 workers; resumed in the middle of a range
death before the final index is written
a full disk
a finished file truncated, bit-flipped, zero-filled, deleted
the n-th write, fsync or rename fails
a full LMDB map
two runs into one folder
resumed with a changed config, font, seed, version or layout
names that collide by case or Unicode form
a writer that is not closed; an empty shard
a cluster's worker, actor or driver killed with SIGKILL
""".strip().splitlines()
#: Rows without tests, and why.
NONE = {51: "there is no LMDB output"}

INTRO = """# What is survived

Faults that are injected into Glyphmill on purpose, and what comes of each. The tests of the last run: {total}.
To inject all of them again, and to write this page:

<!-- no-run: it takes some minutes, and writes this page -->
```bash
python scripts/faults_table.py
```

`python scripts/kill_and_resume.py` kills runs, or their workers, at a hundred random moments; row 45 does at three.

| # | fault | injected | what comes of it | tests |
|--:|---|---|---|---|
"""


@dataclass(frozen=True)
class Fault:
    """A test of one row: where it is and what it says."""

    row: int
    file: str
    name: str
    says: str

    @property
    def words(self) -> str:
        """What is injected."""
        return self.name.split("_", 2)[2].replace("_", " ")


class Outcomes:
    """A plugin that counts outcomes by test function."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: as its call went, or its set-up if that failed."""
        if report.when == "call" or report.outcome != "passed":
            self.counts[report.nodeid.rpartition("::")[2].partition("[")[0]][report.outcome] += 1


def main() -> int:
    """Write the page, or check it."""
    faults = sorted(_faults(), key=lambda fault: fault.row)
    missing = sorted(set(range(1, len(FAULTS) + 1)) - {fault.row for fault in faults} - set(NONE))
    if missing:
        sys.exit(f"tests/faults has no test of the rows {missing}")
    if "--check" in sys.argv[1:]:
        there = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
        return int(_without_counts(there) != _without_counts(_page(faults, {})))
    outcomes = Outcomes()
    code = pytest.main([str(TESTS), "--rootdir", str(ROOT), "-n", "auto", "-q", "-k", "test_f"], plugins=[outcomes])
    PAGE.write_text(_page(faults, outcomes.counts), encoding="utf-8")
    print(f"wrote {PAGE}")
    return int(code)


def _faults() -> Iterator[Fault]:
    """The tests whose names begin with a row's number, in the order of files and lines."""
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (match := re.match(r"test_f(\d\d)_", node.name)):
                says = (ast.get_docstring(node) or "").partition("\n\n")[0]
                if not says:
                    sys.exit(f"{path.name}:{node.lineno}: {node.name} has no docstring that says what comes of it")
                yield Fault(int(match[1]), path.name, node.name, " ".join(says.replace("``", "`").split()))


def _page(faults: list[Fault], counts: Mapping[str, Counter[str]]) -> str:
    total = sum(counts.values(), Counter[str]())
    rows = []
    for row, name in enumerate(FAULTS, 1):
        number, what = str(row), name.replace("|", "\\|")
        if row in NONE:
            rows.append(f"| {number} | {what} | | {NONE[row]} | |")
        for fault in (fault for fault in faults if fault.row == row):
            test = f"[{fault.words}](../tests/faults/{fault.file})"
            said = fault.says.replace("|", "\\|")
            rows.append(f"| {number} | {what} | {test} | {said} | {_told(counts.get(fault.name, Counter()))} |")
            number = what = ""
    return INTRO.format(total=_told(total)) + "\n".join(rows) + "\n"


def _told(count: Counter[str]) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(count.items())) or "0 passed"


def _without_counts(page: str) -> str:
    return re.sub(r"\b\d+ (passed|failed|skipped)(, )?", "", page)


if __name__ == "__main__":
    sys.exit(main())
