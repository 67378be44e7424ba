"""The text that a job draws from: files of the corpus folder by pattern, or the samples of a language."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from glyphmill.catalogue.encoding import Encoding, detect, looks_utf8, looks_wide
from glyphmill.catalogue.samples import DEFAULT_LANGUAGES, language_info, sample_text, samples_version
from glyphmill.catalogue.text_pool import Source, TextPool, undecodable
from glyphmill.config.paths import contained
from glyphmill.core.errors import CatalogueError

#: A path or glob relative to the corpus folder, or several with weights.
Pattern = str | Mapping[str, float]

_HEAD_BYTES = 1 << 16  # read at the start of each file when it is selected
_PROBES, _PROBE_BYTES = 15, 1 << 12  # and at places spread to its very end
_PROBED_FILES = 1000  # of more files than that, an even choice is probed; the rest shows when it is read
_UTF8: Final = "utf-8"


@dataclass(frozen=True)
class CorpusSet:
    """Where a job's text comes from.

    Attributes:
        root: the corpus folder; None if there is none and only language samples can be had.
        encoding: of the files, where a selection does not say otherwise.
    """

    root: str | None = None
    encoding: str = _UTF8

    def select(self, pattern: Pattern | None, language: str | None, *, encoding: str | None = None) -> TextPool:
        """The text of the files that match, each weighted by its size; without a pattern, of a language's samples.

        Args:
            pattern: a path or glob relative to the corpus folder, which it may not leave; or patterns with weights,
                the weight of each shared among its files by size.
            language: such as ``de`` or ``zh-Hant``; used where there is no pattern. Neither means English.
            encoding: of these files, in place of that of the set.

        Raises: CatalogueError if nothing matches, a pattern leaves the folder, there is no text in what matches, or a
            file is not in its encoding (``file:byte offset``, and the setting that sets it).
        """
        if pattern is None:
            return _samples(language or DEFAULT_LANGUAGES[0])
        weights = {pattern: 1.0} if isinstance(pattern, str) else dict(pattern)
        files: dict[str, float] = {}
        for each, weight in weights.items():
            found = {name: self._size(name) for name in self._match(each)}
            total = sum(found.values())
            for name, size in found.items():
                files[name] = files.get(name, 0.0) + (weight * size / total if total else 0.0)
        return self._open(files, encoding or self.encoding, ", ".join(weights))

    @cached_property
    def digest(self) -> str:
        """Identity of what every selection depends on: the encoding and the samples; blake2b-128, hex.

        The folder may hold anything, even the dataset being written, so its files count only where they are selected:
        see ``TextPool.digest``.
        """
        return hashlib.blake2b(f"{self.encoding}\0{samples_version()}".encode(), digest_size=16).hexdigest()

    def _match(self, pattern: str) -> list[str]:
        """Files, relative to the folder, that a pattern names."""
        if self.root is None:
            raise CatalogueError(
                f"there is no corpus folder to look for {pattern!r} in. Set resources.corpora to the folder, or name a "
                "language (text.language) to use its samples."
            )
        try:
            found = contained(self.root, pattern)
        except ValueError as error:
            raise CatalogueError(f"corpus {pattern!r}: {error}") from error
        if not found:
            raise CatalogueError(
                f"no corpus matches {pattern!r} in {self.root}. Patterns are relative to resources.corpora; "
                f"it holds {_listing(Path(self.root))}"
            )
        return [path.relative_to(self.root).as_posix() for path in found]

    def _size(self, name: str) -> int:
        return Path(self.root or "", name).stat().st_size

    def _open(self, files: Mapping[str, float], encoding: str, asked: str) -> TextPool:
        every = max(1, -(-len(files) // _PROBED_FILES))
        sources = []
        for number, (name, weight) in enumerate(sorted(files.items())):
            source = _source(self.root or "", name, weight, encoding, probe=number % every == 0)
            if source is not None and weight > 0:
                sources.append(source)
        if not sources:
            raise CatalogueError(f"there is no text in {asked} in {self.root}: empty, or nothing but white space")
        return TextPool(tuple(sources))


def open_corpora(folder: str | None, encoding: str = _UTF8) -> CorpusSet:
    """The corpora of a folder; opens no file yet.

    Raises: CatalogueError if the folder is missing or the encoding cannot be read by random access.
    """
    if folder is not None and not Path(folder).is_dir():
        raise CatalogueError(f"resources.corpora: there is no folder {folder}")
    _detect(encoding, b"", "resources.corpora")
    return CorpusSet(folder, encoding)


def _samples(language: str) -> TextPool:
    data = sample_text(language).encode(_UTF8)
    name = language_info(language).id
    return TextPool((Source(name, "", len(data), 0, Encoding(_UTF8, _UTF8), 1.0, data),))


def _source(root: str, name: str, weight: float, encoding: str, *, probe: bool) -> Source | None:
    """The source that a file is, or None if it holds no text."""
    path = Path(root, name)
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            head = stream.read(_HEAD_BYTES if probe else 4)
            settled, mark = _detect(encoding, head, str(path))
            source = Source(name, str(path), size, mark, settled, weight)
            if size <= mark or (size == len(head) and not _text(source, head, mark).strip()):
                return None
            if probe:
                _probe(source, stream, head)
            return source
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror or error}") from error


def _detect(encoding: str, head: bytes, where: str) -> tuple[Encoding, int]:
    try:
        return detect(encoding, head)
    except LookupError as error:
        raise CatalogueError(f"resources.encoding: got {encoding!r}: {error}") from error
    except ValueError as error:
        raise _other(where, 0, encoding, str(error), "it begins with that encoding's byte-order mark") from error


def _probe(source: Source, stream: io.BufferedReader, head: bytes) -> None:
    """Decode the start of a file and some places up to its end.

    Raises: CatalogueError where the bytes are not those of its encoding, or plainly those of another.
    """
    encoding = source.encoding
    if encoding.family != "wide" and looks_wide(head):
        raise _other(source.path, max(0, head.find(0)), encoding.name, "utf-16", "every other byte is zero")
    if encoding.name != _UTF8 and looks_utf8(head, encoding):
        at = next((place for place, byte in enumerate(head) if byte > 0x7F), 0)
        raise _other(source.path, at, encoding.name, _UTF8, "its bytes form valid UTF-8")
    _text(source, head, source.start)
    if encoding.family == "lines" or source.size <= len(head):
        return
    for place in _places(source.size):
        stream.seek(place)
        piece = stream.read(_PROBE_BYTES)
        whole = (source.start - place) % encoding.unit
        begin = encoding.enter(piece, whole, whole)[0] if place else source.start
        _text(source, piece, begin, place)


def _text(source: Source, data: bytes, begin: int, place: int = 0) -> str:
    try:
        return source.encoding.decode(data[begin:])
    except UnicodeDecodeError as error:
        raise CatalogueError(undecodable(source, place + begin, error)) from error


def _places(size: int) -> Iterator[int]:
    """Offsets of the probes: evenly spread, the first at the start, the last with the end of the file at its end."""
    last = max(0, size - _PROBE_BYTES)
    return iter(dict.fromkeys(last * number // (_PROBES - 1) for number in range(_PROBES)))


def _other(where: str, at: int, taken: str, seems: str, why: str) -> CatalogueError:
    return CatalogueError(
        f"{where}:{at}: the text is not {taken} but {seems}: {why}. Set resources.encoding to {seems}."
    )


def _listing(root: Path) -> str:
    names = sorted(path.name + ("/" if path.is_dir() else "") for path in root.iterdir())
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return (", ".join(names[:5]) or "nothing") + more
