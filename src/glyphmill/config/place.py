"""Where a value stands in the file, and the problems found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from glyphmill.config.scalars import Trap, describe
from glyphmill.config.source import Node
from glyphmill.core.errors import Problem


@dataclass(frozen=True)
class At:
    """A node and its full key, such as ``specifications[1].degrade[0].noise.amount``."""

    node: Node
    key: str

    def child(self, name: str | int) -> At:
        """The entry of that name, or the item of that position."""
        node: Node = self.node.value[name]
        return At(node, node.origin or join(self.key, name))

    def items(self) -> Iterator[tuple[str, At]]:
        """The entries of a mapping."""
        return ((name, self.child(name)) for name in self.node.value)

    def has(self, name: str | int) -> bool:
        """Whether there is such an entry or item."""
        value = self.node.value
        if isinstance(value, dict):
            return name in value
        return isinstance(value, list) and isinstance(name, int) and 0 <= name < len(value)

    def walk(self, path: Iterable[str | int]) -> At:
        """The deepest place along a path; what the file does not have is only added to the key."""
        at = self
        for name in path:
            at = at.child(name) if at.has(name) else At(Node(None, at.node.line), join(at.key, name))
        return at


def join(key: str, name: str | int) -> str:
    """The key of an entry or item below another."""
    if isinstance(name, int):
        return f"{key}[{name}]"
    return f"{key}.{name}" if key else name


class Problems:
    """A list of problems in which each stands once, however often ``defaults`` bring it up."""

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        self._found = dict.fromkeys(found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, at: At, message: str) -> None:
        """Note a problem with the value at a place."""
        self._found[Problem(at.key, message, at.node.line)] = None

    def mapping(self, at: At, what: str) -> bool:
        """Whether the value is a mapping; a problem if not. ``what`` says which mapping is expected."""
        if isinstance(at.node.value, dict):
            return True
        self.add(at, f"got {describe(at.node.plain())}; expected {what}")
        return False

    def text(self, at: At) -> str | None:
        """The value as text that is not empty; a problem and None if it is none."""
        value = at.node.value
        if isinstance(value, str) and not isinstance(value, Trap) and value.strip():
            return value
        advice = ": write it in quotes" if isinstance(value, (Trap, int, float)) else ""
        self.add(at, f"got {describe(at.node.plain())}; expected text{advice}")
        return None
