"""A Ray cluster makes what one process makes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.run import ray as backend
from glyphmill.run.generate import RunStatus, generate
from glyphmill.run.outcome import RunError
from tests.s3 import Bucket

# one cluster for all of them: each process of a parallel run would start its own
pytestmark = pytest.mark.xdist_group("ray")


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("ray_cluster")
@pytest.mark.parametrize("layout", ["files", "webdataset"])
def test_a_cluster_writes_the_same_files_as_one_process(job: Job, tmp_path: Path, layout: str) -> None:
    """Every byte of every file and of every record; the report counts the same, and knows the workers."""
    samples = 50 if layout == "files" else 30
    one = generate(job, tmp_path / "one", layout=layout, samples=samples)
    heard: list[RunStatus] = []
    many = generate(
        job, tmp_path / "many", layout=layout, samples=samples, workers=2, backend="ray", progress=heard.append
    )
    assert contents(tmp_path / "many") == contents(tmp_path / "one")
    assert (many.written, many.rejected, many.bytes) == (one.written, one.rejected, one.bytes)
    assert many.manifest == one.manifest
    assert many.cpu > 0
    assert heard[-1].done == len(job)


@pytest.mark.usefixtures("ray_cluster")
def test_a_cluster_writes_to_object_storage(job: Job, tmp_path: Path, s3: Bucket) -> None:
    """The same objects as files, the same records; and goes on there with what is missing."""
    generate(job, tmp_path / "one", samples=30)
    generate(job, s3.folder("out"), samples=30, workers=2, backend="ray")
    whole = s3.contents()
    assert {key.removeprefix("out/"): data for key, data in whole.items()} == contents(tmp_path / "one")
    for key in ("out/images/000000/000000003.png", "out/.ranges/000000030-000000060.jsonl"):
        s3.client().delete_object(Bucket=s3.name, Key=key)
    resumed = generate(job, s3.folder("out"), samples=30, workers=2, backend="ray", resume=True)
    assert resumed.kept == 60
    assert s3.contents() == whole


@pytest.mark.usefixtures("ray_cluster")
def test_a_folder_is_the_same_for_all_wherever_they_work(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path is one of the process that starts the run."""
    monkeypatch.chdir(tmp_path)
    generate(job, "out", workers=0, backend="ray")
    assert len(list((tmp_path / "out/images").rglob("*.png"))) == len(job)


@pytest.mark.usefixtures("ray_cluster")
def test_a_node_of_other_versions_is_refused(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would make other bytes; the message names the node, the package and both versions."""
    monkeypatch.setattr(backend, "versions", lambda: {"glyphmill": "0.0.1", "python": "2.7"})
    with pytest.raises(RunError, match=r"node .* has glyphmill .*, and the run began with 0\.0\.1"):
        generate(job, tmp_path, workers=2, backend="ray")


@pytest.mark.usefixtures("ray_cluster")
def test_a_cluster_without_room_is_not_waited_for_for_ever(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others have all its CPUs."""
    import ray

    monkeypatch.setattr(backend, "_PATIENCE_SECONDS", 1.0)
    busy = ray.remote(num_cpus=2)(_Idle).remote()
    ray.get(busy.here.remote())
    try:
        with pytest.raises(RunError, match=r"no worker could start within 1 s: .* has 2, 0 of them free"):
            generate(job, tmp_path, workers=2, backend="ray")
    finally:
        ray.kill(busy)


class _Idle:
    def here(self) -> None:
        return


def test_no_cluster_is_an_error_with_the_address(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once; also where the environment names it."""
    import ray

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    with pytest.raises(RunError, match=r"no Ray cluster at 127\.0\.0\.1:1: .*refused"):
        generate(job, tmp_path / "a", backend="ray", address="127.0.0.1:1")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:2")
    with pytest.raises(RunError, match=r"no Ray cluster at 127\.0\.0\.1:2: .*refused"):
        generate(job, tmp_path / "b", backend="ray")


def test_a_missing_extra_is_named(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RunError, match=r"pip install 'glyphmill\[ray\]'"):
        generate(job, tmp_path, backend="ray")
