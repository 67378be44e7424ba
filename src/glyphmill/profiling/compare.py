"""Two saved profiles side by side: what became faster and what slower, by function and by stage, for one image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glyphmill.profiling.result import Saved


@dataclass(frozen=True)
class Change:
    """One function or stage before and after, ms for one image; None where it is not there.

    Attributes:
        name: ``module.py(function)`` or the stage.
        before, after: its own time, without what it calls; of a stage all of it, on the clock.
        total_before, total_after: with what it calls; None for a stage.
        calls_before, calls_after: calls for one image; None for a stage.
        cpu_before, cpu_after: of a stage, of the processor; None for a function.
    """

    name: str
    before: float | None
    after: float | None
    total_before: float | None = None
    total_after: float | None = None
    calls_before: float | None = None
    calls_after: float | None = None
    cpu_before: float | None = None
    cpu_after: float | None = None

    @property
    def saved(self) -> float:
        """Milliseconds less of its own for one image."""
        return (self.before or 0.0) - (self.after or 0.0)


@dataclass(frozen=True)
class Comparison:
    """All changes between two profiles.

    Attributes:
        old, new: names of the files.
        image: time of one image without the profiler.
        stages: in the order of the work.
        functions: the greatest change of own time first.
        differs: what else is not the same: config, machine, versions.
    """

    old: str
    new: str
    image: Change
    stages: tuple[Change, ...]
    functions: tuple[Change, ...]
    differs: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""

        def row(change: Change) -> dict[str, Any]:
            return {**vars(change), "speed_up": speed_up(change.before, change.after)}

        return {
            "old": self.old,
            "new": self.new,
            "image": row(self.image),
            "stages": [row(change) for change in self.stages],
            "functions": [row(change) for change in self.functions],
            "differs": list(self.differs),
        }


def speed_up(before: float | None, after: float | None) -> float | None:
    """How many times faster; None where one of them is missing or nothing."""
    return before / after if before and after else None


def compare(old: Saved, new: Saved) -> Comparison:
    """What changed from one profile to another. Functions are matched by file and name: lines move with every edit."""
    names = old.functions.keys() | new.functions.keys()
    functions = [_function(name, old.functions, new.functions) for name in names]
    stages = [
        _stage(stage, old.stages_ms.get(stage), new.stages_ms.get(stage))
        for stage in dict.fromkeys([*old.stages_ms, *new.stages_ms])
    ]
    image = _stage("one image", _ms(old.image_s), _ms(new.image_s))
    differs = tuple(
        f"{name}: {old.about[name]} before, {new.about[name]} after"
        for name in old.about
        if name in new.about and old.about[name] != new.about[name]
    )
    # by their own time: what calls a function that changed has changed with it
    functions.sort(key=lambda change: (-abs(change.saved), change.name))
    return Comparison(old.name, new.name, image, tuple(stages), tuple(functions), differs)


def _ms(seconds: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if seconds is None else (1000 * seconds[0], 1000 * seconds[1])


def _stage(name: str, old: tuple[float, float] | None, new: tuple[float, float] | None) -> Change:
    (before, cpu_before), (after, cpu_after) = old or (None, None), new or (None, None)
    return Change(name, before, after, cpu_before=cpu_before, cpu_after=cpu_after)


def _function(
    name: tuple[str, str, int],
    old: Mapping[tuple[str, str, int], tuple[float, float, float]],
    new: Mapping[tuple[str, str, int], tuple[float, float, float]],
) -> Change:
    file, function, number = name
    before, after = old.get(name, (None, None, None)), new.get(name, (None, None, None))
    shown = function if file == "~" else f"{file.rpartition('/')[2]}({function})"
    shown += f" #{number + 1}" if number else ""
    return Change(shown, before[1], after[1], before[2], after[2], before[0], after[0])


def comparison_text(comparison: Comparison, *, top: int = 20) -> str:
    """The comparison as text that ends in a newline; functions that hardly changed are left out."""
    parts = [f"{comparison.old} -> {comparison.new}: milliseconds for one image"]
    parts += [f"not the same: {line}" for line in comparison.differs]
    rows = [
        change
        for change in (comparison.image, *comparison.stages)
        if change.before is not None or change.after is not None
    ]
    change = f"{'before':>9} {'after':>9}"
    times = f"{change} {'speed-up':>9}"
    if rows:
        head = f"  {'':<10} {'on the clock':>29} {'of the processor':>29}\n  {'':<10} {times} {times}"
        lines = [
            f"  {row.name:<10} {_cell(row.before)} {_cell(row.after)} {_times(row.before, row.after)} "
            f"{_cell(row.cpu_before)} {_cell(row.cpu_after)} {_times(row.cpu_before, row.cpu_after)}"
            for row in rows
        ]
        parts.append("\n".join([head, *lines]))
    head = f"  {'cumulative':>29} {'own time':>29} {'calls':>19}\n  {times} {times} {change}  function"
    parts.append("\n".join([head, *map(_row, comparison.functions[:top])]))
    return "\n\n".join(parts) + "\n"


def _row(change: Change) -> str:
    total = (
        f"{_cell(change.total_before)} {_cell(change.total_after)} {_times(change.total_before, change.total_after)}"
    )
    own = f"{_cell(change.before)} {_cell(change.after)} {_times(change.before, change.after)}"
    calls = f"{_cell(change.calls_before, 1)} {_cell(change.calls_after, 1)}"
    return f"  {total} {own} {calls}  {change.name}"


def _cell(value: float | None, digits: int = 3) -> str:
    return f"{'-':>9}" if value is None else f"{value:>9.{digits}f}"


def _times(before: float | None, after: float | None) -> str:
    times = speed_up(before, after)
    return f"{'-':>9}" if times is None else f"{f'{times:.2f}x':>9}"
