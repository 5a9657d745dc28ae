"""One recorded change, and the ledger of all of them: apply, undo, trace a position back.

Positions are characters of the raw text, half-open, counted from 0; the ledger knows the
source, and so the bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from helpers.errors import DataError
from helpers.sources import Source

__all__ = ["Edit", "Ledger", "Trace", "apply_edits", "undo_edits"]


class Edit(NamedTuple):
    """One change that cleaning made; a tuple, because there are thousands of them.

    It replaces the raw characters from `start` up to `end`: what was there, and what is now;
    the rule that proposed it, and why.
    """

    start: int
    end: int
    before: str
    after: str
    rule: str
    reason: str


def apply_edits(raw: str, edits: Iterable[Edit], *, offset: int = 0) -> str:
    """`raw` with `edits` carried out; the first character of `raw` has position `offset`.

    Examples
    --------
    >>> apply_edits("two  tracks", [Edit(3, 4, " ", "", "whitespace", "one blank is enough")])
    'two tracks'
    """
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += raw[position : edit.start - offset], edit.after
        position = edit.end - offset
    return "".join([*pieces, raw[position:]])


def undo_edits(clean: str, edits: Iterable[Edit], *, offset: int = 0) -> str:
    """The raw text back from `clean`: the inverse of `apply_edits`, from the ledger alone.

    Examples
    --------
    >>> undo_edits("two tracks", [Edit(3, 4, " ", "", "whitespace", "one blank is enough")])
    'two  tracks'
    """
    pieces: list[str] = []
    position, raw_position = 0, offset
    for edit in edits:
        kept = edit.start - raw_position
        pieces += clean[position : position + kept], edit.before
        position += kept + len(edit.after)
        raw_position = edit.end
    return "".join([*pieces, clean[position:]])


class Trace:
    """The way back from a clean text to the raw characters `start` to `end` it was made from.

    `edits` are those inside them, in order.

    Examples
    --------
    >>> trace = Trace(0, 11, [Edit(3, 4, " ", "", "whitespace", "one blank is enough")])
    >>> trace.span(4, 10)
    (5, 11)
    """

    def __init__(self, start: int, end: int, edits: Sequence[Edit]) -> None:
        self._raw, self._clean = [start], [0]  # where each unchanged run begins, in both
        self._ends = []  # where it ends in the clean text
        for edit in edits:
            self._ends.append(self._clean[-1] + edit.start - self._raw[-1])
            self._raw.append(edit.end)
            self._clean.append(self._ends[-1] + len(edit.after))
        self._ends.append(self._clean[-1] + end - self._raw[-1])
        self._starts_of_edits = [edit.start for edit in edits]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The raw characters behind the clean characters from `start` up to `end`."""
        if end <= start:
            raise ValueError(f"an empty span [{start}, {end}) has nothing behind it")
        first = bisect_right(self._clean, start) - 1
        raw_start = self._raw[first] + start - self._clean[first]
        if start >= self._ends[first]:  # begins inside a replacement
            raw_start = self._starts_of_edits[first]
        last = bisect_left(self._clean, end) - 1
        raw_end = self._raw[last] + end - self._clean[last]
        if end > self._ends[last]:  # ends inside a replacement
            raw_end = self._raw[last + 1]
        return raw_start, raw_end


class Ledger:
    """All edits of one source, in order.

    DataError if two of them overlap, or the `before` of one is not what the file says there.
    """

    def __init__(self, source: Source, edits: Iterable[Edit]) -> None:
        self.source = source
        self.edits = tuple(sorted(edits, key=lambda edit: edit.start))
        self._starts = [edit.start for edit in self.edits]
        position = 0
        for edit in self.edits:
            if edit.start < position or source.text[edit.start : edit.end] != edit.before:
                raise DataError(f"{source.name}: an edit does not fit the raw text: {edit}.")
            position = edit.end

    def __len__(self) -> int:
        return len(self.edits)

    def inside(self, start: int, end: int) -> tuple[Edit, ...]:
        """The edits from raw character `start` up to `end`."""
        return self.edits[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def clean(self, start: int = 0, end: int | None = None) -> str:
        """The clean text of the raw characters from `start` up to `end`."""
        end = len(self.source.text) if end is None else end
        return apply_edits(self.source.text[start:end], self.inside(start, end), offset=start)

    def trace(self, start: int, end: int) -> Trace:
        """The way back from the clean text of these raw characters."""
        return Trace(start, end, self.inside(start, end))
