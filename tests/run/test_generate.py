"""A run's files do not depend on how it was run, and its manifest accounts for every index."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tracemalloc
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import makers
import pytest

from glyphmill import Job
from glyphmill.core.errors import Reject
from glyphmill.export import names
from glyphmill.export.local import LocalStorage
from glyphmill.generator import Sample
from glyphmill.run.generate import RunStatus, generate
from glyphmill.run.make import Target, run_range
from glyphmill.run.manifest import RunPlan, close_dataset, read_manifest
from glyphmill.run.outcome import RunError, RunStopped
from glyphmill.run.ranges import IndexRange
from glyphmill.run.records import Record, read_records, write_record

PLAN = RunPlan("files", 50, ())


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a dataset."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class PickyJob(Job):
    """Rejects every tenth sample for good, and the first attempt of those after them."""

    def sample(self, index: int, attempt: int) -> Sample:
        if index % 10 == 0 or (index % 10 == 1 and attempt == 0):
            raise Reject("picky", "tenth", f"index {index}")
        return super().sample(index, attempt)


def test_two_workers_write_the_same_files_as_one(job: Job, dataset: Path, tmp_path: Path) -> None:
    """Images, labels, checksum lists, manifest and records: every byte."""
    generate(job, tmp_path / "out", workers=2)
    assert contents(tmp_path / "out") == contents(dataset)


@pytest.mark.parametrize("order", ["123", "312"])
def test_a_job_made_in_shards_is_the_same(job: Job, dataset: Path, tmp_path: Path, order: str) -> None:
    """Into one folder, in any order; the one that completes the job writes the manifest."""
    reports = [generate(job, tmp_path, shard=f"{number}/3") for number in order]
    assert [report.manifest is None for report in reports] == [True, True, False]
    assert sum(report.written for report in reports) == 120
    assert contents(tmp_path) == contents(dataset)


def test_shards_in_folders_of_their_own_hold_the_files_of_the_whole(job: Job, dataset: Path, tmp_path: Path) -> None:
    """As machines without a common disk would make them: together they are the dataset."""
    for number in (1, 2):
        generate(job, tmp_path / str(number), shard=f"{number}/2")
    parts = [contents(tmp_path / part / "images") for part in "12"]
    assert not parts[0].keys() & parts[1].keys()
    assert parts[0] | parts[1] == contents(dataset / "images")


def test_resuming_what_is_whole_changes_nothing(job: Job, dataset: Path, tmp_path: Path) -> None:
    """Not even the time at which a file was written; without --resume the folder is refused."""
    root = Path(shutil.copytree(dataset, tmp_path / "out"))
    times = {path: path.stat().st_mtime_ns for path in root.rglob("images/*/*")}
    report = generate(job, root, resume=True)
    assert (report.kept, report.written) == (120, 120)
    assert contents(root) == contents(dataset)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("images/*/*")} == times
    with pytest.raises(RunError, match=r"samples 0 to 49 of this very job already. Go on with it by --resume"):
        generate(job, root)


def test_resuming_makes_what_is_missing(job: Job, dataset: Path, tmp_path: Path) -> None:
    """A range without a record is made; one that has it is kept."""
    root = Path(shutil.copytree(dataset, tmp_path / "out"))
    (root / ".ranges/000000050-000000100.jsonl").unlink()
    (root / "manifest.json.tmp").write_bytes(b"")
    (root / "manifest.json.tmp").unlink()
    report = generate(job, root, resume=True)
    assert (report.kept, report.written) == (70, 120)
    assert contents(root) == contents(dataset)


def test_other_limits_of_the_run_are_no_other_job(job: Job, dataset: Path, config_path: Path, tmp_path: Path) -> None:
    """How long a sample may take, and how many may fail, changes no sample."""
    root = Path(shutil.copytree(dataset, tmp_path / "out"))
    other = tmp_path / "other.yaml"
    other.write_text(config_path.read_text() + "limits: {max_rejected: 0.9, sample_seconds: 3}\n")
    assert generate(Job.from_yaml(other), root, resume=True).kept == 120


def test_another_job_goes_on_only_where_that_is_allowed(job: Job, config_path: Path, tmp_path: Path) -> None:
    """And the manifest tells of which samples the config was another."""
    generate(job, tmp_path, shard="1/2")
    other = Job.from_yaml(config_path, seed=12)
    with pytest.raises(RunError, match=r"seed: 11 there, 12 here.*--allow-changed"):
        generate(other, tmp_path, resume=True)
    report = generate(other, tmp_path, resume=True, allow_changed=True)
    assert (report.kept, report.written) == (50, 120)
    assert report.manifest is not None
    assert [part["changes"] for part in report.manifest["mixed"]] == [
        ["config (seed: 11 there, 12 here)", "seed (11 there, 12 here)"]
    ]


def test_checksum_lists_are_read_by_sha256sum(dataset: Path) -> None:
    """Run at the root of the dataset; every file of `images` is listed once."""
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "checksums/000000.sha256"], cwd=dataset, check=True)
    lines = (dataset / "checksums/000000.sha256").read_text().splitlines()
    assert sorted(line[66:] for line in lines) == sorted(
        path.relative_to(dataset).as_posix() for path in (dataset / "images").rglob("*.*")
    )


def record(root: Path, *indices: int, rejected: int = -1) -> None:
    """Write the record of a range from made-up samples, some with an extra beside them."""
    lines: list[dict[str, Any]] = []
    for index in indices:
        extras = {f"extra {index}": ("e" * 64, 1)} if index % 2 else {}
        files = {
            f"image {index}": (f"{index:064x}", 1),
            **extras,
            f"{names.stem_path(index)}.json": (f"{index + 1:064x}", 1),
        }
        facts = {"bytes": 1, "specification": "s", "direction": "d", "attempts": 1, "files": files}
        why = {"rejected": {"unit": "u", "reason": "r", "detail": ""}, "attempts": 3}
        lines.append({"index": index, **(why if index == rejected else facts)})
    write_record(LocalStorage(root), Record(IndexRange(indices[0], indices[-1] + 1), lines, {}))


def test_each_folder_of_samples_has_its_list(job: Job, tmp_path: Path) -> None:
    """Files in the order of the samples; no list for a folder without a sample, none that is left over half done."""
    record(tmp_path, 9_998, 9_999)
    record(tmp_path, 10_000, rejected=10_000)
    record(tmp_path, 20_000, 20_001, 20_002, rejected=20_001)
    record(tmp_path, 20_003)
    manifest = close_dataset(job, LocalStorage(tmp_path), PLAN)
    expected = {0: (9_998, 9_999), 2: (20_000, 20_002, 20_003)}
    wanted = {}
    for folder, indices in expected.items():
        rows = []
        for index in indices:
            stem = f"images/{folder:06d}/{index:09d}"
            extra = f"{'e' * 64}  extra {index}\n" if index % 2 else ""
            rows.append(f"{index:064x}  image {index}\n{extra}{index + 1:064x}  {stem}.json\n")
        wanted[f"checksums/{folder:06d}.sha256"] = "".join(rows).encode()
    assert {name: data for name, data in contents(tmp_path).items() if name.startswith("checksums/")} == wanted
    assert manifest["checksums"] == {path: hashlib.sha256(data).hexdigest() for path, data in wanted.items()}


def test_lists_that_cannot_be_finished_are_not_there(job: Job, tmp_path: Path) -> None:
    """A damaged record leaves those that are whole by then, and nothing under a temporary name."""
    record(tmp_path, 9_999)
    record(tmp_path, 10_000)
    (tmp_path / ".ranges/000010001-000010002.jsonl").write_text("{")
    with pytest.raises(RunError, match=r"000010001-000010002.jsonl is damaged. Run again with --resume"):
        close_dataset(job, LocalStorage(tmp_path), PLAN)
    assert [name for name in contents(tmp_path) if not name.startswith(".ranges/")] == ["checksums/000000.sha256"]


def test_memory_does_not_grow_with_the_samples(job: Job, tmp_path: Path) -> None:
    """The lists are written as the records are read: five times the samples need no more at a time."""
    peaks = []
    for number, ranges in enumerate((50, 250)):
        root = tmp_path / str(number)
        root.mkdir()
        for start in range(0, ranges * 50, 50):
            record(root, *range(start, start + 50))
        close_dataset(job, LocalStorage(root), PLAN)  # what is made once is made by then
        tracemalloc.start()
        close_dataset(job, LocalStorage(root), PLAN)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


def test_the_manifest_accounts_for_everything(job: Job, dataset: Path) -> None:
    """Counts, configuration, versions, where the resources lay, and the digests of the checksum lists."""
    manifest = read_manifest(LocalStorage(dataset))
    assert manifest is not None
    assert (manifest["requested"], manifest["written"], manifest["rejected"]) == (120, 120, 0)
    assert manifest["ranges"] == [[0, 120]]
    assert manifest["specifications"] == {"latin": 90, "hebrew": 30}
    assert manifest["directions"] == {"left_to_right": 90, "right_to_left": 30}
    assert manifest["seed"] == 11
    assert manifest["config"]["specifications"][1]["name"] == "hebrew"
    assert manifest["catalogue"] == job.digest
    assert set(manifest["versions"]) >= {"glyphmill", "python", "numpy", "uharfbuzz"}
    labels = [json.loads(path.read_text("utf-8")) for path in dataset.rglob("images/**/*.json")]
    used = {font["digest"] for label in labels for font in label["plan"]["steps"][1]["params"]["fonts"]}
    assert used <= manifest["resources"]["fonts"].keys()
    assert all(Path(manifest["resources"]["fonts"][digest]).is_file() for digest in used)
    for path, digest in manifest["checksums"].items():
        assert hashlib.sha256((dataset / path).read_bytes()).hexdigest() == digest
    assert manifest["bytes"] == sum(path.stat().st_size for path in dataset.rglob("images/**/*.*"))


def test_labels_name_no_folder_of_this_machine(dataset: Path) -> None:
    """So they are the same on every machine: fonts by file name and digest, the image relative to the root."""
    for path in dataset.rglob("images/**/*.json"):
        text = path.read_text("utf-8")
        assert str(Path.home()) not in text
        assert json.loads(text)["image"] == path.with_suffix(".png").relative_to(dataset).as_posix()


def test_rejects_are_counted_and_named(job: Job, tmp_path: Path) -> None:
    """requested = written + rejected; a line for each rejection, and no file; retries are counted."""
    picky = PickyJob(job.config, job.catalogue, job.registry)
    report = generate(picky, tmp_path)
    assert (report.requested, report.written, report.rejected) == (120, 108, 12)
    assert report.reasons == {"picky: tenth": 12}
    rows = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert rows == [
        {"index": index, "unit": "picky", "reason": "tenth", "detail": f"index {index}", "attempts": 3}
        for index in range(0, 120, 10)
    ]
    assert report.manifest["retried"] == 12 * 2 + 12
    assert not list(tmp_path.rglob("*0.png"))


def test_a_run_with_too_many_rejects_stops_and_says_why(job: Job, tmp_path: Path) -> None:
    """Past the share that is set; what was made until then is listed, and every index is accounted for."""
    config = replace(job.config, limits=replace(job.config.limits, max_rejected=0.05))
    with pytest.raises(RunStopped, match=r"10 of 100 samples.*share 0\.05(.|\n)*10  picky: tenth") as stopped:
        generate(PickyJob(config, job.catalogue, job.registry), tmp_path)
    assert stopped.value.reasons == {"picky: tenth": 10}
    manifest = read_manifest(LocalStorage(tmp_path))
    assert manifest is not None
    assert manifest["ranges"] == [[0, 100]]
    assert manifest["requested"] == manifest["written"] + manifest["rejected"] == 100
    assert len((tmp_path / "rejects.jsonl").read_text().splitlines()) == 10


def test_progress_is_told_after_each_range(job: Job, tmp_path: Path) -> None:
    """Done, kept and the total of this run."""
    generate(job, tmp_path, shard="2/3")
    told: list[tuple[int, ...]] = []

    def tell(status: RunStatus) -> None:
        told.append((status.done, status.written, status.rejected, status.kept, status.total, status.workers.alive))

    generate(job, tmp_path, resume=True, progress=tell)
    assert told == [(50, 50, 0, 0, 120, 1), (100, 100, 0, 50, 120, 1), (120, 120, 0, 50, 120, 1)]


def test_a_folder_of_another_job_is_refused(dataset: Path, config_path: Path, tmp_path: Path) -> None:
    """With the setting that differs, before anything is written."""
    root = Path(shutil.copytree(dataset, tmp_path / "out"))
    before = contents(root)
    with pytest.raises(RunError, match=r"seed: 11 there, 12 here"):
        generate(Job.from_yaml(config_path, seed=12), root)
    with pytest.raises(RunError, match=r"total_images: 120 there, 130 here"):
        generate(Job.from_yaml(config_path, count=130), root)
    other = tmp_path / "other.yaml"
    other.write_text(config_path.read_text().replace("[18, 26]", "[18, 27]", 1))
    with pytest.raises(RunError, match=r"specifications\[0\]\.font\.size\[1\]: 26 there, 27 here"):
        generate(Job.from_yaml(other), root)
    assert contents(root) == before


def test_a_folder_with_something_else_in_it_is_refused(job: Job, tmp_path: Path) -> None:
    """Nobody's files are ever mixed with a dataset; a file in the way is named too."""
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(RunError, match="is not empty"):
        generate(job, tmp_path)
    with pytest.raises(RunError, match="cannot make the folder"):
        generate(job, tmp_path / "holiday.jpg")


SCHEMAS = ('{"schema": "glyphmill.manifest/1"}', '{"schema": "glyphmill.manifest/9"}')


@pytest.mark.parametrize("text", ["", "[]", "{}", *SCHEMAS])
def test_a_damaged_manifest_is_refused(job: Job, tmp_path: Path, text: str) -> None:
    """With its path, and never a traceback."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(RunError, match=r"manifest\.json"):
        generate(job, tmp_path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shard": "4/3"}, "expected i/N"),
        ({"layout": "tar"}, "expected one of files, webdataset, parquet"),
        ({"samples": 0}, "expected at least 1"),
        ({"workers": -1}, "expected at least 0"),
    ],
)
def test_wrong_options_are_refused(job: Job, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    """Before the folder is made."""
    with pytest.raises(RunError, match=message):
        generate(job, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_summaries_add_up_whatever_fails(tmp_path: Path) -> None:
    """The fakes of the other tests keep the same account as a real job: written + rejected = all indices."""
    job = makers.FailingJob(always=frozenset({3, 4}), first=frozenset({7}))
    summary = run_range(job, Target(str(tmp_path)), IndexRange(0, 50))
    lines = next(read_records(LocalStorage(tmp_path))).lines
    assert summary.written + summary.rejected == len(lines) == 50
    assert Counter(line["attempts"] for line in lines) == {1: 47, 2: 3}
