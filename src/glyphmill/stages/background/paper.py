"""Background stage; plain paper with uneven tone, fibers and grain; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.core.unit import Unit
from glyphmill.stages.background._sheet import SheetParams, SheetSettings, draw_sheet, make_sheet


class Config(SheetSettings):
    """Settings of plain paper."""


@dataclass(frozen=True, kw_only=True)
class Params(SheetParams):
    """Drawn values of plain paper."""


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return draw_sheet(config, context, rng)


def apply(params: Params, size: tuple[int, int], resources: Any) -> NDArray[np.uint8]:
    """The paper: uint8 (H, W, 3), RGB, of size (width, height)."""
    return make_sheet(params, size)


UNIT = Unit(
    id="paper",
    stage="background",
    summary="Plain paper with uneven tone, fibers and grain. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
