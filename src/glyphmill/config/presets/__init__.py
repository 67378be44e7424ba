"""Presets: kinds of images that a specification asks for by name, one YAML file each, in the nested form.

A preset says how text looks and what happened to it, never what is written: text and language stay the
specification's own. Whatever a specification says itself lies over its preset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from typing import Any

import yaml


class Presets(Mapping[str, Any]):
    """The presets that come with Glyphmill, read when they are asked for."""

    @cached_property
    def _names(self) -> tuple[str, ...]:
        found = (file.name for file in files(__name__).iterdir())
        return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        return yaml.safe_load(files(__name__).joinpath(f"{name}.yaml").read_bytes())

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


PRESETS = Presets()
