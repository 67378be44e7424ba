"""Planning: the only place that samples. A plan is found from (config, catalogue, seed, index, attempt) alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from numpy.random import Generator

from glyphmill.config.model import Entry, Group, JobConfig, Specification
from glyphmill.core.registry import Registry
from glyphmill.core.rng import Streams
from glyphmill.core.unit import SHAPES, STAGES, Stage
from glyphmill.plan.allocation import Allocation
from glyphmill.plan.context import DrawContext, Library
from glyphmill.plan.plan import Plan, Step

if TYPE_CHECKING:
    from glyphmill.catalogue.catalogue import Catalogue

Lane = Callable[[str], Generator]


class Planner:
    """Plans for one job. Not for use by several threads at once: give each its own."""

    def __init__(self, config: JobConfig, catalogue: Catalogue, registry: Registry) -> None:
        self._config = config
        self._registry = registry
        self._stock = Library(catalogue)
        self._allocation = Allocation([spec.proportion for spec in config.specifications], config.total_images)
        self._streams = Streams(config.seed)

    def plan(self, index: int, attempt: int = 0) -> Plan:
        """The plan of one image, in constant time.

        Raises: IndexError outside of the run; Reject if no plan can be made, such as for want of a font.
        """
        spec = self._config.specifications[self._allocation[index]]
        context = DrawContext(self._stock, spec, self._config.limits)
        steps: list[tuple[Stage, str]] = []

        def lane(unit: str) -> Generator:
            return self._streams.at(index, attempt, unit)

        for stage in STAGES:
            for address, entry in self._chosen(stage, spec, lane):
                unit = self._registry.get(stage, entry.unit)
                if unit is None:
                    raise LookupError(f"the config names the unit {stage}.{entry.unit}, which the registry lacks")
                context.drawn[address] = unit.draw(entry.config, context, lane(address))
                steps.append((stage, address))
        return Plan(
            seed=self._config.seed,
            index=index,
            attempt=attempt,
            specification=spec.name,
            mode=self._config.mode,
            steps=tuple(
                Step(stage, address.rpartition(".")[2].partition("#")[0], context.drawn[address])
                for stage, address in steps
            ),
        )

    def _chosen(self, stage: Stage, spec: Specification, lane: Lane) -> Sequence[tuple[str, Entry]]:
        """The entries of a stage that take part, each with the address of its stream."""
        if stage == "encode":
            return [("encode." + self._config.output.unit, self._config.output)]
        shape = SHAPES[stage]
        if shape == "single":
            return [(stage, Entry(stage, spec.single[stage]))]
        if shape == "choice":
            entries = spec.choice.get(stage, ())
            if stage == "background" and not entries:
                entries = (self._plain_background(),)
            entry = _pick_one(entries, lane, stage)
            return [] if entry is None else [(f"{stage}.{entry.unit}", entry)]
        return _take_part(spec.chain.get(stage, ()), lane, stage)

    def _plain_background(self) -> Entry:
        """What lies behind text where a specification does not say: the job's pictures if it has any, else white."""
        unit_id = "image" if self._stock.catalogue.backgrounds.images else "solid"
        unit = self._registry.get("background", unit_id)
        if unit is None:
            raise LookupError(f"the registry lacks background.{unit_id}")
        return Entry(unit_id, unit.config())


def _pick_one(entries: Sequence[Entry], lane: Lane, address: str) -> Entry | None:
    """One of the alternatives by weight; then its ``p`` decides whether it takes part."""
    if not entries:
        return None
    chosen = entries[0]
    if len(entries) > 1:
        chosen = entries[_by_weight([entry.weight for entry in entries], lane(address).random())]
    return chosen if chosen.p >= 1 or lane(f"{address}.p").random() < chosen.p else None


def _by_weight(weights: Sequence[float], share: float) -> int:
    reach, mark = 0.0, share * sum(weights)
    for number, weight in enumerate(weights):
        reach += weight
        if mark < reach:
            return number
    return max(number for number, weight in enumerate(weights) if weight > 0)


def _take_part(entries: Sequence[Entry | Group], lane: Lane, address: str) -> list[tuple[str, Entry]]:
    """The units of a chain that are drawn, in order; a repeated unit gets a stream of its own by its number."""
    taken: list[tuple[str, Entry]] = []
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries):
        if isinstance(entry, Group):
            taken += _from_group(entry, lane, f"{address}.{entry.kind}{number}")
            continue
        count = seen[entry.unit] = seen.get(entry.unit, -1) + 1
        name = f"{address}.{entry.unit}" + (f"#{count}" if count else "")
        if entry.p >= 1 or lane(f"{name}.p").random() < entry.p:
            taken.append((name, entry))
    return taken


def _from_group(group: Group, lane: Lane, address: str) -> list[tuple[str, Entry]]:
    rng = lane(address)
    if group.p < 1 and rng.random() >= group.p:
        return []
    if group.kind == "sequence":
        return _take_part(group.entries, lane, address)
    wanted = 1 if group.n is None else int(group.n.draw(rng))
    left = list(range(len(group.entries)))
    kept: list[int] = []
    for _ in range(min(wanted, len(left))):
        weights = [group.entries[k].weight for k in left]
        if not any(weights):
            break
        kept.append(left.pop(_by_weight(weights, rng.random())))
    return _take_part([group.entries[k] for k in sorted(kept)], lane, address)
