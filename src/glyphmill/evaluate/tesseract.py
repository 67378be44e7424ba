"""Tesseract, as a program of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2

from glyphmill.evaluate.engine import EngineError, Manner, Pixels, Way
from glyphmill.evaluate.languages import debian_package, trained_name
from glyphmill.evaluate.pieces import Piece

#: Page segmentation modes.
_MODES: dict[Manner, str] = {"line": "7", "word": "8", "column": "5", "page": "6"}
#: Lines that consist of many small pieces of ink, such as Arabic ones with their dots, are else taken for noise.
_SETTINGS = ("-c", "textord_min_linesize=2.5")
#: What a picture may take. It takes some hundredths of a second.
_SECONDS = 30


class Tesseract:
    """Reads by the program ``tesseract``.

    Args:
        language: name of the trained data that reads everything, such as ``eng`` or ``deu+fra``; None for that of the
            language of each piece.
        program: its name or path.

    Raises: EngineError if it is not installed.
    """

    def __init__(self, language: str | None = None, program: str = "tesseract") -> None:
        if shutil.which(program) is None:
            raise EngineError(
                f"the program {program!r} is not installed. On Debian: apt-get install tesseract-ocr, and "
                "tesseract-ocr-<language> for what is to be read."
            )
        self._language, self._program = language, program
        self._version = self._ask("--version").split("\n", 1)[0].strip()

    @property
    def name(self) -> str:
        """As the program says it, such as ``tesseract 5.3.0``."""
        return self._version

    def way(self, piece: Piece) -> Way:
        """By the model of its language; columns only where there is one for them, else turned by a quarter."""
        facts = piece.facts
        model = self._language or trained_name(facts.language, facts.script, upright=piece.upright)
        if model is None:
            raise EngineError(
                f"Tesseract has no trained data for text of the script {facts.script} whose language is not known: "
                "name one with --language"
            )
        if piece.level == "image":
            vertical = "column" if model.endswith("_vert") else "page"
            return Way(model, "line" if piece.lines == 1 and vertical == "page" else vertical)  # type: ignore[arg-type]
        return Way(model, "column" if model.endswith("_vert") and piece.upright else piece.level)

    def check(self, models: Iterable[str]) -> None:
        """Are all models installed? Raises: EngineError naming those that are not, and their packages."""
        installed = set(self._ask("--list-langs").split("\n")[1:])
        missing = sorted({name for model in models for name in model.split("+")} - installed)
        if missing:
            raise EngineError(
                f"Tesseract lacks trained data for {', '.join(missing)}. "
                f"On Debian: apt-get install {' '.join(map(debian_package, missing))}. "
                "--only reads a part of the dataset, such as --only language=en-Latn."
            )

    def read(self, pictures: Sequence[Pixels], way: Way) -> list[str | None]:
        """What stands in each picture; None where the program fails or takes too long."""
        with tempfile.TemporaryDirectory(prefix="glyphmill-") as folder:
            paths = [Path(folder, f"{number:06d}.png") for number in range(len(pictures))]
            for path, picture in zip(paths, pictures, strict=True):
                path.write_bytes(cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes())
            readings = self._read(paths, way, Path(folder, "pictures.txt"))
            if readings is None and len(paths) > 1:
                # One picture may end the program, or take all of its time: the others are read without it.
                alone = [self._read([path], way, Path(folder, "picture.txt")) for path in paths]
                return [reading[0] if reading else None for reading in alone]
        return list(readings) if readings else [None] * len(pictures)

    def _read(self, paths: Sequence[Path], way: Way, listing: Path) -> list[str] | None:
        listing.write_text("\n".join(map(str, paths)), encoding="utf-8")
        command = [self._program, str(listing), "stdout", "-l", way.model, "--psm", _MODES[way.manner], *_SETTINGS]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=True,
                timeout=_SECONDS * len(paths),
                # Pictures are read side by side already.
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.SubprocessError:
            return None
        readings = done.stdout.decode("utf-8", "replace").split("\f")
        return readings if len(readings) == len(paths) else None

    def _ask(self, option: str) -> str:
        try:
            done = subprocess.run([self._program, option], capture_output=True, check=True, timeout=_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            raise EngineError(f"the program {self._program!r} does not work: {error}") from error
        return (done.stdout or done.stderr).decode("utf-8", "replace")
