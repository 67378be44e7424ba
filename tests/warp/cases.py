"""Warps to test: every unit of the stage, at the settings of its defaults and at the strongest that a config admits."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.fields import parser_of
from glyphmill.config.numbers import NumberSpec
from glyphmill.core.page import Page
from glyphmill.core.rng import stream
from glyphmill.core.unit import Unit
from tests.jobs import registry

SIZES = ((600, 200), (200, 600), (40, 40), (1200, 48), (33, 700))

#: Settings of units that do nothing by default.
VISIBLE: dict[str, dict[str, Any]] = {
    "rotation": {"angle": [-20, 20]},
    "scale": {"factor": [0.7, 1.5], "aspect": [0.7, 1.4]},
    "perspective": {"magnitude": [0.05, 0.4], "yaw": [-20, 20], "pitch": [-20, 20]},
    "elastic": {"alpha": [20, 60], "sigma": [5, 9]},
    "grid": {"steps": [3, 6], "limit": [2, 8]},
    "optical": {"limit": [-0.2, 0.3], "model": ["barrel", "fisheye"]},
}


@lru_cache(maxsize=1)
def units() -> tuple[Unit, ...]:
    """All warps."""
    return registry().stage("warp")


def unit_id(unit: Unit) -> str:
    """How a warp is called in a test's name."""
    return unit.id


def drawn(unit: Unit, rng: Generator, settings: dict[str, Any]) -> Any:
    """The parameters of a warp with these settings."""
    return unit.params(**unit.draw(unit.config(**settings), None, rng))


def visible(unit: Unit, seed: int, size: tuple[int, int], **more: Any) -> Page:
    """A page under an ordinary warp."""
    rng = stream(seed, 0, 0, unit.id)
    made: Page = unit.apply(drawn(unit, rng, {**VISIBLE.get(unit.id, {}), **more}), Page.of(*size))
    return made


def extreme(unit: Unit, rng: Generator) -> dict[str, Any]:
    """Settings at and between the bounds of a config; small values are as likely as large ones."""
    settings: dict[str, Any] = {}
    for name, info in unit.config.model_fields.items():
        spec = parser_of(info)
        if not isinstance(spec, NumberSpec):
            continue
        assert spec.lo is not None, f"{unit.id}.{name} has no lower bound"
        assert spec.hi is not None, f"{unit.id}.{name} has no upper bound"
        low, high, kind = spec.lo, spec.hi, rng.random()
        share = 1.0 if kind < 0.4 else 0.0 if kind < 0.5 else rng.random() if kind < 0.75 else 10 ** (-6 * rng.random())
        value = low + (high - low) * share
        settings[name] = round(value) if spec.integer else float(value)
    return settings


def inside(page_size: tuple[int, int], rng: Generator, n: int, margin: float = 0.0) -> Any:
    """Random points on a page, and beyond it by a share of its sides."""
    return rng.uniform(-margin, 1 + margin, (n, 2)) * np.array(page_size)
