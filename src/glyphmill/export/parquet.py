"""The `parquet` layout: tables that Hugging Face `datasets` loads with an Image column.

Source: https://huggingface.co/docs/datasets/image_load; https://parquet.apache.org/docs/file-format/.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import BufferedIOBase
from types import ModuleType
from typing import Any, BinaryIO

from glyphmill.export.files import SampleFiles
from glyphmill.export.stored import StoredError, StoredSample, fields_of

#: A row group ends after this many samples, or sooner after this many bytes: what a writer and a reader hold.
GROUP_SAMPLES = 100
GROUP_BYTES = 32 * 2**20

#: Columns with few values or many repeated ones. Of the others a dictionary would only be tried and given up.
_DICTIONARIES = ["direction", "specification"]
_CORNERS = ("x0", "y0", "x1", "y1")


class ParquetShard:
    """Writes samples into a Parquet file, a row each, and holds at most one row group of them.

    The same samples give the same bytes.

    Args:
        file: a new file, open for writing; it is left open.
        extras: names of what each sample has beside its image; a column each.

    Raises: StoredError if the extra `storage` is not installed.
    """

    def __init__(self, file: BinaryIO, extras: Sequence[str] = ()) -> None:
        self._pyarrow = load_pyarrow()
        self._schema = schema(extras)
        self._writer = self._pyarrow.parquet.ParquetWriter(
            file,
            self._schema,
            compression="zstd",
            use_dictionary=_DICTIONARIES,
            write_statistics=["index"],
            write_page_checksum=True,
        )
        # A shard that is dropped is given up: pyarrow's writer would still try to write the end into the file.
        weakref.finalize(self, setattr, self._writer, "is_open", False)
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0

    def add(self, sample: SampleFiles) -> None:
        """Add a sample; samples come in the order of their indices. Raises: OSError."""
        row = {
            "index": sample.index,
            "image": {"bytes": sample.image, "path": sample.image_path},
            **_derived(sample.fields, sample.index),
            "label": sample.label.decode(),
            **{
                path.removeprefix(f"{sample.stem}.").removesuffix(".png"): {"bytes": data, "path": path}
                for path, data in sample.extras.items()
            },
        }
        if row.keys() != set(self._schema.names):
            # pyarrow would leave out what there is no column for, and say nothing.
            raise StoredError(
                f"sample {sample.index} has {', '.join(row)}; the columns are {', '.join(self._schema.names)}"
            )
        self._rows.append(row)
        self._bytes += len(sample.image) + len(sample.label) + sum(map(len, sample.extras.values()))
        if len(self._rows) == GROUP_SAMPLES or self._bytes >= GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what is left and the end of the file. Raises: OSError."""
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(self._pyarrow.Table.from_pylist(self._rows, self._schema))
        self._rows, self._bytes = [], 0


def read_indices(file: BufferedIOBase) -> list[int]:
    """The indices of the samples of a shard, in order. Raises: as ``read_shard``."""
    with _opened(file) as (table, _):
        return list(table.read(columns=["index"])["index"].to_pylist())


def read_shard(file: BufferedIOBase, wanted: Container[int] | None = None) -> Iterator[StoredSample]:
    """The samples of a shard in order, all or those with these indices; memory holds one row group at a time.

    Raises: StoredError if it is damaged, or is not what ``ParquetShard`` writes, or the extra `storage` is not
    installed.
    """
    last = -1
    with _opened(file) as (table, extras):
        for group in range(table.num_row_groups):
            for row in _rows(table, group, wanted):
                sample = _sample(row, extras)
                if sample.index <= last:
                    raise StoredError(f"sample {sample.index} comes after sample {last}")
                last = sample.index
                yield sample


@contextmanager
def _opened(file: BufferedIOBase) -> Iterator[tuple[Any, list[str]]]:
    """A shard as a table (``pyarrow.parquet.ParquetFile``), and its extras. Raises: StoredError, in the block too."""
    pyarrow = load_pyarrow()
    try:
        table = pyarrow.parquet.ParquetFile(file, page_checksum_verification=True)
        extras = table.schema_arrow.names[len(schema(()).names) :]
        if not table.schema_arrow.equals(schema(extras)):
            raise StoredError(
                f"its columns are not those of a dataset, or not of their types: {table.schema_arrow.names}"
            )
        yield table, extras
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise StoredError(f"it cannot be read as Parquet: {error}") from error


def _rows(table: Any, group: int, wanted: Container[int] | None) -> list[dict[str, Any]]:
    """The rows of a row group, all or those of the samples with these indices."""
    if wanted is None:
        return list(table.read_row_group(group).to_pylist())
    indices = table.read_row_group(group, columns=["index"])["index"].to_pylist()
    places = [place for place, index in enumerate(indices) if index in wanted]
    return list(table.read_row_group(group).take(places).to_pylist()) if places else []


def _sample(row: dict[str, Any], extras: Sequence[str]) -> StoredSample:
    index = row["index"]
    for name in ("index", "label", "image", *extras):
        value = row[name]
        if value is None or (isinstance(value, dict) and None in value.values()):
            raise StoredError(f"sample {index} has no {name}")
    label = row["label"].encode()
    for name, value in _derived(fields_of(label, index), index).items():
        if row[name] != value:
            raise StoredError(f"the column {name} of sample {index} is not what its label says")
    image = row["image"]
    files = {row[name]["path"]: row[name]["bytes"] for name in extras}
    return StoredSample(index, image["path"], image["bytes"], label, files)


def schema(extras: Sequence[str]) -> Any:
    """The columns (``pyarrow.Schema``) of a dataset with these extras."""
    pyarrow = load_pyarrow()
    image = pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()})
    part = pyarrow.struct({"text": pyarrow.string(), "box": pyarrow.list_(pyarrow.float64())})
    columns = {
        "index": pyarrow.int64(),
        "image": image,
        "text": pyarrow.string(),
        "direction": pyarrow.string(),
        "specification": pyarrow.string(),
        "width": pyarrow.int32(),
        "height": pyarrow.int32(),
        **dict.fromkeys(("lines", "words", "chars"), pyarrow.list_(part)),
        "label": pyarrow.string(),
        **dict.fromkeys(extras, image),
    }
    # Only what `datasets` could not tell from the types of the columns.
    features = {name: {"_type": "Image"} for name in ("image", *extras)}
    return pyarrow.schema(columns, {"huggingface": json.dumps({"info": {"features": features}})})


def load_pyarrow() -> ModuleType:
    """The package pyarrow with its part for Parquet. Raises: StoredError if it is not installed."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise StoredError(
            "Parquet is read and written by the package pyarrow, which is not installed: "
            "pip install 'glyphmill[storage]'"
        ) from error


def _derived(fields: Mapping[str, Any], index: int) -> dict[str, Any]:
    """The columns of a sample that repeat what its label says."""
    try:
        width, height = fields["width"], fields["height"]
        return {
            **{name: fields[name] for name in ("text", "direction", "width", "height")},
            "specification": fields["plan"]["specification"],
            "lines": [_part(line["text"], line["polygon"], width, height) for line in fields["lines"]],
            "words": [_part(word["text"], word["polygon"], width, height) for word in fields["words"]],
            "chars": [{"text": box["char"], "box": [box[key] for key in _CORNERS]} for box in fields["bboxes"]],
        }
    except (KeyError, TypeError, ValueError) as error:
        raise StoredError(f"the label of sample {index} is not in the label format: {error!r}") from error


def _part(text: str, polygon: list[list[float]], width: int, height: int) -> dict[str, Any]:
    """A line or word with the box around its polygon, [x0, y0, x1, y1] px, clipped to the image."""
    across, down = [min(max(x, 0), width) for x, _ in polygon], [min(max(y, 0), height) for _, y in polygon]
    return {"text": text, "box": [min(across), min(down), max(across), max(down)]}
