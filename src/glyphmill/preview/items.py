"""What a contact sheet shows: samples of a finished dataset, or of a job that is rendered on the spot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import GlyphmillError
from glyphmill.core.labels import SCHEMA
from glyphmill.export.names import IMAGES

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


def items_of_dataset(folder: Path, count: int) -> list[Item]:
    """`count` samples of a dataset, spread evenly over it; all of them if there are fewer.

    Raises: GlyphmillError if the folder is no dataset, or if a label or an image in it cannot be read.
    """
    labels = sorted((folder / IMAGES).glob("*/*.json"))
    if not labels:
        raise GlyphmillError(f"{folder}: no labels under {IMAGES}/. Give the folder that `glyphmill generate` wrote.")
    chosen = [labels[position * len(labels) // count] for position in range(count)] if count < len(labels) else labels
    return [_item_of_label(path, folder) for path in chosen]


def items_of_samples(samples: Iterable[RenderedSample]) -> Iterator[Item]:
    """The samples of a job as items, in their order."""
    for sample in samples:
        yield _item(sample.label, sample.encoded(), "rendered sample")


def _item_of_label(path: Path, folder: Path) -> Item:
    try:
        label = json.loads(path.read_bytes())
        if label["schema"] != SCHEMA:
            raise GlyphmillError(f"{path}: schema is {label['schema']!r}; this version reads {SCHEMA!r}.")
        image = folder / label["image"]
        if not image.resolve().is_relative_to(folder.resolve()):
            raise GlyphmillError(f"{path}: its image {label['image']!r} lies outside the dataset.")
        encoded = image.read_bytes()
    except OSError as error:
        raise GlyphmillError(f"{error.filename or path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise GlyphmillError(f"{path}: not a label ({error}). `glyphmill verify` lists every bad file.") from error
    return _item(label, encoded, str(image))


def _item(label: dict[str, Any], encoded: bytes, source: str) -> Item:
    pixels = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR_RGB) if encoded else None
    if pixels is None:
        raise GlyphmillError(f"{source}: not an image that can be read.")
    plan = label["plan"]
    return Item(
        index=int(plan["index"]),
        specification=str(plan["specification"]),
        label=label,
        encoded=encoded,
        pixels=pixels.astype(np.uint8, copy=False),
    )
