"""Faults of fonts that the catalogue must survive. Rows 20 to 27; how samples fare is tested with the stages."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from glyphmill.catalogue.fontload import open_fonts
from glyphmill.catalogue.fonts import FontSet
from tests.catalogue import fontmaking
from tests.catalogue.fontmaking import Ink, build_font

GOOD = build_font()

TRAP = """
import os
from glyphmill.catalogue import probe

def trap(path, unpacked):
    name = os.path.basename(path)
    if name.startswith("abort"):
        os.abort()
    while name.startswith("loop"):
        pass
    return probe.probe_file(path, unpacked)

probe.main(trap)
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLYPHMILL_CACHE", str(tmp_path / "cache"))


def catalogued(tmp_path: Path, **contents: bytes) -> FontSet:
    folder = tmp_path / "fonts"
    folder.mkdir()
    for name, content in {"good": GOOD, **contents}.items():
        (folder / f"{name}.ttf").write_bytes(content)
    return open_fonts([str(folder)])


def reason(tmp_path: Path, content: bytes) -> str:
    """Why a font is left out, while the good one beside it stays."""
    fonts = catalogued(tmp_path, subject=content)
    assert [font.file for font in fonts.usable] == ["good.ttf"]
    (bad,) = fonts.bad
    assert Path(bad.path).name == "subject.ttf"
    return bad.reason


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html>\n<html><body>404 Not Found</body></html>", "a web page, not a font"),
        (b"PK\x03\x04" + bytes(100), "not a font: it begins with the bytes 50 4b 03 04"),
        (GOOD[: len(GOOD) // 2], "cut off: table"),
        (GOOD[:20], "cut off in its header"),
        (b"\x00\x01\x00\x00" + bytes(200), "has no table 'head'"),
        (b"ttcf" + bytes(100), "a collection of 0 fonts"),
        (b"wOF2" + bytes(100), "cannot be unpacked"),
        (b"wOFF" + struct.pack(">4I", 0x10000, 100, 1 << 16, 1 << 31), "unpacks to 2,147,483,648 bytes"),
    ],
    ids=["empty", "html", "zip", "truncated", "header", "zeros", "collection", "woff2", "bomb"],
)
def test_f20_not_a_font(content: bytes, why: str, tmp_path: Path) -> None:
    """A file that is no font, or not a whole one, is left out once, with the reason."""
    assert why in reason(tmp_path, content)


def test_f20_unreadable(tmp_path: Path) -> None:
    """A link that leads nowhere and a folder named like a font do not stop the rest."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "good.ttf").write_bytes(GOOD)
    (folder / "gone.ttf").symlink_to(tmp_path / "nowhere")
    (folder / "folder.ttf").mkdir()
    fonts = open_fonts([str(folder)])
    assert [font.file for font in fonts.usable] == ["good.ttf"]
    assert [Path(bad.path).name for bad in fonts.bad] == ["gone.ttf"]


def test_f20_mutated_fonts(tmp_path: Path) -> None:
    """Whatever bytes are changed, each font is either used or named; nothing else happens."""
    dice = random.Random(20)
    variable = fontmaking.subset_font("NotoSans[wght].ttf", fontmaking.ASCII)
    contents = {}
    for number in range(200):
        data = bytearray(dice.choice([GOOD, variable]))
        for _ in range(dice.choice([1, 4, 64])):
            data[dice.randrange(len(data))] = dice.randrange(256)
        contents[f"mutant{number:03d}"] = bytes(data)
    fonts = catalogued(tmp_path, **contents)
    names = {font.file for font in fonts.usable} | {Path(bad.path).name for bad in fonts.bad}
    assert names == {f"{name}.ttf" for name in ["good", *contents]}
    assert all(bad.reason for bad in fonts.bad)


def test_f21_draws_nothing(tmp_path: Path) -> None:
    """A font that opens and maps its characters but has no ink is left out."""
    assert "draws nothing" in reason(tmp_path, build_font(blank=fontmaking.ASCII))


def test_f21_draws_only_lines(tmp_path: Path) -> None:
    """Outlines without area are no ink."""
    lines = {char: Ink(100, 0, 100, 700) for char in fontmaking.ASCII}
    assert "draws nothing" in reason(tmp_path, build_font(inks=lines))


def test_f22_lying_cmap(tmp_path: Path) -> None:
    """A character whose glyph is the missing-glyph box under another name is not covered."""
    fonts = catalogued(tmp_path, subject=build_font(boxes="QZ", family="Liar"))
    liar = next(font for font in fonts.usable if font.family == "Liar")
    assert liar.coverage == set(map(ord, fontmaking.ASCII)) - set(map(ord, "QZ"))


def test_f22_every_glyph_a_box(tmp_path: Path) -> None:
    """A font of nothing but boxes is left out."""
    assert "draws nothing" in reason(tmp_path, build_font(boxes=fontmaking.ASCII))


def test_f23_no_cmap(tmp_path: Path) -> None:
    """A font without a cmap is left out."""
    assert "has no table 'cmap'" in reason(tmp_path, fontmaking.without_tables(GOOD, "cmap"))


def test_f23_empty_cmap(tmp_path: Path) -> None:
    """A font whose cmap maps nothing is left out."""
    assert "its cmap holds no characters" in reason(tmp_path, build_font(""))


def test_f23_cmap_past_the_last_glyph(tmp_path: Path) -> None:
    """Characters that map past the last glyph are not covered; a font with hardly any others is left out."""
    fonts = catalogued(tmp_path, subject=fontmaking.with_glyph_count(build_font("abcdefgh", family="Short"), 8))
    short = next(font for font in fonts.usable if font.family == "Short")
    assert short.coverage == set(map(ord, "abcdef"))


def test_f23_cmap_wholly_past_the_last_glyph(tmp_path: Path) -> None:
    """A font none of whose characters maps to a glyph that it has is left out."""
    assert "draws nothing" in reason(tmp_path, fontmaking.with_glyph_count(GOOD, 2))


@pytest.mark.parametrize(
    "content",
    [
        build_font(inks={"A": Ink(0, 0, 32000, 700)}, upem=256),
        build_font(inks={"A": Ink(50, 30000, 300, 30500)}, upem=256),
        build_font(advance=30000, upem=256),
        fontmaking.with_bounds(build_font(inks={"A": Ink(0, 0, 32000, 700)}, upem=256), "A", (0, 0, 200, 200)),
    ],
    ids=["wide", "high", "advance", "lying"],
)
def test_f24_past_all_measure(content: bytes, tmp_path: Path) -> None:
    """A font with a glyph of more than 50 em is left out before anything is drawn at that size."""
    assert "the limit is 50" in reason(tmp_path, content)


def test_f24_units_per_em(tmp_path: Path) -> None:
    """A font whose em has no size is left out."""
    data = bytearray(GOOD)
    head = next(
        struct.unpack_from(">I", GOOD, at + 8)[0] for at in range(12, 12 + 16 * 20, 16) if GOOD[at : at + 4] == b"head"
    )
    struct.pack_into(">H", data, head + 18, 1)
    assert "1 units per em" in reason(tmp_path, bytes(data))


def test_f25_health(tmp_path: Path) -> None:
    """A glyph that fails lowers the font's health; past half of them the font is left out."""
    fonts = catalogued(
        tmp_path, ill=build_font("abcdefghij", blank="ab"), dying=build_font("abcdefghij", blank="abcdef")
    )
    (ill,) = (font for font in fonts.usable if font.file == "ill.ttf")
    assert ill.health == 0.8
    assert ill.coverage == set(map(ord, "cdefghij"))
    assert [(Path(bad.path).name, bad.reason) for bad in fonts.bad] == [("dying.ttf", "draws only 4 of 10 characters")]


def test_f26_abort_and_endless_loop(tmp_path: Path) -> None:
    """A font that kills or hangs the process that opens it is named; every other font is used."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    for number in range(20):
        (folder / f"good{number:02d}.ttf").write_bytes(build_font(family=f"Good {number}"))
    for number in range(3):
        (folder / f"abort{number}.ttf").write_bytes(build_font(family=f"Abort {number}"))
    (folder / "loop.ttf").write_bytes(build_font(family="Loop"))
    fonts = open_fonts([str(folder)], deadline_s=2, probe_command=(sys.executable, "-c", TRAP))
    assert [font.file for font in fonts.usable] == [f"good{number:02d}.ttf" for number in range(20)]
    reasons = {Path(bad.path).name: bad.reason for bad in fonts.bad}
    assert reasons == {
        **{f"abort{number}.ttf": "ends the process that opens it (SIGABRT)" for number in range(3)},
        "loop.ttf": "not read within 2 s",
    }


def test_f26_a_deadline_is_remembered_until_a_longer_one_is_given(tmp_path: Path) -> None:
    """A font that was not read in time is not tried again, but under a longer deadline."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "good.ttf").write_bytes(GOOD)
    (folder / "loop.ttf").write_bytes(build_font(family="Loop"))
    trap = (sys.executable, "-c", TRAP)
    first = open_fonts([str(folder)], deadline_s=1, probe_command=trap)
    broken = (sys.executable, "-c", "raise SystemExit(3)")
    assert open_fonts([str(folder)], deadline_s=1, probe_command=broken) == first
    assert open_fonts([str(folder)], deadline_s=20).bad == ()


def test_f26_an_abort_is_remembered_and_a_kill_is_not(tmp_path: Path) -> None:
    """What the font did it will do again; what the system did to the process is no fault of the font."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "abort.ttf").write_bytes(build_font(family="Abort"))
    (folder / "good.ttf").write_bytes(GOOD)
    for killer, remembered in (("os.abort()", 1), ("os.kill(os.getpid(), 9)", 0)):
        trap = (sys.executable, "-c", TRAP.replace("os.abort()", killer))
        cache = tmp_path / killer[:8]
        first = open_fonts([str(folder)], cache_dir=cache, probe_command=trap)
        assert [Path(bad.path).name for bad in first.bad] == ["abort.ttf"]
        assert len(open_fonts([str(folder)], cache_dir=cache).bad) == remembered


MANY = """
    import resource, sys
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    from glyphmill.catalogue.fontload import open_fonts

    def megabytes():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    few = open_fonts([sys.argv[1] + "/00*"])
    before = megabytes()
    many = open_fonts([sys.argv[1]])
    again = open_fonts([sys.argv[1]])
    assert len(few.usable) == 100, len(few.usable)
    assert len(many.usable) == 2000 and not many.bad, many.bad[:3]
    assert again == many
    assert megabytes() - before < 64, megabytes() - before
"""


def test_f27_two_thousand_fonts_with_few_files_open(tmp_path: Path) -> None:
    """2,000 fonts are catalogued with 64 file descriptors and flat memory."""
    folder = tmp_path / "many"
    folder.mkdir()
    small = build_font("abc")
    for number in range(2000):
        # Bytes after the last table belong to no table: the same font with another digest.
        (folder / f"{number:04d}.ttf").write_bytes(small + struct.pack(">I", number))
    script = textwrap.dedent(MANY)
    run = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
