"""What holds for shards of every kind: all comes back as it was, the bytes are always the same, damage is found."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from glyphmill.export import parquet
from glyphmill.export.files import encode_label
from glyphmill.export.stored import StoredError
from tests.export.shards import EXTRAS, KINDS, Kind, digests, sample_files, stored

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


class CountingFile(io.BytesIO):
    """Counts the bytes that were read."""

    read_bytes = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data


@pytest.mark.parametrize("extension", ["png", "jpg", "webp"])
@pytest.mark.parametrize("extras", [(), EXTRAS])
def test_samples_come_back_as_they_were(kind: Kind, extension: str, extras: tuple[str, ...]) -> None:
    """With gaps where samples were rejected, over more than one row group, and beyond nine digits."""
    indices = [*range(7, 120), 130, 131, 999_999_999, 1_000_000_000]
    samples = [sample_files(index, extension=extension, extras=extras) for index in indices]
    assert kind.read(kind.write(samples, extras)) == stored(samples)


def test_the_bytes_are_the_same_in_every_process(kind: Kind) -> None:
    """Also where strings have other hashes, in another time zone and locale."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    env |= {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "0"}
    code = "from tests.export.shards import digests; print(*digests())"
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == digests() == digests()


def test_a_cut_shard_is_refused(kind: Kind) -> None:
    """Wherever it is cut."""
    data = kind.write([sample_files(index) for index in range(3)])
    for end in range(len(data)):
        with pytest.raises(StoredError):
            kind.read(data[:end])


def test_something_after_the_end_is_refused(kind: Kind) -> None:
    """Two shards in one file are not one shard."""
    data = kind.write([sample_files(1)])
    with pytest.raises(StoredError):
        kind.read(data + bytes(512))


def test_what_is_no_shard_is_refused(kind: Kind) -> None:
    """Nothing, zeros, the other kind, and something else."""
    other = next(one for one in KINDS.values() if one is not kind)
    for data in (b"", bytes(5000), b"<html>" * 1000, other.write([sample_files(1)])):
        with pytest.raises(StoredError):
            kind.read(data)


def test_samples_out_of_order_are_refused(kind: Kind) -> None:
    """By their indices; twice the same is out of order as well."""
    for pair in ([5, 4], [5, 5]):
        with pytest.raises(StoredError, match=r"sample \d comes after sample 5|sample 5 has the parts"):
            kind.read(kind.write([sample_files(index) for index in pair]))


@pytest.mark.parametrize("label", [b"{", b"[]", b'{"text": 3}', b'{"text": "other"}', encode_label({"text": "a"})])
def test_a_label_that_is_not_that_of_its_sample_is_refused(kind: Kind, label: bytes) -> None:
    """What a shard says beside the label has to agree with it."""
    sample = sample_files(3, "a b")
    object.__setattr__(sample, "label", label)
    with pytest.raises(StoredError, match="sample 3"):
        kind.read(kind.write([sample]))


def test_memory_holds_a_group_of_samples_at_most(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """While writing, what was added and is not yet in the file; while reading, what was read ahead of a sample."""
    bound = 50_000
    monkeypatch.setattr(parquet, "GROUP_BYTES", bound)
    samples = [sample_files(index, side=60) for index in range(60)]
    sizes = [len(sample.image) + len(sample.label) for sample in samples]
    file, added = CountingFile(), 0
    shard = kind.open(file, ())
    for sample, size in zip(samples, sizes, strict=True):
        shard.add(sample)
        added += len(sample.image)
        assert added - file.tell() <= bound + size
    shard.close()
    file.seek(0)
    before = count = 0
    for sample in kind.reading(file):
        assert file.read_bytes - before <= 3 * bound, sample.index
        before, count = file.read_bytes, count + 1
    assert count == len(samples)


def test_an_error_of_the_disk_reaches_the_caller(kind: Kind) -> None:
    """As the OSError that it is."""

    class FullDisk(io.BytesIO):
        def write(self, data: Any) -> int:
            if self.tell() > 20_000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    def write(file: BinaryIO) -> None:
        shard = kind.open(file, ())
        for index in range(100):
            shard.add(sample_files(index, side=30))
        shard.close()

    with pytest.raises(OSError, match="No space left on device"):
        write(FullDisk())


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_shard_that_is_given_up_gets_no_end(kind: Kind, tmp_path: Path) -> None:
    """Its file may be closed by then; nothing complains, and what is there is no sound shard."""
    with (tmp_path / "shard").open("wb") as file:
        shard = kind.open(file, ())
        for index in range(150):
            shard.add(sample_files(index))
    del shard
    gc.collect()
    with pytest.raises(StoredError):
        kind.read((tmp_path / "shard").read_bytes())
