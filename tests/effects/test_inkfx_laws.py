"""Laws of every effect on ink there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.config.fields import Distribution
from glyphmill.core.registry import discover
from glyphmill.core.rng import stream
from glyphmill.core.unit import Unit
from glyphmill.generator import Sample
from glyphmill.plan.context import DrawContext, Library
from glyphmill.stages.ink.inked import Inked, Layer
from tests.jobs import open_job

UNITS = discover().stage("effects")
SHAPES = [(1, 1), (1, 40), (40, 1), (7, 5), (9, 40_000), (40_000, 9)]
TEXT = {"language": "en", "length": 24, "lines": 2}
PAGES: dict[str, dict[str, Any]] = {
    "lines": {"text": TEXT},
    "column": {"text": {"language": "ja", "length": 9, "direction": "top_to_bottom"}},
    "arc": {"text": {**TEXT, "lines": 1}, "curve": {"arc": {"radius": 200}}},
    "mirrored": {"text": {"language": "he", "length": 12, "direction": "right_to_left"}, "font": {"size": 20}},
}

pytestmark = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)


@lru_cache(maxsize=len(PAGES))
def opened(page: str) -> tuple[Inked, DrawContext]:
    """The ink of a page before any effect, never to be written to, and what was known when it was planned."""
    job = open_job([PAGES[page]], 1)
    plan = job.plan(0)
    inked = job.generator.inked(plan)
    inked.mask.setflags(write=False)
    context = DrawContext(Library(job.catalogue), job.config.specifications[0], job.config.limits)
    context.drawn |= {step.stage: dict(step.params) for step in plan.steps}
    return inked, context


def params_of(unit: Unit, seed: int = 0, **settings: Any) -> Any:
    values = {name: value for name, value in settings.items() if name in unit.config.model_fields}
    rng = stream(seed, 0, 0, f"effects.{unit.id}")
    return unit.params(**unit.draw(unit.config(**values), opened("lines")[1], rng))


def strongest(unit: Unit) -> Iterator[tuple[str, Distribution]]:
    for name, info in unit.config.model_fields.items():
        if isinstance(info.default, Distribution) and not info.default.is_constant:
            yield name, info.default


def blot(shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Ink with a soft edge in the middle of a canvas, the whole of it if that is small."""
    rows, columns = (np.minimum(np.arange(side) + 1, side - np.arange(side)) for side in shape)
    depth = np.minimum(rows[:, None] - shape[0] // 4, columns[None, :] - shape[1] // 4)
    mask = np.clip(depth * 85, 0, 255).astype(np.uint8)
    mask.setflags(write=False)
    return mask


def layers_of(inked: Inked) -> tuple[Layer, ...]:
    return (*inked.ground, *inked.under, *inked.over)


def arrays_of(inked: Inked) -> list[NDArray[np.uint8]]:
    """All that can be seen of it, in order."""
    found = [inked.mask]
    for layer in layers_of(inked):
        found += [layer.cover] if layer.color is None else [layer.cover, layer.color]
    return found


def same(one: Inked, other: Inked) -> bool:
    counts = [[len(inked.ground), len(inked.under), len(inked.over)] for inked in (one, other)]
    return counts[0] == counts[1] and all(map(np.array_equal, arrays_of(one), arrays_of(other)))


def check(made: Inked, given: Inked) -> None:
    """What holds for whatever an effect makes: its arrays fit the canvas, and all else is what it was."""
    shape = given.mask.shape
    for array in (made.mask, *(layer.cover for layer in layers_of(made))):
        assert (array.shape, array.dtype) == (shape, np.uint8)
        assert array.flags.c_contiguous
    for layer in layers_of(made):
        if layer.color is not None:
            assert layer.color.shape in ((3,), (*shape, 3))
            assert layer.color.dtype == np.uint8
    assert all(layer.color is not None for layer in made.ground), "paint on the background has a color of its own"
    assert made.labels is given.labels
    assert made.em_px == given.em_px
    assert made.typeset is given.typeset


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_keeps_shapes_labels_and_input(unit: Unit, page: str, seed: int) -> None:
    """Masks and layers fit the canvas, the labels are the same object, and no array given is written to."""
    inked, _ = opened(page)
    before = inked.mask.copy()
    check(unit.apply(params_of(unit, seed), inked), inked)
    assert np.array_equal(inked.mask, before)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_takes_any_canvas(unit: Unit, shape: tuple[int, int], seed: int) -> None:
    """A pixel, strips, ink up to the border, labels that lie beside the canvas: all is cut to it."""
    for mask in (blot(shape), np.full(shape, 255, np.uint8), np.zeros(shape, np.uint8)):
        inked = opened("lines")[0].with_mask(mask)
        check(unit.apply(params_of(unit, seed), inked), inked)


def test_takes_any_layout(unit: Unit) -> None:
    """How the coverage lies in memory changes nothing."""
    inked, _ = opened("lines")
    params = params_of(unit)
    other = inked.with_mask(np.asfortranarray(inked.mask))
    assert same(unit.apply(params, inked), unit.apply(params, other))


def test_same_seed_same_bytes(unit: Unit) -> None:
    """The same plan gives the same bytes; some other seed gives others where anything is random."""
    inked, _ = opened("lines")
    one, two = (unit.apply(params_of(unit, 5), inked) for _ in range(2))
    assert same(one, two)
    if "seed" in unit.params.__dataclass_fields__:
        settings = {name: value.max for name, value in strongest(unit)}
        made = [unit.apply(params_of(unit, seed, **settings), inked) for seed in range(4)]
        assert any(not same(made[0], other) for other in made[1:])


@pytest.mark.parametrize("page", PAGES)
def test_strength_zero_is_identity(unit: Unit, page: str) -> None:
    """With the settings that the unit calls off, the ink is as it was and no layer covers anything."""
    if not unit.off:
        assert not any(name in unit.config.model_fields for name in ("amount", "strength")), "what is its off?"
        return
    inked, _ = opened(page)
    for seed in range(3):
        made = unit.apply(params_of(unit, seed, **dict(unit.off)), inked)
        assert np.array_equal(made.mask, inked.mask)
        assert not any(layer.cover.any() for layer in layers_of(made))


def test_full_strength_does_something(unit: Unit) -> None:
    """At the strong end of its default ranges an effect is seen."""
    inked, _ = opened("lines")
    changed = 0
    for seed in range(4):
        settings = {name: value.max for name, value in strongest(unit)}
        made = unit.apply(params_of(unit, seed, **settings), inked)
        changed += not np.array_equal(made.mask, inked.mask) or any(layer.cover.any() for layer in layers_of(made))
    assert changed >= 3


def test_keeps_what_others_laid(unit: Unit) -> None:
    """Layers that were there before are still there, in their order, and are not written to."""
    inked, _ = opened("lines")
    cover, color = np.full(inked.mask.shape, 40, np.uint8), np.array([200, 180, 20], np.uint8)
    cover.setflags(write=False)
    color.setflags(write=False)
    laid = Layer(cover, color)
    given = replace(inked, ground=(laid,), under=(laid,), over=(laid,))
    made = unit.apply(params_of(unit), given)
    check(made, given)
    for before, after in ((given.ground, made.ground), (given.under, made.under), (given.over, made.over)):
        assert sum(layer is laid for layer in after) == len(before)


def test_a_sample_can_be_made(unit: Unit) -> None:
    """With its defaults an effect leaves text that can be read, with the labels that it has without the effect."""
    specification = {**PAGES["lines"], "color": {"rgb": [[0, 0, 0], [60, 60, 90]]}}
    job = open_job([{**specification, "effects": [{unit.id: {}}]}], 4)
    plain = open_job([specification], 4)
    for index in range(4):
        made, without = job.generate(index), plain.generate(index)
        assert isinstance(made, Sample), made
        assert isinstance(without, Sample)
        label, expected = made.label, without.label
        for differs in ("plan", "contrast"):
            del label[differs], expected[differs]
        assert label == expected
