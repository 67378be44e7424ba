"""Laws of every curve: lengths, frames, parallel lines, letters that keep clear of each other, plans that replay."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glyphmill.core.registry import discover
from glyphmill.core.rng import stream
from glyphmill.core.unit import Unit
from glyphmill.stages.curve import arc, bezier, circle, jitter, sine
from glyphmill.stages.curve.lines import Block, CurvedLines

UNITS = discover().stage("curve")
Floats = NDArray[Any]

#: Each curve at several strengths, the strongest beyond what letters stand.
STRENGTHS: list[tuple[Unit, dict[str, Any]]] = [
    *((arc.UNIT, {"radius": r, "concave": c, "max_span": 180.0}) for r in (1.0, 50.0, 400.0) for c in (True, False)),
    *(
        (sine.UNIT, {"amplitude": a, "frequency": f, "phase": 0.7})
        for a, f in ((6.0, 0.03), (50.0, 0.05), (90.0, 0.004))
    ),
    *((circle.UNIT, {"radius": r, "start": 75.0, "inside": i}) for r in (0.0, 300.0) for i in (True, False)),
    *((bezier.UNIT, {"amplitude": a, "points": p, "seed": 5}) for a, p in ((0.05, 4), (0.5, 4), (0.5, 7))),
    (jitter.UNIT, {"offset": 3.0, "rotation": 8.0, "scale": 0.1, "seed": 5}),
]
STRAIGHT: list[tuple[Unit, dict[str, Any]]] = [
    (arc.UNIT, {"radius": 0.0, "concave": True, "max_span": 180.0}),
    (sine.UNIT, {"amplitude": 0.0, "frequency": 0.05, "phase": 0.7}),
    (sine.UNIT, {"amplitude": 9.0, "frequency": 0.0, "phase": 0.7}),
    (bezier.UNIT, {"amplitude": 0.0, "points": 4, "seed": 5}),
    (jitter.UNIT, {"offset": 0.0, "rotation": 0.0, "scale": 0.0, "seed": 5}),
]
every_curve = pytest.mark.parametrize(
    ("unit", "drawn"), STRENGTHS, ids=lambda value: value.id if isinstance(value, Unit) else None
)


def curve_of(unit: Unit, drawn: dict[str, Any], block: Block) -> CurvedLines:
    made: CurvedLines = unit.apply(unit.params(**{"bend": "auto"} | drawn), block)
    return made


def block_of(widths: list[float], *, size: float = 32.0, pitch: float = 0.0, left: float = 0.0) -> Block:
    extents = np.array([(left, left + width) for width in widths])
    return Block(extents, ascent=size, descent=0.25 * size, pitch=pitch)


def on(line: int, u: Floats) -> NDArray[np.int64]:
    return np.full(len(u), line)


def normals(tangents: Floats) -> Floats:
    return np.stack([-tangents[:, 1], tangents[:, 0]], axis=1)


def arc_length(points: Floats) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def boxes(curve: CurvedLines, u0: Floats, u1: Floats, v0: float, v1: float, line: int = 0) -> Floats:
    """Corners of rigid boxes, each turned about the baseline point below its middle, (n, 4, 2)."""
    origin, tangent = curve.frames((u0 + u1) / 2, on(line, u0))
    half = ((u1 - u0) / 2)[:, None]
    up, along = normals(tangent), tangent
    corners = [along * (half * a) + up * v for a, v in ((-1, v0), (1, v0), (1, v1), (-1, v1))]
    return origin[:, None, :] + np.stack(corners, axis=1)


def apart(one: Floats, other: Floats) -> float:
    """The gap between two convex polygons (4, 2), negative where they overlap (separating axes)."""
    gaps = []
    for polygon in (one, other):
        edges = np.roll(polygon, -1, axis=0) - polygon
        for axis in normals(edges) / np.hypot(*edges.T)[:, None]:
            a, b = one @ axis, other @ axis
            gaps.append(max(b.min() - a.max(), a.min() - b.max()))
    return float(max(gaps))


@every_curve
@pytest.mark.parametrize("lines", [1, 4])
def test_keeps_lengths_where_it_is_tightest(unit: Unit, drawn: dict[str, Any], lines: int) -> None:
    """No stretch of a line is shorter than in straight text, and where the curve is tightest it is as long."""
    block = block_of([500.0] * lines, pitch=40.0 if lines > 1 else 0.0)
    curve = curve_of(unit, drawn, block)
    u = np.linspace(0, 500, 4001)
    for line in range(lines):
        ratios = []
        for v in (block.reach_up, -block.reach_down):
            bent = curve.bend(np.stack([u, np.full_like(u, v)], axis=1), on(line, u))
            ratios.append(np.hypot(*np.diff(bent, axis=0).T) / np.diff(u))
        per_letter = np.minimum(*ratios).reshape(-1, 160).mean(axis=1)
        assert np.abs(per_letter - 1).max() < 1e-3


@pytest.mark.parametrize("concave", [True, False])
def test_arc_length_is_kept_on_the_measured_side(concave: bool) -> None:
    """Along the tops of a concave arc, and the bottoms of a convex one, lengths are those of straight text."""
    block = block_of([700.0, 500.0, 640.0], pitch=41.0)
    curve = curve_of(arc.UNIT, {"radius": 300.0, "concave": concave, "max_span": 180.0}, block)
    v = block.reach_up if concave else -block.reach_down
    for line, (u0, u1) in enumerate(block.extents.tolist()):
        u = np.linspace(u0, u1, 3000)
        assert arc_length(curve.bend(np.stack([u, np.full_like(u, v)], axis=1), on(line, u))) == pytest.approx(
            u1 - u0, rel=1e-3
        )


@every_curve
def test_frames_are_where_the_baseline_bends_to(unit: Unit, drawn: dict[str, Any]) -> None:
    """Frames lie on the bent baseline, beyond its ends too, are of length 1 and point along it."""
    block = block_of([400.0, 300.0], pitch=44.0, left=-30.0)
    curve = curve_of(unit, drawn, block)
    u = np.linspace(-60, 420, 9001)
    for line in (0, 1):
        origin, tangent = curve.frames(u, on(line, u))
        baseline = curve.bend(np.stack([u, np.zeros_like(u)], axis=1), on(line, u))
        np.testing.assert_allclose(baseline, origin, atol=1e-9)
        np.testing.assert_allclose(np.hypot(*tangent.T), 1, atol=1e-12)
        ahead = np.diff(baseline, axis=0)
        ahead /= np.hypot(*ahead.T)[:, None]
        middle = tangent[1:] + tangent[:-1]
        middle /= np.hypot(*middle.T)[:, None]
        assert np.hypot(*(ahead - middle).T).max() < 0.02
        above = curve.bend(np.stack([u, np.full_like(u, 20.0)], axis=1), on(line, u))
        np.testing.assert_allclose(above, origin + 20 * normals(tangent), atol=0.01)


@pytest.mark.parametrize(("unit", "drawn"), STRAIGHT, ids=lambda value: value.id if isinstance(value, Unit) else None)
def test_is_straight_without_strength(unit: Unit, drawn: dict[str, Any]) -> None:
    """At strength 0 lines are stacked and nothing else happens."""
    block = block_of([400.0, 300.0, 120.0], pitch=44.0)
    curve = curve_of(unit, drawn, block)
    rng = stream(3, 0, 0, "points")
    uv, line = rng.uniform(-50, 450, (300, 2)), rng.integers(0, 3, 300)
    np.testing.assert_allclose(curve.bend(uv, line), uv - np.stack([0 * line, 44.0 * line], axis=1), atol=1e-9)
    np.testing.assert_allclose(curve.frames(uv[:, 0], line)[1], np.tile([1.0, 0.0], (300, 1)), atol=1e-12)
    assert curve.used == {}
    assert curve.jitter(5) is None


@every_curve
def test_lines_stay_parallel(unit: Unit, drawn: dict[str, Any]) -> None:
    """Each line keeps the distance of the pitch to the next: none crosses another, none passes the center."""
    pitch = 46.0
    block = block_of([520.0] * 5, pitch=pitch)
    curve = curve_of(unit, drawn, block)
    u = np.linspace(0, 520, 1500)
    lines = [curve.frames(u, on(line, u))[0] for line in range(5)]
    for above, below in pairwise(lines):
        distance = np.sqrt(((below[:, None, :] - above[None, :, :]) ** 2).sum(axis=2))
        assert distance.min() > pitch - 0.5
        # what lies past an end of the other line has no partner there
        partner = distance.argmin(axis=1)
        facing = (partner > 0) & (partner < len(u) - 1)
        assert facing.sum() > len(u) / 3
        assert distance[facing].min(axis=1).max() < pitch + 0.5


@pytest.mark.parametrize(
    ("unit", "drawn"),
    # jitter moves letters off their places on purpose
    [case for case in STRENGTHS if case[0] is not jitter.UNIT],
    ids=lambda value: value.id if isinstance(value, Unit) else None,
)
def test_letters_keep_clear_of_each_other(unit: Unit, drawn: dict[str, Any]) -> None:
    """Rigid boxes of 50 clusters with advances of 0.6 em touch neither neighbors nor any other box of any line."""
    advance = 0.6 * 32
    block = block_of([50 * advance, 30 * advance], pitch=42.0)
    curve = curve_of(unit, drawn, block)
    placed = []
    for line, count in enumerate((50, 30)):
        u0 = np.arange(count) * advance
        placed.append(boxes(curve, u0, u0 + advance, -block.reach_down, block.reach_up, line))
    every = np.concatenate(placed)
    centers = every.mean(axis=1)
    for i in range(len(every)):
        near = np.flatnonzero(np.hypot(*(centers - centers[i]).T) < 60)
        for j in near[near > i]:
            assert apart(every[i], every[j]) > -0.01


def test_fifty_letters_at_radius_50_read() -> None:
    """An arc of radius 50 grows until 50 clusters fit half a circle; whole em-boxes overlap by less than a pixel."""
    advance = 0.6 * 32
    block = block_of([50 * advance])
    u0 = np.arange(50) * advance
    for concave in (True, False):
        curve = curve_of(arc.UNIT, {"radius": 50.0, "concave": concave, "max_span": 180.0}, block)
        assert curve.used["radius"] > 250
        placed = boxes(curve, u0, u0 + advance, -block.descent, block.ascent)
        assert min(apart(a, b) for a, b in pairwise(placed)) > -1
        _, tangent = curve.frames(np.array([0.0, 50 * advance]), np.zeros(2, np.int64))
        turned = math.degrees(math.acos(np.clip(tangent[0] @ tangent[1], -1, 1)))
        assert turned == pytest.approx(180, abs=0.5)


def test_concave_is_a_bowl() -> None:
    """Concave: the ends of the baseline are higher than its middle. Convex: lower."""
    block, u = block_of([300.0]), np.array([0.0, 150.0, 300.0])
    for concave in (True, False):
        curve = curve_of(arc.UNIT, {"radius": 200.0, "concave": concave, "max_span": 180.0}, block)
        left, middle, right = curve.frames(u, on(0, u))[0]
        assert (left[1] > middle[1] + 20) == concave
        assert left[1] == pytest.approx(right[1], abs=1e-6)
        np.testing.assert_allclose(middle, [150, 0], atol=1e-6)


@pytest.mark.parametrize("max_span", [30.0, 180.0, 330.0])
@pytest.mark.parametrize("concave", [True, False])
def test_arc_spans_no_more_than_it_may(max_span: float, concave: bool) -> None:
    """No line of a paragraph turns by more than the span allowed, and the radius used is recorded."""
    block = block_of([900.0, 400.0, 880.0], pitch=45.0)
    curve = curve_of(arc.UNIT, {"radius": 60.0, "concave": concave, "max_span": max_span}, block)
    assert curve.used["radius"] > 60
    turned = []
    for line, (u0, u1) in enumerate(block.extents.tolist()):
        u = np.linspace(u0, u1, 500)
        tangent = curve.frames(u, on(line, u))[1]
        heading = np.unwrap(np.arctan2(tangent[:, 1], tangent[:, 0]))
        turned.append(abs(math.degrees(heading[-1] - heading[0])))
    assert max(turned) == pytest.approx(max_span, abs=0.1)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("start", [0.0, 90.0, 200.0, -45.0])
def test_circle_closes_without_overlap(inside: bool, start: float) -> None:
    """The smallest circle is filled by its longest line, and the last letter keeps clear of the first."""
    advance = 20.0
    block = block_of([40 * advance, 20 * advance], pitch=40.0)
    curve = curve_of(circle.UNIT, {"radius": 0.0, "start": start, "inside": inside}, block)
    u0 = np.arange(40) * advance
    placed = boxes(curve, u0, u0 + advance, -block.reach_down, block.reach_up)
    gap = apart(placed[0], placed[-1])
    assert gap > 0
    _, tangent = curve.frames(np.array([0.0]), np.zeros(1, np.int64))
    assert math.degrees(math.atan2(tangent[0, 1], tangent[0, 0])) == pytest.approx((start + 180) % 360 - 180, abs=0.2)
    if inside:  # the first line is the longest, and inside it is also the innermost: it decides on the radius
        assert gap < 1.5 * block.height


@every_curve
@pytest.mark.parametrize("lines", [1, 3])
def test_used_parameters_replay(unit: Unit, drawn: dict[str, Any], lines: int) -> None:
    """Drawn parameters with those used in their place, through JSON, give the same points, and nothing new is used."""
    block = block_of([437.3] * lines, pitch=41.7 if lines > 1 else 0.0)
    first = curve_of(unit, drawn, block)
    again = curve_of(unit, json.loads(json.dumps(drawn | first.used)), block)
    rng = stream(3, 1, 0, "points")
    uv, line = rng.uniform(-20, 460, (500, 2)), rng.integers(0, lines, 500)
    np.testing.assert_array_equal(first.bend(uv, line), again.bend(uv, line))
    assert again.used == {}
    assert set(first.used) <= set(drawn)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_drawn_values_are_plain(unit: Unit) -> None:
    """What a curve draws by default survives JSON, makes its parameters, and bends a line."""
    for index in range(20):
        drawn = unit.draw(unit.config(), None, stream(1, index, 0, unit.id))
        assert json.loads(json.dumps(drawn)) == drawn
        assert drawn["bend"] == "auto"
        curve = unit.apply(unit.params(**drawn), block_of([300.0]))
        assert np.isfinite(curve.bend(np.array([[10.0, 5.0]]), np.zeros(1, np.int64))).all()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_no_points_are_no_trouble(unit: Unit) -> None:
    """Nothing bends to nothing."""
    curve = unit.apply(unit.params(**unit.draw(unit.config(), None, stream(1, 0, 0, unit.id))), block_of([0.0]))
    nothing = np.zeros(0, np.int64)
    assert curve.bend(np.zeros((0, 2)), nothing).shape == (0, 2)
    assert [found.shape for found in curve.frames(np.zeros(0), nothing)] == [(0, 2), (0, 2)]


numbers = st.floats(min_value=0, max_value=1, allow_subnormal=True)


@st.composite
def anything(draw: st.DrawFn) -> tuple[Unit, dict[str, Any]]:
    """Any curve with any values that its settings admit."""
    unit = draw(st.sampled_from(UNITS))
    seed = draw(st.integers(0, 2**53 - 1))

    def upto(most: float) -> float:
        return draw(numbers) * most

    drawn: dict[str, dict[str, Any]] = {
        "arc": {"radius": upto(1e6), "concave": draw(st.booleans()), "max_span": 1 + upto(329)},
        "circle": {"radius": upto(1e6), "start": upto(720) - 360, "inside": draw(st.booleans())},
        "sine": {"amplitude": upto(1e4), "frequency": upto(100), "phase": upto(1e4) - 5e3},
        "bezier": {"amplitude": upto(0.5), "points": draw(st.integers(3, 100)), "seed": seed},
        "jitter": {"offset": upto(1000), "rotation": upto(90), "scale": upto(0.9), "seed": seed},
    }
    return unit, drawn[unit.id]


@given(
    anything(),
    st.lists(st.floats(0, 1500), min_size=1, max_size=6),
    st.floats(1, 120),
    st.floats(0.05, 3),
    st.floats(-300, 300),
)
def test_anything_admitted_gives_finite_parallel_lines(
    chosen: tuple[Unit, dict[str, Any]], widths: list[float], size: float, spacing: float, left: float
) -> None:
    """Whatever settings and text: no NaN, unit tangents, no length lost where it is tightest, and plans that replay."""
    unit, drawn = chosen
    block = block_of(widths, size=size, pitch=spacing * size if len(widths) > 1 else 0.0, left=left)
    curve = curve_of(unit, drawn, block)
    for line in range(len(widths)):
        u = np.linspace(left - 5, left + max(widths) + 5, 400)
        for v in (-block.reach_down, 0.0, block.reach_up):
            bent = curve.bend(np.stack([u, np.full_like(u, v)], axis=1), on(line, u))
            assert np.isfinite(bent).all()
        origin, tangent = curve.frames(u, on(line, u))
        assert np.isfinite(origin).all()
        np.testing.assert_allclose(np.hypot(*tangent.T), 1, atol=1e-9)
        assert arc_length(origin) > 0.99 * (u[-1] - u[0]) - 2
    again = curve_of(unit, json.loads(json.dumps(drawn | curve.used)), block)
    assert again.used == {}
    np.testing.assert_array_equal(again.frames(u, on(0, u))[0], curve.frames(u, on(0, u))[0])


def test_jitter_is_bounded_and_keeps_its_beginning() -> None:
    """Offsets, turns and sizes stay within what was drawn; more clusters do not change those before them."""
    curve = curve_of(jitter.UNIT, {"offset": 4.0, "rotation": 10.0, "scale": 0.2, "seed": 9}, block_of([300.0]))
    few, many = curve.jitter(10), curve.jitter(1000)
    assert few is not None
    assert many is not None
    for short, long in zip(few, many, strict=True):
        np.testing.assert_array_equal(short, long[:10])
    offset, angle, scale = many
    assert 0.95 < np.abs(offset[:, 0]).max() <= 1
    assert 3.9 < np.abs(offset[:, 1]).max() <= 4
    assert 9.8 < math.degrees(np.abs(angle).max()) <= 10
    assert 0.8 <= scale.min() < 0.81
    assert 1.19 < scale.max() <= 1.2
