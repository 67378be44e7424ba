"""`glyphmill fonts`: every font with its scripts, its coverage and its health."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json, table
from glyphmill.cli.options import COMMON, Common

if TYPE_CHECKING:
    from glyphmill.catalogue.fonts import FontRecord, FontSet
    from glyphmill.catalogue.health import Health


def fonts(
    *folders: Path,
    config: Path | None = None,
    script: Annotated[str | None, Parameter(negative="")] = None,
    health: str | None = None,
    common: Common = COMMON,
) -> None:
    """List the fonts with their scripts, coverage and health.

    Args:
        folders: Folders, files or globs; without them and without --config, the fonts that come with Glyphmill.
        config: A job's YAML file, whose fonts are listed.
        script: List only fonts of this script, such as Arab or Deva (ISO 15924).
        health: A dataset's folder or address, or a file that --keep-health made: list how the fonts fared in runs, the
            worst first.
    """
    from glyphmill.catalogue.fontload import open_fonts
    from glyphmill.catalogue.fonts import FontSet, font_table

    found = open_fonts(tuple(map(str, folders)) or _of_config(config))
    if script is not None:
        found = FontSet(tuple(font for font in found.usable if script.lower() in map(str.lower, font.scripts)))
    if health is not None:
        _list_health(found, _health_of(health), json=common.json)
        return
    rows = font_table(found)
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


def _health_of(given: str) -> Health:
    from glyphmill.catalogue.health import parse_health, read_health
    from glyphmill.export.names import HEALTH
    from glyphmill.export.storage import open_storage

    if "://" in given:
        return parse_health(open_storage(given).read(HEALTH).decode("utf-8", "replace"), f"{HEALTH} of {given}")
    path = Path(given)
    return read_health(path / HEALTH if path.is_dir() else path)


def _list_health(fonts: FontSet, health: Health, *, json: bool) -> None:
    """How these fonts fared, and the backgrounds that are drawn no more."""
    rows = [_health_row(font, health) for font in fonts.usable]
    rows.sort(key=lambda row: (row["score"], row["file"]))
    if json:
        say_json(rows)
        return
    shown = ("family", "style", "file", "score", "successes", "failures", "reason", "quarantined")
    if rows:
        say(table(shown, ([_cell(row[name]) for name in shown] for row in rows)))
    elsewhere = len(health.fonts.keys() - {font.digest for font in fonts.usable})
    if elsewhere:
        say(f"{elsewhere} more fonts have a record and are not listed: name their folders, or the job's --config")
    quarantined = {digest: record for digest, record in health.backgrounds.items() if record.quarantined}
    for digest, record in quarantined.items():
        say(f"quarantined background {digest}: {record}")
    say(f"{sum(row['quarantined'] for row in rows)} of {len(rows)} fonts are quarantined")


def _health_row(font: FontRecord, health: Health) -> dict[str, Any]:
    record = health.record("fonts", font.digest)
    return {
        "family": font.family,
        "style": font.style,
        "file": font.file if font.face == 0 else f"{font.file}#{font.face}",
        "digest": font.digest,
        **record._asdict(),
        "quarantined": record.quarantined,
    }


def _cell(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    shown = 6
    scripts = list(row["scripts"])
    more = f" +{len(scripts) - shown}" if len(scripts) > shown else ""
    weights = next((f"{axis['min']:g}-{axis['max']:g}" for axis in row["axes"] if axis["tag"] == "wght"), row["weight"])
    listed = " ".join(scripts[:shown]) + more
    return row["file"], row["family"], row["category"], weights, row["code_points"], listed, row["reason"]
