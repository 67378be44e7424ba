"""A dataset read by an engine: every text once, in order, whatever the engine and the number of workers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from glyphmill.core.errors import GlyphmillError
from glyphmill.evaluate import evaluate as module
from glyphmill.evaluate.engine import EngineError, Way
from glyphmill.evaluate.evaluate import batches, evaluate
from glyphmill.run.generate import generate
from glyphmill.run.outcome import RunError
from tests.evaluate.conftest import SPECIFICATIONS, FakeEngine
from tests.export.shards import KINDS
from tests.jobs import open_job, registry
from tests.s3 import Bucket


def test_a_perfect_reader_makes_no_error(dataset: Path) -> None:
    """And reads every line, once, in the order of the samples."""
    report = evaluate(dataset, FakeEngine(), registry=registry())
    assert report.samples == 12
    assert not report.failed
    places = [(reading.piece.index, reading.piece.number) for reading in report.read]
    assert places == sorted(set(places))
    assert {index for index, _ in places} == set(range(12))
    for _, score in report.rows():
        assert score.cer.value == 0
        assert score.exact.value == 1
        assert score.empty == 0


def test_errors_are_found_where_they_were_made(dataset: Path) -> None:
    """Of a reader that reads nothing in Japanese, and drops the last letter of German."""

    def reads(piece: object) -> str:
        specification = piece.facts.specification  # type: ignore[attr-defined]
        return {"s0": piece.text, "s1": piece.text.strip()[:-1], "s2": " "}[specification]  # type: ignore[attr-defined]

    report = evaluate(dataset, FakeEngine(reads), by=["specification", "direction"], registry=registry())
    scores = {(group.grouping, group.name): score for group, score in report.rows()}
    assert scores["specification", "s0"].cer.value == 0
    assert 0 < scores["specification", "s1"].cer.value < 0.2
    assert scores["specification", "s2"].cer.value == 1
    assert scores["specification", "s2"].empty == scores["specification", "s2"].count
    assert scores["direction", "top_to_bottom"].cer == scores["specification", "s2"].cer
    assert scores["specification", "s2"].wer is None


def test_the_report_is_the_same_for_any_number_of_workers(dataset: Path) -> None:
    engine = FakeEngine(lambda piece: piece.text[1:])
    one, three = (evaluate(dataset, engine, workers=n, registry=registry()).to_dict() for n in (1, 3))
    assert json.dumps(one) == json.dumps(three)


def test_failures_are_counted_and_leave_the_rest(dataset: Path) -> None:
    """What the engine gives up on is no reading, and not an error of reading either."""
    engine = FakeEngine(lambda piece: None if piece.index == 3 else piece.text)
    report = evaluate(dataset, engine, registry=registry())
    assert {reading.piece.index for reading in report.failed} == {3}
    told = report.to_dict()
    assert told["failed"][0] == {"index": 3, "number": 0}
    assert told["read"] == len(report.readings) - len(report.failed)
    assert told["all"]["cer"]["value"] == 0
    nothing = evaluate(dataset, FakeEngine(lambda piece: None), registry=registry())
    assert (list(nothing.rows()), nothing.to_dict()["read"]) == ([], 0)


@pytest.mark.parametrize("layout", KINDS)
def test_every_layout_is_read_alike(dataset: Path, tmp_path: Path, layout: str) -> None:
    """The same texts in the same pictures; also some of the samples, which end within a shard."""
    generate(open_job(SPECIFICATIONS, 12), tmp_path / "out", layout=layout, samples=5)
    for limit in (None, 7):
        engines = [FakeEngine(lambda piece: piece.text[1:]) for _ in range(2)]
        files, shards = (
            evaluate(root, engine, limit=limit, registry=registry())
            for root, engine in zip((dataset, tmp_path / "out"), engines, strict=True)
        )
        assert files.to_dict() == shards.to_dict()
        assert engines[0].pictures == engines[1].pictures


def test_a_damaged_shard_is_named(tmp_path: Path) -> None:
    """And nothing is read."""
    generate(open_job(SPECIFICATIONS, 6), tmp_path / "out", layout="webdataset", samples=3)
    path, engine = tmp_path / "out/shard-000001.tar", FakeEngine()
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(GlyphmillError, match=r"shard-000001\.tar: .*glyphmill verify"):
        evaluate(tmp_path / "out", engine, registry=registry())
    assert not engine.pictures


@pytest.mark.parametrize("layout", ["files", "parquet"])
def test_object_storage_is_read_like_a_folder(s3: Bucket, layout: str, tmp_path: Path) -> None:
    job = open_job(SPECIFICATIONS, 6)
    for where in (s3.folder("set"), tmp_path / "out"):
        generate(job, where, layout=layout, samples=4)
    there, here = (evaluate(where, FakeEngine(), registry=registry()) for where in (s3.folder("set"), tmp_path / "out"))
    assert there.to_dict() == here.to_dict()


def test_levels_are_lines_words_and_images(dataset: Path) -> None:
    """The words of a text are those of its lines; an image is read whole."""
    lines, words, images = (
        evaluate(dataset, FakeEngine(), level=level, registry=registry(), only=["language=de-Latn"])  # type: ignore[arg-type]
        for level in ("line", "word", "image")
    )
    assert len(images.read) == 4
    assert len(lines.read) > 4
    assert len(words.read) > len(lines.read)
    for image in images.read:
        of_lines = [line.expected for line in lines.read if line.piece.index == image.piece.index]
        of_words = [word.expected for word in words.read if word.piece.index == image.piece.index]
        assert image.expected == " ".join(of_lines)
        assert "".join(of_words) == image.expected.replace(" ", "")


def test_the_first_samples_are_of_all_specifications(dataset: Path) -> None:
    """They take turns; samples at even distances might all be of one."""
    report = evaluate(dataset, FakeEngine(), limit=3, registry=registry())
    assert report.samples == 3
    assert sorted({reading.piece.index for reading in report.read}) == [0, 1, 2]
    assert len({reading.piece.facts.specification for reading in report.read}) == 3


def test_only_what_was_asked_for_is_read(dataset: Path) -> None:
    """And an engine need not have models for the rest."""
    engine = FakeEngine(missing=["ja-Jpan"])
    with pytest.raises(EngineError, match="ja-Jpan"):
        evaluate(dataset, engine, registry=registry())
    report = evaluate(dataset, engine, only=["script=Latn"], registry=registry())
    assert {reading.piece.facts.script for reading in report.read} == {"Latn"}
    with pytest.raises(GlyphmillError, match="no text to read that --only leaves"):
        evaluate(dataset, engine, only=["script=Cher"], registry=registry())


def test_progress_ends_at_the_number_of_texts(dataset: Path) -> None:
    steps: list[tuple[int, int]] = []
    report = evaluate(dataset, FakeEngine(), registry=registry(), progress=lambda *step: steps.append(step))
    assert steps[-1] == (len(report.readings), len(report.readings))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


WAYS = [Way(model, "line") for model in "abac" * 30] + [Way("a", "column")]


def pictures() -> Iterator[tuple[int, np.ndarray]]:
    return ((place, np.full((2, 5, 3), place, np.uint8)) for place in range(len(WAYS)))


def test_batches_are_read_in_one_way_and_hold_everything_once() -> None:
    made = list(batches(pictures(), WAYS))
    assert sorted(place for places, _ in made for place in places) == list(range(len(WAYS)))
    assert all(len({WAYS[place] for place in places}) == 1 for places, _ in made)
    assert all(places == sorted(places) for places, _ in made)
    assert all([picture[0, 0, 0] for picture in alike] == places for places, alike in made)
    assert len(made) == 2 + 1 + 1 + 1


def test_pictures_wait_for_others_only_as_long_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The largest batch goes first."""
    monkeypatch.setattr(module, "_BATCH_BYTES", 10 * 30)
    taken = 0

    def counted() -> Iterator[tuple[int, np.ndarray]]:
        nonlocal taken
        for picture in pictures():
            taken += 1
            yield picture

    given: list[int] = []
    for places, _ in batches(counted(), WAYS):
        assert taken - len(given) <= 11
        given += places
    assert given[:6] == [0, 2, 4, 6, 8, 10]
    assert sorted(given) == list(range(len(WAYS)))


@pytest.fixture
def copy(dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(dataset, tmp_path / "copy"))


def test_what_is_no_dataset_is_refused(copy: Path, tmp_path: Path) -> None:
    """Without a manifest, or without labels, with the folder named."""
    with pytest.raises(RunError, match=r"made.*manifest\.json"):
        evaluate(tmp_path / "made", FakeEngine())
    shutil.rmtree(copy / "images")
    with pytest.raises(GlyphmillError, match=r"copy: there are no samples"):
        evaluate(copy, FakeEngine())


@pytest.mark.parametrize("damage", ["image gone", "image cut", "label cut", "no plan", "strange plan", "elsewhere"])
def test_a_damaged_dataset_names_the_file(copy: Path, damage: str) -> None:
    """And the command that lists every such file."""
    image, label = copy / "images/000000/000000004.png", copy / "images/000000/000000004.json"
    data = json.loads(label.read_bytes())
    if damage == "image gone":
        image.unlink()
    elif damage == "image cut":
        image.write_bytes(image.read_bytes()[:40])
    elif damage == "label cut":
        label.write_bytes(label.read_bytes()[:-9])
    else:
        data |= {"no plan": {"plan": {}}, "elsewhere": {"image": "../../../etc/passwd"}}.get(damage, {})
        if damage == "strange plan":
            data["plan"]["steps"] = [{"stage": "font", "unit": "font", "params": [1]}]
        label.write_text(json.dumps(data))
    with pytest.raises(GlyphmillError, match=r"000000004\.(png|json): .*glyphmill verify"):
        evaluate(copy, FakeEngine(), registry=registry())


def test_images_without_labels_are_counted(copy: Path) -> None:
    (copy / "images/000000/000000004.json").unlink()
    (copy / "images/000000/000000005.cluster_mask.png").write_bytes(b"")
    report = evaluate(copy, FakeEngine(), registry=registry())
    assert (report.samples, report.unlabelled) == (11, 1)
