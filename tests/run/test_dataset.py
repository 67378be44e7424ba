"""A dataset is read alike in every layout: each sample once, in order; parts of it; while it is being made."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill import Job
from glyphmill.export.stored import StoredError
from glyphmill.run.dataset import Entry, dataset_above, evenly, find_dataset
from glyphmill.run.generate import generate
from glyphmill.run.outcome import RunError
from tests.export.shards import KINDS
from tests.s3 import Bucket

COUNT, RANGE = 24, 10


@pytest.fixture(scope="module", params=["files", *KINDS])
def layout(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def made(layout: str, config_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of three ranges in one layout, not to be changed."""
    root = tmp_path_factory.mktemp(layout) / "out"
    generate(Job.from_yaml(config_path, count=COUNT), root, layout=layout, samples=RANGE)
    return root


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def test_every_sample_is_read_once_and_in_order(made: Path, dataset: Path) -> None:
    """With the label and the image that it has in any layout."""
    entries, others = find_dataset(made).samples(), find_dataset(dataset).samples()
    for index, (entry, other) in enumerate(zip(entries, others, strict=False)):
        assert entry.index == index
        assert entry.label() | {"image": ""} == other.label() | {"image": ""}
        assert (entry.image() == other.image()).all()
    assert index == COUNT - 1


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 23, 24, 25, 100])
def test_samples_are_spread_over_the_dataset(made: Path, layout: str, count: int) -> None:
    """Evenly, and as many as were asked for; of more shards than that, the first of some."""
    found = [entry.index for entry in find_dataset(made).spread(count)]
    if layout == "files" or count > 3:
        assert found == sorted(evenly(COUNT, count))
    else:
        assert found == [RANGE * place for place in sorted(evenly(3, count))]


@given(total=st.integers(0, 300), wanted=st.integers(0, 300))
def test_an_even_choice_has_its_size_and_no_great_gaps(total: int, wanted: int) -> None:
    chosen = sorted(evenly(total, wanted))
    assert len(chosen) == min(total, wanted)
    gaps = [after - before for before, after in pairwise(chosen)]
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_a_dataset_is_read_while_it_is_made(copy: Path, config_path: Path, layout: str) -> None:
    """What is there already: a manifest that lists nothing yet, and a temporary file."""
    told = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(told | {"ranges": [], "written": 0, "checksums": {}}))
    last = copy / ("images/000000/000000023.png" if layout == "files" else KINDS[layout].path(2))
    last.with_name(f".{last.name}.tmp").write_bytes(b"half")
    assert [entry.index for entry in find_dataset(copy).samples()] == [*range(COUNT)]
    assert len(list(find_dataset(copy).spread(5))) == 5


def test_samples_without_a_label_are_counted_and_left_out(copy: Path, layout: str) -> None:
    """In shards there are none."""
    dataset = find_dataset(copy)
    assert dataset.unlabelled() == 0
    if layout == "files":
        (copy / "images/000000/000000007.json").unlink()
        assert dataset.unlabelled() == 1
        assert 7 not in {entry.index for entry in dataset.samples()}
        assert len(list(dataset.spread(100))) == COUNT - 1


def test_what_is_beyond_the_usual_digits_comes_last(copy: Path, layout: str) -> None:
    """Though it would come before others by its name."""
    if layout == "files":
        path = copy / "images/1000000/10000000000.png"
        path.parent.mkdir()
        for suffix in (".png", ".json"):
            shutil.copy(copy / f"images/000000/000000007{suffix}", path.with_suffix(suffix))
        indices = [*range(COUNT), 10_000_000_000]
    else:
        shutil.copy(copy / KINDS[layout].path(0), copy / KINDS[layout].path(1_000_000))
        indices = [*range(COUNT), *range(RANGE)]
    assert [entry.index for entry in find_dataset(copy).samples()] == indices


def test_a_damaged_file_is_named(copy: Path, layout: str) -> None:
    """With the command that lists all of them; what comes before it is read."""
    dataset, read = find_dataset(copy), list[int]()
    path = copy / ("images/000000/000000012.json" if layout == "files" else KINDS[layout].path(1))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StoredError, match=rf"{path.name}: .*`glyphmill verify` lists every bad file"):
        read.extend(entry.index for entry in dataset.samples() if entry.label())
    assert read[:RANGE] == [*range(RANGE)]
    with pytest.raises(StoredError, match=path.name):
        list(map(Entry.label, dataset.spread(COUNT - 1)))


def test_the_nearest_dataset_above_a_file_is_found(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From anywhere; its path is that within the dataset, also through `..`."""
    monkeypatch.chdir(made.parent)
    for name in ("out/a/b.json", f"out/../{made.name}/a/b.json", str(made / "a/b.json")):
        above = dataset_above(name)
        assert above is not None
        assert above[0].storage.size("manifest.json") is not None
        assert above[1] == "a/b.json"
    assert dataset_above(tmp_path / "a.json") is None


def test_object_storage_is_read_like_a_folder(made: Path, s3: Bucket) -> None:
    """With options behind the address; some samples too."""
    client = s3.client()
    for path in made.rglob("*"):
        if path.is_file():
            client.put_object(Bucket=s3.name, Key=f"a/set/{path.relative_to(made).as_posix()}", Body=path.read_bytes())
    there, here = find_dataset(s3.folder("a/set")), find_dataset(made)
    assert [entry.sample for entry in there.samples()] == [entry.sample for entry in here.samples()]
    assert [entry.sample for entry in there.spread(5)] == [entry.sample for entry in here.spread(5)]
    above = dataset_above(s3.folder("a/set/x/y.json"))
    assert above is not None
    assert (above[0].storage.location, above[1]) == (s3.folder("a/set"), "x/y.json")
    assert dataset_above(s3.folder("a/y.json")) is None


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"holds no manifest\.json"):
        find_dataset(tmp_path)
