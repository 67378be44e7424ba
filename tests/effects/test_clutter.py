"""Laws of what stands around a text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from glyphmill.core.geometry import bounds
from glyphmill.core.rng import stream
from glyphmill.generator import Sample
from glyphmill.plan.context import DrawContext, Library
from glyphmill.stages.ink.inked import Inked
from glyphmill.stages.inkfx import clutter
from tests.jobs import open_job

BESIDE = ("above", "below", "left", "right")


@lru_cache(maxsize=1)
def opened() -> tuple[Inked, DrawContext]:
    """A word on a canvas with much room, and what was known when it was planned."""
    job = open_job([{"text": {"language": "en", "take": "word"}, "canvas": {"padding": 60, "around": "ink"}}], 3)
    plan = job.plan(1)
    context = DrawContext(Library(job.catalogue), job.config.specifications[0], job.config.limits)
    context.drawn |= {step.stage: dict(step.params) for step in plan.steps}
    return job.generator.inked(plan), context


def made(index: int, **settings: Any) -> tuple[Inked, clutter.Params]:
    inked, context = opened()
    params = clutter.Params(**clutter.draw(clutter.Config(**settings), context, stream(4, index, 0, "clutter")))
    return clutter.apply(params, inked), params


def inside(inked: Inked) -> tuple[slice, slice]:
    x0, y0, x1, y1 = bounds(inked.labels.outline)
    return slice(int(np.ceil(y0)), int(y1)), slice(int(np.ceil(x0)), int(x1))


@pytest.mark.parametrize("place", BESIDE)
@pytest.mark.parametrize("kind", ["text", "rule", "frame", "figure"])
def test_nothing_lies_upon_the_text(kind: str, place: str) -> None:
    """What is beside a text touches not a pixel of its box, and there is something in most draws."""
    seen = 0
    for index in range(6):
        inked, _ = made(index, kind=kind, place=place)
        for layer in inked.ground:
            assert not layer.cover[inside(inked)].any()
            seen += bool(layer.cover.any())
    assert seen >= 5


def test_what_is_beside_a_word_is_a_word_away() -> None:
    """Other text to the left and right keeps a space, so that it does not pass for letters of the word."""
    em = opened()[0].em_px
    for place in ("left", "right"):
        for index in range(6):
            inked, _ = made(index, kind="text", place=place, gap=0)
            x0, _, x1, _ = bounds(inked.labels.outline)
            for layer in inked.ground:
                covered = np.flatnonzero(layer.cover.any(axis=0))
                nearest = x0 - covered.max() - 1 if place == "left" else covered.min() - x1
                assert nearest > 0.25 * em


def test_behind_is_fainter() -> None:
    """What is behind has the share of the paint that is set, of full paint and of half."""
    for amount in (1.0, 0.5):
        for index in range(6):
            inked, _ = made(index, kind="frame", place="behind", behind=0.2, amount=amount, things=1)
            for layer in inked.ground:
                assert layer.cover.max() == pytest.approx(255 * 0.2 * amount, abs=1)


def test_more_amount_is_more_paint() -> None:
    """Cover grows with the amount everywhere."""
    one, more = (made(3, amount=amount)[0] for amount in (0.3, 0.9))
    assert len(one.ground) == len(more.ground) > 0
    assert all((a.cover <= b.cover).all() for a, b in zip(one.ground, more.ground, strict=True))


def test_other_text_is_of_the_same_language() -> None:
    """Text comes from where the sample's own does; it is kept in the plan as it was drawn."""
    job = open_job([{"text": {"language": "el", "take": "word"}, "effects": [{"clutter": {"kind": "text"}}]}], 6)
    for index in range(6):
        things = next(step for step in job.plan(index).steps if step.unit == "clutter").params["things"]
        letters = [letter for thing in things for letter in thing["text"] if letter.isalpha()]
        assert letters
        assert all("Ͱ" <= letter <= "Ͽ" or "ἀ" <= letter <= "῿" for letter in letters)


def test_text_that_fonts_lack_is_left_out() -> None:
    """Where the sample's fonts cannot write a text, it is not there; nothing fails."""
    inked, _ = opened()
    thing = {"kind": "text", "place": "above", "text": "\U00016a00", "opacity": 1.0, "gap": 0.1, "size": 1.0}
    thing |= {"along": 0.5, "across": 0.5, "angle": 0.0, "stroke": 0.05, "color": (0, 0, 0)}
    assert clutter.apply(clutter.Params(amount=1.0, things=(thing,)), inked) is inked


def test_words_stay_readable_in_it() -> None:
    """Samples with clutter behind and around are made, in their own colors and in families."""
    specification = {"text": {"language": "en", "take": "word"}, "effects": [{"clutter": {"things": 4}}]}
    job = open_job([specification, {**specification, "color": {"family": "shop_sign"}}], 12)
    assert all(isinstance(job.generate(index), Sample) for index in range(12))
