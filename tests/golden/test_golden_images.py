"""Pinned images: what a specification gives today, it gave when the image was pinned, pixel for pixel."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from glyphmill.run.outcome import Rejected
from tests.jobs import open_job

FOLDER = Path(__file__).parent
SAMPLES: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "samples.yaml").read_text(encoding="utf-8"))
#: Largest difference of a channel that passes. The libraries are pinned, so there is none.
TOLERANCE = 0
#: Largest of all pinned images together, bytes.
BUDGET = 400_000
DEFAULTS = {"text": {"length": 10}, "font": {"size": 26}, "canvas": {"padding": 6}}

Image = NDArray[np.uint8]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_image_is_the_pinned_one(name: str, update_golden: bool, tmp_path: Path) -> None:
    """The only sample of a one-sample job, so that no other specification changes it."""
    made = open_job([SAMPLES[name]], 1, defaults=DEFAULTS).generate(0)
    assert not isinstance(made, Rejected), made
    file = FOLDER / "images" / f"{name}.png"
    pinned = _read(file) if file.exists() else np.zeros((1, 1, 3), np.uint8)
    if _same(pinned, made.image):
        return
    strip = tmp_path / f"{name}.png"
    _write(strip, _strip(pinned, made.image))
    if not update_golden:
        pytest.fail(f"{name} is not as it was: old | new | difference in {strip}. Pin it with --update-golden.")
    _write(file, made.image)
    warnings.warn(f"pinned {name} anew: old | new | difference in {strip}", stacklevel=1)


def test_every_pinned_image_is_compared_and_they_are_small() -> None:
    files = list((FOLDER / "images").iterdir())
    assert {file.stem for file in files} == set(SAMPLES)
    assert sum(file.stat().st_size for file in files) <= BUDGET


def test_one_level_of_one_pixel_is_noticed() -> None:
    image = np.full((3, 3, 3), 7, np.uint8)
    other = image.copy()
    other[1, 1, 2] += 1
    assert _same(image, image)
    assert not _same(image, other)
    assert not _same(image, image[:2])


def test_a_strip_shows_both_images_and_where_they_differ() -> None:
    old, new = np.full((4, 5, 3), 100, np.uint8), np.full((6, 3, 3), 100, np.uint8)
    new[0, 0] = 103
    strip = _strip(old, new)
    assert strip.shape == (6, 3 * 5 + 2 * 4, 3)
    difference = strip[:, -5:]
    assert difference[0, 0].min() > 0
    assert not difference[1, 1].any()
    assert difference[5].max() > 0, "what only one of them has is a difference"


def _same(old: Image, new: Image) -> bool:
    return old.shape == new.shape and int(cv2.absdiff(old, new).max()) <= TOLERANCE


def _strip(old: Image, new: Image) -> Image:
    """Old, new and their difference, made eight times stronger, side by side on a common size."""
    height, width = np.maximum(old.shape[:2], new.shape[:2]).tolist()

    def padded(image: Image) -> Image:
        right, below = width - image.shape[1], height - image.shape[0]
        return np.asarray(cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_CONSTANT), np.uint8)

    pair = padded(old), padded(new)
    difference = np.minimum(cv2.absdiff(*pair).astype(int) * 8, 255).astype(np.uint8)
    gap = np.full((height, 4, 3), 255, np.uint8)
    return np.hstack([pair[0], gap, pair[1], gap, difference])


def _read(file: Path) -> Image:
    return np.asarray(cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB), np.uint8)


def _write(file: Path, image: Image) -> None:
    file.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(file), cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 9])
