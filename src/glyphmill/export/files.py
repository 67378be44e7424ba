"""The `files` layout: each image with its label beside it, in folders of at most 10,000 samples."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
from numpy.typing import NDArray

from glyphmill.config.extras import EXTRAS
from glyphmill.core.errors import Reject
from glyphmill.export import durable, names
from glyphmill.generator import Sample


@dataclass(frozen=True)
class SampleFiles:
    """The files of one sample, ready to write.

    Attributes:
        index: the sample index.
        image_path: path of the image relative to the dataset's root.
        image: its bytes.
        label: bytes of the label: one line of JSON in UTF-8.
        extras: bytes of what is written beside it, by path.
        facts: what the run's records and the manifest say of it.
    """

    index: int
    image_path: str
    image: bytes
    label: bytes
    extras: Mapping[str, bytes]
    facts: dict[str, Any]

    def write(self, root: Path) -> None:
        """Write all files below the dataset's root, the label last: a label never stands without its image."""
        durable.write_file(root / self.image_path, self.image)
        for path, data in self.extras.items():
            durable.write_file(root / path, data)
        durable.write_file(root / names.label_path(self.index), self.label)


def encode_sample(sample: Sample, extension: str) -> SampleFiles:
    """The files of one sample.

    Args:
        sample: what to write.
        extension: of the image file, without a dot.

    Raises: Reject where the image has no pixels, a coordinate is not finite, or the encoder cannot hold the image.
    """
    if sample.image.size == 0:
        height, width = sample.image.shape[:2]
        raise Reject("run", "empty_image", f"{width} x {height} px")
    index = sample.plan.index
    image_path = names.image_path(index, extension)
    image, fields = sample.encoded(), sample.label_for(image_path)
    try:
        label = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError as error:
        raise Reject("run", "lone_surrogate", "the text cannot be written as UTF-8") from error
    except ValueError as error:
        raise Reject("run", "not_finite", "a number of the label is not finite") from error
    extras = {names.extra_path(index, name): encode_extra(extra) for name, extra in sample.extras.items()}
    facts = {
        "index": index,
        "image": image_path,
        "image_sha256": hashlib.sha256(image).hexdigest(),
        "label_sha256": hashlib.sha256(label).hexdigest(),
        "text_length": len(fields["text"]),
        "direction": fields["direction"],
        "specification": sample.plan.specification,
        "bytes": len(image) + len(label) + sum(map(len, extras.values())),
    }
    if extras:
        facts["extras_sha256"] = {path: hashlib.sha256(data).hexdigest() for path, data in extras.items()}
    return SampleFiles(index, image_path, image, label, extras, facts)


def encode_extra(extra: NDArray[Any]) -> bytes:
    """A mask or a map, uint8 or uint16 (H, W), as PNG: gray, 8 or 16 bit, lightly compressed."""
    return bytes(cv2.imencode(".png", extra, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


def discard(root: Path, index: int, extension: str) -> None:
    """Remove the files of an index that has no sample; an earlier or interrupted run may have left some."""
    durable.remove_file(root / names.image_path(index, extension))
    for name in EXTRAS:
        durable.remove_file(root / names.extra_path(index, name))
    durable.remove_file(root / names.label_path(index))
