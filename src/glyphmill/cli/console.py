"""What commands write: text for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def say(text: str = "") -> None:
    """One or more lines on standard output."""
    sys.stdout.write(text + "\n")


def say_json(value: Any) -> None:
    """One JSON value on one line of standard output; lone surrogates and all else beyond ASCII stay escaped."""
    sys.stdout.write(json.dumps(value) + "\n")


def warn(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(text + "\n")


def title_of(where: str) -> str:
    """What a file, a folder or an address is called: the last part of its path."""
    if "://" not in where:
        return Path(where).resolve().name
    address = urlsplit(where)
    return address.path.strip("/").rpartition("/")[2] or address.netloc


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows in aligned columns, as plain text; columns of numbers are set to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [bool(cells) and all(row[column].isdigit() for row in cells) for column in range(len(header))]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    lines = [
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in [list(header), *cells]
    ]
    return "\n".join(lines)


def _cell(value: object) -> str:
    # A file name may hold anything; a terminal must not be told to do things by it.
    return "".join(character if character.isprintable() else "?" for character in str(value))
