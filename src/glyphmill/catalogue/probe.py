"""Open one font file and tell all that the catalogue wants to know of it; as a program, do so for file after file.

As a program (``python -m glyphmill.catalogue.probe``) it writes ``{"ready": true}``, then reads jobs from standard
input, one JSON object a line, and answers each with one line. It runs as a child of ``prober``, for a font can crash
or hang whatever opens it.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import mmap
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from glyphmill.catalogue import sfnt
from glyphmill.catalogue.code_points import join_ranges
from glyphmill.catalogue.coverage import InkProbe, cover
from glyphmill.catalogue.fontcache import write_atomic
from glyphmill.catalogue.scripts import supported_scripts
from glyphmill.catalogue.sfnt import FontFault, StyleBits
from glyphmill.catalogue.style import cut_of, kind_of

_MEMORY = 4 << 30
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def probe_file(path: str, unpacked: str = "") -> dict[str, Any]:
    """What is known of a font file, as JSON.

    Args:
        unpacked: where to put the SFNT form of a WOFF or WOFF2 file.

    Returns:
        ``{"unpacked": bool, "faces": [...]}``, each face its facts or ``{"fault": reason}``; or ``{"fault": reason}``.
    """
    try:
        with _mapped(path) as data:
            packed = sfnt.container(data) in ("woff", "woff2")
        if packed:
            _unpack(path, unpacked)
        return {"unpacked": packed, "faces": _probe_faces(unpacked if packed else path, Path(path).stem)}
    except FontFault as fault:
        return {"fault": str(fault)}
    except OSError as error:
        return {"fault": f"cannot be read: {error.strerror or error}"}
    except MemoryError:
        return {"fault": "needs more memory than a font may"}


def _probe_faces(path: str, stem: str) -> list[dict[str, Any]]:
    faces: list[dict[str, Any]] = []
    known: dict[tuple[int, int], dict[int, bytes | None]] = {}
    with _mapped(path) as data:
        for index in range(sfnt.face_count(data)):
            try:
                tables = sfnt.check_tables(data, index)
                outlines = next(tables[tag] for tag in ("glyf", "CFF2", "CFF ") if tag in tables)
                # The faces of a collection often share their glyphs: each is drawn once.
                faces.append(_probe_face(path, index, stem, "vhea" in tables, known.setdefault(outlines, {})))
            except FontFault as fault:
                faces.append({"fault": str(fault)})
    return faces


def _probe_face(path: str, index: int, stem: str, vertical: bool, known: dict[int, bytes | None]) -> dict[str, Any]:
    face = hb.Face(hb.Blob.from_file_path(path), index)
    if face.glyph_count == 0:
        raise FontFault("holds no glyphs")
    head, os2, post, gsub = (bytes(face.reference_table(tag).data) for tag in ("head", "OS/2", "post", "GSUB"))
    upem = sfnt.units_per_em(head)
    font = hb.Font(face)
    coverage = cover(font, InkProbe(font, upem, known))
    bits = StyleBits(os2, post, head)
    family = _name(face, 16, 1) or stem
    mono, narrowness = _letter_widths(font, coverage.points)
    axes = _axes(face)
    return {
        "family": family,
        "style": _name(face, 17, 2) or "Regular",
        "kind": kind_of(family, bits),
        "cut": cut_of(family, bits, mono=mono, narrowness=narrowness),
        "weight": next((round(default) for tag, _, default, _ in axes if tag == "wght"), bits.weight),
        "italic": bits.italic,
        "axes": axes,
        "upem": upem,
        "glyphs": face.glyph_count,
        "scripts": list(supported_scripts(font, coverage.points)),
        "vertical": bool(sfnt.feature_tags(gsub) & {"vert", "vrt2"}) or vertical,
        "ranges": join_ranges(sorted(coverage.points)),
        "health": round(coverage.health, 6),
    }


def _letter_widths(font: hb.Font, points: frozenset[int]) -> tuple[bool, float | None]:
    """Whether a to z have one advance, and their mean advance over the x-height."""
    glyphs = [font.get_nominal_glyph(ord(letter)) for letter in _LETTERS]
    if not points.issuperset(map(ord, _LETTERS)):
        return False, None
    advances = [font.get_glyph_h_advance(gid) for gid in glyphs if gid is not None]
    x_height = -font.get_glyph_extents(glyphs[_LETTERS.index("x")] or 0).height
    return min(advances) == max(advances), (sum(advances) / len(advances) / x_height if x_height > 0 else None)


def _axes(face: hb.Face) -> list[list[Any]]:
    try:
        return [[axis.tag, axis.min_value, axis.default_value, axis.max_value] for axis in face.axis_infos]
    except UnicodeDecodeError as error:
        raise FontFault("an axis has a tag that is not ASCII") from error


def _name(face: hb.Face, *ids: int) -> str:
    for name_id in ids:
        if name := (face.get_name(name_id) or "").strip():
            return " ".join(name.split())[:200]
    return ""


@contextlib.contextmanager
def _mapped(path: str) -> Iterator[sfnt.Buffer]:
    if os.stat(path).st_size == 0:
        yield b""
        return
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _unpack(path: str, target: str) -> None:
    """Write the SFNT form of a WOFF or WOFF2 file.

    Raises: FontFault if fontTools cannot read it.
    """
    from fontTools.ttLib import TTFont

    content = io.BytesIO()
    try:
        with TTFont(path, lazy=False, recalcBBoxes=False, recalcTimestamp=False) as font:
            font.flavor = None
            font.save(content, reorderTables=False)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # broken input makes fontTools raise struct.error, KeyError, brotli.error, zlib.error...
        raise FontFault(f"cannot be unpacked: {type(error).__name__}: {error}") from error
    write_atomic(Path(target), content.getvalue())


def main(probe: Callable[[str, str], dict[str, Any]] = probe_file) -> None:
    """Serve jobs ``{"path", "unpacked", "deadline_s"}`` until standard input ends."""
    _limit_resources()
    _say({"ready": True})
    for line in sys.stdin:
        job = json.loads(line)
        _set_alarm(job["deadline_s"])
        answer = probe(job["path"], job["unpacked"])
        _set_alarm(0)
        _say(answer)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _limit_resources() -> None:
    """Cap the memory and leave no core dumps behind, where the system can do that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY if hard < 0 else min(_MEMORY, hard), hard))


def _set_alarm(seconds: float) -> None:
    """Die some time after the deadline, even in native code and with the parent gone; 0 calls it off."""
    if hasattr(signal, "alarm"):
        signal.alarm(math.ceil(seconds) + 5 if seconds else 0)


if __name__ == "__main__":
    main()
