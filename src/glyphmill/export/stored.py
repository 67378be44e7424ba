"""A sample as a finished dataset holds it, whatever the layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from glyphmill.core.errors import GlyphmillError

#: What an image is called after its first dot.
IMAGE_KINDS = ("png", "jpg", "webp")


@dataclass(frozen=True)
class StoredSample:
    """One sample, read back.

    Attributes:
        index: the sample index.
        image_path: where its image is: the path that its label gives.
        image: bytes of the image file.
        label: bytes of the label: one line of JSON in UTF-8.
        extras: bytes of what is written beside it, by path.
    """

    index: int
    image_path: str
    image: bytes
    label: bytes
    extras: Mapping[str, bytes]

    @property
    def stem(self) -> str:
        """What the paths of all its parts begin with, up to the first dot."""
        return self.image_path.partition(".")[0]

    @property
    def label_path(self) -> str:
        """Where its label is."""
        return f"{self.stem}.json"

    def named_extras(self) -> dict[str, bytes]:
        """The extras by their names, such as ``word_mask``."""
        return {path.removeprefix(f"{self.stem}.").removesuffix(".png"): data for path, data in self.extras.items()}


class StoredError(GlyphmillError):
    """Files of a dataset that are damaged, or that cannot be read or written here."""


def fields_of(label: bytes, index: int) -> dict[str, Any]:
    """The label of sample `index`, parsed. Raises: StoredError."""
    try:
        fields = orjson.loads(label)
    except orjson.JSONDecodeError as error:
        raise StoredError(f"the label of sample {index} is no JSON: {error}") from error
    if not isinstance(fields, dict):
        raise StoredError(f"the label of sample {index} is {type(fields).__name__}, not an object")
    return fields
