"""The pieces of text of a dataset that an engine reads: lines, words or whole images, with what is known of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import RenderError
from glyphmill.core.registry import Registry
from glyphmill.plan.plan import Plan
from glyphmill.run.dataset import Entry
from glyphmill.stages.layout.frame import posture_of
from glyphmill.unicode.itemize import COMMON, script_runs
from glyphmill.unicode.orientation import vertical_runs
from glyphmill.unicode.segment import count_graphemes

Level = Literal["line", "word", "image"]
#: The stages whose units count in the tables by unit: what text is written on, what bends it and what wears it.
_TOLD = ("background", "scene", "curve", "effects", "warp", "degrade")
_KANA = frozenset({"Hira", "Kana"})


@dataclass(frozen=True)
class Facts:
    """What a piece is counted under.

    Attributes:
        specification: that made its image.
        units: of the stages that show, each once, as ``stage.unit``.
        strengths: how far the strength of each unit that has one lies from where the unit does nothing.
        font: name of the font's file; of the first where a line has several.
        script: ISO 15924, that of most characters; ``Jpan`` for any line with kana.
        direction: of the text.
        language: BCP 47 tag; ``und`` where it is not known.
        length: grapheme clusters.
    """

    specification: str
    units: tuple[str, ...]
    strengths: Mapping[str, float]
    font: str
    script: str
    direction: str
    language: str
    length: int


@dataclass(frozen=True)
class Piece:
    """One piece of text in an image.

    Attributes:
        index: of the sample.
        number: of the line or word in its label; 0 for an image.
        level: what it is.
        text: what it says, in logical order.
        quad: its corners as its letters stand, from the top left on, clockwise, px, (4, 2); None for a whole image.
        lines: lines of the image.
        upright: whether it is a column whose letters stand upright.
        facts: what it is counted under.
    """

    index: int
    number: int
    level: Level
    text: str
    quad: NDArray[np.float64] | None
    lines: int
    upright: bool
    facts: Facts


def pieces_of(entry: Entry, level: Level, registry: Registry) -> list[Piece]:
    """The pieces of the image of a sample, those of white space left out.

    Raises: StoredError if its label is not sound.
    """
    label = entry.label()
    try:
        return list(_pieces(entry.index, label, level, registry))
    except RenderError as error:
        raise entry.fault(str(error)) from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # A label is input: whatever is wrong in it ends in a message.
        raise entry.fault(f"its plan is damaged ({error})") from error


def _pieces(index: int, label: dict[str, Any], level: Level, registry: Registry) -> Iterator[Piece]:
    plan = Plan.from_dict(label["plan"])
    lines = len(label["lines"])
    entries = [label] if level == "image" else label[f"{level}s"]
    for number, entry in enumerate(entries):
        text = "\n".join(line["text"] for line in label["lines"]) if level == "image" else entry["text"]
        if text.strip():
            quad = None if level == "image" else np.array(entry["quad"], np.float64)
            facts = _facts(plan, text, registry)
            yield Piece(index, number, level, text, quad, lines, _upright(plan, text), facts)


def _facts(plan: Plan, text: str, registry: Registry) -> Facts:
    steps = [step for step in plan.steps if step.stage in _TOLD]
    strengths: dict[str, float] = {}
    for step in steps:
        unit = registry.get(step.stage, step.unit)  # type: ignore[arg-type]  # a stage of _TOLD
        setting, off = next(iter(unit.off.items()), ("", 0.0)) if unit else ("", 0.0)
        value = step.params.get(setting)
        if isinstance(value, (int, float)):
            name = f"{step.stage}.{step.unit}"
            strengths[name] = max(abs(value - off), strengths.get(name, 0.0))
    return Facts(
        specification=plan.specification,
        units=tuple(dict.fromkeys(f"{step.stage}.{step.unit}" for step in steps)),
        strengths=strengths,
        font=_font(plan.of("font").params),
        script=script_of(text),
        direction=str(plan.of("text").params.get("direction")),
        language=str(plan.of("text").params.get("language", "und")),
        length=count_graphemes(text.strip()),
    )


def _font(params: Mapping[str, Any]) -> str:
    fonts = params.get("fonts") or [{}]
    return str(fonts[0].get("file", "unknown"))


def script_of(text: str) -> str:
    """The script that most characters of a text are written in; by name where two are as frequent."""
    counts: Counter[str] = Counter()
    for start, end, script in script_runs(text):
        counts[script] += end - start
    if _KANA & counts.keys():
        counts["Jpan"] = sum(counts.pop(script, 0) for script in (*_KANA, "Hani"))
    return min(counts, key=lambda script: (-counts[script], script), default=COMMON)


def _upright(plan: Plan, text: str) -> bool:
    """Whether most clusters of a vertical line stand upright in it."""
    posture = posture_of(
        str(plan.of("text").params.get("direction")), str(plan.of("layout").params.get("orientation", "auto"))
    )
    if posture != "mixed":
        return posture == "upright"
    standing = sum(end - start for start, end, upright in vertical_runs(text) if upright)
    return 2 * standing >= len(text)
