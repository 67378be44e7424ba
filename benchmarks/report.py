"""Results as files: one JSON file a day and commit with every run in it, and the table that people read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SCHEMA = "glyphmill.benchmarks/1"


def write(folder: Path, record: dict[str, Any]) -> Path:
    """Write the record as JSON, and the newest result of each benchmark as ``latest.md``; the path of the JSON file.

    Benchmarks that an earlier run of the same day, commit and machine measured stay in it unless measured again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record['date']}-{record['commit']}.json"
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        if all(before.get(key) == record[key] for key in ("schema", "machine", "versions")):
            merged = before["benchmarks"] | record["benchmarks"]
            record = {**record, "benchmarks": dict(sorted(merged.items()))}
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "latest.md").write_text(markdown({**record, "benchmarks": _newest(folder)}), encoding="utf-8")
    return path


def _newest(folder: Path) -> dict[str, Any]:
    """Of all results in a folder the newest of each benchmark, with the commit that it was measured on."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    found = [
        (result.get("started", ""), name, {**result, "commit": record["commit"]})
        for record in records
        for name, result in record["benchmarks"].items()
    ]
    newest = {name: result for _, name, result in sorted(found, key=lambda each: each[:2])}
    return dict(sorted(newest.items(), key=lambda item: int(item[0][1:])))


def markdown(record: Mapping[str, Any]) -> str:
    """The record as a page: a table for each benchmark, what it stands on, and what did not work."""
    machine = record["machine"]
    where = (
        f"Commit {record['commit']}, {record['date']}, {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, {record['versions']['python']}. Medians, with the quartiles in brackets."
    )
    parts = ["# Benchmark results", where]
    for name, found in record["benchmarks"].items():
        parts.append(f"## {name}: {found['title']}")
        if "failed" in found:
            parts.append(f"Failed: {found['failed'].splitlines()[-1]}")
            continue
        parts.append("\n".join(table(found["figures"])))
        on = f" on commit {found['commit']}" if found.get("commit", record["commit"]) != record["commit"] else ""
        load = f"load of the machine {found['load'][0]} before, {found['load'][1]} after"
        parts.append(f"{found['runs']} runs{on}; {load}.")
        parts.append("\n".join(f"- {note}" for note in found["notes"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def table(figures: list[dict[str, Any]]) -> list[str]:
    """Lines of a Markdown table; figures with a target first."""
    rows = ["| figure | target | measured | met |", "|---|---|---|---|"]
    for figure in sorted(figures, key=lambda figure: figure["target"] is None):
        verdict = {True: "met", False: "**missed**", None: ""}[figure["met"]]
        rows.append(f"| {figure['name']} | {_target(figure)} | {_measured(figure)} | {verdict} |")
    return rows


def _target(figure: Mapping[str, Any]) -> str:
    return f"{figure['target']} {figure['unit']}" if figure["target"] else ""


def _measured(figure: Mapping[str, Any]) -> str:
    if figure["median"] is None:
        return f"not measured: {figure['why_not']}".replace("|", "/")
    low, high = figure["quartiles"]
    return f"{_number(figure['median'])} {figure['unit']} ({_number(low)} to {_number(high)})"


def _number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.4f}"
