"""Lane: Augraphy's augmentations, one at a time, on one image. Settings: ``image``, a PNG file.

Each request names an augmentation and how often it is applied; seeds run from 0, so that its random kinds take turns.
Runs in an environment of its own, where Glyphmill is not installed.
"""

from __future__ import annotations

import contextlib
import os
import random
from importlib.metadata import version
from typing import Any

import augraphy
import cv2
import numpy as np

from benchmarks.lanes.serve import Facts, Work, serve


def open_lane(settings: dict[str, Any]) -> tuple[Facts, Work]:
    """The image, and batches of one augmentation of it."""
    cv2.setNumThreads(1)
    image = cv2.imread(settings["image"])

    def work(request: dict[str, Any]) -> None:
        make = getattr(augraphy, request["name"])
        for seed in range(request["count"]):
            random.seed(seed)
            np.random.seed(seed)  # noqa: NPY002 - the peer draws from it
            with open(os.devnull, "w") as quiet, contextlib.redirect_stdout(quiet):
                make(p=1)(image.copy(), force=True)

    return {"versions": {name: version(name) for name in ("augraphy", "numpy", "opencv-python-headless")}}, work


if __name__ == "__main__":
    serve(open_lane)
