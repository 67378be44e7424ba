"""`glyphmill schema`: the JSON Schema of configs."""

from __future__ import annotations

from pathlib import Path

from glyphmill.cli.console import say
from glyphmill.cli.options import COMMON, Common


def schema(*, out: Path | None = None, common: Common = COMMON) -> None:
    """Print the JSON Schema of configs, which editors use to complete and to check them.

    Args:
        out: File to write; without it, standard output.
    """
    import json

    from glyphmill.config.jsonschema import job_schema
    from glyphmill.core.registry import discover

    text = json.dumps(job_schema(discover()), indent=None if common.json else 2)
    if out is None:
        say(text)
        return
    from glyphmill.export.durable import write_file

    write_file(out, text.encode() + b"\n")
