"""Samples for the tests of shards, made without a run, and the ways to write and read them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, BinaryIO

import cv2
import numpy as np
import orjson

from glyphmill.export import names, parquet, webdataset
from glyphmill.export.files import SampleFiles, encode_label
from glyphmill.export.layout import Shard
from glyphmill.export.stored import StoredSample

EXTRAS = ("word_mask", "region_map")


def png(index: int, side: int = 6) -> bytes:
    """An image that no other index has, of noise: it cannot be made smaller."""
    pixels = np.random.default_rng(index).integers(0, 256, (side, side + 2, 3), np.uint8)
    return bytes(cv2.imencode(".png", pixels)[1])


def sample_files(
    index: int, text: str = "two words", *, extension: str = "png", extras: Sequence[str] = (), side: int = 6
) -> SampleFiles:
    """A sample with a label in the label format, as far as shards look at it."""
    stem = f"{index:09d}"
    polygon = [[-1.5, 0.25], [4.0, 0.25], [4.0, 3.75], [-1.5, 3.75]]
    fields: dict[str, Any] = {
        "image": f"{stem}.{extension}",
        "width": side + 2,
        "height": side,
        "text": text,
        "direction": "left_to_right",
        "lines": [{"text": text, "polygon": polygon}],
        "words": [{"text": word, "polygon": polygon} for word in text.split()],
        "bboxes": [{"char": char, "x0": 0.0, "y0": 0.25, "x1": 1.13, "y1": 3.0} for char in text],
        "plan": {"specification": "plain", "steps": []},
    }
    beside = {f"{stem}.{name}.png": png(index + 1000 * len(name)) for name in extras}
    return SampleFiles(
        index, stem, fields["image"], png(index, side), encode_label(fields), beside, fields, {"index": index}
    )


@dataclass(frozen=True)
class Kind:
    """One kind of shard."""

    module: ModuleType
    path: Callable[[int], str]
    open: Callable[[BinaryIO, Sequence[str]], Shard]

    def write(self, samples: Iterable[SampleFiles], extras: Sequence[str] = ()) -> bytes:
        """The bytes of a shard."""
        file = io.BytesIO()
        shard = self.open(file, extras)
        for sample in samples:
            shard.add(sample)
        shard.close()
        return file.getvalue()

    def read(self, data: bytes) -> list[StoredSample]:
        """The samples in these bytes."""
        return list(self.reading(io.BytesIO(data)))

    def reading(self, file: BinaryIO) -> Iterator[StoredSample]:
        """The samples in this file, one after the other."""
        found: Iterator[StoredSample] = self.module.read_shard(file)
        return found


TAR = Kind(webdataset, names.tar_path, lambda file, extras: webdataset.TarShard(file))
PARQUET = Kind(parquet, names.parquet_path, parquet.ParquetShard)
KINDS = {"webdataset": TAR, "parquet": PARQUET}


def stored(samples: Iterable[SampleFiles]) -> list[StoredSample]:
    """What is to be read of samples that were written."""
    return [StoredSample(s.index, s.image_path, s.image, s.label, s.extras) for s in samples]


def again(sample: StoredSample, *, image: bytes | None = None, **fields: Any) -> SampleFiles:
    """A sample that was read, to be written once more with another image or with other values in its label."""
    label = {**orjson.loads(sample.label), **fields}
    return SampleFiles(
        sample.index,
        sample.stem,
        sample.image_path,
        image or sample.image,
        encode_label(label),
        sample.extras,
        label,
        {"index": sample.index},
    )


def digests() -> list[str]:
    """Of a shard of each kind; the same in any process."""
    samples = [sample_files(index, extras=EXTRAS) for index in range(30, 250)]
    return [hashlib.sha256(kind.write(samples, EXTRAS)).hexdigest() for kind in KINDS.values()]
