"""`glyphmill render`: an image made again from its label."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from glyphmill.cli.console import say, say_json
from glyphmill.cli.options import COMMON, FOLDER_LIST, Common


def render(
    label: str,
    /,
    *,
    out: Path,
    fonts: Annotated[tuple[Path, ...], FOLDER_LIST] = (),
    backgrounds: Annotated[tuple[Path, ...], FOLDER_LIST] = (),
    common: Common = COMMON,
) -> None:
    """Make an image again from its label, bit for bit.

    Args:
        label: The label's JSON file, or its address; one in a file of many samples is named behind that file, such as
            out/shard-000001.tar/000000012.json.
        out: Image file to write, in the format of the original.
        fonts: Folders where its fonts may be, if not where the dataset's manifest has them.
        backgrounds: Folders where its background may be, likewise.
    """
    from glyphmill.export.durable import write_file
    from glyphmill.run.render import render_file

    data = render_file(label, fonts=fonts, backgrounds=backgrounds)
    write_file(out, data)
    if common.json:
        say_json({"out": str(out), "bytes": len(data)})
    else:
        say(f"{out}: {len(data):,} bytes")
