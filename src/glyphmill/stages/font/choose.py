"""Choosing fonts for a text: evenly over families, then over a family's faces, and never one that draws tofu.

One that failed in earlier runs is taken less often, by its health.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from numpy.random import Generator

from glyphmill.catalogue.families import Families, Family
from glyphmill.catalogue.fonts import FontRecord
from glyphmill.core.errors import Reject
from glyphmill.unicode import itemize, normalize, segment

if TYPE_CHECKING:
    from glyphmill.catalogue.health import Health
    from glyphmill.plan.context import DrawContext

Spans = tuple[tuple[int, int, int], ...]

_QUICK_TRIES = 6
_SPACE = frozenset({0x20})


def choose(
    pattern: str | None, categories: tuple[str, ...], context: DrawContext, rng: Generator
) -> tuple[list[FontRecord], Spans]:
    """Fonts for the text that was drawn, and which part of it each one sets (no spans: the first sets all).

    Raises: Reject if the policy of ``text.missing`` finds no way to set the text.
    """
    text = context.text
    need = needed(text)
    everyone = context.families(pattern, categories, None)
    families = context.families(pattern, categories, main_script(text)) or everyone
    missing, health = context.missing_policy, context.catalogue.health
    if missing in ("refont", "reject"):
        font = _covering(families, need, health, rng) or _covering(everyone, need, health, rng)
        if font is not None:
            return [font], ()
        if missing == "reject":
            raise Reject("font", "missing_glyph", f"no font has all of {_shown(need)}")
    if not families:
        raise Reject("font", "missing_glyph", f"no font for {_shown(need)}")
    primary = _any(families, health, rng)
    if need <= primary.coverage:
        return [primary], ()
    if missing == "drop":
        context.replace_text(_without(text, need - primary.coverage))
        return [primary], ()
    return _by_run(text, primary, everyone, health, rng)


def needed(text: str) -> frozenset[int]:
    """Code points that a font must have: all that draw ink, and the space, from which HarfBuzz makes any other."""
    need = normalize.required(text)
    return need | _SPACE if any(map(str.isspace, text)) else need


def main_script(text: str) -> str | None:
    """ISO 15924 code of the first letter that belongs to a script, None if there is none."""
    script = itemize.first_script(text)
    return None if script == itemize.COMMON else script


def _face(family: Family, rng: Generator) -> FontRecord:
    return family[int(rng.random() * len(family))] if len(family) > 1 else family[0]


def _any(families: Sequence[Family], health: Health, rng: Generator) -> FontRecord:
    """A font of families, of which there is at least one."""
    while True:
        font = _face(families[int(rng.random() * len(families))], rng)
        if health.takes("fonts", font.digest, rng):
            return font


def _covering(families: Families, need: frozenset[int], health: Health, rng: Generator) -> FontRecord | None:
    """A font that has all of ``need``: each family that has one is as likely as any other."""
    for _ in range(_QUICK_TRIES if families else 0):
        font = _any(families, health, rng)
        if need <= font.coverage:
            return font
    able = families.covering(need)
    return _any(able, health, rng) if able else None


def _by_run(
    text: str, primary: FontRecord, families: Families, health: Health, rng: Generator
) -> tuple[list[FontRecord], Spans]:
    """The first font where it can, another for each run that it cannot set: a script, a word, or a cluster alone."""
    chosen = [primary]
    spans: list[tuple[int, int, int]] = []
    waiting = [(start, end, 0) for start, end, _ in reversed(itemize.script_runs(text))]
    while waiting:
        start, end, depth = waiting.pop()
        need = needed(text[start:end])
        which = next((number for number, font in enumerate(chosen) if need <= font.coverage), None)
        if which is None:
            font = _covering(families, need, health, rng)
            if font is None and depth < len(_FINER):
                waiting += [(a, b, depth + 1) for a, b in reversed(_FINER[depth](text, start, end))]
                continue
            if font is None:
                raise Reject("font", "missing_glyph", f"no font has {_shown(need)}")
            which = len(chosen)
            chosen.append(font)
        if spans and spans[-1][2] == which:
            spans[-1] = (spans[-1][0], end, which)
        else:
            spans.append((start, end, which))
    return chosen, tuple(spans)


def _words_and_gaps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """[start, end) cut at the borders of words, so that a word is set in one font where one has it."""
    edges = {start, end}
    for word_start, word_end in segment.words(text[start:end]):
        edges |= {start + word_start, start + word_end}
    return list(pairwise(sorted(edges)))


def _clusters(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """[start, end) cut into grapheme clusters."""
    return [(start + a, start + b) for a, b in pairwise(segment.graphemes(text[start:end]))]


_FINER = (_words_and_gaps, _clusters)


def _without(text: str, unwanted: frozenset[int]) -> str:
    kept = "".join(char for char in text if ord(char) not in unwanted)
    kept = " ".join(kept.split())
    if not kept:
        raise Reject("text", "empty_text", "no character is left once those that the font lacks are dropped")
    return kept


def _shown(points: frozenset[int]) -> str:
    shown = ", ".join(f"U+{point:04X}" for point in sorted(points)[:8])
    return shown + (f" and {len(points) - 8} more" if len(points) > 8 else "")
