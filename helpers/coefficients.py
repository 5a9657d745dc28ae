"""Measures of agreement: how far readers agree, beyond what chance alone would give.

Every measure takes a table of M readers (rows) by N passages (columns); a cell is the value a
reader chose, or None or NaN where there is none. Values are names, not amounts. Kappa and AC1
are written out, a few lines each: a library for them brings SciPy, more than 100 MB.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.errors import SettingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ratings = Sequence[Sequence[Any]] | NDArray[Any]

__all__ = [
    "find_interval",
    "measure_ac1",
    "measure_alpha",
    "measure_fleiss",
    "measure_kappa",
    "measure_percent",
]

RESAMPLES = 1000


def measure_percent(ratings: Ratings) -> float:
    """Percent agreement: the share of pairs of readers that chose the same, as a mean.

    Parameters
    ----------
    ratings : array_like, with shape (M readers, N passages)
        The values chosen; None or NaN where there is none.

    Returns
    -------
    float
        From 0 to 1, more is better; NaN if no passage has two values.

    Notes
    -----
    Known weakness: chance alone gives much of it where one value is frequent.

    Examples
    --------
    >>> measure_percent([[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]])
    0.9
    """
    return _mean(_shares_agreed(_tally(ratings)))


def measure_kappa(ratings: Ratings) -> float:
    """Cohen's kappa of two readers, each with her own habits.

    Parameters
    ----------
    ratings : array_like, with shape (2 readers, N passages)
        The values chosen; passages that lack one are left out.

    Returns
    -------
    float
        From −1 to 1, more is better, 0 what chance would give; NaN if both always chose the
        same one value, or no passage has two.

    Notes
    -----
    Known weakness: the rarer a value, the lower kappa, at the same percent agreement (A. R.
    Feinstein and D. V. Cicchetti, Journal of Clinical Epidemiology 43 (1990), 543–549).
    Source: J. Cohen, Educational and Psychological Measurement 20 (1960), 37–46.

    Examples
    --------
    Cohen 1960, table 2b, p. 45: three values, 200 cases, kappa .492.

    >>> pairs = {"aa": 88, "ab": 14, "ac": 18, "ba": 10, "bb": 40, "bc": 10, "ca": 2, "cb": 6,
    ...     "cc": 12}
    >>> first, second = zip(*[pair for pair, count in pairs.items() for _ in range(count)])
    >>> round(measure_kappa([first, second]), 3)
    0.492

    Feinstein and Cicchetti 1990: 85 % agreement twice, kappa .70 and .32.

    >>> for yes, first, second, no in [(40, 9, 6, 45), (80, 10, 5, 5)]:
    ...     a = [1] * (yes + first) + [0] * (second + no)
    ...     b = [1] * yes + [0] * first + [1] * second + [0] * no
    ...     print(measure_percent([a, b]), round(measure_kappa([a, b]), 2))
    0.85 0.7
    0.85 0.32
    """
    table, missing = _read(ratings)
    if len(table) != 2:
        raise SettingError(f"Cohen's kappa is for 2 readers, not {len(table)}; use Fleiss'.")
    first, second = table[:, ~missing.any(axis=0)]
    values = set(first) | set(second)
    chance = sum((first == value).mean() * (second == value).mean() for value in values)
    return _beyond(_mean(first == second), float(chance))


def measure_fleiss(ratings: Ratings) -> float:
    """Fleiss' kappa of two readers or more, as if all had the same habits.

    Parameters
    ----------
    ratings : array_like, with shape (M readers, N passages)
        The values chosen; None or NaN where there is none.

    Returns
    -------
    float
        At most 1, more is better, 0 what chance would give; NaN if only one value occurs.

    Notes
    -----
    Known weakness: that of Cohen's kappa; for two readers it is Scott's pi, not Cohen's kappa.
    Where values are missing, each passage weighs the same, as in K. L. Gwet, Handbook of
    Inter-Rater Reliability (4th ed. 2014), chapter 2.
    Source: J. L. Fleiss, Psychological Bulletin 76 (1971), 378–382.
    """
    tally = _tally(ratings)
    return _beyond(_mean(_shares_agreed(tally)), float((_frequencies(tally) ** 2).sum()))


def measure_alpha(ratings: Ratings) -> float:
    """Krippendorff's alpha for names (nominal data), for any number of readers.

    Parameters
    ----------
    ratings : array_like, with shape (M readers, N passages)
        The values chosen; None or NaN where there is none. A passage with one value is left out.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance would give, below for less; NaN if only one
        value occurs.

    Notes
    -----
    Known weakness: that of kappa where a value is rare, and few cases move it by much.
    Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A to C.

    Examples
    --------
    Krippendorff 2011, A (binary, alpha .095) and C (four readers, values missing, .743).

    >>> both = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    >>> round(measure_alpha(both), 3)
    0.095
    >>> four = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    >>> round(measure_alpha([[None if v == "." else v for v in row] for row in four]), 3)
    0.743
    """
    from krippendorff import alpha

    tally = _tally(ratings)
    paired = tally[tally.sum(axis=1) > 1]
    paired = paired[:, paired.any(axis=0)]
    if paired.shape[1] < 2:
        return nan
    return float(alpha(value_counts=paired, level_of_measurement="nominal"))


def measure_ac1(ratings: Ratings, *, values: Iterable[Any] = ()) -> float:
    """Gwet's AC1, which stays near percent agreement where a value is rare.

    Parameters
    ----------
    ratings : array_like, with shape (M readers, N passages)
        The values chosen; None or NaN where there is none.
    values : iterable, optional
        All that could be chosen; those that occur if left out.

    Returns
    -------
    float
        From −1 to 1, more is better, 0 what its own idea of chance would give.

    Notes
    -----
    Known weakness: where a value is rare it may be high though readers never agree on it.
    Source: K. L. Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008), 29–48.

    Examples
    --------
    The four readers of Krippendorff's example C (see `measure_alpha`), which are Gwet's example
    too, in his own program irrCAC: AC1 .77544, Fleiss' kappa .76117.

    >>> four = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    >>> four = [[None if value == "." else value for value in row] for row in four]
    >>> round(measure_ac1(four), 5), round(measure_fleiss(four), 5)
    (0.77544, 0.76117)
    """
    tally = _tally(ratings, values)
    shares = _frequencies(tally)
    chance = float((shares * (1 - shares)).sum()) / (len(shares) - 1) if len(shares) > 1 else 1.0
    return _beyond(_mean(_shares_agreed(tally)), chance)


def find_interval(ratings: Ratings, *, seed: int = 2003) -> tuple[float, float]:
    """Between which values alpha lies in 95 % of resamples of the passages.

    Parameters
    ----------
    ratings : array_like, with shape (M readers, N passages)
        Of a code: 1 given, 0 not given, None or NaN not considered.
    seed : int, optional
        The same gives the same resamples.

    Returns
    -------
    (float, float)
        The percentiles 2.5 and 97.5 of 1,000 resamples. Those in which the code is never given,
        or always, have no alpha and are left out; NaN if that leaves none.
    """
    tally = _tally(ratings, (1, 0))
    paired = tally[tally.sum(axis=1) > 1]
    if not len(paired):
        return nan, nan
    given, rest = paired.T
    equal = np.full(len(paired), 1 / len(paired))
    draws = np.random.default_rng(seed).multinomial(len(paired), equal, size=RESAMPLES)
    # The formula of alpha for two values; the library would take the resamples one by one.
    ones, zeros, apart = (draws @ part for part in (given, rest, given * rest / (given + rest - 1)))
    vary = (ones > 0) & (zeros > 0)
    if not vary.any():
        return nan, nan
    ones, zeros, apart = ones[vary], zeros[vary], apart[vary]
    low, high = np.percentile(1 - (ones + zeros - 1) * apart / (ones * zeros), [2.5, 97.5])
    return float(low), float(high)


def _read(ratings: Ratings) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The table as objects, and where it has none."""
    table = np.array([list(row) for row in ratings], dtype=object)
    if table.ndim != 2 or len(table) < 2:
        raise SettingError("Agreement needs the values of at least 2 readers, one row for each.")
    return table, (table == np.array(None)) | (table != table)  # noqa: PLR0124 -- NaN


def _tally(ratings: Ratings, values: Iterable[Any] = ()) -> NDArray[np.int_]:
    """How many readers chose which value: an array with shape (N passages, V values)."""
    table, missing = _read(ratings)
    known = list(dict.fromkeys([*values, *table[~missing]]))
    counts = [((table == value) & ~missing).sum(axis=0) for value in known]
    return np.array(counts, dtype=int).reshape(len(known), table.shape[1]).T


def _shares_agreed(tally: NDArray[np.int_]) -> NDArray[np.float64]:
    """For each passage with two values or more, the share of pairs of readers that agree."""
    paired = tally[tally.sum(axis=1) > 1]
    readers = paired.sum(axis=1)
    return np.asarray((paired * (paired - 1)).sum(axis=1) / (readers * (readers - 1)))


def _frequencies(tally: NDArray[np.int_]) -> NDArray[np.float64]:
    """How frequent each value is, each passage weighing the same."""
    coded = tally[tally.any(axis=1)]
    return np.asarray((coded / coded.sum(axis=1, keepdims=True)).sum(axis=0) / max(len(coded), 1))


def _mean(shares: NDArray[Any]) -> float:
    return float(shares.mean()) if len(shares) else nan


def _beyond(observed: float, chance: float) -> float:
    """The part that agreement makes up of what chance leaves open."""
    return (observed - chance) / (1 - chance) if 1 - chance > 1e-12 else nan
