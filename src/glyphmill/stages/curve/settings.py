"""What all curves have in common: how their letters follow them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from glyphmill.config.fields import Settings

Bend = Literal["auto", "rigid", "bend"]


class CurveSettings(Settings):
    """Settings of every curve."""

    bend: Bend = Field(
        "auto",
        description="how letters follow: rigid turns each cluster as a whole, bend bends outlines along the curve, "
        "auto bends scripts whose letters join and turns the others",
    )


@dataclass(frozen=True, kw_only=True)
class CurveParams:
    """Drawn values of every curve."""

    bend: Bend
