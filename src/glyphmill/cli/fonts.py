"""`glyphmill fonts`: every font with its scripts, its coverage and its health."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json, table
from glyphmill.cli.options import COMMON, Common


def fonts(
    *folders: Path,
    config: Path | None = None,
    script: Annotated[str | None, Parameter(negative="")] = None,
    common: Common = COMMON,
) -> None:
    """List the fonts with their scripts, coverage and health.

    Args:
        folders: Folders, files or globs; without them and without --config, the fonts that come with Glyphmill.
        config: A job's YAML file, whose fonts are listed.
        script: List only fonts of this script, such as Arab or Deva (ISO 15924).
    """
    from glyphmill.catalogue.fontload import open_fonts
    from glyphmill.catalogue.fonts import font_table

    rows = font_table(open_fonts(tuple(map(str, folders)) or _of_config(config)))
    if script is not None:
        wanted = script.lower()
        rows = [row for row in rows if wanted in map(str.lower, row["scripts"] or ())]
    if common.json:
        say_json(rows)
        return
    usable = [row for row in rows if row["status"] == "ok"]
    bad = [row for row in rows if row["status"] != "ok"]
    if usable:
        say(table(("file", "family", "category", "weight", "characters", "scripts", "remark"), map(_cells, usable)))
    for row in bad:
        say(f"cannot be used: {row['file']}: {row['reason']}")
    say(f"{len(usable)} usable, {len(bad)} not")


def _of_config(config: Path | None) -> tuple[str, ...]:
    if config is None:
        return ()
    from glyphmill.config.load import load_config
    from glyphmill.core.registry import discover

    return load_config(config, discover()).resources.fonts


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    shown = 6
    scripts = list(row["scripts"])
    more = f" +{len(scripts) - shown}" if len(scripts) > shown else ""
    weights = next((f"{axis['min']:g}-{axis['max']:g}" for axis in row["axes"] if axis["tag"] == "wght"), row["weight"])
    listed = " ".join(scripts[:shown]) + more
    return row["file"], row["family"], row["category"], weights, row["code_points"], listed, row["reason"]
