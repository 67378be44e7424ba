"""A dataset is read as it lies there; what cannot be read is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from glyphmill.core.errors import GlyphmillError
from glyphmill.export.files import SampleFiles, encode_label
from glyphmill.preview.items import items_of_dataset
from glyphmill.run.outcome import RunError
from tests.export.shards import KINDS


def test_every_sample_is_read_with_its_pixels_as_rgb(dataset: Path) -> None:
    items = items_of_dataset(dataset, 100)
    assert [item.index for item in items] == list(range(12))
    assert items[3].specification == "ogham"
    assert items[3].direction == "bottom_to_top"
    assert items[3].pixels.shape == (380, 44, 3)
    assert items[3].pixels[0, 0].tolist() == [40, 90, 247]


def test_fewer_samples_are_spread_over_the_whole_dataset(dataset: Path) -> None:
    assert [item.index for item in items_of_dataset(dataset, 4)] == [0, 3, 6, 9]


@pytest.mark.parametrize("count", [3, 5, 12, 100])
@pytest.mark.parametrize("layout", KINDS)
def test_every_layout_gives_the_same_items(dataset: Path, tmp_path: Path, layout: str, count: int) -> None:
    """Where there are more samples asked for than files, and as many as there are."""
    told = json.loads((dataset / "manifest.json").read_text()) | {"layout": {"name": layout, "samples": 4}}
    kind, root = KINDS[layout], tmp_path / "shards"
    for number in range(3):
        path = root / kind.path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kind.write(packed(dataset, index) for index in range(4 * number, 4 * number + 4)))
    (root / "manifest.json").write_text(json.dumps(told))
    items = items_of_dataset(root, count)
    spread = {3: [0, 4, 8], 5: [0, 2, 4, 7, 9]}
    assert [item.index for item in items] == spread.get(count, [*range(12)])
    alike = items_of_dataset(dataset, 100)
    assert all(item.encoded == alike[item.index].encoded for item in items)
    assert all((item.pixels == alike[item.index].pixels).all() for item in items)


def packed(dataset: Path, index: int) -> SampleFiles:
    """A sample as shards hold it."""
    stem, path = f"{index:09d}", dataset / f"images/000000/{index:09d}"
    label = json.loads(path.with_suffix(".json").read_text()) | {"image": f"{stem}.png"}
    image = path.with_suffix(".png").read_bytes()
    return SampleFiles(index, stem, f"{stem}.png", image, encode_label(label), {}, label, {})


def test_what_is_no_dataset_is_refused_by_name(dataset: Path, tmp_path: Path) -> None:
    """Without a manifest, and without samples."""
    with pytest.raises(RunError, match=r"nothing holds no manifest\.json"):
        items_of_dataset(tmp_path / "nothing", 4)
    shutil.rmtree(dataset / "images")
    with pytest.raises(GlyphmillError, match=r"dataset: there are no samples"):
        items_of_dataset(dataset, 4)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schema": "glyphmill.label/9"}, "glyphmill.label/9"),
        ({"image": "../../../secret.png"}, "image is"),
        ({"lines": [{}]}, r"lines\[0\] has no text"),
        ({"plan": {}}, "its plan has no 'specification'"),
        (None, "no JSON"),
    ],
)
def test_a_bad_label_is_named(dataset: Path, changes: dict[str, object] | None, reason: str) -> None:
    path = dataset / "images/000000/000000005.json"
    path.write_text("{" if changes is None else json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(GlyphmillError, match=rf"000000005\.json: .*{reason}.*glyphmill verify"):
        items_of_dataset(dataset, 100)


def test_a_bad_image_is_named(dataset: Path) -> None:
    """One that is none, and one that is not there."""
    path = dataset / "images/000000/000000005.png"
    path.write_bytes(b"GIF")
    with pytest.raises(GlyphmillError, match=r"000000005\.png: not an image.*glyphmill verify"):
        items_of_dataset(dataset, 100)
    path.unlink()
    with pytest.raises(GlyphmillError, match=r"000000005\.json: no image belongs to it.*glyphmill verify"):
        items_of_dataset(dataset, 100)
