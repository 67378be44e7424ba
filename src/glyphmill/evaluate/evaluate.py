"""A dataset read by an engine: pieces of text are cut out, read side by side, and compared with their labels."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby, islice
from pathlib import Path

from glyphmill.core.errors import GlyphmillError
from glyphmill.core.registry import Registry, discover
from glyphmill.evaluate.compare import Distance, Form, edits, open_distance, plain
from glyphmill.evaluate.crop import picture_of
from glyphmill.evaluate.engine import Engine, Pixels, Way
from glyphmill.evaluate.groups import GROUPINGS, Grouping, groups_of, kept, parsed
from glyphmill.evaluate.pieces import Level, Piece, pieces_of
from glyphmill.evaluate.report import EvaluateReport, Reading
from glyphmill.run.dataset import Dataset, find_dataset

#: Pieces that an engine is given at a time: a program starts and loads its model once for all of them.
_BATCH = 32
#: Batches that wait for each worker.
_AHEAD = 2
#: What pictures that wait for others of their way may take in memory.
_BATCH_BYTES = 256 * 2**20

#: What an engine gets to see of a piece, with the place of the piece among all.
Picture = tuple[int, Pixels]


def evaluate(
    where: str | Path,
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
    """Let an engine read a dataset, whatever its layout.

    Args:
        where: its folder or address.
        engine: what reads.
        level: what is read at a time.
        limit: of how many samples, the first ones; None for all.
        by: what the scores are grouped by.
        only: ``GROUPING=NAME``: what else is left out. Names of one grouping are alternatives.
        form: of Unicode, in which labels and readings are compared.
        workers: how many batches are read at once; the report is the same for any number.
        registry: the units that exist, which say what their strengths are; None for all that are installed.
        progress: ``progress(done, total)`` in pieces.

    Raises: RunError if there is no manifest, or its layout cannot be read here; EngineError if the engine lacks what
        it takes to read this dataset, or ``only`` is misspelt; GlyphmillError if a label or an image cannot be read,
        or nothing is left.
    """
    distance = open_distance()
    dataset, registry, wanted = find_dataset(where), registry or discover(), parsed(only)
    samples, pieces = 0, list[Piece]()
    for entry in islice(dataset.samples(), limit):
        samples += 1
        pieces += (
            piece
            for piece in pieces_of(entry, level, registry)
            if kept(piece.facts, wanted) and plain(piece.text, piece.facts.script, form)
        )
    if not pieces:
        what = "are no samples" if not samples else "is no text to read" + (" that --only leaves" if wanted else "")
        raise GlyphmillError(f"{dataset.storage.location}: there {what}")
    found = _read_all(dataset, pieces, engine, workers, progress or (lambda done, total: None))
    readings = [_compared(piece, each, form, distance) for piece, each in zip(pieces, found, strict=True)]
    read = [reading.piece.facts for reading in readings if reading.edits is not None]
    return EvaluateReport(
        engine=engine.name,
        level=level,
        form=form,
        samples=samples,
        rejected=dataset.manifest["rejected"],
        unlabelled=dataset.unlabelled(),
        readings=readings,
        groups=groups_of(read, by, registry),
    )


def _read_all(
    dataset: Dataset, pieces: Sequence[Piece], engine: Engine, workers: int, progress: Callable[[int, int], None]
) -> list[str | None]:
    """What is read of each piece."""
    ways = [engine.way(piece) for piece in pieces]
    engine.check(sorted({way.model for way in ways}))
    found: list[str | None] = [None] * len(pieces)
    running: deque[tuple[list[int], Future[list[str | None]]]] = deque()
    done = 0

    def finish_one() -> None:
        nonlocal done
        places, job = running.popleft()
        for place, reading in zip(places, job.result(), strict=True):
            found[place] = reading
        done += len(places)
        progress(done, len(pieces))

    with ThreadPoolExecutor(workers) as pool:
        try:
            for places, pictures in batches(_pictures(dataset, pieces, ways), ways):
                if len(running) > _AHEAD * workers:
                    finish_one()
                running.append((places, pool.submit(engine.read, pictures, ways[places[0]])))
            while running:
                finish_one()
        except BaseException:
            # Not what still waits is read before the error is told.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def _pictures(dataset: Dataset, pieces: Sequence[Piece], ways: Sequence[Way]) -> Iterator[Picture]:
    """What an engine gets to see of each piece, in order: every image is decoded once, and none is kept."""
    entries = dataset.samples()
    for index, places in groupby(range(len(pieces)), key=lambda place: pieces[place].index):
        entry = next((entry for entry in entries if entry.index == index), None)
        if entry is None:
            raise GlyphmillError(f"{dataset.storage.location}: sample {index} has gone since its label was read")
        image = entry.image()
        try:
            yield from ((place, picture_of(image, pieces[place], ways[place].manner)) for place in places)
        except GlyphmillError as error:
            raise entry.fault(str(error)) from error


def batches(pictures: Iterable[Picture], ways: Sequence[Way]) -> Iterator[tuple[list[int], list[Pixels]]]:
    """Pictures that are read in the same way, some at a time, with the places of their pieces.

    Args:
        pictures: with the places of their pieces.
        ways: how each piece is read, by its place.
    """
    waiting: dict[Way, list[Picture]] = {}
    held = 0
    for place, picture in pictures:
        alike = waiting.setdefault(ways[place], [])
        alike.append((place, picture))
        held += picture.nbytes
        while len(alike) == _BATCH or held > _BATCH_BYTES:
            # The one that is full, or where most is gained.
            batch = waiting.pop(max(waiting, key=lambda way: len(waiting[way])))
            held -= sum(picture.nbytes for _, picture in batch)
            yield _batch(batch)
            alike = waiting.get(ways[place], [])
    yield from map(_batch, waiting.values())


def _batch(pictures: list[Picture]) -> tuple[list[int], list[Pixels]]:
    return [place for place, _ in pictures], [picture for _, picture in pictures]


def _compared(piece: Piece, reading: str | None, form: Form, distance: Distance) -> Reading:
    script = piece.facts.script
    expected = plain(piece.text, script, form)
    if reading is None:
        return Reading(piece, expected, None, None)
    found = plain(reading, script, form)
    return Reading(piece, expected, found, edits(expected, found, script, distance))
