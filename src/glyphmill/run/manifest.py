"""The dataset's own account of itself: `manifest.json`, `rejects.jsonl` and the checksum lists."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from glyphmill import __version__
from glyphmill.export import durable, names
from glyphmill.run.job import Job
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import merged, read_records, recorded

SCHEMA = "glyphmill.manifest/1"

_REQUIRED = {
    "config": dict,
    "ranges": list,
    "requested": int,
    "written": int,
    "rejected": int,
    "resources": dict,
    "checksums": dict,
}

#: What must be the same for two runs to share a folder, with the words for it.
_IDENTITY = {"config": "config", "seed": "seed", "catalogue": "catalogue of fonts, backgrounds and corpora"}


@dataclass
class Totals:
    """What all records of a dataset add up to.

    Attributes:
        retried: plans that were given up, of written and rejected samples alike.
        reasons: rejections by ``unit: reason``.
        specifications: written samples by specification.
        directions: written samples by writing direction.
    """

    written: int = 0
    rejected: int = 0
    retried: int = 0
    bytes: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    specifications: Counter[str] = field(default_factory=Counter)
    directions: Counter[str] = field(default_factory=Counter)

    def add(self, line: dict[str, Any]) -> None:
        """Count one line of a record."""
        self.retried += line["attempts"] - 1
        why = line.get("rejected")
        if why is not None:
            self.rejected += 1
            self.reasons[f"{why['unit']}: {why['reason']}"] += 1
            return
        self.written += 1
        self.bytes += line["bytes"]
        self.specifications[line["specification"]] += 1
        self.directions[line["direction"]] += 1


def read_manifest(root: Path) -> dict[str, Any] | None:
    """The manifest of a dataset, or None where there is none.

    Raises: RunError if it is not a manifest that this version reads.
    """
    path = root / names.MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RunError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path} is not a Glyphmill manifest: {error}") from error
    if not isinstance(manifest, dict):
        raise RunError(f"{path} is not a Glyphmill manifest: it holds {type(manifest).__name__}, not an object")
    if manifest.get("schema") != SCHEMA:
        raise RunError(f"{path} has the schema {manifest.get('schema')!r}; this version reads {SCHEMA!r}")
    for fault in _faults(manifest):
        raise RunError(f"{path} is damaged: {fault}")
    return manifest


def _faults(manifest: dict[str, Any]) -> Iterator[str]:
    """What keeps a manifest from being worked with."""
    for key, kind in _REQUIRED.items():
        if not isinstance(manifest.get(key), kind):
            yield f"{key} is {type(manifest.get(key)).__name__}, not {kind.__name__}"
            return
    for pair in manifest["ranges"]:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(index) is int for index in pair)):
            yield f"ranges holds {pair!r}, which is no [start, stop]"
    resources = {f"resources.{kind}": paths for kind, paths in manifest["resources"].items()}
    for key, texts in {"checksums": manifest["checksums"], **resources}.items():
        if not (isinstance(texts, dict) and all(isinstance(text, str) for text in texts.values())):
            yield f"{key} is no mapping of text to text"
    limits = manifest["config"].get("limits", {})
    if not (isinstance(limits, dict) and all(isinstance(limit, (int, float)) for limit in limits.values())):
        yield "config.limits is no mapping of text to numbers"


def open_dataset(job: Job, root: Path) -> None:
    """Make the folder ready for this job, or refuse it.

    Raises: RunError if the folder holds something else, or a dataset of another config, seed or catalogue.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"cannot make the folder {root}: {error.strerror}") from error
    existing = read_manifest(root)
    if existing is None:
        if any(root.iterdir()):
            raise RunError(f"{root} is not empty and holds no {names.MANIFEST}. Name an empty or a new folder.")
        # Written first, so that a run that ends early still says whose files these are.
        write_manifest(job, root, {}, Totals())
        return
    wanted = _identity(job)
    for key, words in _IDENTITY.items():
        if existing.get(key) != wanted[key]:
            where = _first_difference(existing.get(key), wanted[key])
            raise RunError(f"{root} holds a dataset of another {words} ({where}). Name another folder, or empty it.")


def close_dataset(job: Job, root: Path) -> dict[str, Any]:
    """Write the checksum lists, `rejects.jsonl` and the manifest from the records of all complete ranges."""
    totals, lists = Totals(), _ChecksumLists(root)
    with durable.open_file(root / names.REJECTS) as rejects, lists:
        for line in read_records(root):
            totals.add(line)
            why = line.get("rejected")
            if why is None:
                lists.add(line)
            else:
                row = {"index": line["index"], **why, "attempts": line["attempts"]}
                rejects.write(json.dumps(row, separators=(",", ":")).encode() + b"\n")
    return write_manifest(job, root, lists.digests, totals)


class _ChecksumLists:
    """Writes one list for each folder of samples, in the form that `sha256sum -c` reads at the dataset's root.

    To be used in a ``with`` block: a list gets its name once it is whole, the last one at the end of the block.

    Attributes:
        digests: the digest of every list that is whole, by its path.
    """

    def __init__(self, root: Path) -> None:
        self._root, self._path, self._open = root, "", ExitStack()
        self.digests: dict[str, str] = {}

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._finish()
        else:
            self._open.__exit__(kind, error, at)

    def add(self, line: dict[str, Any]) -> None:
        """Write the files of a record's line; lines come in index order."""
        index = line["index"]
        path = names.checksums_path(names.folder_of(index))
        if path != self._path:
            self._finish()
            self._path, self._sum = path, hashlib.sha256()
            self._file = self._open.enter_context(durable.open_file(self._root / path))
        rows = [(line["image_sha256"], line["image"])]
        rows += [(digest, extra) for extra, digest in line.get("extras_sha256", {}).items()]
        rows.append((line["label_sha256"], names.label_path(index)))
        data = "".join(f"{digest}  {name}\n" for digest, name in rows).encode()
        self._sum.update(data)
        self._file.write(data)

    def _finish(self) -> None:
        if self._path:
            self._open.close()
            self.digests[self._path] = self._sum.hexdigest()


def write_manifest(job: Job, root: Path, checksums: dict[str, str], totals: Totals) -> dict[str, Any]:
    """Write `manifest.json`; `checksums` gives the digest of each checksum list by its path."""
    catalogue = job.catalogue
    manifest = {
        "schema": SCHEMA,
        **_identity(job),
        "ranges": [[work.start, work.stop] for work in merged(recorded(root))],
        "requested": totals.written + totals.rejected,
        "written": totals.written,
        "rejected": totals.rejected,
        "reasons": _ranked(totals.reasons),
        "retried": totals.retried,
        "specifications": _ranked(totals.specifications),
        "directions": _ranked(totals.directions),
        "bytes": totals.bytes,
        "versions": _versions(),
        "resources": {
            "fonts": {font.digest: font.path for font in catalogue.fonts.usable},
            "backgrounds": {image.digest: image.path for image in catalogue.backgrounds.images},
        },
        "checksums": checksums,
    }
    # A line for each part: to be read and compared by people, without ten thousand lines of config.
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in manifest.items())
    durable.write_file(root / names.MANIFEST, f"{{\n{lines}\n}}\n".encode())
    return manifest


def _identity(job: Job) -> dict[str, Any]:
    # Paths are left out: the digest says what lies there, and the same files may lie elsewhere.
    config = {key: value for key, value in job.config.data.items() if key != "resources"}
    return {
        "config": json.loads(json.dumps(config)),
        "seed": job.config.seed,
        "catalogue": job.digest,
    }


def _ranked(counts: Counter[str]) -> dict[str, int]:
    """Most frequent first; ties by name, so that the order of counting does not show."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _versions() -> dict[str, str]:
    packages = ("numpy", "opencv-python-headless", "uharfbuzz", "isal")
    return {"glyphmill": __version__, "python": platform.python_version(), **{name: version(name) for name in packages}}


def _first_difference(there: Any, here: Any) -> str:
    old, new = dict(_leaves(there)), dict(_leaves(here))
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            return f"{key + ': ' if key else ''}{old.get(key, 'nothing')!r} there, {new.get(key, 'nothing')!r} here"
    return "order of entries"


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, part in value.items():
            yield from _leaves(part, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list) and value:
        for place, part in enumerate(value):
            yield from _leaves(part, f"{key}[{place}]")
    else:
        yield key, value
