"""layout: where each glyph goes, before any raster. Sets text in lines, in four directions; labels get its em-boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.random import Generator
from pydantic import Field

from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.unit import Unit
from glyphmill.stages.font.stack import FontStack
from glyphmill.stages.layout.breaking import even_breaks
from glyphmill.stages.layout.frame import Frame, frame_for, posture_of
from glyphmill.stages.layout.page import Layout, assemble
from glyphmill.stages.layout.paragraph import Paragraph, analyse
from glyphmill.stages.layout.pen import Inline, Spacing, advances, set_inline
from glyphmill.stages.layout.run import Item, Piece, Shaped, cut_pieces, shape, split_items
from glyphmill.stages.text.text import Params as TextParams
from glyphmill.unicode import bidi, segment

if TYPE_CHECKING:
    from glyphmill.plan.context import DrawContext

ALIGN = ("start", "end", "left", "center", "right", "top", "bottom")
ORIENTATION = ("auto", "mixed", "upright", "sideways")


class Config(Settings):
    """How text is set."""

    align: Choices = Pick(
        ALIGN, default="left", about="edge that lines share; left and right mean start and end in vertical text"
    )
    line_spacing: Distribution = Number(1.0, lo=0.1, hi=10, unit="x line height", about="distance between baselines")
    letter_spacing: Distribution = Number(
        0.0, lo=-100, hi=1000, unit="px", about="added after each cluster; scripts whose letters join are left alone"
    )
    word_spacing: Distribution = Number(0.0, lo=-100, hi=1000, unit="px", about="added after each white space")
    overlap: Distribution = Number(
        0.0, lo=0, hi=0.95, kind="exponential", unit="share of the advance", about="taken away from each advance"
    )
    kerning: bool = Field(True, description="whether pairs of letters are kerned")
    orientation: Choices = Pick(
        ORIENTATION,
        default="auto",
        about="posture in vertical text: mixed as UAX #50 says, all upright, or all sideways; auto is mixed for "
        "top_to_bottom and sideways for bottom_to_top",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; px, except ``line_spacing`` (line heights) and ``overlap`` (share of an advance)."""

    align: str
    line_spacing: float
    letter_spacing: float
    word_spacing: float
    overlap: float
    kerning: bool
    orientation: str


def draw(config: Config, context: DrawContext, rng: Generator) -> dict[str, Any]:
    """Draw the spacing, the alignment and the posture."""
    return {
        "align": config.align.draw(rng),
        "line_spacing": config.line_spacing.draw(rng),
        "letter_spacing": config.letter_spacing.draw(rng),
        "word_spacing": config.word_spacing.draw(rng),
        "overlap": config.overlap.draw(rng),
        "kerning": config.kerning,
        "orientation": config.orientation.draw(rng),
    }


def apply(params: Params, text: TextParams, fonts: FontStack) -> Layout:
    """Lay out the text of a sample.

    Raises: Reject if a font lacks a glyph for a character.
    """
    posture = posture_of(text.direction, params.orientation)
    paragraph = analyse(text.text, text.direction, posture, fonts)
    frame = frame_for(text.direction, posture, paragraph.base, paragraph.upright)
    setter = _Setter(params, text, fonts, paragraph, frame)
    lines = setter.line_spans()
    shaped, inline = setter.lines(lines)
    return assemble(
        shaped,
        inline,
        lines,
        paragraph,
        fonts,
        frame,
        direction=text.direction,
        align=params.align,
        line_spacing=params.line_spacing,
    )


class _Setter:
    """Sets the lines of one paragraph."""

    def __init__(self, params: Params, text: TextParams, fonts: FontStack, paragraph: Paragraph, frame: Frame) -> None:
        self._text, self._fonts, self._paragraph, self._frame = text, fonts, paragraph, frame
        self._spacing = Spacing(params.letter_spacing, params.word_spacing, params.overlap)
        self._features = dict(fonts.features)
        if not params.kerning:
            self._features |= {"kern": 0, "vkrn": 0}
        if params.letter_spacing:
            self._features |= {"liga": 0, "clig": 0}

    def line_spans(self) -> list[tuple[int, int]]:
        """Start and end of each line in the text."""
        text, wanted = self._paragraph.text, self._text.lines
        if wanted <= 1:
            return [(0, len(text))]
        shaped = self._shaped(self._pieces(self._paragraph.items, 0, (0, len(text))))
        order = np.argsort(shaped.start, kind="stable")
        widths = advances(shaped, self._fonts.instances)[order]
        places = [at for at in segment.break_offsets(text, self._text.line_break) if at < len(text)]
        return even_breaks(wanted, len(text), np.asarray(places, np.int64), shaped.start[order], widths)

    def lines(self, spans: list[tuple[int, int]]) -> tuple[Shaped, Inline]:
        """The glyphs of all lines in visual order."""
        paragraph = self._paragraph
        pieces: list[Piece] = []
        for number, (start, end) in enumerate(spans):
            runs = bidi.line_runs(paragraph.levels, paragraph.text, start, end, paragraph.base)
            items = [item for a, b, level in runs for item in split_items(paragraph.items, a, b, level)]
            pieces += self._pieces(items, number, (start, end))
        shaped, frame = self._shaped(pieces), self._frame
        return shaped, set_inline(
            shaped,
            self._fonts.instances,
            paragraph.text,
            self._spacing,
            upwards=frame.upwards,
            centered=frame.centered,
        )

    def _pieces(self, items: list[Item], line: int, span: tuple[int, int]) -> list[Piece]:
        paragraph = self._paragraph
        return cut_pieces(items, line, paragraph.text[slice(*span)], span[0], paragraph.clusters)

    def _shaped(self, pieces: list[Piece]) -> Shaped:
        return shape(pieces, self._fonts, language=self._text.language, features=self._features)


UNIT = Unit(
    id="layout",
    stage="layout",
    summary="Sets text in lines: alignment, spacing, overlap, kerning, posture of vertical text; labels follow.",
    config=Config,
    draw=draw,
    apply=apply,
    params=Params,
)
