"""Where the files of a dataset lie. Names come from numbers only: no text of a label and no font name gets into one."""

from __future__ import annotations

IMAGES = "images"
MANIFEST = "manifest.json"
REJECTS = "rejects.jsonl"
CHECKSUMS = "checksums"
RANGES = ".ranges"

#: At most this many samples share a folder.
FOLDER_SAMPLES = 10_000


def folder_of(index: int) -> int:
    """The number of the folder that holds sample `index`."""
    return index // FOLDER_SAMPLES


def stem_path(index: int) -> str:
    """Path of a sample's files relative to the dataset's root, with `/` and without the extension."""
    return f"{IMAGES}/{folder_of(index):06d}/{index:09d}"


def image_path(index: int, extension: str) -> str:
    """Path of a sample's image relative to the dataset's root; `extension` has no dot."""
    return f"{stem_path(index)}.{extension}"


def extra_path(index: int, name: str) -> str:
    """Path of what is written beside a sample's image, relative to the dataset's root."""
    return f"{stem_path(index)}.{name}.png"


def label_path(index: int) -> str:
    """Path of a sample's label relative to the dataset's root."""
    return f"{stem_path(index)}.json"


def checksums_path(folder: int) -> str:
    """Path of the checksum list of one folder of samples relative to the dataset's root."""
    return f"{CHECKSUMS}/{folder:06d}.sha256"
