"""Laws of every degradation there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.config.fields import Distribution
from glyphmill.core.registry import discover
from glyphmill.core.rng import stream
from glyphmill.core.unit import Unit

UNITS = discover().stage("degrade")
SHAPES = [(1, 1, 3), (1, 40, 3), (40, 1, 3), (7, 5, 3), (48, 131, 3), (160, 90, 3)]

pytestmark = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)


class Nothing:
    """A context that degradations have no need to look at."""

    def __init__(self) -> None:
        self.drawn: dict[str, Any] = {}


def picture(shape: tuple[int, ...], seed: int = 1) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    image = np.full(shape, 230, np.uint8)
    image[shape[0] // 3 : -(shape[0] // 3) or None, shape[1] // 4 : -(shape[1] // 4) or None] = 30
    return np.clip(image + rng.integers(-20, 20, shape), 0, 255).astype(np.uint8)


def params_of(unit: Unit, seed: int = 0, **settings: Any) -> Any:
    values = {name: value for name, value in settings.items() if name in unit.config.model_fields}
    return unit.params(**unit.draw(unit.config(**values), Nothing(), stream(seed, 0, 0, f"degrade.{unit.id}")))


def strongest(unit: Unit) -> Iterator[tuple[str, Distribution]]:
    for name, info in unit.config.model_fields.items():
        if isinstance(info.default, Distribution) and not info.default.is_constant:
            yield name, info.default


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_keeps_shape_and_dtype_and_input(unit: Unit, shape: tuple[int, ...], seed: int) -> None:
    """The image keeps its shape and type, and the array given is never written to."""
    image = picture(shape)
    image.setflags(write=False)
    before = image.copy()
    made = unit.apply(params_of(unit, seed), image)
    assert made.shape == shape
    assert made.dtype == np.uint8
    assert made.flags.c_contiguous
    assert not np.shares_memory(made, image)
    assert np.array_equal(image, before)


@pytest.mark.parametrize("channels", [0, 1, 3, 4])
def test_takes_any_layout(unit: Unit, channels: int) -> None:
    """Gray, RGB and RGBA, strided or not, keep their channels; alpha is left alone; strides change nothing."""
    shape = (33, 57, channels) if channels else (33, 57)
    params = params_of(unit)
    wide = picture((66, 57 * 2, *shape[2:]), 3)
    strided = wide[::2, ::2]
    made = unit.apply(params, strided)
    assert made.shape == shape
    assert np.array_equal(made, unit.apply(params, np.ascontiguousarray(strided)))
    assert np.array_equal(made, unit.apply(params, np.asfortranarray(strided)))
    if channels == 4:
        assert np.array_equal(made[..., 3], strided[..., 3])


def test_same_seed_same_bytes(unit: Unit) -> None:
    """The same plan gives the same bytes; some other seed gives others where anything is random."""
    image = picture((48, 131, 3))
    one, two = (unit.apply(params_of(unit, 5), image) for _ in range(2))
    assert np.array_equal(one, two)
    names = set(unit.params.__dataclass_fields__)
    if "seed" in names and not unit.off:
        others = [unit.apply(params_of(unit, seed), image) for seed in range(6, 10)]
        assert any(not np.array_equal(one, other) for other in others)


def test_strength_zero_is_identity(unit: Unit) -> None:
    """With the settings that the unit calls off, not a pixel changes."""
    if not unit.off:
        assert not any(name in unit.config.model_fields for name in ("amount", "strength")), "what is its off?"
        return
    for shape in SHAPES:
        image = picture(shape)
        made = unit.apply(params_of(unit, **dict(unit.off)), image)
        assert np.array_equal(made, image)


def test_full_strength_does_something(unit: Unit) -> None:
    """At the strong end of its default ranges a unit is seen."""
    image = picture((160, 320, 3))
    changed = 0
    for seed in range(4):
        settings = {name: value.max for name, value in strongest(unit)}
        changed += not np.array_equal(unit.apply(params_of(unit, seed, **settings), image), image)
    assert changed >= 3


def test_what_it_hides_is_what_changed(unit: Unit) -> None:
    """A unit that hides parts says which: coverage of the image's size, and nothing outside it is touched."""
    if unit.hides is None:
        return
    image = picture((160, 320, 3))
    params = params_of(unit, 3)
    cover = unit.hides(params, (320, 160))
    assert cover.shape == (160, 320)
    assert cover.dtype == np.uint8
    made = unit.apply(params, image)
    assert np.array_equal(made[cover == 0], image[cover == 0])
