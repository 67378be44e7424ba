"""The fonts of installed packages, found without importing any of them.

``manimgx_fonts`` and ``manimgx_fonts_cjk`` come with Glyphmill; every ``fontpkg-*`` package that is installed, by the
extra ``fonts`` or by itself, adds a family. docs/assets.md names them all.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_OWN = ("manimgx_fonts", "manimgx_fonts_cjk")
_PREFIX = "fontpkg_"
_METADATA = "metadata.json"


def installed_font_folders() -> list[str]:
    """The folders of the packages' own font files, sorted."""
    return sorted({*own_folders(), *_family_folders()})


def package_words(path: str) -> tuple[str, ...]:
    """What a font's package says of its kind, in the words of Google Fonts (``SANS_SERIF``...); () outside one."""
    folder = Path(path).parent
    if folder.name != "files" or not folder.parent.name.startswith(_PREFIX):
        return ()
    try:
        words = json.loads((folder.parent / _METADATA).read_bytes())["category"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(word for word in words if isinstance(word, str)) if isinstance(words, list) else ()


def own_folders() -> Iterator[str]:
    """The folders of the font packages that Glyphmill depends on."""
    for name in _OWN:
        spec = importlib.util.find_spec(name)
        yield from spec.submodule_search_locations or () if spec else ()


def _family_folders() -> Iterator[str]:
    # By folder, not by entry point: reading the metadata of everything that is installed takes longer than all else.
    for place in sys.path:
        try:
            found = [entry.path for entry in os.scandir(place or ".") if entry.name.startswith(_PREFIX)]
        except OSError:
            continue
        for folder in found:
            if os.path.isfile(os.path.join(folder, _METADATA)) and os.path.isdir(os.path.join(folder, "files")):
                yield os.path.join(folder, "files")
