"""`glyphmill validate`: is a config fit to run, with all that it refers to?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from glyphmill.cli.console import say, say_json
from glyphmill.cli.options import COMMON, FOLDERS, Common, Folders
from glyphmill.core.errors import ConfigError, GlyphmillError, Problem

_FIT, _UNFIT = 0, 2


def validate(config: Path, /, *, folders: Folders = FOLDERS, common: Common = COMMON) -> int:
    """Check a config, its fonts, its backgrounds and its corpora, and list every problem at once.

    Args:
        config: The job's YAML file.
    """
    from glyphmill.cli.jobs import open_job

    if not common.json:
        job = open_job(config, folders)
        fonts, bad = job.catalogue.fonts.usable, job.catalogue.fonts.bad
        unused = f", {len(bad)} font files cannot be used (see `glyphmill fonts`)" if bad else ""
        specifications = len(job.config.specifications)
        noun = "specification" if specifications == 1 else "specifications"
        say(f"{config}: {len(job):,} images of {specifications} {noun}, {len(fonts)} fonts{unused}")
        return _FIT
    try:
        job = open_job(config, folders, quiet=True)
    except ConfigError as error:
        say_json({"fit": False, "problems": list(map(_plain, error.problems)), "warnings": []})
        return _UNFIT
    except GlyphmillError as error:
        say_json({"fit": False, "problems": [_plain(Problem("", str(error)))], "warnings": []})
        return _UNFIT
    say_json({"fit": True, "problems": [], "warnings": list(map(_plain, job.config.warnings))})
    return _FIT


def _plain(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "key": problem.key, "message": problem.message}
