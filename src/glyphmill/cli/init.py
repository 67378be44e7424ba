"""`glyphmill init`: a commented config to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json
from glyphmill.cli.options import COMMON, Common, UsageError


def init(
    out: Path = Path("glyphmill.yaml"),
    /,
    *,
    force: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> None:
    """Write a commented config to start from.

    Args:
        out: File to write.
        force: Replace the file if it is there.
    """
    if out.exists() and not force:
        raise UsageError(f"{out} is already there. Name another file, or replace it with --force.")
    from importlib.resources import files

    from glyphmill.export.durable import write_file

    write_file(out, files("glyphmill.config").joinpath("starter.yaml").read_bytes())
    if common.json:
        say_json({"out": str(out)})
    else:
        say(f"wrote {out}; next: glyphmill preview {out}")
