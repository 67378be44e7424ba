"""Extras on disk: beside each image, in the lists, and verified."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet
import pytest
import webdataset

from glyphmill import Job
from glyphmill.config.extras import EXTRAS
from glyphmill.export import names
from glyphmill.export.layout import FilesLayout
from glyphmill.export.local import LocalStorage
from glyphmill.run.dataset import find_dataset
from glyphmill.run.generate import generate
from glyphmill.run.render import read_label
from glyphmill.run.verify import verify
from glyphmill.stages.extra.make import MAKERS
from tests.export.shards import KINDS, again

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
MASK = f"{names.stem_path(1)}.cluster_mask.png"


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    config = tmp_path / "job.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    generate(Job.from_yaml(config), tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.parametrize("layout", KINDS)
def test_extras_are_in_shards(dataset: Path, tmp_path: Path, layout: str) -> None:
    """The very bytes that lie beside the image in files; `verify` looks at them there too."""
    root, read = tmp_path / layout, LocalStorage(dataset).read
    generate(Job.from_yaml(tmp_path / "job.yaml"), root, layout=layout, samples=2)
    found = [entry.sample for entry in find_dataset(root).samples()]
    assert [sample.index for sample in found] == [0, 1, 2]
    for sample in found:
        stem = names.stem_path(sample.index)
        assert sample.image == read(f"{stem}.png")
        extras = {name: read(f"{stem}.{name}.png") for name in ("cluster_mask", "region_map")}
        assert sample.named_extras() == extras
    report = verify(root)
    assert report.ok, report.faults
    path, kind = root / KINDS[layout].path(0), KINDS[layout]
    first, second = map(again, kind.read(path.read_bytes()))
    swapped = dict(zip(second.extras, reversed(second.extras.values()), strict=True))
    object.__setattr__(second, "extras", swapped)
    path.write_bytes(kind.write([first, second], ["region_map", "cluster_mask"]))
    rehash(root)
    inside = f"{KINDS[layout].path(0)}/000000001"
    assert {(fault.check, fault.file) for fault in verify(root).faults} == {
        ("images", f"{inside}.cluster_mask.png"),
        ("images", f"{inside}.region_map.png"),
    }


@pytest.mark.parametrize("layout", KINDS)
def test_other_tools_find_extras_in_shards(dataset: Path, tmp_path: Path, layout: str) -> None:
    """Beside the image, by their names."""
    generate(Job.from_yaml(tmp_path / "job.yaml"), tmp_path / layout, layout=layout)
    if layout == "parquet":
        columns = pyarrow.parquet.read_table(tmp_path / layout / "data").column("cluster_mask").to_pylist()
        mask = next(each["bytes"] for each in columns if each["path"] == "000000001.cluster_mask.png")
    else:
        shards = webdataset.WebDataset(str(tmp_path / layout / "shard-000000.tar"), shardshuffle=False)
        mask = next(sample["cluster_mask.png"] for sample in shards if sample["__key__"] == "000000001")
    assert mask == (dataset / MASK).read_bytes()


def rehash(root: Path) -> None:
    """Make lists and manifest agree with the files, and drop the records, which do not."""
    shutil.rmtree(root / ".ranges", ignore_errors=True)
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
    image = cv2.imread(str(dataset / f"{names.stem_path(1)}.png"))
    mask = cv2.imread(str(dataset / MASK), cv2.IMREAD_UNCHANGED)
    heat = cv2.imread(str(dataset / f"{names.stem_path(1)}.region_map.png"), cv2.IMREAD_UNCHANGED)
    assert (mask.shape, mask.dtype, heat.shape, heat.dtype) == (image.shape[:2], np.uint16, image.shape[:2], np.uint8)
    boxes = read_label(dataset / f"{names.stem_path(1)}.json")["bboxes"]
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
    label = f"{names.stem_path(1)}.json"
    assert {(fault.check, fault.file) for fault in verify(dataset).faults} == {("counts", label)}


def test_a_dataset_with_other_extras_is_another(dataset: Path, tmp_path: Path) -> None:
    """A run goes on only where files of the same kinds are."""
    (tmp_path / "job.yaml").write_text(CONFIG.replace("[region_map, cluster_mask]", "word_mask"), encoding="utf-8")
    with pytest.raises(Exception, match="another config"):
        generate(Job.from_yaml(tmp_path / "job.yaml"), dataset)


def test_nothing_stays_of_a_rejected_sample(dataset: Path) -> None:
    """Its extras go with its image and its label."""
    with FilesLayout().writing(LocalStorage(dataset), 0, "png") as writer:
        writer.drop(1)
    assert not list((dataset / "images/000000").glob("000000001*"))
