"""What a face really draws: its cmap, minus all that is blank, broken or a box.

Runs in the probe's child process: a font can crash or hang whatever reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import uharfbuzz as hb
import unicodedata2

from glyphmill.catalogue.sfnt import FontFault

MAX_EM = 50.0
"""A glyph wider, higher or further from its origin than this, in em, makes a font unusable: the longest real
ligatures (the basmala at U+FDFD) stay under 25."""

_PIXELS_PER_EM = 24.0
_CAREFUL_PIXELS_PER_EM = 240.0
_ENOUGH_HEALTH = 0.5
_MAX_SHARING = 24
"""More characters than this on one inked glyph: it is a placeholder, as in "last resort" fonts."""

_IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x16FE4, 0x16FE4), (0x1BCA0, 0x1BCA3),
    (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Default_Ignorable_Code_Point of Unicode 18, and the blanks that are no spaces: Braille, Khitan, music, U+FFFC."""

_BOXES = ((0x2395, 0x2395), (0x25A0, 0x25FF), (0x2610, 0x2612), (0x2B1B, 0x2B1C), (0xFFFD, 0xFFFD))
"""Characters that may look like a font's missing-glyph box because they are boxes."""


@dataclass(frozen=True)
class Coverage:
    """What the characters of a cmap come to.

    Attributes:
        points: those that draw ink of their own or are rightly blank.
        health: share of the characters in the cmap, blanks apart, that are among them.
    """

    points: frozenset[int]
    health: float


class InkProbe:
    """Draws glyphs of one face, small, and tells what came of it; each glyph once."""

    def __init__(self, font: hb.Font, upem: int, known: dict[int, bytes | None]) -> None:
        self._font, self._upem, self._known = font, upem, known
        self._draw = hb.RasterDraw()
        self._path_funcs = _path_funcs()
        self._count = font.face.glyph_count

    def ink(self, gid: int) -> bytes | None:
        """Something that is equal for glyphs of equal ink; b"" without ink; None if the glyph cannot be drawn.

        Raises: FontFault if it is past all measure.
        """
        if gid not in self._known:
            self._known[gid] = self._look(gid)
        return self._known[gid]

    def path(self, gid: int) -> str:
        """The outline as text, for an exact comparison."""
        pieces: list[object] = []
        self._font.draw_glyph(gid, self._path_funcs, pieces)
        return " ".join(map(str, pieces))

    def _look(self, gid: int) -> bytes | None:
        if gid >= self._count:
            return None
        bounds = self._font.get_glyph_extents(gid)
        limit = MAX_EM * self._upem
        reach = max(map(abs, (*bounds, self._font.get_glyph_h_advance(gid)))) if bounds else 0
        if reach > limit:
            raise FontFault(f"glyph {gid} reaches {reach / self._upem:,.0f} em; the limit is {MAX_EM:.0f}")
        seen = self._render(gid, _PIXELS_PER_EM)
        # A hairline or a speck may leave no trace at this size.
        return self._render(gid, _CAREFUL_PIXELS_PER_EM) if seen == b"" and bounds and any(bounds) else seen

    def _render(self, gid: int, pixels: float) -> bytes | None:
        scale = pixels / self._upem
        self._draw.transform = (scale, 0.0, 0.0, scale, 0.0, 0.0)
        self._draw.draw_glyph(self._font, gid)
        image = self._draw.render()
        if image is None:
            return None
        extents = image.extents
        if extents is None or not extents.width or not extents.height:
            return b""
        if max(extents.width, extents.height) > MAX_EM * pixels:
            raise FontFault(f"glyph {gid} draws further than its bounds say; the limit is {MAX_EM:.0f} em")
        rows = bytes(image.buffer)
        if rows.count(0) == len(rows):
            return b""
        place = b"%d %d %d " % (extents.x_origin, extents.y_origin, extents.width)
        return blake2b(place + rows, digest_size=12).digest()


def _path_funcs() -> hb.DrawFuncs:
    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, to: to.extend(("M", x, y)))
    funcs.set_line_to_func(lambda x, y, to: to.extend(("L", x, y)))
    funcs.set_quadratic_to_func(lambda a, b, x, y, to: to.extend(("Q", a, b, x, y)))
    funcs.set_cubic_to_func(lambda a, b, c, d, x, y, to: to.extend(("C", a, b, c, d, x, y)))
    funcs.set_close_path_func(lambda to: to.append("Z"))
    return funcs


def cover(font: hb.Font, probe: InkProbe) -> Coverage:
    """Draw every character of a face.

    A character is left out if it maps to no glyph, to one past the last, to one without ink though the character
    is no blank, to a copy of the missing-glyph box, or to one glyph together with many others.

    Raises: FontFault if fewer than half of the characters are left, or a glyph is past all measure.
    """
    glyphs = {point: font.get_nominal_glyph(point) or 0 for point in font.face.unicodes if _is_character(point)}
    if not glyphs:
        raise FontFault("its cmap holds no characters")
    box = probe.ink(0) or None
    box_path = probe.path(0) if box else ""
    sharing: dict[int, int] = {}
    for gid in glyphs.values():
        sharing[gid] = sharing.get(gid, 0) + 1
    drawn, blank, tried = set(), set(), 0
    for point, gid in glyphs.items():
        ink = probe.ink(gid) if gid else None
        if may_be_blank(point):
            if ink is not None:
                blank.add(point)
            continue
        tried += 1
        is_box = ink == box and ink is not None and probe.path(gid) == box_path and not _within(point, _BOXES)
        if ink and not is_box and sharing[gid] <= _MAX_SHARING:
            drawn.add(point)
    if not drawn:
        raise FontFault(f"draws nothing: none of its {len(glyphs):,} characters has ink of its own")
    if len(drawn) < _ENOUGH_HEALTH * tried:
        raise FontFault(f"draws only {len(drawn):,} of {tried:,} characters")
    return Coverage(frozenset(drawn | blank), len(drawn) / tried)


def may_be_blank(point: int) -> bool:
    """Whether a character is rightly without ink: a space, a format character or one that renderers ignore."""
    return unicodedata2.category(chr(point)) in ("Zs", "Zl", "Zp", "Cf") or _within(point, _IGNORABLE)


def _is_character(point: int) -> bool:
    return unicodedata2.category(chr(point)) not in ("Cc", "Cs", "Cn")


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)
