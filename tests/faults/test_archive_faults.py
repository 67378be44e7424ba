"""Row 8 of what has to be survived: archives as inputs, with members that lead out of the folder they are put into."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.core.errors import CatalogueError, ConfigError
from glyphmill.run.generate import generate
from glyphmill.run.verify import verify
from tests.faults.runs import CONFIG, RANGE


def zip_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../up.txt", "out of the folder")
        archive.writestr("/abs.ttf", "out of everything")


def tar_archive(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in ("../up.txt", "/abs.ttf"):
            member = tarfile.TarInfo(name)
            member.size = 4
            archive.addfile(member, io.BytesIO(b"text"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "../.."
        archive.addfile(link)


@pytest.mark.parametrize(("name", "write"), [("a.zip", zip_archive), ("a.tar.gz", tar_archive)])
def test_f08_archives_are_no_inputs(tmp_path: Path, name: str, write: object) -> None:
    """A zip or tar with `../` members and links, given as fonts, backgrounds and texts: refused, and never unpacked."""
    archive = tmp_path / "in" / name
    archive.parent.mkdir()
    write(archive)  # type: ignore[operator]
    config = tmp_path / "in/job.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CatalogueError, match="not a font"):
        Job.from_yaml(config, fonts=[archive])
    with pytest.raises(CatalogueError, match="not that of a PNG"):
        Job.from_yaml(config, backgrounds=[archive])
    with pytest.raises(ConfigError, match="there is no such folder"):
        Job.from_yaml(config, corpora=archive)
    config.write_text(CONFIG.replace("language: en", f"corpus: {name}"), encoding="utf-8")
    with pytest.raises(ConfigError, match="is not utf-8 text"):
        Job.from_yaml(config, corpora=archive.parent)
    assert sorted(tmp_path.rglob("*")) == before


def test_f08_a_shard_whose_members_lead_out_of_it(small: Job, tmp_path: Path) -> None:
    """A tar of a dataset with `../` members is found by `verify`, which writes nothing anywhere."""
    out = tmp_path / "out"
    generate(small, out, layout="webdataset", samples=RANGE)
    shard = out / "shard-000001.tar"
    shard.write_bytes(shard.read_bytes().replace(b"000000007.png", b"../../007.png"))
    before = sorted(tmp_path.rglob("*"))
    report = verify(out)
    assert {(fault.check, fault.file) for fault in report.faults} >= {("hashes", "shard-000001.tar")}
    assert sorted(tmp_path.rglob("*")) == before
