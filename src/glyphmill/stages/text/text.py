"""text: what is written, in which direction and language. Draws a passage; labels carry it in logical order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from numpy.random import Generator
from pydantic import Field

from glyphmill.config.fields import Choices, Distribution, Pick, Settings, Whole
from glyphmill.core.errors import GlyphmillError
from glyphmill.core.unit import Unit
from glyphmill.unicode.casing import CASES, cased
from glyphmill.unicode.normalize import clean_text
from glyphmill.unicode.segment import check_size, cut_graphemes

if TYPE_CHECKING:
    from glyphmill.plan.context import DrawContext, Library

DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")

#: What does not begin a line of text: closing marks of scripts that are written without spaces.
_NOT_FIRST = "、。，．・：；？！）」』】〉》”’…—ー々〜)]}.,;:!?-–"
#: Code points per grapheme cluster that are read ahead; Indic and Thai clusters hold up to three or four.
_READ_AHEAD = 2


class Config(Settings):
    """What is written."""

    direction: Choices = Pick(DIRECTIONS, default="left_to_right", about="in which direction lines run")
    corpus: str | dict[str, float] | None = Field(
        None, description="file or glob below the corpus folder, or a mapping of globs to weights"
    )
    language: str | None = Field(
        None, description="language tag such as de, ar or zh-Hans; without a corpus its sample text is used"
    )
    take: Choices = Pick(("passage", "line", "word"), default="passage", about="what is taken out of the corpus")
    length: Distribution = Whole((10, 50), lo=1, unit="grapheme clusters", about="length of the text, all lines")
    case: Choices = Pick(
        CASES, default="as_is", about="letter case, by the rules of the language; scripts without case stay as they are"
    )
    lines: Distribution = Whole(1, lo=1, hi=1000, about="lines; more than one make a paragraph")
    line_break: Choices = Pick(("word", "character"), default="word", about="where a line may end")
    missing: Literal["refont", "fallback", "drop", "reject"] = Field(
        "refont",
        description="where the font lacks a character: another font that has all of them (and where there is none, "
        "a font for each run), a font for each run, the character is dropped, or the sample is rejected",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values.

    Attributes:
        text: clean text in logical order.
        language: BCP 47 tag for the shaper; ``und`` where it is not known.
        lines: how many lines are wanted.
    """

    text: str
    direction: Literal["left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top"]
    language: str
    lines: int
    line_break: Literal["word", "character"]


def draw(config: Config, context: DrawContext, rng: Generator) -> dict[str, Any]:
    """Take a text. Raises: Reject if nothing is left of it once it is clean."""
    pool, tag = context.text_pool(config.corpus, config.language)
    # A cluster is at least a character: a longer text is refused below, and is not to be read in full before that.
    wanted = min(config.length.draw(rng), context.limits.max_characters + 1)
    take, case = config.take.draw(rng), config.case.draw(rng)
    if take == "passage":
        raw = pool.passage(rng, wanted * _READ_AHEAD + 40)
        text = _passage(cased(raw, case, tag), wanted, config.length.min)
        if not text:
            raw = pool.passage(rng, wanted * 4 * _READ_AHEAD + 400)
            text = _passage(cased(raw, case, tag), wanted, config.length.min)
    else:
        raw = pool.line(rng) if take == "line" else pool.word(rng)
        text = cut_graphemes(clean_text(cased(raw, case, tag)), int(config.length.max))
    check_size(text, max_characters=context.limits.max_characters)
    return {
        "text": text,
        "direction": config.direction.draw(rng),
        "language": tag,
        "lines": config.lines.draw(rng),
        "line_break": config.line_break.draw(rng),
    }


def _passage(raw: str, wanted: int, least: float) -> str:
    """The first ``wanted`` clusters of a passage, without a word cut in two if ``least`` clusters are left then."""
    text = clean_text(raw).lstrip(_NOT_FIRST).lstrip()
    cut = cut_graphemes(text, wanted)
    if len(cut) < len(text) and not text[len(cut)].isspace():
        whole = cut.rpartition(" ")[0].rstrip()
        if len(whole) >= least:
            return whole
    return cut.rstrip()


def check(config: Config, library: Library) -> Iterator[tuple[str, str]]:
    """A corpus that matches nothing or cannot be read, a language that is not known."""
    try:
        library.text_pool(config.corpus, config.language)
    except GlyphmillError as error:
        yield ("corpus" if config.corpus is not None else "language"), str(error)


def apply(params: Params) -> Params:
    """The text needs no making: it is what the plan says."""
    return params


UNIT = Unit(
    id="text",
    stage="text",
    summary="Takes text from a corpus or a language's samples; the label holds it in logical order.",
    config=Config,
    draw=draw,
    apply=apply,
    params=Params,
    check=check,
)
