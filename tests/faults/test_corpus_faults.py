"""Faults of corpora that a run must survive or refuse: rows 7, 9, 11 and 35."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glyphmill.catalogue.corpora import open_corpora
from glyphmill.catalogue.open_file import OpenFile
from glyphmill.catalogue.samples import sample_text
from glyphmill.core.errors import CatalogueError, Reject
from glyphmill.core.rng import stream

RUSSIAN = (sample_text("ru") + "\n") * 3


@pytest.mark.parametrize("pattern", ["../outside.txt", "a/../../outside.txt", "/etc/hostname", "C:\\x.txt", "~/x.txt"])
def test_f07_pattern_leaves_its_root(tmp_path: Path, pattern: str) -> None:
    """A pattern with ``..``, or absolute, is refused before anything is opened."""
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    with pytest.raises(CatalogueError, match="corpus"):
        open_corpora(str(root)).select(pattern, None)


def test_f07_link_leaves_its_root(tmp_path: Path) -> None:
    """A link that leads out of the corpus folder is refused, also when a glob finds it."""
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    for pattern in ("link.txt", "*.txt"):
        with pytest.raises(CatalogueError, match="link out of"):
            open_corpora(str(root)).select(pattern, None)


@pytest.mark.parametrize("written", ["latin-1", "cp1251", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_f09_corpus_in_another_encoding(tmp_path: Path, written: str) -> None:
    """A corpus that is not UTF-8 is refused with file, byte offset and the setting; with the setting it is read."""
    text = {"latin-1": "plain, then caf\xe9 " * 40, "gb18030": sample_text("zh-Hans")}.get(written, RUSSIAN)
    text = text.replace("\u0301", "")
    path = tmp_path / "book.txt"
    path.write_bytes(text.encode(written))
    with pytest.raises(CatalogueError, match=r"book\.txt:\d+: .*resources\.encoding") as caught:
        open_corpora(str(tmp_path)).select("book.txt", None)
    if written == "latin-1":
        assert f"book.txt:{text.index(chr(0xE9))}: byte 0xe9" in str(caught.value)
    pool = open_corpora(str(tmp_path), written).select("book.txt", None)
    assert pool.passage(stream(0, 0, 0, "x"), 30) in text + "\n" + text


@pytest.mark.parametrize("taken", ["latin-1", "cp1251", "utf-16", "utf-32", "gb18030", "shift_jis"])
def test_f09_utf8_taken_for_another(tmp_path: Path, taken: str) -> None:
    """UTF-8 under a setting that would read it as nonsense is refused, though every byte of it can be read."""
    (tmp_path / "book.txt").write_text(RUSSIAN, "utf-8")
    with pytest.raises(CatalogueError, match=r"book\.txt:\d+: .*resources\.encoding"):
        open_corpora(str(tmp_path), taken).select("book.txt", None)


def stray(folder: Path, place: int) -> None:
    """A corpus of 4 MB with eight bytes of Latin-1 at ``place``."""
    data = bytearray(b"plain words " * 350_000)[:4_000_000]
    data[place : place + 8] = b"\xe9\xe8\xe0\xe9\xe8\xe0\xe9\xe8"
    (folder / "book.txt").write_bytes(data)


@pytest.mark.parametrize("place", [0, 60_001, 3_999_950])
def test_f09_stray_bytes_at_the_ends(tmp_path: Path, place: int) -> None:
    """A stretch of another encoding near the start or the end is found when the corpus is opened."""
    stray(tmp_path, place)
    with pytest.raises(CatalogueError, match=rf"book\.txt:{place}: byte 0xe9"):
        open_corpora(str(tmp_path)).select("book.txt", None)


def test_f09_stray_bytes_far_into_a_file(tmp_path: Path) -> None:
    """A stretch of another encoding between the places that are looked at rejects the samples that meet it."""
    stray(tmp_path, 100_003)
    pool = open_corpora(str(tmp_path)).select("book.txt", None)
    with pytest.raises(Reject) as caught:
        pool._read(pool.sources[0], 99_990, 60)
    assert caught.value.reason == "corpus_encoding"
    assert "book.txt:100003: byte 0xe9" in caught.value.detail


@pytest.mark.parametrize("name", ["nonsense", "hex", "rot13", "utf-7", "iso2022_jp", "hz", "idna"])
def test_f09_encodings_that_cannot_be_entered(tmp_path: Path, name: str) -> None:
    """An unknown encoding, and one that only makes sense from its start, is refused by name."""
    with pytest.raises(CatalogueError, match=rf"resources\.encoding: got '{name}'"):
        open_corpora(str(tmp_path), name)


@pytest.mark.parametrize("content", [b"", b"\n \t\r\n" * 9, b"\xef\xbb\xbf", b"\xef\xbb\xbf  \n"])
def test_f11_empty_corpus(tmp_path: Path, content: bytes) -> None:
    """A corpus without text is refused; beside one with text it does no harm."""
    (tmp_path / "empty.txt").write_bytes(content)
    with pytest.raises(CatalogueError, match=r"no text in empty\.txt"):
        open_corpora(str(tmp_path)).select("empty.txt", None)
    (tmp_path / "full.txt").write_text("words")
    pool = open_corpora(str(tmp_path)).select("*.txt", None)
    assert [source.name for source in pool.sources] == ["full.txt"]


def test_f11_weights_leave_nothing(tmp_path: Path) -> None:
    """Weights that leave no file to draw from are refused."""
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(CatalogueError, match=r"no text in a\.txt"):
        open_corpora(str(tmp_path)).select({"a.txt": 0}, None)


def test_f11_blank_stretch(tmp_path: Path) -> None:
    """Where no line with text is near, the sample is rejected instead of searched for without end."""
    (tmp_path / "blank.txt").write_bytes(b"x\n" + b"\n" * 200_000)
    pool = open_corpora(str(tmp_path)).select("blank.txt", None)
    with pytest.raises(Reject) as caught:
        pool.line(stream(0, 1, 0, "x"))
    assert caught.value.reason == "blank_corpus"


def test_f35_corpus_deleted_or_cut_during_the_run(tmp_path: Path) -> None:
    """A corpus that shrinks or goes rejects the sample and names the file; it never ends the process."""
    path = tmp_path / "book.txt"
    path.write_text("words " * 10_000)
    pool = open_corpora(str(tmp_path)).select("book.txt", None)
    assert pool.passage(stream(0, 0, 0, "x"), 20)
    os.truncate(path, 10)
    for _ in range(50):
        with pytest.raises(Reject, match=r"corpus_changed.*book\.txt"):
            pool.passage(stream(0, 0, 0, "x"), 20)
    fresh = open_corpora(str(tmp_path)).select("book.txt", None)
    path.unlink()
    with pytest.raises(Reject, match=r"corpus_unreadable.*book\.txt"):
        fresh.line(stream(0, 0, 0, "x"))


@pytest.mark.parametrize("left", [0, 10, 49_999])
def test_f35_corpus_cut_before_it_is_opened_again(tmp_path: Path, left: int) -> None:
    """A file that shrinks between its selection and its first draw rejects all draws, its digest too."""
    path = tmp_path / "book.txt"
    path.write_text("words " * 10_000)
    pool = open_corpora(str(tmp_path)).select("book.txt", None)
    os.truncate(path, left)
    with pytest.raises(Reject, match=r"corpus_changed.*book\.txt"):
        pool.passage(stream(0, 0, 0, "x"), 20)
    with pytest.raises(Reject, match=r"corpus_changed.*book\.txt"):
        pool.line(stream(0, 0, 0, "x"))
    with pytest.raises(Reject, match="corpus_changed"):
        _ = pool.digest


def test_f35_corpus_cut_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that shrinks after its size was asked rejects the sample, too, instead of giving a shorter text."""
    path = tmp_path / "book.txt"
    path.write_text("words " * 10_000)
    pool = open_corpora(str(tmp_path)).select("book.txt", None)
    assert pool.passage(stream(0, 0, 0, "x"), 20)
    monkeypatch.setattr(OpenFile, "size_now", lambda file: file.size)
    os.truncate(path, 10)
    with pytest.raises(Reject, match=r"corpus_changed.*book\.txt"):
        pool.passage(stream(0, 0, 0, "x"), 20)
