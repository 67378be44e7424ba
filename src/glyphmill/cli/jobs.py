"""How commands open the job they work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from glyphmill.cli.console import warn
from glyphmill.cli.options import Folders

if TYPE_CHECKING:
    from glyphmill.run.job import Job


@contextmanager
def config_file(config: Path | None) -> Iterator[Path]:
    """The file itself, or that of the embedded default for as long as the block lasts."""
    if config is not None:
        yield config
        return
    with as_file(files("glyphmill.config").joinpath("default.yaml")) as embedded:
        yield embedded


def open_job(
    config: Path | None,
    folders: Folders,
    count: int | None = None,
    seed: int | None = None,
    *,
    health: Path | None = None,
    quiet: bool = False,
) -> Job:
    """The job of a config file, or of the embedded default; folders and health given replace those of the config.

    The config's warnings go to standard error, unless `quiet`.

    Raises: ConfigError, CatalogueError.
    """
    from glyphmill.run.job import Job

    with config_file(config) as path:
        job = Job.from_yaml(
            path,
            fonts=folders.fonts,
            backgrounds=folders.backgrounds,
            corpora=folders.corpus,
            health=health,
            count=count,
            seed=seed,
        )
    for problem in () if quiet else job.config.warnings:
        warn(f"warning: {problem}")
    return job
