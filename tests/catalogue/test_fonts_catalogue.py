"""The catalogue as a whole: what its identity depends on."""

from __future__ import annotations

import shutil
from pathlib import Path

from glyphmill.catalogue.catalogue import Catalogue, open_catalogue
from glyphmill.config.model import Limits, Resources, WeightedFolder
from glyphmill.plan.context import Library
from tests.catalogue import fontmaking

# A white 1 x 1 PNG.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000376ef9240000000a4944415478da63f80f00010101001b"
    "b6ee560000000049454e44ae426082"
)


def opened(folder: Path) -> Catalogue:
    backgrounds = (WeightedFolder(str(folder / "backgrounds")),)
    return open_catalogue(Resources((str(folder / "fonts"),), backgrounds, str(folder / "corpora")), Limits())


def filled(folder: Path) -> Path:
    for name, content in {
        "fonts/a.ttf": fontmaking.build_font(),
        "backgrounds/b.png": PIXEL,
        "corpora/c.txt": b"some words\n",
    }.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(content)
    return folder


def test_the_digest_is_of_contents_and_names_not_of_places(tmp_path: Path) -> None:
    here = filled(tmp_path / "here")
    there = shutil.copytree(here, tmp_path / "there")
    assert opened(here).digest == opened(there).digest
    (there / "fonts" / "a.ttf").write_bytes(fontmaking.build_font("abcdef"))
    assert opened(there).digest != opened(here).digest


def test_the_digest_of_a_library_is_also_of_the_texts_that_are_used(tmp_path: Path) -> None:
    here = filled(tmp_path / "here")

    def digest() -> str:
        library = Library(opened(here))
        library.text_pool("c.txt", None)
        return library.digest()

    before = digest()
    (here / "corpora" / "unused.txt").write_bytes(b"never read\n")
    assert digest() == before
    (here / "corpora" / "c.txt").write_bytes(b"other words\n")
    assert digest() != before


def test_a_bad_font_does_not_change_the_digest(tmp_path: Path) -> None:
    folder = filled(tmp_path / "here")
    before = opened(folder).digest
    (folder / "fonts" / "bad.ttf").touch()
    after = opened(folder)
    assert [bad.reason for bad in after.fonts.bad] == ["the file is empty"]
    assert after.digest == before


def test_the_store_finds_what_plans_name(tmp_path: Path) -> None:
    catalogue = opened(filled(tmp_path / "here"))
    store = catalogue.store(Limits())
    for font in catalogue.fonts.usable:
        assert store.font(font.digest) == font.path
    for image in catalogue.backgrounds.images:
        assert store.background(image.digest) == image.path


def test_without_folders_the_installed_fonts_set_every_script_of_the_demo() -> None:
    fonts = open_catalogue(Resources(), Limits()).fonts
    scripts = {code for font in fonts.usable for code in font.scripts}
    assert scripts >= {"Latn", "Grek", "Cyrl", "Arab", "Hebr", "Deva", "Thai", "Hans", "Hant", "Jpan", "Kore"}
    assert fonts.bad == ()
