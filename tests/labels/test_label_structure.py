"""Laws of the label as a value: what it covers, how its parts refer to each other, and the published format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glyphmill.run.job import Job
from glyphmill.run.outcome import Rejected
from glyphmill.unicode import bidi
from tests.jobs import open_job

LANGUAGES = ("en", "ru", "el", "ar", "he", "hi", "th", "zh-Hans", "ja", "ko")
DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")

#: Lines that are hard to label: ligatures, marks, joiners, selectors, mixed directions, emoji sequences.
HARD_LINES = (
    "office fluff, naïve ½ Å",
    "e\u0301te\u0301 a\u0323\u030a x\u0302\u0323",
    "العدد 123 من English في النص (45%)",
    "لا إله بلا لألأ",
    "می\u200cخواهم نمی\u200cدانم",
    "שָׁלוֹם world 45.6% (abc)",
    "क्षत्रिय ज्ञान श्रीमान् र्कि द्ध्य",
    "क्\u200dष क्\u200cष",
    "กำลังน้ำใจ ที่ปู่ ญู",
    "東京（２０２４年）、ﾀﾜｰ｡ 葛\U000e0100城",
    "「縦」ー…Tokyo 2020年",
    "한글과 각각 ᄒᆞᆫ글",
    "👩\u200d💻 and 👨\u200d👩\u200d👧 ok ☎\ufe0e",
    "  two  spaces   three ",
    "a",
)

TOP_KEYS = [
    "schema", "image", "width", "height", "text", "direction", "lines", "words", "bboxes", "contrast", "plan",
]  # fmt: skip
LINE_KEYS = ["text", "quad", "polygon", "area", "baseline", "words"]
WORD_KEYS = ["text", "quad", "polygon", "area", "line_index"]
BOX_KEYS = ["char", "x0", "y0", "x1", "y1", "quad", "line_index", "word_index", "span", "ink"]


def samples_of(job: Job) -> Iterator[dict[str, Any]]:
    for index in range(len(job)):
        made = job.generate(index)
        assert not isinstance(made, Rejected), made
        yield made.label


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Labels of every language and of the hard lines, in all directions, on up to four lines."""
    corpora = tmp_path_factory.mktemp("corpora")
    for number, line in enumerate(HARD_LINES):
        (corpora / f"hard{number}.txt").write_text(line + "\n", encoding="utf-8")
    texts: list[dict[str, Any]] = [{"language": language} for language in LANGUAGES]
    texts += [{"corpus": f"hard{number}.txt", "take": "line"} for number in range(len(HARD_LINES))]
    specifications = [
        {"text": {**text, "direction": direction, "line_break": mode, "lines": [1, 4]}}
        for text in texts
        for direction in DIRECTIONS
        for mode in ("word", "character")
    ]
    return list(samples_of(open_job(specifications, len(specifications), corpora=corpora)))


def centers(entries: list[dict[str, Any]]) -> Any:
    return np.array([entry["quad"] for entry in entries]).mean(axis=1)


def shoelace(polygon: Any) -> float:
    """Area of a polygon of corners with two decimals."""
    x, y = np.array(polygon).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def perimeter(polygon: Any) -> float:
    """Length around a polygon."""
    return float(np.hypot(*(np.array(polygon) - np.roll(polygon, -1, axis=0)).T).sum())


def distance_outside(point: Any, quad: Any) -> float:
    """How far a point lies outside an axis-parallel quad, px."""
    low, high = np.min(quad, axis=0), np.max(quad, axis=0)
    return float(np.maximum(np.maximum(low - point, point - high), 0).max())


def test_every_code_point_is_in_one_span(labels: list[dict[str, Any]]) -> None:
    """The spans of bboxes cut the text in logical order, without gap or overlap, and name their own text."""
    for label in labels:
        spans = [box["span"] for box in label["bboxes"]]
        edges = [0, *(end for _, end in spans)]
        assert spans == [[a, b] for a, b in pairwise(edges)]
        assert edges[-1] == len(label["text"])
        assert all(label["text"][a:b] == box["char"] for (a, b), box in zip(spans, label["bboxes"], strict=True))


def test_lines_cover_the_text(labels: list[dict[str, Any]]) -> None:
    """Lines, one after the other, are the text, and each bbox is in the line that its span is in."""
    for label in labels:
        assert "".join(line["text"] for line in label["lines"]) == label["text"]
        ends = np.cumsum([len(line["text"]) for line in label["lines"]])
        for box in label["bboxes"]:
            assert box["line_index"] == np.searchsorted(ends, box["span"][0], side="right")
            assert box["span"][1] <= ends[box["line_index"]]


def test_words_are_what_white_space_delimits(labels: list[dict[str, Any]]) -> None:
    """A bbox has a word unless it is white space; the bboxes of a word spell it, and are in its line."""
    for label in labels:
        members: list[list[dict[str, Any]]] = [[] for _ in label["words"]]
        for box in label["bboxes"]:
            assert (box["word_index"] is None) == box["char"].isspace()
            if box["word_index"] is not None:
                members[box["word_index"]].append(box)
        for word, boxes in zip(label["words"], members, strict=True):
            assert "".join(box["char"] for box in boxes) == word["text"]
            assert {box["line_index"] for box in boxes} == {word["line_index"]}
        for number, line in enumerate(label["lines"]):
            assert [label["words"][word]["text"] for word in line["words"]] == line["text"].split()
            assert all(label["words"][word]["line_index"] == number for word in line["words"])


def test_quads_hold_what_they_are_quads_of(labels: list[dict[str, Any]]) -> None:
    """The centre of a cluster lies in the quad of its line and of its word, and a baseline in that of its line."""
    for label in labels:
        for center, box in zip(centers(label["bboxes"]), label["bboxes"], strict=True):
            if box["word_index"] is None:
                continue  # white space at the end of a line hangs out of it
            for holder in (label["lines"][box["line_index"]], label["words"][box["word_index"]]):
                assert distance_outside(center, holder["quad"]) <= 0.02, (label["text"], box["char"])
        for line in label["lines"]:
            assert all(distance_outside(point, line["quad"]) <= 0.02 for point in line["baseline"])


def test_only_what_draws_nothing_is_without_ink(labels: list[dict[str, Any]]) -> None:
    """White space has an advance box and no ink; every letter has ink, and a box with some area."""
    for label in labels:
        for box in label["bboxes"]:
            if box["char"].isspace():
                assert not box["ink"]
            elif box["char"].isalnum():
                assert box["ink"], (label["text"], box["char"])
            if box["ink"]:
                assert box["x0"] < box["x1"], (label["text"], box["char"])
                assert box["y0"] < box["y1"], (label["text"], box["char"])


def test_logical_order_runs_the_way_of_the_direction(labels: list[dict[str, Any]]) -> None:
    """In a line all of one direction, the clusters of its words follow each other the way its label says."""
    steps = {"left_to_right": (0, 1), "right_to_left": (0, -1), "top_to_bottom": (1, 1), "bottom_to_top": (1, -1)}
    checked = dict.fromkeys(steps, 0)
    for label in labels:
        base = {"left_to_right": 0, "right_to_left": 1}.get(label["direction"], bidi.base_level(label["text"]))
        levels = bidi.levels(label["text"], base)
        axis, sign = steps[label["direction"]]
        for number in range(len(label["lines"])):
            boxes = [box for box in label["bboxes"] if box["line_index"] == number and box["word_index"] is not None]
            if len(boxes) > 1 and all(levels[box["span"][0]] == base for box in boxes):
                moves = np.diff(centers(boxes)[:, axis]) * sign
                assert (moves >= -0.02).all(), (label["text"], label["direction"], boxes)
                checked[label["direction"]] += 1
    assert min(checked.values()) >= 20, checked


def test_a_label_is_of_the_published_format(labels: list[dict[str, Any]]) -> None:
    """Exactly the documented keys, in their order; numbers with two decimals; boxes in the image; plain JSON."""
    for label in labels:
        assert json.loads(json.dumps(label, allow_nan=False))["bboxes"] == label["bboxes"]
        assert list(label) == TOP_KEYS
        assert label["schema"] == "glyphmill.label/1"
        assert label["direction"] in DIRECTIONS
        assert 0 <= label["contrast"] <= 1
        assert all(list(line) == LINE_KEYS for line in label["lines"])
        assert all(list(word) == WORD_KEYS for word in label["words"])
        for box in label["bboxes"]:
            assert list(box) == BOX_KEYS + [key for key in ("shared", "visible") if key in box]
            assert box.get("shared", True) is True
            assert 0 <= box.get("visible", 0) < 1
            assert 0 <= box["x0"] <= box["x1"] <= label["width"]
            assert 0 <= box["y0"] <= box["y1"] <= label["height"]
            assert all(round(box[key], 2) == box[key] for key in ("x0", "y0", "x1", "y1"))
        for part in (*label["lines"], *label["words"], *label["bboxes"]):
            assert np.shape(part["quad"]) == (4, 2)
        for part in (*label["lines"], *label["words"]):
            assert np.shape(part["polygon"])[0] >= 3
            rounding = 0.05 + 0.01 * perimeter(part["polygon"])
            assert part["area"] == pytest.approx(shoelace(part["polygon"]), abs=rounding)
        assert all(np.shape(line["baseline"])[0] >= 2 for line in label["lines"])


def test_the_documented_keys_are_the_written_ones() -> None:
    """docs/reference/labels.md lists the keys that labels have, and no others."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "labels.md").read_text(encoding="utf-8")
    listed = {key for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
    assert listed == {*TOP_KEYS, *BOX_KEYS, "shared", "visible"}
