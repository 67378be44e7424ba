"""A job: a config with its catalogue, from which any sample can be planned and made on its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from threading import RLock
from typing import Any

from glyphmill.catalogue.backgrounds import BackgroundSet
from glyphmill.catalogue.catalogue import Catalogue, open_catalogue
from glyphmill.catalogue.health import Health
from glyphmill.config.load import load_config, load_text
from glyphmill.config.model import JobConfig, WeightedFolder
from glyphmill.config.paths import check_paths
from glyphmill.core.errors import CatalogueError, GlyphmillError
from glyphmill.core.registry import Registry, discover
from glyphmill.generator import OCRDataGenerator, Sample
from glyphmill.plan.context import Library
from glyphmill.plan.feasible import check_feasible
from glyphmill.plan.plan import Plan
from glyphmill.run.outcome import Rejected, produce

PathName = str | PathLike[str]
Outcome = Sample | Rejected


class Job:
    """Plans and makes the samples of a config.

    Sample `i` is a function of (config, catalogue, seed, i): the same bytes whichever others are made, in any order,
    in any process; threads may share a job, and take turns. Iterating gives the samples one by one; indices that have
    none are left out (see `outcomes`).

    Args:
        config: what to make.
        catalogue: the fonts, backgrounds and corpora to make it from.
        registry: the units that exist. Worker processes find theirs again, so all must be built in or installed.

    Raises: ConfigError if the config asks for what the catalogue does not have.
    """

    def __init__(self, config: JobConfig, catalogue: Catalogue, registry: Registry) -> None:
        self.config = config
        self.catalogue = catalogue
        self.registry = registry
        self._library = Library(catalogue)
        check_feasible(config, self._library, registry)
        self.generator = OCRDataGenerator(config, catalogue, registry)
        # What plans and makes a sample has streams and faces that it uses again and again; threads take turns.
        self._turn = RLock()

    @classmethod
    def from_yaml(
        cls,
        path: PathName,
        *,
        fonts: Iterable[PathName] = (),
        backgrounds: Iterable[PathName] = (),
        corpora: PathName | None = None,
        health: PathName | None = None,
        count: int | None = None,
        seed: int | None = None,
    ) -> Job:
        """The job of a config file.

        Args:
            path: the YAML file.
            fonts: folders, files or globs of fonts to use in place of the config's.
            backgrounds: folders to use in place of the config's, with equal weights.
            corpora: the folder of corpora to use in place of the config's.
            health: the file of what earlier runs found out about fonts and backgrounds, in place of the config's.
            count: number of samples in place of ``total_images``.
            seed: seed in place of the config's.

        Raises: ConfigError with every problem of the file; CatalogueError if its resources cannot serve it.
        """
        registry = discover()
        config = load_config(Path(path), registry)
        config = _with_resources(config, tuple(fonts), tuple(backgrounds), corpora, health)
        return cls.open(_with_size(config, count, seed), registry)

    @classmethod
    def default(cls, count: int | None = None, seed: int = 0) -> Job:
        """The job of the config that comes with Glyphmill, on the fonts and texts that come with it."""
        registry = discover()
        text = files("glyphmill.config").joinpath("default.yaml").read_text(encoding="utf-8")
        return cls.open(_with_size(load_text(text, "default.yaml", registry), count, seed), registry)

    @classmethod
    def open(
        cls,
        config: JobConfig,
        registry: Registry,
        *,
        health: Health | None = None,
        backgrounds: BackgroundSet | None = None,
    ) -> Job:
        """The job of a loaded config.

        Args:
            health: how fonts and backgrounds fared in earlier runs, in place of what ``resources.health`` holds.
            backgrounds: the pictures, where they have been found already.

        Raises: ConfigError or CatalogueError if its resources cannot serve it.
        """
        check_paths(config)
        return cls(
            config, open_catalogue(config.resources, config.limits, health=health, backgrounds=backgrounds), registry
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # Faces and open files do not travel between processes: the other side opens them again. Health does, for
        # another run may write its file meanwhile; and so does where the table of backgrounds is.
        config = replace(self.config, resources=replace(self.config.resources, health=None))
        catalogue = self.catalogue
        return _reopen, (type(self), config, self.digest, catalogue.health.unwell(), catalogue.backgrounds)

    @cached_property
    def digest(self) -> str:
        """Identity of the fonts, backgrounds and texts that the job draws from; hex."""
        return self._library.digest()

    def __len__(self) -> int:
        """Number of indices, of which some may be rejected."""
        return self.config.total_images

    def __iter__(self) -> Iterator[Sample]:
        return (outcome for outcome in self.outcomes() if isinstance(outcome, Sample))

    @property
    def attempts(self) -> int:
        """Plans that are tried for one index."""
        return self.config.limits.attempts

    @property
    def extras(self) -> tuple[str, ...]:
        """Names of what is written beside each image."""
        return self.config.extras

    @property
    def extension(self) -> str:
        """File extension of the images, without a dot."""
        unit = self.registry.get("encode", self.config.output.unit)
        if unit is None:
            raise GlyphmillError(f"output.format: there is no encoder {self.config.output.unit!r}")
        return str(unit.params.extension)

    def plan(self, index: int, attempt: int = 0) -> Plan:
        """The plan of a sample; of its first attempt unless told otherwise.

        Raises: IndexError outside the job; Reject if this attempt cannot be planned.
        """
        self._check(index)
        with self._turn:
            return self.generator.plan_generation(index, attempt)

    def sample(self, index: int, attempt: int) -> Sample:
        """One attempt at a sample.

        Raises: Reject if it fails; RenderError if a resource is gone.
        """
        with self._turn:
            return self.generator.generate_from_plan(self.plan(index, attempt))

    def generate(self, index: int) -> Outcome:
        """The sample of an index from its first attempt that succeeds, or why none did.

        Raises: IndexError outside the job.
        """
        self._check(index)
        made = produce(self.sample, index, self.attempts)
        return made if isinstance(made, Rejected) else made[0]

    def outcomes(self, start: int = 0, stop: int | None = None) -> Iterator[Outcome]:
        """What becomes of the indices [start, stop), in order."""
        return map(self.generate, range(start, len(self) if stop is None else stop))

    def _check(self, index: int) -> None:
        if not 0 <= index < len(self):
            raise IndexError(f"got the sample {index}; this job has 0 to {len(self) - 1}")


def _reopen(kind: type[Job], config: JobConfig, digest: str, health: Health, backgrounds: BackgroundSet) -> Job:
    """The same job in another process.

    Raises: CatalogueError if the resources have changed since.
    """
    job = kind.open(config, discover(), health=health, backgrounds=backgrounds)
    if job.digest != digest:
        raise CatalogueError(
            f"fonts, backgrounds or corpora have changed since the run began "
            f"(catalogue {digest[:12]} then, {job.digest[:12]} now). Start it again."
        )
    return job


def _with_size(config: JobConfig, count: int | None, seed: int | None) -> JobConfig:
    changes = {"total_images": count, "seed": seed}
    given = {key: value for key, value in changes.items() if value is not None}
    if given.get("total_images", 1) < 1:
        raise GlyphmillError(f"got a count of {count}; expected at least 1")
    return replace(config, **given, data={**config.data, **given})  # type: ignore[arg-type]


def _with_resources(
    config: JobConfig,
    fonts: tuple[PathName, ...],
    backgrounds: tuple[PathName, ...],
    corpora: PathName | None,
    health: PathName | None,
) -> JobConfig:
    """The config with other resources; paths are relative to the current folder, not to the config file."""
    resources, data = config.resources, dict(config.data.get("resources") or {})
    if fonts:
        resources = replace(resources, fonts=tuple(map(_absolute, fonts)))
        data["fonts"] = list(resources.fonts)
    if backgrounds:
        folders = tuple(WeightedFolder(_absolute(folder)) for folder in backgrounds)
        resources = replace(resources, backgrounds=folders)
        data["backgrounds"] = [folder.path for folder in folders]
    if corpora is not None:
        resources = replace(resources, corpora=_absolute(corpora))
        data["corpora"] = resources.corpora
    if health is not None:
        resources = replace(resources, health=_absolute(health))
        data["health"] = resources.health
    return replace(config, resources=resources, data={**config.data, "resources": data})


def _absolute(path: PathName) -> str:
    return str(Path(fspath(path)).expanduser().absolute())
