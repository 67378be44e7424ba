"""Laws of the distributions."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.random import Generator

from glyphmill.core.rng import stream
from glyphmill.sampling import KINDS, Distribution, shares

RANGED = tuple(kind for kind in KINDS if kind not in ("constant", "choice"))
BOUND = st.floats(-1e9, 1e9)
WHOLE = st.integers(-(10**9), 10**9)


def rng(seed: int = 0) -> Generator:
    return stream(seed, 0, 0, "test")


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    kind = draw(st.sampled_from(KINDS))
    integer = draw(st.booleans())
    number: st.SearchStrategy[float] = WHOLE if integer else BOUND
    if kind == "constant":
        return Distribution.constant(draw(number), integer=integer)
    if kind == "choice":
        values = draw(st.lists(number, min_size=1, max_size=6))
        weights = draw(st.lists(st.floats(0, 100), min_size=len(values), max_size=len(values)))
        assume(sum(weights) > 1e-3)
        return Distribution.choice(values, weights, integer=integer)
    low, high = sorted((draw(number), draw(number)))
    shape = {"alpha": draw(st.floats(0.1, 20)), "beta": draw(st.floats(0.1, 20))} if kind == "beta" else {}
    return Distribution(low, high, kind, integer, **shape)


@given(distributions(), st.integers(0, 2**32))
def test_draws_stay_within_the_bounds_and_have_the_type(what: Distribution, seed: int) -> None:
    """One draw and many draws lie in [min, max]; whole numbers are int, others float."""
    source = rng(seed)
    for value in (what.draw(source) for _ in range(20)):
        assert what.min <= value <= what.max
        assert type(value) is (int if what.integer else float)
    many = what.draw_n(source, 50)
    assert many.shape == (50,)
    assert many.dtype == (np.int64 if what.integer else np.float64)
    assert many.min() >= what.min
    assert many.max() <= what.max


@given(distributions(), st.integers(0, 2**32))
def test_a_draw_is_a_function_of_the_stream(what: Distribution, seed: int) -> None:
    """Equal streams give equal values, after pickling too."""
    copy = pickle.loads(pickle.dumps(what))
    assert copy == what
    assert [what.draw(rng(seed)) for _ in range(3)] == [copy.draw(rng(seed)) for _ in range(3)]
    np.testing.assert_array_equal(what.draw_n(rng(seed), 9), copy.draw_n(rng(seed), 9))


@pytest.mark.parametrize("kind", RANGED)
@pytest.mark.parametrize("integer", [False, True])
def test_min_equal_to_max_is_constant_and_takes_nothing_from_the_stream(kind: str, integer: bool) -> None:
    """One value is one value, however it is spelt."""
    what = Distribution(7, 7, kind, integer)
    assert what == Distribution.constant(7, integer=integer)
    assert what.is_constant
    source = rng()
    before = source.bit_generator.state
    assert what.draw(source) == 7
    assert what.draw_n(source, 3).tolist() == [7, 7, 7]
    assert str(source.bit_generator.state) == str(before)


RANGES = [(0.0, 10.0), (-3.0, 5.0), (-9.0, -2.0)]


def moments(kind: str, low: float, high: float) -> tuple[float, float]:
    """Mean and share of the lowest tenth, from the documented shapes."""
    wide = high - low
    cdf = 0.5 * (1 + math.erf(math.log(1 / 0.1) / 0.8 / math.sqrt(2)))
    cut = 0.5 * (1 + math.erf((math.log(1 / 0.1) / 0.8 - 0.8) / math.sqrt(2)))
    return {
        "uniform": (low + wide / 2, 0.1),
        "normal": (low + wide / 2, 0.5 * (1 + math.erf(-2.4 / math.sqrt(2)))),
        "truncated_normal": (low + wide / 2, 0.0069),
        "exponential": (low + wide / 30, 1 - math.exp(-3)),
        "lognormal": (low + 0.1 * wide * math.exp(0.32) * cut / cdf, 0.5 / cdf),
        "beta": (low + wide * 2 / 7, 0.114265),
    }[kind]


@pytest.mark.parametrize(("low", "high"), RANGES)
@pytest.mark.parametrize("kind", RANGED)
def test_shapes_are_those_of_the_documentation(kind: str, low: float, high: float) -> None:
    """Mean, and the mass in the lowest tenth, also for ranges that are negative or cross zero."""
    drawn = Distribution(low, high, kind).draw_n(rng(), 60_000)
    mean, tenth = moments(kind, low, high)
    assert drawn.mean() == pytest.approx(mean, abs=0.006 * (high - low))
    assert (drawn < low + 0.1 * (high - low)).mean() == pytest.approx(tenth, abs=0.006)


@pytest.mark.parametrize("integer", [False, True])
@pytest.mark.parametrize("kind", [*RANGED, "choice"])
def test_one_by_one_and_at_once_are_the_same_distribution(kind: str, integer: bool) -> None:
    """The greatest gap between the two empirical distributions is as small as chance makes it."""
    if kind == "choice":
        what = Distribution.choice([5, -2, 8], [1, 2, 3], integer=integer)
    else:
        what = Distribution(-4, 9, kind, integer)
    source = rng(1)
    single = np.sort([what.draw(source) for _ in range(20_000)])
    many = np.sort(what.draw_n(rng(2), 20_000))
    grid = np.union1d(single, many)
    gap = np.abs(
        np.searchsorted(single, grid, "right") / len(single) - np.searchsorted(many, grid, "right") / len(many)
    ).max()
    assert gap < 0.0163  # the Kolmogorov-Smirnov bound at 1 %


@pytest.mark.parametrize(("low", "high"), RANGES)
@pytest.mark.parametrize("kind", RANGED)
def test_density_integrates_to_one_and_fits_the_draws(kind: str, low: float, high: float) -> None:
    """The density over [min, max] holds all mass, but for what ``normal`` piles on its bounds."""
    what = Distribution(low, high, kind)
    x = np.linspace(low, high, 200_001)
    density = what.density(x)
    whole = 0.9973 if kind == "normal" else 1.0
    assert np.trapezoid(density, x) == pytest.approx(whole, abs=1e-3)
    counts, edges = np.histogram(what.draw_n(rng(3), 100_000), 20, (low, high))
    inner = slice(1, -1)  # the outer bins hold the clipped ends of the normal
    parts = [
        np.trapezoid(density[i * 10_000 : (i + 1) * 10_000 + 1], x[i * 10_000 : (i + 1) * 10_000 + 1])
        for i in range(20)
    ]
    np.testing.assert_allclose((counts / 100_000)[inner], np.array(parts)[inner], atol=0.006)
    assert not what.density(np.array([low - 1, high + 1])).any()
    assert edges[0] == low


@given(distributions())
def test_density_has_the_shape_of_its_argument(what: Distribution) -> None:
    """An array goes in, an array of that shape comes out, never negative."""
    x = np.linspace(what.min - 1, what.max + 1, 12).reshape(3, 4)
    density = what.density(x)
    assert density.shape == (3, 4)
    assert (density >= 0).all()


def test_density_of_single_values_is_their_probability() -> None:
    """``constant`` and ``choice`` have probabilities, not densities."""
    x = np.array([1.0, 2.0, 3.0])
    assert Distribution.constant(2).density(x).tolist() == [0, 1, 0]
    assert Distribution.choice([1, 3, 3], [1, 1, 2]).density(x).tolist() == [0.25, 0, 0.75]


def test_density_of_whole_uniform_numbers_covers_both_ends() -> None:
    """Each of n whole numbers has 1/n."""
    assert Distribution(1, 4, integer=True).density(np.array([0.4, 1, 4, 4.6])).tolist() == [0, 0.25, 0.25, 0]


def test_whole_numbers_include_both_ends_equally() -> None:
    """A die has six sides, each as likely, drawn one by one or at once."""
    die = Distribution(1, 6, integer=True)
    source = rng()
    for drawn in ([die.draw(source) for _ in range(30_000)], die.draw_n(source, 30_000)):
        share = np.bincount(drawn, minlength=7) / 30_000
        assert share[0] == 0
        np.testing.assert_allclose(share[1:], 1 / 6, atol=0.01)


def test_choice_follows_its_weights_and_skips_zero() -> None:
    """A value of weight 0 is gone, and draws are in proportion."""
    what = Distribution.choice([10, 20, 30], [3, 0, 1])
    assert what.values == (10, 30)
    assert (what.min, what.max) == (10, 30)
    drawn = what.draw_n(rng(), 20_000)
    assert (drawn == 10).mean() == pytest.approx(0.75, abs=0.01)
    assert Distribution.choice([4], [2]) == Distribution.constant(4)
    assert Distribution.choice([1, 2], [2, 4]) == Distribution.choice([1, 2], [1, 2])


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=8))
def test_shares_of_shares_are_the_same(weights: list[float]) -> None:
    """What sums to 1 is left as it is, so a config that was printed loads to the same numbers."""
    values, once = shares(tuple(range(len(weights))), weights)
    assert shares(values, once) == (values, once)
    assert math.fsum(once) == pytest.approx(1)


def test_beta_takes_its_shapes() -> None:
    """alpha and beta change the mean, and count for ``beta`` only."""
    assert Distribution(0, 1, "beta", alpha=8, beta=2).draw_n(rng(), 20_000).mean() == pytest.approx(0.8, abs=0.01)
    assert Distribution(0, 1, "normal", alpha=8) == Distribution(0, 1, "normal")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Distribution(2, 1), "min 2 is greater than max 1"),
        (lambda: Distribution(0, math.nan), "got 0 to nan; expected finite numbers"),
        (lambda: Distribution(-math.inf, 0), "got -inf to 0; expected finite numbers"),
        (lambda: Distribution(-1.7e308, 1.7e308), "got -1.7e+308 to 1.7e+308; expected a narrower range"),
        (lambda: Distribution(0, 1, "gauss"), f"got the distribution 'gauss'; expected one of {', '.join(KINDS)}"),
        (lambda: Distribution(0.5, 1, integer=True), "got 0.5 to 1; expected whole numbers"),
        (lambda: Distribution(0, 1, "beta", alpha=0), "got alpha 0, beta 5; expected numbers above 0"),
        (lambda: Distribution(0, 1, "constant"), "got constant from 0 to 1; expected one value"),
        (
            lambda: Distribution(0, 1, values=(1,)),
            "values and weights belong to the distribution 'choice', not 'uniform'",
        ),
        (lambda: Distribution.choice([]), "got no values; expected at least one to choose from"),
        (lambda: Distribution.choice([1, math.nan]), "expected finite values"),
        (lambda: Distribution.choice([1, 2], [1]), "got 1 weights for 2 values; expected one for each"),
        (lambda: Distribution.choice([1, 2], [0, 0]), "all weights are zero; expected at least one above 0"),
        (lambda: Distribution.choice([1, 2], [1, -1]), "expected weights that are finite and not negative"),
    ],
)
def test_unusable_distributions_say_why(make: Any, message: str) -> None:
    """No distribution exists that could fail when it is drawn from."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared
        make()
    assert str(caught.value) == message
