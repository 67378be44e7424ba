"""The small commands: what they print, and that it can be used again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glyphmill.config.load import load_config, load_text
from glyphmill.core.registry import discover
from glyphmill.plan.plan import Plan
from tests.cli.conftest import Command
from tests.export.shards import KINDS


def test_a_starter_config_is_fit_to_run(glyphmill: Command, tmp_path: Path) -> None:
    assert glyphmill("init")[0] == 0
    code, out, err = glyphmill("validate", "glyphmill.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("glyphmill.yaml: ")
    assert load_config(tmp_path / "glyphmill.yaml", discover()).total_images >= 1


def test_init_replaces_no_file_unless_told(glyphmill: Command, config: Path) -> None:
    before = config.read_text()
    code, _, err = glyphmill("init", config)
    assert code == 2
    assert "--force" in err
    assert config.read_text() == before
    assert glyphmill("init", config, "--force")[0] == 0
    assert config.read_text() != before


def test_validate_gives_machines_every_problem(glyphmill: Command, config: Path) -> None:
    assert json.loads(glyphmill("validate", config, "--json")[1]) == {"fit": True, "problems": [], "warnings": []}
    config.write_text(config.read_text().replace("length: [4, 8]", "lenght: 4"))
    code, out, err = glyphmill("validate", config, "--json")
    report = json.loads(out)
    assert (code, err, report["fit"]) == (2, "", False)
    assert report["problems"][0]["line"] == 6
    assert report["problems"][0]["key"].endswith("text.lenght")


def test_what_config_show_prints_loads_to_the_same_job(glyphmill: Command, config: Path) -> None:
    code, out, _ = glyphmill("config", "show", config)
    assert code == 0
    assert load_text(out, "shown", discover()) == load_config(config, discover())
    assert json.loads(glyphmill("config", "show", config, "--json")[1])["total_images"] == 4


def test_the_schema_is_json_and_knows_the_units(glyphmill: Command, tmp_path: Path) -> None:
    _, out, _ = glyphmill("schema")
    assert "specifications" in json.loads(out)["properties"]
    glyphmill("schema", "--out", "schema.json")
    assert json.loads((tmp_path / "schema.json").read_text("utf-8")) == json.loads(out)


def test_plans_are_those_that_generate_follows(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    code, out, _ = glyphmill("plan", config, "--out", "plans.jsonl")
    assert (code, out) == (0, "4 plans in plans.jsonl\n")
    glyphmill("generate", config, "--out", "made")
    plans = [Plan.from_json(line) for line in (tmp_path / "plans.jsonl").read_text("utf-8").splitlines()]
    labels = [json.loads(path.read_bytes()) for path in sorted((tmp_path / "made/images").rglob("*.json"))]
    assert plans == [Plan.from_dict(label["plan"]) for label in labels]


def test_plans_go_to_standard_output_without_a_file(glyphmill: Command, config: Path) -> None:
    _, out, _ = glyphmill("plan", config, "--count", "3")
    assert [json.loads(line)["index"] for line in out.splitlines()] == [0, 1, 2]


def test_an_index_that_cannot_be_planned_is_a_line_that_says_why(glyphmill: Command, config: Path) -> None:
    config.write_text(config.read_text() + "limits: {max_characters: 1}\n")
    line = json.loads(glyphmill("plan", config, "--count", "1")[1])
    assert line["index"] == 0
    assert line["rejected"]["reason"] == "too_many_characters"


def test_fonts_are_listed_with_scripts_and_bad_ones_with_reasons(glyphmill: Command, tmp_path: Path) -> None:
    code, out, _ = glyphmill("fonts", "--script", "deva")
    assert code == 0
    assert "NotoSansDevanagari" in out
    assert "NotoSansThai" not in out
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "fake.ttf").write_bytes(b"<html>not found</html>")
    rows = json.loads(glyphmill("fonts", "--json")[1])
    assert {row["status"] for row in rows} == {"ok"}
    code, out, err = glyphmill("fonts", "fonts")
    assert "fake.ttf" in out + err


def test_verify_finds_a_sound_dataset_sound(glyphmill: Command, config: Path) -> None:
    glyphmill("generate", config, "--out", "made")
    code, out, err = glyphmill("verify", "made")
    assert (code, err) == (0, "")
    assert out.endswith("made: sound\n")
    assert json.loads(glyphmill("verify", "made", "--json")[1])["ok"] is True


@pytest.mark.parametrize("suffix", ["png", "json"])
def test_verify_names_a_changed_file_and_is_1(glyphmill: Command, config: Path, tmp_path: Path, suffix: str) -> None:
    glyphmill("generate", config, "--out", "made")
    path = tmp_path / f"made/images/000000/000000002.{suffix}"
    path.write_bytes(path.read_bytes()[:-3])
    code, out, _ = glyphmill("verify", "made")
    assert code == 1
    assert f"000000002.{suffix}" in out


def test_verify_can_be_limited_to_some_checks_and_samples(glyphmill: Command, config: Path) -> None:
    glyphmill("generate", config, "--out", "made")
    report = json.loads(glyphmill("verify", "made", "--checks", "hashes", "images", "--sample", "1", "--json")[1])
    assert report["checks"].keys() == {"hashes", "images"}
    assert report["checks"]["images"] == {"checked": 1, "faults": 0}


def test_verify_refuses_what_is_no_dataset(glyphmill: Command, tmp_path: Path) -> None:
    code, _, err = glyphmill("verify", tmp_path)
    assert code in (1, 2)
    assert str(tmp_path) in err


def test_render_gives_the_image_back_bit_for_bit(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    glyphmill("generate", config, "--out", "made")
    label = tmp_path / "made/images/000000/000000001.json"
    code, out, _ = glyphmill("render", label, "--out", "again.png")
    assert code == 0
    assert "again.png" in out
    assert (tmp_path / "again.png").read_bytes() == label.with_suffix(".png").read_bytes()


@pytest.mark.parametrize("layout", KINDS)
def test_render_takes_a_label_out_of_a_shard(glyphmill: Command, config: Path, tmp_path: Path, layout: str) -> None:
    """By its file and its name; one that is not there is bad luck, not a bug."""
    glyphmill("generate", config, "--out", "files")
    glyphmill("generate", config, "--out", "shards", "--format", layout, "--range", "2")
    shard = f"shards/{KINDS[layout].path(1)}"
    assert glyphmill("render", f"{shard}/000000003.json", "--out", "again.png")[0] == 0
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "files/images/000000/000000003.png").read_bytes()
    code, _, err = glyphmill("render", f"{shard}/000000001.json", "--out", "again.png")
    assert code == 1
    assert "holds no label '000000001.json'" in err
