"""Reads a profile as a person would: which functions stand out by which sign, what they do, what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from glyphmill.core.registry import Registry
from glyphmill.core.unit import Unit
from glyphmill.profiling.families import PIXEL_LOOP, family_of, knob_of, units_of
from glyphmill.profiling.functions import Function, Functions, Key, place
from glyphmill.profiling.loops import Lines

#: The signs, in the order in which they are told.
SIGNS = ("high cumtime", "high tottime", "high ncalls", "high tottime + ncalls")
#: Shares of all time from which a function's total and its own count as high.
_HIGH_TOTAL, _HIGH_OWN = 0.15, 0.05
#: Calls an image, of a function or by it, that count as many.
_MANY_CALLS = 100
#: A function in which nearly everything happens says nothing of where.
_SPINE = 0.75
#: Lines or calls at one call of a function that make a loop over pixels, and the least share of an image's pixels.
_LOOP_LINES, _LOOP_SHARE = 1000, 0.02
#: Functions that are looked at closely, and the least share of all time that is worth it.
_LOOKED_AT, _WORTH_IT = 6, 0.02
_LISTED = 4
#: Share of a function's time from which it works for one unit, and the least share that is told.
_MOSTLY, _PARTLY = 0.5, 0.1


@dataclass(frozen=True)
class Finding:
    """One function that costs much.

    Attributes:
        function: ``module.py:line(function)``.
        share: of all time that is its own, with the library functions that it calls.
        signs: those of ``SIGNS`` that it shows.
        family: the kind of work.
        evidence: what was measured, one sentence each.
        unit: the unit of the config that it works for, such as ``degrade.noise``; "" if it is none or many.
        keys: settings that change what it costs, nested spelling first.
        change: what to do.
    """

    function: str
    share: float
    signs: tuple[str, ...]
    family: str
    evidence: tuple[str, ...]
    unit: str
    keys: tuple[str, ...]
    change: str


@dataclass(frozen=True)
class Diagnosis:
    """What stands out in a profile.

    Attributes:
        signs: sign -> the functions that show it most, with the number that says so.
        findings: the functions that cost most themselves, dearest first.
    """

    signs: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def suspects(functions: Functions) -> tuple[Key, ...]:
    """The functions that cost most themselves, dearest first."""
    work, total = functions.work, _total(functions)
    ranked = sorted(work, key=lambda key: -work[key])[:_LOOKED_AT]
    return tuple(key for place, key in enumerate(ranked) if place == 0 or work[key] >= _WORTH_IT * total)


def diagnose(
    functions: Functions, registry: Registry, *, images: int, pixels: float, lines: Mapping[Key, Lines]
) -> Diagnosis:
    """What stands out in a profile.

    Args:
        functions: of all images together.
        registry: the units that exist.
        images: how many images were made.
        pixels: of one image, on average.
        lines: lines that the suspects run at each call, as far as they were counted.
    """
    look = _Look(functions, max(images, 1), max(pixels, 1.0), lines)
    findings = []
    for key in suspects(functions):
        units = units_of(functions, key, registry)
        unit = next((unit for unit, share in units if share >= _MOSTLY), None)
        loop = look.loop(key)
        family = PIXEL_LOOP if loop else family_of(functions, key)
        knob = knob_of(family, key, unit)
        change = knob.change
        if loop:
            change = f"Work on whole arrays with NumPy or OpenCV in place of a loop. Until then: {change}"
        findings.append(
            Finding(
                place(key),
                functions.work[key] / look.total,
                look.signs(key),
                family,
                (*look.evidence(key), *loop, *([] if unit else _shared(units))),
                knob.unit,
                knob.keys,
                change,
            )
        )
    return Diagnosis(look.by_sign(), tuple(findings))


def _shared(units: Sequence[tuple[Unit, float]]) -> list[str]:
    parts = [f"{unit.stage}.{unit.id} {share:.0%}" for unit, share in units[:_LISTED] if share >= _PARTLY]
    return [f"it works for {', '.join(parts)}"] if parts else []


def _total(functions: Functions) -> float:
    return sum(function.own_s for function in functions.by_key.values()) or 1e-9


class _Look:
    """Measures of functions, by image and as shares."""

    def __init__(self, functions: Functions, images: int, pixels: float, lines: Mapping[Key, Lines]) -> None:
        self.functions, self.images, self.pixels, self.lines = functions, images, pixels, lines
        self.total = _total(functions)

    def signs(self, key: Key) -> tuple[str, ...]:
        function = self.functions.by_key[key]
        own = self.functions.work[key] >= _HIGH_OWN * self.total
        many = max(function.calls, self._made(key)) >= _MANY_CALLS * self.images
        shown = (self._is_high(function), own, many, own and many)
        return tuple(sign for sign, holds in zip(SIGNS, shown, strict=True) if holds)

    def by_sign(self) -> dict[str, tuple[str, ...]]:
        """The functions of the project that show each sign most."""
        own = [function for function in self.functions.by_key.values() if function.ours]
        work, listed = self.functions.work, dict[str, tuple[str, ...]]()
        high = sorted(filter(self._is_high, own), key=lambda f: -f.total_s)
        dear = sorted((f for f in own if work[f.key] >= _HIGH_OWN * self.total), key=lambda f: -work[f.key])
        many = sorted((f for f in own if f.calls >= _MANY_CALLS * self.images), key=lambda f: -f.calls)
        both = [f for f in dear if max(f.calls, self._made(f.key)) >= _MANY_CALLS * self.images]
        listed[SIGNS[0]] = tuple(f"{f.place} {f.total_s / self.total:.0%}" for f in high[:_LISTED])
        listed[SIGNS[1]] = tuple(f"{f.place} {work[f.key] / self.total:.0%}" for f in dear[:_LISTED])
        listed[SIGNS[2]] = tuple(f"{f.place} {f.calls / self.images:,.0f} an image" for f in many[:_LISTED])
        listed[SIGNS[3]] = tuple(
            f"{f.place} {work[f.key] / self.total:.0%}, {max(f.calls, self._made(f.key)) / self.images:,.0f} an image"
            for f in both[:_LISTED]
        )
        return listed

    def evidence(self, key: Key) -> tuple[str, ...]:
        """Times and calls of a function, in sentences."""
        function = self.functions.by_key[key]
        own, work = function.own_s, self.functions.work[key]
        lines = own / work if work else 0
        said = [
            f"{1000 * work / self.images:.2f} ms an image: {lines:.0%} in its own lines, the rest in library functions",
            f"{function.calls / self.images:,.1f} calls an image, {1e6 * work / max(function.calls, 1):,.0f} us each",
        ]
        busiest = self._busiest(key)
        if busiest is not None and busiest[1] >= _MANY_CALLS * self.images:
            said.append(f"it calls {place(busiest[0])} {busiest[1] / self.images:,.0f} times an image")
        return tuple(said)

    def loop(self, key: Key) -> tuple[str, ...]:
        """What shows that a function loops over pixels; empty if nothing does."""
        least = max(_LOOP_LINES, _LOOP_SHARE * self.pixels)
        function, shown = self.functions.by_key[key], []
        lines = self.lines.get(key)
        if lines is not None and lines.each >= least:
            pixel = f"{lines.each / self.pixels:.2g} for each pixel of an image"
            shown.append(f"{lines.each:,.0f} of its lines run at each call, {pixel}")
        if self._made(key) / max(function.calls, 1) >= least:
            shown.append(f"it makes {self._made(key) / max(function.calls, 1):,.0f} calls at each call")
        if function.calls / self.images >= least:
            caller = self.functions.main_caller(key)
            where = f" by {place(caller)}" if caller else ""
            shown.append(f"it is called {function.calls / self.images:,.0f} times an image{where}")
        return tuple(shown)

    def _is_high(self, function: Function) -> bool:
        return _HIGH_TOTAL <= function.total_s / self.total < _SPINE

    def _made(self, key: Key) -> int:
        busiest = self._busiest(key)
        return busiest[1] if busiest else 0

    def _busiest(self, key: Key) -> tuple[Key, int] | None:
        """The function that one calls most, and how often."""
        called = self.functions.callees.get(key, {})
        best = max(called, key=lambda other: called[other], default=None)
        return (best, called[best]) if best is not None else None
