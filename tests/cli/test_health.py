"""What runs leave of the health of fonts, what carries it on, and how it is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glyphmill.catalogue.health import Health, Record, read_health
from tests.catalogue.fontmaking import build_font, font_that_loses
from tests.cli.conftest import Command
from tests.s3 import Bucket

CONFIG = """\
total_images: 60
seed: 5
limits: {attempts: %d, max_rejected: %g}
resources: {fonts: fonts, corpora: .}
specifications: [{name: a, proportion: 1, text: {corpus: corpus.txt, take: line}, background: {solid: {}}}]
"""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config whose every text has an X, which one of its two fonts does not draw."""
    monkeypatch.setenv("GLYPHMILL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "Sound.ttf").write_bytes(build_font("aXb", family="Sound"))
    (tmp_path / "fonts" / "Lossy.ttf").write_bytes(font_that_loses("X", "aXb", family="Lossy"))
    (tmp_path / "corpus.txt").write_text("aXb\n")
    (tmp_path / "job.yaml").write_text(CONFIG % (3, 1))
    return tmp_path / "job.yaml"


def scores(glyphmill: Command, health: str) -> dict[str, tuple[int, int, int]]:
    code, out, err = glyphmill("fonts", "fonts", "--health", health, "--json")
    assert (code, err) == (0, "")
    return {row["file"]: (row["score"], row["successes"], row["failures"]) for row in json.loads(out)}


def test_a_run_writes_what_it_found_out(glyphmill: Command, job: Path, tmp_path: Path) -> None:
    """Written samples and failed attempts, also those that another attempt made good, are all counted."""
    assert glyphmill("generate", job, "--out", "made", "--workers", "0")[0] == 0
    manifest = json.loads((tmp_path / "made/manifest.json").read_bytes())
    found = scores(glyphmill, "made")
    assert found["Sound.ttf"] == (100, manifest["written"], 0)
    assert found["Lossy.ttf"] == (0, 0, manifest["retried"] + manifest["rejected"])
    (row, *_) = map(json.loads, (tmp_path / "made/rejects.jsonl").read_text().splitlines())
    assert row["resource"][0] == "fonts"


def test_health_is_the_same_for_any_number_of_workers(glyphmill: Command, job: Path, tmp_path: Path) -> None:
    for number in "02":
        options = ("--workers", number, "--range", "10")
        assert glyphmill("generate", job, "--out", number, *options)[0] == 0
    assert (tmp_path / "0/health.json").read_bytes() == (tmp_path / "2/health.json").read_bytes()


def test_nothing_is_carried_over_unless_asked_for(glyphmill: Command, job: Path, tmp_path: Path) -> None:
    """Two plain runs are alike; the second that keeps health no longer meets the font that the first has found out."""
    for out in ("a", "b"):
        assert glyphmill("generate", job, "--out", out, "--workers", "0")[0] == 0
    assert (tmp_path / "a/health.json").read_bytes() == (tmp_path / "b/health.json").read_bytes()
    assert not (tmp_path / "kept.json").exists()
    for out in ("c", "d"):
        assert glyphmill("generate", job, "--out", out, "--workers", "0", "--keep-health", "kept.json")[0] == 0
        assert (tmp_path / "kept.json").read_bytes() == (tmp_path / out / "health.json").read_bytes()
    assert (tmp_path / "c/rejects.jsonl").read_bytes() == (tmp_path / "a/rejects.jsonl").read_bytes()
    assert json.loads((tmp_path / "d/manifest.json").read_bytes())["retried"] == 0
    known = read_health(tmp_path / "kept.json").fonts.values()
    assert sorted((record.quarantined, record.failures > 0) for record in known) == [(False, False), (True, True)]


def test_a_run_that_is_stopped_by_a_bad_font_keeps_that(glyphmill: Command, job: Path) -> None:
    """So that the next one can go round it."""
    job.write_text(CONFIG % (1, 0.2))
    assert glyphmill("generate", job, "--out", "a", "--workers", "0", "--keep-health", "kept.json")[0] == 1
    assert glyphmill("generate", job, "--out", "b", "--workers", "0", "--keep-health", "kept.json")[0] == 0


def test_the_table_names_the_worst_first(glyphmill: Command, job: Path, tmp_path: Path) -> None:
    _, out, _ = glyphmill("fonts", "fonts", "--json", "--health", _kept(tmp_path, Health()))
    digest = {row["file"]: row["digest"] for row in json.loads(out)}
    known = {digest["Lossy.ttf"]: Record(40, 1, 6, "ink: no_ink"), "f" * 32: Record(70, 0, 3, "ink: no_ink")}
    kept = _kept(tmp_path, Health(known, {"e" * 32: Record(10, 0, 9, "image: background_unreadable")}))
    code, out, _ = glyphmill("fonts", "fonts", "--health", kept)
    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == "family style file score successes failures reason quarantined".split()
    assert lines[1].split() == "Lossy Regular Lossy.ttf 40 1 6 ink: no_ink yes".split()
    assert lines[2].split() == "Sound Regular Sound.ttf 100 0 0 no".split()
    assert lines[3].startswith("1 more fonts have a record and are not listed")
    assert lines[4].startswith(f"quarantined background {'e' * 32}: score 10 after 9 failures")
    assert lines[5] == "1 of 2 fonts are quarantined"


def test_a_dataset_without_health_is_named(glyphmill: Command, tmp_path: Path) -> None:
    code, _, err = glyphmill("fonts", "--health", tmp_path)
    assert code == 2
    assert "health.json: cannot be read: No such file" in err


def test_health_in_object_storage_is_shown(glyphmill: Command, job: Path, s3: Bucket) -> None:
    """As that in a folder; a dataset that is not there is named."""
    for out in ("made", s3.folder("made")):
        assert glyphmill("generate", job, "--out", out, "--workers", "0", "--format", "webdataset")[0] == 0
    assert scores(glyphmill, s3.folder("made")) == scores(glyphmill, "made")
    code, _, err = glyphmill("fonts", "--health", s3.folder("other"))
    assert code == 1
    assert "other/health.json: No such file" in err


def _kept(folder: Path, health: Health) -> str:
    (folder / "kept.json").write_text(health.to_json())
    return "kept.json"
