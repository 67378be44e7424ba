"""Laws of open files: any piece, from any thread, and closed when nobody holds them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from glyphmill.catalogue.open_file import LockedFile, OpenFile, open_file

DATA = bytes(range(256)) * 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.write_bytes(DATA)
    return path


@pytest.fixture(params=[OpenFile, LockedFile])
def opened(request: pytest.FixtureRequest, path: Path) -> OpenFile:
    file: OpenFile = request.param(os.open(path, os.O_RDONLY))
    return file


def test_pieces_are_those_of_the_file(opened: OpenFile) -> None:
    """From anywhere, cut at the end of the file, and none beyond it."""
    assert opened.size == opened.size_now() == len(DATA)
    for at, size in ((0, 10), (1000, 1), (len(DATA) - 5, 50), (len(DATA), 1), (len(DATA) + 9, 9), (7, len(DATA))):
        assert opened.read(at, size) == DATA[at : at + size]


def test_the_size_is_that_of_now(opened: OpenFile, path: Path) -> None:
    """It follows the file; ``size`` stays what it was."""
    os.truncate(path, 3)
    assert (opened.size, opened.size_now()) == (len(DATA), 3)
    assert opened.read(0, 9) == DATA[:3]


def test_threads_share_a_file(opened: OpenFile) -> None:
    """None gets what another asked for."""

    def reads(first: int) -> bool:
        return all(opened.size_now() and opened.read(at, 99) == DATA[at : at + 99] for at in range(first, 5000, 7))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(reads, range(7)))


def test_it_closes_with_its_last_reference(path: Path) -> None:
    """Its descriptor is free again."""
    file = open_file(str(path))
    descriptor = file._descriptor
    os.fstat(descriptor)
    del file
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_what_cannot_be_opened_leaves_nothing_open(tmp_path: Path) -> None:
    """Neither a missing file nor a pipe, which has no size."""
    with pytest.raises(FileNotFoundError):
        open_file(str(tmp_path / "none"))
    reading, writing = os.pipe()
    os.close(writing)
    with pytest.raises(OSError, match="seek"):
        OpenFile(reading)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reading)
