"""Labelled images of text for training and testing OCR. Every name here is imported when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glyphmill.plan.plan import Plan
    from glyphmill.run.job import Job

__version__ = "0.1.0"
__all__ = ["Job", "Plan", "__version__"]

_HOMES = {"Job": "glyphmill.run.job", "Plan": "glyphmill.plan.plan"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
