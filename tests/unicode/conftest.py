"""The packed conformance files of the Unicode Character Database, line by line."""

from __future__ import annotations

import lzma
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def conformance() -> Callable[[str], Iterator[str]]:
    """A function from the name of a file to those of its lines that say something."""

    def lines(name: str) -> Iterator[str]:
        with lzma.open(DATA / f"{name}.xz", "rt", encoding="utf-8") as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    yield line.rstrip("\n")

    return lines
