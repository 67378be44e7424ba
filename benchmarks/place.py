"""Where the benchmarks run: the repository, and an environment in which numbers can be compared."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
#: Environments of peers, fonts, corpora and caches; holds a .gitignore of its own.
SCRATCH = ROOT / ".bench"


def scratch() -> Path:
    """The scratch folder, made if need be."""
    SCRATCH.mkdir(exist_ok=True)
    (SCRATCH / ".gitignore").write_text("*\n", encoding="utf-8")
    return SCRATCH


def environment(cache: Path) -> dict[str, str]:
    """Variables for a measured process: one thread in each numeric library, and a font cache of its own."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **threads, "GLYPHMILL_CACHE": str(cache)}
