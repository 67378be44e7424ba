"""What `verify` checks, and what it has found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from glyphmill.run.label_errors import ErrorTable

#: What can be checked, in the order of the report.
CHECKS = {
    "counts": "requested = written + rejected, and no file too many or too few",
    "hashes": "every file as the checksum lists have it",
    "schema": "every label in the label format",
    "images": "every image the one that its label makes",
    "boxes": "every box where the ink is",
}
#: What is only measured when it is asked for: it draws each cluster alone.
LABELS = {"labels": "every cluster's box around the ink of that cluster"}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        check: which check found it.
        file: path of the file concerned, relative to the dataset; what is inside a shard is named behind its path.
        message: what is wrong.
    """

    check: str
    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


@dataclass
class VerifyReport:
    """What was checked and what is wrong.

    Attributes:
        checked: how many files (samples, for ``schema``, ``images``, ``boxes`` and ``labels``) each check that was
            made has looked at.
        faults: what they found, in the order of the files.
        errors: how far the boxes of clusters are from their ink; None if that was not asked for.
    """

    checked: dict[str, int]
    faults: list[Fault] = field(default_factory=list)
    errors: ErrorTable | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def count(self, check: str) -> None:
        """One more is looked at, if that check is made."""
        if check in self.checked:
            self.checked[check] += 1

    def note(self, check: str, file: str, message: str) -> None:
        """Something is wrong, if that check is made."""
        if check in self.checked:
            self.faults.append(Fault(check, file, message))

    def rows(self) -> list[tuple[str, str, int, int]]:
        """A row for each check that was made: its name, what it means, how many it looked at, faults."""
        found = Counter(fault.check for fault in self.faults)
        return [(name, (CHECKS | LABELS)[name], count, found[name]) for name, count in self.checked.items()]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        found: dict[str, Any] = {
            "ok": self.ok,
            "checks": {name: {"checked": count, "faults": faults} for name, _, count, faults in self.rows()},
            "faults": [{"check": f.check, "file": f.file, "message": f.message} for f in self.faults],
        }
        return found if self.errors is None else {**found, "labels": self.errors.to_dict()}
