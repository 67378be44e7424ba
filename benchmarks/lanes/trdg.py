"""Lane: TextRecognitionDataGenerator in one process. Settings: ``font``, ``texts``, ``layout`` (raqm or basic).

Runs in an environment of its own, where Glyphmill is not installed.
"""

from __future__ import annotations

from importlib.metadata import version
from itertools import islice
from typing import Any

from PIL import ImageFont, features
from trdg.generators import GeneratorFromStrings

from benchmarks.lanes.serve import Facts, Work, serve


def open_lane(settings: dict[str, Any]) -> tuple[Facts, Work]:
    """A generator for the texts, and batches that begin with the first of them."""
    if settings["layout"] == "basic":
        # TRDG leaves the choice to Pillow, which takes raqm wherever it finds FriBidi.
        ImageFont.core.HAVE_RAQM = False
    generator = GeneratorFromStrings(
        settings["texts"], fonts=[settings["font"]], size=32, background_type=1, text_color="#000000"
    )

    def work(request: dict[str, Any]) -> None:
        generator.generated_count = 0
        for image, _ in islice(generator, request["count"]):
            if image is None:
                raise RuntimeError("TRDG gave up on an image")

    layout = "raqm" if ImageFont.core.HAVE_RAQM and features.check("raqm") else "basic"
    size = next(generator)[0].size
    return {"layout": layout, "size": size, "versions": {name: version(name) for name in ("trdg", "pillow")}}, work


if __name__ == "__main__":
    serve(open_lane)
