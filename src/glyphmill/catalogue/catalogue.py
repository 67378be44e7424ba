"""The catalogue: an immutable snapshot of the fonts, backgrounds and corpora that a job draws from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from glyphmill.catalogue.backgrounds import BackgroundSet, open_backgrounds
from glyphmill.catalogue.corpora import CorpusSet, open_corpora
from glyphmill.catalogue.fontload import open_fonts
from glyphmill.catalogue.fonts import FontSet
from glyphmill.catalogue.resources import ResourceStore
from glyphmill.config.model import Limits, Resources


@dataclass(frozen=True)
class Catalogue:
    """All that a plan may name."""

    fonts: FontSet
    backgrounds: BackgroundSet
    corpora: CorpusSet

    @cached_property
    def digest(self) -> str:
        """Identity of everything that draws depend on: names and contents, never paths; BLAKE2b-128, hex.

        File names count because the order of the fonts, and so what is drawn, follows from them.
        """
        rows = [f"font\0{font.file}\0{font.digest}\0{font.face}" for font in self.fonts.usable]
        rows += [f"backgrounds\0{self.backgrounds.digest}", f"corpora\0{self.corpora.digest}"]
        return hashlib.blake2b("\n".join(rows).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    def store(self, limits: Limits) -> ResourceStore:
        """Where what plans name lies on this machine."""
        return ResourceStore(
            fonts={font.digest: font.path for font in self.fonts.usable},
            backgrounds={image.digest: image.path for image in self.backgrounds.images},
            max_background_pixels=limits.max_background_pixels,
        )


def open_catalogue(resources: Resources, limits: Limits, *, cache_dir: Path | None = None) -> Catalogue:
    """Open the fonts, backgrounds and corpora of a job; for whatever is not given, what comes with Glyphmill.

    Args:
        cache_dir: where findings about fonts are kept; None for ``GLYPHMILL_CACHE`` or the user's cache folder.

    Raises: CatalogueError if something named does not exist, or no font, or no file of a background folder, can serve.
    """
    return Catalogue(
        fonts=open_fonts(resources.fonts, cache_dir=cache_dir),
        backgrounds=open_backgrounds(resources.backgrounds, limits.max_background_pixels),
        corpora=open_corpora(resources.corpora, resources.corpus_encoding),
    )
