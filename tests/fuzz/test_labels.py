"""Whatever stands in a label, its plan gives an image or a message; whatever lies in a dataset, `verify` reports it."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import event, given
from hypothesis import strategies as st

from glyphmill import Job
from glyphmill.core.errors import GlyphmillError
from glyphmill.core.unit import SHAPES
from glyphmill.run.generate import generate
from glyphmill.run.label_check import label_problems
from glyphmill.run.outcome import RunError
from glyphmill.run.render import Renderer, read_label
from glyphmill.run.verify import verify
from tests.catalogue.imagemaking import encoded, picture
from tests.fuzz.cases import Edits, bounded, cases, edited, edits
from tests.fuzz.trees import TREE_EDITS, TreeEdits, grown
from tests.jobs import registry

COMMON = {"text": {"length": [3, 8], "language": "en"}, "font": {"size": [14, 22]}}


def specifications() -> Iterator[dict[str, Any]]:
    """One for each unit beyond the common ones, and some for what these are set to."""
    yield {"text": {"lines": 2, "length": 30}, "color": {"mode": "gradient"}, "layout": {"align": "center"}}
    yield {"text": {"language": "ar", "direction": "right_to_left"}, "color": {"mode": "per_glyph"}}
    yield {"text": {"language": "ja", "direction": "top_to_bottom"}, "font": {"bold": 0.02, "slant": 0.1}}
    for stage, shape in SHAPES.items():
        if shape == "single" or stage == "encode":
            continue
        for unit in registry().stage(stage):
            yield {stage: {unit.id: {}} if shape == "choice" else [{unit.id: {}}]}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small dataset that every unit has a part in."""
    root = tmp_path_factory.mktemp("fuzz")
    (root / "pictures").mkdir()
    (root / "pictures/one.png").write_bytes(encoded(picture(400, 300), "PNG"))
    made = list(specifications())
    named = [{"name": f"s{number}", "proportion": 1 / len(made), **one} for number, one in enumerate(made)]
    job = {
        "total_images": len(made),
        "resources": {"backgrounds": ["pictures"]},
        "limits": {"max_pixels": 2_000_000, "max_rejected": 1},
        "defaults": COMMON,
        "specifications": named,
    }
    (root / "job.yaml").write_text(yaml.safe_dump(job), encoding="utf-8")
    generate(Job.from_yaml(root / "job.yaml"), root / "out")
    return root / "out"


@pytest.fixture(scope="module")
def labels(dataset: Path) -> list[dict[str, Any]]:
    found = [read_label(path) for path in sorted(dataset.rglob("images/**/*.json"))]
    assert len(found) >= 4
    return found


@pytest.fixture(scope="module")
def renderer(dataset: Path) -> Renderer:
    return Renderer(manifest=json.loads((dataset / "manifest.json").read_text(encoding="utf-8")))


@pytest.mark.fuzz
@cases(0.2)
@given(data=st.data(), changes=TREE_EDITS, whole=st.sampled_from((False, False, False, True)))
def test_a_mutated_plan_gives_an_image_or_a_message(
    labels: list[dict[str, Any]], renderer: Renderer, data: st.DataObject, changes: TreeEdits, whole: bool
) -> None:
    """The changes fall on what one unit drew, or anywhere."""
    label = copy.deepcopy(data.draw(st.sampled_from(labels)))
    if whole:
        label["plan"] = grown(label["plan"], changes)
    else:
        step = data.draw(st.sampled_from(label["plan"]["steps"]))
        step["params"] = grown(step["params"], changes)
    with contextlib.suppress(GlyphmillError), bounded():
        assert renderer.image(label)
        event("image")


@pytest.mark.fuzz
@cases(0.05)
@given(which=st.sampled_from(range(1009)), changes=TREE_EDITS)
def test_a_mutated_label_has_problems_or_none(labels: list[dict[str, Any]], which: int, changes: TreeEdits) -> None:
    """Each problem is a sentence, and a label without any is whole."""
    label = grown(copy.deepcopy(labels[which % len(labels)]), changes)
    problems = label_problems(label)
    assert all(problems)
    assert problems or label.keys() >= labels[0].keys() - {"lines"}


DAMAGE = st.one_of(
    st.tuples(st.just("bytes"), edits(3000)),
    st.tuples(st.just("tree"), TREE_EDITS),
    st.tuples(st.just("gone"), st.none()),
)


@pytest.mark.fuzz
@cases(0.1)
@given(which=st.sampled_from(range(1009)), damage=DAMAGE, rehash=st.booleans())
def test_a_damaged_dataset_is_reported(dataset: Path, which: int, damage: tuple[str, Any], rehash: bool) -> None:
    """In any file, also where the checksums were made to agree with the damage."""
    files = sorted(path for path in dataset.rglob("*") if path.is_file())
    manifest, checksums = dataset / "manifest.json", dataset / "checksums/000000.sha256"
    # Half of all damage goes to the two files that the others are found by.
    path = [manifest, checksums][which // 2 % 2] if which % 2 else files[which // 2 % len(files)]
    kept = {one: one.read_bytes() for one in (path, manifest, checksums)}
    try:
        spoil(path, *damage)
        if rehash and path not in (manifest, checksums):
            renew(dataset)
        with bounded():
            report = verify(dataset, sample=2)
        event("ok" if report.ok else "faults")
        assert json.dumps(report.to_dict())
        assert all(fault.file and fault.message for fault in report.faults)
    except RunError:
        event("refused")
        assert path == manifest
    finally:
        for one, data in kept.items():
            one.write_bytes(data)


def spoil(path: Path, way: str, changes: Any) -> None:
    """Damage a file: some of its bytes, a value in it if it is JSON, or all of it."""
    data = path.read_bytes()
    if way == "gone":
        path.unlink()
    elif way == "tree" and path.suffix == ".json":
        path.write_text(json.dumps(grown(json.loads(data), changes)), encoding="utf-8")
    else:
        at: Edits = changes if way == "bytes" else [(7, 3, b"9")]
        path.write_bytes(edited(data, [(where % (len(data) + 1), cut, piece) for where, cut, piece in at]))


def renew(root: Path) -> None:
    """Make the checksum lists and the manifest agree with the files."""
    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    for name in manifest["checksums"]:
        rows = [line[66:] for line in (root / name).read_text(encoding="utf-8").splitlines()]
        there = [row for row in rows if (root / row).exists()]
        text = "".join(f"{hashlib.sha256((root / row).read_bytes()).hexdigest()}  {row}\n" for row in there)
        (root / name).write_text(text, encoding="utf-8")
        manifest["checksums"][name] = hashlib.sha256(text.encode()).hexdigest()
    (root / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
