"""Tar shards as the package webdataset, `tarfile` and `tar` read them."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
import webdataset

from glyphmill.export.files import encode_sample
from glyphmill.export.stored import StoredError
from tests.export.shards import EXTRAS, TAR, sample_files
from tests.jobs import open_job

ENGLISH = {"text": {"direction": "left_to_right", "language": "en", "length": [4, 12]}}


def test_webdataset_reads_image_text_boxes_and_masks(tmp_path: Path) -> None:
    """Pixel for pixel, from two shards."""
    job = open_job([ENGLISH], 6)
    samples = [job.sample(index, 0) for index in range(6)]
    files = [encode_sample(sample, f"{index:09d}", "png") for index, sample in enumerate(samples)]
    for number in (0, 1):
        (tmp_path / f"shard-{number:06d}.tar").write_bytes(TAR.write(files[3 * number : 3 * number + 3]))
    urls = str(tmp_path / "shard-{000000..000001}.tar")
    found = list(webdataset.WebDataset(urls, shardshuffle=False).decode("rgb8"))
    assert [sample["__key__"] for sample in found] == [f"{index:09d}" for index in range(6)]
    for read, made in zip(found, samples, strict=True):
        assert np.array_equal(read["png"], made.image)
        assert read["txt"] == made.label["text"]
        assert read["json"] == json.loads(json.dumps(made.label_for(f"{read['__key__']}.png")))


def test_webdataset_reads_extras_by_their_names(tmp_path: Path) -> None:
    """The part of a name after the first dot is the key."""
    path = tmp_path / "shard-000000.tar"
    sample = sample_files(5, extras=EXTRAS, extension="webp")
    path.write_bytes(TAR.write([sample]))
    (found,) = webdataset.WebDataset(str(path), shardshuffle=False)
    assert {name: data for name, data in found.items() if not name.startswith("__")} == {
        "webp": sample.image,
        "region_map.png": sample.extras["000000005.region_map.png"],
        "word_mask.png": sample.extras["000000005.word_mask.png"],
        "json": sample.label,
        "txt": b"two words",
    }
    assert json.loads(found["json"])["image"] == "000000005.webp"


def test_members_have_a_fixed_order_and_nothing_of_the_machine() -> None:
    """No time, no owner, no rights to write."""
    data = TAR.write([sample_files(index, extras=EXTRAS) for index in (3, 4)])
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = tar.getmembers()
    kinds = ("png", "region_map.png", "word_mask.png", "json", "txt")
    assert [member.name for member in members] == [f"00000000{index}.{kind}" for index in (3, 4) for kind in kinds]
    for member in members:
        assert (member.mtime, member.uid, member.gid, member.uname, member.gname) == (0, 0, 0, "", "")
        assert (member.mode, member.isreg()) == (0o444, True)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["notes.txt"], "the name 'notes.txt' is not that of a part"),
        (["../000000001.png"], "is not that of a part"),
        (["000000001.png"], "sample 1 has the parts png; expected an image, extras, json, txt"),
        (
            ["000000001.png", "000000001.gif", "000000001.json", "000000001.txt"],
            "sample 1 has the parts png, gif, json",
        ),
        (["000000001.json", "000000001.png", "000000001.txt"], "sample 1 has the parts json, png, txt"),
    ],
)
def test_other_tars_are_refused(names: list[str], message: str) -> None:
    """With what was found and what is expected."""
    headers = [tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT) for name in names]
    with pytest.raises(StoredError, match=message):
        TAR.read(b"".join(headers) + bytes(1024))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.XHDTYPE])
def test_links_and_devices_are_refused(kind: bytes) -> None:
    """A shard holds plain files only."""
    member = tarfile.TarInfo("000000001.png")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(StoredError, match=r"'000000001.png/?' at byte 0 is no plain file"):
        TAR.read(member.tobuf(tarfile.USTAR_FORMAT) + bytes(1024))


def test_a_changed_header_is_found_where_it_is() -> None:
    """The readers of `tarfile` take it for the end."""
    data = bytearray(TAR.write([sample_files(1), sample_files(2)]))
    place = bytes(data).index(b"000000002.png", 512)
    data[place + 3] ^= 1
    with pytest.raises(StoredError, match=f"no sound header at byte {place}: bad checksum"):
        TAR.read(bytes(data))
