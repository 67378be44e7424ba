"""Drawing all settings of a unit at once."""

from __future__ import annotations

from typing import Any

from numpy.random import Generator

from glyphmill.config.fields import Choices, ColorRange, Distribution, Settings


def drawn(config: Settings, rng: Generator) -> dict[str, Any]:
    """Every setting, by name and in order: drawn where it can vary, as it is otherwise."""
    values: dict[str, Any] = {}
    for name in type(config).model_fields:
        value = getattr(config, name)
        values[name] = value.draw(rng) if isinstance(value, (Distribution, Choices, ColorRange)) else value
    return values
