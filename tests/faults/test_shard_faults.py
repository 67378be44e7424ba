"""Rows 18 and 55 of what has to be survived: odd texts, shards without samples and shards without an end."""

from __future__ import annotations

import gc
import io
import os
from pathlib import Path

import pyarrow.parquet
import pytest
import webdataset
from hypothesis import example, given
from hypothesis import strategies as st

from glyphmill.export.stored import StoredError
from tests.export.shards import EXTRAS, KINDS, PARQUET, TAR, Kind, sample_files, stored

#: Any text that can be written as UTF-8.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
@example(texts=["", "\t", "a,b", 'say "no"', "two\nlines\r\n", "###", "\x00", "\u2028", "👩‍👩‍👧", "שלום 12", "{}"])
def test_f18_any_text_comes_back(kind: Kind, texts: list[str]) -> None:
    """Tabs, commas, quotes, newlines, `###`, NUL, emoji: no character means anything to a shard."""
    samples = [sample_files(index, text) for index, text in enumerate(texts)]
    assert kind.read(kind.write(samples)) == stored(samples)


@given(text=TEXTS)
@example(text="\x00\r\n###\t,")
def test_f18_consumers_read_the_same_text(text: str) -> None:
    """The parts that stand beside the label: the text file of a tar, the column of a table."""
    (row,) = pyarrow.parquet.read_table(io.BytesIO(PARQUET.write([sample_files(1, text)]))).to_pylist()
    assert row["text"] == text
    assert "".join(char["text"] for char in row["chars"]) == text
    tar = [{"stream": io.BytesIO(TAR.write([sample_files(1, text)])), "url": "a.tar"}]
    files = webdataset.tariterators.tar_file_expander(tar)
    (sample,) = webdataset.tariterators.group_by_keys(files)
    assert sample["txt"].decode("utf-8") == text


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_f55_an_empty_shard_is_a_sound_one(kind: Kind) -> None:
    """A shard of a range whose samples were all rejected is whole, and holds nothing."""
    for extras in ((), EXTRAS):
        assert kind.read(kind.write([], extras)) == []


def test_f55_consumers_read_an_empty_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WebDataset, pyarrow and datasets read it, alone and between others."""
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    monkeypatch.setitem(os.environ, "HF_HOME", str(tmp_path / "home"))
    import datasets

    for name, kind in KINDS.items():
        (tmp_path / f"{name}-0").write_bytes(kind.write([]))
        (tmp_path / f"{name}-1").write_bytes(kind.write([sample_files(3)]))
    tars = [str(tmp_path / "webdataset-0"), str(tmp_path / "webdataset-1")]
    assert list(webdataset.WebDataset(tars[:1], shardshuffle=False, empty_check=False)) == []
    assert [sample["__key__"] for sample in webdataset.WebDataset(tars, shardshuffle=False)] == ["000000003"]
    tables = [str(tmp_path / "parquet-0"), str(tmp_path / "parquet-1")]
    assert pyarrow.parquet.read_table(tables[0]).num_rows == 0
    for count, files in ((0, tables[:1]), (1, tables)):
        rows = datasets.load_dataset("parquet", data_files=files, split="train", streaming=True)
        assert (len(list(rows)), type(rows.features["image"]).__name__) == (count, "Image")
    rows = datasets.load_dataset("parquet", data_files=tables, split="train", cache_dir=str(tmp_path / "cache"))
    assert rows["index"][:] == [3]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("count", [0, 1, 150])
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_f55_a_shard_that_is_not_closed_is_found(kind: Kind, count: int) -> None:
    """However many samples it has: without its end it is no shard."""
    file = io.BytesIO()
    shard = kind.open(file, ())
    for index in range(count):
        shard.add(sample_files(index))
    left = file.getvalue()
    file.close()
    del shard
    gc.collect()
    with pytest.raises(StoredError):
        kind.read(left)
