"""The spine: a plan becomes an image and its label. Nothing here draws at random; everything replays the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.resources import ResourceStore
from glyphmill.config.model import JobConfig, Limits
from glyphmill.core.errors import RenderError
from glyphmill.core.labels import SCHEMA, Labels
from glyphmill.core.registry import Registry
from glyphmill.plan.plan import Plan
from glyphmill.plan.planner import Planner
from glyphmill.stages.canvas.compose import compose
from glyphmill.stages.ink.paint import Ink, paint
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.layout.place import Placed, place

if TYPE_CHECKING:
    from glyphmill.catalogue.catalogue import Catalogue


@dataclass(frozen=True)
class RenderedText:
    """Text as ink on a canvas of its own, before any background.

    Attributes:
        layout: what was set.
        placed: glyphs on the canvas, px.
        labels: where the text is on the canvas.
        width, height: size of the canvas, px.
        ink: coverage.
    """

    layout: Layout
    placed: Placed
    labels: Labels
    width: int
    height: int
    ink: Ink


@dataclass(frozen=True)
class Sample:
    """One labelled image.

    Attributes:
        image: uint8 (H, W, 3), RGB.
        labels: where its text is, as arrays.
        contrast: least difference in lightness between ink and local background, 0 to 1.
        plan: what it was made from.
    """

    image: NDArray[np.uint8]
    labels: Labels
    contrast: float
    plan: Plan
    _registry: Registry = field(repr=False)

    @property
    def label(self) -> dict[str, Any]:
        """The label as plain JSON values; ``image`` is empty until the sample has a place in a dataset."""
        return self.label_for("")

    def label_for(self, image: str) -> dict[str, Any]:
        """The label of an image that is stored at this path, relative to the root of its dataset."""
        height, width = self.image.shape[:2]
        return {
            "schema": SCHEMA,
            "image": image,
            "width": width,
            "height": height,
            **self.labels.to_dict(width, height),
            "contrast": round(self.contrast, 3),
            "plan": self.plan.to_dict(),
        }

    def encoded(self) -> bytes:
        """The image as a file of the format that the plan names."""
        step = self.plan.of("encode")
        unit = self._registry.get("encode", step.unit)
        if unit is None:
            raise RenderError(f"the plan is encoded by {step.unit!r}, which is not installed here")
        return bytes(unit.apply(unit.params(**step.params), self.image, self.plan.mode == "gray"))


class OCRDataGenerator:
    """Plans and makes the samples of a job, or replays plans that were made elsewhere.

    Args:
        config: the job; None to replay plans only.
        catalogue: fonts, corpora and backgrounds; None to replay plans only.
        registry: the units that exist.
        resources: where what plans name lies; taken from the catalogue if not given.
        limits: what a sample may cost; taken from the config if not given.
    """

    def __init__(
        self,
        config: JobConfig | None,
        catalogue: Catalogue | None,
        registry: Registry,
        *,
        resources: ResourceStore | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._registry = registry
        self.planner = Planner(config, catalogue, registry) if config and catalogue else None
        self._limits = limits or (config.limits if config else Limits())
        self._resources = resources or (catalogue.store(self._limits) if catalogue else ResourceStore())

    def plan_generation(self, index: int, attempt: int = 0) -> Plan:
        """The plan of one image.

        Raises: IndexError outside of the job; Reject if none can be made; RenderError if this replays plans only.
        """
        if self.planner is None:
            raise RenderError("this generator has no config: it replays plans and makes none")
        return self.planner.plan(index, attempt)

    def generate_from_plan(self, plan: Plan) -> Sample:
        """Make the image of a plan, the same each time.

        Raises: Reject if the plan cannot be carried out within the limits; RenderError if a font, a background or a
        unit that it names is not here.
        """
        text = self._render_text(plan)
        background = self._background(plan, text.width, text.height)
        color = self._params(plan, "color")
        canvas = self._params(plan, "canvas")
        tint = self._registry_unit("color", "color").apply
        image, contrast = compose(
            background,
            text.ink.mask,
            lambda colors: tint(color, colors, text.width, text.height, text.ink.owner),
            tuple(np.array(colors, np.float64) for colors in color.candidates),
            blend=canvas.blend,
            min_contrast=canvas.min_contrast,
            cell_px=text.layout.fonts.instances[0].size_px,
        )
        return Sample(image, text.labels, contrast, plan, self._registry)

    def ink_mask(self, plan: Plan) -> NDArray[np.uint8]:
        """Coverage of the ink of a plan, uint8 (H, W). Raises: as ``generate_from_plan``."""
        return self._render_text(plan).ink.mask

    def _render_text(self, plan: Plan) -> RenderedText:
        """Shape, lay out and rasterise the text of a plan on a canvas that holds all of its ink."""
        text = self._params(plan, "text")
        fonts = self._registry_unit("font", "font").apply(self._params(plan, "font"), self._resources)
        layout = self._registry_unit("layout", "layout").apply(self._params(plan, "layout"), text, fonts)
        placed, labels = place(layout)
        canvas = self._params(plan, "canvas")
        geometry = self._registry_unit("canvas", "canvas").apply(canvas, labels, self._limits.max_pixels)
        shift = np.array([geometry.dx, geometry.dy])
        placed = placed.shifted(geometry.dx, geometry.dy)
        color = self._params(plan, "color")
        palette = None
        if color.mode == "per_glyph":
            palette = (np.arange(len(layout.spans)) % len(color.candidates[0])).astype(np.uint8)
        ink = paint(layout, placed, geometry.width, geometry.height, color_of_cluster=palette)
        return RenderedText(
            layout, placed, labels.moved(lambda points: points + shift), geometry.width, geometry.height, ink
        )

    def _background(self, plan: Plan, width: int, height: int) -> NDArray[np.uint8]:
        step = plan.of("background")
        unit = self._registry_unit("background", step.unit)
        return np.array(unit.apply(unit.params(**step.params), (width, height), self._resources), np.uint8, order="C")

    def _params(self, plan: Plan, stage: str) -> Any:
        step = plan.of(stage)
        return self._registry_unit(stage, step.unit).params(**step.params)

    def _registry_unit(self, stage: Any, unit_id: str) -> Any:
        unit = self._registry.get(stage, unit_id)
        if unit is None:
            raise RenderError(f"the plan needs the unit {stage}.{unit_id}, which is not installed here")
        return unit
