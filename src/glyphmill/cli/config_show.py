"""`glyphmill config show`: a config as it is understood."""

from __future__ import annotations

from pathlib import Path

from glyphmill.cli.console import say, say_json, warn
from glyphmill.cli.options import COMMON, Common


def show(config: Path | None = None, /, *, common: Common = COMMON) -> None:
    """Print a config in the nested form, every default written out; it loads to the same job.

    Args:
        config: The job's YAML file; without it, the one that comes with Glyphmill.
    """
    from glyphmill.cli.jobs import config_file
    from glyphmill.config.load import load_config
    from glyphmill.config.show import show as as_yaml
    from glyphmill.config.show import to_data
    from glyphmill.core.registry import discover

    with config_file(config) as path:
        loaded = load_config(path, discover())
    for problem in loaded.warnings:
        warn(f"warning: {problem}")
    if common.json:
        say_json(to_data(loaded))
    else:
        say(as_yaml(loaded).rstrip())
