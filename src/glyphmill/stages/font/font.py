"""font: which font, size and style. Draws a font that has every character; labels follow its outlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from numpy.random import Generator
from pydantic import Field

from glyphmill.config.fields import Distribution, Number, Numbers, Settings
from glyphmill.core.errors import blaming
from glyphmill.core.unit import Unit
from glyphmill.fontengine.base import FontInstance
from glyphmill.fontengine.harfbuzz import open_instance
from glyphmill.stages.font.choose import choose
from glyphmill.stages.font.stack import FontStack

if TYPE_CHECKING:
    from glyphmill.catalogue.resources import ResourceStore
    from glyphmill.plan.context import DrawContext, Library


#: Where no weight is asked for: some variable fonts are hairlines at their own default.
_REGULAR = {"wght": 400.0}


class Config(Settings):
    """Which fonts, how large, in which style."""

    filter: str | None = Field(None, description="glob on the font file name")
    category: list[str] | None = Field(
        None, description="serif, sans, slab, mono, condensed, display or handwriting; several are alternatives"
    )
    size: Distribution = Number(32.0, lo=4, hi=2000, unit="px per em", about="font size")
    axes: dict[str, Distribution] = Numbers(
        about="coordinates of variable fonts by axis tag, such as wght; cut to what a font has"
    )
    bold: Distribution = Number(0.0, lo=-0.1, hi=0.2, unit="em", about="synthetic emboldening")
    slant: Distribution = Number(0.0, lo=-1, hi=1, unit="shift per height", about="synthetic slant")
    features: dict[str, Annotated[int, Field(ge=0, le=65535)]] = Field(
        {}, description="OpenType features, such as {smcp: 1, liga: 0}"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values.

    Attributes:
        fonts: ``{"file", "digest", "face", "vertical", "axes"}`` of each font, the chosen one first.
        spans: (start, end, which font) over the text; empty if the first one sets all of it.
        size: px per em.
        bold: em.
        slant: shift per unit of height.
    """

    fonts: tuple[Mapping[str, Any], ...]
    spans: tuple[tuple[int, int, int], ...]
    size: float
    bold: float
    slant: float
    features: Mapping[str, int]


def draw(config: Config, context: DrawContext, rng: Generator) -> dict[str, Any]:
    """Choose a font for the text. Raises: Reject if none has the characters and the policy gives up."""
    size = config.size.draw(rng)
    bold, slant = config.bold.draw(rng), config.slant.draw(rng)
    wanted = _REGULAR | {tag: drawn.draw(rng) for tag, drawn in config.axes.items()}
    chosen, spans = choose(config.filter, tuple(config.category or ()), context, rng)
    fonts = tuple(
        {
            "file": font.file,
            "digest": font.digest,
            "face": font.face,
            "vertical": font.vertical,
            "axes": {
                axis.tag: min(max(wanted[axis.tag], axis.min), axis.max) for axis in font.axes if axis.tag in wanted
            },
        }
        for font in chosen
    )
    return {"fonts": fonts, "spans": spans, "size": size, "bold": bold, "slant": slant, "features": config.features}


def check(config: Config, library: Library) -> Iterator[tuple[str, str]]:
    """A filter or category that leaves no font."""
    fonts = library.catalogue.fonts
    named = fonts.matching(config.filter).usable
    if not named:
        names = ", ".join(sorted({font.file for font in fonts.usable})[:8])
        yield "filter", f"got {config.filter!r}, which matches none of the {len(fonts.usable)} fonts, such as {names}"
    elif not any(config.category is None or font.category in config.category for font in named):
        known = ", ".join(sorted({font.category for font in named}))
        yield "category", f"got {', '.join(config.category or ())}; the fonts there are have only {known}"
    elif not library.families(config.filter, tuple(config.category or ()), None):
        yield (
            "filter" if config.filter else "category",
            (
                "all fonts that it leaves are quarantined: their health is too low. "
                "Leave more of them, raise their scores in the health file, or do without it"
            ),
        )


def apply(params: Params, resources: ResourceStore) -> FontStack:
    """Open the fonts. Raises: Reject if a file cannot be read."""
    instances = tuple(_open(font, params, resources) for font in params.fonts)
    digests = tuple(font["digest"] for font in params.fonts)
    return FontStack(instances, params.spans, bool(params.fonts[0]["vertical"]), dict(params.features), digests)


def _open(font: Mapping[str, Any], params: Params, resources: ResourceStore) -> FontInstance:
    with blaming("fonts", font["digest"]):
        return open_instance(
            resources.font(font["digest"], font["file"]),
            font["face"],
            params.size,
            axes=font["axes"],
            bold=params.bold,
            slant=params.slant,
        )


UNIT = Unit(
    id="font",
    stage="font",
    summary="Chooses a font that has every character, its size, axes, weight and slant; boxes follow its outlines.",
    config=Config,
    draw=draw,
    apply=apply,
    params=Params,
    check=check,
)
