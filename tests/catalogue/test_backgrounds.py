"""Laws of background images: what a folder gives, how pixels come out, and what is remembered."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from glyphmill.catalogue import images
from glyphmill.catalogue.backgrounds import BackgroundSet, open_backgrounds
from glyphmill.catalogue.image_header import read_header
from glyphmill.catalogue.images import ImageCache, ImageError, content_digest, decode_rgb, read_rgb
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError
from glyphmill.core.rng import stream
from tests.catalogue.imagemaking import FORMATS, HEIGHT, WIDTH, encoded, picture, save, stored_turned

LIMIT = 1_000_000
PNG = FORMATS["png"]


def opened(*folders: tuple[Path, float]) -> BackgroundSet:
    return open_backgrounds([WeightedFolder(str(path), weight) for path, weight in folders], LIMIT)


def png(shade: int) -> bytes:
    return encoded(Image.new("RGB", (8, 8), (shade, shade, shade)), "PNG")


@pytest.mark.parametrize("name", FORMATS)
def test_header_gives_the_size_that_decoding_gives(name: str) -> None:
    """The size read from the header is that of the pixels."""
    header = read_header(io.BytesIO(FORMATS[name]))
    assert (header.width, header.height) == (WIDTH, HEIGHT)
    assert decode_rgb(FORMATS[name], LIMIT).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("name", FORMATS)
def test_pixels_are_those_of_another_decoder(name: str) -> None:
    """Every format decodes to the RGB that Pillow decodes, but for the rounding of lossy ones."""
    theirs = np.asarray(Image.open(io.BytesIO(FORMATS[name])).convert("RGB"), int)
    assert np.abs(decode_rgb(FORMATS[name], LIMIT).astype(int) - theirs).mean() < 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_header_measures_the_upright_image(kind: str, orientation: int) -> None:
    """Width and height are those after the EXIF orientation is followed."""
    data = stored_turned(orientation, kind)
    header = read_header(io.BytesIO(data))
    assert (header.width, header.height, header.orientation) == (WIDTH, HEIGHT, orientation)
    assert ImageOps.exif_transpose(Image.open(io.BytesIO(data))).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("name", FORMATS)
def test_no_prefix_of_a_file_upsets_the_header(name: str) -> None:
    """A file cut off anywhere gives its size or a ValueError, nothing else."""
    for length in range(0, len(FORMATS[name]), 3):
        try:
            header = read_header(io.BytesIO(FORMATS[name][:length]))
        except ValueError:
            continue
        assert header.width > 0


def test_folders_are_searched_to_their_depth_by_suffix(tmp_path: Path) -> None:
    """Image files are found at any depth, whatever the case of their suffix; other files are left alone."""
    save(tmp_path, a__PNG=png(1), notes__txt=b"text")
    save(tmp_path / "deep" / "deeper", b__jpg=FORMATS["jpeg"])
    found = opened((tmp_path, 1))
    assert [image.file for image in found.images] == ["a.PNG", "b.jpg"]
    assert not found.bad


def test_records_say_what_the_file_is(tmp_path: Path) -> None:
    """A record holds name, path, content digest and upright size."""
    data = stored_turned(6, "JPEG")
    save(tmp_path, photo__jpg=data)
    (record,) = opened((tmp_path, 1)).images
    assert (record.file, record.path) == ("photo.jpg", str(tmp_path / "photo.jpg"))
    assert record.digest == hashlib.blake2b(data, digest_size=16).hexdigest()
    assert (record.width, record.height) == (WIDTH, HEIGHT)


def test_a_moved_folder_gives_the_same_draws(tmp_path: Path) -> None:
    """Order, digest and draws depend on names and contents, never on where the folder lies."""
    sets = []
    for place in ("x/one", "a/two"):
        save(tmp_path / place, b__png=png(2), a__png=png(1))
        save(tmp_path / place / "deep", c__png=png(3))
        sets.append(opened((tmp_path / place, 1)))
    first, second = sets
    assert first.digest == second.digest
    assert [first.draw(stream(0, i, 0, "x")).digest for i in range(30)] == [
        second.draw(stream(0, i, 0, "x")).digest for i in range(30)
    ]


def test_folders_are_drawn_by_weight_and_files_alike(tmp_path: Path) -> None:
    """A folder is drawn by its weight however many files it holds, and each of its files as often."""
    save(tmp_path / "many", **{f"m{i}__png": png(i) for i in range(10)})
    save(tmp_path / "one", single__png=png(100))
    save(tmp_path / "never", unseen__png=png(200))
    found = opened((tmp_path / "many", 1), (tmp_path / "one", 3), (tmp_path / "never", 0))
    rng = stream(1, 0, 0, "x")
    counts = Counter(found.draw(rng).file for _ in range(4000))
    assert counts["single.png"] / 4000 == pytest.approx(0.75, abs=0.03)
    assert counts["unseen.png"] == 0
    assert all(counts[f"m{i}.png"] / 4000 == pytest.approx(0.025, abs=0.012) for i in range(10))


def test_opening_reads_headers_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is decoded and no file stays open when folders are opened."""
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    save(tmp_path, **{f"{i}__png": png(i) for i in range(50)})
    before = os.dup(0)
    os.close(before)
    assert len(opened((tmp_path, 1)).images) == 50
    after = os.dup(0)
    os.close(after)
    assert after == before


def test_a_file_or_a_glob_serves_as_folder(tmp_path: Path) -> None:
    """The path of a weighted folder may be one file, or a glob."""
    save(tmp_path / "set1", a__png=png(1))
    save(tmp_path / "set2", b__png=png(2))
    assert len(opened((tmp_path / "set1" / "a.png", 1)).images) == 1
    assert [image.file for image in opened((tmp_path / "set*", 1)).images] == ["a.png", "b.png"]


def test_what_cannot_serve_is_refused_by_name(tmp_path: Path) -> None:
    """A missing folder, one without images, one with bad images only, and zero weights are errors that say so."""
    save(tmp_path / "empty", notes__txt=b"")
    save(tmp_path / "broken", a__jpg=b"<html>not found</html>")
    save(tmp_path / "good", a__png=png(1))
    for folder, weight, words in (
        ("missing", 1, "no folder"),
        ("empty", 1, "holds no image"),
        ("broken", 1, "a.jpg: the content is not that of"),
        ("good", 0, "all zero"),
    ):
        with pytest.raises(CatalogueError, match=words):
            opened((tmp_path / folder, weight))
    with pytest.raises(CatalogueError, match=r"Set resources\.backgrounds"):
        BackgroundSet().draw(stream(0, 0, 0, "x"))


def test_lookup_by_digest(tmp_path: Path) -> None:
    """Each image is found by its content, and nothing else is."""
    save(tmp_path, a__png=png(1), b__png=png(2))
    found = opened((tmp_path, 1))
    assert all(found.by_digest(image.digest) == image for image in found.images)
    assert found.by_digest("0" * 32) is None


def test_partial_alpha_is_laid_on_white() -> None:
    """Half transparent black over white is middle gray, in every format that has alpha."""
    half = Image.new("RGBA", (8, 8), (0, 0, 0, 128))
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})):
        rgb = decode_rgb(encoded(half, kind, **options), LIMIT)
        assert np.abs(rgb.astype(int) - 127).max() <= 1, kind


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_every_depth_is_scaled_by_its_range(dtype: type) -> None:
    """Full range stays full range, in between stays in between, whatever the numbers are stored as."""
    shades = np.linspace(0, 1, 256)[None, :, None].repeat(4, 0).repeat(3, 2)
    top = 1.0 if dtype is np.float32 else np.iinfo(dtype).max
    data = cv2.imencode(".tiff", (shades * top).round(6).astype(dtype))[1].tobytes()
    assert np.abs(decode_rgb(data, LIMIT)[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_read_rgb_tells_why_not(tmp_path: Path) -> None:
    """A file that is missing, or a folder, is an ImageError with the system's reason."""
    with pytest.raises(ImageError, match="No such file"):
        read_rgb(str(tmp_path / "none.png"), LIMIT)
    with pytest.raises(ImageError):
        read_rgb(str(tmp_path), LIMIT)


def test_cache_decodes_once_and_stays_within_its_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image is decoded once while it is kept; the least recently used goes first; what is too large is not kept."""
    decoded = []
    monkeypatch.setattr(images, "decode_rgb", lambda data, limit: decoded.append(data) or decode_rgb(data, limit))
    files = {}
    for shade in (1, 2, 3):
        save(tmp_path, **{f"{shade}__png": png(shade)})
        files[shade] = (str(tmp_path / f"{shade}.png"), content_digest(png(shade)))
    cache = ImageCache(2 * 8 * 8 * 3)
    for shade in (1, 2, 1, 3, 1, 2):  # 3 pushes out 2, not 1, which was asked for since
        assert (cache.get(*files[shade], LIMIT) == shade).all()
    assert len(decoded) == 4
    tiny = ImageCache(10)
    assert [int(tiny.get(*files[1], LIMIT)[0, 0, 0]) for _ in range(2)] == [1, 1]
    assert len(decoded) == 6


def test_cached_images_cannot_be_written_to(tmp_path: Path) -> None:
    """What the cache hands out is read-only, so that no sample can spoil the next."""
    save(tmp_path, a__png=PNG)
    image = ImageCache(LIMIT).get(str(tmp_path / "a.png"), content_digest(PNG), LIMIT)
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 0


def test_pictures_have_a_top() -> None:
    """The picture that orientation is tested with differs under every turn and mirroring."""
    turns = {encoded(picture().transpose(turn), "PNG") for turn in Image.Transpose}
    assert len(turns | {PNG}) == 8


def test_a_chunk_that_claims_more_than_the_file_is_not_believed(tmp_path: Path) -> None:
    """OpenCV would set aside the 2 GB that a PNG chunk may claim before it finds that they are not there."""
    at = PNG.index(b"IDAT") - 4
    save(tmp_path, good__png=PNG, bomb__png=PNG[:at] + b"\x7f\xff\xff\xff" + PNG[at + 4 :])
    (bad,) = opened((tmp_path, 1)).bad
    assert Path(bad.path).name == "bomb.png"
    assert "a chunk claims 2147483647 bytes" in bad.reason


def test_an_offset_beyond_any_file_is_the_end_of_the_header(tmp_path: Path) -> None:
    """File systems refuse to go there; what is said is what is wrong with the file."""
    save(tmp_path, good__png=PNG, far__tif=b"II+\0\x08\0\0\0" + b"\xff" * 7 + b"\x7f" + bytes(40))
    (bad,) = opened((tmp_path, 1)).bad
    assert bad.reason == "the file ends within its header"
