"""The catalogue: an immutable snapshot of the fonts, backgrounds and corpora that a job draws from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from numpy.random import Generator

from glyphmill.catalogue.background_index import BackgroundRecord
from glyphmill.catalogue.backgrounds import BackgroundSet, open_backgrounds
from glyphmill.catalogue.corpora import CorpusSet, open_corpora
from glyphmill.catalogue.fontload import open_fonts
from glyphmill.catalogue.fonts import FontSet
from glyphmill.catalogue.health import Health, check_usable, read_health
from glyphmill.catalogue.resources import ResourceStore
from glyphmill.config.model import Limits, Resources
from glyphmill.core.errors import ResourceKind


@dataclass(frozen=True)
class Catalogue:
    """All that a plan may name.

    Attributes:
        health: how the fonts and backgrounds fared in earlier runs, by which they are drawn.

    Raises: CatalogueError if by their health no font, or none of the backgrounds that there are, is left to draw.
    """

    fonts: FontSet
    backgrounds: BackgroundSet
    corpora: CorpusSet
    health: Health = field(default_factory=Health)

    def __post_init__(self) -> None:
        check_usable("fonts", ((font.file, font.digest) for font in self.fonts.usable), self.health)
        drawn = ((image.file, image.digest) for image in self.backgrounds.images if image.weight > 0)
        check_usable("backgrounds", drawn, self.health)

    @cached_property
    def digest(self) -> str:
        """Identity of everything that draws depend on: names and contents, never paths; BLAKE2b-128, hex.

        File names count because the order of the fonts, and so what is drawn, follows from them; of health, the scores
        that change a draw.
        """
        rows = [f"font\0{font.file}\0{font.digest}\0{font.face}" for font in self.fonts.usable]
        rows += [f"backgrounds\0{self.backgrounds.digest}", f"corpora\0{self.corpora.digest}"]
        rows += [f"health\0{kind}\0{digest}\0{weight!r}" for kind, digest, weight in self._weighted()]
        return hashlib.blake2b("\n".join(rows).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    def draw_background(self, rng: Generator) -> BackgroundRecord:
        """A background by the weight of its folder and its health.

        Raises: CatalogueError if there is none.
        """
        while True:
            record = self.backgrounds.draw(rng)
            if self.health.takes("backgrounds", record.digest, rng):
                return record

    def _weighted(self) -> Iterator[tuple[ResourceKind, str, float]]:
        """What is here and drawn less often than it would be without its record."""
        fonts, unwell = {font.digest for font in self.fonts.usable}, self.health.unwell()
        for digest, record in sorted(unwell.fonts.items()):
            if digest in fonts:
                yield "fonts", digest, record.weight
        for digest, record in sorted(unwell.backgrounds.items()):
            if self.backgrounds.by_digest(digest) is not None:
                yield "backgrounds", digest, record.weight

    def store(self, limits: Limits) -> ResourceStore:
        """Where what plans name lies on this machine."""
        return ResourceStore(
            fonts={font.digest: font.path for font in self.fonts.usable},
            backgrounds=self.backgrounds.paths,
            max_background_pixels=limits.max_background_pixels,
        )


def open_catalogue(
    resources: Resources,
    limits: Limits,
    *,
    health: Health | None = None,
    backgrounds: BackgroundSet | None = None,
    cache_dir: Path | None = None,
) -> Catalogue:
    """Open the fonts, backgrounds and corpora of a job; for whatever is not given, what comes with Glyphmill.

    Args:
        health: the snapshot to draw by, in place of that of ``resources.health``.
        backgrounds: those of the job where another process opened them before; None to look at the folders.
        cache_dir: where findings about fonts and backgrounds are kept; None for ``GLYPHMILL_CACHE`` or the user's
            cache folder.

    Raises: CatalogueError if something named does not exist, or no font, or no file of a background folder, can serve.
    """
    if health is None:
        health = Health() if resources.health is None else read_health(Path(resources.health))
    if backgrounds is None:
        backgrounds = open_backgrounds(resources.backgrounds, limits.max_background_pixels, cache_dir=cache_dir)
    return Catalogue(
        fonts=open_fonts(resources.fonts, cache_dir=cache_dir),
        backgrounds=backgrounds,
        corpora=open_corpora(resources.corpora, resources.corpus_encoding),
        health=health,
    )
