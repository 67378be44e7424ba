"""What a unit may look at while it draws: the catalogue, and what the units before it drew."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from glyphmill.catalogue.families import Families
from glyphmill.config.model import Limits, Specification

if TYPE_CHECKING:
    from numpy.random import Generator

    from glyphmill.catalogue.catalogue import Catalogue
    from glyphmill.catalogue.text_pool import TextPool

#: Scripts of characters to the scripts that fonts declare, where the two differ.
_FONT_SCRIPTS = {
    "Hani": ("Hans", "Hant", "Jpan", "Kore"),
    "Hira": ("Jpan",),
    "Kana": ("Jpan",),
    "Hang": ("Kore",),
    "Bopo": ("Hant",),
}


RGB = tuple[int, int, int]


class Library:
    """Answers about a catalogue that every plan of a job asks for, kept once found."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._pools: dict[Any, tuple[TextPool, str]] = {}
        self._families: dict[Any, Families] = {}

    def digest(self) -> str:
        """Identity of all that was drawn from: the catalogue, and the text of every pool that was opened; hex."""
        rows = sorted(f"{key!r}\0{pool.digest}" for key, (pool, _) in self._pools.items())
        return blake2b(
            "\n".join([self.catalogue.digest, *rows]).encode("utf-8", "surrogateescape"), digest_size=16
        ).hexdigest()

    def text_pool(self, corpus: Any, language: str | None) -> tuple[TextPool, str]:
        """See ``DrawContext.text_pool``."""
        key = (repr(corpus), language)
        if key not in self._pools:
            self._pools[key] = _open_pool(self.catalogue, corpus, language)
        return self._pools[key]

    def families(self, pattern: str | None, categories: tuple[str, ...], script: str | None) -> Families:
        """See ``DrawContext.families``."""
        key = (pattern, categories, script)
        if key not in self._families:
            scripts = _FONT_SCRIPTS.get(script, (script,)) if script else ()
            families = []
            for family in self.catalogue.fonts.matching(pattern).families:
                kept = tuple(
                    font
                    for font in family
                    if not self.catalogue.health.record("fonts", font.digest).quarantined
                    and (not categories or font.category in categories)
                    and (not scripts or any(name in font.scripts for name in scripts))
                )
                if kept:
                    families.append(kept)
            self._families[key] = Families(families)
        return self._families[key]


def _open_pool(catalogue: Catalogue, corpus: Any, language: str | None) -> tuple[TextPool, str]:
    from glyphmill.catalogue.samples import language_info

    tag = language_info(language).tag if language else "und"
    if corpus is None and language is None:
        language, tag = "en", "en"
    return catalogue.corpora.select(corpus, None if corpus is not None else language), tag


class DrawContext:
    """The state of one plan in the making.

    Attributes:
        limits: what a sample may cost.
        drawn: what each stage drew so far, by stage.
    """

    __slots__ = ("_library", "drawn", "limits", "specification")

    def __init__(self, library: Library, specification: Specification, limits: Limits) -> None:
        self._library = library
        self.specification = specification
        self.limits = limits
        self.drawn: dict[str, dict[str, Any]] = {}

    @property
    def catalogue(self) -> Catalogue:
        """The snapshot that the job draws from."""
        return self._library.catalogue

    @property
    def text(self) -> str:
        """The text of this sample."""
        return str(self.drawn["text"]["text"])

    @property
    def ink(self) -> RGB:
        """The colour that the ink has if it can be read in it."""
        return _rgb(self.drawn["color"]["candidates"][0][0])

    @property
    def ground(self) -> RGB | None:
        """What the ink's family of colours has behind it; None without a family, and for what lies behind the page."""
        color = None if "canvas" in self.drawn else self.drawn.get("color", {}).get("ground")
        return None if color is None else _rgb(color)

    @property
    def accent(self) -> RGB | None:
        """The third colour of the ink's family; None without a family."""
        color = self.drawn.get("color", {}).get("accent")
        return None if color is None else _rgb(color)

    @property
    def missing_policy(self) -> str:
        """``text.missing``: what happens to characters that a font lacks."""
        return str(getattr(self.specification.single["text"], "missing", "refont"))

    def replace_text(self, text: str) -> None:
        """Change the text that was drawn, where characters are dropped from it."""
        self.drawn["text"]["text"] = text

    def text_pool(self, corpus: Any, language: str | None) -> tuple[TextPool, str]:
        """The text of a corpus or of a language's samples, and the language tag for the shaper.

        Raises: CatalogueError if nothing matches.
        """
        return self._library.text_pool(corpus, language)

    def other_text(self, rng: Generator, characters: int) -> str:
        """Raw text of about so many characters from where this sample's own text was taken.

        Raises: Reject if it cannot be read there.
        """
        settings = self.specification.single["text"]
        pool, _ = self.text_pool(getattr(settings, "corpus", None), getattr(settings, "language", None))
        return pool.passage(rng, characters)

    def families(self, pattern: str | None, categories: tuple[str, ...], script: str | None) -> Families:
        """Font families, each with the faces that match a file name glob, a category and a script; not quarantined."""
        return self._library.families(pattern, categories, script)


def _rgb(color: Any) -> RGB:
    red, green, blue = color
    return red, green, blue
