"""`preview` shows a dataset or a config, as PNG or as HTML."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from tests.cli.conftest import Command
from tests.export.shards import KINDS
from tests.s3 import Bucket


def test_a_config_is_rendered_straight_away(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    code, out, _ = glyphmill("preview", config, "--width", "500")
    assert (code, out) == (0, "contact sheet of 4 samples: contact-sheet.png\n")
    sheet = cv2.imread(str(tmp_path / "contact-sheet.png"))
    assert sheet is not None
    assert sheet.shape[1] == 500


@pytest.mark.parametrize("layout", ["files", *KINDS])
def test_a_dataset_and_its_config_give_the_same_page(
    glyphmill: Command, config: Path, tmp_path: Path, layout: str
) -> None:
    glyphmill("generate", config, "--out", "job.yaml.d", "--format", layout)
    glyphmill("preview", "job.yaml.d", "--out", "a.html")
    glyphmill("preview", config, "--out", "b.html")
    a, b = ((tmp_path / name).read_text("utf-8") for name in ("a.html", "b.html"))
    assert a.replace("job.yaml.d", "job.yaml") == b


def test_a_dataset_in_object_storage_is_shown(glyphmill: Command, config: Path, tmp_path: Path, s3: Bucket) -> None:
    """Under the last part of its address."""
    glyphmill("generate", config, "--out", s3.folder("set/job.yaml"), "--format", "webdataset")
    assert glyphmill("preview", s3.folder("set/job.yaml"), "--out", "a.html")[0] == 0
    glyphmill("preview", config, "--out", "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_boxes_and_count_are_options(glyphmill: Command, config: Path, tmp_path: Path) -> None:
    _, out, _ = glyphmill("preview", config, "--out", "two.html", "--count", "2", "--boxes", "--json")
    assert json.loads(out) == {"out": "two.html", "samples": 2}
    assert (tmp_path / "two.html").read_text("utf-8").count(" checked>") == 3


def test_a_config_of_which_nothing_can_be_made_is_1(glyphmill: Command, config: Path) -> None:
    config.write_text(config.read_text() + "limits: {max_pixels: 1}\n")
    code, _, err = glyphmill("preview", config)
    assert code == 1
    assert "sample 0 was rejected: canvas: pixel_budget" in err
    assert "every sample was rejected" in err
