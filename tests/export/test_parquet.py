"""Parquet shards as Hugging Face `datasets` and pyarrow read them."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from glyphmill.export import names, parquet
from glyphmill.export.files import encode_label, encode_sample
from glyphmill.export.stored import StoredError
from tests.export.shards import EXTRAS, PARQUET, png, sample_files
from tests.jobs import open_job

HEBREW = {"text": {"direction": "right_to_left", "language": "he", "length": [4, 12], "lines": 2}}


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`datasets.load_dataset`, which keeps its files in the test's folder and does not use the network."""
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    monkeypatch.setitem(os.environ, "HF_HOME", str(tmp_path / "home"))
    import datasets

    return lambda where, **options: datasets.load_dataset(where, cache_dir=str(tmp_path / "cache"), **options)


def folder_with(root: Path, shards: list[bytes]) -> Path:
    """A dataset as it lies in a folder, with the other files that a run writes."""
    for number, data in enumerate(shards):
        path = root / names.parquet_path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for other in ("manifest.json", "health.json", "rejects.jsonl", ".ranges/000000000-000000003.jsonl"):
        (root / other).parent.mkdir(exist_ok=True)
        (root / other).write_text('{"a": 1}\n')
    return root


def test_datasets_loads_the_folder_of_a_dataset(load: Callable[..., Any], tmp_path: Path) -> None:
    """With an Image column that decodes to the very pixels, text, and boxes; nothing has to be cast."""
    job = open_job([HEBREW], 6)
    samples = [job.sample(index, 0) for index in range(6)]
    files = [encode_sample(sample, f"{index:09d}", "png") for index, sample in enumerate(samples)]
    rows = load(str(folder_with(tmp_path / "data set", [PARQUET.write(files[:4]), PARQUET.write(files[4:])])))["train"]
    assert type(rows.features["image"]).__name__ == "Image"
    assert rows["index"][:] == list(range(6))
    for row, made in zip(rows, samples, strict=True):
        label = json.loads(json.dumps(made.label_for(f"{row['index']:09d}.png")))
        assert np.array_equal(np.asarray(row["image"]), made.image)
        assert (row["width"], row["height"]) == row["image"].size
        assert json.loads(row["label"]) == label
        assert (row["text"], row["direction"], row["specification"]) == (label["text"], "right_to_left", "s0")
        assert [char["text"] for char in row["chars"]] == [box["char"] for box in label["bboxes"]]
        assert [char["box"] for char in row["chars"]] == [
            [box[key] for key in ("x0", "y0", "x1", "y1")] for box in label["bboxes"]
        ]
        for column in ("words", "lines"):
            assert [part["text"] for part in row[column]] == [part["text"] for part in label[column]]
            for part, entry in zip(row[column], label[column], strict=True):
                low, high = np.min(entry["polygon"], axis=0), np.max(entry["polygon"], axis=0)
                assert part["box"] == [*low, *high]


def test_datasets_loads_masks_as_images(load: Callable[..., Any], tmp_path: Path) -> None:
    """A column for each, also where the first shard has no sample."""
    sample = sample_files(2, extras=EXTRAS)
    shards = [PARQUET.write([], EXTRAS), PARQUET.write([sample], EXTRAS)]
    rows = load(str(folder_with(tmp_path / "masks", shards)), split="train")
    for name in EXTRAS:
        expected = cv2.imdecode(np.frombuffer(sample.extras[f"000000002.{name}.png"], np.uint8), cv2.IMREAD_COLOR_RGB)
        assert np.array_equal(np.asarray(rows[0][name]), expected)


def test_datasets_streams_a_shard(load: Callable[..., Any], tmp_path: Path) -> None:
    """Only the columns that are asked for."""
    path = tmp_path / "one.parquet"
    path.write_bytes(PARQUET.write([sample_files(index) for index in range(120)]))
    rows = load("parquet", data_files=str(path), split="train", streaming=True, columns=["index", "text"])
    assert list(rows) == [{"index": index, "text": "two words"} for index in range(120)]


def test_boxes_of_words_are_clipped_to_the_image() -> None:
    """As those of characters are."""
    table = pyarrow.parquet.read_table(io.BytesIO(PARQUET.write([sample_files(1)])))
    assert table["words"].to_pylist() == [
        [{"text": "two", "box": [0.0, 0.25, 4.0, 3.75]}, {"text": "words", "box": [0.0, 0.25, 4.0, 3.75]}]
    ]


def test_row_groups_are_of_a_hundred_samples() -> None:
    """And the last of what is left."""
    data = PARQUET.write([sample_files(index) for index in range(230)])
    meta = pyarrow.parquet.read_metadata(io.BytesIO(data))
    assert [meta.row_group(group).num_rows for group in range(meta.num_row_groups)] == [100, 100, 30]


def test_a_flipped_bit_is_found_in_every_column() -> None:
    """Pages have checksums."""
    data = PARQUET.write([sample_files(index, side=20) for index in range(3)])
    group = pyarrow.parquet.read_metadata(io.BytesIO(data)).row_group(0)
    for column in map(group.column, range(group.num_columns)):
        flipped = bytearray(data)
        start = column.dictionary_page_offset or column.data_page_offset
        flipped[start + column.total_compressed_size - 1] ^= 4
        with pytest.raises(StoredError, match="cannot be read as Parquet"):
            PARQUET.read(bytes(flipped))


def test_a_sample_has_a_column_for_each_of_its_parts() -> None:
    """One extra more or less than was said is refused."""
    for extras in ((), (*EXTRAS, "line_mask")):
        with pytest.raises(StoredError, match=r"sample 4 has index, image, .*; the columns are index, image"):
            PARQUET.write([sample_files(4, extras=EXTRAS)], extras)


def changed(column: str, value: Any) -> bytes:
    """A shard of one sample in which a column says something else."""
    table = pyarrow.parquet.read_table(io.BytesIO(PARQUET.write([sample_files(8)])))
    place = table.schema.get_field_index(column)
    table = table.set_column(place, table.schema.field(place), pyarrow.array([value], table.schema.field(place).type))
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("text", "two  words", "the column text of sample 8 is not what its label says"),
        ("width", 9, "the column width of sample 8"),
        ("words", [], "the column words of sample 8"),
        ("label", None, "sample 8 has no label"),
        ("image", None, "sample 8 has no image"),
        ("image", {"bytes": None, "path": "a.png"}, "sample 8 has no image"),
        ("index", None, "sample None has no index"),
    ],
)
def test_columns_that_do_not_agree_are_refused(column: str, value: Any, message: str) -> None:
    """The label is what counts; the other columns repeat it."""
    with pytest.raises(StoredError, match=message):
        PARQUET.read(changed(column, value))


@pytest.mark.parametrize(
    "fields",
    [
        {"lines": [{"text": "a", "polygon": []}]},
        {"words": [{"text": "a", "polygon": [[1]]}]},
        {"plan": []},
        {"words": 3},
    ],
)
def test_a_label_against_the_format_is_refused(fields: dict[str, Any]) -> None:
    """What the columns are taken from has to be there."""
    label = encode_label({**sample_files(8).fields, **fields}).decode()
    with pytest.raises(StoredError, match="the label of sample 8 is not in the label format"):
        PARQUET.read(changed("label", label))


def test_other_tables_are_refused() -> None:
    """With the columns that were found."""
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"image": [png(1)], "text": ["a"]}), file)
    with pytest.raises(StoredError, match=r"its columns are not those of a dataset.*'image', 'text'"):
        PARQUET.read(file.getvalue())


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is written."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(StoredError, match=r"pyarrow, which is not installed: pip install 'glyphmill\[storage\]'"):
        parquet.ParquetShard(io.BytesIO())
