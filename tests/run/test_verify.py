"""`verify` finds nothing in a sound dataset, and each kind of damage where it is."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from glyphmill.run.label_check import label_problems
from glyphmill.run.outcome import RunError
from glyphmill.run.render import Renderer, read_label
from glyphmill.run.verify import verify
from glyphmill.run.verify_report import CHECKS, VerifyReport

LABEL = "images/000000/000000007.json"
IMAGE = "images/000000/000000007.png"


@pytest.fixture
def copy_of(dataset: Path, tmp_path: Path) -> Path:
    """A dataset that the test may damage."""
    return Path(shutil.copytree(dataset, tmp_path / "copy"))


def rehash(root: Path) -> None:
    """Make lists and manifest agree with the files, so that only what is inside them is wrong; drop the records."""
    shutil.rmtree(root / ".ranges", ignore_errors=True)
    path = root / "checksums/000000.sha256"
    names = [line[66:] for line in path.read_text().splitlines()]
    path.write_text("".join(f"{hashlib.sha256((root / n).read_bytes()).hexdigest()}  {n}\n" for n in names))
    manifest = json.loads((root / "manifest.json").read_text())
    manifest["checksums"]["checksums/000000.sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (root / "manifest.json").write_text(json.dumps(manifest))


def change_label(root: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    label = read_label(root / LABEL)
    change(label)
    (root / LABEL).write_text(json.dumps(label, ensure_ascii=False), encoding="utf-8")
    rehash(root)


def found(report: VerifyReport) -> set[tuple[str, str]]:
    return {(fault.check, fault.file) for fault in report.faults}


def test_a_sound_dataset_has_no_faults(dataset: Path) -> None:
    """Every check looks at everything: two files and the list for hashes, each sample for the others."""
    told: list[tuple[int, int]] = []
    report = verify(dataset, progress=lambda *numbers: told.append(numbers))
    assert report.ok, report.faults[:5]
    assert report.checked == {"counts": 241, "hashes": 241, "schema": 120, "images": 120, "boxes": 120}
    assert told[-1] == (120, 120)
    assert report.to_dict()["ok"] is True
    assert json.dumps(report.to_dict())


def test_a_sample_of_the_samples_is_replayed(dataset: Path) -> None:
    """The cheap checks still look at all."""
    checked = verify(dataset, sample=12).checked
    assert (checked["hashes"], checked["schema"], checked["images"], checked["boxes"]) == (241, 120, 12, 12)


@pytest.mark.parametrize("check", CHECKS)
def test_one_check_alone(dataset: Path, check: str) -> None:
    """Only what is asked for is made and reported."""
    report = verify(dataset, checks=[check], sample=3)
    assert list(report.checked) == [check]
    assert report.ok


def test_unknown_checks_and_folders_are_refused(dataset: Path, tmp_path: Path) -> None:
    """With what there is."""
    with pytest.raises(RunError, match="there is no check 'colors'; there are counts, hashes"):
        verify(dataset, checks=["colors"])
    with pytest.raises(RunError, match=r"holds no manifest\.json"):
        verify(tmp_path)


@pytest.mark.parametrize("damage", ["truncate", "flip", "zero", "remove", "empty"])
@pytest.mark.parametrize("name", [LABEL, IMAGE])
def test_a_damaged_file_is_found_by_its_hash(copy_of: Path, name: str, damage: str) -> None:
    """Whichever bytes are lost, and also all of them."""
    path = copy_of / name
    data = path.read_bytes()
    flipped = bytes([data[0], data[1] ^ 1]) + data[2:]
    new = {"truncate": data[:-9], "flip": flipped, "zero": bytes(len(data)), "empty": b""}
    path.unlink() if damage == "remove" else path.write_bytes(new[damage])
    assert ("hashes", name) in found(verify(copy_of, checks=["hashes"]))
    assert not verify(copy_of).ok


def test_a_changed_list_is_found_by_the_manifest(copy_of: Path) -> None:
    """A line taken from a list: the list has changed, and there is a file in no list."""
    path = copy_of / "checksums/000000.sha256"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if IMAGE not in line))
    report = verify(copy_of)
    assert found(report) == {("hashes", "checksums/000000.sha256"), ("schema", LABEL), ("counts", IMAGE)}
    assert "no image belongs to it" in "".join(fault.message for fault in report.faults)


def test_a_list_cannot_lead_out_of_the_dataset(copy_of: Path) -> None:
    """Paths with `..` and absolute ones are faults, and are not read."""
    path = copy_of / "checksums/000000.sha256"
    path.write_text(path.read_text() + f"{'0' * 64}  images/../../secret\n{'0' * 64}  /etc/passwd\n")
    messages = [fault.message for fault in verify(copy_of, checks=["hashes"]).faults]
    assert sum("is no file of a dataset" in message for message in messages) == 2


def test_a_file_too_many_and_wrong_sums_are_found(copy_of: Path) -> None:
    """Stray files, rejects that do not add up."""
    (copy_of / "images/000000/stray.png").write_bytes(b"")
    (copy_of / "rejects.jsonl").write_text("{}\n")
    manifest = json.loads((copy_of / "manifest.json").read_text())
    manifest["requested"] = 121
    (copy_of / "manifest.json").write_text(json.dumps(manifest))
    assert found(verify(copy_of, checks=["counts"])) == {
        ("counts", "images/000000/stray.png"),
        ("counts", "rejects.jsonl"),
        ("counts", "manifest.json"),
    }


def test_an_image_that_is_not_of_its_label_is_found(copy_of: Path) -> None:
    """One value of one pixel is enough; the same pixels in other bytes are no fault."""
    path = copy_of / IMAGE
    pixels = cv2.imread(str(path))
    cv2.imwrite(str(path), pixels)
    rehash(copy_of)
    assert verify(copy_of).ok
    pixels[0, 0, 0] ^= 1
    cv2.imwrite(str(path), pixels)
    rehash(copy_of)
    report = verify(copy_of)
    assert found(report) == {("images", IMAGE)}
    assert "differs from what its label makes in 1 values" in report.faults[0].message


@pytest.mark.parametrize("shift", [(3, 0), (0, -3)])
def test_boxes_off_the_ink_are_found(copy_of: Path, shift: tuple[int, int]) -> None:
    """Three pixels to a side, in a label that is sound in itself."""

    def move(label: dict[str, Any]) -> None:
        for box in label["bboxes"]:
            for low, high, by, size in (("x0", "x1", shift[0], "width"), ("y0", "y1", shift[1], "height")):
                for key in (low, high):
                    box[key] = round(min(max(box[key] + by, 0), label[size]), 2)

    change_label(copy_of, move)
    assert found(verify(copy_of)) == {("boxes", LABEL)}


def test_a_box_that_is_missing_is_found(copy_of: Path) -> None:
    """Ink that no box holds."""
    change_label(copy_of, lambda label: label["bboxes"][0].update(ink=False))
    report = verify(copy_of)
    assert found(report) == {("boxes", LABEL)}
    assert any("outside of all boxes" in fault.message for fault in report.faults)


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "schema": lambda label: label.update(schema="glyphmill.label/9"),
    "no words": lambda label: label.pop("words"),
    "width is text": lambda label: label.update(width="90"),
    "width is bool": lambda label: label.update(width=True),
    "empty image": lambda label: label.update(height=0),
    "direction": lambda label: label.update(direction="up"),
    "box outside": lambda label: label["bboxes"][0].update(x1=label["width"] + 1),
    "box inverted": lambda label: label["bboxes"][0].update(x1=-1.0, x0=2.0),
    "three decimals": lambda label: label["bboxes"][0].update(x0=0.123),
    "not finite": lambda label: label["bboxes"][0].update(x0=float("nan")),
    "span outside": lambda label: label["bboxes"][-1].update(span=[0, 99]),
    "span not in order": lambda label: label["bboxes"].reverse(),
    "char not of span": lambda label: label["bboxes"][0].update(char="?"),
    "cluster missing": lambda label: label["bboxes"].pop(0),
    "last cluster missing": lambda label: label["bboxes"].pop(),
    "line index": lambda label: label["bboxes"][0].update(line_index=9),
    "word index": lambda label: label["bboxes"][0].update(word_index=-1),
    "word of no line": lambda label: label["words"][0].update(line_index=5),
    "line of other words": lambda label: label["lines"][0].update(words=[99]),
    "line text": lambda label: label["lines"][0].update(text="not of it"),
    "word text": lambda label: label["words"][0].update(text="not of it"),
    "quad of three": lambda label: label["words"][0]["quad"].pop(),
    "point of one": lambda label: label["lines"][0].update(baseline=[[1.0], [2.0]]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_label_against_the_format_is_found(dataset: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """One wrong key, type, index, span or number; and the sound label has no problems."""
    label = read_label(dataset / LABEL)
    assert label_problems(label) == []
    change(label)
    assert label_problems(label)


def test_an_unsound_label_is_a_fault_of_the_file(copy_of: Path) -> None:
    """The problem is told with the place in the label; a wrong image path too; what is not JSON as well."""
    change_label(copy_of, CHANGES["char not of span"])
    assert [str(fault) for fault in verify(copy_of).faults] == [f"{LABEL}: bboxes[0].char is not the text of its span"]
    change_label(copy_of, lambda label: label.update(image="elsewhere.png"))
    assert ("schema", LABEL) in found(verify(copy_of))
    (copy_of / LABEL).write_text("{")
    rehash(copy_of)
    assert found(verify(copy_of)) == {("schema", LABEL)}


def test_a_label_whose_font_is_gone_is_a_fault(copy_of: Path) -> None:
    """Its image cannot be made again: that is told, and the other labels are still checked."""

    def rename(label: dict[str, Any]) -> None:
        step = next(step for step in label["plan"]["steps"] if step["stage"] == "font")
        step["params"]["fonts"][0]["digest"] = "0" * 32

    change_label(copy_of, rename)
    report = verify(copy_of)
    assert found(report) == {("images", LABEL)}
    assert report.checked["boxes"] >= 119


def test_the_ink_of_a_label_covers_its_boxes(dataset: Path) -> None:
    """What the check of boxes relies on: coverage as large as the image, and some of it dark."""
    label = read_label(dataset / LABEL)
    ink = Renderer().ink(label)
    assert ink.shape == (label["height"], label["width"])
    assert ink.max() > 128


def test_a_manifest_that_cannot_be_read_is_refused(copy_of: Path) -> None:
    """Bytes that are no text, and a folder of its name."""
    path = copy_of / "manifest.json"
    path.write_bytes(b"\x80" + path.read_bytes())
    with pytest.raises(RunError, match="is not a Glyphmill manifest"):
        verify(copy_of)
    path.unlink()
    path.mkdir()
    with pytest.raises(RunError, match="cannot read"):
        verify(copy_of)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ranges", [[]]),
        ("ranges", [None]),
        ("ranges", [[0, "9"]]),
        ("checksums", {"checksums/000000.sha256": 3}),
        ("resources", {"fonts": []}),
        ("resources", {"fonts": {"00": None}}),
        ("config", {"limits": []}),
        ("config", {"limits": {"max_pixels": "many"}}),
    ],
)
def test_a_manifest_with_wrong_values_is_refused(copy_of: Path, key: str, value: Any) -> None:
    """However deep they lie."""
    path = copy_of / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(RunError, match=f"is damaged: {key}"):
        verify(copy_of)


@pytest.mark.parametrize("name", ["checksums/\0", "checksums/\ud800", "checksums/../../secret", "/etc/passwd", ""])
def test_a_manifest_cannot_lead_out_of_the_dataset(copy_of: Path, name: str) -> None:
    """Nor to what no file can be called."""
    path = copy_of / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "checksums": {**manifest["checksums"], name: "0"}}))
    (fault,) = verify(copy_of, checks=["hashes"]).faults
    assert fault.file == "manifest.json"
    assert "is no checksum list" in fault.message
