"""The plan: everything that was drawn for one image, as a small value that is replayed to the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from glyphmill.core.errors import RenderError

SCHEMA = "glyphmill.plan/1"


@dataclass(frozen=True, slots=True)
class Step:
    """One unit and what it drew: plain JSON values, sequences as tuples."""

    stage: str
    unit: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """One image, completely.

    Attributes:
        seed: the run's seed.
        index: which image of the run, from 0.
        attempt: 0 for the first plan of this index; each rejected one is followed by the next.
        specification: name of the specification it belongs to.
        mode: channels of the written image, ``rgb`` or ``gray``.
        steps: the units that take part, in the order in which they work.
    """

    seed: int
    index: int
    attempt: int
    specification: str
    mode: str
    steps: tuple[Step, ...]

    def of(self, stage: str) -> Step:
        """The step of a stage that has exactly one. Raises: RenderError if it is not in this plan."""
        for step in self.steps:
            if step.stage == stage:
                return step
        raise RenderError(f"the plan of index {self.index} has no step for the stage {stage!r}")

    def all(self, stage: str) -> tuple[Step, ...]:
        """The steps of a stage, in order; empty if there are none."""
        return tuple(step for step in self.steps if step.stage == stage)

    def with_used(self, stage: str, used: Mapping[str, Any]) -> Plan:
        """This plan with other values in the step of a stage: those that were used in place of those drawn."""
        if not used:
            return self
        steps = tuple(
            Step(step.stage, step.unit, {**step.params, **used}) if step.stage == stage else step for step in self.steps
        )
        return replace(self, steps=steps)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "schema": SCHEMA,
            "seed": self.seed,
            "index": self.index,
            "attempt": self.attempt,
            "specification": self.specification,
            "mode": self.mode,
            "steps": [{"stage": step.stage, "unit": step.unit, "params": step.params} for step in self.steps],
        }

    def to_json(self) -> str:
        """One line of JSON, keys in a fixed order; ``from_json`` gives an equal plan back."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Plan:
        """A plan from plain values. Raises: RenderError if they are of another schema or not a plan."""
        if data.get("schema") != SCHEMA:
            raise RenderError(f"got a plan of schema {data.get('schema')!r}; this version replays {SCHEMA!r}")
        try:
            return cls(
                seed=data["seed"],
                index=data["index"],
                attempt=data["attempt"],
                specification=data["specification"],
                mode=data["mode"],
                steps=tuple(Step(step["stage"], step["unit"], _frozen(step["params"])) for step in data["steps"]),
            )
        except (KeyError, TypeError) as error:
            raise RenderError(f"this is not a whole plan: {error!r} is missing or of the wrong kind") from error

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The plan that ``to_json`` wrote. Raises: RenderError."""
        try:
            data = json.loads(text)
        except ValueError as error:
            raise RenderError(f"a plan is one JSON object; this is not JSON: {error}") from error
        if not isinstance(data, dict):
            raise RenderError(f"a plan is a JSON object; got {type(data).__name__}")
        return cls.from_dict(data)


def _frozen(value: Any) -> Any:
    """Lists as tuples, all the way down: what a JSON reader gives becomes what a planner drew."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value
