"""Kill runs at random moments, resume them, and compare what comes out with a run that nobody disturbed.

    python scripts/kill_and_resume.py --images 2000 --kills 100
    python scripts/kill_and_resume.py --images 2000 --kills 100 --victim worker

Each kill is a SIGKILL: of the whole run, which is then resumed, and perhaps killed again, until it ends by itself; or
of one of its workers, which the run has to replace. Every dataset that comes to its end is compared, file by file.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONFIG = """
total_images: {images}
seed: 5
specifications:
  - name: words
    proportion: 0.7
    text: {{language: en, length: [3, 12]}}
    font: {{size: [16, 28]}}
    warp: [{{rotation: {{angle: [-5, 5]}}}}]
    degrade: [{{noise: {{amount: 0.02}}}}]
  - name: arabic
    proportion: 0.3
    text: {{language: ar, direction: right_to_left, length: [3, 12]}}
    font: {{size: [16, 28]}}
"""


def main() -> int:
    """Run the comparison."""
    options = _options()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        config, calm, disturbed = (Path(folder, name) for name in ("job.yaml", "calm", "disturbed"))
        config.write_text(CONFIG.format(images=options.images), encoding="utf-8")
        started = time.monotonic()
        subprocess.run(_command(config, calm, options), check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - started
        print(f"undisturbed: {options.images} images in {seconds:.1f} s, {options.workers} workers, {options.format}")
        disturb = _kill_runs if options.victim == "run" else _kill_workers
        kills = rounds = 0
        while kills < options.kills:
            subprocess.run(["rm", "-rf", str(disturbed)], check=True)
            kills += disturb(config, disturbed, options.kills - kills, options, dice, seconds)
            rounds += 1
            if not _same(calm, disturbed):
                return 1
        files = len(_digests(calm))
        print(
            f"{kills} times SIGKILL of a {options.victim}, {rounds} datasets, "
            f"each with the same {files} files as the undisturbed one"
        )
        return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--format", default="files", choices=("files", "webdataset", "parquet"))
    parser.add_argument("--victim", default="run", choices=("run", "worker"))
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    return parser.parse_args()


def _command(config: Path, out: Path, options: argparse.Namespace) -> list[str]:
    run = [sys.executable, "-m", "glyphmill", "generate", str(config), "--out", str(out)]
    return [*run, "--workers", str(options.workers), "--format", options.format, "--range", "50"]


def _kill_runs(
    config: Path, out: Path, kills: int, options: argparse.Namespace, dice: random.Random, seconds: float
) -> int:
    """Start, kill, resume, kill, ... until a run comes to its end; gives the number of kills."""
    killed = 0
    while True:
        run = [*_command(config, out, options), "--resume"]
        process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            output, _ = process.communicate(timeout=dice.uniform(0, 1.1 * seconds) if killed < kills else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
            continue
        _need(process.returncode == 0, output.decode())
        return killed


def _kill_workers(
    config: Path, out: Path, kills: int, options: argparse.Namespace, dice: random.Random, seconds: float
) -> int:
    """Kill workers of one run until it comes to its end; gives the number of kills."""
    killed = 0
    process = subprocess.Popen(_command(config, out, options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    while process.poll() is None and killed < kills:
        time.sleep(dice.uniform(0.02, 0.4 * seconds))
        if workers := _children(process.pid):
            os.kill(dice.choice(workers), signal.SIGKILL)
            killed += 1
    output, _ = process.communicate()
    _need(process.returncode == 0, output.decode())
    return killed


def _children(parent: int) -> list[int]:
    """The worker processes of a run; multiprocessing has another child, which tracks its resources."""
    found = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
            except OSError:
                continue
    return found


def _same(calm: Path, disturbed: Path) -> bool:
    one, other = _digests(calm), _digests(disturbed)
    different = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    for name in different[:5]:
        print(f"differs: {name}")
    return not different


def _digests(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _need(condition: bool, message: str) -> None:
    if not condition:
        sys.exit(f"kill_and_resume: {message}")


if __name__ == "__main__":
    sys.exit(main())
