"""Extras of real text: masks agree with the ink, and both with every warp."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from glyphmill.core.page import Page
from glyphmill.core.warpmap import Homography
from glyphmill.generator import OCRDataGenerator, RenderedText
from glyphmill.resample import resample
from glyphmill.stages.extra.masks import cluster_mask, line_mask, word_mask
from glyphmill.stages.extra.score import affinity_map, character_boxes, region_map
from glyphmill.stages.extra.text import SeenText
from glyphmill.stages.ink.paint import paint_cluster
from glyphmill.stages.layout.warped import warp
from tests.jobs import open_job

TEXTS: dict[str, dict[str, Any]] = {
    "latin": {"text": {"language": "en", "length": 40, "lines": 2}},
    "arabic": {"text": {"language": "ar", "length": 24, "direction": "right_to_left"}},
    "arabic_arc": {
        "text": {"language": "ar", "length": 24, "direction": "right_to_left"},
        "curve": {"arc": {"radius": 300}},
    },
    "hindi": {"text": {"language": "hi", "length": 20}},
    "japanese": {"text": {"language": "ja", "length": 20, "lines": 2, "direction": "top_to_bottom"}},
    "upwards": {"text": {"language": "en", "length": 20, "direction": "bottom_to_top"}, "curve": {"sine": {}}},
}


class Wave:
    """A map that no matrix can be."""

    def forward(self, points: np.ndarray) -> np.ndarray:
        return points + np.stack([np.zeros(len(points)), 4 * np.sin(points[:, 0] / 40) + 6], axis=1)

    def inverse(self, points: np.ndarray) -> np.ndarray:
        return points - np.stack([np.zeros(len(points)), 4 * np.sin(points[:, 0] / 40) + 6], axis=1)


def rendered(spec: dict[str, Any], size: int = 40) -> RenderedText:
    job = open_job([{**spec, "font": {"size": size}}], 1)
    return job.generator._render_text(job.plan(0))


def seen(text: RenderedText, page: Page | None = None) -> SeenText:
    page = page or Page.of(text.width, text.height)
    labels = text.labels.at(page.forward(text.labels.points()))
    return SeenText(text.layout, warp(text.placed, page), labels, page.width, page.height)


def warped(text: RenderedText, kind: str) -> Page:
    page = Page.of(text.width, text.height)
    if kind == "wave":
        return page.warped(Wave())  # type: ignore[arg-type]
    turn = np.deg2rad(20)
    matrix = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    if kind == "perspective":
        matrix[2, :2] = 0.3 / text.width, -0.2 / text.height
    return page.warped(Homography(matrix))


@pytest.mark.parametrize("name", TEXTS)
def test_the_cluster_mask_is_the_ink_of_each_cluster(name: str) -> None:
    """Filled outlines agree with what the font engine draws of each cluster alone, but for pixels near one half."""
    text = rendered(TEXTS[name])
    mask = cluster_mask(seen(text))
    apart = differing = 0
    for cluster in np.flatnonzero(text.labels.ink & ~text.labels.shared).tolist():
        alone = paint_cluster(text.layout, text.placed, cluster, text.width, text.height)
        differing += np.count_nonzero((mask == cluster + 1) & (alone < 118))
        differing += np.count_nonzero((mask == 0) & (alone > 138))
        apart += np.count_nonzero(alone)
    assert differing <= 0.01 * apart
    assert set(np.unique(mask)) == {0, *(np.flatnonzero(text.labels.ink) + 1).tolist()}


@pytest.mark.parametrize("kind", ["rotation", "perspective", "wave"])
@pytest.mark.parametrize("name", TEXTS)
def test_masks_go_along_with_warps(name: str, kind: str) -> None:
    """Outlines that are warped and then filled agree with ink that is filled and then resampled."""
    text = rendered(TEXTS[name])
    page = warped(text, kind)
    ink = resample(text.ink.mask, page, border=(0,))
    mask = line_mask(seen(text, page))
    assert mask.shape == ink.shape
    # resampling softens edges: only what is clearly ink or clearly none says anything
    clear = np.count_nonzero(ink > 0)
    assert np.count_nonzero((mask > 0) & (ink < 64)) <= 0.005 * clear
    assert np.count_nonzero((mask == 0) & (ink > 192)) <= 0.005 * clear


@pytest.mark.parametrize("name", TEXTS)
def test_words_and_lines_are_made_of_their_clusters(name: str) -> None:
    """Where a cluster has a pixel its word and its line have it too, and these have few more: joints."""
    text = seen(rendered(TEXTS[name]))
    labels = text.labels
    clusters, words, lines = cluster_mask(text), word_mask(text), line_mask(text)
    inked = clusters > 0
    member = clusters[inked].astype(int) - 1
    assert np.mean(words[inked] == labels.word[member] + 1) > 0.999
    assert np.array_equal(lines[inked], labels.line[member] + 1)
    assert np.count_nonzero(~inked & (lines > 0)) <= 0.02 * np.count_nonzero(inked)


LIGATURES = {
    "latin": ("office fluffy affliction", "NotoSans?wght?.ttf", "liga", "left_to_right"),
    "latin_down": ("office fluffy affliction", "NotoSans?wght?.ttf", "liga", "top_to_bottom"),
    "hebrew": (
        "\u05d0\u05dc \u05d5\u05d5 \u05d5\u05d9\u05d9 \u05d0\u05dc\u05d0\u05dc",
        "NotoSansHebrew*",
        "dlig",
        "right_to_left",
    ),
    "arabic": ("\u0627\u0644\u0644\u0651\u0670\u0647", "NotoSansArabic*", "liga", "right_to_left"),
}


@pytest.mark.parametrize("curve", [{}, {"arc": {"radius": 200}}], ids=["straight", "arc"])
@pytest.mark.parametrize("name", LIGATURES)
def test_a_ligature_is_divided_between_its_parts(name: str, curve: dict[str, Any], tmp_path: Path) -> None:
    """Each part of a ligature has the ink within its own box, in both directions, straight and on a curve."""
    line, font, feature, direction = LIGATURES[name]
    (tmp_path / "a.txt").write_text(line, encoding="utf-8")
    spec = {
        "text": {"corpus": "a.txt", "take": "line", "direction": direction},
        "font": {"filter": font, "features": {feature: 1}, "size": 60},
        "layout": {"orientation": "sideways"},
        "curve": curve,
    }
    job = open_job([spec], 1, corpora=tmp_path)
    text = seen(job.generator._render_text(job.plan(0)))
    mask, boxes = cluster_mask(text), text.labels.boxes()
    shared = np.flatnonzero(text.labels.shared & text.labels.ink)
    assert len(shared) >= 2
    for cluster in shared.tolist():
        ys, xs = np.nonzero(mask == cluster + 1)
        x0, y0, x1, y1 = boxes[cluster]
        assert len(xs) > 0.1 * (x1 - x0) * (y1 - y0), cluster
        assert x0 - 1 <= xs.min() <= xs.max() + 1 <= x1 + 1
        assert y0 - 1 <= ys.min() <= ys.max() + 1 <= y1 + 1


@pytest.mark.parametrize("name", TEXTS)
def test_a_character_is_hottest_in_its_own_box(name: str) -> None:
    """The region score peaks at the middle of each box, which lies on the character."""
    text = seen(rendered(TEXTS[name]))
    scores, boxes = region_map(text), character_boxes(text.labels)
    tight = text.labels.boxes()
    for cluster in np.flatnonzero(text.labels.ink).tolist():
        x, y = np.mean(boxes[cluster], axis=0)
        assert scores[int(y), int(x)] >= 180
        x0, y0, x1, y1 = tight[cluster] + np.array([-6, -6, 6, 6])
        assert x0 <= x <= x1, cluster
        assert y0 <= y <= y1, cluster


@pytest.mark.parametrize("name", TEXTS)
def test_affinity_joins_a_word_and_no_two(name: str) -> None:
    """There is a peak between any two neighbours of a word; between words along a line there is a place without."""
    text = seen(rendered(TEXTS[name]))
    scores, order = affinity_map(text), text.reading_order()
    centers = character_boxes(text.labels).mean(axis=1)
    word = text.labels.word[order]
    for one, other, same in zip(order[:-1], order[1:], word[:-1] == word[1:], strict=True):
        count = 200
        along = centers[one] + (centers[other] - centers[one]) * np.linspace(0, 1, count)[:, None]
        on_line = scores[along[:, 1].astype(int), along[:, 0].astype(int)]
        if same:
            assert on_line.max() >= 160
        elif text.labels.line[one] == text.labels.line[other]:
            assert on_line.min() <= 40


def test_maps_follow_a_warp() -> None:
    """Scores of warped boxes agree with warped scores, where the warp is a homography."""
    text = rendered(TEXTS["latin"], 60)
    page = warped(text, "perspective")
    there = region_map(seen(text, page)).astype(int)
    moved = resample(region_map(seen(text)), page, border=(0,)).astype(int)
    assert np.percentile(np.abs(there - moved), 99) <= 20
    assert np.abs(there - moved).mean() <= 2


def test_a_sample_has_the_extras_that_are_asked_for() -> None:
    """In the size of its image, 16 and 8 bit; no image changes, and none has any unless asked."""
    job = open_job([TEXTS["latin"]], 1)
    plain = job.generate(0)
    assert not plain.extras
    names = ["cluster_mask", "affinity_map"]
    generator = OCRDataGenerator(job.config, job.catalogue, job.registry, extras=names)
    made = generator.generate_from_plan(job.plan(0))
    assert list(made.extras) == names
    assert {name: extra.dtype.name for name, extra in made.extras.items()} == {
        "cluster_mask": "uint16",
        "affinity_map": "uint8",
    }
    assert all(extra.shape == made.image.shape[:2] for extra in made.extras.values())
    assert np.array_equal(made.image, plain.image)
    dark = cv2.cvtColor(made.image, cv2.COLOR_RGB2GRAY) < 100
    assert (made.extras["cluster_mask"][dark] > 0).all()
