"""Jobs on the fonts that Glyphmill depends on, and on no other font of the machine, so that results can be pinned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from glyphmill.catalogue.catalogue import Catalogue, open_catalogue
from glyphmill.catalogue.corpora import open_corpora
from glyphmill.config.load import load_text
from glyphmill.config.model import Limits, Resources
from glyphmill.core.registry import Registry, discover
from glyphmill.run.job import Job

BLACK_ON_WHITE: dict[str, dict[str, Any]] = {
    "color": {"rgb": [0, 0, 0]},
    "background": {"solid": {"color": [255, 255, 255]}},
}


@lru_cache(maxsize=1)
def font_files() -> dict[str, Path]:
    """The pinned font packages' files, by name."""
    files: dict[str, Path] = {}
    for package in ("manimgx_fonts", "manimgx_fonts_cjk"):
        spec = find_spec(package)
        for folder in spec.submodule_search_locations or () if spec else ():
            files |= {path.name: path for path in Path(folder).iterdir() if path.suffix in (".ttf", ".otf", ".ttc")}
    return files


@lru_cache(maxsize=1)
def registry() -> Registry:
    """Every unit that exists here."""
    return discover()


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The pinned fonts, and the sample texts of the pinned gflanguages."""
    return open_catalogue(Resources(fonts=tuple(sorted(map(str, font_files().values())))), Limits())


def open_job(
    specifications: Sequence[Mapping[str, Any]],
    count: int,
    *,
    seed: int = 1,
    defaults: Mapping[str, Any] = BLACK_ON_WHITE,
    corpora: Path | None = None,
) -> Job:
    """A job of specifications in the nested form, in equal shares. JSON is YAML, so they go through the loader."""
    share = {"proportion": 1 / len(specifications)}
    named = [{"name": f"s{number}", **share, **given} for number, given in enumerate(specifications)]
    data = {"total_images": count, "seed": seed, "defaults": defaults, "specifications": named}
    known = catalogue()
    if corpora is not None:
        data["resources"] = {"corpora": str(corpora)}
        known = replace(known, corpora=open_corpora(str(corpora)))
    return Job(load_text(json.dumps(data), "test.yaml", registry()), known, registry())
