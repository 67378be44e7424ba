"""Text of the hardest presets can be seen, by a measure that shares no code with the one that Glyphmill keeps to.

It knows the finished pixels, where the ink of each letter is, and what stands in front. A word is as visible as its
letters are on average; a letter, as much as the mean lightness of its ink differs from the median of the ground
around it, in which lie underlines too. Letters that are drawn hollow are seen by their edge: by what is farthest from
the ground on it, as far as that goes beyond what noise makes of the ground farther out.

``GLYPHMILL_LEGIBILITY=2000`` looks at that many images of each preset.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.generator import OCRDataGenerator, Sample
from glyphmill.plan.plan import Plan
from glyphmill.run.outcome import Rejected
from tests.jobs import open_job, registry

IMAGES = int(os.environ.get("GLYPHMILL_LEGIBILITY", "40"))
#: Fewer pixels than that of a word are no word: the border or something in front leaves no more.
LEAST_INK = 12
#: Of L* / 100: Glyphmill measures it in 255 steps.
TOLERANCE = 0.005
KINDS = {
    "street": {"preset": "street", "text": {"language": "en", "take": "word"}, "font": {"size": [20, 64]}},
    "hard": {"preset": "hard", "text": {"language": "en", "length": [12, 36]}, "font": {"size": [18, 40]}},
}

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def lightness(image: NDArray[np.uint8]) -> Floats:
    """CIE L* / 100 of sRGB, (h, w): IEC 61966-2-1 and CIE 15."""
    level = image / 255
    light = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    root = np.where(light > (6 / 29) ** 3, np.cbrt(light), light * (29 / 6) ** 2 / 3 + 4 / 29)
    return 1.16 * root - 0.16


def seen(light: Floats, ink: NDArray[np.uint8], box: tuple[int, int, int, int], bare: Mask) -> tuple[float, int]:
    """How far the ink in a box differs from the ground around it, and how much of it there is, px.

    Args:
        light: lightness of the image, (h, w).
        ink: coverage of all ink, (h, w).
        box: left, top, right, bottom, px.
        bare: where nothing stands in front, (h, w).
    """
    reach = max(6, round((box[3] - box[1]) / 4))
    left, top = max(box[0] - reach, 0), max(box[1] - reach, 0)
    window = (slice(top, box[3] + reach), slice(left, box[2] + reach))
    inside = np.zeros(ink[window].shape, bool)
    inside[box[1] - top : box[3] - top, box[0] - left : box[2] - left] = True
    core = (ink[window] >= 128) & inside
    count = int((core & bare[window]).sum())
    square = np.ones((3, 3), np.uint8)
    edge = (cv2.morphologyEx(core.view(np.uint8), cv2.MORPH_GRADIENT, square) > 0) & bare[window]
    ground = (cv2.dilate(ink[window], square) == 0) & bare[window]
    if not count or not ground.any():
        return 1.0, 0
    around = float(np.median(light[window][ground]))
    flat = abs(float(light[window][core & bare[window]].mean()) - around)
    farthest = cv2.dilate(np.abs(light[window] - around), np.ones((5, 5), np.uint8))
    outer = (cv2.dilate(ink[window], np.ones((9, 9), np.uint8)) == 0) & bare[window]
    rim = float(farthest[edge].mean() - np.median(farthest[outer if outer.any() else ground]))
    return max(flat, rim), count


def seen_words(sample: Sample, ink: NDArray[np.uint8], bare: Mask) -> Iterator[float]:
    """Of each word of which enough is in sight."""
    light = lightness(sample.image)
    height, width = ink.shape
    labels = sample.labels
    boxes = np.clip(labels.boxes(), 0, [width, height, width, height])
    low, high = np.floor(boxes[:, :2]).astype(int), np.ceil(boxes[:, 2:]).astype(int)
    for word in range(len(labels.word_spans)):
        letters = np.flatnonzero((labels.word == word) & labels.ink)
        found = [seen(light, ink, (*low[each].tolist(), *high[each].tolist()), bare) for each in letters.tolist()]
        values, counts = np.array(found).reshape(-1, 2).T
        if counts.sum() >= LEAST_INK:
            yield float(values @ counts / counts.sum())


def bare_of(plan: Plan, shape: tuple[int, int]) -> Mask:
    """Where nothing stands in front of the text."""
    bare = np.ones(shape, bool)
    for step in plan.all("degrade"):
        unit = registry().get("degrade", step.unit)
        assert unit is not None
        if unit.hides is not None:
            bare &= unit.hides(unit.params(**step.params), shape[::-1]) < 3
    return bare


@dataclass(frozen=True)
class Look:
    """What was seen of one image: by this measure, and by Glyphmill's own, with the floor that it keeps to."""

    index: int
    least: float
    own: float
    floor: float


def look(generator: OCRDataGenerator, sample: Sample) -> Look:
    """One image; where no word is in sight, nothing is too faint."""
    ink = generator.ink_mask(sample.plan)
    least = min(seen_words(sample, ink, bare_of(sample.plan, ink.shape)), default=1.0)
    return Look(sample.plan.index, least, sample.contrast, sample.plan.of("canvas").params["min_contrast"])


@pytest.fixture(scope="module", params=KINDS)
def looks(request: pytest.FixtureRequest) -> list[Look]:
    job = open_job([KINDS[request.param]], IMAGES, defaults={}, seed=11)
    outcomes = [job.generate(index) for index in range(IMAGES)]
    rejected = sum(isinstance(outcome, Rejected) for outcome in outcomes)
    assert rejected <= 0.03 * IMAGES
    return [look(job.generator, outcome) for outcome in outcomes if not isinstance(outcome, Rejected)]


def test_no_word_is_below_the_floor(looks: list[Look]) -> None:
    """In the finished pixels, the faintest word of each image is above the least contrast that its plan asks for."""
    assert [each for each in looks if each.least < each.floor - TOLERANCE] == []


def test_both_measures_agree(looks: list[Look]) -> None:
    """What Glyphmill calls faint is faint."""
    least, own = np.array([(each.least, each.own) for each in looks]).T
    assert np.corrcoef(least, own)[0, 1] > 0.85


@pytest.mark.parametrize("ink", [(0, 0, 0), (150, 150, 150), (170, 170, 170), (255, 0, 0)])
def test_the_measure_is_the_difference_in_lightness(ink: tuple[int, int, int]) -> None:
    """Flat ink on flat ground: what CIE 15 says of both colors."""
    ground = (178, 178, 178)
    kind = {
        "text": {"language": "en", "length": 12},
        "font": {"size": 64},
        "color": {"rgb": ink},
        "background": {"solid": {"color": ground}},
        "canvas": {"min_contrast": 0},
    }
    job = open_job([kind], 1, defaults={})
    sample = job.generate(0)
    assert isinstance(sample, Sample)
    one, other = lightness(np.array([[ink, ground]], np.uint8))[0]
    assert look(job.generator, sample).least == pytest.approx(abs(one - other), rel=0.1)


def test_the_measure_notices_ink_that_is_not_there() -> None:
    """A word that is painted over with its ground is seen no more, and the others as before."""
    kind = {"text": {"language": "en", "length": 24}, "font": {"size": 32}}
    job = open_job([kind], 1)
    sample = job.generate(0)
    assert isinstance(sample, Sample)
    ink = job.generator.ink_mask(sample.plan)
    before = list(seen_words(sample, ink, np.ones(ink.shape, bool)))
    assert len(before) > 1
    left, right = sample.labels.word_polygons[0][:, 0].min(), sample.labels.word_polygons[0][:, 0].max()
    image = sample.image.copy()
    image[:, int(left) : int(right)] = 255
    after = list(seen_words(replace(sample, image=image), ink, np.ones(ink.shape, bool)))
    assert after[0] < 0.05
    assert after[1:] == before[1:]
