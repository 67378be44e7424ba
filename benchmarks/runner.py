"""Finds the benchmarks, runs those that are asked for, and records what they found."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import benchmarks
from benchmarks import machine
from benchmarks.report import SCHEMA
from benchmarks.result import BenchmarkError, Result, Scale

Benchmark = Callable[[Scale], Result]


def names() -> list[str]:
    """The benchmarks there are, such as ``B2``, by number."""
    return sorted(_modules(), key=lambda name: int(name[1:]))


def find(name: str) -> Benchmark:
    """The benchmark of that name."""
    benchmark: Benchmark = import_module(f"benchmarks.{_modules()[name]}").run
    return benchmark


def run(wanted: Iterable[str], scale: Scale, say: Callable[[str], None]) -> dict[str, Any]:
    """Run benchmarks one after another; one that fails is recorded as failed and stops no other.

    Returns: plain JSON values: commit, machine, versions, settings, and each benchmark's result with all its runs.
    """
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "date": datetime.now(UTC).date().isoformat(),
        "commit": machine.commit(),
        "machine": machine.machine(),
        "versions": machine.versions(),
        "benchmarks": {},
    }
    for name in wanted:
        say(f"{name} ...")
        before = machine.load()
        try:
            found = find(name)(scale).to_dict()
        except BenchmarkError as error:
            found = {"title": name, "failed": str(error)}
        facts = {"started": datetime.now(UTC).isoformat(timespec="seconds"), "runs": scale.runs, "quick": scale.quick}
        record["benchmarks"][name] = {**found, **facts, "load": [before, machine.load()]}
    return record


def _modules() -> dict[str, str]:
    found = (re.fullmatch(r"(b\d+)_\w+", module.name) for module in pkgutil.iter_modules(benchmarks.__path__))
    return {match[1].upper(): match[0] for match in found if match}
