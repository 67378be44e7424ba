"""Is a label what the label format says? Keys, types, spans within the text, boxes within the image, valid indices."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from glyphmill.core.labels import SCHEMA

_DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")
_TOP = {
    "schema": str,
    "image": str,
    "width": int,
    "height": int,
    "text": str,
    "direction": str,
    "lines": list,
    "words": list,
    "bboxes": list,
    "contrast": (int, float),
    "plan": dict,
}
_NUMBER = (int, float)
_LINE = {"text": str, "quad": list, "polygon": list, "area": _NUMBER, "baseline": list, "words": list}
_WORD = {"text": str, "quad": list, "polygon": list, "area": _NUMBER, "line_index": int}
_CLUSTER = {
    "char": str,
    **dict.fromkeys(("x0", "y0", "x1", "y1"), _NUMBER),
    "quad": list,
    "line_index": int,
    "word_index": (int, type(None)),
    "span": list,
    "ink": bool,
}


def label_problems(label: Any) -> list[str]:
    """Everything in which a label differs from the format; empty for a sound one."""
    problems = list(_typed(label, _TOP, "label"))
    if problems:
        return problems
    if label["schema"] != SCHEMA:
        problems.append(f"schema is {label['schema']!r}, not {SCHEMA!r}")
    if label["direction"] not in _DIRECTIONS:
        problems.append(f"direction {label['direction']!r} is none of {', '.join(_DIRECTIONS)}")
    if label["width"] < 1 or label["height"] < 1:
        problems.append(f"the image is {label['width']} x {label['height']} px")
    for key, fields in (("lines", _LINE), ("words", _WORD), ("bboxes", _CLUSTER)):
        for place, entry in enumerate(label[key]):
            problems += _typed(entry, fields, f"{key}[{place}]")
    if problems:
        return problems
    return [*_line_problems(label), *_word_problems(label), *_cluster_problems(label)]


def sample_problems(label: Any, image_path: str) -> list[str]:
    """The same of a label whose image has this path."""
    problems = label_problems(label)
    return problems if problems or label["image"] == image_path else [f"image is {label['image']!r}"]


def _typed(value: Any, fields: dict[str, Any], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is {type(value).__name__}, not an object"
        return
    for key, kind in fields.items():
        if key not in value:
            yield f"{where} has no {key}"
        elif not isinstance(value[key], kind) or (isinstance(value[key], bool) and kind is not bool):
            yield f"{where}.{key} is {type(value[key]).__name__}"


def _line_problems(label: dict[str, Any]) -> Iterator[str]:
    for place, line in enumerate(label["lines"]):
        where = f"lines[{place}]"
        yield from _points(line["quad"], f"{where}.quad", 4, 4)
        yield from _points(line["polygon"], f"{where}.polygon", 3)
        yield from _points(line["baseline"], f"{where}.baseline", 2)
        yield from _area_problems(line["area"], where)
        if line["text"] not in label["text"]:
            yield f"{where}.text is no part of the text"
        for word in line["words"]:
            if not _index(word, label["words"]):
                yield f"{where}.words names the word {word!r}; there are {len(label['words'])}"
            elif label["words"][word]["line_index"] != place:
                yield f"{where}.words names the word {word}, which says that it is in another line"


def _word_problems(label: dict[str, Any]) -> Iterator[str]:
    for place, word in enumerate(label["words"]):
        where = f"words[{place}]"
        yield from _points(word["quad"], f"{where}.quad", 4, 4)
        yield from _points(word["polygon"], f"{where}.polygon", 3)
        yield from _area_problems(word["area"], where)
        if not _index(word["line_index"], label["lines"]):
            yield f"{where}.line_index is {word['line_index']}; there are {len(label['lines'])} lines"
        elif word["text"] not in label["lines"][word["line_index"]]["text"]:
            yield f"{where}.text is no part of its line"


def _cluster_problems(label: dict[str, Any]) -> Iterator[str]:
    text, done = label["text"], 0
    for place, cluster in enumerate(label["bboxes"]):
        where, span = f"bboxes[{place}]", cluster["span"]
        yield from _points(cluster["quad"], f"{where}.quad", 4, 4)
        yield from _box_problems(cluster, label["width"], label["height"], where)
        if not _index(cluster["line_index"], label["lines"]):
            yield f"{where}.line_index is {cluster['line_index']}; there are {len(label['lines'])} lines"
        word = cluster["word_index"]
        if word is not None and not _index(word, label["words"]):
            yield f"{where}.word_index is {word}; there are {len(label['words'])} words"
        if len(span) != 2 or not all(type(v) is int for v in span) or not done <= span[0] < span[1] <= len(text):
            yield f"{where}.span {span} is not in order within the text of {len(text)}"
            continue
        if text[span[0] : span[1]] != cluster["char"]:
            yield f"{where}.char is not the text of its span"
        if text[done : span[0]].strip():
            yield f"{where}: the text before it, from {done}, has no entry"
        done = span[1]
    if text[done:].strip():
        yield f"the text from {done} on has no entry in bboxes"


def _box_problems(box: dict[str, Any], width: int, height: int, where: str) -> Iterator[str]:
    corners = [box[key] for key in ("x0", "y0", "x1", "y1")]
    x0, y0, x1, y1 = corners
    if not (0 <= x0 <= x1 <= width and 0 <= y0 <= y1 <= height):
        yield f"{where} is ({x0}, {y0}, {x1}, {y1}), not within {width} x {height} px"
    if any(round(value, 2) != value for value in corners if math.isfinite(value)):
        yield f"{where} has more than two decimals"
    share = box.get("visible", 0)
    if not _is_coordinate(share) or not 0 <= share < 1:
        yield f"{where}.visible is {share!r}, not a share below 1"


def _area_problems(area: float, where: str) -> Iterator[str]:
    if not (math.isfinite(area) and area >= 0):
        yield f"{where}.area is {area}"


def _points(points: list[Any], where: str, least: int, most: int | None = None) -> Iterator[str]:
    if len(points) < least or (most is not None and len(points) > most):
        yield f"{where} has {len(points)} points"
    for point in points:
        if not (isinstance(point, list) and len(point) == 2 and all(map(_is_coordinate, point))):
            yield f"{where} holds {point!r}, which is no finite [x, y]"
            return


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, _NUMBER) and not isinstance(value, bool) and math.isfinite(value)


def _index(value: Any, entries: list[Any]) -> bool:
    return type(value) is int and 0 <= value < len(entries)
