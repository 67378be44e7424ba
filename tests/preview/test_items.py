"""A dataset is read as it lies there; what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from glyphmill.core.errors import GlyphmillError
from glyphmill.preview.items import items_of_dataset


def test_every_sample_is_read_with_its_pixels_as_rgb(dataset: Path) -> None:
    items = items_of_dataset(dataset, 100)
    assert [item.index for item in items] == list(range(12))
    assert items[3].specification == "ogham"
    assert items[3].direction == "bottom_to_top"
    assert items[3].pixels.shape == (380, 44, 3)
    assert items[3].pixels[0, 0].tolist() == [40, 90, 247]


def test_fewer_samples_are_spread_over_the_whole_dataset(dataset: Path) -> None:
    assert [item.index for item in items_of_dataset(dataset, 4)] == [0, 3, 6, 9]


def test_a_folder_without_labels_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(GlyphmillError, match=r"no labels under images/.*generate"):
        items_of_dataset(tmp_path, 4)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not a label"),
        ("[]", "not a label"),
        ('{"schema": "glyphmill.label/9"}', "this version reads"),
        ('{"schema": "glyphmill.label/1", "image": "../../../secret.png"}', "outside the dataset"),
        ('{"schema": "glyphmill.label/1", "image": "images/gone.png"}', "No such file"),
        ('{"schema": "glyphmill.label/1", "image": "images/000000/000000005.json"}', "not an image"),
    ],
)
def test_a_bad_label_or_image_is_named(dataset: Path, content: str, reason: str) -> None:
    (dataset / "images/000000/000000005.json").write_text(content)
    with pytest.raises(GlyphmillError, match=reason):
        items_of_dataset(dataset, 100)
