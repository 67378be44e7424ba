"""A label makes its image again: elsewhere, later, from the label alone; or a message says what it lacks."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import glyphmill
from glyphmill import Job
from glyphmill.core.errors import GlyphmillError, RenderError
from glyphmill.run.dataset import dataset_above
from glyphmill.run.generate import generate
from glyphmill.run.render import Renderer, read_label, render_file, render_label
from tests.export.shards import KINDS
from tests.s3 import Bucket

SHARDS = {Path(kind.path(0)).suffix: kind for kind in KINDS.values()}
SCRIPT = """
import hashlib, pathlib, sys
from glyphmill.run.render import Renderer, read_label
renderer = Renderer()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    print(hashlib.sha256(renderer.image(read_label(path))).hexdigest())
"""


def label_paths(dataset: Path) -> list[Path]:
    return sorted(dataset.rglob("images/**/*.json"))


def manifest_above(path: Path) -> dict[str, Any]:
    above = dataset_above(path)
    assert above is not None
    return above[0].manifest


def font_of(label: dict[str, Any]) -> dict[str, Any]:
    return next(step for step in label["plan"]["steps"] if step["stage"] == "font")["params"]["fonts"][0]


def test_labels_make_their_images_in_another_process_and_folder(dataset: Path, tmp_path: Path) -> None:
    """All labels of a dataset, moved away from it: every byte of every image."""
    for path in label_paths(dataset):
        shutil.copy(path, tmp_path)
    source = str(Path(glyphmill.__file__).parents[1])
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    listed = (dataset / "checksums/000000.sha256").read_text().splitlines()
    assert made == [line[:64] for line in listed if line.endswith(".png")]


def test_a_label_file_is_rendered_with_the_manifest_above_it(dataset: Path) -> None:
    """The nearest folder with a manifest tells where the fonts lay."""
    path = label_paths(dataset)[5]
    assert render_file(path) == path.with_suffix(".png").read_bytes()
    assert manifest_above(path) == json.loads((dataset / "manifest.json").read_text())
    assert dataset_above(dataset) is None


@pytest.fixture(scope="module", params=KINDS)
def sharded(request: pytest.FixtureRequest, config_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shard with the samples 4 to 7, in its dataset."""
    root = tmp_path_factory.mktemp(request.param) / "out"
    generate(Job.from_yaml(config_path, count=8), root, layout=request.param, samples=4)
    return root / KINDS[request.param].path(1)


def test_a_label_inside_a_shard_is_rendered(sharded: Path, dataset: Path) -> None:
    """By the name that faults have in `verify`; also one that was taken out of it."""
    image = (dataset / "images/000000/000000006.png").read_bytes()
    assert render_file(sharded / "000000006.json") == image
    (alone,) = (sample for sample in SHARDS[sharded.suffix].read(sharded.read_bytes()) if sample.index == 6)
    (sharded.parent / "mine.json").write_bytes(alone.label)
    assert render_file(sharded.parent / "mine.json") == image


@pytest.mark.parametrize("name", ["000000003.json", "000000006.png", "6.json", "label.json"])
def test_a_label_that_is_not_in_the_shard_is_named(sharded: Path, name: str) -> None:
    """With the shard, and what labels there are called."""
    with pytest.raises(GlyphmillError, match=rf"{sharded.name} holds no label '{name}'.* 000000012\.json"):
        render_file(sharded / name)


def test_a_damaged_shard_has_no_labels(sharded: Path, tmp_path: Path) -> None:
    """The shard is named, and one that is not there as well."""
    root = sharded.parents[1] if sharded.parent.name == "data" else sharded.parent
    copied = Path(shutil.copytree(root, tmp_path / "out")) / sharded.relative_to(root)
    copied.write_bytes(copied.read_bytes()[:300])
    with pytest.raises(GlyphmillError, match=rf"{sharded.name}: .*glyphmill verify"):
        render_file(copied / "000000006.json")
    copied.unlink()
    with pytest.raises(GlyphmillError, match=rf"{sharded.name}: No such file"):
        render_file(copied / "000000006.json")


def test_a_label_in_object_storage_is_rendered(s3: Bucket, sharded: Path, dataset: Path) -> None:
    """In a shard, and in a file of its own."""
    client, path = s3.client(), sharded.name if sharded.suffix == ".tar" else f"data/{sharded.name}"
    for root, prefix in ((sharded.parent if path == sharded.name else sharded.parents[1], "a"), (dataset, "b/c")):
        for name in ("manifest.json", path if prefix == "a" else "images/000000/000000006.json"):
            client.put_object(Bucket=s3.name, Key=f"{prefix}/{name}", Body=(root / name).read_bytes())
    image = (dataset / "images/000000/000000006.png").read_bytes()
    assert render_file(s3.folder(f"a/{path}/000000006.json")) == image
    assert render_file(s3.folder("b/c/images/000000/000000006.json")) == image


@pytest.mark.parametrize("output", ["{format: jpeg, quality: [30, 95]}", "{format: webp, mode: gray}", "{mode: gray}"])
def test_every_output_format_is_rendered_to_the_same_bytes(config_path: Path, tmp_path: Path, output: str) -> None:
    """The plan holds the encoder, what it drew, and whether the file is gray."""
    config = tmp_path / "job.yaml"
    config.write_text(config_path.read_text() + f"output: {output}\n")
    job = Job.from_yaml(config, count=6)
    generate(job, tmp_path / "out")
    paths = label_paths(tmp_path / "out")
    assert len(paths) == 6
    for path in paths:
        assert render_file(path) == path.with_suffix(f".{job.extension}").read_bytes()


@pytest.fixture
def with_own_font(job: Job, config_path: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A dataset made with fonts in a folder that the test may change: (folder, a label)."""
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for font in job.catalogue.fonts.usable:
        if {"Latn", "Hebr"} & set(font.scripts) and not (fonts / font.file).exists() and len(list(fonts.iterdir())) < 6:
            shutil.copy(font.path, fonts / f"my {font.file}")
    own = Job.from_yaml(config_path, count=2, fonts=[fonts])
    generate(own, tmp_path / "out")
    return fonts, label_paths(tmp_path / "out")[0]


def test_moved_fonts_are_found_where_they_are_given(with_own_font: tuple[Path, Path], tmp_path: Path) -> None:
    """By content, whatever they are called now."""
    fonts, path = with_own_font
    moved = tmp_path / "moved"
    moved.mkdir()
    for number, font in enumerate(sorted(fonts.iterdir())):
        font.rename(moved / f"{number}{font.suffix}")
    assert render_file(path, fonts=[moved]) == path.with_suffix(".png").read_bytes()


def test_a_missing_font_is_named_with_its_digest(with_own_font: tuple[Path, Path]) -> None:
    """And what to do: give its folder."""
    fonts, path = with_own_font
    label = read_label(path)
    shutil.rmtree(fonts)
    font = font_of(label)
    font["digest"] = "0" * 32
    with pytest.raises(RenderError) as caught:
        render_label(label, manifest=manifest_above(path))
    assert font["file"] in str(caught.value)
    assert font["digest"] in str(caught.value)


def test_a_font_whose_content_changed_is_refused(with_own_font: tuple[Path, Path]) -> None:
    """Rendering with another version would make another image; the message has both digests and the file."""
    fonts, path = with_own_font
    font = font_of(read_label(path))
    manifest = manifest_above(path)
    changed = fonts / font["file"]
    changed.write_bytes(changed.read_bytes() + b"\0")
    # What is installed is looked at last, and has the same content under its own name: leave it out.
    located = Renderer(manifest=manifest)
    located._generator._resources.fonts._find_installed = dict  # type: ignore[attr-defined]
    with pytest.raises(RenderError, match="has changed") as caught:
        located.image(read_label(path))
    assert font["digest"] in str(caught.value)
    assert str(changed) in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"plan": 3}', '{"plan": {"schema": "glyphmill.plan/9"}}'])
def test_what_is_no_label_is_refused(tmp_path: Path, text: str) -> None:
    """With the reason; and a file that is not there likewise."""
    path = tmp_path / "label.json"
    path.write_text(text)
    with pytest.raises(RenderError):
        render_file(path)
    with pytest.raises(RenderError, match="cannot read"):
        render_file(tmp_path / "nothing.json")


json_values = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2), st.text(max_size=3), st.just([])
)


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_plan_renders_or_says_what_is_wrong(dataset: Path, data: st.DataObject) -> None:
    """Whatever stands in a plan, the outcome is an image or a message, never another exception."""
    label = copy.deepcopy(read_label(label_paths(dataset)[0]))
    step = data.draw(st.sampled_from(label["plan"]["steps"]))
    key = data.draw(st.sampled_from(sorted(step["params"])))
    if data.draw(st.booleans()):
        del step["params"][key]
    else:
        step["params"][key] = data.draw(json_values)
    with contextlib.suppress(GlyphmillError):
        assert Renderer().image(label)
