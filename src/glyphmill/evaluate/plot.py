"""Error rates as a picture: a bar for each group, with the interval that it is uncertain by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from glyphmill.evaluate.drawing import Box, Color, Drawing, Line, Words, png, svg
from glyphmill.evaluate.groups import Group
from glyphmill.evaluate.report import EvaluateReport
from glyphmill.evaluate.scores import Score

#: What a plot is written as, by the ending of its name.
WRITERS: dict[str, Callable[[Drawing], bytes]] = {".svg": svg, ".png": png}

_PAPER: Color = (255, 255, 255)
_TITLE: Color = (24, 28, 35)
_QUIET: Color = (104, 112, 125)
_GRID: Color = (228, 231, 236)
_BAR: Color = (118, 160, 222)
_INTERVAL: Color = (32, 62, 116)

_MARGIN, _HEAD, _ROW, _SECTION = 28, 64, 22, 46
#: Where bars begin, how far 100 % of the scale reach, and where numbers end, px.
_LEFT, _LONG, _WIDTH = 350, 460, 1000
_LETTERS = 46
#: Scales end at one of these, or at whole numbers above them.
_ENDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_STEPS = 5


def plot(report: EvaluateReport, title: str) -> Drawing:
    """The character error rate of each group, all on one scale."""
    rows = list(report.rows())
    sections = [(name, list(members)) for name, members in groupby(rows, key=lambda row: row[0].grouping)]
    end = _scale(max((score.cer.high or score.cer.value for _, score in rows), default=0.0))
    marks: list[Box | Line | Words] = [
        Words(_MARGIN, _MARGIN + 18, title, 20, _TITLE, bold=True),
        Words(_MARGIN, _MARGIN + 42, f"Character error rate of {report.engine}, with 95 % intervals", 14, _QUIET),
    ]
    top = _MARGIN + _HEAD
    for name, members in sections:
        marks += _section(name, members, top, end)
        top += _SECTION + _ROW * len(members)
    return Drawing(_WIDTH, top + _MARGIN, _PAPER, tuple(marks))


def _scale(most: float) -> float:
    return next((end for end in _ENDS if most <= end), float(-int(-most // 1)))


def _section(name: str, rows: Sequence[tuple[Group, Score]], top: int, end: float) -> list[Box | Line | Words]:
    """One grouping: its name, the scale, and its rows."""
    first, last = top + _SECTION - 12, top + _SECTION + _ROW * len(rows) - 6
    marks: list[Box | Line | Words] = [Words(_MARGIN, top + 28, name, 15, _TITLE, bold=True)]
    for step in range(_STEPS + 1):
        x = _LEFT + _LONG * step / _STEPS
        marks.append(Line(x, first, x, last, _GRID))
        marks.append(Words(x, first - 6, f"{100 * end * step / _STEPS:.3g} %", 11, _QUIET, "middle"))
    marks.append(Words(_WIDTH - _MARGIN, first - 6, "CER, texts", 11, _QUIET, "end"))
    for place, (group, score) in enumerate(rows):
        marks += _row(group, score, top + _SECTION + _ROW * place, end)
    return marks


def _row(group: Group, score: Score, y: float, end: float) -> list[Box | Line | Words]:
    label = group.name if len(group.name) <= _LETTERS else group.name[: _LETTERS - 3] + "..."
    marks: list[Box | Line | Words] = [
        Words(_LEFT - 12, y + 10, label, 13, _TITLE, "end"),
        Box(_LEFT, y - 2, max(_along(score.cer.value, end) - _LEFT, 1.0), 15, _BAR),
        Words(_WIDTH - _MARGIN, y + 10, f"{100 * score.cer.value:.1f} %, {score.count:,}", 12, _QUIET, "end"),
    ]
    if score.cer.low is not None and score.cer.high is not None:
        low, high, middle = _along(score.cer.low, end), _along(score.cer.high, end), y + 5.5
        marks += [
            Line(low, middle, high, middle, _INTERVAL, 2),
            Line(low, y + 1, low, y + 10, _INTERVAL, 2),
            Line(high, y + 1, high, y + 10, _INTERVAL, 2),
        ]
    return marks


def _along(rate: float, end: float) -> float:
    """Where a rate lies on the scale, px."""
    return _LEFT + _LONG * min(rate, end) / end
