"""Which fonts and backgrounds a plan draws with."""

from __future__ import annotations

from glyphmill.core.errors import ResourceKind
from glyphmill.plan.plan import Plan


def used(plan: Plan) -> dict[ResourceKind, list[str]]:
    """The digests of the fonts and of the background pictures that a plan names, each once, sorted."""
    fonts = {font["digest"] for step in plan.all("font") for font in step.params["fonts"]}
    grounds = (*plan.all("background"), *plan.all("scene"))
    pictures = {step.params["digest"] for step in grounds if "digest" in step.params}
    return {"fonts": sorted(fonts), "backgrounds": sorted(pictures)}
