"""Rows 52 to 54 of what has to be survived: runs that share a folder, runs of changed jobs, names that look alike."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import signal
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.export.local import LocalStorage
from glyphmill.run.generate import RunStatus, generate
from glyphmill.run.manifest import read_manifest
from glyphmill.run.outcome import RunError
from tests.faults.conftest import Clean
from tests.faults.runs import COUNT, MARKS, RANGE, ROOT, contents, environment, python, wait_until


def refused(job: Job, out: Path, **options: object) -> str:
    """What a run says that cannot start."""
    before = contents(out)
    with pytest.raises(RunError) as error:
        generate(job, out, **{"samples": RANGE, **options})  # type: ignore[arg-type]
    assert {path: data for path, data in contents(out).items() if ".lock" not in path} == {
        path: data for path, data in before.items() if ".lock" not in path
    }
    return str(error.value)


def test_f52_two_runs_into_one_folder(small_config: Path, small: Job, clean: Clean, tmp_path: Path) -> None:
    """The second run is refused and told of the first; once the first is killed its lock is nobody's."""
    out, marks = tmp_path / "out", tmp_path / "marks"
    marks.mkdir()
    other = python("-m", "tests.faults.runs", "LosingJob", small_config, out, 0, "files")
    run = subprocess.Popen(other, env=environment(**{MARKS: str(marks)}), cwd=ROOT)
    wait_until(lambda: any(marks.iterdir()), "the first run to be at work")
    for shard in (None, "1/2"):
        said = refused(small, out, resume=True, shard=shard)
        assert f"being written by another run: process {run.pid} on {platform.node()}, since 20" in said
        assert "runs.py LosingJob" in said
    run.send_signal(signal.SIGKILL)
    run.wait()
    generate(small, out, samples=RANGE, resume=True)
    assert contents(out) == clean("files")


def test_f52_shards_of_two_divisions(small: Job, clean: Clean, tmp_path: Path) -> None:
    """While shard 1 of 2 is made, shard 2 of 2 may be made, and neither shard 1 of 3, nor the whole, nor itself."""
    said: list[str] = []

    def others(status: RunStatus) -> None:
        if not said:
            said.extend(refused(small, tmp_path, shard=shard, resume=True) for shard in ("1/3", "1/2", None))
            generate(small, tmp_path, samples=RANGE, shard="2/2")

    generate(small, tmp_path, samples=RANGE, shard="1/2", progress=others)
    assert len(said) == 3
    assert all(f"another run: process {os.getpid()} on" in message for message in said)
    assert contents(tmp_path) == clean("files")


def test_f52_locks_of_shards_that_were_killed(small: Job, clean: Clean, tmp_path: Path) -> None:
    """Lock files that nobody holds keep nobody out, and are gone after the next run."""
    generate(small, tmp_path, samples=RANGE, shard="1/2")
    for name in (".lock", ".lock-1-of-2", ".lock-2-of-3", ".lock-manifest"):
        (tmp_path / name).write_text('{"process": 1, "host": "elsewhere", "started": "2026", "command": "glyphmill"}')
    generate(small, tmp_path, samples=RANGE, resume=True)
    assert contents(tmp_path) == clean("files")


def with_text(config: Path, folder: Path, old: str, new: str) -> Job:
    text = config.read_text(encoding="utf-8")
    assert old in text
    path = folder / "other.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return Job.from_yaml(path)


def with_fewer_fonts(config: Path, folder: Path, small: Job) -> Job:
    (folder / "fonts").mkdir()
    for font in small.catalogue.fonts.usable[:-1]:
        target = folder / "fonts" / Path(font.path).name
        if not target.exists():
            shutil.copy(font.path, target)
    return Job.from_yaml(config, fonts=[folder / "fonts"])


Change = Callable[[Path, Path, Job], Job]
CHANGES: dict[str, tuple[Change, str]] = {
    "config": (
        lambda config, folder, small: with_text(config, folder, "[16, 20]", "[16, 21]"),
        r"another config \(specifications\[0\]\.font\.size\[1\]: 20 there, 21 here\)",
    ),
    "seed": (lambda config, folder, small: Job.from_yaml(config, seed=6), r"seed: 5 there, 6 here"),
    "font": (with_fewer_fonts, r"another catalogue of fonts, backgrounds and corpora \('[0-9a-f]+' there"),
}


@pytest.mark.parametrize(("change", "difference"), CHANGES.values(), ids=CHANGES)
def test_f53_resumed_with_a_changed_job(
    small_config: Path, small: Job, tmp_path: Path, change: Change, difference: str
) -> None:
    """Another config, seed or font: refused, with the difference; `--allow-changed` goes on, and the manifest tells."""
    out = tmp_path / "out"
    generate(small, out, samples=RANGE, shard="1/2")
    before = contents(out)
    changed = change(small_config, tmp_path, small)
    said = refused(changed, out, resume=True)
    assert re.search(difference, said), said
    assert "--allow-changed" in said
    report = generate(changed, out, samples=RANGE, resume=True, allow_changed=True)
    assert (report.kept, report.requested) == (COUNT // 2, COUNT)
    manifest = read_manifest(LocalStorage(out))
    assert manifest is not None
    (note,) = manifest["mixed"]
    assert note["ranges"] == [[0, COUNT // 2]]
    assert manifest["requested"] == COUNT
    after = contents(out)
    assert all(after[path] == data for path, data in before.items() if path.startswith(("images/", ".ranges/")))


def test_f53_resumed_with_another_version(small: Job, tmp_path: Path) -> None:
    """Another version of Glyphmill or of what it draws with: refused, with both, unless it is allowed."""
    generate(small, tmp_path, samples=RANGE, shard="1/2")
    path = tmp_path / "manifest.json"
    told = json.loads(path.read_text())
    for package in ("glyphmill", "numpy", "uharfbuzz"):
        here = told["versions"][package]
        path.write_text(json.dumps({**told, "versions": {**told["versions"], package: "0.0.7"}}))
        said = refused(small, tmp_path, resume=True)
        assert f"{package}: '0.0.7' there, '{here}' here" in said
    report = generate(small, tmp_path, samples=RANGE, resume=True, allow_changed=True)
    assert report.manifest is not None
    assert "uharfbuzz: '0.0.7' there" in report.manifest["mixed"][0]["changes"][0]


def test_f53_resumed_in_another_layout(small: Job, tmp_path: Path) -> None:
    """Another layout, or ranges of another size, cannot be mixed at all: refused, also with `--allow-changed`."""
    generate(small, tmp_path, samples=RANGE, shard="1/2")
    for options, difference in (
        ({"layout": "webdataset"}, "name: 'files' there, 'webdataset' here"),
        ({"samples": RANGE - 1}, "samples: 6 there, 5 here"),
    ):
        for allowed in (False, True):
            said = refused(small, tmp_path, resume=True, allow_changed=allowed, **options)
            assert difference in said
            assert "allow-changed" not in said


def test_f53_resumed_with_more_or_fewer_images(small_config: Path, tmp_path: Path) -> None:
    """With more, each index is made once, also in a range that was shorter; with fewer it is refused."""
    generate(Job.from_yaml(small_config, count=COUNT - 3), tmp_path, samples=RANGE)
    more = Job.from_yaml(small_config)
    assert "total_images: 21 there, 24 here" in refused(more, tmp_path, resume=True)
    report = generate(more, tmp_path, samples=RANGE, resume=True, allow_changed=True)
    assert (report.requested, report.kept) == (COUNT, COUNT - RANGE)
    assert report.manifest is not None
    assert (report.manifest["requested"], report.manifest["ranges"]) == (COUNT, [[0, COUNT]])
    fewer = Job.from_yaml(small_config, count=10)
    assert "holds 24 samples, and this job has 10" in refused(fewer, tmp_path, resume=True, allow_changed=True)


def test_f54_names_that_differ_by_case_or_form(small: Job, tmp_path: Path) -> None:
    """Specifications, corpora and fonts whose names are one to some file systems: nothing in a dataset is named so."""
    composed, decomposed = "é", unicodedata.normalize("NFD", "é")
    corpora, fonts = tmp_path / "corpora", tmp_path / "fonts"
    corpora.mkdir()
    fonts.mkdir()
    latin = next(font for font in small.catalogue.fonts.usable if "Latn" in font.scripts and font.path.endswith(".ttf"))
    specifications = []
    for number, name in enumerate(("A", "a", composed, decomposed)):
        (corpora / f"{name}.txt").write_text(f"text {'abcd'[number]}\n" * 20, encoding="utf-8")
        shutil.copy(latin.path, fonts / f"{name}.ttf")
        specifications.append(
            {
                "name": name,
                "proportion": 0.25,
                "text": {"direction": "left_to_right", "corpus": f"{name}.txt", "take": "line", "length": [1, 20]},
                "font": {"size": [16, 20]},
                "background": {"solid": {}},
            }
        )
    config = tmp_path / "job.yaml"
    config.write_text(json.dumps({"total_images": 24, "specifications": specifications}), encoding="utf-8")
    job = Job.from_yaml(config, fonts=[fonts], corpora=corpora)
    report = generate(job, tmp_path / "out", samples=RANGE)
    assert report.written == 24
    assert report.manifest is not None
    assert report.manifest["specifications"] == dict.fromkeys(sorted(("A", "a", composed, decomposed)), 6)
    texts = {json.loads(path.read_text("utf-8"))["text"] for path in (tmp_path / "out/images").rglob("*.json")}
    assert texts == {"text a", "text b", "text c", "text d"}
    paths = list(contents(tmp_path / "out"))
    assert len({unicodedata.normalize("NFC", path).casefold() for path in paths}) == len(paths)
