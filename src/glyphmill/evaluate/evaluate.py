"""A dataset read by an engine: pieces of text are cut out, read side by side, and compared with their labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from glyphmill.core.errors import GlyphmillError
from glyphmill.core.registry import Registry, discover
from glyphmill.evaluate.compare import Distance, Form, edits, open_distance, plain
from glyphmill.evaluate.crop import picture_of
from glyphmill.evaluate.engine import Engine, Pixels, Way
from glyphmill.evaluate.groups import GROUPINGS, Grouping, groups_of, kept, parsed
from glyphmill.evaluate.pieces import Level, Piece, labels_of, pieces_of
from glyphmill.evaluate.report import EvaluateReport, Reading
from glyphmill.export import names
from glyphmill.run.manifest import read_manifest
from glyphmill.run.outcome import RunError

#: Pieces that an engine is given at a time: a program starts and loads its model once for all of them.
_BATCH = 32


def evaluate(
    root: str | Path,
    engine: Engine,
    *,
    level: Level = "line",
    limit: int | None = None,
    by: Iterable[Grouping] = GROUPINGS,
    only: Iterable[str] = (),
    form: Form = "nfc",
    workers: int = 1,
    registry: Registry | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> EvaluateReport:
    """Let an engine read a dataset in the `files` layout.

    Args:
        root: its folder.
        engine: what reads.
        level: what is read at a time.
        limit: of how many samples, the first ones; None for all.
        by: what the scores are grouped by.
        only: ``GROUPING=NAME``: what else is left out. Names of one grouping are alternatives.
        form: of Unicode, in which labels and readings are compared.
        workers: how many batches are read at once; the report is the same for any number.
        registry: the units that exist, which say what their strengths are; None for all that are installed.
        progress: ``progress(done, total)`` in pieces.

    Raises: RunError if the folder holds no manifest; EngineError if the engine lacks what it takes to read this
        dataset, or ``only`` is misspelt; GlyphmillError if a label or an image cannot be read, or nothing is left.
    """
    distance = open_distance()
    root, registry, wanted = Path(root), registry or discover(), parsed(only)
    manifest = read_manifest(root)
    if manifest is None:
        raise RunError(f"{root} holds no {names.MANIFEST}; is it the folder of a dataset?")
    labels = labels_of(root, limit)
    pieces = [
        piece
        for path in labels
        for piece in pieces_of(path, root, level, registry)
        if kept(piece.facts, wanted) and plain(piece.text, piece.facts.script, form)
    ]
    if not pieces:
        raise GlyphmillError(f"{root}: there is no text to read" + (" that --only leaves" if wanted else ""))
    found = _read_all(pieces, engine, workers, progress or (lambda done, total: None))
    readings = [_compared(piece, each, form, distance) for piece, each in zip(pieces, found, strict=True)]
    read = [reading.piece.facts for reading in readings if reading.edits is not None]
    return EvaluateReport(
        engine=engine.name,
        level=level,
        form=form,
        samples=len(labels),
        rejected=manifest["rejected"],
        unlabelled=_unlabelled(root),
        readings=readings,
        groups=groups_of(read, by, registry),
    )


def _read_all(
    pieces: Sequence[Piece], engine: Engine, workers: int, progress: Callable[[int, int], None]
) -> list[str | None]:
    """What is read of each piece."""
    ways = [engine.way(piece) for piece in pieces]
    engine.check(sorted({way.model for way in ways}))
    batches = list(_batches(ways))
    found: list[str | None] = [None] * len(pieces)
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        jobs = [
            pool.submit(_read_batch, [pieces[place] for place in places], engine, ways[places[0]]) for places in batches
        ]
        try:
            for places, job in zip(batches, jobs, strict=True):
                for place, reading in zip(places, job.result(), strict=True):
                    found[place] = reading
                done += len(places)
                progress(done, len(pieces))
        except BaseException:
            # Not what still waits is read before the error is told.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def _batches(ways: Sequence[Way]) -> Iterator[list[int]]:
    """The places of pieces that are read in the same way, some at a time."""
    places = sorted(range(len(ways)), key=lambda place: (ways[place], place))
    for _, alike in groupby(places, key=lambda place: ways[place]):
        members = list(alike)
        yield from (members[first : first + _BATCH] for first in range(0, len(members), _BATCH))


def _read_batch(pieces: Sequence[Piece], engine: Engine, way: Way) -> list[str | None]:
    pictures = []
    for path, members in groupby(pieces, key=lambda piece: piece.image):
        image = _image(path)
        try:
            pictures += [picture_of(image, piece, way.manner) for piece in members]
        except GlyphmillError as error:
            raise GlyphmillError(f"{path}: {error}. `glyphmill verify` lists every bad file.") from error
    return engine.read(pictures, way)


def _image(path: Path) -> Pixels:
    """The pixels of an image file, RGB (H, W, 3)."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise GlyphmillError(f"{path}: {error.strerror or error}. `glyphmill verify` lists every bad file.") from error
    image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if len(data) else None
    if image is None:
        raise GlyphmillError(f"{path}: not an image that can be read. `glyphmill verify` lists every bad file.")
    return np.asarray(image, np.uint8)


def _compared(piece: Piece, reading: str | None, form: Form, distance: Distance) -> Reading:
    script = piece.facts.script
    expected = plain(piece.text, script, form)
    if reading is None:
        return Reading(piece, expected, None, None)
    found = plain(reading, script, form)
    return Reading(piece, expected, found, edits(expected, found, script, distance))


def _unlabelled(root: Path) -> int:
    """How many images have no label beside them."""
    files = list((root / names.IMAGES).glob("*/*"))
    labels = {path.with_suffix("") for path in files if path.suffix == ".json"}
    # An extra of a sample has a second suffix.
    images = {path.with_name(path.name.partition(".")[0]) for path in files if path.suffix in (".png", ".jpg", ".webp")}
    return len(images - labels)
