"""Fonts as values: what is known of each face, and the set of them that a job draws from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, NamedTuple

from glyphmill.catalogue.code_points import CodePoints
from glyphmill.core.errors import CatalogueError


class Axis(NamedTuple):
    """One axis of a variable font, in design units."""

    tag: str
    min: float
    default: float
    max: float


@dataclass(frozen=True)
class FontRecord:
    """One face that draws.

    Attributes:
        file: file name only; with the digest, what plans and labels name a font by.
        path: where its SFNT data lies: the file itself, or what a WOFF or WOFF2 file was unpacked to.
        face: index in a collection, else 0.
        digest: BLAKE2b-128 of the bytes of the file as found, hex.
        family: typographic family name.
        style: name of the style within the family.
        category: serif, sans, slab, mono, condensed, display, handwriting or unknown.
        weight: 1 to 1000; for a variable font that of its default instance.
        italic: whether it is italic or oblique.
        axes: of a variable font, in the font's order.
        upem: font units per em.
        glyphs: number of glyphs.
        scripts: ISO 15924 codes whose basic letters it covers and can shape, sorted.
        vertical: whether it holds forms or metrics for vertical text.
        ranges: the coverage as text; see ``CodePoints``.
        health: share of the characters in its cmap that it really draws, 0 to 1.
    """

    file: str
    path: str
    face: int
    digest: str
    family: str
    style: str
    category: str
    weight: int
    italic: bool
    axes: tuple[Axis, ...]
    upem: int
    glyphs: int
    scripts: tuple[str, ...]
    vertical: bool
    ranges: str
    health: float = 1.0

    @cached_property
    def coverage(self) -> CodePoints:
        """Code points that draw ink of their own, or are rightly blank; never tofu."""
        return CodePoints(self.ranges)

    def __getstate__(self) -> dict[str, Any]:
        # It says the same as the ranges, and is made again where it is needed.
        return {name: value for name, value in self.__dict__.items() if name != "coverage"}


@dataclass(frozen=True)
class BadFont:
    """A file, or a face of one, that cannot be used, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class FontSet:
    """The faces of a catalogue.

    Attributes:
        usable: by (file, digest, face), never by path: the order is the same wherever the files lie.
        bad: by path.
    """

    usable: tuple[FontRecord, ...]
    bad: tuple[BadFont, ...] = ()

    @classmethod
    def of(cls, usable: Iterable[FontRecord], bad: Iterable[BadFont] = ()) -> FontSet:
        """A set in its order; of faces with the same content one is kept."""
        ordered = sorted(usable, key=lambda font: (font.file, font.digest, font.face, font.path))
        kept = {(font.digest, font.face): font for font in reversed(ordered)}
        faults = sorted(set(bad), key=lambda fault: (fault.path, fault.reason))
        return cls(tuple(font for font in ordered if kept[font.digest, font.face] is font), tuple(faults))

    @cached_property
    def families(self) -> tuple[tuple[FontRecord, ...], ...]:
        """The faces by family, families by name: to choose a family first gives each the same chance."""
        groups: dict[str, list[FontRecord]] = {}
        for font in self.usable:
            groups.setdefault(font.family, []).append(font)
        return tuple(tuple(group) for _, group in sorted(groups.items()))

    @cached_property
    def _by_digest(self) -> Mapping[tuple[str, int], FontRecord]:
        return {(font.digest, font.face): font for font in self.usable}

    def matching(self, pattern: str | None) -> FontSet:
        """The faces whose file name matches a glob, or is exactly that name; all of them for None.

        ``Roboto[wght].ttf`` as a glob would not match the file of that name, hence the second rule.
        """
        if pattern is None:
            return self
        chosen = (font for font in self.usable if font.file == pattern or fnmatchcase(font.file, pattern))
        return FontSet(tuple(chosen), self.bad)

    def by_digest(self, digest: str, face: int = 0) -> FontRecord:
        """The face with that content.

        Raises: CatalogueError if it is not here.
        """
        try:
            return self._by_digest[digest, face]
        except KeyError:
            raise CatalogueError(
                f"no font with digest {digest} (face {face}) among {len(self.usable)} usable fonts: "
                "give the folder that holds it"
            ) from None


def font_table(fonts: FontSet) -> list[dict[str, Any]]:
    """One row for each usable face and each bad file, ready to print or to write as JSON.

    Keys: file, family, style, category, weight, axes, scripts, code_points, glyphs, status ("ok" or "bad"), reason.
    """
    rows: list[dict[str, Any]] = [
        {
            "file": font.file if font.face == 0 else f"{font.file}#{font.face}",
            "family": font.family,
            "style": font.style,
            "category": font.category,
            "weight": font.weight,
            "axes": [axis._asdict() for axis in font.axes],
            "scripts": list(font.scripts),
            "code_points": len(font.coverage),
            "glyphs": font.glyphs,
            "status": "ok",
            "reason": "" if font.health == 1 else f"{1 - font.health:.1%} of its characters draw nothing",
        }
        for font in fonts.usable
    ]
    unknown = dict.fromkeys(("family", "style", "category", "weight", "axes", "scripts", "code_points", "glyphs"))
    rows += [{"file": fault.path, **unknown, "status": "bad", "reason": fault.reason} for fault in fonts.bad]
    return rows
