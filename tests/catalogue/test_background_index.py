"""Laws of the index of backgrounds: it says what reading the files says, and is only ever a shortcut to that."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from glyphmill.catalogue import background_files, backgrounds, known_images
from glyphmill.catalogue.background_index import BackgroundIndex, BackgroundRecord, BadBackground, Columns, pack_index
from glyphmill.catalogue.backgrounds import BackgroundSet, open_backgrounds
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError
from glyphmill.core.rng import stream
from tests.catalogue.imagemaking import encoded, save

LIMIT = 1_000_000
HTML = b"<html>not found</html>"


def png(shade: int, size: tuple[int, int] = (8, 8)) -> bytes:
    return encoded(Image.new("RGB", size, (shade, shade, shade)), "PNG")


def opened(*folders: Path, limit: int = LIMIT) -> BackgroundSet:
    return open_backgrounds([WeightedFolder(str(folder)) for folder in folders], limit)


def contents(found: BackgroundSet) -> tuple[str, tuple[BackgroundRecord, ...], tuple[BadBackground, ...]]:
    return found.digest, tuple(found.images), found.bad


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures at two depths, one of them twice, and a page that only claims to be one."""
    place = tmp_path / "pictures"
    save(place, b__png=png(2), a__png=png(1, (4, 6)), page__png=HTML)
    save(place / "deep", c__png=png(3), a__png=png(1, (4, 6)))
    return place


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are read."""
    names: list[str] = []
    examine = background_files._examine

    def recorded(path: str, max_pixels: int) -> object:
        names.append(Path(path).name)
        return examine(path, max_pixels)

    monkeypatch.setattr(background_files, "_examine", recorded)
    return names


NAMES = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=6)
ROWS = st.lists(
    st.tuples(NAMES, st.integers(0, 2), st.binary(min_size=16, max_size=16), st.sampled_from([0.0, 0.5, 2]))
)


@given(ROWS.filter(bool))
def test_the_index_holds_what_was_put_in_sorted_by_name_and_content(rows: list[tuple[str, int, bytes, float]]) -> None:
    """Records, the order, the steps of draws, look-ups and the digest are those of a plain list of records."""
    places = ["/x", "/y/z", "/ü"]
    names, folders, digests, weights = zip(*rows, strict=True)
    columns = Columns(
        names=names,
        folders=np.array(folders, np.uint32),
        folder_names=places,
        digests=np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 16),
        sizes=np.array([[n + 1, 2 * n + 1] for n in range(len(rows))], np.uint32),
        weights=np.array(weights, np.float64),
    )
    bad = (BadBackground("/x/ü\udc80.png", "it is empty"),)
    index = BackgroundIndex(pack_index(columns, bad, passing=False))
    expected = [
        BackgroundRecord(name, f"{places[place]}/{name}", digest.hex(), n + 1, 2 * n + 1, float(weight))
        for n, (name, place, digest, weight) in enumerate(rows)
    ]
    expected.sort(key=lambda record: (record.file, record.digest, record.weight))
    assert [index[row] for row in range(len(index))] == expected
    assert index.steps.tolist() == list(accumulate(record.weight for record in expected))
    assert index.bad == bad
    assert index.whole()
    firsts = {record.digest: row for row, record in reversed(list(enumerate(expected)))}
    assert {digest: index.find(digest) for digest in firsts} == firsts
    assert {index[row].digest for row in index.by_content()} == set(firsts)
    assert index.contents == len(firsts)
    assert index.find("no digest") is None
    lines = "\n".join(f"{record.file}\0{record.digest}\0{record.weight!r}" for record in expected)
    assert index.digest == hashlib.blake2b(lines.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


@given(st.integers(0, 400))
def test_a_damaged_index_is_none(at: int) -> None:
    """An index with a byte changed is not whole; cut off, it is none at all or not whole."""
    columns = Columns(
        ["a"], np.zeros(1, np.uint32), ["/x"], np.zeros((1, 16), np.uint8), np.ones((1, 2), np.uint32), np.ones(1)
    )
    content = pack_index(columns, (), passing=False)
    at = at % len(content)
    for damaged in (content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :], content[:at]):
        try:
            index = BackgroundIndex(damaged)
        except ValueError:
            continue
        assert not index.whole()


def test_a_known_folder_is_not_read_again(folder: Path, examined: list[str]) -> None:
    """What was found is remembered, of files that cannot serve as well; what is opened again is the same."""
    first = opened(folder)
    assert sorted(examined) == ["a.png", "a.png", "b.png", "c.png", "page.png"]
    assert contents(opened(folder)) == contents(first)
    assert len(examined) == 5
    assert [Path(one.path).name for one in first.bad] == ["page.png"]


def test_draws_are_those_of_a_list(folder: Path) -> None:
    """A draw is the bisection of the cumulative weights that it always was."""
    found = opened(folder)
    steps = list(accumulate(record.weight for record in found.images))
    for index in range(200):
        at = bisect_right(steps, stream(0, index, 0, "x").random() * steps[-1])
        assert found.draw(stream(0, index, 0, "x")) == found.images[at]


def test_only_what_changed_is_read_again(folder: Path, examined: list[str]) -> None:
    """A file that is new, larger, later or another is read; one that is gone is forgotten; all others are known."""
    opened(folder)
    examined.clear()
    save(folder, new__png=png(9))
    (folder / "deep" / "c.png").unlink()
    changed = folder / "b.png"
    status = changed.stat()
    changed.write_bytes(png(7))
    os.utime(changed, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    found = opened(folder)
    assert sorted(examined) == ["b.png", "new.png"]
    assert [record.file for record in found.images] == ["a.png", "a.png", "b.png", "new.png"]
    shutil.rmtree(os.environ["GLYPHMILL_CACHE"])
    assert contents(opened(folder)) == contents(found)


def test_a_file_put_in_the_place_of_another_is_noticed(folder: Path) -> None:
    """Size and time of change may be the same; the inode is not."""
    place, twin = folder / "b.png", folder / "twin"
    place.write_bytes(png(2) + b"one")
    before, status = opened(folder), place.stat()
    twin.write_bytes(png(2) + b"two")
    os.utime(twin, ns=(status.st_atime_ns, status.st_mtime_ns))
    twin.replace(place)
    assert opened(folder).digest != before.digest


def test_folders_share_what_is_known(folder: Path, examined: list[str]) -> None:
    """Another set, other weights or another limit of pixels are answered from what one reading found."""
    everything = opened(folder)
    examined.clear()
    assert len(opened(folder / "deep").images) == 2
    assert open_backgrounds([WeightedFolder(str(folder), 3.0)], LIMIT).digest != everything.digest
    few = opened(folder, limit=24)
    assert [record.file for record in few.images] == ["a.png", "a.png"]
    assert [one.reason[:10] for one in few.bad if not one.path.endswith("page.png")] == ["8 x 8 px i"] * 2
    assert examined == []


def test_what_was_too_large_is_read_once_it_is_not(folder: Path, examined: list[str]) -> None:
    opened(folder, limit=24)
    examined.clear()
    shutil.copytree(folder, folder.with_name("copy"))
    assert contents(opened(folder)) == contents(opened(folder))
    assert sorted(examined) == ["b.png", "c.png"]


def test_an_interrupted_reading_goes_on_where_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before Ctrl-C is not read again."""
    save(tmp_path / "many", **{f"{n:03d}__png": png(n) for n in range(100)})
    examine, read = background_files._examine, []

    def interrupted(path: str, max_pixels: int) -> object:
        read.append(path)
        if len(read) == 60:
            raise KeyboardInterrupt
        return examine(path, max_pixels)

    monkeypatch.setattr(background_files, "_examine", interrupted)
    monkeypatch.setattr(background_files, "_READERS", 1)
    monkeypatch.setattr(background_files, "_BATCH", 8)
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path / "many")
    assert len(opened(tmp_path / "many").images) == 100
    assert len(read) < 120


@pytest.mark.parametrize("kind", ["*.index", "*.sqlite"])
@pytest.mark.parametrize("damage", [b"", b"\0" * 5000, b"SQLite format 3\0" + b"\xff" * 9000, None])
def test_a_damaged_cache_is_made_again(folder: Path, font_cache: Path, kind: str, damage: bytes | None) -> None:
    """Whatever becomes of a file of the cache, the same backgrounds are found, and the file serves again."""
    first = contents(opened(folder))
    (path,) = font_cache.rglob(kind)
    data = path.read_bytes()
    middle = len(data) // 2
    path.unlink()
    path.write_bytes(data[:middle] + b"\x55" * 40 + data[middle + 40 :] if damage is None else damage)
    save(folder.with_name("other"), x__png=png(5))
    assert contents(opened(folder)) == first
    assert contents(opened(folder, folder.with_name("other")))[0] != first[0]
    for other in font_cache.rglob("*.index"):
        other.unlink()
    assert contents(opened(folder)) == first


def test_a_cache_that_cannot_be_written_is_done_without(folder: Path, tmp_path: Path) -> None:
    """Then the images are read by each process; what is found is the same."""
    usual = opened(folder)
    blocked = tmp_path / "file"
    blocked.touch()
    found = open_backgrounds([WeightedFolder(str(folder))], LIMIT, cache_dir=blocked / "cache")
    assert contents(found) == contents(usual)
    assert contents(pickle.loads(pickle.dumps(found))) == contents(usual)


def test_a_cache_that_is_in_use_is_not_waited_for_long(
    folder: Path, font_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another process writes on and on, the images are read and not remembered."""
    monkeypatch.setattr(known_images, "_PATIENCE_S", 0.05)
    opened(folder)
    (path,) = font_cache.rglob("*.sqlite")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        save(folder, new__png=png(9))
        assert len(opened(folder).images) == 5
    finally:
        other.close()


def test_what_cannot_be_read_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without permission is bad while it has none: its size and time tell nothing of that."""
    plain = Path.open

    def refuse(self: Path, *args: object, **kwargs: object) -> object:
        if self.name == "b.png":
            raise PermissionError(13, "Permission denied")
        return plain(self, *args, **kwargs)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert [one.reason for one in opened(folder).bad if one.path.endswith("b.png")] == ["Permission denied"]
    assert [Path(one.path).name for one in opened(folder).bad] == ["page.png"]


def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    """Pipes and links that lead nowhere are bad images; links to folders are left alone."""
    os.mkfifo(folder / "pipe.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "round.png").symlink_to(folder)
    reasons = {Path(one.path).name: one.reason for one in opened(folder).bad}
    assert reasons["pipe.png"] == "it is not a regular file"
    assert set(reasons) == {"page.png", "pipe.png", "loop.png"}


def test_a_set_travels_as_the_name_of_its_index(
    folder: Path, examined: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process maps what this one found: it looks at no folder and reads no picture."""
    found = opened(folder)
    packed = pickle.dumps(found)
    assert len(packed) < 1000
    examined.clear()
    with monkeypatch.context() as patch:
        patch.setattr(backgrounds, "list_images", lambda root: pytest.fail(f"looked at {root}"))
        assert contents(pickle.loads(packed)) == contents(found)
    assert examined == []
    assert pickle.loads(pickle.dumps(BackgroundSet())).images == ()


def test_a_set_arrives_where_its_index_is_not(folder: Path, font_cache: Path) -> None:
    """On another machine, or once the cache was emptied, it is opened from its folders."""
    found = opened(folder)
    packed, before = pickle.dumps(found), contents(found)
    shutil.rmtree(font_cache)
    assert contents(found) == before
    assert contents(pickle.loads(packed)) == before


def test_old_indices_are_cleared_away(folder: Path, font_cache: Path) -> None:
    """The cache keeps the sets that were used last, and no temporary file."""
    for number in range(2 * backgrounds._SETS_KEPT):
        open_backgrounds([WeightedFolder(str(folder), 1 + number)], LIMIT)
    assert len(list(font_cache.rglob("*.index"))) == backgrounds._SETS_KEPT
    assert list(font_cache.rglob(".*")) == []


def test_rows_of_other_folders_go_when_there_are_too_many(
    folder: Path, tmp_path: Path, examined: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_images, "_MOST_ROWS", 6)
    save(tmp_path / "other", **{f"{n}__png": png(n) for n in range(5)})
    opened(folder)
    opened(tmp_path / "other")
    examined.clear()
    open_backgrounds([WeightedFolder(str(tmp_path / "other"), 2.0)], LIMIT)
    assert examined == []
    open_backgrounds([WeightedFolder(str(folder), 2.0)], LIMIT)
    assert len(examined) == 5


def test_paths_are_a_mapping_by_content(folder: Path) -> None:
    """Each content has one path, that of the image which is found by it."""
    found = opened(folder)
    expected = {record.digest: record.path for record in reversed(found.images)}
    assert dict(found.paths) == expected
    assert len(found.paths) == 3
    assert "0" * 32 not in found.paths
    with pytest.raises(KeyError):
        found.paths["0" * 32]


def test_of_many_images_the_used_ones_are_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = opened(folder)
    used = found.images[2]
    assert found.listed([]) == dict(found.paths)
    monkeypatch.setattr(backgrounds, "_FEW", 3)
    assert found.listed([used.digest, used.digest, "0" * 32]) == {used.digest: used.path}
    assert BackgroundSet().listed(["0" * 32]) == {}


def test_images_are_a_sequence(folder: Path) -> None:
    images = opened(folder).images
    assert images[-1] == list(images)[-1]
    assert list(images[1:3]) == list(images)[1:3]
    assert images[0] in images
    with pytest.raises(IndexError):
        images[len(images)]


def test_errors_name_files_that_are_known_to_be_bad(tmp_path: Path) -> None:
    """Of a folder without a usable image the reasons are told each time, not only when they are found."""
    save(tmp_path / "bad", a__png=HTML)
    for _ in range(2):
        with pytest.raises(CatalogueError, match=r"a\.png: the content is not that of"):
            opened(tmp_path / "bad")


BOTH = """
import sys
from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.config.model import WeightedFolder
found = open_backgrounds([WeightedFolder(sys.argv[1])], 1_000_000)
print(found.digest, len(found.images))
"""


def test_two_processes_at_once_find_the_same(tmp_path: Path) -> None:
    """Neither waits for the other, and both leave a cache that serves."""
    save(tmp_path / "many", **{f"{n:03d}__png": png(n % 250, (n + 1, 1)) for n in range(300)})
    commands = [[sys.executable, "-c", BOTH, str(tmp_path / "many")]] * 2
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    said = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert len(said) == 1
    assert opened(tmp_path / "many").digest == said.pop().split()[0]
