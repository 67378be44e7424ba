"""The PNG sheet shows every sample, with boxes only on request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from glyphmill.preview.items import items_of_dataset
from glyphmill.preview.sheet import BOX_COLORS, by_direction, contact_sheet, encoded


def count(sheet: np.ndarray, color: tuple[int, int, int], tolerance: int = 24) -> int:
    """Pixels that have about this color."""
    return int((np.abs(sheet.astype(int) - color).max(axis=2) <= tolerance).sum())


def test_the_sheet_has_the_width_asked_for_and_shows_each_image(dataset: Path) -> None:
    items = items_of_dataset(dataset, 100)
    sheet = contact_sheet(items, title="demo", width=900)
    assert sheet.shape[1] == 900
    assert sheet.dtype == np.uint8
    # Each image has one color of its own.
    assert all(count(sheet, (40, 90, 250 - index), 0) > 500 for index in range(12))


def test_boxes_are_drawn_only_on_request(dataset: Path) -> None:
    items = items_of_dataset(dataset, 100)
    plain = contact_sheet(items, title="demo")
    boxed = contact_sheet(items, title="demo", boxes=True)
    assert plain.shape == boxed.shape
    for color in (BOX_COLORS["line"], BOX_COLORS["cluster"]):
        assert count(boxed, color) > count(plain, color) + 100


def test_a_cluster_box_is_drawn_where_the_label_says(dataset: Path) -> None:
    """At a scale of 1 the frame of the box 10..30 runs through the pixels 9.5 and 29.5."""
    item = items_of_dataset(dataset, 1)[0]
    sheet = contact_sheet([item], title="", boxes=True, width=320)
    scale = (320 - 56) / 300
    green = np.argwhere(np.abs(sheet.astype(int) - BOX_COLORS["cluster"]).max(axis=2) < 70)
    body = green[green[:, 0] > 100]
    left, top = 28, 28 + 62 + 40 + 24
    np.testing.assert_allclose(body.min(axis=0), [top + 10 * scale - 0.5, left + 10 * scale - 0.5], atol=1)
    np.testing.assert_allclose(body.max(axis=0), [top + 30 * scale - 0.5, left + 30 * scale - 0.5], atol=1)


def test_items_are_ordered_by_direction_and_specification_as_these_first_appear(dataset: Path) -> None:
    items = items_of_dataset(dataset, 100)
    other = [replace(item, specification="latin2") for item in items[:1]]
    groups = by_direction([*items[::-1], *other])
    assert [group[0].direction for group in groups] == [item.direction for item in items[3::-1]]
    assert [(item.specification, item.index) for item in groups[3]] == [
        ("latin", 0),
        ("latin", 4),
        ("latin", 8),
        ("latin2", 0),
    ]


def test_the_png_holds_the_sheet(dataset: Path) -> None:
    sheet = contact_sheet(items_of_dataset(dataset, 2), title="naïve \x1b[31m title")
    decoded = cv2.imdecode(np.frombuffer(encoded(sheet, ".png"), np.uint8), cv2.IMREAD_COLOR_RGB)
    np.testing.assert_array_equal(decoded, sheet)


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        contact_sheet([], title="")
