"""Tables of counts that never travel without their conditions.

A number in such a table is the length of a list of passages, or stands beside one that is;
``table.attrs["passages"]`` holds the lists, by row or by (row, column).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from helpers.errors import SettingError
from helpers.search import Selection

__all__ = ["CountTable", "build_table", "check_least", "describe"]

SAID = ("title", "extent", "conditions")
LONG = 60  # rows of a table that are read at a glance
EMPTY = "Nothing was found, so there is nothing to count; ask for other words or conditions."


class CountTable(pd.DataFrame):  # type: ignore[misc]
    """A DataFrame that shows what was asked above its rows, and a sentence if it has none.

    Examples
    --------
    >>> build_table({"passages": []}, [], "word", {"title": "key words"}, {})
    key words
    Nothing was found, so there is nothing to count; ask for other words or conditions.
    """

    @property
    def _constructor(self) -> type[CountTable]:
        return CountTable

    def __repr__(self) -> str:
        body = self._instead() or self._one_head().to_string(na_rep="–")
        return "\n".join(part for part in (self._heading(), body, *self._notes()) if part)

    def _repr_html_(self) -> str:
        head = f"<p><strong>{escape(self._heading())}</strong></p>" if self._heading() else ""
        body = f"<p>{escape(self._instead())}</p>"
        if not self._instead():
            with pd.option_context("display.max_colwidth", None):  # pandas cuts at 50 signs
                body = self._one_head().to_html(na_rep="–", border=0)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return f"<div>{head}{body}{notes}</div>"

    def _heading(self) -> str:
        return " — ".join(self.attrs[key] for key in SAID if key in self.attrs)

    def _instead(self) -> str:
        """What to show in place of rows: of a table that has none, or none that says anything."""
        return str(self.attrs.get("instead", EMPTY if self.empty else ""))

    def _notes(self) -> tuple[str, ...]:
        """What is to be said under the rows, one sentence each."""
        cut = (f"The first {LONG} of {len(self):,} rows are shown.",) if len(self) > LONG else ()
        return (*cut, *self.attrs.get("notes", ()))

    def _one_head(self) -> pd.DataFrame:
        """Its first rows with the name of the rows in the head, not in a line of its own."""
        names = {"index": None, "columns": self.index.name or self.columns.name}
        return pd.DataFrame(self).head(LONG).rename_axis(**names)


def build_table(
    columns: Mapping[str, Sequence[Any]],
    rows: Iterable[str],
    by: str,
    about: Mapping[str, str],
    passages: Mapping[Any, tuple[str, ...]],
) -> CountTable:
    """A table from its columns, the names of its rows, and what they are (`by`).

    It carries `about` (title, extent, conditions, as from `describe`) and the ids of the
    `passages` behind its numbers, by row or by (row, column).
    """
    table = CountTable(dict(columns), index=pd.Index(list(rows), name=by, dtype=object))
    table.attrs = {**about, "passages": dict(passages)}
    return table


def describe(title: str, found: Selection, *more: str) -> dict[str, str]:
    """What a table says of itself that counts in a selection, as `build_table` takes it."""
    conditions = " · ".join([found.conditions, *more])
    return {"title": title, "extent": found.title, "conditions": conditions}


def check_least(value: int, least: int, what: str) -> None:
    """Hold a number to its smallest value; SettingError if it is smaller, or no whole number.

    Examples
    --------
    >>> check_least(-1, 1, "words on each side")
    Traceback (most recent call last):
    helpers.errors.SettingError: -1 words on each side are impossible; take 1 or more.
    """
    if not isinstance(value, int) or value < least:
        raise SettingError(f"{value} {what} are impossible; take {least} or more.")
