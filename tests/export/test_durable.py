"""A file is there whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from glyphmill.export import durable, names


def test_a_file_is_written_with_its_folders_and_nothing_else(tmp_path: Path) -> None:
    """Missing folders are made; no temporary name stays behind; an old file is replaced."""
    path = tmp_path / "a" / "b" / "c.bin"
    durable.write_file(path, b"old")
    durable.write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == ["c.bin"]


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """Readers see the old bytes while the new ones are being written, and after a failure."""
    path = tmp_path / "c.bin"
    durable.write_file(path, b"old")
    with pytest.raises(KeyboardInterrupt), durable.open_file(path) as file:  # noqa: PT012 - what happens in between
        file.write(b"ne")
        file.flush()
        assert path.read_bytes() == b"old"
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["c.bin"]


def test_what_a_killed_process_left_is_no_obstacle(tmp_path: Path) -> None:
    """The temporary file of an earlier attempt is overwritten, and goes with the file when it is removed."""
    path = tmp_path / "c.bin"
    (tmp_path / ".c.bin.tmp").write_bytes(b"a longer half of a file")
    durable.write_file(path, b"whole")
    assert path.read_bytes() == b"whole"
    (tmp_path / ".c.bin.tmp").write_bytes(b"half")
    durable.remove_file(path)
    durable.remove_file(path)
    assert list(tmp_path.iterdir()) == []


def test_names_are_numbers_in_folders_of_ten_thousand() -> None:
    """Folder by index, nine digits, forward slashes; files that hold many samples are numbered too."""
    assert names.stem_path(123) == "images/000000/000000123"
    assert names.stem_path(9_999) == "images/000000/000009999"
    assert names.stem_path(10_000) == "images/000001/000010000"
    assert names.stem_path(12_345_678_901) == "images/1234567/12345678901"
    assert names.tar_path(7) == "shard-000007.tar"
