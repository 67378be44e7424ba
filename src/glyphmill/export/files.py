"""The bytes of one sample: its image, its label, and what is written beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import orjson
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.generator import Sample
from glyphmill.plan.used import used


@dataclass(frozen=True)
class SampleFiles:
    """The files of one sample, ready to write.

    Attributes:
        index: the sample index.
        stem: path of its files without their extensions, as the layout has it.
        image_path: path of the image.
        image: its bytes.
        label: bytes of the label: one line of JSON in UTF-8.
        extras: bytes of what is written beside it, by path.
        fields: the label as plain values.
        facts: what the run's records and the manifest say of it.
    """

    index: int
    stem: str
    image_path: str
    image: bytes
    label: bytes
    extras: Mapping[str, bytes]
    fields: Mapping[str, Any]
    facts: dict[str, Any]

    @property
    def label_path(self) -> str:
        return f"{self.stem}.json"

    def files(self) -> dict[str, bytes]:
        """All files by their paths, the label last: a label never stands without its image."""
        return {self.image_path: self.image, **self.extras, self.label_path: self.label}


def encode_sample(sample: Sample, stem: str, extension: str) -> SampleFiles:
    """The files of one sample.

    Args:
        sample: what to write.
        stem: path of its files without their extensions.
        extension: of the image file, without a dot.

    Raises: Reject where the image has no pixels, a coordinate is not finite, or the encoder cannot hold the image.
    """
    if sample.image.size == 0:
        height, width = sample.image.shape[:2]
        raise Reject("run", "empty_image", f"{width} x {height} px")
    image_path = f"{stem}.{extension}"
    image, fields = sample.encoded(), sample.label_for(image_path)
    label = encode_label(fields)
    extras = {f"{stem}.{name}.png": encode_extra(extra) for name, extra in sample.extras.items()}
    facts = {
        "index": sample.plan.index,
        "text_length": len(fields["text"]),
        "direction": fields["direction"],
        "specification": sample.plan.specification,
        "used": used(sample.plan),
        "bytes": len(image) + len(label) + sum(map(len, extras.values())),
    }
    return SampleFiles(sample.plan.index, stem, image_path, image, label, extras, fields, facts)


def encode_label(fields: Mapping[str, Any]) -> bytes:
    """A label as one line of JSON in UTF-8.

    Raises: Reject where a number is not finite, or the text cannot be written.
    """
    try:
        return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError as error:
        raise Reject("run", "lone_surrogate", "the text cannot be written as UTF-8") from error


def encode_extra(extra: NDArray[Any]) -> bytes:
    """A mask or a map, uint8 or uint16 (H, W), as PNG: gray, 8 or 16 bit, lightly compressed."""
    return bytes(cv2.imencode(".png", extra, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])
