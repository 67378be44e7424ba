"""The command: ``python -m benchmarks [B2 ...] [--runs N] [--quick] [--no-peers]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks import report, runner
from benchmarks.place import RESULTS, scratch
from benchmarks.result import Scale

_FEWEST, _USUAL = 5, 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Run benchmarks; 0 if all could be carried out, whether or not they meet their targets, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what an image costs.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(runner.names())}; all if none"
    )
    parser.add_argument("--runs", type=int, help=f"measured runs of each, at least {_FEWEST} (default: {_USUAL})")
    parser.add_argument("--quick", action="store_true", help="a tiny run to see that all works; results are not kept")
    parser.add_argument("--no-peers", action="store_true", help="neither install nor measure other tools")
    chosen = parser.parse_args(arguments)
    wanted = [name.upper() for name in chosen.names] or runner.names()
    unknown = sorted(set(wanted) - set(runner.names()))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(runner.names())}")
    runs = chosen.runs or (1 if chosen.quick else _USUAL)
    if runs < (1 if chosen.quick else _FEWEST):
        parser.error(f"got --runs {runs}; a median needs at least {_FEWEST}")
    folder = scratch()
    scale = Scale(folder, runs, chosen.quick, not chosen.no_peers)
    record = runner.run(wanted, scale, lambda line: print(line, file=sys.stderr, flush=True))
    path = report.write(folder / "quick" if chosen.quick else RESULTS, record)
    print(report.markdown(record))
    print(f"Written: {path}")
    return 1 if any("failed" in found for found in record["benchmarks"].values()) else 0


if __name__ == "__main__":
    sys.exit(main())
