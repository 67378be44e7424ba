"""Laws of scale: what a job holds of thousands of backgrounds and fonts does not grow with what was drawn of them."""

from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import textwrap
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from glyphmill.catalogue import background_files
from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.catalogue.families import Families
from glyphmill.config.model import WeightedFolder
from tests.catalogue.test_fonts import record

MANY = 20_000

WORKER = """
    import pickle, resource, sys
    from glyphmill.catalogue import backgrounds, background_files
    from glyphmill.core.rng import stream

    def looked(*_):
        raise AssertionError("the worker looked at a folder")

    def megabytes():
        status = open("/proc/self/status").read()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    backgrounds.list_images = background_files._examine = looked
    before = megabytes()
    found = pickle.loads(open(sys.argv[1], "rb").read())
    rng = stream(0, 0, 0, "background")
    drawn = {found.draw(rng).digest for _ in range(3000)}
    assert len(found.images) == 20_000 and len(drawn) > 2500
    assert all(found.paths[digest].endswith(".png") for digest in drawn)
    assert megabytes() - before < 8, megabytes() - before
"""


def tiny_png(number: int) -> bytes:
    """A picture of 8 x 1 px, of a color that no other number gives."""
    pixels = zlib.compress(b"\0" + number.to_bytes(3, "big") * 8, 1)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 8, 1, 8, 2, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
    rows = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(rows)


def test_many_backgrounds_are_read_once_and_cost_a_worker_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20,000 pictures in many folders: the second opening and a worker read none, and hold none of them."""
    for number in range(MANY):
        place = tmp_path / "pictures" / f"{number // 400:02d}"
        if number % 400 == 0:
            place.mkdir(parents=True)
        (place / f"{number:05d}.png").write_bytes(tiny_png(number))
    folders = [WeightedFolder(str(tmp_path / "pictures"))]
    first = open_backgrounds(folders, 1000)
    assert len(first.images) == len(first.paths) == MANY
    monkeypatch.setattr(background_files, "_examine", None)
    again = open_backgrounds(folders, 1000)
    assert again.digest == first.digest
    assert len(first.listed(image.digest for image in first.images[:5])) == 5
    packed = tmp_path / "set"
    packed.write_bytes(pickle.dumps(again))
    assert packed.stat().st_size < 1000
    command = [sys.executable, "-c", textwrap.dedent(WORKER), str(packed)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_fonts_that_cover_much_are_asked_without_expanding_what_they_cover() -> None:
    """300 fonts of 20,000 characters, asked one by one and all at once, take a few megabytes, not hundreds."""
    cjk = replace(record(), ranges="20-7e,3041-3096,4e00-9fff")
    families = Families((replace(cjk, file=f"{number}.ttf"),) for number in range(300))
    tracemalloc.start()
    try:
        for point in range(0x4E00, 0x4E00 + 500):
            need = frozenset((0x20, point))
            assert len(families.covering(need)) == 300
            assert need <= families[point % 300][0].coverage
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
