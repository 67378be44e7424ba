"""Lane: SynthTIGER in one process: words, as the horizontal example of its repository makes them, as JPEG in memory.

Settings: ``words`` (a file, one a line), ``fonts`` and ``images`` (folders), ``colors`` (a file). The example's
template and config are not in the package; this is one of the package's components, in the example's order and with
its ranges. A request's ``kind`` is ``whole``, with the example's check that text is visible and the mask that it writes
beside each image, or ``bare``, without these.

Runs in an environment of its own, where Glyphmill is not installed.
"""

from __future__ import annotations

import io
import itertools
import random
from importlib.metadata import version
from typing import Any

import cv2
import imgaug
import numpy as np
from PIL import Image
from synthtiger import components as c
from synthtiger import layers, utils

from benchmarks.lanes.serve import Facts, Work, serve

_MIDGROUND = 0.25
_QUALITY = (50, 95)
_BLENDS = (
    "normal multiply screen overlay hard_light soft_light dodge divide addition difference darken_only lighten_only"
).split()


class Words:
    """The template: parts that draw their own values when they are applied."""

    def __init__(self, settings: dict[str, Any]) -> None:
        colors = {"paths": [settings["colors"]], "weights": [1], "colorize": 1}
        self.words = c.BaseCorpus([settings["words"]], [1], textcase=["lower", "upper", "capitalize"])
        self.font = c.BaseFont([settings["fonts"]], [1], size=(40, 80), bold=0.5)
        self.texture = c.Switch(c.BaseTexture([settings["images"]], [1], alpha=(0, 1), crop=1), 0.5)
        self.two, self.three = c.GrayMap(k=2, **colors), c.GrayMap(k=3, **colors)
        self.color = c.Gray(gray=(0, 255), colorize=1)
        self.shape = c.Selector([c.ElasticDistortion((15, 30), (4, 12)), c.ElasticDistortion((0, 2), (0, 0.6))])
        self.layout = c.Selector(
            [c.FlowLayout(space=(-2, 5)), c.CurveLayout(curve=(20, 40), space=(-2, 5), convex=0.5, upward=0.5)], [4, 1]
        )
        self.style = c.Switch(
            c.Selector(
                [c.TextBorder(size=(1, 12)), c.TextShadow(distance=(1, 6)), c.TextExtrusion(length=(1, 12))], [1, 2, 2]
            ),
            0.25,
        )
        self.transform = c.Selector(
            [
                c.Perspective(percents=((0.5, 1), (1, 1)), aligns=((0, 0), (0, 0))),
                c.Perspective(percents=((1, 1), (0.5, 1)), aligns=((0, 0), (0, 0))),
                c.Trapezoidate(weights=(1, 0, 1, 0), percent=(0.75, 1)),
                c.Trapezoidate(weights=(0, 1, 0, 1), percent=(0.5, 1)),
                c.Skew(weights=(1, 0), angle=(0, 30)),
                c.Skew(weights=(0, 1), angle=(0, 10)),
                c.Rotate(angle=(0, 10)),
            ],
            [1, 1, 1, 1, 1, 1, 2],
        )
        self.fit, self.pad = c.Fit(), c.Pad(pxs=((0, 10),) * 4)
        self.wear = c.Iterator(
            [
                c.AdditiveGaussianNoise(scale=(4, 8), per_channel=0),
                c.Switch(c.GaussianBlur(sigma=(0, 2)), 0.9),
                c.Switch(c.Resample(size=(0.4, 0.4)), 0.1),
                c.MedianBlur(k=(1, 1)),
            ]
        )

    def make(self, *, whole: bool) -> tuple[bytes, list[list[float]]]:
        """One word as JPEG and the box of each letter; its mask is encoded as well if it is whole.

        Raises: RuntimeError if its text cannot be seen.
        """
        style = self.style.sample()
        if style["state"]:
            ink, ground, accent = self.three.sample()
            style["meta"]["meta"]["rgb"] = accent["rgb"]
        else:
            ink, ground = self.two.sample()
        word, mask, letters = self._word(ink, style)
        self.fit.apply(letters)
        self.pad.apply([word])
        for letter in letters:
            letter.topleft -= word.topleft
        text = word.output()
        page = layers.RectLayer(text.shape[1::-1])
        self.color.apply([page], ground)
        self.texture.apply([page])
        image = page.output()
        if np.random.rand() < _MIDGROUND:  # noqa: NPY002 - the peer draws from it
            image = _blended(self._behind(text), image, check=whole)
        written = [layers.Layer(_blended(text, image, check=whole))]
        if whole:
            written.append(layers.Layer(mask.output(bbox=word.bbox)))
        self.wear.apply(written)
        file = io.BytesIO()
        quality = np.random.randint(_QUALITY[0], _QUALITY[1] + 1)  # noqa: NPY002
        Image.fromarray(written[0].output()[..., :3].astype(np.uint8)).save(file, "JPEG", quality=quality)
        if whole:
            Image.fromarray(written[1].output()[..., 3].astype(np.uint8)).save(io.BytesIO(), "PNG")
        return file.getvalue()

    def _word(self, color: Any, style: Any, *, seen: bool = True) -> tuple[Any, Any, list[Any]]:
        characters = utils.split_text(self.words.data(self.words.sample()), reorder=True)
        font = self.font.sample({"text": "".join(characters), "vertical": False})
        letters = [layers.TextLayer(character, **font) for character in characters]
        self.shape.apply(letters)
        self.layout.apply(letters, {"meta": {"vertical": False}})
        word = layers.Group(letters).merge()
        mask = word.copy()
        transform = self.transform.sample()
        self.color.apply([word], color)
        self.texture.apply([word])
        for part in ([word], letters) if seen else ([word],):
            self.style.apply(part, style)
        for part in ([word], [mask], letters) if seen else ([word],):
            self.transform.apply(part, transform)
        self.fit.apply([word])
        return word, mask, letters

    def _behind(self, text: Any) -> Any:
        """Another word, cut out where the word itself is."""
        word, _, _ = self._word(self.color.sample(), self.style.sample(), seen=False)
        self.pad.apply([word])
        hull = layers.Layer(_around(text))
        other = layers.Layer(word.output())
        other.bbox = hull.bbox
        c.Translate(percents=((-0.5, 0.5), (-0.5, 0.5))).apply([other])
        return other.erase(hull).output(bbox=hull.bbox)


def _blended(source: Any, ground: Any, *, check: bool) -> Any:
    """Blended in a mode drawn at random, or in the first in random order in which the text can be seen."""
    for mode in np.random.permutation(_BLENDS):  # noqa: NPY002 - the peer draws from it
        image = utils.blend_image(source, ground, mode=mode)
        if not check or _visible(image, source[..., 3].astype(np.uint8)):
            return image
    raise RuntimeError("text is not visible")


def _visible(image: Any, mask: Any) -> bool:
    """Whether hardly any of the pixels around the text is filled from within it, as the example finds out."""
    gray = utils.to_gray(image[..., :3]).astype(np.uint8)
    near = cv2.dilate((mask > 0).astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    filled = np.pad(1 - near, 1, constant_values=1)
    flags = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY
    for y, x in np.argwhere(mask > 127).tolist():
        cv2.floodFill(gray, filled, (x, y), 1, 16, 16, flags)
    border = near & (mask == 0)
    return bool(0 < border.sum() >= 10 * (filled[1:-1, 1:-1] & border).sum())


def _around(text: Any, pad: int = 5) -> Any:
    """A mask of the letters with what lies between neighbours."""
    contours, _ = cv2.findContours(text[..., 3].astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    contours = sorted(contours, key=lambda contour: sum(cv2.boundingRect(contour)[:2]))
    mask = np.zeros(text.shape[:2], np.float32)
    for pair in itertools.pairwise(contours) if len(contours) > 1 else ((each,) for each in contours):
        cv2.fillConvexPoly(mask, cv2.convexHull(np.concatenate(pair)), 255)
    image = utils.create_image(text.shape[1::-1])
    image[..., 3] = utils.dilate_image(mask, pad)
    return image


def open_lane(settings: dict[str, Any]) -> tuple[Facts, Work]:
    """The template, and batches of words that begin with the same seed each time."""
    cv2.setNumThreads(1)
    words = Words(settings)

    def work(request: dict[str, Any]) -> None:
        for index in range(request["count"]):
            _seed(index)
            while True:
                try:
                    words.make(whole=request["kind"] == "whole")
                    break
                except RuntimeError:  # the peer tries again then, too
                    continue

    names = ("synthtiger", "imgaug", "numpy", "pillow", "opencv-python-headless")
    return {"versions": {name: version(name) for name in names}}, work


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the peer draws from it
    imgaug.random.seed(seed)


if __name__ == "__main__":
    serve(open_lane)
