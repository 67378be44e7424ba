"""What all warps have in common: what is warped, and whether the page grows with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from numpy.random import Generator
from pydantic import Field

from glyphmill.config.fields import Choices, Distribution, Settings


class WarpSettings(Settings):
    """Settings of every warp."""

    scope: Literal["page", "ink"] = Field(
        default="page", description="page: paper and ink together; ink: the ink alone, over a background that stays"
    )
    fit: Literal["grow", "keep"] = Field(
        default="grow", description="grow: the page becomes the box around its warped border; keep: it keeps its size"
    )


@dataclass(frozen=True, kw_only=True)
class WarpParams:
    """Drawn values of every warp."""

    scope: Literal["page", "ink"]
    fit: Literal["grow", "keep"]


def drawn(config: WarpSettings, rng: Generator) -> dict[str, Any]:
    """Every setting of a warp, in order, drawn where it can vary."""
    values: dict[str, Any] = {}
    for name in type(config).model_fields:
        value = getattr(config, name)
        values[name] = value.draw(rng) if isinstance(value, (Distribution, Choices)) else value
    return values
