"""Measures of agreement: what was published, and what must hold for any table."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from krippendorff import alpha

from helpers.coefficients import (
    find_interval,
    measure_ac1,
    measure_alpha,
    measure_fleiss,
    measure_kappa,
    measure_percent,
)
from helpers.errors import SettingError

Table = list[list[int | None]]
MEASURES = [measure_percent, measure_fleiss, measure_alpha, measure_ac1]

# J. L. Fleiss, Psychological Bulletin 76 (1971), table 1: thirty patients, six psychiatrists,
# how many of them gave each of five diagnoses.
FLEISS_1971 = """
    00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
    00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def spread(counts: str) -> list[int]:
    """The single values behind counts of values."""
    return [value for value, count in enumerate(counts) for _ in repeat(None, int(count))]


def two_by_two(both: int, first: int, second: int, neither: int) -> Table:
    """Two readers from their confusion matrix."""
    return [
        [1] * (both + first) + [0] * (second + neither),
        [1] * both + [0] * first + [1] * second + [0] * neither,
    ]


def test_fleiss_1971() -> None:
    """Fleiss' own example gives his kappa, .430."""
    table = [list(row) for row in zip(*map(spread, FLEISS_1971.split()), strict=True)]
    assert (len(table), len(table[0])) == (6, 30)
    assert round(measure_fleiss(table), 3) == 0.430


def test_krippendorff_2011() -> None:
    """Krippendorff's example B, two readers and five names, gives his alpha, .692."""
    assert round(measure_alpha(["aabbdcccedda", "babbbcccEddd".lower()]), 3) == 0.692


@pytest.mark.parametrize(
    ("counts", "percent", "kappa"),
    [
        ((40, 9, 6, 45), 0.85, 0.70),  # even
        ((80, 10, 5, 5), 0.85, 0.32),  # the code is frequent
        ((45, 15, 25, 15), 0.60, 0.13),  # readers lean the same way
        ((25, 35, 5, 35), 0.60, 0.26),  # readers lean apart
    ],
)
def test_feinstein_and_cicchetti_1990(
    counts: tuple[int, int, int, int], percent: float, kappa: float
) -> None:
    """The tables of the two paradoxes: the same agreement, and kappas far apart."""
    table = two_by_two(*counts)
    assert round(measure_percent(table), 2) == percent
    assert round(measure_kappa(table), 2) == kappa


def test_a_rare_code_divides_the_measures() -> None:
    """Agreement of 94 % on a code that nearly always is given: kappa below chance, AC1 .94."""
    table = two_by_two(118, 5, 2, 0)
    assert round(measure_percent(table), 3) == 0.944
    assert round(measure_kappa(table), 3) == -0.023
    assert round(measure_ac1(table), 3) == 0.941


@pytest.mark.parametrize("value", [0, 1])
def test_where_nothing_varies(value: int) -> None:
    """If all always chose the same one value, kappa and alpha have no value, and nothing warns."""
    table: Table = [[value] * 5, [value] * 5]
    assert isnan(measure_kappa(table))
    assert isnan(measure_fleiss(table))
    assert isnan(measure_alpha(table))
    assert isnan(measure_ac1(table))  # unless it is told what else there was to choose
    assert (measure_percent(table), measure_ac1(table, values=(0, 1))) == (1, 1)
    assert all(map(isnan, find_interval(table)))


@pytest.mark.parametrize("measure", [*MEASURES, measure_kappa])
def test_where_nothing_can_be_compared(measure: Callable[[Table], float]) -> None:
    """Without a passage that two have read there is no agreement; without two readers no table."""
    assert isnan(measure([[1, None], [None, 0]]))
    assert isnan(measure([[], []]))
    assert all(map(isnan, find_interval([[1, None], [None, 0]])))
    with pytest.raises(SettingError, match="needs the values of at least 2 readers"):
        measure([[1, 0]])


def test_cohens_kappa_is_for_two() -> None:
    """For three readers there is Fleiss'."""
    with pytest.raises(SettingError, match="is for 2 readers, not 3; use Fleiss'"):
        measure_kappa([[1], [0], [1]])


def test_missing_values() -> None:
    """None and NaN are the same, and a passage with one value changes no alpha or percent."""
    table: Table = [[1, 0, 1, None], [1, 1, 1, 0], [None, 0, 0, None]]
    with_nan = [[nan if value is None else value for value in row] for row in table]
    shorter = [row[:3] for row in table]
    for measure in MEASURES:
        assert measure(table) == measure(with_nan)
    assert measure_alpha(table) == measure_alpha(shorter)
    assert measure_percent(table) == measure_percent(shorter)
    assert measure_kappa([table[0], table[1]]) == measure_kappa([[1, 0, 1], [1, 1, 1]])


@st.composite
def tables(draw: st.DrawFn, *, readers: int = 4) -> Table:
    count, width = draw(st.integers(2, readers)), draw(st.integers(1, 12))
    cell = st.sampled_from([0, 0, 1, 1, None])
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=count,
        max_size=count))  # fmt: skip


@given(tables(), st.randoms(use_true_random=False))
def test_order_does_not_matter(table: Table, random: object) -> None:
    """In whatever order readers and passages stand, every measure is the same."""
    shuffled = table[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    columns = list(zip(*shuffled, strict=True))
    random.shuffle(columns)  # type: ignore[attr-defined]
    shuffled = [list(row) for row in zip(*columns, strict=True)]
    for measure in (*MEASURES, *([measure_kappa] if len(table) == 2 else [])):
        assert measure(shuffled) == pytest.approx(measure(table), nan_ok=True)


@given(tables())
def test_names_do_not_matter(table: Table) -> None:
    """Values are names: given and not given can change places."""
    swapped = [[None if value is None else 1 - value for value in row] for row in table]
    for measure in MEASURES:
        assert measure(swapped) == pytest.approx(measure(table), nan_ok=True)


@given(tables())
def test_measures_keep_their_range(table: Table) -> None:
    """None is above 1, percent not below 0; nor are the others below −1 if nothing is missing."""
    whole = [[value or 0 for value in row] for row in table]
    for measure in MEASURES:
        assert not measure(table) > 1 + 1e-9
        assert not measure(whole) < (0 if measure is measure_percent else -1) - 1e-9


@given(st.lists(st.integers(0, 1), min_size=2, max_size=12), st.integers(2, 5))
def test_full_agreement_is_one(values: list[int], readers: int) -> None:
    """Where all choose the same, and not always the same value, every measure is 1."""
    table: Table = [list(values)] * readers
    for measure in (*MEASURES, *([measure_kappa] if readers == 2 else [])):
        value = measure(table)
        assert (
            isnan(value)
            if len(set(values)) == 1 and measure is not measure_percent
            else (value == pytest.approx(1))
        )


@given(tables())
def test_the_interval_is_of_the_librarys_alpha(table: Table) -> None:
    """The formula for two values that the resamples use gives what the library gives."""
    low, high = find_interval(table)
    assert isnan(low) == isnan(high)
    assert isnan(low) or -1 - 1e-9 <= low <= high <= 1 + 1e-9
    measured = measure_alpha(table)
    if not isnan(measured):
        assert measured == pytest.approx(by_hand(table))
        assert measured == pytest.approx(
            alpha([[nan if v is None else v for v in row] for row in table],
                level_of_measurement="nominal")
        )  # fmt: skip


def by_hand(table: Table) -> float:
    columns = [[v for v in column if v is not None] for column in zip(*table, strict=True)]
    columns = [column for column in columns if len(column) > 1]
    ones, every = sum(map(sum, columns)), sum(map(len, columns))
    apart = sum(sum(c) * (len(c) - sum(c)) / (len(c) - 1) for c in columns)
    return 1 - (every - 1) * apart / (ones * (every - ones))


def test_the_interval_holds_alpha() -> None:
    """With many passages the interval lies around alpha, and narrows with more of them."""
    few, many = two_by_two(12, 3, 4, 31), two_by_two(120, 30, 40, 310)
    for table in (few, many):
        low, high = find_interval(table)
        assert low < measure_alpha(table) < high
        assert find_interval(table) == (low, high) != find_interval(table, seed=1)
    wide, narrow = (high - low for low, high in map(find_interval, (few, many)))
    assert narrow < wide / 2
