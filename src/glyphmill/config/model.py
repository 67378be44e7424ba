"""The loaded config: plain frozen values, the same whichever way the file spelt them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from glyphmill.core.errors import Problem
from glyphmill.core.unit import Stage
from glyphmill.sampling import Distribution

if TYPE_CHECKING:
    from glyphmill.config.fields import Settings

GroupKind = Literal["one_of", "some_of", "sequence"]


@dataclass(frozen=True)
class Entry:
    """One unit with its settings.

    Attributes:
        unit: id of the unit.
        config: its settings.
        p: probability that it is applied, 0 to 1.
        weight: share among the alternatives of a ``choice`` section or of a group; at least 0.
    """

    unit: str
    config: Settings
    p: float = 1.0
    weight: float = 1.0


@dataclass(frozen=True)
class Group:
    """Units of a chain of which one is drawn, some are drawn, or all are applied in order.

    Attributes:
        n: for ``some_of`` how many are drawn (whole numbers, at most the number of entries); None for the others.
    """

    kind: GroupKind
    entries: tuple[Entry | Group, ...]
    p: float = 1.0
    weight: float = 1.0
    n: Distribution | None = None


@dataclass(frozen=True)
class Specification:
    """One kind of sample, and its share of the job.

    Attributes:
        single: for each stage with one unit, its settings.
        choice: for each stage where one unit is drawn, the alternatives; an empty tuple means none.
        chain: for each stage of several units, the units in order.
    """

    name: str
    proportion: float
    single: Mapping[Stage, Settings]
    choice: Mapping[Stage, tuple[Entry, ...]]
    chain: Mapping[Stage, tuple[Entry | Group, ...]]


@dataclass(frozen=True)
class WeightedFolder:
    """A folder (or one file) of backgrounds and its share of the draws."""

    path: str
    weight: float = 1.0


@dataclass(frozen=True)
class Resources:
    """Where fonts, backgrounds and corpora lie. Empty or None means what comes with Glyphmill.

    Attributes:
        fonts: folders, files or globs; ``~`` and paths relative to the config file are already resolved.
        backgrounds: folders with weights.
        corpora: the folder that ``text.corpus`` patterns are relative to.
        corpus_encoding: the encoding of the corpus files, a Python codec name.
        health: the file of what earlier runs found out about fonts and backgrounds; None if it does not matter.
    """

    fonts: tuple[str, ...] = ()
    backgrounds: tuple[WeightedFolder, ...] = ()
    corpora: str | None = None
    corpus_encoding: str = "utf-8"
    health: str | None = None


@dataclass(frozen=True)
class Limits:
    """What one sample or one run may cost before it is given up.

    Attributes:
        max_pixels: pixels of one image.
        max_characters: characters of one sample's text.
        max_background_pixels: pixels of a background file; larger ones are not decoded.
        max_rejected: share of rejected samples past which a run stops, 0 to 1.
        attempts: plans that are tried for one index before it is rejected.
        sample_seconds: what one index may take, all of its attempts together; worker processes keep to it.
    """

    max_pixels: int = 50_000_000
    max_characters: int = 20_000
    max_background_pixels: int = 89_000_000
    max_rejected: float = 0.5
    attempts: int = 3
    sample_seconds: float = 60.0


@dataclass(frozen=True)
class JobConfig:
    """A whole job.

    Attributes:
        output: the encoder (``png``, ``jpeg``, ``webp``) with its settings.
        mode: channels of the written images.
        extras: what is written beside each image, names of ``config.extras.EXTRAS`` in their order.
        warnings: what is probably not meant, but never stops a run.
        source: name of the file it came from. Neither this nor the warnings count for equality.
        data: the resolved nested form, JSON-able, with paths as the file has them.
        places: key in the nested form -> (key as it was written, line), for what is found out only later, such as
            a corpus that matches no file.
    """

    total_images: int
    seed: int
    specifications: tuple[Specification, ...]
    resources: Resources
    output: Entry
    mode: Literal["rgb", "gray"] = "rgb"
    limits: Limits = Limits()
    extras: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
    source: str = field(default="<text>", compare=False)
    data: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict, compare=False, repr=False)

    def problem(self, key: str, message: str) -> Problem:
        """A problem with a setting of this config, such as ``specifications[0].text.corpus``, with its line."""
        written, line = self.places.get(key, (key, None))
        return Problem(written, message, line)
