"""A small dataset of plain images, with labels in the published format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

SPECIFICATIONS = (
    ("latin", "left_to_right", (300, 60), "plain words"),
    ("arabic", "right_to_left", (280, 70), 'نص <script>alert("x")</script> & more'),
    ("japanese", "top_to_bottom", (50, 400), "縦書き"),
    ("ogham", "bottom_to_top", (44, 380), "᚛ᚑᚌ᚜"),
)


def label_of(index: int, specification: str, direction: str, size: tuple[int, int], text: str) -> dict[str, Any]:
    width, height = size
    quad = [[4.0, 6.0], [width - 4.0, 6.0], [width - 4.0, height - 6.0], [4.0, height - 6.0]]
    first = {"x0": 10.0, "y0": 10.0, "x1": 30.0, "y1": 30.0, "ink": True}
    others = {"x0": 30.0, "y0": 10.0, "x1": 36.0, "y1": 30.0, "ink": False}
    part = {"text": text, "quad": quad, "polygon": quad, "area": 100.0}
    return {
        "schema": "glyphmill.label/1",
        "image": f"images/000000/{index:09d}.png",
        "width": width,
        "height": height,
        "text": text,
        "direction": direction,
        "lines": [{**part, "baseline": [quad[3], quad[2]], "words": [0]}],
        "words": [{**part, "line_index": 0}],
        "bboxes": [
            {
                "char": char,
                **(others if at else first),
                "quad": quad,
                "line_index": 0,
                "word_index": 0,
                "span": [at, at + 1],
            }
            for at, char in enumerate(text)
        ],
        "contrast": 0.9,
        "plan": {"index": index, "specification": specification},
    }


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Twelve samples: three of each of four specifications, one for each writing direction."""
    root = tmp_path / "dataset"
    folder = root / "images" / "000000"
    folder.mkdir(parents=True)
    told: dict[str, Any] = {
        "schema": "glyphmill.manifest/1",
        "requested": 12,
        "written": 12,
        "rejected": 0,
        "ranges": [],
    }
    told |= {"config": {}, "resources": {}, "checksums": {}}
    (root / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    for index in range(12):
        specification, direction, size, text = SPECIFICATIONS[index % 4]
        image = np.full((size[1], size[0], 3), (40, 90, 250 - index), np.uint8)
        cv2.imwrite(str(folder / f"{index:09d}.png"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
        label = label_of(index, specification, direction, size, text)
        (folder / f"{index:09d}.json").write_text(json.dumps(label), encoding="utf-8")
    return root
