"""What all warps have in common: what is warped, and whether the page grows with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from glyphmill.config.fields import Settings


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
