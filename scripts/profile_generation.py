#!/usr/bin/env python3
"""Profiles image generation; `--help` lists the options, docs/how-to/profiling.md explains the results.

Runs from any folder, installed or not, also under `kernprof -l -v`, `python -m memory_profiler` and
`python -m cProfile -o FILE`.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter


def main() -> int:
    """Find the package, profile, and give the exit code."""
    begun = perf_counter()
    if find_spec("glyphmill") is None:
        # by the code's own file: tools that run this script set __file__ to what they like
        sys.path.insert(0, str(Path(main.__code__.co_filename).resolve().parents[1] / "src"))
    try:
        from glyphmill.profiling import engine, script
    except ModuleNotFoundError as error:
        sys.stderr.write(f"profile_generation.py: {error}. Install Glyphmill's dependencies: `make setup`\n")
        return 2
    del engine  # imported here so that its time counts as that of imports
    return script.main(sys.argv[1:], imports_s=perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
