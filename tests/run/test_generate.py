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
from glyphmill.generator import Sample
from glyphmill.run.generate import generate
from glyphmill.run.manifest import close_dataset, read_manifest
from glyphmill.run.outcome import RunError, RunStopped
from glyphmill.run.ranges import IndexRange, read_records, run_range


def contents(root: Path, *, records: bool = True) -> dict[str, bytes]:
    """Every file of a dataset; the records of its ranges only where they are to be compared too."""
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if records or not name.startswith(".ranges/")}


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


@pytest.mark.parametrize("cut", [50, 73])
def test_a_job_made_in_two_runs_is_the_same(job: Job, dataset: Path, tmp_path: Path, cut: int) -> None:
    """Into one folder, in any order, cut at the edge of a range or inside one."""
    generate(job, tmp_path, start=cut)
    assert read_manifest(tmp_path)["ranges"] == [[cut, 120]]  # type: ignore[index]
    generate(job, tmp_path, stop=cut)
    assert contents(tmp_path, records=False) == contents(dataset, records=False)


def test_parts_of_a_job_in_two_folders_hold_the_files_of_the_whole(job: Job, dataset: Path, tmp_path: Path) -> None:
    """As two machines would make them: together they are the dataset."""
    generate(job, tmp_path / "a", stop=60)
    generate(job, tmp_path / "b", start=60)
    parts = [contents(tmp_path / part / "images") for part in "ab"]
    assert not parts[0].keys() & parts[1].keys()
    assert parts[0] | parts[1] == contents(dataset / "images")


def test_a_run_into_its_own_folder_changes_nothing(job: Job, dataset: Path, tmp_path: Path) -> None:
    """The whole of it or a part of it, again."""
    root = Path(shutil.copytree(dataset, tmp_path / "out"))
    generate(job, root)
    generate(job, root, start=20, stop=30)
    assert contents(root, records=False) == contents(dataset, records=False)


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
        image = {"image": f"image {index}", "image_sha256": f"{index:064x}", "label_sha256": f"{index + 1:064x}"}
        facts = {"bytes": 1, "specification": "s", "direction": "d", "attempts": 1}
        extras = {"extras_sha256": {f"extra {index}": "e" * 64}} if index % 2 else {}
        why = {"rejected": {"unit": "u", "reason": "r", "detail": ""}, "attempts": 3}
        lines.append({"index": index, **(why if index == rejected else {**image, **facts, **extras})})
    path = IndexRange(indices[0], indices[-1] + 1).record_path(root)
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_each_folder_of_samples_has_its_list(job: Job, tmp_path: Path) -> None:
    """Files in the order of the samples; no list for a folder without a sample, none that is left over half done."""
    record(tmp_path, 9_998, 9_999)
    record(tmp_path, 10_000, rejected=10_000)
    record(tmp_path, 20_000, 20_001, 20_002, rejected=20_001)
    record(tmp_path, 20_003)
    manifest = close_dataset(job, tmp_path)
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
    IndexRange(10_001, 10_002).record_path(tmp_path).write_text("{")
    with pytest.raises(ValueError, match="Expecting"):
        close_dataset(job, tmp_path)
    assert [name for name in contents(tmp_path) if not name.startswith(".ranges/")] == ["checksums/000000.sha256"]


def test_memory_does_not_grow_with_the_samples(job: Job, tmp_path: Path) -> None:
    """The lists are written as the records are read: twenty times the samples need no more at a time."""
    peaks = []
    for number, ranges in enumerate((5, 100)):
        root = tmp_path / str(number)
        root.mkdir()
        for start in range(0, ranges * 50, 50):
            record(root, *range(start, start + 50))
        close_dataset(job, root)  # what is made once is made by then
        tracemalloc.start()
        close_dataset(job, root)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


def test_the_manifest_accounts_for_everything(job: Job, dataset: Path) -> None:
    """Counts, configuration, versions, where the resources lay, and the digests of the checksum lists."""
    manifest = read_manifest(dataset)
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
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest["ranges"] == [[0, 100]]
    assert manifest["requested"] == manifest["written"] + manifest["rejected"] == 100
    assert len((tmp_path / "rejects.jsonl").read_text().splitlines()) == 10


def test_progress_is_told_after_each_range(job: Job, tmp_path: Path) -> None:
    """Done, written, rejected and the total of this run."""
    told: list[tuple[int, ...]] = []
    generate(job, tmp_path, start=40, progress=lambda *numbers: told.append(numbers))
    assert told == [(10, 10, 0, 80), (60, 60, 0, 80), (80, 80, 0, 80)]


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


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 4), (0, 121)])
def test_a_range_outside_of_the_job_is_refused(job: Job, tmp_path: Path, start: int, stop: int) -> None:
    """Before the folder is made."""
    with pytest.raises(RunError, match="expected a range within 0 to 120"):
        generate(job, tmp_path / "out", start=start, stop=stop)
    assert not (tmp_path / "out").exists()


def test_summaries_add_up_whatever_fails(tmp_path: Path) -> None:
    """The fakes of the other tests keep the same account as a real job: written + rejected = all indices."""
    job = makers.FailingJob(always=frozenset({3, 4}), first=frozenset({7}))
    summary = run_range(job, tmp_path, IndexRange(0, 50))
    lines = list(read_records(tmp_path))
    assert summary.written + summary.rejected == len(lines) == 50
    assert Counter(line["attempts"] for line in lines) == {1: 47, 2: 3}
