"""The spine: a plan becomes an image and its label. Nothing here draws at random; everything replays the plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.resources import ResourceStore
from glyphmill.config.model import JobConfig, Limits
from glyphmill.core.errors import Reject, RenderError
from glyphmill.core.labels import SCHEMA, Labels
from glyphmill.core.page import Page
from glyphmill.core.registry import Registry
from glyphmill.plan.plan import Plan, Step
from glyphmill.plan.planner import Planner
from glyphmill.resample import Margins, resample
from glyphmill.stages.canvas.compose import compose, lay, over
from glyphmill.stages.canvas.contrast import least_kept, seen_contrast
from glyphmill.stages.extra.make import make_extras
from glyphmill.stages.extra.text import SeenText
from glyphmill.stages.ink.inked import Inked
from glyphmill.stages.ink.paint import Ink, paint, paint_cluster
from glyphmill.stages.ink.typeset import typeset
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.layout.place import Placed, block_of, place
from glyphmill.stages.layout.warped import bent, by, points_of, shifted, warp

if TYPE_CHECKING:
    from glyphmill.catalogue.catalogue import Catalogue
    from glyphmill.stages.curve.lines import CurvedLines

#: Of images in OpenCV's resampling at most.
_CHANNELS = 4
#: Contrast that is looked for by the least that is allowed, where wear may take some of it away.
_SPARE = 1.5
#: Share of the ink that effects must leave of each letter.
_LEAST_INK = 0.2
_BYTES = np.arange(256)
#: Coverage of ink to a byte of a page with ink, and from that byte to coverage of the page and of the ink.
_PAGE_AND_INK = (128 + _BYTES // 2).astype(np.uint8)
_PAGE = np.minimum(2 * _BYTES, 255).astype(np.uint8)
_INK = np.maximum(2 * _BYTES - 256, 0).astype(np.uint8)


@dataclass(frozen=True)
class RenderedText:
    """Text as ink on a canvas of its own, before any background.

    Attributes:
        layout: what was set.
        placed: glyphs on the canvas, px.
        labels: where the text is on the canvas.
        width, height: size of the canvas, px.
        ink: coverage.
        plan: the plan with the values that were used, where they differ from those drawn.
    """

    layout: Layout
    placed: Placed
    labels: Labels
    width: int
    height: int
    ink: Ink
    plan: Plan


@dataclass(frozen=True)
class Sample:
    """One labelled image.

    Attributes:
        image: uint8 (H, W, 3), RGB.
        labels: where its text is, as arrays.
        contrast: least difference in lightness between ink and what lies around it, less what noise takes, 0 to 1.
        plan: what it was made from.
        extras: what is written beside it on request, by name: uint8 or uint16 (H, W).
    """

    image: NDArray[np.uint8]
    labels: Labels
    contrast: float
    plan: Plan
    _registry: Registry = field(repr=False)
    extras: Mapping[str, NDArray[Any]] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> dict[str, Any]:
        """The label as plain JSON values; ``image`` is empty until the sample has a place in a dataset."""
        return self.label_for("")

    def label_for(self, image: str) -> dict[str, Any]:
        """The label of an image that is stored at this path, relative to the root of its dataset.

        Raises: Reject if a coordinate is not finite: JSON has no number for it.
        """
        if not (math.isfinite(self.contrast) and self.labels.finite()):
            raise Reject("run", "not_finite", "a number of the label is not finite")
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
        extras: names of the extras that each sample gets; taken from the config if not given.
    """

    def __init__(
        self,
        config: JobConfig | None,
        catalogue: Catalogue | None,
        registry: Registry,
        *,
        resources: ResourceStore | None = None,
        limits: Limits | None = None,
        extras: Sequence[str] | None = None,
    ) -> None:
        self._registry = registry
        self._extras = tuple(extras if extras is not None else config.extras if config else ())
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
        page = self._page(plan, text)
        around = (0, 0, 0, 0) if plan.all("scene") else page.beyond()
        inked = self._effects(plan, text, around)
        height, width = inked.mask.shape
        image = self._background(plan.of("background"), width, height)
        for layer in inked.ground:
            lay(image, layer)
        color = self._params(plan.of("color"))
        canvas = self._params(plan.of("canvas"))
        tint = self._unit("color", "color").apply
        contrast = compose(
            image,
            inked.mask,
            lambda colors: _grown(tint(color, colors, text.width, text.height, text.ink.owner), around),
            tuple(np.array(colors, np.float64) for colors in color.candidates),
            blend=canvas.blend,
            min_contrast=canvas.min_contrast,
            cell_px=inked.em_px,
            aim=canvas.min_contrast * (_SPARE if plan.all("degrade") else 1),
            under=inked.under,
            upon=inked.over,
        )
        image, mask = self._seen(plan, image, inked.mask, page, around)
        labels = text.labels if page.map is None else text.labels.at(page.carried)
        image, hidden = self._degrade(plan.all("degrade"), image)
        if hidden is not None:
            labels = labels.hidden_by(hidden)
        if plan.all("effects") or plan.all("degrade"):
            contrast = seen_contrast(image, mask, cell_px=inked.em_px, hidden=hidden)
            if contrast < canvas.min_contrast:
                raise Reject("degrade", "illegible", f"contrast {contrast:.3f}, below {canvas.min_contrast:g}")
        return Sample(image, labels, contrast, text.plan, self._registry, self._make_extras(text, page, labels))

    def inked(self, plan: Plan) -> Inked:
        """The ink of a plan after the effects on it, before any warp of its page. Raises: as ``generate_from_plan``."""
        return self._effects(plan, self._render_text(plan), (0, 0, 0, 0))

    def ink_mask(self, plan: Plan) -> NDArray[np.uint8]:
        """Coverage of the ink in the image of a plan, uint8 (H, W). Raises: as ``generate_from_plan``."""
        text = self._render_text(plan)
        page = self._page(plan, text)
        return text.ink.mask if page.map is None else resample(text.ink.mask, page, border=(0,))

    def cluster_masks(self, plan: Plan) -> tuple[Labels, Iterator[tuple[int, NDArray[np.uint8]]]]:
        """The labels of a plan's image, and for each cluster with ink its own coverage in it, uint8 (H, W).

        Raises: as ``generate_from_plan``.
        """
        text = self._render_text(plan)
        page = self._page(plan, text)

        def alone(cluster: int) -> NDArray[np.uint8]:
            return paint_cluster(text.layout, text.placed, cluster, text.width, text.height)

        def masks() -> Iterator[tuple[int, NDArray[np.uint8]]]:
            inked = np.flatnonzero(text.labels.ink).tolist()
            if page.map is None:
                yield from ((cluster, alone(cluster)) for cluster in inked)
                return
            for first in range(0, len(inked), _CHANNELS):
                # following the warps back is the greater part of the work, and is done once for all channels
                some = inked[first : first + _CHANNELS]
                together = np.zeros((text.height, text.width, _CHANNELS), np.uint8)
                for channel, cluster in enumerate(some):
                    together[:, :, channel] = alone(cluster)
                yield from zip(some, cv2.split(resample(together, page, border=(0, 0, 0, 0))), strict=False)

        return text.labels.at(page.carried), masks()

    def _render_text(self, plan: Plan) -> RenderedText:
        """Shape, lay out and rasterise the text of a plan on a canvas that holds all of its ink."""
        text = self._params(plan.of("text"))
        fonts = self._unit("font", "font").apply(self._params(plan.of("font")), self._resources)
        layout = self._unit("layout", "layout").apply(self._params(plan.of("layout")), text, fonts)
        curve, bend, plan = self._curve(plan, layout)
        warps = plan.all("warp")
        placed, labels = place(layout, curve, bend=bend, pliable=bool(warps))
        placed, labels = self._warp_ink(warps, placed, labels)
        geometry = self._unit("canvas", "canvas").apply(
            self._params(plan.of("canvas")), labels, self._limits.max_pixels
        )
        placed, labels = shifted(placed, labels, geometry.dx, geometry.dy)
        color = self._params(plan.of("color"))
        palette = None
        if color.mode == "per_glyph":
            palette = (np.arange(len(layout.spans)) % len(color.candidates[0])).astype(np.uint8)
        ink = paint(layout, placed, geometry.width, geometry.height, color_of_cluster=palette)
        return RenderedText(layout, placed, labels, geometry.width, geometry.height, ink, plan)

    def _curve(self, plan: Plan, layout: Layout) -> tuple[CurvedLines | None, str, Plan]:
        """What the lines run along, which glyphs bend, and the plan with the values that were used."""
        steps = plan.all("curve")
        if not steps:
            return None, "auto", plan
        params = self._params(steps[0])
        curve = self._unit("curve", steps[0].unit).apply(params, block_of(layout))
        return curve, params.bend, plan.with_used("curve", curve.used)

    def _warp_ink(self, steps: Sequence[Step], placed: Placed, labels: Labels) -> tuple[Placed, Labels]:
        """Glyphs and labels under the warps whose scope is the ink alone: their page is the box around the text."""
        chosen = [(step, params) for step in steps if (params := self._params(step)).scope == "ink"]
        if not chosen:
            return placed, labels
        x0, y0, x1, y1 = labels.bounds()
        size = max(1, math.ceil(x1 - x0)), max(1, math.ceil(y1 - y0))
        page = Page.of(*size, by(points_of(placed, labels), -x0, -y0))
        for step, params in chosen:
            page = self._unit("warp", step.unit).apply(params, page)
        return bent(placed, labels, page)

    def _page(self, plan: Plan, text: RenderedText) -> Page:
        """The warps that move paper and ink together."""
        page = Page.of(text.width, text.height, text.labels.points())
        for step in plan.all("warp"):
            params = self._params(step)
            if params.scope == "page":
                page = self._unit("warp", step.unit).apply(params, page)
        page = page.cut(*self._params(plan.of("canvas")).cut)
        if page.width * page.height > self._limits.max_pixels:
            raise Reject(
                "warp",
                "pixel_budget",
                f"{page.width} x {page.height} px; limits.max_pixels is {self._limits.max_pixels}",
            )
        return page

    def _make_extras(self, text: RenderedText, page: Page, labels: Labels) -> dict[str, NDArray[Any]]:
        """The extras that are asked for, from outlines and labels where the page's warps take them."""
        if not self._extras:
            return {}
        seen = SeenText(text.layout, warp(text.placed, page), labels, page.width, page.height)
        return make_extras(self._extras, seen)

    def _effects(self, plan: Plan, text: RenderedText, around: Margins) -> Inked:
        """The ink after the effects on it, with the layers that they add, on the page and what lies around it."""
        words = self._params(plan.of("text"))
        mask = _grown(text.ink.mask, around, 0)
        inked = Inked(
            mask=mask,
            labels=text.labels.shifted(around[0], around[1]) if any(around) else text.labels,
            em_px=text.layout.fonts.instances[0].size_px,
            typeset=lambda other, size_px: typeset(other, size_px, text.layout.fonts, words.language),
        )
        for step in plan.all("effects"):
            inked = self._unit("effects", step.unit).apply(self._params(step), inked)
        if inked.mask is not mask and (kept := least_kept(mask, inked.mask, cell_px=inked.em_px)) < _LEAST_INK:
            raise Reject("effects", "illegible", f"effects left {kept:.2f} of the ink of a letter")
        return inked

    def _seen(
        self, plan: Plan, image: NDArray[np.uint8], mask: NDArray[np.uint8], page: Page, around: Margins
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The page and its ink after the page's warps: on the plan's scene, else on its surface carried on."""
        if page.map is None:
            return image, mask
        scene = plan.all("scene")
        if not scene:
            moved = resample(_four(image, mask), page, border="replicate", around=around)
            return np.asarray(cv2.cvtColor(moved, cv2.COLOR_RGBA2RGB), np.uint8), cv2.extractChannel(moved, 3)
        # a fourth channel is free, a fifth is not: its upper half says that there is ink, all but 0 that there is page
        moved = resample(_four(image, cv2.LUT(mask, _PAGE_AND_INK)), page, border=(0, 0, 0, 0))
        both = cv2.extractChannel(moved, 3)
        moved[..., 3] = cv2.LUT(both, _PAGE)
        behind = self._background(scene[0], page.width, page.height)
        return over(moved, behind), np.asarray(cv2.LUT(both, _INK), np.uint8)

    def _degrade(
        self, steps: Sequence[Step], image: NDArray[np.uint8]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """The image after its wear, and what of it was hidden, uint8 (h, w), if anything was."""
        hidden: NDArray[np.uint8] | None = None
        height, width = image.shape[:2]
        for step in steps:
            unit, params = self._unit("degrade", step.unit), self._params(step)
            image = unit.apply(params, image)
            if unit.hides is not None:
                cover = unit.hides(params, (width, height))
                hidden = cover if hidden is None else np.maximum(hidden, cover)
        return image, hidden

    def _background(self, step: Step, width: int, height: int) -> NDArray[np.uint8]:
        unit = self._unit("background", step.unit)
        return np.array(unit.apply(unit.params(**step.params), (width, height), self._resources), np.uint8, order="C")

    def _params(self, step: Step) -> Any:
        return self._unit(step.stage, step.unit).params(**step.params)

    def _unit(self, stage: Any, unit_id: str) -> Any:
        unit = self._registry.get(stage, unit_id)
        if unit is None:
            raise RenderError(f"the plan needs the unit {stage}.{unit_id}, which is not installed here")
        return unit


def _grown(image: NDArray[np.uint8], around: Margins, value: int | None = None) -> NDArray[np.uint8]:
    """An image with margins: of one value, or of its border drawn out. A single colour stays one."""
    if image.ndim == 1 or not any(around):
        return image
    left, top, right, bottom = around
    mode = cv2.BORDER_REPLICATE if value is None else cv2.BORDER_CONSTANT
    return np.asarray(cv2.copyMakeBorder(image, top, bottom, left, right, mode, value=(value or 0,)), np.uint8)


def _four(image: NDArray[np.uint8], fourth: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An image (h, w, 3) with one more channel."""
    made = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)
    cv2.insertChannel(fourth, made, 3)
    return np.asarray(made, np.uint8)
