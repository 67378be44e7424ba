"""Faults of fonts and backgrounds that show only when samples are made: they are blamed, and soon drawn no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from glyphmill.catalogue.health import BEST, Health, fold, read_health
from glyphmill.config.load import load_text
from glyphmill.core.errors import CatalogueError, ConfigError, Reject
from glyphmill.core.registry import discover
from glyphmill.plan.used import used
from glyphmill.run.job import Job
from tests.catalogue.fontmaking import build_font, font_that_loses

TEXT = "aXb"


def open_job(folder: Path, health: Path | None = None, *, ground: str = "solid", only: str = "*") -> Job:
    """A job on the fonts and pictures of a folder whose every text is ``aXb``."""
    (folder / "corpus.txt").write_text(TEXT + "\n", encoding="utf-8")
    lines = [
        "total_images: 400",
        "seed: 5",
        "resources:",
        f"  fonts: [{folder}]",
        f"  corpora: {folder}",
        f"  backgrounds: [{folder}]" if ground == "image" else "",
        f"  health: {health}" if health else "",
        "specifications:",
        "  - name: only",
        "    proportion: 1",
        "    text: {corpus: corpus.txt, take: line}",
        f"    font: {{size: 24, filter: '{only}'}}",
        f"    background: {{{ground}: {{}}}}",
    ]
    registry = discover()
    return Job.open(load_text("\n".join(lines), "health.yaml", registry), registry)


def outcomes(job: Job, count: int) -> Iterator[dict[str, Any]]:
    """What a run records of its first samples, of one attempt each."""
    for index in range(count):
        try:
            yield {"index": index, "used": used(job.sample(index, 0).plan)}
        except Reject as reject:
            why = {"unit": reject.unit, "reason": reject.reason, "resource": reject.resource}
            yield {"index": index, "rejected": why}


def kept(folder: Path, health: Health) -> Path:
    path = folder / "health.json"
    path.write_text(health.to_json(), encoding="utf-8")
    return path


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a sound font and one that loses its X."""
    monkeypatch.setenv("GLYPHMILL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "Sound.ttf").write_bytes(build_font(TEXT, family="Sound"))
    (tmp_path / "given" / "Lossy.ttf").write_bytes(font_that_loses("X", TEXT, family="Lossy"))
    return tmp_path / "given"


def digests(job: Job) -> dict[str, str]:
    return {font.file: font.digest for font in job.catalogue.fonts.usable}


def test_f25_a_letter_that_is_not_drawn_is_no_sample(fonts: Path) -> None:
    """Where a font draws nothing for a letter, no label says that it is there; the font is named."""
    job = open_job(fonts, only="Lossy.ttf")
    with pytest.raises(Reject) as caught:
        job.sample(0, 0)
    assert (caught.value.unit, caught.value.reason) == ("ink", "no_ink")
    assert "'X'" in caught.value.detail
    assert caught.value.resource == ("fonts", digests(job)["Lossy.ttf"])


def test_f25_quarantined_after_six_failures(fonts: Path) -> None:
    """Each failure costs ten; below fifty the next run never draws the font, and the sound one sets all texts."""
    job = open_job(fonts)
    broken = digests(job)["Lossy.ttf"]
    health, scores = Health(), []
    for line in outcomes(job, 100):
        health = fold(health, [line])
        if line.get("rejected"):
            scores.append(health.fonts[broken].score)
    assert scores[:7] == [90, 80, 70, 60, 50, 40, 30]
    assert health.fonts[digests(job)["Sound.ttf"]].score == BEST
    next_run = open_job(fonts, kept(fonts, health))
    assert all("rejected" not in line for line in outcomes(next_run, 20))
    assert {used(next_run.plan(index))["fonts"][0] for index in range(400)} == {digests(job)["Sound.ttf"]}


def test_f25_nothing_left_to_draw(fonts: Path) -> None:
    """Quarantine of all fonts, or of all that a filter leaves, ends the run before it begins and names them."""
    fails = {"rejected": {"unit": "ink", "reason": "no_ink"}}
    names = digests(open_job(fonts))
    lossy = [{**fails, "rejected": {**fails["rejected"], "resource": ["fonts", names["Lossy.ttf"]]}}] * 6
    sound = [{**fails, "rejected": {**fails["rejected"], "resource": ["fonts", names["Sound.ttf"]]}}] * 7
    path = kept(fonts, fold(Health(), lossy))
    with pytest.raises(ConfigError, match=r"line 12 .*all fonts that it leaves are quarantined"):
        open_job(fonts, path, only="Lossy.ttf")
    kept(fonts, fold(Health(), lossy + sound))
    with pytest.raises(CatalogueError) as caught:
        open_job(fonts, path)
    assert "Lossy.ttf: score 40 after 6 failures, the last ink: no_ink" in str(caught.value)
    assert "Sound.ttf: score 30" in str(caught.value)


@pytest.fixture
def pictures(fonts: Path) -> Path:
    """Besides a sound font, a sound picture and one that ends early; both new, for what was decoded is kept."""
    (fonts / "Lossy.ttf").unlink()
    noise = np.frombuffer(str(fonts).encode() * 40, np.uint8)[:1200].reshape(20, 20, 3)
    data = cv2.imencode(".jpg", 255 - noise // 8)[1].tobytes()
    (fonts / "sound.jpg").write_bytes(data)
    (fonts / "broken.jpg").write_bytes(data[:-200])
    return fonts


def test_f29_truncated_background_is_quarantined(pictures: Path) -> None:
    """A picture that shows to be broken only when it is decoded is blamed for each sample that it spoils."""
    job = open_job(pictures, ground="image")
    digest = {image.file: image.digest for image in job.catalogue.backgrounds.images}
    health = fold(Health(), outcomes(job, 40))
    assert health.backgrounds[digest["broken.jpg"]].score < 50
    assert health.backgrounds[digest["broken.jpg"]].reason == "image: background_unreadable"
    assert health.backgrounds[digest["sound.jpg"]].score == BEST
    next_run = open_job(pictures, kept(pictures, health), ground="image")
    assert {used(next_run.plan(index))["backgrounds"][0] for index in range(400)} == {digest["sound.jpg"]}


def test_f35_files_deleted_during_the_run_are_blamed(pictures: Path) -> None:
    """A font or a picture that is gone is blamed as one that is broken."""
    job, font, seen = open_job(pictures, ground="image"), (pictures / "Sound.ttf").read_bytes(), []
    (pictures / "broken.jpg").unlink()
    (pictures / "sound.jpg").unlink()
    (pictures / "Sound.ttf").unlink()
    seen += outcomes(job, 1)
    (pictures / "Sound.ttf").write_bytes(font)
    seen += outcomes(job, 1)
    first, second = (line["rejected"] for line in seen)
    assert (first["reason"], first["resource"]) == ("font_unreadable", ("fonts", digests(job)["Sound.ttf"]))
    assert (second["reason"], second["resource"][0]) == ("background_unreadable", "backgrounds")


def test_f35_health_file_gone_or_damaged(fonts: Path) -> None:
    """A health file that is missing or no such file is refused by name before the run."""
    with pytest.raises(ConfigError, match=r"line 7  resources\.health: got '.*gone.json': there is no such file"):
        open_job(fonts, fonts / "gone.json")
    path = kept(fonts, Health())
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"health\.json: it is not JSON"):
        read_health(path)
