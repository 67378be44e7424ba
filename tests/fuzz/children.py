"""Inputs that may crash native code, each looked at in a child process, many of them per child.

As a program, ``python -m tests.fuzz.children fonts|pictures CACHE``, it reads paths from standard input and writes one
line of JSON about each.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from glyphmill.catalogue.backgrounds import BackgroundSet, open_backgrounds
from glyphmill.catalogue.catalogue import Catalogue
from glyphmill.catalogue.corpora import CorpusSet
from glyphmill.catalogue.fontload import open_fonts
from glyphmill.catalogue.fonts import FontSet
from glyphmill.catalogue.resources import ResourceStore
from glyphmill.config.load import load_text
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError, Reject
from glyphmill.core.registry import discover
from glyphmill.run.job import Job
from glyphmill.run.outcome import Rejected
from glyphmill.stages.background.image import Params, apply
from tests.fuzz.cases import SECONDS

ROOT = Path(__file__).parents[2]
PICTURE_PIXELS = 1 << 18
"""The limit that pictures are read with."""

#: A language whose sample text a font of that script can set, and the direction of its lines.
_LANGUAGES = {"Latn": ("en", "left_to_right"), "Arab": ("ar", "right_to_left"), "Thai": ("th", "left_to_right")}
_CONFIG = """
total_images: 3
limits: {attempts: 1}
defaults:
  text: {missing: drop, length: [5, 20], language: LANGUAGE, direction: DIRECTION}
  background: {solid: {}}
  color: {mode: per_glyph}
specifications:
  - {name: lines, proportion: 0.34, text: {lines: 2}, font: {axes: {wght: [100, 900]}, bold: [0, 0.04]}}
  - {name: column, proportion: 0.33, text: {direction: top_to_bottom}, font: {size: 200}}
  - {name: slanted, proportion: 0.33, font: {slant: [0, 0.2]}, layout: {letter_spacing: [-2, 9]}}
"""


def look(kind: str, paths: Sequence[str], cache: Path) -> list[dict[str, Any]]:
    """What became of each file: as ``look_at_font`` or ``look_at_picture`` has it, or ``{"died": exit code}``.

    A child that dies at a file is followed by another that goes on behind it.
    """
    results: list[dict[str, Any]] = []
    while len(results) < len(paths):
        child = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.children", kind, str(cache)],
            input="".join(f"{path}\n" for path in paths[len(results) :]),
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            check=False,
        )
        results += [json.loads(line) for line in child.stdout.splitlines(keepends=True) if line.endswith("\n")]
        if len(results) < len(paths):
            results.append({"died": child.returncode})
    return results


def look_at_font(path: str, cache: Path) -> dict[str, Any]:
    """The samples that each face of a font file comes to: ``{"samples": int, "rejected": [reason, ...]}``."""
    fonts = open_fonts([path], cache_dir=cache)
    registry = discover()
    samples, rejected = 0, []
    for font in fonts.usable:
        language, direction = next(
            (_LANGUAGES[script] for script in font.scripts if script in _LANGUAGES), ("en", "left_to_right")
        )
        text = _CONFIG.replace("LANGUAGE", language).replace("DIRECTION", direction)
        config = load_text(text, "fuzz.yaml", registry)
        job = Job(config, Catalogue(FontSet((font,)), BackgroundSet(), CorpusSet()), registry)
        for outcome in job.outcomes():
            if isinstance(outcome, Rejected):
                rejected.append(f"{outcome.unit}: {outcome.reason}: {outcome.detail}")
            else:
                outcome.encoded()
                samples += 1
    return {"samples": samples, "rejected": rejected}


def look_at_picture(path: str, cache: Path) -> dict[str, Any]:
    """What an image file comes to as a background: ``{"bad": why}``, ``{"rejected": why}`` or ``{"shape": [h, w, 3]}``.

    Beside that ``"grown"``: by how many bytes the most memory that this process ever held has grown.
    """
    before = _peak()
    try:
        (record,) = open_backgrounds([WeightedFolder(path)], PICTURE_PIXELS).images
        store = ResourceStore(backgrounds={record.digest: path}, max_background_pixels=PICTURE_PIXELS)
        params = Params(
            file=record.file,
            digest=record.digest,
            pixels=record.width * record.height,
            fit="crop",
            scale=1.0,
            offset=(0.5, 0.5),
            fade=0.25,
        )
        found: dict[str, Any] = {"shape": apply(params, (40, 30), store).shape}
    except CatalogueError as error:
        found = {"bad": str(error)}
    except Reject as reject:
        found = {"rejected": f"{reject.unit}: {reject.reason}: {reject.detail}"}
    return {**found, "grown": _peak() - before}


def _peak() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(kind: str, cache: str) -> None:
    """Serve paths until standard input ends."""
    at: Callable[[str, Path], dict[str, Any]] = {"fonts": look_at_font, "pictures": look_at_picture}[kind]
    for line in sys.stdin:
        if hasattr(signal, "alarm"):
            signal.alarm(round(SECONDS))  # unhandled, it ends the process even in native code
        answer = at(line.rstrip("\n"), Path(cache))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
