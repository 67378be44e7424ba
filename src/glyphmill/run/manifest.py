"""The dataset's own account of itself: `manifest.json`, `rejects.jsonl` and the checksum lists."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from types import TracebackType
from typing import Any

import orjson

from glyphmill import __version__
from glyphmill.catalogue.health import Observer
from glyphmill.export import names
from glyphmill.export.layout import FileFacts
from glyphmill.export.storage import Storage
from glyphmill.run.job import Job
from glyphmill.run.make import reason_of
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import IndexRange, merged, split
from glyphmill.run.records import read_records, record_path, recorded

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

#: What must be the same for two runs to share a place, with the words for it.
_IDENTITY = {
    "config": "config",
    "seed": "seed",
    "catalogue": "catalogue of fonts, backgrounds and corpora",
    "layout": "layout",
    "versions": "version of what it is made with",
}
_LIMITS_OF_RUNS = ("max_rejected", "sample_seconds")
#: What the first moments of a run leave if it is killed then.
_OWN = (".lock", f".{names.MANIFEST}.")


@dataclass(frozen=True)
class RunPlan:
    """What a run is to do to a dataset.

    Attributes:
        layout: name of the layout.
        samples: of one range.
        ranges: those of this run.
        resume: whether some may be there already.
        allow_changed: whether the others may be of another job.
    """

    layout: str
    samples: int
    ranges: Sequence[IndexRange]
    resume: bool = False
    allow_changed: bool = False


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
        if "rejected" in line:
            self.rejected += 1
            self.reasons[reason_of(line)] += 1
            return
        self.written += 1
        self.bytes += line["bytes"]
        self.specifications[line["specification"]] += 1
        self.directions[line["direction"]] += 1

    def counts(self) -> dict[str, Any]:
        """As the manifest has them."""
        return {
            "requested": self.written + self.rejected,
            "written": self.written,
            "rejected": self.rejected,
            "reasons": _ranked(self.reasons),
            "retried": self.retried,
            "specifications": _ranked(self.specifications),
            "directions": _ranked(self.directions),
            "bytes": self.bytes,
        }


def read_manifest(storage: Storage) -> dict[str, Any] | None:
    """The manifest of a dataset, or None where there is none.

    Raises: RunError if it is not a manifest that this version reads.
    """
    path = f"{storage.location}/{names.MANIFEST}"
    try:
        manifest = json.loads(storage.read(names.MANIFEST))
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
        raise RunError(
            f"{path} is damaged: {fault}. If you know that the job is the same, take it away and run again with "
            f"--resume --allow-changed."
        )
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


def open_dataset(job: Job, storage: Storage, plan: RunPlan) -> None:
    """Make the place ready for this run, or refuse it.

    Raises: RunError if it holds something else, a dataset of another job, or samples that this run would make again.
    """
    existing = read_manifest(storage)
    if existing is None and (strange := [name for name in storage.names("") if not name.startswith(_OWN)]):
        # In object storage, which has no locks, another shard may have begun at this moment.
        existing = read_manifest(storage)
        if existing is None and not (plan.allow_changed and recorded(storage)):
            raise RunError(
                f"{storage.location} is not empty ({strange[0]}) and holds no {names.MANIFEST}. Name an empty or a "
                f"new folder."
            )
    if existing is None:
        _drop_other_ranges(job, storage, plan)
        # Written first, so that a run that ends early still says whose files these are.
        write_manifest(job, storage, plan, {}, Totals(), [], [])
        return
    identity = _identity(job, plan)
    if existing.get("layout") != identity["layout"]:
        raise RunError(
            f"{storage.location} holds a dataset of another layout "
            f"({_first_difference(existing.get('layout'), identity['layout'])}), and no dataset has two. Name another "
            f"folder."
        )
    changes = list(_changes(existing, identity))
    if changes and not plan.allow_changed:
        raise RunError(
            f"{storage.location} holds a dataset of another {changes[0]}. Name another folder, or mix the two on "
            f"purpose with --resume --allow-changed."
        )
    if not plan.resume and (there := sorted({*recorded(storage)}.intersection(plan.ranges))):
        raise RunError(
            f"{storage.location} holds samples {there[0].start} to {there[0].stop - 1} of this very job already. "
            f"Go on with it by --resume, or name another folder."
        )
    if changes:
        _drop_other_ranges(job, storage, plan)
        # As recorded: the manifest of a run that was killed knows less.
        kept = [[work.start, work.stop] for work in merged(recorded(storage))]
        mixed = [*existing.get("mixed", []), *([{"ranges": kept, "changes": changes}] if kept else [])]
        write_manifest(job, storage, plan, existing["checksums"], Totals(), kept, mixed)


def _drop_other_ranges(job: Job, storage: Storage, plan: RunPlan) -> None:
    """Take away records of ranges that this job has not: its last one grows with it, and is made anew.

    Raises: RunError if there are more samples than this job has.
    """
    others = sorted({*recorded(storage)}.difference(split(len(job), plan.samples)))
    if others and others[-1].stop > len(job):
        raise RunError(
            f"{storage.location} holds {others[-1].stop} samples, and this job has {len(job)}. Name another folder."
        )
    for work in others:
        storage.remove(record_path(work))


def close_dataset(job: Job, storage: Storage, plan: RunPlan) -> dict[str, Any]:
    """Write the checksum lists, `rejects.jsonl`, `health.json` and the manifest from the records of all ranges.

    Raises: RecordError if one of them is damaged; OSError.
    """
    existing = read_manifest(storage) or {}
    totals, lists, works, observer = Totals(), _ChecksumLists(storage), [], Observer(job.catalogue.health)
    with storage.create(names.REJECTS) as rejects, lists:
        for record in read_records(storage):
            works.append(record.range)
            for line in record.lines:
                totals.add(line)
                observer.add(line)
                rejects.write(reject_row(line))
                lists.add(line["index"], line.get("files", {}))
            lists.add(record.range.start, record.files)
    health = observer.health()
    storage.write(names.HEALTH, health.to_json().encode())
    ranges = [[work.start, work.stop] for work in merged(works)]
    return write_manifest(
        job, storage, plan, lists.digests, totals, ranges, existing.get("mixed", []), health.backgrounds
    )


def reject_row(line: Mapping[str, Any]) -> bytes:
    """The line of `rejects.jsonl` for a line of a record; nothing for one that tells of a sample."""
    if "rejected" not in line:
        return b""
    row = {"index": line["index"], **line["rejected"], "attempts": line["attempts"]}
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


class _ChecksumLists:
    """Writes one list for each folder of samples, in the form that `sha256sum -c` reads at the dataset's root.

    To be used in a ``with`` block: a list gets its name once it is whole, the last one at the end of the block.

    Attributes:
        digests: the digest of every list that is whole, by its path.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage, self._path, self._open = storage, "", ExitStack()
        self.digests: dict[str, str] = {}

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._finish()
        else:
            self._open.__exit__(kind, error, at)

    def add(self, index: int, files: FileFacts) -> None:
        """Write files that belong to a sample, or to the range that begins with it; in index order."""
        if not files:
            return
        path = names.checksums_path(names.folder_of(index))
        if path != self._path:
            self._finish()
            self._path, self._sum = path, hashlib.sha256()
            self._file = self._open.enter_context(self._storage.create(path))
        data = "".join(f"{digest}  {name}\n" for name, (digest, _) in files.items()).encode()
        self._sum.update(data)
        self._file.write(data)

    def _finish(self) -> None:
        if self._path:
            self._open.close()
            self.digests[self._path] = self._sum.hexdigest()


def write_manifest(
    job: Job,
    storage: Storage,
    plan: RunPlan,
    checksums: dict[str, str],
    totals: Totals,
    ranges: list[list[int]],
    mixed: list[dict[str, Any]],
    used: Iterable[str] = (),
) -> dict[str, Any]:
    """Write `manifest.json`.

    Args:
        checksums: the digest of each checksum list by its path.
        totals: what all records add up to.
        ranges: the indices that they are of.
        mixed: what was different when earlier samples were made, if somebody has allowed that.
        used: digests of the backgrounds that samples have, which are listed where there are very many others.
    """
    catalogue = job.catalogue
    manifest = {
        "schema": SCHEMA,
        **_identity(job, plan),
        "ranges": ranges,
        **totals.counts(),
        "resources": {
            "fonts": {font.digest: font.path for font in catalogue.fonts.usable},
            "backgrounds": catalogue.backgrounds.listed(used),
        },
        **({"mixed": mixed} if mixed else {}),
        "checksums": checksums,
    }
    # A line for each part: to be read and compared by people, without ten thousand lines of config.
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in manifest.items())
    storage.write(names.MANIFEST, f"{{\n{lines}\n}}\n".encode())
    return manifest


def _identity(job: Job, plan: RunPlan) -> dict[str, Any]:
    """What must be the same for two runs to share a place."""
    # Paths are left out: the digest says what lies there, and the same files may lie elsewhere.
    config = {key: value for key, value in job.config.data.items() if key != "resources"}
    if "limits" in config:
        # so are limits that never change a sample
        config["limits"] = {key: value for key, value in config["limits"].items() if key not in _LIMITS_OF_RUNS}
        config = {key: value for key, value in config.items() if key != "limits" or value}
    return {
        "config": json.loads(json.dumps(config)),
        "seed": job.config.seed,
        "catalogue": job.digest,
        "layout": {"name": plan.layout, "samples": plan.samples},
        "versions": versions(),
    }


def _changes(there: dict[str, Any], here: dict[str, Any]) -> Iterator[str]:
    """What is different, in words, with the first value that is."""
    for key, words in _IDENTITY.items():
        old, new = (_comparable(key, identity.get(key)) for identity in (there, here))
        if old != new:
            yield f"{words} ({_first_difference(old, new)})"


def _comparable(key: str, value: Any) -> Any:
    # Bytes do not depend on which Python it is.
    return {k: v for k, v in value.items() if k != "python"} if key == "versions" and isinstance(value, dict) else value


def _ranked(counts: Counter[str]) -> dict[str, int]:
    """Most frequent first; ties by name, so that the order of counting does not show."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def versions() -> dict[str, str]:
    """Of what the bytes of a sample depend on, and of Python."""
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
