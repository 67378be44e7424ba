"""Where the files of a dataset lie. Names come from numbers only: no text of a label and no font name gets into one."""

from __future__ import annotations

IMAGES = "images"
MANIFEST = "manifest.json"
REJECTS = "rejects.jsonl"
CHECKSUMS = "checksums"
RANGES = ".ranges"
LOCK = ".lock"
HEALTH = "health.json"

#: At most this many samples share a folder.
FOLDER_SAMPLES = 10_000


def folder_of(index: int) -> int:
    """The number of the folder that holds sample `index`."""
    return index // FOLDER_SAMPLES


def stem_path(index: int) -> str:
    """Path of a sample's files relative to the dataset's root, with `/` and without the extension."""
    return f"{IMAGES}/{folder_of(index):06d}/{index:09d}"


def tar_path(number: int) -> str:
    """Path of the tar file of a range, by its number, relative to the dataset's root."""
    return f"shard-{number:06d}.tar"


def parquet_path(number: int) -> str:
    """Path of the Parquet file of a range, by its number, relative to the dataset's root."""
    return f"data/train-{number:06d}.parquet"


def checksums_path(folder: int) -> str:
    """Path of the checksum list of one folder of samples relative to the dataset's root."""
    return f"{CHECKSUMS}/{folder:06d}.sha256"
