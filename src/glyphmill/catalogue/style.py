"""What kind of typeface a face is, from what its package says, its tables and its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from glyphmill.catalogue.sfnt import StyleBits

CATEGORIES = ("serif", "sans", "slab", "mono", "condensed", "display", "handwriting", "unknown")

_PACKAGE_WORDS = {
    "MONOSPACE": "mono",
    "SERIF": "serif",
    "SANS_SERIF": "sans",
    "HANDWRITING": "handwriting",
    "DISPLAY": "display",
}
_PANOSE_KINDS = {3: "handwriting", 4: "display"}
_FAMILY_CLASSES = {1: "serif", 2: "serif", 3: "serif", 4: "serif", 5: "slab", 7: "serif", 8: "sans", 9: "display"}
_FAMILY_CLASSES |= {10: "handwriting"}
_NAME_KINDS = (
    (r"script|handwrit|brush|cursive|marker|\bpen\b", "handwriting"),
    (r"display|poster|fatface|stencil|pixel", "display"),
    (r"sans|gothic|grotes[kq]", "sans"),
    (r"serif|roman|antiqua|garamond|bodoni|times|mincho|myeongjo|naskh", "serif"),
)
_NAME_CUTS = (
    (r"\bmono\b|typewriter|\bcode\b|\bcourier", "mono"),
    (r"condensed|narrow|compressed", "condensed"),
    # The second row are slab faces that neither name nor tables give away.
    (r"\bslab|^(arvo|bitter|sanchez|rokkitt|crete round|bree serif|aleo|domine)\b", "slab"),
)
_NARROW = 0.8
"""Mean advance of a to z, over the x-height, below which a face is condensed; upright text faces lie near 1.1."""


def kind_of(family: str, bits: StyleBits) -> str:
    """A category by PANOSE, else by IBM font class, else by the family's name."""
    kind, serif = bits.panose[0], bits.panose[1]
    if kind == 2 and serif >= 2:
        return "sans" if 11 <= serif <= 15 else "serif"
    by_table = _PANOSE_KINDS.get(kind) or _FAMILY_CLASSES.get(bits.family_class)
    return by_table or _by_name(family, _NAME_KINDS) or "unknown"


def cut_of(family: str, bits: StyleBits, *, mono: bool, narrowness: float | None) -> str:
    """``mono``, ``condensed``, ``slab`` or "".

    Args:
        mono: whether the letters a to z have one advance.
        narrowness: mean advance of a to z over the x-height; None without these letters.
    """
    if mono:
        return "mono"
    named = _by_name(family, _NAME_CUTS)
    narrow = bits.width <= 4 or (narrowness is not None and narrowness < _NARROW)
    return "condensed" if narrow and named != "mono" else named


def categorize(package: Sequence[str], kind: str, cut: str) -> str:
    """One of ``CATEGORIES``.

    Args:
        package: what the font's package calls it, in the words of Google Fonts' metadata; may be empty.
        kind, cut: see ``kind_of`` and ``cut_of``.
    """
    # Of several words the last is the plainer one: a display face that is also a sans is a sans.
    kind = next((_PACKAGE_WORDS[word] for word in reversed(package) if word in _PACKAGE_WORDS), kind)
    if kind == "handwriting" or (kind == "display" and cut != "slab"):
        return kind
    return cut or kind


def _by_name(family: str, rows: tuple[tuple[str, str], ...]) -> str:
    return next((kind for form, kind in rows if re.search(form, family.lower())), "")
