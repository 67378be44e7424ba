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


def environment(folder: Path, *, font_cache: Path | None = None) -> dict[str, str]:
    """Variables for a measured process: what a usual installation has, whatever this shell has.

    One thread in each numeric library, byte code kept (what is not compiled yet is so in the warm-up), and a font cache
    of its own.

    Args:
        folder: where the byte code and the font cache are kept.
        font_cache: a font cache elsewhere.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _UNUSUAL}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    caches = {"GLYPHMILL_CACHE": font_cache or folder / "cache", "PYTHONPYCACHEPREFIX": folder / "bytecode"}
    return {**kept, **threads, **{name: str(path) for name, path in caches.items()}}


#: Variables that change how fast Python starts or runs.
_UNUSUAL = ("PYTHONDONTWRITEBYTECODE", "PYTHONDEVMODE", "PYTHONMALLOC", "PYTHONPROFILEIMPORTTIME", "PYTHONOPTIMIZE")
