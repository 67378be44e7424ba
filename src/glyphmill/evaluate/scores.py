"""Error rates of many readings, with the intervals that they are uncertain by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.rng import stream
from glyphmill.evaluate.compare import Edits

_RESAMPLES = 1000
#: Samples below which drawing anew from them says nothing: of a single one it would say that it is certain.
_FEWEST = 8
#: Values that are resampled at a time.
_AT_ONCE = 1 << 20
#: 95 % of a normal distribution lie within so many standard deviations.
_SIGMAS = 1.959964
_DIGITS = 5


@dataclass(frozen=True)
class Rate:
    """An error rate.

    Attributes:
        value: all errors over all characters (or words) that there are; above 1 where more is read than is there.
        mean: of the rates of the single texts.
        median: likewise.
        low, high: between which 95 % of ``value`` fall if images are drawn anew from these; None where
            there are too few of them to say.
    """

    value: float
    mean: float
    median: float
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, float | None]:
        """Plain JSON values."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: None if value is None else round(value, _DIGITS) for name, value in values.items()}


@dataclass(frozen=True)
class Share:
    """How many of something are so.

    Attributes:
        value: 0 to 1.
        low, high: Wilson's 95 % interval.
    """

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Plain JSON values."""
        return {name: round(getattr(self, name), _DIGITS) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Score:
    """How a group of texts was read.

    Attributes:
        count: texts that were read.
        empty: of which the engine read nothing at all.
        cer: character error rate.
        wer: word error rate; None in scripts that are written without spaces.
        exact: texts without any error.
    """

    count: int
    empty: int
    cer: Rate
    wer: Rate | None
    exact: Share

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "count": self.count,
            "empty": self.empty,
            "cer": self.cer.to_dict(),
            "wer": None if self.wer is None else self.wer.to_dict(),
            "exact": self.exact.to_dict(),
        }


def score(readings: Sequence[tuple[int, Edits, bool]]) -> Score:
    """The rates of a group of readings, at least one: the sample of each, its edits, whether it is empty."""
    samples = np.array([sample for sample, _, _ in readings])
    compared = [found for _, found, _ in readings]
    characters = np.array([[each.character_edits, each.characters] for each in compared])
    words = np.array([[each.word_edits, each.words] for each in compared])
    worded = words[:, 1] > 0
    return Score(
        count=len(readings),
        empty=sum(empty for _, _, empty in readings),
        cer=rate(samples, characters),
        wer=rate(samples[worded], words[worded]) if worded.any() else None,
        exact=share(sum(each.exact for each in compared), len(compared)),
    )


def rate(samples: NDArray[np.int64], counts: NDArray[np.int64]) -> Rate:
    """The error rate of texts.

    Args:
        samples: which sample each is of, (n,). Whole samples are drawn anew, since texts of one image are read alike.
        counts: errors, and what there is to read, at least 1, of each text, (n, 2).

    Source: the percentile bootstrap, Efron 1979; of clusters, Davison & Hinkley 1997, 3.8.
    """
    single = counts[:, 0] / counts[:, 1]
    _, places = np.unique(samples, return_inverse=True)
    sums = np.stack([np.bincount(places, column) for column in counts.T], axis=1).astype(np.float64)
    low, high = np.percentile(_resampled(sums), [2.5, 97.5]).tolist() if len(sums) >= _FEWEST else (None, None)
    errors, whole = sums.sum(axis=0).tolist()
    return Rate(errors / whole, float(single.mean()), float(np.median(single)), low, high)


def _resampled(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rate of samples that are drawn anew from these with replacement, many times; always the same draws."""
    rng, n = stream(0, 0, 0, "evaluate"), len(sums)
    rates: list[NDArray[np.float64]] = []
    step = max(_AT_ONCE // n, 1)
    for first in range(0, _RESAMPLES, step):
        drawn = sums[rng.integers(0, n, (min(step, _RESAMPLES - first), n))].sum(axis=1)
        rates.append(drawn[:, 0] / drawn[:, 1])
    return np.concatenate(rates)


def share(count: int, total: int) -> Share:
    """How many of `total`, at least 1, are so. Source: Wilson 1927."""
    value, z2 = count / total, _SIGMAS**2
    middle = (value + z2 / (2 * total)) / (1 + z2 / total)
    reach = _SIGMAS / (1 + z2 / total) * math.sqrt(value * (1 - value) / total + z2 / (4 * total**2))
    # At both ends the interval ends there, which rounding would miss.
    return Share(value, max(middle - reach, 0.0) if count else 0.0, min(middle + reach, 1.0) if count < total else 1.0)
