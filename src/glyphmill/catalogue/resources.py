"""From what a plan names (a digest) to where it lies on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from glyphmill.core.errors import RenderError


@dataclass(frozen=True)
class ResourceStore:
    """Paths of fonts and backgrounds by content digest; what a plan is replayed with.

    Attributes:
        fonts: path of each font file's SFNT data by the digest of the file as it was found.
        backgrounds: path of each background by digest.
        max_background_pixels: larger backgrounds are not decoded.
    """

    fonts: Mapping[str, str] = field(default_factory=dict)
    backgrounds: Mapping[str, str] = field(default_factory=dict)
    max_background_pixels: int = 89_000_000

    def font(self, digest: str, file: str = "") -> str:
        """Where the font with that content lies. Raises: RenderError if it is not here."""
        return _found(self.fonts, digest, file, "font")

    def background(self, digest: str, file: str = "") -> str:
        """Where the background with that content lies. Raises: RenderError if it is not here."""
        return _found(self.backgrounds, digest, file, "background")


def _found(paths: Mapping[str, str], digest: str, file: str, kind: str) -> str:
    try:
        return paths[digest]
    except KeyError:
        raise RenderError(
            f"{kind} {file or 'file'} (digest {digest}) is not among the {len(paths)} {kind}s given; "
            f"give the folder that holds it"
        ) from None
