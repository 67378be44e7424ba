"""Make a hundred thousand images in one run, watch its processes, and say whether everything is accounted for.

    python scripts/measure_long_run.py --images 100000 --workers 2 --page docs/long_run.md --plot docs/img/long-run.svg

While the run lasts, the memory and the open files of it and of its workers are looked at once a second. Afterwards:
requested = written + rejected, no process left, no lock or temporary file left, and `verify` on the files' digests.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from glyphmill.evaluate.drawing import Box, Drawing, Line, Words, svg

CONFIG = """
total_images: {images}
seed: 3
specifications:
  - name: words
    proportion: 0.8
    text: {{language: en, length: [3, 10]}}
    font: {{size: [14, 20]}}
    background: {{solid: {{}}}}
  - name: scans
    proportion: 0.2
    text: {{language: ru, length: [3, 10]}}
    font: {{size: [14, 20]}}
    warp: [{{rotation: {{angle: [-4, 4]}}}}]
    degrade: [{{noise: {{amount: [0, 0.02]}}}}]
"""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_INK, _QUIET, _GRID = (24, 28, 35), (104, 112, 125), (228, 231, 236)
_COLORS = ((32, 62, 116), (118, 160, 222), (204, 120, 50), (90, 150, 90))
_WIDTH, _HEIGHT, _LEFT, _TOP = 900, 380, 70, 60


@dataclass(frozen=True)
class Look:
    """What a process had at a moment.

    Attributes:
        at: seconds since the run began.
        memory: resident, bytes.
        files: open.
    """

    at: float
    memory: int
    files: int


def main() -> int:
    """Run, watch, check, write."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        config, out = Path(folder, "job.yaml"), Path(folder, "out")
        config.write_text(CONFIG.format(images=options.images), encoding="utf-8")
        command = [sys.executable, "-m", "glyphmill", "generate", str(config), "--out", str(out), "--json"]
        with Path(folder, "told").open("w+") as told:
            process = subprocess.Popen([*command, "--workers", str(options.workers)], stdout=told)
            looks = _watch(process)
            told.seek(0)
            done = json.loads(told.readlines()[-1])
        verify = [sys.executable, "-m", "glyphmill", "verify", str(out), "--checks", "counts", "hashes"]
        checked = subprocess.run(verify, capture_output=True, text=True, check=False)
        left = sorted(p.name for p in out.rglob(".*") if p.is_file())
    rows = _rows(options, done, looks, checked, left)
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    print(table)
    if options.plot:
        options.plot.write_bytes(svg(_plot(looks, options.images)))
    if options.page:
        text = options.page.read_text(encoding="utf-8")
        head, _, rest = text.partition("<!-- measured -->\n")
        _, _, tail = rest.partition("<!-- end -->")
        options.page.write_text(f"{head}<!-- measured -->\n| | |\n|---|---|\n{table}\n\n<!-- end -->{tail}", "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--page", type=Path, help="page whose measured part is replaced")
    parser.add_argument("--plot", type=Path, help="SVG to write")
    return parser.parse_args()


def _watch(process: subprocess.Popen[bytes]) -> dict[int, list[Look]]:
    """Looks at the run and its workers until it ends, by process."""
    started, looks = time.monotonic(), dict[int, list[Look]]()
    while process.poll() is None:
        for pid in (process.pid, *_workers(process.pid)):
            try:
                resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
                files = len(os.listdir(f"/proc/{pid}/fd"))
            except OSError:
                continue
            looks.setdefault(pid, []).append(Look(time.monotonic() - started, resident, files))
        time.sleep(1)
    return looks


def _workers(parent: int) -> Iterator[int]:
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    yield int(child)
            except OSError:
                continue


def _rows(
    options: argparse.Namespace,
    done: dict[str, object],
    looks: dict[int, list[Look]],
    checked: subprocess.CompletedProcess[str],
    left: list[str],
) -> Iterator[tuple[str, str]]:
    requested, written, rejected = (int(str(done[key])) for key in ("requested", "written", "rejected"))
    seconds, cpu = (float(str(done[key])) for key in ("seconds", "cpu_seconds"))
    yield "requested = written + rejected", f"{requested:,} = {written:,} + {rejected:,}"
    yield "time, workers", f"{seconds:,.0f} s, {options.workers}"
    yield "images a second", f"{written / seconds:,.0f}"
    yield "processor time an image", f"{1e3 * cpu / written:.2f} ms"
    yield "bytes, with labels", f"{int(str(done['bytes'])) / 1e6:,.0f} MB"
    for number, seen in enumerate(looks.values()):
        name = f"worker {number}" if number else "the command itself"
        early = max(look.memory for look in seen[: max(len(seen) // 10, 1)])
        late = max(look.memory for look in seen[-max(len(seen) // 10, 1) :])
        files = max(look.files for look in seen)
        yield (
            f"memory of {name}: most in its first tenth, in its last; most files open",
            f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB; {files}",
        )
    alive = [pid for pid in looks if Path(f"/proc/{pid}").exists()]
    yield "processes left, lock or temporary files left", f"{len(alive)}, {len(left)}"
    yield "`glyphmill verify --checks counts hashes`", checked.stdout.strip().splitlines()[-1].rpartition(": ")[2]


def _plot(looks: dict[int, list[Look]], images: int) -> Drawing:
    """Memory of each process against time."""
    end = max(look.at for seen in looks.values() for look in seen)
    most = 1.2 * max(look.memory for seen in looks.values() for look in seen)
    right, bottom = _WIDTH - 30, _HEIGHT - 50
    marks: list[Box | Line | Words] = [
        Words(_LEFT, 30, f"Memory of each process of a run of {images:,} images", 18, _INK, bold=True)
    ]
    for step in range(5):
        y = bottom - (bottom - _TOP) * step / 4
        marks += [
            Line(_LEFT, y, right, y, _GRID),
            Words(_LEFT - 8, y + 4, f"{most * step / 4e6:.0f} MB", 11, _QUIET, "end"),
        ]
    for number, (seen, color) in enumerate(zip(looks.values(), _COLORS, strict=False)):
        points = [(_LEFT + (right - _LEFT) * k.at / end, bottom - (bottom - _TOP) * k.memory / most) for k in seen]
        marks += [Line(*a, *b, color, 2) for a, b in pairwise(points)]
        name = f"worker {number}" if number else "the command itself"
        marks.append(Words(_LEFT + 10 + 170 * number, _HEIGHT - 14, name, 13, color, bold=True))
    marks.append(Words(right, bottom + 18, f"{end:.0f} s", 11, _QUIET, "end"))
    return Drawing(_WIDTH, _HEIGHT, (255, 255, 255), tuple(marks))


if __name__ == "__main__":
    sys.exit(main())
