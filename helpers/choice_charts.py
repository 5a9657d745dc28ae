"""How a result moves: a mark for each way of counting, left or right of no difference."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from textwrap import fill
from typing import Any

from helpers.choices import AS_CLAIMED
from helpers.counted import CountTable
from helpers.errors import SettingError
from helpers.figures import INK, DescribedFigure, in_house_style, new_axes, save_png, say_nothing
from helpers.rendering import Shown

__all__ = ["draw_choices"]

NOTHING = "There is nothing to compare here; take more documents, wider years or other words."


@in_house_style
def draw_choices(table: CountTable) -> DescribedFigure | Shown:
    """How the result of a claim moves from choice to choice, as from `count_choices`.

    One mark for each choice, the farther to the right the larger the share of the first side in
    both numbers: a disc where the claim holds, a ring where it does not. Where choices are
    combined, a row has a line for each combination with one thing in common. If there is nothing
    to compare, a sentence says so.

    Raises
    ------
    SettingError
        If it is another table.
    """
    if "crossed" not in table.attrs:
        raise SettingError("This table is not about a claim; make one with count_choices.")
    if _compared(table).empty:
        return say_nothing(NOTHING)
    parts = _split(table)
    labels = [fill(label, 34) for label in parts]
    lines = sum(label.count("\n") for label in labels)
    figure, axes = new_axes(10, 1.9 + 0.42 * len(labels) + 0.2 * lines)
    axes.axvline(50, color="black", linestyle="--")
    for place, part in enumerate(parts.values()):
        _draw_marks(axes, place, part)
    _label(axes, labels, table)
    head = (str(table.index.name), *map(str, table.columns))
    cells = [(str(row), *map(_say, values)) for row, *values in table.itertuples(name=None)]
    return DescribedFigure(save_png(figure), _describe(table, parts), head, cells, table.attrs)


def _compared(table: CountTable) -> CountTable:
    """The choices under which there is something to compare."""
    return CountTable(table[table["holds"] != "–"])


def _split(table: CountTable) -> dict[str, CountTable]:
    """Each choice by itself; or, if combined, for each decision all that share it."""
    if not table.attrs["crossed"]:
        return {row: table.loc[[row]] for row in table.index}
    decisions = [table.attrs["decisions"][row] for row in table.index]
    names = dict.fromkeys(name for column in zip(*decisions, strict=True) for name in column)
    return {name: table[[name in said for said in decisions]] for name in names}


def _draw_marks(axes: Any, place: int, part: CountTable) -> None:
    known = _compared(part)
    shares = known["share"].tolist()
    if len(part) > 1:
        axes.vlines(shares, place - 0.32, place + 0.32, color=INK, linewidth=2.5)
    elif shares:
        inside = INK if known["holds"].iloc[0] == "yes" else "white"
        look = {"facecolor": inside, "edgecolor": INK, "linewidth": 2.2, "zorder": 3}
        axes.scatter(shares, [place], s=130, **look)
    axes.text(106, place, _sum_up(part), va="center")


def _label(axes: Any, labels: Sequence[str], table: CountTable) -> None:
    more, less = (fill(str(side), 40) for side in table.columns[:2])
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(-4, 104)
    axes.set_xticks(range(0, 101, 25), ["0", "25", "50\nno difference", "75", "100"])
    axes.tick_params(left=False)
    axes.grid(axis="y", color="#e0e0e0")
    axes.set_axisbelow(True)
    axes.set_title(table.attrs["title"], wrap=True)
    axes.set_xlabel(
        f"share of {more} in both numbers, per cent\n← more: {less}          more: {more} →"
    )


def _sum_up(part: CountTable) -> str:
    """The two numbers of one choice, or how many of several hold."""
    if len(part) == 1:
        return " : ".join(_say(number) for number in part.iloc[0].iloc[:2])
    return f"holds in {(part['holds'] == 'yes').sum()} of {len(_compared(part))}"


def _say(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "–" if isnan(value) else f"{value:g}"


def _describe(table: CountTable, parts: dict[str, CountTable]) -> str:
    """The claim, under how many choices it holds, as claimed, and where it does not."""
    more, less = table.columns[:2]
    said = f"{table.attrs['title']} This {table.attrs['extent']}. {more} : {less} is "
    said += f"{_sum_up(table.iloc[[0]])} {AS_CLAIMED}. "
    failing = {name: part for name, part in parts.items() if "no" in set(part["holds"])}
    if not failing:
        return f"{said}Nothing turns it round."
    crossed = table.attrs["crossed"]
    start = "By what is in common, where not always" if crossed else "It does not hold"
    fails = "; ".join(f"{name} {_sum_up(part)}" for name, part in failing.items())
    return f"{said}{start}: {fails}."
