from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue import fontmaking

LATIN = fontmaking.ASCII + "éüñ"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوىيءأؤإئآةپ لماكانازدراؤهاحقوقالإنسانو"
DEVANAGARI = "".join(map(chr, [*range(0x900, 0x970), 0x20, 0x25CC]))


@pytest.fixture(autouse=True)
def font_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the test's own, so that the user's is neither read nor written."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("GLYPHMILL_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def font_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small good fonts of every format: Latin, Arabic and Devanagari, variable and not, and a collection."""
    folder = tmp_path_factory.mktemp("fonts")
    latin = fontmaking.subset_font("NotoSans[wght].ttf", LATIN)
    contents = {
        "Latin[wght].ttf": latin,
        "Arabic[wght].ttf": fontmaking.subset_font("NotoSansArabic[wght].ttf", ARABIC),
        "deep/Devanagari.ttf": fontmaking.subset_font("NotoSansDevanagari[wght].ttf", DEVANAGARI),
        "Blocks.ttf": fontmaking.build_font(family="Blocks"),
        "Packed.woff": fontmaking.packed(fontmaking.build_font(family="Packed One"), "woff"),
        "Packed.woff2": fontmaking.packed(latin, "woff2"),
        "Pair.ttc": fontmaking.collection(
            [fontmaking.build_font(family="Pair Sans"), fontmaking.build_font(family="Pair Slab", advance=650)]
        ),
    }
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    (folder / "readme.txt").write_text("not a font, and not named as one")
    return folder
