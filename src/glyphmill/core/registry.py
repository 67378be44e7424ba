"""All units that exist here: the built-in ones found in ``glyphmill.stages``, and those of installed plug-ins."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points

from glyphmill.core.errors import GlyphmillError
from glyphmill.core.unit import SHARED, STAGES, Stage, Unit

PLUGIN_GROUP = "glyphmill.units"


class Registry:
    """An immutable set of units, by stage and id. Passed as an argument; there is no global one."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units: dict[Stage, dict[str, Unit]] = {stage: {} for stage in STAGES}
        for unit in units:
            same = self._units[unit.stage].get(unit.id)
            if same is not None:
                raise GlyphmillError(
                    f"two units are named {unit.stage}.{unit.id}: one from {same.distribution}, "
                    f"one from {unit.distribution}. Uninstall or rename one of them."
                )
            self._units[unit.stage][unit.id] = unit

    def stage(self, stage: Stage) -> tuple[Unit, ...]:
        """The units of a stage, by id."""
        return tuple(unit for _, unit in sorted(self._units[SHARED.get(stage, stage)].items()))

    def get(self, stage: Stage, unit_id: str) -> Unit | None:
        """The unit of that id, or None."""
        return self._units[SHARED.get(stage, stage)].get(unit_id)

    def __iter__(self) -> Iterator[Unit]:
        return (unit for stage in STAGES if stage not in SHARED for unit in self.stage(stage))


def discover() -> Registry:
    """The built-in units and those of every installed package with a ``glyphmill.units`` entry point.

    Raises: GlyphmillError naming the package if a plug-in cannot be loaded or offers something that is not a Unit.
    """
    return Registry([*_built_in(), *_plugins()])


def _built_in() -> Iterator[Unit]:
    # By name, not by import statement: core knows that units exist, not which.
    stages = importlib.import_module("glyphmill.stages")
    for folder in pkgutil.iter_modules(stages.__path__, "glyphmill.stages."):
        if not folder.ispkg:
            continue
        package = importlib.import_module(folder.name)
        for found in pkgutil.iter_modules(package.__path__, folder.name + "."):
            unit = getattr(importlib.import_module(found.name), "UNIT", None)
            if isinstance(unit, Unit):
                yield unit


def _plugins() -> Iterator[Unit]:
    for entry in entry_points(group=PLUGIN_GROUP):
        package = entry.dist.name if entry.dist else entry.module
        try:
            loaded = entry.load()
        except Exception as error:
            raise GlyphmillError(f"plug-in {entry.name!r} of package {package!r} cannot be loaded: {error}") from error
        for unit in loaded if isinstance(loaded, (list, tuple)) else [loaded]:
            if not isinstance(unit, Unit):
                raise GlyphmillError(
                    f"plug-in {entry.name!r} of package {package!r} offers {type(unit).__name__}, not a Unit"
                )
            yield Unit(**{**vars(unit), "distribution": package})
