"""What the numbers were measured on: the commit, the machine, the versions."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from benchmarks.place import ROOT


def commit() -> str:
    """Short hash of the commit, with ``-modified`` if files differ from it; ``uncommitted`` if there is none."""
    head = _git("rev-parse", "--short=10", "HEAD")
    if head is None:
        return "uncommitted"
    # Results of earlier runs do not change what is measured.
    changed = _git("status", "--porcelain", "--", ".", ":!benchmarks/results")
    return f"{head}-modified" if changed else head


def machine() -> dict[str, Any]:
    """Processor, cores that this process may use, kernel."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def load() -> float:
    """How many processes wanted a core over the last minute."""
    return round(os.getloadavg()[0], 2)


def versions() -> dict[str, str]:
    """Python, Glyphmill and the libraries that it depends on."""
    found = {"python": f"{platform.python_implementation()} {platform.python_version()}"}
    for name in ("glyphmill", *_dependencies()):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return found


def _dependencies() -> list[str]:
    try:
        needs = requires("glyphmill") or []
    except PackageNotFoundError:
        return []
    return [re.split(r"[\s\[=<>!~;(]", need, maxsplit=1)[0] for need in needs if "extra ==" not in need]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown"
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    return found[1].strip() if found else platform.machine()


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
