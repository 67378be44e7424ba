"""`generate` writes what the config says, tells people and machines, and stops with 1."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Command


def images(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "images").rglob("*.*")}


def test_a_job_is_made_and_summed_up(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    code, out, _ = glyphmill("generate", config, "--out", "made")
    assert code == 0
    assert out.startswith("4 images of 2 specifications in 2 writing directions in made: ")
    assert len(list((tmp_path / "made").rglob("*.png"))) == 4


def test_count_and_seed_replace_those_of_the_config(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    for name, options in (("a", []), ("b", ["--seed", "4"]), ("c", ["--seed", "4", "--count", "2"])):
        assert glyphmill("generate", config, "--out", name, *options)[0] == 0
    a, b, c = (images(tmp_path / name) for name in "abc")
    assert a.keys() == b.keys()
    assert a != b
    assert len(c) == 4  # two images, two labels


def test_without_a_config_the_embedded_one_is_run(glyphmill: Command, tmp_path: Path) -> None:
    code, out, _ = glyphmill("generate", "--out", "made", "--count", "3")
    assert code == 0
    assert out.startswith("3 images")
    assert len(images(tmp_path / "made")) == 6


def test_json_is_one_object_a_line_and_ends_with_the_totals(glyphmill: Command, config: Path) -> None:
    _, out, err = glyphmill("generate", config, "--out", "made", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert lines[0] == {
        "event": "progress",
        "done": 4,
        "written": 4,
        "rejected": 0,
        "kept": 0,
        "total": 4,
        "workers": 1,
        "workers_died": 0,
        "workers_hung": 0,
    }
    last = lines[-1]
    assert (last["event"], last["requested"], last["written"], last["rejected"]) == ("done", 4, 4, 0)
    assert last["directions"] == {"left_to_right": 2, "top_to_bottom": 2}


def test_own_folders_take_the_place_of_the_config_s(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "own.txt").write_text("quince " * 200, encoding="utf-8")
    config.write_text(
        "total_images: 2\nspecifications:\n  - {name: own, proportion: 1, text: {corpus: own.txt}}\n"
        "resources: {corpora: elsewhere}\n"
    )
    assert glyphmill("generate", config, "--out", "made", "--corpus", "texts")[0] == 0
    labels = [json.loads(path.read_bytes()) for path in (tmp_path / "made/images").rglob("*.json")]
    assert all("quince" in label["text"] for label in labels)


def test_a_run_that_loses_too_many_samples_stops_with_1(glyphmill: Command, config: Path) -> None:
    config.write_text(config.read_text() + "limits: {max_pixels: 1}\n")
    code, _, err = glyphmill("generate", config, "--out", "made")
    assert code == 1
    assert "4 of 4 samples were rejected" in err
    assert "pixel_budget" in err


def test_rejected_samples_are_summed_up_by_reason(glyphmill: Command, config: Path) -> None:
    config.write_text(
        config.read_text().replace("solid: {}}", "solid: {}}\n    canvas: {width: 1, overflow: reject}", 1)
    )
    code, out, _ = glyphmill("generate", config, "--out", "made")
    assert code == 0
    assert "2 rejected, each named in made/rejects.jsonl" in out
    assert "2  canvas: too_small" in out


def test_a_folder_that_holds_something_else_is_left_alone(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    code, _, err = glyphmill("generate", config, "--out", "mine")
    assert code == 1
    assert "mine" in err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_run_goes_on_where_it_was_left(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    """In shards and resumed, to the same images; without --resume what is there is left alone."""
    glyphmill("generate", config, "--out", "whole", "--range", "1")
    code, out, _ = glyphmill("generate", config, "--out", "parts", "--range", "1", "--shard", "2/2")
    assert (code, out.splitlines()[-1]) == (0, "Other shards are still to come; the last of them writes manifest.json.")
    code, _, err = glyphmill("generate", config, "--out", "parts", "--range", "1")
    assert code == 1
    assert "samples 2 to 2 of this very job already. Go on with it by --resume" in err
    code, out, _ = glyphmill("generate", config, "--out", "parts", "--range", "1", "--resume")
    assert code == 0
    assert "2 of 4 were there already and whole" in out
    assert images(tmp_path / "parts") == images(tmp_path / "whole")


def test_the_share_of_rejects_is_an_option(glyphmill: Command, config: Path) -> None:
    config.write_text(config.read_text() + "limits: {max_pixels: 1}\n")
    assert glyphmill("generate", config, "--out", "made", "--max-rejected", "1")[0] == 0


def test_samples_may_share_files(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    """As many in one as is said."""
    assert glyphmill("generate", config, "--out", "made", "--format", "webdataset", "--range", "3")[0] == 0
    assert sorted(path.name for path in (tmp_path / "made").glob("*.tar")) == ["shard-000000.tar", "shard-000001.tar"]
