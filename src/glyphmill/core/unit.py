"""What a unit is: one thing that a config can name, drawn while planning and applied while generating."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Stage = Literal[
    "text", "font", "layout", "color", "background", "canvas", "scene", "curve", "effects", "warp", "degrade", "encode"
]
Shape = Literal["single", "choice", "chain"]

#: How a section of a specification is spelt. ``single``: the section holds the settings of its one unit.
#: ``choice``: the section maps unit ids to settings with a ``weight``; one is drawn.
#: ``chain``: the section lists units in order, each with a probability ``p``.
SHAPES: dict[Stage, Shape] = {
    "text": "single",
    "font": "single",
    "layout": "single",
    "color": "single",
    "background": "choice",
    "canvas": "single",
    "scene": "choice",
    "curve": "choice",
    "effects": "chain",
    "warp": "chain",
    "degrade": "chain",
    "encode": "choice",
}

#: Stages whose units are those of another: what may lie under text may also lie behind a warped page.
SHARED: dict[Stage, Stage] = {"scene": "background"}

#: The order in which units are drawn and applied.
STAGES: tuple[Stage, ...] = tuple(SHAPES)


@dataclass(frozen=True)
class Unit:
    """One unit: ``Config -> Params -> apply``.

    Attributes:
        id: the name that configs use; lower case, words joined by ``_``.
        stage: where in the flow it works.
        summary: one line for help texts and docs: what it does to pixels and to labels.
        config: pydantic model of its settings; every number in it is a distribution.
        draw: ``draw(config, context, rng) -> dict`` of plain JSON values; the only place where it may draw.
        apply: what replays the drawn values; its signature belongs to the stage.
        params: keyword-only dataclass of the drawn values, made as ``params(**drawn)``.
        check: ``check(config, library)`` yields (setting, message) for each fault that only the catalogue shows, such
            as a filter that matches nothing; None if there can be none.
        off: setting -> the value at which the unit does nothing, of an effect or a degradation; the first one is its
            strength. Empty if it has no such setting.
        hides: ``hides(params, (width, height))`` is what a degradation hides of an image, uint8 (H, W); None if it
            never hides ink.
    """

    id: str
    stage: Stage
    summary: str
    config: type[Any]
    draw: Callable[..., dict[str, Any]]
    apply: Callable[..., Any]
    params: type[Any]
    check: Callable[[Any, Any], Iterable[tuple[str, str]]] | None = None
    off: Mapping[str, float] = field(default_factory=dict)
    hides: Callable[[Any, tuple[int, int]], Any] | None = None
    distribution: str = field(default="glyphmill", compare=False)
