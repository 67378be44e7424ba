"""What `scripts/profile_generation.py` does: its options, its errors in one line, its exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from glyphmill.core.errors import ConfigError, GlyphmillError

DONE, STOPPED, USAGE, INTERRUPTED = 0, 1, 2, 130
_PROGRAM = "profile_generation.py"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = _Parser(
        prog=_PROGRAM,
        description="Profile image generation: the first images of a config are planned, made, encoded and written in "
        "this process, first without and then under cProfile.",
        epilog="Exit codes: 0 done, 1 no image could be made, 2 bad usage, config, resources or output.",
        allow_abbrev=False,
    )
    made.add_argument("--config", required=True, type=Path, help="YAML file of the job")
    made.add_argument(
        "--output",
        type=Path,
        default=Path("profile_results.txt"),
        help="file for the results (default: %(default)s); a name that ends in .json, .prof, .html or "
        ".speedscope.json gets that format in place of text",
    )
    made.add_argument("--limit", type=int, default=10, help="number of images to make (default: %(default)s)")
    made.add_argument(
        "--sort",
        choices=("cumulative", "time", "calls"),
        default="cumulative",
        help="order of the tables: cumulative, the time in a function and in all that it calls; time, the time in the "
        "function itself, not that of one call; calls, how often it is called (default: %(default)s)",
    )
    made.add_argument("--top", type=int, default=20, help="number of functions in a table (default: %(default)s)")
    made.add_argument("--fonts", type=Path, nargs="+", default=[], metavar="DIR", help="in place of the config's")
    made.add_argument("--backgrounds", type=Path, nargs="+", default=[], metavar="DIR", help="in place of the config's")
    made.add_argument("--corpus", type=Path, metavar="DIR", help="folder of text files in place of the config's")
    return made


def main(arguments: Sequence[str], *, imports_s: float = 0.0) -> int:
    """Profile as a command line asks for; print the results and write them.

    Args:
        arguments: without the program's name.
        imports_s: seconds that it took to come here.

    Returns: the exit code. Raises: SystemExit if the options cannot be meant.
    """
    options = parser().parse_args(arguments)
    try:
        return _run(options, imports_s)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except ConfigError as error:
        only = error.problems[0] if len(error.problems) == 1 else None
        return _fail(str(error) if only is None else f"{error.source}: {only}", USAGE)
    except GlyphmillError as error:
        return _fail(str(error), USAGE)


def _run(options: argparse.Namespace, imports_s: float) -> int:
    from glyphmill.profiling.engine import profile
    from glyphmill.profiling.errors import ProfileError
    from glyphmill.profiling.output import Outputs, check_writable

    if options.top < 1:
        raise ProfileError(f"--top {options.top}: expected at least 1 function to show")
    if options.limit < 1:
        raise ProfileError(f"--limit {options.limit}: expected at least 1 image to profile")
    check_writable(options.output)
    found, work = profile(
        options.config,
        limit=options.limit,
        fonts=tuple(options.fonts),
        backgrounds=tuple(options.backgrounds),
        corpora=options.corpus,
        progress=_tell,
        imports_s=imports_s,
    )
    for problem in work.job.config.warnings:
        _tell(f"warning: {problem}")
    outputs = Outputs(found, work, sort=options.sort, top=options.top)
    sys.stdout.write(outputs.text)
    outputs.save(options.output)
    _tell(f"results are in {options.output}")
    return DONE if found.made else STOPPED


def _tell(line: str) -> None:
    sys.stderr.write(f"{_PROGRAM}: {line}\n")


def _fail(message: str, code: int) -> int:
    _tell(message.rstrip())
    return code
