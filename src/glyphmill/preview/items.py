"""What a contact sheet shows: samples of a finished dataset, or of a job that is rendered on the spot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import GlyphmillError
from glyphmill.run.dataset import Entry, decoded, find_dataset

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Item:
    """One sample on a sheet.

    Attributes:
        index: its index in the job.
        specification: name of the specification that made it.
        label: its label, as the file has it.
        encoded: the image file's bytes.
        pixels: RGB, (h, w, 3).
        caption: what else is to be said about it; on pages, and in galleries.
    """

    index: int
    specification: str
    label: dict[str, Any]
    encoded: bytes
    pixels: Pixels
    caption: str = ""

    @property
    def direction(self) -> str:
        """The reading direction of the text."""
        return str(self.label["direction"])


class RenderedSample(Protocol):
    """What a job yields: an image with its label."""

    @property
    def label(self) -> dict[str, Any]: ...

    def encoded(self) -> bytes:
        """The image file's bytes."""


def items_of_dataset(where: str | Path, count: int) -> list[Item]:
    """`count` samples of a dataset in a folder or at an address, spread evenly over it; all if there are fewer.

    Raises: GlyphmillError if it is no dataset, or there is none in it, or a label or an image cannot be read.
    """
    dataset = find_dataset(where)
    items = [_item_of_entry(entry) for entry in dataset.spread(count)]
    if not items:
        raise GlyphmillError(f"{dataset.storage.location}: there are no samples to show")
    return items


def items_of_samples(samples: Iterable[RenderedSample]) -> Iterator[Item]:
    """The samples of a job as items, in their order."""
    for sample in samples:
        encoded = sample.encoded()
        pixels = decoded(encoded)
        if pixels is None:
            raise GlyphmillError("a rendered sample is not an image that can be read")
        plan = sample.label["plan"]
        yield Item(int(plan["index"]), str(plan["specification"]), sample.label, encoded, pixels)


def _item_of_entry(entry: Entry) -> Item:
    label = entry.label()
    try:
        specification = str(label["plan"]["specification"])
    except KeyError as error:
        raise entry.fault(f"its plan has no {error}") from error
    return Item(entry.index, specification, label, entry.sample.image, entry.image())
