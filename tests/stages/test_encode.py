"""What the encoders promise: lossless where they say so, the size they say, and the same bytes each time."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from glyphmill.core.errors import Reject
from glyphmill.core.registry import discover
from glyphmill.core.rng import stream
from glyphmill.core.unit import Unit
from glyphmill.stages.encode import jpeg, png, webp

COMPRESSIONS = ("fast", "none", "balanced", "small")
ENCODERS = discover().stage("encode")
images = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(lambda size: arrays(np.uint8, (*size, 3)))


def decode(data: bytes) -> np.ndarray:
    """Any image file as uint8 (H, W) or RGB (H, W, 3)."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[..., ::-1])


def text_image() -> np.ndarray:
    image = np.full((60, 240, 3), 250, np.uint8)
    cv2.putText(image, "Glyphmill", (6, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (30, 60, 120), 2, cv2.LINE_AA)
    return image


def luma(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@given(image=images)
@settings(max_examples=40, deadline=None)
def test_png_keeps_every_pixel(compression: str, image: np.ndarray) -> None:
    """Whatever the compression, a decoder gets back the image, or its luma."""
    params = png.Params(compression=compression)
    assert np.array_equal(decode(png.apply(params, image, gray=False)), image)
    assert np.array_equal(decode(png.apply(params, image, gray=True)), luma(image))


@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_png_is_sound_by_its_own_checksums(compression: str, gray: bool) -> None:
    """Chunk lengths, CRCs, the zlib stream and the number of bytes in it are those of the PNG specification."""
    image = text_image()
    data = png.apply(png.Params(compression=compression), image, gray)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + content)
        chunks[kind] = content
        at += length + 12
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (240, 60, 8, 0 if gray else 2, 0, 0, 0)
    assert len(zlib.decompress(chunks[b"IDAT"])) == 60 * (1 + 240 * (1 if gray else 3))


PROBE = """
import hashlib, numpy as np
from glyphmill.stages.encode import png
rng, digest = np.random.default_rng(5), hashlib.sha256()
for i in range(700):
    h, w = int(rng.integers(1, 40)), int(rng.integers(1, 90))
    steps = rng.integers(-1, 2, h * w * 3) * (rng.random(h * w * 3) < rng.random())
    image = (np.cumsum(steps) % int(rng.integers(2, 250))).astype(np.uint8).reshape(h, w, 3)
    for compression in ("fast", "balanced"):
        digest.update(png.apply(png.Params(compression=compression), image, gray=i % 3 == 0))
print(digest.hexdigest())
"""


def test_png_bytes_are_the_same_in_every_process() -> None:
    """Nothing of a process, such as where its memory lies, shows in a file. (isal's levels 1 and 2 fail this.)"""
    source = str(Path(png.__file__).parents[3])
    made = [
        subprocess.run(
            [sys.executable, "-c", PROBE], env={**os.environ, "PYTHONPATH": source}, capture_output=True, check=True
        ).stdout
        for _ in range(4)
    ]
    assert len(set(made)) == 1


def test_png_compressions_are_ordered_by_size() -> None:
    """More effort never makes the file larger: on clean text and on noise."""
    noise = np.random.default_rng(3).normal(128, 9, (60, 240, 3)).astype(np.uint8)
    for image in (text_image(), noise):
        sizes = [len(png.apply(png.Params(compression=c), image, gray=False)) for c in ("none", "fast", "small")]
        assert sizes == sorted(sizes, reverse=True)


def test_png_takes_an_image_that_is_not_contiguous() -> None:
    """A view with steps, as crops and flips are, is written as it looks."""
    view = text_image()[::-2, ::3]
    assert np.array_equal(decode(png.apply(png.Params(compression="fast"), view, gray=False)), view)


@pytest.mark.parametrize("subsampling", [444, 422, 420])
def test_jpeg_is_near_the_image_and_quality_costs_bytes(subsampling: int) -> None:
    """Quality 95 is within a few levels, and the file grows with quality."""
    image = text_image()
    made = [jpeg.apply(jpeg.Params(quality=q, subsampling=subsampling), image, gray=False) for q in (10, 50, 95)]
    assert [len(data) for data in made] == sorted(len(data) for data in made)
    assert np.abs(decode(made[-1]).astype(int) - image).mean() < 4


def test_jpeg_subsampling_is_written_into_the_file() -> None:
    """The sampling factors of the frame header are the ones asked for."""
    for subsampling, factors in ((444, 0x11), (422, 0x21), (420, 0x22)):
        data = jpeg.apply(jpeg.Params(quality=90, subsampling=subsampling), text_image(), gray=False)
        frame = data.index(b"\xff\xc0")
        assert data[frame + 9] == 3
        assert data[frame + 11] == factors


def test_jpeg_gray_has_one_channel() -> None:
    """Gray mode writes one component."""
    pixels = decode(jpeg.apply(jpeg.Params(quality=95, subsampling=420), text_image(), gray=True))
    assert pixels.ndim == 2
    assert np.abs(pixels.astype(int) - luma(text_image())).mean() < 3


@given(image=images)
@settings(max_examples=15, deadline=None)
def test_webp_lossless_keeps_every_pixel(image: np.ndarray) -> None:
    """Lossless WebP gives back the image, or its luma in three equal channels."""
    params = webp.Params(quality=50, lossless=True)
    assert np.array_equal(decode(webp.apply(params, image, gray=False)), image)
    assert np.array_equal(decode(webp.apply(params, image, gray=True)), np.repeat(luma(image)[..., None], 3, axis=2))


def test_webp_lossy_grows_with_quality() -> None:
    """Quality matters, and the size stays that of the image."""
    made = [webp.apply(webp.Params(quality=q, lossless=False), text_image(), gray=False) for q in (10, 50, 95)]
    assert [len(data) for data in made] == sorted(len(data) for data in made)
    assert decode(made[0]).shape == text_image().shape


@pytest.mark.parametrize(
    ("module", "params", "side"),
    [
        (jpeg, jpeg.Params(quality=90, subsampling=420), 65_501),
        (webp, webp.Params(quality=90, lossless=False), 16_384),
    ],
    ids=["jpeg", "webp"],
)
def test_an_image_too_large_for_the_format_is_rejected(module: object, params: object, side: int) -> None:
    """A side over the format's limit is a counted rejection, not an error of the encoder."""
    with pytest.raises(Reject) as caught:
        module.apply(params, np.zeros((1, side, 3), np.uint8), gray=False)  # type: ignore[attr-defined]
    assert caught.value.reason == "image_too_large"


@pytest.mark.parametrize("unit", ENCODERS, ids=lambda unit: unit.id)
def test_every_encoder_replays_its_drawn_values(unit: Unit) -> None:
    """Defaults draw plain values; the same values give the same bytes; a file extension is known."""
    drawn = unit.draw(unit.config(), None, stream(1, 2, 0, unit.id))
    assert drawn == unit.draw(unit.config(), None, stream(1, 2, 0, unit.id))
    params = unit.params(**drawn)
    assert params.extension.isalnum()
    assert unit.apply(params, text_image(), gray=False) == unit.apply(params, text_image(), gray=False)


@pytest.mark.parametrize("module", [jpeg, webp], ids=["jpeg", "webp"])
def test_quality_is_a_distribution_of_whole_numbers(module: object) -> None:
    """A range of qualities draws ints over all of it."""
    config = module.Config(quality=[40, 44])  # type: ignore[attr-defined]
    drawn = {module.draw(config, None, stream(0, i, 0, "q"))["quality"] for i in range(200)}  # type: ignore[attr-defined]
    assert drawn == {40, 41, 42, 43, 44}
    assert all(type(value) is int for value in drawn)
