"""Runs into object storage make what runs into a folder make, and go on there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.export.local import LocalStorage
from glyphmill.export.names import MANIFEST
from glyphmill.run.generate import generate
from glyphmill.run.manifest import RunPlan, open_dataset
from glyphmill.run.outcome import RunError
from tests.s3 import Bucket


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("layout", ["files", "webdataset", "parquet"])
def test_a_run_writes_the_same_objects_as_files(job: Job, tmp_path: Path, s3: Bucket, layout: str) -> None:
    """Every byte of every layout, by several processes; and nothing besides."""
    generate(job, tmp_path, layout=layout, samples=50)
    generate(job, s3.folder("a/b"), layout=layout, samples=50, workers=2)
    assert {key.removeprefix("a/b/"): data for key, data in s3.contents().items()} == contents(tmp_path)


def test_a_run_goes_on_with_what_is_missing_or_changed(job: Job, s3: Bucket) -> None:
    generate(job, s3.folder("a"), samples=50)
    whole = s3.contents()
    s3.client().delete_object(Bucket=s3.name, Key="a/images/000000/000000007.json")
    s3.client().put_object(Bucket=s3.name, Key="a/images/000000/000000060.png", Body=b"other bytes")
    report = generate(job, s3.folder("a"), samples=50, resume=True)
    assert report.kept == 20
    assert s3.contents() == whole


def test_shards_into_object_storage_need_no_locks(job: Job, dataset: Path, s3: Bucket) -> None:
    """Three that begin together end with the dataset of one run."""
    with ThreadPoolExecutor(3) as pool:
        shards = [pool.submit(generate, job, s3.folder("a"), shard=f"{number}/3", resume=True) for number in (1, 2, 3)]
        reports = [shard.result() for shard in shards]
    assert sum(report.written for report in reports) == 120
    assert any(report.manifest is not None for report in reports)
    assert {key.removeprefix("a/"): data for key, data in s3.contents().items()} == contents(dataset)


def test_another_shard_may_begin_at_the_same_moment(job: Job, tmp_path: Path) -> None:
    """Its manifest appears just after this one has looked for it: that is no strange file in the way."""
    plan = RunPlan("files", 50, ())

    class Late(LocalStorage):
        """A folder in which a manifest cannot be seen the first time."""

        looked = False

        def read(self, path: str) -> bytes:
            if path == MANIFEST and not self.looked:
                self.looked = True
                open_dataset(job, LocalStorage(self.root), plan)
                raise FileNotFoundError(path)
            return super().read(path)

    open_dataset(job, Late(tmp_path), plan)
    (tmp_path / MANIFEST).unlink()
    (tmp_path / "strange").touch()
    with pytest.raises(RunError, match=r"not empty \(strange\)"):
        open_dataset(job, LocalStorage(tmp_path), plan)
