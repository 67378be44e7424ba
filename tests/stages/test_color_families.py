"""Laws of colors that are seen together, and of backgrounds that take them."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import ConfigError
from glyphmill.core.rng import stream
from glyphmill.generator import Sample
from glyphmill.pixels.lab import from_lab, rounded, to_lab
from glyphmill.run.job import Job
from glyphmill.stages.color.families import NAMES, PICTURES, Family, families, shifted
from glyphmill.stages.color.pictures import family_of, palettes_of, three_means
from tests.jobs import open_job

COLOR = st.tuples(*[st.integers(0, 255)] * 3)
WORD = {"text": {"language": "en", "take": "word"}}


@given(COLOR)
def test_lab_goes_there_and_back(color: tuple[int, int, int]) -> None:
    """Every color survives the way to Lab and back, and L* agrees with OpenCV's."""
    assert rounded(from_lab(to_lab(color))) == color
    there = cv2.cvtColor(np.float32([[color]]) / 255, cv2.COLOR_RGB2Lab)[0, 0]
    assert np.allclose(to_lab(color), there, atol=0.6)


def test_the_table_has_the_families_that_configs_name() -> None:
    """Names, in order; every palette has three colors and a weight above 0."""
    assert tuple(families()) == NAMES
    for family in families().values():
        assert family.lab.shape[1:] == (3, 3)
        assert (np.diff([0.0, *family.weights]) > 0).all()
        assert 0 <= family.flip <= 1
        assert 0 < family.dim[0] <= family.dim[1] <= 1.05


@pytest.mark.parametrize("name", NAMES)
def test_ink_can_be_told_from_its_ground(name: str) -> None:
    """In most draws ink and ground differ by more than a reader needs, in lightness."""
    draws = [families()[name].draw(stream(1, index, 0, "color")) for index in range(200)]
    apart = [abs(float(to_lab(ink)[0] - to_lab(ground)[0])) for ink, ground, _ in draws]
    assert np.mean(np.array(apart) > 18) > 0.85


def test_either_may_be_the_ink() -> None:
    """A family that flips gives light ink on dark and dark ink on light; one that does not keeps to its table."""
    for flip, both in ((0.5, True), (0.0, False)):
        family = Family.of([((250, 250, 250), (20, 20, 20), (200, 0, 0))], [1.0], flip)
        lighter = {ink[1] > ground[1] for ink, ground, _ in (family.draw(stream(2, k, 0, "c")) for k in range(40))}
        assert (lighter == {True, False}) == both


def test_weights_and_light_are_those_of_the_table() -> None:
    """A palette of three times the weight comes three times as often; dim light takes from every color alike."""
    family = Family.of(
        [((0, 0, 0), (255, 255, 255), (0, 0, 0)), ((255, 0, 0), (255, 255, 255), (0, 0, 0))],
        [3.0, 1.0],
        0.0,
        (0.5, 0.5),
        0.0,
    )
    draws = [family.draw(stream(3, index, 0, "color")) for index in range(400)]
    assert np.mean([ink == (0, 0, 0) for ink, _, _ in draws]) == pytest.approx(0.75, abs=0.06)
    assert all(to_lab(ground)[0] == pytest.approx(50, abs=0.6) for _, ground, _ in draws)


@pytest.mark.parametrize("mode", ["uniform", "gradient", "per_glyph"])
def test_samples_have_the_colors_of_their_plan(mode: str) -> None:
    """Ink and ground of a plan are those of the image, unless they could not be told apart; the plan replays."""
    job = open_job(
        [{**WORD, "color": {"family": "road_sign", "mode": mode}}], 8, defaults={"background": {"solid": {}}}
    )
    for index in range(8):
        sample = job.generate(index)
        assert isinstance(sample, Sample)
        drawn = sample.plan.of("color").params
        assert tuple(sample.image[0, 0].tolist()) == tuple(drawn["ground"])
        if mode == "uniform":
            colors = {tuple(color) for color in sample.image.reshape(-1, 3).tolist()}
            assert tuple(drawn["candidates"][0][0]) in colors or sample.contrast < 0.3
        assert json.loads(json.dumps(drawn)) == json.loads(sample.plan.to_json())["steps"][3]["params"]


@pytest.mark.parametrize("unit", ["paper", "noise", "fabric", "ruled_paper", "grid_paper", "sign", "wood", "brick"])
def test_backgrounds_take_the_ground(unit: str) -> None:
    """A made background has the ground of the family, unless its own color is set."""
    families_ = {"color": {"family": ["shop_sign", "neon"]}}
    job = open_job([{**WORD, **families_}], 4, defaults={"background": {unit: {}}})
    own = open_job([{**WORD, **families_}], 4, defaults={"background": {unit: {"color": [250, 240, 230]}}})
    for index in range(4):
        plan = job.plan(index)
        assert tuple(plan.of("background").params["color"]) == tuple(plan.of("color").params["ground"])
        assert tuple(own.plan(index).of("background").params["color"]) == (250, 240, 230)


def test_gradients_run_around_the_ground() -> None:
    """Both ends of a gradient are relatives of the ground."""
    job = open_job([{**WORD, "color": {"family": "street_name"}}], 6, defaults={"background": {"gradient": {}}})
    for index in range(6):
        plan = job.plan(index)
        ground = to_lab(plan.of("color").params["ground"])
        for color in plan.of("background").params["colors"]:
            assert abs(to_lab(color)[0] - ground[0]) < 30


def test_what_lies_behind_the_page_has_its_own_color() -> None:
    """The scene does not take the ground of the page."""
    specification = {**WORD, "color": {"family": "neon"}, "scene": {"solid": {}}, "warp": [{"rotation": {"angle": 20}}]}
    job = open_job([specification], 2, defaults={"background": {"solid": {}}})
    for index in range(2):
        plan = job.plan(index)
        assert min(plan.of("scene").params["color"]) > 240
        assert tuple(plan.of("background").params["color"]) == tuple(plan.of("color").params["ground"])


def test_plans_without_a_family_say_nothing_of_it() -> None:
    """Old plans and new ones of old configs are the same."""
    params = open_job([WORD], 1).plan(0).of("color").params
    assert set(params) == {"mode", "candidates", "angle"}


def test_gradients_of_ink_stay_off_their_ground() -> None:
    """Neither end of the ink's gradient fades into the ground."""
    color = {"family": ["shop_sign", "packaging"], "mode": "gradient"}
    job = open_job([{**WORD, "color": color}], 60, defaults={"background": {"solid": {}}})
    for index in range(60):
        drawn = job.plan(index).of("color").params
        ground = to_lab(drawn["ground"])[0]
        first, last = (float(to_lab(end)[0]) for end in drawn["candidates"][0])
        assert abs(last - ground) >= min(24.0, abs(first - ground) - 1)


def test_shifting_keeps_to_the_range() -> None:
    """Lighter is lighter up to white, and all of the way to another color is that color."""
    assert shifted((10, 10, 10), 200) == (255, 255, 255)
    assert shifted((200, 30, 30), 0, (10, 60, 200), 1.0) == (10, 60, 200)


@pytest.fixture(scope="module")
def flag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a picture of three colors."""
    folder = tmp_path_factory.mktemp("flag")
    picture = np.zeros((60, 120, 3), np.uint8)
    picture[:] = (200, 30, 40)
    picture[:, 60:] = (240, 240, 236)
    picture[50:] = (20, 40, 160)
    cv2.imwrite(str(folder / "flag.png"), picture[..., ::-1])
    return folder


def test_pictures_give_their_main_colors(flag: Path) -> None:
    """The palette of a picture of three colors is these, the same each time, and no global stream is touched."""
    picture = cv2.imread(str(flag / "flag.png"))[..., ::-1].copy()
    cv2.setRNGSeed(1)
    first = palettes_of(picture)
    cv2.setRNGSeed(2)
    assert palettes_of(picture) == first
    for wanted in ((200, 30, 40), (240, 240, 236), (20, 40, 160)):
        assert min(np.abs(np.subtract(color, wanted)).max() for color in first[0]) <= 30
    assert len(first) == 10


@given(st.lists(COLOR, min_size=1, max_size=40))
def test_three_means_take_any_pixels(colors: list[tuple[int, int, int]]) -> None:
    """One pixel or many, all alike or not: means lie among the pixels, and every pixel is counted once."""
    pixels = to_lab(np.array(colors))
    means, counts = three_means(pixels)
    assert counts.sum() == len(colors)
    assert (means >= pixels.min(axis=0) - 1e-9).all()
    assert (means <= pixels.max(axis=0) + 1e-9).all()
    assert np.array_equal(three_means(pixels)[0], means)


def test_gray_pictures_still_give_ink(tmp_path: Path) -> None:
    """Where a picture is one color all over, ink is made lighter or darker than it."""
    cv2.imwrite(str(tmp_path / "gray.png"), np.full((20, 20, 3), 128, np.uint8))
    record = open_backgrounds([WeightedFolder(str(tmp_path))], 10**6).images[0]
    ink, ground, _ = family_of(record.path, record.digest, 10**6).draw(stream(5, 0, 0, "color"))
    assert abs(float(to_lab(ink)[0] - to_lab(ground)[0])) > 30


def test_a_job_takes_colors_from_its_pictures(flag: Path, tmp_path: Path) -> None:
    """With pictures the family works; without, the config is at fault, and says so."""
    config = tmp_path / "job.yaml"
    text = "total_images: 6\nspecifications:\n  - {name: a, proportion: 1, color: {family: backgrounds}}\n"
    config.write_text(text)
    with pytest.raises(ConfigError, match=r"color\.family"):
        Job.from_yaml(config)
    job = Job.from_yaml(config, backgrounds=[str(flag)])
    assert all(isinstance(job.generate(index), Sample) for index in range(6))
    assert PICTURES not in NAMES
