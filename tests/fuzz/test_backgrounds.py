"""However a picture is damaged, it is named as bad, or rejected, or it gives pixels; and it never takes much memory."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.catalogue.imagemaking import FORMATS, encoded, picture, stored_turned
from tests.fuzz.cases import cases, damaged
from tests.fuzz.children import PICTURE_PIXELS, look

BATCH = 40
#: 32-bit floats with alpha, three times over: what an honest reader may need, and the libraries' own buffers.
MEMORY = PICTURE_PIXELS * 16 * 3 + (64 << 20)
WHOLE = {
    **FORMATS,
    "alpha png": encoded(picture().convert("RGBA"), "PNG"),
    "palette png": encoded(picture().quantize(16), "PNG"),
    "deep png": encoded(Image.new("I;16", (40, 30), 700), "PNG"),
    "alpha tiff": encoded(picture().convert("RGBA"), "TIFF", compression="tiff_adobe_deflate"),
    "jpeg tiff": encoded(picture(), "TIFF", compression="jpeg"),
    "fax tiff": encoded(picture().convert("1"), "TIFF", compression="group4"),
    "float tiff": encoded(picture().convert("F"), "TIFF"),
    "palette bmp": encoded(picture().quantize(16), "BMP"),
    "animated gif": encoded(picture(), "GIF", save_all=True, append_images=[Image.new("RGB", (64, 48), (0, 0, 255))]),
    "turned jpeg": stored_turned(6, "JPEG"),
    "turned png": stored_turned(8, "PNG"),
    "turned webp": stored_turned(5, "WEBP"),
}


def mutant(data: bytes, dice: random.Random) -> bytes:
    """A picture with damage anywhere in it, or in its first bytes, where the sizes are."""
    return damaged(data, dice, 0, min(len(data), dice.choice((40, 200, len(data)))))


@pytest.mark.fuzz
@cases(0.2, batch=BATCH)
@given(seed=st.integers(0, 1 << 32))
def test_a_damaged_picture_is_named_or_used(seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        paths = []
        for number in range(BATCH):
            kind, data = dice.choice(list(WHOLE.items()))
            paths.append(Path(temporary, f"{number:02d} {kind}.png"))
            paths[-1].write_bytes(mutant(data, dice))
        for path, result in zip(paths, look("pictures", list(map(str, paths)), Path(temporary)), strict=True):
            assert "died" not in result, f"{path.name} of seed {seed} ends the process: {result}"
            assert result.get("bad") or result.get("rejected") or result["shape"] == [30, 40, 3], path.name
            assert result["grown"] < MEMORY, f"{path.name} of seed {seed}"
