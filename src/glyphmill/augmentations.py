"""Geometric kernels: each warps a page that generation has at hand, or a picture of the user's own with its boxes.

Given a ``Page`` a kernel returns it with one more warp pending. Given an image, uint8 (h, w) or (h, w, 3 or 4), it
returns the warped image and the boxes that follow it:

    image, boxes = apply_elastic_distortion(image, boxes, alpha=30, sigma=5, rng=rng)

Boxes (n, 4) are x0, y0, x1, y1, half-open, in pixels; each becomes the tight box around its warped border. Points
(n, k, 2), such as quads and polygons, are moved as they are. Neither is clipped to the image. What each setting means
is said where the map is made, in ``glyphmill.warpmaps``. Further keywords of every kernel are those of ``How``.
"""

from __future__ import annotations

from typing import Literal, TypedDict, Unpack, overload

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from glyphmill.core.geometry import group_bounds
from glyphmill.core.page import Page
from glyphmill.core.warpmap import WarpMap
from glyphmill.resample import Border, Image, resample
from glyphmill.warpmaps.affine import IDENTITY, Size, rotation_map, scale_map, shear_map
from glyphmill.warpmaps.fields import elastic_map, grid_map, thin_plate_map
from glyphmill.warpmaps.paper import Axis, Side, cylinder_map, fold_map, page_curl_map
from glyphmill.warpmaps.projective import perspective_map
from glyphmill.warpmaps.radial import LensModel, optical_map
from glyphmill.warpmaps.wave import wave_map

Fit = Literal["grow", "keep"]
Target = Page | Image
Shapes = NDArray[np.float64]
Picture = tuple[Image, Shapes]

_BORDER_STEP_PX = 2.0
_FEWEST, _MOST = 9, 513


class How(TypedDict, total=False):
    """What every kernel takes besides its own settings.

    Attributes:
        fit: ``grow`` (if not given): the image becomes the box around its warped border; ``keep``: it keeps its size.
        border: of images: what lies beyond them, ``reflect`` (if not given), ``replicate``, or a value a channel.
    """

    fit: Fit
    border: Border


@overload
def apply_rotation(target: Page, *, angle: float, **how: Unpack[How]) -> Page: ...


@overload
def apply_rotation(target: Image, boxes: ArrayLike | None = ..., *, angle: float, **how: Unpack[How]) -> Picture: ...


def apply_rotation(
    target: Target, boxes: ArrayLike | None = None, *, angle: float, **how: Unpack[How]
) -> Page | Picture:
    """Rotate by ``angle`` degrees, counter-clockwise."""
    return _warped(target, boxes, rotation_map(_size(target), angle=angle), **how)


@overload
def apply_shear(target: Page, *, x: float = ..., y: float = ..., **how: Unpack[How]) -> Page: ...


@overload
def apply_shear(
    target: Image, boxes: ArrayLike | None = ..., *, x: float = ..., y: float = ..., **how: Unpack[How]
) -> Picture: ...


def apply_shear(
    target: Target, boxes: ArrayLike | None = None, *, x: float = 0.0, y: float = 0.0, **how: Unpack[How]
) -> Page | Picture:
    """Move upper parts right by ``x`` for each pixel of height, and right parts up by ``y`` for each of width."""
    return _warped(target, boxes, shear_map(_size(target), x=x, y=y), **how)


@overload
def apply_scale(target: Page, *, factor: float = ..., aspect: float = ..., **how: Unpack[How]) -> Page: ...


@overload
def apply_scale(
    target: Image, boxes: ArrayLike | None = ..., *, factor: float = ..., aspect: float = ..., **how: Unpack[How]
) -> Picture: ...


def apply_scale(
    target: Target, boxes: ArrayLike | None = None, *, factor: float = 1.0, aspect: float = 1.0, **how: Unpack[How]
) -> Page | Picture:
    """Enlarge by ``factor``; ``aspect`` above 1 makes wider and lower."""
    return _warped(target, boxes, scale_map(_size(target), factor=factor, aspect=aspect), **how)


@overload
def apply_perspective_warp(
    target: Page,
    *,
    magnitude: float = ...,
    yaw: float = ...,
    pitch: float = ...,
    roll: float = ...,
    focal: float = ...,
    rng: Generator | None = ...,
    **how: Unpack[How],
) -> Page: ...


@overload
def apply_perspective_warp(
    target: Image,
    boxes: ArrayLike | None = ...,
    *,
    magnitude: float = ...,
    yaw: float = ...,
    pitch: float = ...,
    roll: float = ...,
    focal: float = ...,
    rng: Generator | None = ...,
    **how: Unpack[How],
) -> Picture: ...


def apply_perspective_warp(
    target: Target,
    boxes: ArrayLike | None = None,
    *,
    magnitude: float = 0.0,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    focal: float = 1.5,
    rng: Generator | None = None,
    **how: Unpack[How],
) -> Page | Picture:
    """Move the corners inward at random, and look with a camera: degrees, and focal length in longer sides."""
    return _warped(
        target,
        boxes,
        perspective_map(_size(target), magnitude=magnitude, yaw=yaw, pitch=pitch, roll=roll, focal=focal, rng=rng),
        **how,
    )


@overload
def apply_elastic_distortion(
    target: Page, *, alpha: float, sigma: float, rng: Generator, **how: Unpack[How]
) -> Page: ...


@overload
def apply_elastic_distortion(
    target: Image, boxes: ArrayLike | None = ..., *, alpha: float, sigma: float, rng: Generator, **how: Unpack[How]
) -> Picture: ...


def apply_elastic_distortion(
    target: Target, boxes: ArrayLike | None = None, *, alpha: float, sigma: float, rng: Generator, **how: Unpack[How]
) -> Page | Picture:
    """Displace by smooth noise of scale ``alpha`` px, smoothed over ``sigma`` px. Off where either is 0."""
    return _warped(target, boxes, elastic_map(_size(target), alpha=alpha, sigma=sigma, rng=rng), **how)


@overload
def apply_grid_distortion(target: Page, *, steps: int, limit: float, rng: Generator, **how: Unpack[How]) -> Page: ...


@overload
def apply_grid_distortion(
    target: Image, boxes: ArrayLike | None = ..., *, steps: int, limit: float, rng: Generator, **how: Unpack[How]
) -> Picture: ...


def apply_grid_distortion(
    target: Target, boxes: ArrayLike | None = None, *, steps: int, limit: float, rng: Generator, **how: Unpack[How]
) -> Page | Picture:
    """Move each node of a grid of ``steps`` a side by up to ``limit`` px. Off below 2 steps."""
    return _warped(target, boxes, grid_map(_size(target), steps=steps, limit=limit, rng=rng), **how)


@overload
def apply_optical_distortion(target: Page, *, limit: float, model: LensModel = ..., **how: Unpack[How]) -> Page: ...


@overload
def apply_optical_distortion(
    target: Image, boxes: ArrayLike | None = ..., *, limit: float, model: LensModel = ..., **how: Unpack[How]
) -> Picture: ...


def apply_optical_distortion(
    target: Target, boxes: ArrayLike | None = None, *, limit: float, model: LensModel = "barrel", **how: Unpack[How]
) -> Page | Picture:
    """Distort as a lens does: ``limit`` above 0 barrel or fisheye, below 0 pincushion."""
    return _warped(target, boxes, optical_map(_size(target), limit=limit, model=model), **how)


@overload
def apply_cylinder_warp(
    target: Page, *, arc: float, axis: Axis = ..., tilt: float = ..., center: float = ..., **how: Unpack[How]
) -> Page: ...


@overload
def apply_cylinder_warp(
    target: Image,
    boxes: ArrayLike | None = ...,
    *,
    arc: float,
    axis: Axis = ...,
    tilt: float = ...,
    center: float = ...,
    **how: Unpack[How],
) -> Picture: ...


def apply_cylinder_warp(
    target: Target,
    boxes: ArrayLike | None = None,
    *,
    arc: float,
    axis: Axis = "vertical",
    tilt: float = 0.0,
    center: float = 0.5,
    **how: Unpack[How],
) -> Page | Picture:
    """Lay the page around a cylinder, of which it takes ``arc`` degrees."""
    return _warped(target, boxes, cylinder_map(_size(target), arc=arc, axis=axis, tilt=tilt, center=center), **how)


@overload
def apply_page_curl(
    target: Page, *, side: Side, lift: float, reach: float, turn: float = ..., **how: Unpack[How]
) -> Page: ...


@overload
def apply_page_curl(
    target: Image,
    boxes: ArrayLike | None = ...,
    *,
    side: Side,
    lift: float,
    reach: float,
    turn: float = ...,
    **how: Unpack[How],
) -> Picture: ...


def apply_page_curl(
    target: Target,
    boxes: ArrayLike | None = None,
    *,
    side: Side,
    lift: float,
    reach: float,
    turn: float = 0.0,
    **how: Unpack[How],
) -> Page | Picture:
    """Lift a corner or an edge until it stands at ``lift`` degrees."""
    return _warped(target, boxes, page_curl_map(_size(target), side=side, lift=lift, reach=reach, turn=turn), **how)


@overload
def apply_fold(
    target: Page, *, creases: int, angle: float, rng: Generator, axis: Axis = ..., tilt: float = ..., **how: Unpack[How]
) -> Page: ...


@overload
def apply_fold(
    target: Image,
    boxes: ArrayLike | None = ...,
    *,
    creases: int,
    angle: float,
    rng: Generator,
    axis: Axis = ...,
    tilt: float = ...,
    **how: Unpack[How],
) -> Picture: ...


def apply_fold(
    target: Target,
    boxes: ArrayLike | None = None,
    *,
    creases: int,
    angle: float,
    rng: Generator,
    axis: Axis = "vertical",
    tilt: float = 0.0,
    **how: Unpack[How],
) -> Page | Picture:
    """Fold the page and lay it open again: panels at a slant of up to ``angle`` degrees."""
    return _warped(
        target, boxes, fold_map(_size(target), creases=creases, angle=angle, rng=rng, axis=axis, tilt=tilt), **how
    )


@overload
def apply_wave(
    target: Page, *, amplitude: float, length: float, direction: float = ..., phase: float = ..., **how: Unpack[How]
) -> Page: ...


@overload
def apply_wave(
    target: Image,
    boxes: ArrayLike | None = ...,
    *,
    amplitude: float,
    length: float,
    direction: float = ...,
    phase: float = ...,
    **how: Unpack[How],
) -> Picture: ...


def apply_wave(
    target: Target,
    boxes: ArrayLike | None = None,
    *,
    amplitude: float,
    length: float,
    direction: float = 0.0,
    phase: float = 0.0,
    **how: Unpack[How],
) -> Page | Picture:
    """Sway in a sine wave of ``length`` px; direction in degrees, phase in radians."""
    return _warped(
        target,
        boxes,
        wave_map(_size(target), amplitude=amplitude, length=length, direction=direction, phase=phase),
        **how,
    )


@overload
def apply_thin_plate(target: Page, *, points: int, shift: float, rng: Generator, **how: Unpack[How]) -> Page: ...


@overload
def apply_thin_plate(
    target: Image, boxes: ArrayLike | None = ..., *, points: int, shift: float, rng: Generator, **how: Unpack[How]
) -> Picture: ...


def apply_thin_plate(
    target: Target, boxes: ArrayLike | None = None, *, points: int, shift: float, rng: Generator, **how: Unpack[How]
) -> Page | Picture:
    """Move ``points`` places by up to ``shift`` px and bend the page in between as a thin plate."""
    return _warped(target, boxes, thin_plate_map(_size(target), points=points, shift=shift, rng=rng), **how)


def _size(target: Target) -> Size:
    return (target.width, target.height) if isinstance(target, Page) else (target.shape[1], target.shape[0])


def _warped(
    target: Target, boxes: ArrayLike | None, warp: WarpMap, *, fit: Fit = "grow", border: Border = "reflect"
) -> Page | Picture:
    page = target if isinstance(target, Page) else Page.of(target.shape[1], target.shape[0])
    if warp is not IDENTITY:
        page = page.warped(warp, grow=fit == "grow")
    if isinstance(target, Page):
        return page
    return resample(target, page, border), _moved(boxes, page)


def _moved(boxes: ArrayLike | None, page: Page) -> Shapes:
    """Boxes (n, 4) or points (n, k, 2) on the warped page; no boxes make an empty (0, 4)."""
    shapes = np.array([] if boxes is None else boxes, np.float64)
    if shapes.size == 0:
        return shapes.reshape(0, 4) if shapes.ndim < 2 else shapes
    if shapes.ndim == 3 and shapes.shape[2] == 2:
        return page.forward(shapes.reshape(-1, 2)).reshape(shapes.shape)
    if shapes.ndim != 2 or shapes.shape[1] != 4:
        raise ValueError(f"got boxes of shape {shapes.shape}; expected (n, 4) boxes or (n, k, 2) points")
    # a curved border may bulge between its corners
    longest = float((shapes[:, 2:] - shapes[:, :2]).max())
    t = np.linspace(0.0, 1.0, int(np.clip(longest / _BORDER_STEP_PX, _FEWEST, _MOST)))[None]
    x0, y0, x1, y1 = (side[:, None] for side in shapes.T)
    x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
    sides = [np.stack(np.broadcast_arrays(a, b), axis=-1) for a, b in ((x, y0), (x, y1), (x0, y), (x1, y))]
    border = np.concatenate(sides, axis=1)
    counts = np.full(len(shapes), border.shape[1], np.int64)
    return group_bounds(page.forward(border.reshape(-1, 2)), counts)
