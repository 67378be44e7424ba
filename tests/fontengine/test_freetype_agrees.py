from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import uharfbuzz as hb

from glyphmill.catalogue.packages import own_folders
from glyphmill.core.errors import Reject
from glyphmill.core.rng import field_stream
from glyphmill.fontengine import freetype, harfbuzz
from glyphmill.fontengine.base import Raster

FOLDERS = [Path(folder) for folder in own_folders()]
FILES = sorted(file for folder in FOLDERS for file in folder.iterdir() if file.suffix in {".ttf", ".ttc"})
GLYPHS_PER_FONT = 12
SIZE = 32.0
#: FreeType rounds points to 1/64 of a font unit, but cuts those of variable CFF outlines off to whole ones.
OUTLINE_EM = {".ttf": 6e-4, ".ttc": 2.5e-3}
RELATIVE_INK = {".ttf": 0.02, ".ttc": 0.03}
GRAY_LEVELS = {".ttf": 32, ".ttc": 64}

Matrix = tuple[float, float, float, float, float, float]
Pair = tuple[harfbuzz.HarfBuzzInstance, freetype.FreeTypeInstance]


def linear(a: float, b: float, c: float, d: float) -> Matrix:
    """A map of the em to 32 px by the matrix [[a, c], [b, d]] of font space, at a place between pixels."""
    return (a * SIZE, -b * SIZE, c * SIZE, -d * SIZE, 3.3, -7.4)


MATRICES = {
    "upright": linear(1, 0, 0, 1),
    "small": linear(0.6, 0, 0, 0.6),
    "large": linear(4, 0, 0, 4),
    "turned": linear(math.cos(0.5), math.sin(0.5), -math.sin(0.5), math.cos(0.5)),
    "quarter": linear(0, 1, -1, 0),
    "upside_down": linear(-1, 0, 0, -1),
    "mirrored": linear(-1, 0, 0, 1),
    "sheared": linear(1.5, 0.2, 0.4, 0.8),
}
STYLES = {"plain": (0.0, 0.0), "bold": (0.03, 0.0), "slanted": (0.0, 0.2), "bold_slanted": (0.02, -0.15)}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def font(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def both(font: Path, *, weight: float | None = None, bold: float = 0.0, slant: float = 0.0) -> Pair:
    """A font in either engine; a collection by its third face."""
    face = 2 if font.suffix == ".ttc" else 0
    axes = {} if weight is None else {"wght": weight}
    engines = (harfbuzz.open_instance, freetype.open_instance)
    first, second = (engine(str(font), face, SIZE, axes=axes, bold=bold, slant=slant) for engine in engines)
    return first, second  # type: ignore[return-value]


def some_glyphs(font: Path) -> list[int]:
    """Glyphs of a font, drawn once and for all."""
    count = hb.Face(hb.Blob.from_file_path(str(font)), 0).glyph_count
    return field_stream(len(font.name)).integers(0, count, GLYPHS_PER_FONT).tolist()


def box(raster: Raster) -> np.ndarray:
    """Bounds of what is inked: left, top, right, bottom."""
    rows, columns = (np.flatnonzero(raster.mask.any(axis=axis)) for axis in (1, 0))
    inked = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    return np.add(inked, (raster.x, raster.y, raster.x, raster.y))


def canvases(first: Raster, second: Raster) -> Iterator[np.ndarray]:
    """Both rasters on canvases of the same size and place."""
    origin = np.minimum((first.x, first.y), (second.x, second.y))
    ends = [(r.x + r.mask.shape[1], r.y + r.mask.shape[0]) for r in (first, second)]
    width, height = np.max(ends, axis=0) - origin
    for raster in (first, second):
        canvas = np.zeros((height, width), np.int64)
        x, y = (raster.x, raster.y) - origin
        canvas[y : y + raster.mask.shape[0], x : x + raster.mask.shape[1]] = raster.mask
        yield canvas


def compare(pair: Pair, gids: list[int], matrix: Matrix, levels: int) -> float:
    """Difference of all rasters, relative to their ink; their boxes and each of their pixels are compared as well."""
    difference, ink = 0, 0
    for gid in gids:
        first, second = (engine.raster(gid, matrix) for engine in pair)
        if first is None or second is None or not first.mask.any():
            assert second is None
            assert first is None or not first.mask.any()
            continue
        assert np.abs(box(first) - box(second)).max() <= 1, gid
        a, b = canvases(first, second)
        assert np.abs(a - b).max() <= levels, gid
        difference += int(np.abs(a - b).sum())
        ink += int(b.sum())
    return difference / max(ink, 1)


@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES.keys())
def test_rasters_agree_under_any_matrix(font: Path, matrix: Matrix) -> None:
    """Ink differs by less than 2 % at 32 px (variable CFF: 3 %), boxes by at most a pixel; small glyphs by more."""
    smaller = max(1.0, SIZE / max(abs(value) for value in matrix[:4]))
    found = compare(both(font, weight=478), some_glyphs(font), matrix, GRAY_LEVELS[font.suffix])
    assert found < RELATIVE_INK[font.suffix] * smaller


@pytest.mark.parametrize(("bold", "slant"), STYLES.values(), ids=STYLES.keys())
@pytest.mark.parametrize("weight", [None, 100, 250.5, 900])
def test_rasters_agree_in_any_style(font: Path, weight: float | None, bold: float, slant: float) -> None:
    """Variable weight and synthetic bold and slant draw the same ink in both."""
    pair = both(font, weight=weight, bold=bold, slant=slant)
    found = compare(pair, some_glyphs(font), MATRICES["upright"], GRAY_LEVELS[font.suffix])
    assert found < RELATIVE_INK[font.suffix]


@pytest.mark.parametrize("weight", [None, 100, 478, 900])
@pytest.mark.parametrize(("bold", "slant"), STYLES.values(), ids=STYLES.keys())
def test_outlines_agree(font: Path, weight: float | None, bold: float, slant: float) -> None:
    """The bounds of each outline are the same within a fraction of a font unit, or both are empty."""
    within = OUTLINE_EM[font.suffix]
    gids = some_glyphs(font)
    first, second = (engine.outlines(gids) for engine in both(font, weight=weight, bold=bold, slant=slant))
    for gid, one, other in zip(gids, first, second, strict=True):
        a, b = one.points, other.points
        assert len(one.starts) == len(other.starts), gid
        assert (a.size == 0) == (b.size == 0), gid
        if a.size:
            assert np.abs(a.min(axis=1) - b.min(axis=1)).max() < within, gid
            assert np.abs(a.max(axis=1) - b.max(axis=1)).max() < within, gid


@pytest.mark.parametrize("weight", [None, 100, 478, 900])
def test_metrics_and_advances_agree(font: Path, weight: float | None) -> None:
    """Line metrics are the same; advances are, within a font unit."""
    first, second = both(font, weight=weight)
    assert second.metrics == pytest.approx(first.metrics, abs=0.01)
    letters = "".join(map(chr, sorted(hb.Face(hb.Blob.from_file_path(str(font)), 0).unicodes)[5:60:5]))
    for letter in letters:
        shaped = first.shape(letter, 0, 1, direction="ltr", script="Zyyy", language="en", features={})
        if len(shaped) == 1 and shaped[0][4]:  # marks have no width once they are shaped
            gid, advance = shaped[0][0], shaped[0][4] * first.unit_px
            assert second.advances([gid])[0] == pytest.approx(advance, abs=1.01 * SIZE / 1000)


def test_a_glyph_without_ink_has_no_raster() -> None:
    """The space of a Latin font draws nothing in either."""
    font = next(file for file in FILES if file.name == "NotoSans[wght].ttf")
    for engine in both(font):
        ((gid, *_),) = both(font)[0].shape(" ", 0, 1, direction="ltr", script="Latn", language="en", features={})
        assert engine.raster(gid, MATRICES["upright"]) is None
        assert engine.outlines([gid])[0].points.shape == (2, 0)


def test_what_is_no_font_is_refused(tmp_path: Path) -> None:
    """Both engines name the file."""
    path = tmp_path / "page.ttf"
    path.write_text("<html></html>")
    for module in (harfbuzz, freetype):
        with pytest.raises(Reject, match=r"font_unreadable.*page\.ttf"):
            module.open_instance(str(path), 0, SIZE)
