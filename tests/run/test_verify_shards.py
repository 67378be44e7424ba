"""`verify` on datasets of shards, and on records: the same checks, and what it finds is what `--resume` makes anew."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from glyphmill import Job
from glyphmill.export.stored import StoredSample
from glyphmill.run.generate import generate
from glyphmill.run.outcome import RunError
from glyphmill.run.verify import verify
from glyphmill.run.verify_report import VerifyReport
from tests.export.shards import KINDS, again
from tests.s3 import Bucket

COUNT, RANGE = 24, 10
RECORD = ".ranges/000000010-000000020.jsonl"


@pytest.fixture(scope="module")
def small(config_path: Path) -> Job:
    return Job.from_yaml(config_path, count=COUNT)


@pytest.fixture(scope="module", params=["files", *KINDS])
def layout(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def sound(layout: str, small: Job, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of three ranges in one layout, not to be changed."""
    root = tmp_path_factory.mktemp(layout) / "out"
    generate(small, root, layout=layout, samples=RANGE)
    return root


@pytest.fixture
def copy_of(sound: Path, tmp_path: Path) -> Path:
    """One that the test may damage."""
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def only(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("layout", names, indirect=True, scope="module")


def found(report: VerifyReport) -> set[tuple[str, str]]:
    return {(fault.check, fault.file) for fault in report.faults}


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def shard(layout: str, number: int) -> str:
    return KINDS[layout].path(number)


def change(root: Path, layout: str, edit: Callable[[StoredSample], Any]) -> None:
    """Write sample 12 anew as `edit` gives it; lists and manifest agree with that, and there are no records."""
    kind, path = KINDS[layout], root / shard(layout, 1)
    samples = [again(sample) if sample.index != 12 else edit(sample) for sample in kind.read(path.read_bytes())]
    path.write_bytes(kind.write(samples))
    listing, manifest = root / "checksums/000000.sha256", root / "manifest.json"
    names = [line[66:] for line in listing.read_text().splitlines()]
    listing.write_text("".join(f"{hashlib.sha256((root / n).read_bytes()).hexdigest()}  {n}\n" for n in names))
    told = json.loads(manifest.read_text())
    told["checksums"] = {"checksums/000000.sha256": hashlib.sha256(listing.read_bytes()).hexdigest()}
    manifest.write_text(json.dumps(told))
    shutil.rmtree(root / ".ranges")


def test_a_sound_dataset_has_no_faults(sound: Path, layout: str) -> None:
    """Every sample is looked at by every check, and every file by that of hashes."""
    told: list[tuple[int, int]] = []
    report = verify(sound, progress=lambda *numbers: told.append(numbers))
    assert report.ok, report.faults[:5]
    files = COUNT * 2 if layout == "files" else 3
    samples = dict.fromkeys(("schema", "images", "boxes"), COUNT)
    assert report.checked == {"counts": 1 + files, "hashes": 1 + files, **samples}
    assert told[-1] == (COUNT, COUNT)


def test_some_samples_are_replayed_from_all_files(sound: Path) -> None:
    """Spread over the whole dataset."""
    checked = verify(str(sound), sample=5).checked
    assert (checked["schema"], checked["images"], checked["boxes"]) == (COUNT, 5, 5)


@only(*KINDS)
@pytest.mark.parametrize("damage", ["truncate", "flip", "zero", "remove", "empty"])
def test_a_damaged_shard_is_found_and_made_anew(
    copy_of: Path, sound: Path, layout: str, small: Job, damage: str
) -> None:
    """The others are still checked; a run with `resume` puts back the very bytes."""
    path = copy_of / shard(layout, 1)
    data = path.read_bytes()
    flipped = bytes([*data[:700], data[700] ^ 1, *data[701:]])
    new = {"truncate": data[:-9], "flip": flipped, "zero": bytes(len(data)), "empty": b""}
    path.unlink() if damage == "remove" else path.write_bytes(new[damage])
    assert found(verify(copy_of, checks=["hashes"])) == {("hashes", shard(layout, 1))}
    report = verify(copy_of, sample=2)
    assert ("hashes", shard(layout, 1)) in found(report)
    assert report.checked["schema"] >= COUNT - RANGE
    generate(small, copy_of, layout=layout, samples=RANGE, resume=True)
    assert contents(copy_of) == contents(sound)


@only(*KINDS)
def test_a_label_is_checked_inside_its_shard(copy_of: Path, layout: str) -> None:
    """The fault names the shard and the sample in it."""
    change(copy_of, layout, lambda sample: again(sample, direction="up"))
    (fault,) = verify(copy_of).faults
    assert (fault.check, fault.file) == ("schema", f"{shard(layout, 1)}/000000012.json")
    assert "direction 'up' is none of" in fault.message


@only(*KINDS)
def test_an_image_is_checked_inside_its_shard(copy_of: Path, layout: str) -> None:
    """One value of one pixel is enough."""

    def edit(sample: StoredSample) -> Any:
        pixels = cv2.imdecode(np.frombuffer(sample.image, np.uint8), cv2.IMREAD_COLOR)
        pixels[0, 0, 0] ^= 1
        return again(sample, image=cv2.imencode(".png", pixels)[1].tobytes())

    change(copy_of, layout, edit)
    assert found(verify(copy_of)) == {("images", f"{shard(layout, 1)}/000000012.png")}


@only(*KINDS)
def test_a_label_of_another_image_is_found(copy_of: Path, layout: str) -> None:
    """It says where its image is."""

    def edit(sample: StoredSample) -> Any:
        other = again(sample)
        object.__setattr__(other, "label", other.label.replace(b"000000012.png", b"000000013.png"))
        return other

    change(copy_of, layout, edit)
    (fault,) = verify(copy_of, sample=0).faults
    assert str(fault) == f"{shard(layout, 1)}/000000012.json: image is '000000013.png'"


@only(*KINDS)
def test_a_shard_too_many_and_one_too_few_are_found(copy_of: Path, layout: str) -> None:
    """Beside what lies at the root of a dataset anyway."""
    (copy_of / "notes.txt").write_text("mine")
    shutil.copy(copy_of / shard(layout, 1), copy_of / shard(layout, 7))
    assert found(verify(copy_of, sample=0)) == {("counts", shard(layout, 7))}
    (copy_of / shard(layout, 0)).unlink()
    assert found(verify(copy_of, sample=0)) == {("counts", shard(layout, 7)), ("hashes", shard(layout, 0))}


@only(*KINDS)
def test_a_sample_too_few_is_found(copy_of: Path, layout: str) -> None:
    """In a shard that is sound in itself."""
    kind, path = KINDS[layout], copy_of / shard(layout, 2)
    path.write_bytes(kind.write([again(sample) for sample in kind.read(path.read_bytes())][:-1]))
    change(copy_of, layout, again)
    (fault,) = verify(copy_of, sample=0).faults
    assert str(fault) == "manifest.json: 24 written; 23 samples are there"


@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_record_is_found_and_made_anew(
    copy_of: Path, sound: Path, layout: str, small: Job, damage: str
) -> None:
    """Its range is made anew, with the same bytes."""
    path = copy_of / RECORD
    data = path.read_bytes()
    path.write_bytes({"flip": data.replace(b'"index":13', b'"index":14'), "cut": data[:-300], "empty": b""}[damage])
    (fault,) = verify(copy_of, sample=0).faults
    assert (fault.check, fault.file) == ("hashes", RECORD)
    assert fault.message == "is damaged; samples 10 to 19 are made anew if you run again with --resume"
    generate(small, copy_of, layout=layout, samples=RANGE, resume=True)
    assert contents(copy_of) == contents(sound)


def test_a_missing_record_is_found_and_made_anew(copy_of: Path, sound: Path, layout: str, small: Job) -> None:
    """The range counts as not made."""
    (copy_of / RECORD).unlink()
    (fault,) = verify(copy_of, sample=0).faults
    assert str(fault) == (
        ".ranges: there are records of samples 0 to 9, samples 20 to 23, and manifest.json is of samples 0 to 23; "
        "run again with --resume"
    )
    generate(small, copy_of, layout=layout, samples=RANGE, resume=True)
    assert contents(copy_of) == contents(sound)


def test_lists_that_are_older_than_the_records_are_found(copy_of: Path, sound: Path, layout: str, small: Job) -> None:
    """As after a run that was killed before it could write them."""
    listing, manifest = copy_of / "checksums/000000.sha256", copy_of / "manifest.json"
    lines = listing.read_text().splitlines(keepends=True)
    listing.write_text("".join(lines[:-1]))
    told = json.loads(manifest.read_text())
    told["checksums"]["checksums/000000.sha256"] = hashlib.sha256(listing.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told))
    report = verify(copy_of, checks=["hashes"])
    assert [str(fault) for fault in report.faults] == [
        "checksums/000000.sha256: is not the list of what the records name; run again with --resume"
    ]
    generate(small, copy_of, layout=layout, samples=RANGE, resume=True)
    assert contents(copy_of) == contents(sound)


def test_a_dataset_without_any_record_is_sound(copy_of: Path) -> None:
    """It was copied without its hidden files."""
    shutil.rmtree(copy_of / ".ranges")
    assert verify(copy_of, sample=1).ok


def test_a_layout_that_cannot_be_read_is_refused(copy_of: Path, layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that this version does not know, and one that needs a package that is not here."""
    if layout == "parquet":
        monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
        with pytest.raises(RunError, match=r"cannot read the dataset in .* pip install"):
            verify(copy_of)
    manifest = copy_of / "manifest.json"
    told = json.loads(manifest.read_text())
    for value in ("scrolls", None, 3, {"name": "scrolls"}, {}):
        manifest.write_text(json.dumps({**told, "layout": value}))
        with pytest.raises(RunError, match="this version reads files, webdataset, parquet"):
            verify(copy_of)
    del told["layout"]
    manifest.write_text(json.dumps(told))
    assert verify(copy_of, sample=1).ok == (layout == "files")


def test_a_dataset_in_object_storage_is_verified(s3: Bucket, sound: Path, layout: str) -> None:
    """By the same checks; what is changed and what is missing there is found."""
    client = s3.client()
    for path, data in contents(sound).items():
        client.put_object(Bucket=s3.name, Key=f"set/{path}", Body=data)
    where = s3.folder("set")
    report = verify(where, sample=2)
    assert report.ok, report.faults
    first, last = sorted(path for path in contents(sound) if path.endswith((".tar", ".parquet", ".png")))[::2][:2]
    client.put_object(Bucket=s3.name, Key=f"set/{first}", Body=b"other")
    client.delete_object(Bucket=s3.name, Key=f"set/{last}")
    assert {("hashes", first), ("hashes", last)} <= found(verify(where, sample=2))
