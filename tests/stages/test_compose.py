"""Ink on backgrounds: blend modes do what they are named for, and the legibility floor holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.core.errors import Reject
from glyphmill.stages.canvas.canvas import BLENDS
from glyphmill.stages.canvas.compose import compose, lay
from glyphmill.stages.ink.inked import Layer

levels = st.integers(0, 255)
colors = st.tuples(levels, levels, levels)


def bars(height=24, width=60):
    """Coverage of upright bars with soft edges."""
    mask = np.zeros((height, width), np.uint8)
    mask[4:20, 6:54:8] = 255
    mask[4:20, 7:54:8] = 255
    mask[4:20, 8:54:8] = 120
    return mask


def laid(paper, ink, *, blend="normal", floor=0.0, aim=0.0, mask=None):
    mask = bars() if mask is None else mask
    background = np.full((*mask.shape, 3), paper, np.uint8)

    def tint(chosen):
        return np.clip(np.rint(chosen[0]), 0, 255).astype(np.uint8)

    candidates = tuple(np.array([color], float) for color in (ink if isinstance(ink, list) else [ink]))
    contrast = compose(background, mask, tint, candidates, blend=blend, min_contrast=floor, aim=aim, cell_px=16)
    return background, contrast


@given(colors, colors)
def test_full_ink_has_its_color_and_bare_paper_is_untouched(paper, ink):
    """Normal blending: covered pixels are the ink's color, the others the paper's, to the level."""
    image, _ = laid(paper, ink)
    mask = bars()
    assert (image[mask == 255] == ink).all()
    assert (image[mask == 0] == paper).all()


@pytest.mark.parametrize("blend", BLENDS)
@given(colors, colors)
def test_blends_stay_between_their_extremes(blend, paper, ink):
    """Darkening blends never lighten, lightening ones never darken, by more than a level of rounding."""
    image, _ = laid(paper, ink, blend=blend)
    change = image.astype(int) - np.array(paper)
    if blend in ("multiply", "darken"):
        assert change.max() <= 1
    if blend in ("screen", "lighten"):
        assert change.min() >= -1


@given(colors, colors, st.floats(0.05, 0.45))
def test_the_floor_holds_on_any_even_paper(paper, ink, floor):
    """Whatever the colors, ink differs from even paper by the floor: it is pushed until it does."""
    _, contrast = laid(paper, ink, floor=floor)
    assert contrast >= floor


def test_a_color_that_can_be_read_is_left_alone():
    """The floor changes nothing where it is met, and earlier candidates come first."""
    image, contrast = laid((255, 255, 255), [(250, 250, 250), (30, 30, 200), (0, 0, 0)], floor=0.3)
    assert tuple(image[10, 6]) == (30, 30, 200)
    assert contrast > 0.3


def test_more_contrast_is_aimed_at_but_not_forced():
    """The first candidate that reaches the aim is taken; if none does, the best one that reaches the floor."""
    greys = [(200, 200, 200), (150, 150, 150), (0, 0, 0)]
    image, _ = laid((255, 255, 255), greys, floor=0.1, aim=0.3)
    assert tuple(image[10, 6]) == (150, 150, 150)
    image, _ = laid((255, 255, 255), greys[:2], floor=0.1, aim=0.9)
    assert tuple(image[10, 6]) == (150, 150, 150)


def test_a_layer_on_the_ground_hides_by_its_coverage():
    """Where it covers nothing, the background is untouched."""
    background = np.full((20, 30, 3), 200, np.uint8)
    cover = np.zeros((20, 30), np.uint8)
    cover[5:9, 4:11] = 255
    cover[9:12, 4:11] = 51
    lay(background, Layer(cover, np.array([100, 0, 50], np.uint8)))
    assert (background[5:9, 4:11] == (100, 0, 50)).all()
    assert (background[9:12, 4:11] == (180, 160, 170)).all()
    assert (background[cover == 0] == 200).all()
    lay(background, Layer(np.zeros_like(cover), np.array([100, 0, 50], np.uint8)))


def test_a_pushed_color_keeps_its_hue():
    """A red that is too light for white paper becomes a darker red, not black or blue."""
    image, _ = laid((255, 255, 255), (255, 190, 190), floor=0.4)
    red, green, blue = image[10, 6].astype(int)
    assert red > green + 30
    assert red > blue + 30


def test_contrast_is_local():
    """Grey ink over paper that is half black, half grey like the ink cannot be read in that half."""
    mask = bars()
    background = np.zeros((*mask.shape, 3), np.uint8)
    background[:, 30:] = 128
    grey = (np.array([[128.0, 128, 128]]),)
    contrast = compose(
        background, mask, lambda c: c[0].astype(np.uint8), grey, blend="normal", min_contrast=0.0, cell_px=16
    )
    assert contrast < 0.05


def test_what_nobody_could_read_is_rejected():
    """Black and white paper in small checks leaves no color that differs everywhere: a reason, not a bad sample."""
    mask = bars()
    background = np.zeros((*mask.shape, 3), np.uint8)
    background[:, 30:] = 255
    with pytest.raises(Reject, match="illegible"):
        compose(
            background,
            mask,
            lambda c: np.clip(c[0], 0, 255).astype(np.uint8),
            (np.array([[0.0, 0, 0]]),),
            blend="normal",
            min_contrast=0.6,
            cell_px=16,
        )
