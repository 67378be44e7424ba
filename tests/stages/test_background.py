"""Laws of every background: the size asked for, the same pixels each time, no black, light enough to read on."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.catalogue.catalogue import Catalogue
from glyphmill.catalogue.corpora import CorpusSet
from glyphmill.catalogue.fonts import FontSet
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError
from glyphmill.core.registry import discover
from glyphmill.core.rng import stream
from glyphmill.core.unit import Unit
from glyphmill.stages.background import clutter, fabric, gradient, grid_paper, image, ruled_paper, solid
from glyphmill.stages.background._lines import parallel_lines

UNITS = discover().stage("background")
MADE = [unit for unit in UNITS if unit.id != "image"]
SIZES = [(1, 1), (600, 50), (7, 400), (257, 131)]


@dataclass(frozen=True)
class Store:
    paths: dict[str, str]
    max_background_pixels: int = 89_000_000

    def background(self, digest: str, file: str = "") -> str:
        return self.paths[digest]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Store]:
    """A context to draw in and a store to apply with, over a folder of two pictures."""
    folder = tmp_path_factory.mktemp("pictures")
    noise = stream(0, 0, 0, "pictures").integers(60, 255, (90, 120, 3), dtype=np.uint8)
    cv2.imwrite(str(folder / "noise.png"), noise)
    cv2.imwrite(str(folder / "large.jpg"), cv2.resize(noise, (900, 700), interpolation=cv2.INTER_CUBIC))
    found = open_backgrounds([WeightedFolder(str(folder))], 89_000_000)
    context = SimpleNamespace(catalogue=Catalogue(FontSet(()), found, CorpusSet()))
    return context, Store({record.digest: record.path for record in found.images})


def drawn(unit: Unit, index: int, context: Any = None, **settings: Any) -> dict[str, Any]:
    return unit.draw(unit.config(**settings), context, stream(11, index, 0, unit.id))


def page(unit: Unit, index: int, size: tuple[int, int], **settings: Any) -> np.ndarray:
    return unit.apply(unit.params(**drawn(unit, index, **settings)), size, None)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
@pytest.mark.parametrize("size", SIZES)
def test_gives_the_size_asked_for(unit: Unit, size: tuple[int, int], pictures: tuple[Any, Store]) -> None:
    """The page is uint8 RGB of exactly the size asked for, contiguous, and the caller's own to draw on."""
    context, store = pictures
    for index in range(4):
        made = unit.apply(unit.params(**drawn(unit, index, context)), size, store)
        assert made.shape == (size[1], size[0], 3)
        assert made.dtype == np.uint8
        assert made.flags.c_contiguous
        made[0, 0] = 1


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_plans_replay(unit: Unit, pictures: tuple[Any, Store]) -> None:
    """What was drawn survives JSON, and gives the same pixels every time it is applied."""
    context, store = pictures
    for index in range(4):
        values = drawn(unit, index, context)
        again = json.loads(json.dumps(values))
        assert again == json.loads(json.dumps(drawn(unit, index, context)))
        first = unit.apply(unit.params(**values), (211, 97), store)
        second = unit.apply(unit.params(**again), (211, 97), store)
        assert (first == second).all()


@pytest.mark.parametrize("unit", MADE, ids=lambda unit: unit.id)
def test_indices_differ(unit: Unit) -> None:
    """Different samples have different backgrounds."""
    pages = {page(unit, index, (64, 64)).tobytes() for index in range(8)}
    assert len(pages) >= 6


@pytest.mark.parametrize("unit", MADE, ids=lambda unit: unit.id)
def test_default_settings_leave_text_readable(unit: Unit) -> None:
    """By default a made background is light on the whole and free of black."""
    for index in range(12):
        made = cv2.cvtColor(page(unit, index, (300, 120)), cv2.COLOR_RGB2GRAY)
        assert made.mean() > 125
        assert np.percentile(made, 1) > 40


@given(st.sampled_from(MADE), st.integers(1, 90), st.integers(1, 90), st.integers(0, 10_000))
def test_every_size_works(unit: Unit, width: int, height: int, index: int) -> None:
    """No size and no draw breaks a made background."""
    assert page(unit, index, (width, height)).shape == (height, width, 3)


def test_solid_is_its_color() -> None:
    """Every pixel has the color that was set, gray or not."""
    for color in ((255, 255, 255), (12, 200, 99)):
        assert (page(solid.UNIT, 0, (31, 17), color=color) == color).all()


def test_gradient_runs_from_start_to_end() -> None:
    """A linear gradient has its two colors at its ends, at every angle; a radial one its first at the center."""
    start, end = [240, 240, 240], [100, 150, 200]
    level = page(gradient.UNIT, 0, (301, 41), shape="linear", angle=0, start=start, end=end).astype(int)
    assert np.abs(level[:, 0] - start).max() <= 2
    assert np.abs(level[:, -1] - end).max() <= 2
    steep = page(gradient.UNIT, 0, (41, 301), shape="linear", angle=90, start=start, end=end).astype(int)
    assert np.abs(steep[-1] - start).max() <= 2  # 90 degrees points up
    params = gradient.Params(**drawn(gradient.UNIT, 0, shape="radial", start=start, end=end))
    radial = gradient.apply(replace(params, center=(0.25, 0.5)), (200, 100), None).astype(int)
    assert np.abs(radial[50, 50] - start).max() <= 4


def test_gradient_shows_no_bands() -> None:
    """Where the color changes slowly, neighbors are dithered instead of standing in wide equal steps."""
    ends = {"start": [200, 200, 200], "end": [206, 206, 206]}
    slow = page(gradient.UNIT, 0, (600, 40), shape="linear", angle=0, **ends)
    runs = np.diff(np.flatnonzero(np.diff(slow[20, :, 0].astype(int))))
    assert runs.mean() < 15  # undithered steps would be 100 px wide


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("spacing", [5.0, 13.4, 40.0])
def test_lines_stand_at_their_spacing(spacing: float, upright: bool) -> None:
    """Parallel lines repeat at their spacing, with the coverage of their thickness, wherever they begin."""
    ink = parallel_lines((400, 400), spacing, 1.5, 0.3, 0.0, upright=upright).astype(float) / 255
    across = ink[7] if upright else ink[:, 7]
    centers = np.arange(0.3 * spacing, 400, spacing)
    assert across.sum() == pytest.approx(1.5 * len(centers), rel=0.06)
    assert all(across[int(center)] > 0.5 for center in centers if center < 399)


@pytest.mark.parametrize("angle", [-3.0, 2.0])
def test_lines_turn_together(angle: float) -> None:
    """Upright lines stay at right angles to level ones when the sheet is turned; positive is counter-clockwise."""
    slope = np.tan(np.radians(angle))
    level = parallel_lines((400, 400), np.inf, 2.0, 200.0, angle, upright=False)
    upright = parallel_lines((400, 400), np.inf, 2.0, 200.0, angle, upright=True)
    assert np.argmax(level[:, 350]) - np.argmax(level[:, 50]) == pytest.approx(-300 * slope, abs=1.5)
    assert np.argmax(upright[350]) - np.argmax(upright[50]) == pytest.approx(300 * slope, abs=1.5)


def test_ruled_paper_has_its_margin() -> None:
    """The margin line stands on the side and at the distance that were set, in its color."""
    flat = {"unevenness": 0, "mottle": 0, "fibers": 0, "grain": 0, "fade": 0, "tilt": 0, "opacity": 1, "thickness": 2}
    colors = {"line_color": [0, 0, 255], "margin_color": [255, 0, 0], "color": [250, 250, 250]}
    for side, column in (("left", 30), ("right", 169)):
        made = page(ruled_paper.UNIT, 0, (200, 90), margin=side, margin_width=30, spacing=30, **flat, **colors).astype(
            int
        )
        redness = (made[..., 0] - made[..., 1]).mean(0)
        assert abs(int(np.argmax(redness)) - column) <= 1
    bare = page(ruled_paper.UNIT, 0, (200, 90), margin="none", spacing=30, **flat, **colors).astype(int)
    assert (bare[..., 0] <= bare[..., 2]).all()


def test_graph_paper_has_stronger_lines() -> None:
    """Every so many lines of graph paper one is stronger, and falls on one of the others."""
    flat = {"unevenness": 0, "mottle": 0, "fibers": 0, "grain": 0, "fade": 0, "tilt": 0, "opacity": 1, "thickness": 1}
    made = page(grid_paper.UNIT, 0, (400, 400), style="graph", major=4, spacing=10, **flat)
    darkness = 255 - made[..., 0].astype(int).mean(0)
    peaks = darkness.reshape(-1, 10).max(1)  # one line each
    strong = np.sort(np.argsort(peaks)[-10:])
    assert (np.diff(strong) == 4).all()


def test_fabric_repeats_its_weave() -> None:
    """Straight cloth repeats after as many threads as its weave does, and not before."""
    for weave, threads in (("plain", 2), ("twill", 4), ("basket", 4)):
        light = fabric._repeat(np.array(fabric._WEAVES[weave], bool))
        assert light.shape == (threads * fabric._SAMPLES,) * 2
        assert 0 <= light.min() < 0.1 < 0.9 < light.max() <= 1.2
        assert not np.allclose(light, np.roll(light, fabric._SAMPLES, axis=1))


def test_clutter_has_the_mean_and_contrast_set() -> None:
    """Lightness is the mean of the scene, and contrast 0 leaves nothing of it."""
    lit = page(clutter.UNIT, 3, (300, 200), lightness=170, contrast=0.5, grain=0)
    assert lit.mean() == pytest.approx(170, abs=12)
    flat = page(clutter.UNIT, 3, (300, 200), lightness=170, contrast=0, grain=0)
    assert np.abs(flat.astype(int) - 170).max() <= 1
    assert lit.std() > 10


def test_image_shows_a_part_at_its_scale(pictures: tuple[Any, Store]) -> None:
    """A crop at scale 1 is a piece of the picture, pixel for pixel."""
    context, store = pictures
    record = next(one for one in context.catalogue.backgrounds.images if one.file == "noise.png")
    source = cv2.cvtColor(cv2.imread(record.path), cv2.COLOR_BGR2RGB)
    for offset in ((0.0, 0.0), (0.5, 0.25), (0.9999, 0.9999)):
        params = image.Params(
            file="", digest=record.digest, pixels=10_800, fit="crop", scale=1.0, offset=offset, fade=0.0
        )
        made = image.apply(params, (50, 30), store)
        x, y = int(offset[0] * 71), int(offset[1] * 61)
        assert (made == source[y : y + 30, x : x + 50]).all()
        faded = image.apply(replace(params, fade=1.0), (50, 30), store)
        assert (faded == 255).all()


def test_image_needs_pictures() -> None:
    """The unit says what to set where a job has no pictures."""
    context = SimpleNamespace(catalogue=Catalogue(FontSet(()), open_backgrounds([], 1), CorpusSet()))
    with pytest.raises(CatalogueError, match=r"resources\.backgrounds"):
        drawn(image.UNIT, 0, context)


def test_units_are_documented_in_their_first_line() -> None:
    """The first line of each unit's file names its stage and what it does to labels."""
    for unit in UNITS:
        module = unit.draw.__globals__["__file__"]
        first = Path(module).read_text("utf-8").splitlines()[0]
        assert first.startswith('"""Background stage; ')
