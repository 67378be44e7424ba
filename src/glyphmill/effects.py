"""Kernels on pixels and ink: plain functions on arrays, usable alone, and the ones that generation runs.

Every pixel kernel takes an image, uint8 (h, w) or (h, w, 1, 3 or 4), in any memory layout, and returns a new one of
the same shape; the image given is never modified, and alpha is left alone. Kernels on ink take coverage, uint8 (h, w).
Lengths are in pixels, angles in degrees, counter-clockwise; what is random comes from the ``rng`` that is given.

The module is longer than others because it is an index: what is not said in a few lines here is made in
``glyphmill.pixels``, one family a module.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels import (
    bands,
    binary,
    blur,
    codec,
    cutout,
    dust,
    ink,
    light,
    morphology,
    motion,
    noise,
    occlusion,
    outline,
    paper,
    relief,
    rules,
    scanner,
    screen,
    shadow,
    stains,
    textures,
    tone,
)
from glyphmill.pixels.arrays import in_range, on_color

Image = NDArray[np.uint8]
Coverage = NDArray[np.uint8]

# --- shadows, bodies in depth, light ---


def apply_drop_shadow(mask: Coverage, offset_x: float, offset_y: float, radius: float) -> Coverage:
    """The shadow of ink: its coverage moved by the offsets, px, and softened; what leaves the canvas is lost.

    Args:
        mask: coverage, uint8 (h, w).
        offset_x, offset_y: px, to the right and down.
        radius: standard deviation of the softness, px.

    Returns: uint8 (h, w).
    """
    in_range("radius", radius, 0)
    return shadow.drop(ink.checked(mask), offset_x, offset_y, radius)


def apply_block_shadow(
    mask: Coverage,
    offset_x: float,
    offset_y: float,
    radius: float,
    blocks: Sequence[NDArray[np.float64]] | None = None,
) -> Coverage:
    """The shadow of blocks of text, as ``apply_drop_shadow`` makes that of letters.

    Args:
        mask: coverage, uint8 (h, w).
        blocks: corners of each block, px, (n, 2); the box around all ink if not given.

    Returns: uint8 (h, w).
    """
    in_range("radius", radius, 0)
    return shadow.block(ink.checked(mask), offset_x, offset_y, radius, blocks)


def apply_extrude(mask: Coverage, depth: float, angle: float) -> tuple[Coverage, Coverage]:
    """Letters made solid: what they cover on their way back into the depth.

    Args:
        mask: coverage, uint8 (h, w).
        depth: px.
        angle: where the bodies go, degrees.

    Returns: coverage of the bodies, faces included, and of those of their sides that are lit; uint8 (h, w) each.
    """
    in_range("depth", depth, 0)
    return shadow.extrude(ink.checked(mask), depth, angle)


def apply_neon_glow(mask: Coverage, radius: float) -> tuple[Coverage, Coverage]:
    """Letters as glowing tubes.

    Args:
        mask: coverage, uint8 (h, w).
        radius: standard deviation of the widest glow, px.

    Returns: coverage of the light around them, and of the bright core inside them; uint8 (h, w) each.
    """
    in_range("radius", radius, 0)
    return shadow.glow(ink.checked(mask), radius)


# --- relief ---


def apply_emboss(mask: Coverage, depth: float, angle: float, gloss: float = 0.0) -> tuple[Coverage, Coverage]:
    """Letters that stand out of a surface in light from the side.

    Args:
        mask: coverage, uint8 (h, w).
        depth: width of the slopes at the edges, px.
        angle: where the light comes from, degrees; 90 is from above.
        gloss: 0 for paper to 1 for polished metal.

    Returns: coverage of the light and of the shade, to be laid upon the letters; uint8 (h, w) each.
    """
    in_range("depth", depth, 0)
    in_range("gloss", gloss, 0, 1)
    return relief.slopes(ink.checked(mask), depth, angle, gloss)


def apply_deboss(mask: Coverage, depth: float, angle: float, gloss: float = 0.0) -> tuple[Coverage, Coverage]:
    """As ``apply_emboss``, for letters sunk into the surface: the near rim throws a shadow onto a darker floor."""
    in_range("depth", depth, 0)
    in_range("gloss", gloss, 0, 1)
    return relief.sunken(ink.checked(mask), depth, angle, gloss)


# --- lines along text ---


def draw_rule(
    size: tuple[int, int],
    path: NDArray[np.float64],
    thickness: float,
    rng: Generator,
    *,
    style: str = "straight",
    em_px: float | None = None,
) -> Coverage:
    """A line along a path, such as an underline.

    Args:
        size: width and height of the canvas, px.
        path: points, px, (n, 2).
        thickness: px.
        rng: for a line by hand.
        style: ``straight``, ``hand``, ``double`` or ``wavy``.
        em_px: size of the text, which a hand and a wave go by; 14 times the thickness if not given.

    Returns: uint8 (h, w).
    """
    in_range("thickness", thickness, 0)
    if style not in rules.STYLES:
        raise ValueError(f"style: got {style!r}; expected one of {', '.join(rules.STYLES)}")
    canvas = np.zeros(size[::-1], np.uint8)
    if thickness > 0:
        rules.rule(canvas, rules.Path.along(path), 0.0, thickness, em_px or 14 * thickness, style, rng)
    return canvas


def draw_marker(
    size: tuple[int, int], path: NDArray[np.float64], thickness: float, opacity: float, rng: Generator
) -> Coverage:
    """The stroke of a highlighter along a path, px, (n, 2), in streaks and with darker rims; uint8 (h, w).

    Args:
        size: width and height of the canvas, px.
        thickness: width of the stroke, px.
        opacity: mean coverage, 0 to 1.
    """
    in_range("thickness", thickness, 0)
    in_range("opacity", opacity, 0, 1)
    canvas = np.zeros(size[::-1], np.uint8)
    if thickness > 0:
        rules.marker(canvas, rules.Path.along(path), 0.0, thickness, thickness, opacity, rng, straight=False)
    return canvas


# --- ink that spreads, fades and breaks ---


def apply_ink_bleed(mask: Coverage, radius: float, rng: Generator) -> Coverage:
    """Ink that spreads into paper: full near the letters, feathered further out, uneven along the paper's fibres.

    It only adds ink; thin strokes have less to give and spread less.

    Args:
        mask: coverage, uint8 (h, w).
        radius: about how far the fringe goes, px.

    Returns: uint8 (h, w).
    Source: the blur and threshold of Baird, "Document image defect models", 1992, with a threshold that fibers make.
    """
    in_range("radius", radius, 0)
    return ink.bleed(ink.checked(mask), radius, rng)


def apply_fade(mask: Coverage, amount: float, rng: Generator, *, mode: str = "toner", em_px: float = 32.0) -> Coverage:
    """Ink that ran low.

    Args:
        mask: coverage, uint8 (h, w).
        amount: share of the ink that is lost where it is faintest, 0 to 1.
        mode: ``toner`` for pale patches and bands in grains, ``pen`` for a pen that runs dry, ``pressure`` for letters
            that are printed unevenly, ``nozzle`` for the pale lines of an ink jet.
        em_px: size of the text, which patches go by.

    Returns: uint8 (h, w).
    """
    in_range("amount", amount, 0, 1)
    _one_of("mode", mode, ink.FADES)
    return ink.fade(ink.checked(mask), amount, rng, mode, em_px)


def apply_broken_strokes(
    mask: Coverage, amount: float, rng: Generator, *, size: float = 0.08, em_px: float = 32.0
) -> Coverage:
    """Letters of worn type or of a bad copy: nibbled edges, gaps where strokes are thin, in patches.

    Args:
        mask: coverage, uint8 (h, w).
        amount: 0 for none to 1, where hardly a stroke is whole.
        size: of the gaps, em.
        em_px: size of the text.

    Returns: uint8 (h, w), nowhere more than there was.
    Source: the blur and uneven threshold of Baird, "Document image defect models", 1992.
    """
    in_range("amount", amount, 0, 1)
    in_range("size", size, 0)
    return ink.wear(ink.checked(mask), amount, rng, max(1.0, size * em_px), em_px / 20)


# --- strokes and fills ---


def apply_outline(mask: Coverage, width: float, *, hollow: bool = False) -> Coverage:
    """A stroke around letters.

    Args:
        mask: coverage, uint8 (h, w).
        width: of the stroke, px; all of it lies outside of the letters.
        hollow: leave the letters out.

    Returns: coverage of the letters with their stroke, or of the stroke alone; uint8 (h, w).
    """
    in_range("width", width, 0)
    cover = ink.checked(mask)
    return outline.outline(cover, width) if hollow else outline.grown(cover, width)


def apply_ink_texture(
    mask: Coverage, kind: str, strength: float, rng: Generator, *, em_px: float = 32.0
) -> tuple[Coverage, Coverage]:
    """A texture for the inside of letters, as white and black to lay upon the ink, as much of one as of the other.

    Args:
        mask: coverage, uint8 (h, w).
        kind: ``fibers``, ``speckle``, ``brushed``, ``wood``, ``marble`` or ``gradient``.
        strength: coverage of white and black where they are strongest, 0 to 1.
        em_px: size of the text, which textures go by.

    Returns: coverage of the white and of the black, uint8 (h, w) each, nowhere more than ``mask``.
    """
    in_range("strength", strength, 0, 1)
    _one_of("kind", kind, textures.TEXTURES)
    return textures.texture(ink.checked(mask), kind, strength, rng, em_px)


def _one_of(name: str, value: str, options: Iterable[str]) -> None:
    if value not in options:
        raise ValueError(f"{name}: got {value!r}; expected one of {', '.join(options)}")


# --- noise of the sensor and of the line ---


def add_noise(image: Image, amount: float, rng: Generator) -> Image:
    """Salt and pepper: exactly floor(amount x width x height) pixels, none twice, become black or white.

    Args:
        amount: share of the pixels, 0 to 1.
    """
    in_range("amount", amount, 0, 1)
    height, width = image.shape[:2]
    return on_color(image, lambda color: noise.salt_and_pepper(color, math.floor(amount * width * height), rng))


def add_gaussian_noise(image: Image, sigma: float, rng: Generator, *, color: bool = False) -> Image:
    """Normal noise, each pixel on its own.

    Args:
        sigma: standard deviation, levels, 0 to 128.
        color: whether each channel has its own noise; otherwise all channels of a pixel change alike.
    """
    in_range("sigma", sigma, 0, 128)
    return on_color(image, lambda pixels: noise.gaussian(pixels, sigma, rng, color=color))


def add_sensor_noise(
    image: Image, sigma: float, rng: Generator, *, read: float = 0.3, chroma: float = 0.2, rows: float = 0.0
) -> Image:
    """Noise of a camera: that of photons, which grows with the light, and that of reading them.

    Args:
        sigma: standard deviation of the noise of single pixels at white, levels, 0 to 128.
        read: share of ``sigma`` that is there in the dark as well, 0 to 1.
        chroma: standard deviation of blotches of color, as a share of ``sigma``, 0 to 1.
        rows: standard deviation of what whole rows have in common, as a share of ``sigma``, 0 to 1.
    """
    in_range("sigma", sigma, 0, 128)
    for name, share in (("read", read), ("chroma", chroma), ("rows", rows)):
        in_range(name, share, 0, 1)
    made = noise.Sensor(sigma=sigma, read=read, chroma=chroma, rows=rows)
    return on_color(image, lambda pixels: noise.sensor(pixels, made, rng))


# --- sharpness ---


def apply_blur(image: Image, radius: float) -> Image:
    """Gaussian blur; ``radius`` is its standard deviation, px."""
    in_range("radius", radius, 0)
    return on_color(image, lambda color: blur.gaussian(color, radius))


def apply_motion_blur(image: Image, length: float, angle: float, bend: float = 0.0) -> Image:
    """Blur along the path of a camera or a page that moved.

    Args:
        length: px from one end of the path to the other, 0 to 1000.
        angle: direction of the path, degrees.
        bend: how far its middle is off the straight line, as a share of its length, -1 to 1.
    """
    in_range("length", length, 0, 1000)
    in_range("bend", bend, -1, 1)
    return on_color(image, lambda color: motion.motion(color, length, angle, bend))


def apply_defocus(image: Image, radius: float) -> Image:
    """Blur by a disc of this radius, px: a lens that is out of focus."""
    in_range("radius", radius, 0)
    return on_color(image, lambda color: blur.defocus(color, radius))


def apply_downscale(image: Image, factor: float, enlarge: str = "linear") -> Image:
    """Reduce to a ``factor``-th of the size, 1 or more, and enlarge to the same size: too few pixels.

    Args:
        enlarge: how it is enlarged: nearest, linear or cubic.
    """
    in_range("factor", factor, 1)
    _one_of("enlarge", enlarge, blur.ENLARGE)
    return on_color(image, lambda color: blur.resampled(color, factor, enlarge))


def apply_sharpen(image: Image, amount: float, radius: float = 1.5) -> Image:
    """Sharpen too much: bright and dark rims of about ``radius`` px along every edge.

    Args:
        amount: share of what a blur takes away that is added, 0 or more.
    """
    in_range("amount", amount, 0)
    in_range("radius", radius, 0)
    return on_color(image, lambda color: blur.sharpen(color, amount, radius))


# --- tone and color ---


def apply_brightness_contrast(image: Image, brightness: float = 1.0, contrast: float = 1.0) -> Image:
    """Multiply levels by ``brightness``, then their distance from the mean luma of the image by ``contrast``."""
    in_range("brightness", brightness, 0)
    in_range("contrast", contrast, 0)
    return on_color(image, lambda color: tone.brightness_contrast(color, brightness, contrast))


def apply_gamma(image: Image, exponent: float) -> Image:
    """Raise levels, as parts of white, to a power: below 1 mid-tones get lighter, above 1 darker."""
    in_range("exponent", exponent, 0)
    return on_color(image, lambda color: tone.gamma(color, exponent))


def apply_color_cast(image: Image, temperature: float, tint: float = 0.0) -> Image:
    """Show a scene under a light that the camera took for daylight of 6500 K. A gray image stays as it is.

    Args:
        temperature: correlated color temperature of the light, kelvin, 1000 to 15000; candles 1900, bulbs 2700.
        tint: distance from the Planckian locus (Duv), -0.1 to 0.1; green above 0, as of old fluorescent lamps.
    """
    in_range("temperature", temperature, 1000, 15000)
    in_range("tint", tint, -0.1, 0.1)
    gains = tone.illuminant_gains(temperature, tint, tone.DAYLIGHT_K)
    return on_color(image, lambda color: color.copy() if color.ndim == 2 else tone.tint(color, gains))


def to_gray(image: Image, seen: str = "luma") -> Image:
    """Take the color away; the shape stays.

    Args:
        seen: what becomes the gray: luma, or only the red, green or blue light, as in a scanner with one lamp.
    """
    _one_of("seen", seen, tone.SEEN)
    return on_color(image, lambda color: tone.gray(color, seen))


def apply_invert(image: Image) -> Image:
    """Negative: white becomes black."""
    return on_color(image, tone.inverted)


def apply_posterize(image: Image, levels: int) -> Image:
    """Keep only ``levels`` levels of each channel, 2 to 256."""
    in_range("levels", levels, 2, 256)
    return on_color(image, lambda color: tone.posterize(color, levels))


# --- codecs ---


def apply_jpeg(image: Image, quality: int, *, saves: int = 1, chroma: str = "half") -> Image:
    """Save as JPEG and load again.

    Args:
        quality: 1 to 100.
        saves: how many times; between two of them the image is cropped by a few pixels.
        chroma: how color is stored: full, half_width (4:2:2) or half (4:2:0).
    """
    in_range("quality", quality, 1, 100)
    in_range("saves", saves, 1)
    _one_of("chroma", chroma, codec.CHROMA)
    return on_color(image, lambda color: codec.jpeg(color, quality, saves=saves, chroma=chroma))


def apply_webp(image: Image, quality: int) -> Image:
    """Save as lossy WebP of quality 1 to 100 and load again."""
    in_range("quality", quality, 1, 100)
    return on_color(image, lambda color: codec.webp(color, quality))


# --- displays, lines, passes of a printer ---


def apply_scan_lines(image: Image, strength: float, pitch: float, rng: Generator, *, kind: str = "tube") -> Image:
    """Lines of a picture that was taken apart row by row.

    Args:
        strength: 0 to 1.
        pitch: px from line to line, at least 1.
        kind: tube, dark between the lines of a picture tube; or fax, rows that say one thing for all their height.
    """
    in_range("strength", strength, 0, 1)
    in_range("pitch", pitch, 1)
    _one_of("kind", kind, bands.LINES)
    return on_color(image, lambda color: bands.LINES[kind](color, strength, pitch, rng))


def apply_banding(image: Image, strength: float, height: float, rng: Generator) -> Image:
    """Passes of a print head that differ in density of ink and do not quite meet; paper stays as it is.

    Args:
        strength: 0 to 1.
        height: px of one pass, at least 1.
    """
    in_range("strength", strength, 0, 1)
    in_range("height", height, 1)
    return on_color(image, lambda color: bands.print_bands(color, strength, height, rng))


def apply_moire(
    image: Image, strength: float, period: float, angle: float, rng: Generator, *, color: float = 0.5
) -> Image:
    """Fringes of the lattice of a display beating with that of a sensor.

    Args:
        strength: 0 to 1.
        period: px from fringe to fringe, at least 2.
        angle: direction across the fringes, degrees.
        color: 0, gray fringes, to 1, those of red, green and blue a third of a period apart.
    """
    in_range("strength", strength, 0, 1)
    in_range("period", period, 2)
    in_range("color", color, 0, 1)
    return on_color(image, lambda pixels: screen.moire(pixels, strength, period, angle, rng, color=color))


def apply_screen_pixels(image: Image, strength: float, pitch: float, rng: Generator, *, angle: float = 0.0) -> Image:
    """A display from so near that its red, green and blue stripes are seen; mid-tones stay as bright as they were.

    Args:
        strength: 0 to 1.
        pitch: px of the image to one pixel of the display, at least 1.
        angle: by which the display is turned, degrees.
    """
    in_range("strength", strength, 0, 1)
    in_range("pitch", pitch, 1)
    return on_color(image, lambda color: screen.display_pixels(color, strength, pitch, angle, rng))


# --- light ---


def apply_uneven_light(image: Image, amount: float, rng: Generator, *, pattern: str = "lamp") -> Image:
    """Light that is not the same everywhere.

    Args:
        amount: how much of the light is missing where it is darkest, 0 to 1.
        pattern: ``slope`` from one side to the other, ``lamp`` around a lamp, ``patches`` here and there.
    """
    in_range("amount", amount, 0, 1)

    def kernel(color: Image) -> Image:
        if amount == 0:
            return color.copy()
        size = color.shape[1], color.shape[0]
        grid = light.Grid.over(size, min(size) / 4)
        gain = 1 - np.float32(amount) * light.uneven(grid, pattern, rng)
        return light.shade(color, grid, gain, rng)

    return on_color(image, kernel)


def apply_cast_shadow(
    image: Image, amount: float, rng: Generator, *, kind: str = "edge", softness: float = 0.15
) -> Image:
    """The shadow of something that stands in the light: bluish, because the sky still lights what lies in it.

    Args:
        amount: how much of the light it takes, 0 to 1.
        kind: ``edge`` of something large, ``bars``, ``leaves`` or a ``figure`` that comes in from a side.
        softness: width of its edge, as a share of the shorter side.
    """
    in_range("amount", amount, 0, 1)
    in_range("softness", softness, 0)

    def kernel(color: Image) -> Image:
        return light.cast_shadow(color, amount, kind, softness, rng) if amount > 0 else color.copy()

    return on_color(image, kernel)


def apply_vignette(image: Image, amount: float, rng: Generator, *, center: tuple[float, float] = (0.5, 0.5)) -> Image:
    """Light that falls off from the middle by the fourth power of the cosine of its slant, as behind any lens.

    Args:
        amount: how much of the light is missing in the corner that is furthest from the middle, 0 to 1.
        rng: for the dither alone.
        center: the middle, as shares of width and height.
    """
    in_range("amount", amount, 0, 1)

    def kernel(color: Image) -> Image:
        if amount == 0:
            return color.copy()
        size = color.shape[1], color.shape[0]
        grid = light.Grid.over(size, min(size) / 5)
        return light.shade(color, grid, light.cos4(light.vignette(grid, center), min(amount, 0.999)), rng)

    return on_color(image, kernel)


def apply_glare(image: Image, amount: float, rng: Generator, *, kind: str = "spot") -> Image:
    """A soft highlight, as of a lamp in a glossy surface.

    Args:
        amount: its light where it is brightest, as a share of white; 1 leaves nothing to be seen there.
        kind: ``spot``, ``streak`` or ``window``.
    """
    in_range("amount", amount, 0, 1)
    return on_color(image, lambda color: light.add_glare(color, amount, kind, rng) if amount > 0 else color.copy())


# --- two levels ---


def apply_binarize(
    image: Image, method: str = "otsu", *, threshold: float = 0.5, window: float = 25, k: float = 0.3
) -> Image:
    """Black and white by luma.

    Args:
        method: ``otsu``; ``sauvola``, by the neighborhood; ``threshold``, at a share of the way from the darkest to the
            lightest; ``ordered``, in Bayer's pattern; ``blue_noise``, in evenly scattered dots.
        threshold: that share, 0 to 1.
        window: side of Sauvola's neighborhood, px.
        k: Sauvola's k, 0 to 1: how much darker than its surroundings ink must be where nothing varies.
    """
    in_range("threshold", threshold, 0, 1)
    in_range("window", window, 1)
    in_range("k", k, 0, 1)
    if method not in binary.METHODS:
        raise ValueError(f"method: got {method!r}; expected one of {', '.join(binary.METHODS)}")
    return on_color(image, lambda color: binary.binarize(color, method, threshold, round(window), k))


# --- ink by pixel value ---


def apply_erosion_dilation(image: Image, kernel: int, operation: str) -> Image:
    """Dark ink thinned (``erode``) or grown (``dilate``) by a square; of light ink on a dark ground, the reverse.

    Args:
        kernel: side of the square, px; an even one counts as the next odd one, 0 and 1 do nothing.
    """
    in_range("kernel", kernel, 0)
    if operation not in ("erode", "dilate"):
        raise ValueError(f"operation: got {operation!r}; expected 'erode' or 'dilate'")
    return on_color(image, lambda color: morphology.box(color, kernel | 1, grow=operation == "dilate"))


def apply_erosion(image: Image, thickness: float) -> Image:
    """Dark ink thinned by ``thickness`` px from every side, which may be a fraction; light ink grows."""
    in_range("thickness", thickness, 0)
    return on_color(image, lambda color: morphology.round_(color, thickness, grow=False))


def apply_dilation(image: Image, thickness: float) -> Image:
    """Dark ink grown by ``thickness`` px to every side, which may be a fraction; light ink is thinned."""
    in_range("thickness", thickness, 0)
    return on_color(image, lambda color: morphology.round_(color, thickness, grow=True))


# --- paper and print with age ---


def apply_bleed_through(
    image: Image, strength: float, blur: float, rng: Generator, *, shift_x: float = 0, shift_y: float = 0
) -> Image:
    """The print of the other side: the image's own dark marks, mirrored; they only darken.

    Args:
        strength: share of their darkness that comes through, 0 to 1.
        blur: standard deviation, px.
        shift_x, shift_y: where the other side lies, as shares of the image; it continues across the borders.
    """
    in_range("strength", strength, 0, 1)
    in_range("blur", blur, 0)
    return on_color(image, lambda color: paper.bleed_through(color, strength, blur, (shift_x, shift_y), rng))


def apply_thermal_fading(image: Image, strength: float, rng: Generator, *, dead: float = 0) -> Image:
    """Thermal print that fades towards the paper in patches and rows.

    Args:
        strength: 0 to 1; the most faded places lose about that share of their darkness, and as much again at most.
        dead: share of the columns at which the print head misses, 0 to 1.
    """
    in_range("strength", strength, 0, 1)
    in_range("dead", dead, 0, 1)
    return on_color(image, lambda color: paper.thermal_fade(color, strength, dead, rng))


def add_creases(
    image: Image, strength: float, count: int, rng: Generator, *, direction: str = "horizontal", angle: float = 0
) -> Image:
    """Folds that were flattened: a relief of light and shade, and print that has come off along it.

    Args:
        strength: 0 to 1.
        direction: ``horizontal``, ``vertical``, or ``cross`` for both in turn.
        angle: how far they are turned from it, degrees.
    """
    in_range("strength", strength, 0, 1)
    in_range("count", count, 0)
    in_range("angle", angle, -45, 45)
    if direction not in paper.DIRECTIONS:
        raise ValueError(f"direction: got {direction!r}; expected one of {', '.join(paper.DIRECTIONS)}")
    return on_color(image, lambda color: paper.creases(color, strength, count, direction, angle, rng))


def apply_book_binding(
    image: Image, strength: float, reach: float, rng: Generator, *, side: str = "left", gloss: float = 0
) -> Image:
    """The page bends into the spine: it darkens towards a side, with a sheen where it turns to the light.

    Args:
        strength: 0 to 1; at 1 the page is black at the spine.
        reach: how far the bend goes, as a share of the image, 0 to 2.
        gloss: how much brighter the sheen is, as a share, 0 to 1.
    """
    in_range("strength", strength, 0, 1)
    in_range("reach", reach, 0, 2)
    in_range("gloss", gloss, 0, 1)
    if side not in paper.SIDES:
        raise ValueError(f"side: got {side!r}; expected one of {', '.join(paper.SIDES)}")
    return on_color(image, lambda color: paper.book_binding(color, strength, reach, side, gloss, rng))


def add_stains(image: Image, kind: str, strength: float, count: int, size: float, rng: Generator) -> Image:
    """Stains that darken as a clear dye does.

    Args:
        kind: ``coffee`` (rings of a cup), ``water`` (tide marks) or ``foxing`` (colonies of rust-colored spots).
        strength: 0 to 1.
        size: diameter of each, px, give or take a fifth.
    """
    in_range("strength", strength, 0, 1)
    in_range("count", count, 0)
    in_range("size", size, 0)
    if kind not in stains.KINDS:
        raise ValueError(f"kind: got {kind!r}; expected one of {', '.join(stains.KINDS)}")
    return on_color(image, lambda color: stains.stain(color, kind, strength, count, size, rng))


# --- copiers, scanners and dirt ---


def apply_photocopy(
    image: Image, strength: float, rng: Generator, *, specks: float = 1, streaks: float = 1, edge: float = 0
) -> Image:
    """A copy of a copy, gray: hard contrast, specks of toner, streaks along the feed, black bands at the edge.

    Args:
        strength: 0 to 1; all of it grows with it.
        specks, streaks: how many; 1 is as on a copier that is due for service.
        edge: width of the bands, px.
    """
    in_range("strength", strength, 0, 1)
    in_range("specks", specks, 0)
    in_range("streaks", streaks, 0)
    in_range("edge", edge, 0)
    return on_color(image, lambda color: scanner.photocopy(color, strength, specks, streaks, edge, rng))


def add_dust_and_scratches(image: Image, amount: float, rng: Generator, *, dark: float = 0.5) -> Image:
    """Specks and hairs, dark and light, and light scratches, as many as the area holds.

    Args:
        amount: 1 is a neglected scanner: 1,100 specks, 26 hairs and 34 scratches on a megapixel.
        dark: share of the specks and hairs that are dark, 0 to 1.
    """
    in_range("amount", amount, 0)
    in_range("dark", dark, 0, 1)
    return on_color(image, lambda color: dust.dust_and_scratches(color, amount, dark, rng))


# --- what hides ---


def apply_cutout(
    image: Image, width: int, height: int, rng: Generator, *, x: float = 0.5, y: float = 0.5, fill: str = "mean"
) -> Image:
    """Erase one rectangle.

    Args:
        width, height: px; what is larger than the image is cut to it.
        x, y: where it lies, as shares of the room that it has, 0 to 1.
        fill: ``mean`` of the image, ``black``, ``white`` or ``noise``.
    """
    in_range("x", x, 0, 1)
    in_range("y", y, 0, 1)
    if fill not in cutout.FILLS:
        raise ValueError(f"fill: got {fill!r}; expected one of {', '.join(cutout.FILLS)}")
    window = cutout.window((image.shape[1], image.shape[0]), width, height, x, y)
    return on_color(image, lambda color: cutout.cut_out(color, window, fill, rng))


def cutout_cover(size: tuple[int, int], width: int, height: int, *, x: float = 0.5, y: float = 0.5) -> Image:
    """What ``apply_cutout`` hides of an image of (width, height): uint8 (h, w), 255 or 0."""
    cover = np.zeros((size[1], size[0]), np.uint8)
    cover[cutout.window(size, width, height, x, y)] = 255
    return cover


def add_occlusion(
    image: Image, kind: str, amount: float, rng: Generator, *, thickness: float = 3, shadow: float = 0.3
) -> Image:
    """Thin things in front of the image, and their shadow on it.

    Args:
        kind: ``wires``, ``twigs``, ``poles``, ``leaves``, ``fence`` or ``scratches`` (of a pane of glass).
        amount: share of the image that they hide, 0 to 1.
        thickness: of a wire, px; the other things are in proportion to it.
        shadow: share of the light that the shadow takes, 0 to 0.8.
    """
    front = _in_front((image.shape[1], image.shape[0]), kind, amount, rng, thickness, shadow)
    return on_color(image, lambda color: occlusion.occlude(color, front))


def occlusion_cover(
    size: tuple[int, int], kind: str, amount: float, rng: Generator, *, thickness: float = 3, shadow: float = 0.3
) -> Image:
    """What ``add_occlusion`` hides of an image of (width, height): uint8 (h, w).

    Shadow does not hide; a pixel that it alone touches counts as 1 of 255.
    """
    return occlusion.hidden_by(_in_front(size, kind, amount, rng, thickness, shadow))


def _in_front(
    size: tuple[int, int], kind: str, amount: float, rng: Generator, thickness: float, shadow: float
) -> occlusion.Front:
    in_range("amount", amount, 0, 1)
    in_range("thickness", thickness, 0.1)
    in_range("shadow", shadow, 0, 0.8)
    if kind not in occlusion.KINDS:
        raise ValueError(f"kind: got {kind!r}; expected one of {', '.join(occlusion.KINDS)}")
    return occlusion.in_front(size, kind, amount, thickness, shadow, rng)
