"""Faults of background images that a run must survive: rows 29 to 35."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from glyphmill.catalogue import images
from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.catalogue.images import ImageCache, ImageError, content_digest, decode_rgb, read_rgb
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import Reject
from glyphmill.stages.background import image as unit
from tests.catalogue.imagemaking import BLUE, FORMATS, HEIGHT, RED, WIDTH, bomb, encoded, picture, save, stored_turned

LIMIT = 89_000_000


@dataclass(frozen=True)
class Store:
    """Where one background lies, as a plan's replay is told."""

    path: Path
    max_background_pixels: int = LIMIT

    def background(self, digest: str, file: str = "") -> str:
        return str(self.path)


def placed(data: bytes, size: tuple[int, int], path: Path, **changed: Any) -> np.ndarray:
    """The canvas of ``size`` that the unit makes of an image file with this content."""
    path.write_bytes(data)
    params = {"fit": "crop", "scale": 1.0, "offset": (0.3, 0.7), "fade": 0.0, "pixels": 1_000_000} | changed
    digest = content_digest(data)
    return unit.apply(unit.Params(file=path.name, digest=digest, **params), size, Store(path))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("part", [0.97, 0.5, 0.1])
def test_f29_truncated(name: str, part: float) -> None:
    """An image cut off is an error, never a picture with a part missing."""
    data = FORMATS[name]
    with pytest.raises(ImageError):
        decode_rgb(data[: int(len(data) * part)], LIMIT)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"<html>404 not found</html>", b"GIF89a", b"\x89PNG\r\n\x1a\n"])
def test_f29_empty_or_not_an_image(data: bytes, tmp_path: Path) -> None:
    """Empty files and text named as images are listed as bad with a reason; the others of the folder serve."""
    save(tmp_path, bad__jpg=data, good__png=FORMATS["png"])
    found = open_backgrounds([WeightedFolder(str(tmp_path))], LIMIT)
    assert [record.file for record in found.images] == ["good.png"]
    assert [bad.path for bad in found.bad] == [str(tmp_path / "bad.jpg")]
    assert found.bad[0].reason


def test_f29_once_per_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A broken file is decoded once per process, fails alike ever after, and writes nothing to the terminal."""
    calls = []
    monkeypatch.setattr(images, "decode_rgb", lambda data, limit: calls.append(1) or decode_rgb(data, limit))
    data = FORMATS["jpeg"][:-300]
    for _ in range(3):
        with pytest.raises(Reject) as caught:
            placed(data, (40, 20), tmp_path / "cut.jpg")
        assert caught.value.reason == "background_unreadable"
        assert "cut.jpg" in caught.value.detail
    assert len(calls) == 1
    assert capfd.readouterr() == ("", "")


@given(st.sampled_from(sorted(FORMATS)), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12))
def test_f29_damaged_anywhere(name: str, hits: list[tuple[float, int]]) -> None:
    """Bytes changed at random give a picture or an ImageError, nothing else."""
    data = bytearray(FORMATS[name])
    for place, value in hits:
        data[int(place * (len(data) - 1))] = value
    try:
        rgb = decode_rgb(bytes(data), 1_000_000)
    except ImageError:
        return
    assert rgb.ndim == 3
    assert rgb.dtype == np.uint8


def test_f30_bomb_is_never_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """400 megapixels in a few KB are known by the header and refused by the setting, at opening and at loading."""
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    save(tmp_path, bomb__png=bomb(), good__png=FORMATS["png"])
    found = open_backgrounds([WeightedFolder(str(tmp_path))], LIMIT)
    assert [record.file for record in found.images] == ["good.png"]
    assert "20000 x 20000 px" in found.bad[0].reason
    assert "limits.max_background_pixels" in found.bad[0].reason
    with pytest.raises(ImageError, match="max_background_pixels"):
        read_rgb(str(tmp_path / "bomb.png"), LIMIT)


def test_f30_bomb_that_took_the_place_of_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that grew into a bomb after it was catalogued is not decoded either."""
    path = tmp_path / "a.png"
    path.write_bytes(bomb())
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageError):
        ImageCache(LIMIT).get(str(path), content_digest(FORMATS["png"]), WIDTH * HEIGHT)


def test_f30_far_more_bytes_than_pixels(tmp_path: Path) -> None:
    """A small header on an enormous file does not make it be read."""
    path = tmp_path / "tail.png"
    path.write_bytes(FORMATS["png"])
    os.truncate(path, 4 << 30)  # sparse: it takes no room
    with pytest.raises(ImageError, match="bytes are more than"):
        read_rgb(str(path), LIMIT)


def test_f31_sixteen_bits() -> None:
    """16-bit images are scaled by their range: black, white and all between survive."""
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)
    gray = encoded(Image.fromarray(np.tile(ramp, (4, 1))), "PNG")
    color = cv2.imencode(".png", np.stack([np.tile(ramp, (4, 1))] * 3, -1))[1].tobytes()
    for data in (gray, color):
        assert np.abs(decode_rgb(data, LIMIT)[1, :, 2].astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize(
    ("data", "tolerance"),
    [
        (encoded(picture().convert("CMYK"), "JPEG", quality=95), 6),
        (encoded(picture().convert("CMYK"), "TIFF"), 3),
        (encoded(picture().quantize(200), "PNG"), 20),
        (encoded(picture().convert("RGBA").quantize(200), "PNG", transparency=bytes([255] * 200)), 20),
    ],
    ids=["cmyk jpeg", "cmyk tiff", "palette", "palette with alpha"],
)
def test_f32_other_color_modes(data: bytes, tolerance: int) -> None:
    """CMYK and palettes come out as the RGB that they stand for."""
    difference = np.abs(decode_rgb(data, LIMIT).astype(int) - np.asarray(picture(), int))
    assert difference.mean() < tolerance


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_f32_gray_modes(mode: str) -> None:
    """Images without color have three equal channels."""
    rgb = decode_rgb(encoded(picture().convert(mode), "PNG"), LIMIT)
    assert rgb.shape == (HEIGHT, WIDTH, 3)
    assert (rgb[..., 0] == rgb[..., 2]).all()


def test_f32_transparent_is_white() -> None:
    """Where an image is transparent it is white, whatever color hides there."""
    clear = picture().convert("RGBA")
    clear.putalpha(0)
    palette = picture().quantize(16)
    for data in (
        encoded(clear, "PNG"),
        encoded(clear, "WEBP", lossless=True, exact=True),
        encoded(clear, "TIFF"),
        encoded(palette, "PNG", transparency=bytes(16)),
        encoded(picture(), "PNG", transparency=RED),
    ):
        assert (decode_rgb(data, LIMIT)[0, 0] == 255).all()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_f32_animated(kind: str) -> None:
    """Of several frames or pages the first is taken."""
    later = [Image.new("RGB", (WIDTH, HEIGHT), BLUE)] * 3
    rgb = decode_rgb(encoded(picture(), kind, save_all=True, append_images=later), LIMIT)
    assert np.abs(rgb[4, 4].astype(int) - RED).max() < 8


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_f33_exif_orientation(kind: str, orientation: int) -> None:
    """However the camera was held, the picture comes out upright."""
    rgb = decode_rgb(stored_turned(orientation, kind), LIMIT)
    assert rgb.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(rgb.astype(int) - np.asarray(picture(), int)).mean() < 4


@pytest.mark.parametrize("fit", ["crop", "cover", "tile", "reflect"])
@pytest.mark.parametrize("source", [(1, 1), (3, 2), (200, 1), (1, 200), (64, 48)])
@pytest.mark.parametrize("scale", [0.05, 0.5, 1.0, 7.3])
def test_f34_smaller_than_the_canvas(tmp_path: Path, fit: str, source: tuple[int, int], scale: float) -> None:
    """However small a background is, it fills the canvas: nothing black, no color that it has not."""
    data = encoded(Image.new("RGB", source, (200, 150, 100)), "PNG")
    for size in ((1, 1), (300, 50), (31, 240)):
        page = placed(data, size, tmp_path / "small.png", fit=fit, scale=scale)
        assert page.shape == (size[1], size[0], 3)
        assert (page == (200, 150, 100)).all()


def test_f34_reflection_has_no_seam(tmp_path: Path) -> None:
    """Mirrored copies meet without a step; tiled ones keep their way round."""
    ramp = Image.fromarray(np.tile(np.arange(0, 200, 10, dtype=np.uint8)[None, :, None], (20, 1, 3)))
    data = encoded(ramp, "PNG")
    mirrored = placed(data, (100, 30), tmp_path / "ramp.png", fit="reflect")[5, :, 0].astype(int)
    tiled = placed(data, (100, 30), tmp_path / "ramp.png", fit="tile")[5, :, 0].astype(int)
    assert np.abs(np.diff(mirrored)).max() <= 10
    assert (tiled[:80] == tiled[20:]).all()


def test_f35_deleted_during_the_run(tmp_path: Path) -> None:
    """A background that is gone rejects the sample and names the file."""
    data = FORMATS["png"]
    params = unit.Params(
        file="gone.png", digest="0" * 32, pixels=9999, fit="crop", scale=1.0, offset=(0.0, 0.0), fade=0.0
    )
    with pytest.raises(Reject) as caught:
        unit.apply(params, (40, 20), Store(tmp_path / "gone.png"))
    assert caught.value.reason == "background_unreadable"
    assert "gone.png" in caught.value.detail
    assert placed(data, (40, 20), tmp_path / "other.png").shape == (20, 40, 3)


def test_f35_changed_during_the_run(tmp_path: Path) -> None:
    """Other pixels under the same name are never taken for those that were planned."""
    path = tmp_path / "a.png"
    path.write_bytes(FORMATS["gif"])
    params = unit.Params(
        file="a.png",
        digest=content_digest(b"as it was"),
        pixels=9999,
        fit="crop",
        scale=1.0,
        offset=(0.0, 0.0),
        fade=0.0,
    )
    with pytest.raises(Reject, match="changed since"):
        unit.apply(params, (40, 20), Store(path))


def test_f35_changed_without_a_trace(tmp_path: Path) -> None:
    """Other bytes of the same size, time and inode are not noticed by the index, but when the picture is used."""
    path = tmp_path / "a.png"
    path.write_bytes(FORMATS["png"] + b"before")
    folders, status = [WeightedFolder(str(tmp_path))], path.stat()
    before = open_backgrounds(folders, LIMIT)
    path.write_bytes(FORMATS["png"] + b"after.")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    (record,) = open_backgrounds(folders, LIMIT).images
    assert record == before.images[0]
    params = unit.Params(
        file=record.file, digest=record.digest, pixels=9999, fit="crop", scale=1.0, offset=(0.0, 0.0), fade=0.0
    )
    with pytest.raises(Reject, match="changed since") as caught:
        unit.apply(params, (40, 20), Store(path))
    assert caught.value.reason == "background_unreadable"


def test_f35_unreadable_at_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read when the folder is opened is bad, with the system's reason."""
    save(tmp_path, locked__png=FORMATS["png"], good__png=FORMATS["png"])
    plain = Path.open

    def refuse(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == "locked.png":
            raise PermissionError(13, "Permission denied")
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    found = open_backgrounds([WeightedFolder(str(tmp_path))], LIMIT)
    assert [record.file for record in found.images] == ["good.png"]
    assert found.bad[0].reason == "Permission denied"
