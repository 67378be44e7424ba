"""YAML text as a tree that knows its lines, read from parser events so that no file can blow up on the way.

The tree is built straight from libyaml's events: nothing is constructed by tag, nesting and aliases are counted while
they are read, and scalars follow YAML 1.2 (see ``scalars``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from glyphmill.config.scalars import Trap, quote, read_plain
from glyphmill.core.errors import ConfigError, Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 64
MAX_VALUES = 200_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff￾￿]")
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_BOMS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_HINT = "Expected total_images and specifications; `glyphmill init` writes a starter"


@dataclass(frozen=True)
class Node:
    """One value of the file.

    Attributes:
        value: a scalar, a list of nodes, or a dict of text to nodes.
        line: 1-based line of its key, or of itself in a list.
        origin: the key as the person wrote it, where that is not where the node now stands.
        size: how many values it holds, aliases written out.
    """

    value: Any
    line: int
    origin: str | None = None
    size: int = 1

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def node_of(data: object, line: int, origin: str | None = None) -> Node:
    """Plain data as a tree whose nodes all stand on one line."""
    if isinstance(data, dict):
        return Node({str(key): node_of(value, line) for key, value in data.items()}, line, origin)
    if isinstance(data, (list, tuple)):
        return Node([node_of(value, line) for value in data], line, origin)
    return Node(data, line, origin)


def read(content: bytes | str, source: str) -> tuple[Node, list[Problem]]:
    """The tree of a YAML file, and the problems that do not stop its reading (repeated keys, tags, ...).

    Raises: ConfigError if the file cannot be read any further: not UTF-8, not YAML, empty, nested too deep.
    """
    text = _decode(content, source)
    builder = _Builder(source)
    try:
        root = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise _fatal(source, *_syntax(error, text)) from error
    except yaml.YAMLError as error:
        raise _fatal(source, f"not valid YAML: {error}") from error
    if root is None or root.value is None:
        raise _fatal(source, f"the file is empty. {_HINT}")
    return root, builder.problems


def _fatal(source: str, message: str, line: int | None = None) -> ConfigError:
    return ConfigError(source, [Problem("", message, line)])


def _decode(content: bytes | str, source: str) -> str:
    if len(content) > MAX_BYTES:
        raise _fatal(source, f"the file has {len(content):,} bytes; expected at most {MAX_BYTES:,}")
    text = _decode_bytes(content, source) if isinstance(content, bytes) else content
    text = text.removeprefix("\ufeff")
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise _fatal(source, f"the character U+{ord(bad[0]):04X} is not allowed in YAML; remove it", line)
    return text


def _decode_bytes(content: bytes, source: str) -> str:
    for mark, name in _BOMS:
        if content.startswith(mark):
            raise _fatal(source, f"the file is in {name}; expected UTF-8. Save it as UTF-8", 1)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x} at offset {error.start} is not UTF-8"
        raise _fatal(source, f"{found}. Save the file as UTF-8", line) from error


def _syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[str, int | None]:
    """What to say about text that is not YAML, and its line."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return f"not valid YAML: {error.problem}", None
    lines = text.splitlines()
    row = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in row[: len(row) - len(row.lstrip())]:
        return "a tab is used for indentation; YAML allows only spaces there", mark.line + 1
    what = ", ".join(part for part in (error.context, error.problem) if part)
    return f"not valid YAML: {what}", mark.line + 1


def _line(event: Any) -> int:
    """1-based line where an event begins."""
    return int(event.start_mark.line) + 1


class _Builder:
    """Builds the tree of one document from events."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._anchors: dict[str, Node | None] = {}  # None while the value is still open

    def document(self, events: Iterator[Any]) -> Node | None:
        root = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _fatal(self.source, "a second document starts here; expected one", _line(event))
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, "", 0)
        return root

    def _node(self, event: Any, events: Iterator[Any], key: str, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), line)
        if depth > MAX_DEPTH:
            raise _fatal(self.source, f"nested deeper than {MAX_DEPTH} levels; expected a flatter file", line)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node = Node(self._scalar(event, key, line), line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._check_tag(event, "tag:yaml.org,2002:seq", key, line)
            node = self._sequence(events, key, depth, line)
        else:
            self._check_tag(event, "tag:yaml.org,2002:map", key, line)
            node = self._mapping(events, key, depth, line)
        if node.size > MAX_VALUES:
            raise _fatal(self.source, f"more than {MAX_VALUES:,} values with aliases written out", line)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, name: str, line: int) -> Node:
        if name not in self._anchors:
            raise _fatal(self.source, f"alias *{name} has no anchor &{name} before it", line)
        node = self._anchors[name]
        if node is None:
            raise _fatal(self.source, f"alias *{name} stands inside the value that it repeats", line)
        return replace(node, line=line)

    def _sequence(self, events: Iterator[Any], key: str, depth: int, line: int) -> Node:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, f"{key}[{len(items)}]", depth + 1))
        return Node(items, line, size=1 + sum(item.size for item in items))

    def _mapping(self, events: Iterator[Any], key: str, depth: int, line: int) -> Node:
        entries: dict[str, Node] = {}
        merged: list[Node] = []
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            place = _line(event)
            name = self._key(event, events, key, depth)
            path = f"{key}.{name}" if key else str(name)
            value = self._node(next(events), events, path, depth + 1)
            if name is None:
                continue
            if name == "<<":
                merged += value.value if isinstance(value.value, list) else [value]
            elif name in entries:
                first = entries[name].line
                self.problems.append(Problem(path, f"given twice, first on line {first}; keep one", place))
            else:
                entries[name] = replace(value, line=place)
        for base in merged:
            if not isinstance(base.value, dict):
                self.problems.append(Problem(f"{key}.<<" if key else "<<", "expected an alias of a mapping", line))
                continue
            entries = base.value | entries
        return Node(entries, line, size=1 + sum(entry.size for entry in entries.values()))

    def _key(self, event: Any, events: Iterator[Any], path: str, depth: int) -> str | None:
        """The text of a key; None, with a problem, where it is none."""
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, events, path, depth + 1)
            self.problems.append(Problem(path, "a key is a list, a mapping or an alias; expected text", line))
            return None
        text = str(event.value)
        if not event.implicit[0] and event.implicit[1] is False and event.tag not in (None, *_TEXT_TAGS):
            self._check_tag(event, "tag:yaml.org,2002:str", path, line)
        plain = read_plain(text) if event.style in (None, "") else text
        if isinstance(plain, Trap):
            message = f"some YAML readers take this unquoted key for {plain.other}; write it in quotes"
            self.problems.append(Problem(f"{path}.{text}" if path else text, message, line))
        return text

    def _scalar(self, event: Any, key: str, line: int) -> Any:
        if event.tag in _TEXT_TAGS:
            return str(event.value)
        if event.tag is not None:
            self._check_tag(event, "", key, line)
        return read_plain(event.value) if event.style in (None, "") else str(event.value)

    def _check_tag(self, event: Any, allowed: str, key: str, line: int) -> None:
        if event.tag in (None, allowed):
            return
        shown = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
        self.problems.append(Problem(key, f"the tag {quote(shown)} is not allowed; write the plain value", line))
