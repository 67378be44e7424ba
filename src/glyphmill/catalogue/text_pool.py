"""Pieces of text taken from anywhere in files of any size, in microseconds, through a bounded number of open files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import cast

from numpy.random import Generator

from glyphmill.catalogue.encoding import SYNC_BYTES, Encoding
from glyphmill.catalogue.open_file import open_file
from glyphmill.core.errors import Reject

_OPEN_FILES = 64  # at a time, per pool and process
_WORD_LIMIT = 48  # characters looked through for the end of a word that an offset falls into
_MARK_LIMIT = 16  # marks after one base that count as its cluster
_LINE_BYTES = 512, 4096  # on either side of an offset: enough for most lines, and the most
_BLANK_LIMIT = 256  # blank lines skipped before giving up
_WHOLE_BYTES = 8 << 20  # files up to this size are hashed in full
_BLOCKS, _BLOCK_BYTES = 64, 1 << 14  # what is hashed of larger ones
_HASHED_BYTES = 1 << 18  # at a time

# Scripts written without spaces between words: Thai, Lao, Tibetan; Myanmar; Khmer; Tai scripts; Balinese; CJK with
# kana, bopomofo and Yi; Javanese; compatibility and full-width forms; kana and ideographs beyond the first plane.
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u2e80-\ua4cf\ua980-\ua9df"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_REST_OF_WORD = re.compile(rf"[^\s{_UNSPACED}]{{0,{_WORD_LIMIT}}}(\s+)?")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"[^\s{_UNSPACED}]+|[{_UNSPACED}]+")
_UNSPACED_WORD = 4  # most clusters of a "word" in such a script
# Not marks by category, yet nothing that text may begin with: joiners, Thai and Lao vowels that follow their consonant,
# half-width voicing marks.
_EXTENDERS = frozenset("\u200c\u200d\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3\uff9e\uff9f")


@dataclass(frozen=True)
class Source:
    """One text that pieces are taken from.

    Attributes:
        name: what it is called in errors and digests: the path relative to the corpus folder, or a language.
        path: the file; "" if the text is in ``data``.
        size: bytes.
        start: byte offset of the first character, after a byte-order mark.
        encoding: how it is read.
        weight: its share of the draws.
        data: the text itself where there is no file.
    """

    name: str
    path: str
    size: int
    start: int
    encoding: Encoding
    weight: float
    data: bytes = b""


class TextPool:
    """Random access to the text of some sources. Holds no open file when pickled; opens files again by path.

    Args:
        sources: at least one, none of them empty.
    """

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = sources
        self._steps = list(accumulate(source.weight for source in sources))
        self._opened = lru_cache(_OPEN_FILES)(open_file)

    def __reduce__(self) -> tuple[type[TextPool], tuple[tuple[Source, ...]]]:
        return TextPool, (self.sources,)

    def passage(self, rng: Generator, characters: int) -> str:
        """Raw text from a random place: about ``characters`` code points, beginning at a word, ending anywhere.

        In scripts without spaces it begins at a grapheme cluster. It may hold line feeds; at the end of the source it
        goes on, after a line feed, at the start. It never ends between a base and its marks.

        Raises: Reject if the file is gone, has shrunk, or is not in its encoding at that place.
        """
        source = self._pick(rng)
        text = self._read(source, self._offset(source, rng), characters + _WORD_LIMIT + 2 * _MARK_LIMIT)
        text = text[_beginning(text) :]
        if len(text) <= characters:
            again = "\n" + self._read(source, source.start, characters + _MARK_LIMIT)
            text = (text + again * -(-(characters + _MARK_LIMIT - len(text)) // len(again))).lstrip("\n")
        return text[: _cluster_end(text, characters)]

    def line(self, rng: Generator) -> str:
        """The line around a random place, or the next that is not blank, without its line feed.

        Of a line longer than 8 KB the part near that place, from the start of a word.

        Raises: Reject as ``passage``; also if no line with text is near.
        """
        source = self._pick(rng)
        at = self._offset(source, rng)
        for _ in range(_BLANK_LIMIT):
            line, at = self._line(source, at)
            if line and not line.isspace():
                return line
        raise Reject("text", "blank_corpus", f"{source.name}:{at}: {_BLANK_LIMIT} blank lines in a row")

    def word(self, rng: Generator) -> str:
        """One word: what stands between white space; in scripts without spaces one to four grapheme clusters.

        Raises: Reject as ``passage``.
        """
        found = _WORD.search(self.passage(rng, _WORD_LIMIT))
        if found is None:
            return self.line(rng).split(maxsplit=1)[0]
        word = found[0]
        if not _UNSPACED_LETTER.match(word):
            return word
        end = 0
        for _ in range(1 + int(rng.random() * _UNSPACED_WORD)):
            end = _cluster_end(word, end + 1)
        return word[:end]

    @cached_property
    def digest(self) -> str:
        """Identity of the content and of what draws depend on; blake2b-128, hex. Of large files some blocks only.

        Raises: Reject if a file is gone.
        """
        total = hashlib.blake2b(digest_size=16)
        for source in self.sources:
            row = f"{source.name}\0{source.size}\0{source.weight!r}\0{source.encoding.name}\0"
            total.update(row.encode("utf-8", "surrogateescape"))
            if source.size <= _WHOLE_BYTES:
                for at in range(0, source.size, _HASHED_BYTES):
                    total.update(self._bytes(source, at, at + _HASHED_BYTES))
                continue
            for block in range(_BLOCKS):
                at = block * (source.size - _BLOCK_BYTES) // (_BLOCKS - 1)
                total.update(self._bytes(source, at, at + _BLOCK_BYTES))
        return total.hexdigest()

    def _pick(self, rng: Generator) -> Source:
        if len(self.sources) == 1:
            return self.sources[0]
        at = bisect_right(self._steps, rng.random() * self._steps[-1])
        return self.sources[min(at, len(self.sources) - 1)]

    @staticmethod
    def _offset(source: Source, rng: Generator) -> int:
        return source.start + int(rng.random() * (source.size - source.start))

    def _bytes(self, source: Source, low: int, high: int) -> bytes:
        """The bytes [low, high) of a source, or up to its end. Raises: Reject."""
        if not source.path:
            return source.data[low:high]
        size = (high if high < source.size else source.size) - low
        try:
            opened = self._opened(source.path)
            # Asked each time, so that a draw from what is left of a file that has shrunk is rejected, too.
            if opened.size_now() >= source.size == opened.size:
                data = opened.read(low, size)
                if len(data) == size:
                    return data
        except OSError as error:
            raise Reject("text", "corpus_unreadable", f"{source.path}: {error}") from error
        raise Reject("text", "corpus_changed", f"{source.path}: its size is no longer {source.size} bytes")

    def _read(self, source: Source, at: int, characters: int) -> str:
        """At least ``characters`` characters from the first that begins at or after byte ``at``; fewer at the end."""
        return self._decode(source, at, at + characters * source.encoding.max_bytes)

    def _decode(self, source: Source, at: int, end: int) -> str:
        """The characters from the first that begins at or after byte ``at`` to the last that ends before ``end``."""
        encoding = source.encoding
        low = max(source.start, at - encoding.reach)
        data = self._bytes(source, low, end)
        if encoding.family == "lines" and data.rfind(b"\n", 0, at - low) < 0:
            low = max(source.start, at - SYNC_BYTES)
            data = self._bytes(source, low, end)
        try:
            begin, wanted = encoding.enter(data, at - low, source.start - low)
            text = encoding.decode(data[begin:])
            return text if begin == wanted else text[len(encoding.decode(data[begin:wanted])) :]
        except UnicodeDecodeError as error:
            raise Reject("text", "corpus_encoding", undecodable(source, low + begin, error)) from error
        except ValueError as error:
            raise Reject("text", "corpus_encoding", f"{source.name}:{at}: {error}") from error

    def _line(self, source: Source, at: int) -> tuple[str, int]:
        """The line that holds byte ``at``, and the offset at which the next one begins (the first after the last)."""
        encoding = source.encoding
        unit = encoding.unit
        at -= (at - source.start) % unit
        for reach in _LINE_BYTES:
            low = max(source.start, at - reach)
            data = self._bytes(source, low, at + reach)
            first = encoding.find_line_feed(data, at - low, backwards=True)
            last = encoding.find_line_feed(data, at - low)
            if (first >= 0 or low == source.start) and (last >= 0 or at + reach >= source.size):
                break
        end = last if last >= 0 else len(data)
        if first >= 0 or low == source.start:
            begin = first + unit if first >= 0 else 0
            try:
                text = encoding.decode(data[begin:end])
            except UnicodeDecodeError as error:
                raise Reject("text", "corpus_encoding", undecodable(source, low + begin, error)) from error
        else:
            text = self._decode(source, low, low + end)
            text = text[_beginning(text) :]
        after = low + end + (unit if last >= 0 else 0)
        return text.rstrip("\r"), after if after < source.size else source.start


def undecodable(source: Source, base: int, error: UnicodeDecodeError) -> str:
    """The message for bytes, read from offset ``base``, that the encoding of a source does not allow."""
    return (
        f"{source.path or source.name}:{base + error.start}: byte 0x{error.object[error.start]:02x} is not "
        f"{source.encoding.name} text ({error.reason}). Set resources.encoding to the encoding of the files, "
        "such as latin-1, cp1252, utf-16 or gb18030"
    )


def _beginning(text: str) -> int:
    """Index at which the first whole word begins, or in scripts without spaces the first whole cluster."""
    rest = cast("re.Match[str]", _REST_OF_WORD.match(text))  # it matches the empty string too
    return rest.end() if rest[1] is not None else _cluster_end(text, rest.end())


def _cluster_end(text: str, at: int) -> int:
    """The first index from ``at`` that is not a mark of the character before it."""
    end = min(len(text), at + _MARK_LIMIT)
    while at < end and _extends(text[at]):
        at += 1
    return min(at, len(text))


def _extends(character: str) -> bool:
    if character < "\u0300":
        return False
    return (
        character in _EXTENDERS
        or unicodedata.category(character)[0] == "M"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
