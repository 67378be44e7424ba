"""Extras on disk: beside each image, in the lists, and verified."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from glyphmill import Job
from glyphmill.config.extras import EXTRAS
from glyphmill.export import names
from glyphmill.export.files import discard
from glyphmill.run.generate import generate
from glyphmill.run.render import read_label
from glyphmill.run.verify import verify
from glyphmill.stages.extra.make import MAKERS

CONFIG = """
total_images: 3
seed: 4
output: {extras: [region_map, cluster_mask]}
specifications:
  - name: latin
    proportion: 1
    text: {language: en, length: [4, 12]}
    font: {size: [18, 26]}
    background: {solid: {}}
"""
MASK = names.extra_path(1, "cluster_mask")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    config = tmp_path / "job.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    generate(Job.from_yaml(config), tmp_path / "out")
    return tmp_path / "out"


def rehash(root: Path) -> None:
    """Make lists and manifest agree with the files."""
    path = root / "checksums/000000.sha256"
    listed = [line[66:] for line in path.read_text().splitlines()]
    path.write_bytes(subprocess.run(["sha256sum", *listed], cwd=root, capture_output=True, check=True).stdout)
    digest = subprocess.run(["sha256sum", str(path)], capture_output=True, check=True, text=True).stdout[:64]
    manifest = json.loads((root / "manifest.json").read_text())
    manifest["checksums"]["checksums/000000.sha256"] = digest
    (root / "manifest.json").write_text(json.dumps(manifest))


def test_every_name_has_a_maker() -> None:
    """What a config may ask for is what can be made."""
    assert list(MAKERS) == list(EXTRAS)


def test_extras_lie_beside_the_image_and_in_the_lists(dataset: Path) -> None:
    """As files of the sizes and depths that are documented, and nothing but what is asked for."""
    found = sorted(path.name for path in (dataset / "images/000000").iterdir())
    stems = [f"{index:09d}" for index in range(3)]
    assert found == sorted(f"{s}.{e}" for s in stems for e in ("cluster_mask.png", "json", "png", "region_map.png"))
    listed = [line[66:] for line in (dataset / "checksums/000000.sha256").read_text().splitlines()]
    assert sorted(Path(name).name for name in listed) == found
    image = cv2.imread(str(dataset / names.image_path(1, "png")))
    mask = cv2.imread(str(dataset / MASK), cv2.IMREAD_UNCHANGED)
    heat = cv2.imread(str(dataset / names.extra_path(1, "region_map")), cv2.IMREAD_UNCHANGED)
    assert (mask.shape, mask.dtype, heat.shape, heat.dtype) == (image.shape[:2], np.uint16, image.shape[:2], np.uint8)
    boxes = read_label(dataset / names.label_path(1))["bboxes"]
    for number in np.unique(mask[mask > 0]).tolist():
        ys, xs = np.nonzero(mask == number)
        box = boxes[number - 1]
        assert box["ink"]
        assert box["x0"] - 1 <= xs.min() <= xs.max() + 1 <= box["x1"] + 1
        assert box["y0"] - 1 <= ys.min() <= ys.max() + 1 <= box["y1"] + 1


def test_extras_are_verified(dataset: Path) -> None:
    """By their hashes, and by making them again."""
    report = verify(dataset)
    assert report.ok, report.faults
    assert report.checked["hashes"] == 3 * 4 + 1
    mask = cv2.imread(str(dataset / MASK), cv2.IMREAD_UNCHANGED)
    mask[0, 0] = 9
    cv2.imwrite(str(dataset / MASK), mask)
    assert {(fault.check, fault.file) for fault in verify(dataset).faults} == {("hashes", MASK), ("images", MASK)}
    rehash(dataset)
    assert [str(fault) for fault in verify(dataset).faults] == [
        f"{MASK}: differs from what its label makes in 1 values"
    ]


def test_a_lost_extra_is_missed(dataset: Path) -> None:
    """From the folder, and from the lists."""
    (dataset / MASK).unlink()
    assert {(fault.check, fault.file) for fault in verify(dataset).faults} == {("hashes", MASK)}
    path = dataset / "checksums/000000.sha256"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if MASK not in line))
    rehash(dataset)
    label = names.label_path(1)
    assert {(fault.check, fault.file) for fault in verify(dataset).faults} == {
        ("counts", names.CHECKSUMS),
        ("counts", label),
    }


def test_a_dataset_with_other_extras_is_another(dataset: Path, tmp_path: Path) -> None:
    """A run goes on only where files of the same kinds are."""
    (tmp_path / "job.yaml").write_text(CONFIG.replace("[region_map, cluster_mask]", "word_mask"), encoding="utf-8")
    with pytest.raises(Exception, match="another config"):
        generate(Job.from_yaml(tmp_path / "job.yaml"), dataset)


def test_nothing_stays_of_a_rejected_sample(dataset: Path) -> None:
    """Its extras go with its image and its label."""
    discard(dataset, 1, "png")
    assert not list((dataset / "images/000000").glob("000000001*"))
