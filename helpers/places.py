"""Where every word of a large corpus stands: NumPy arrays, read from disk as they are needed.

The words of all passages stand one after the other as numbers, in alphabetical order of the
words from 1, with a 0 before the first passage and after each. A second array has the places of
each word, a third the passages they are in. Questions for words are answered by the rules of
`helpers.terms`, for all passages at once.

FTS5 stays the matcher of a corpus in memory, and the tests hold these arrays to its answers. A
store does not have it besides: FTS5 finds passages, while totals of lines, sorted concordances, key
words and collocates need the places in any case, and building both would take twice the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.query import Query
from helpers.terms import NEAR, TERM, Group, Term

__all__ = ["Found", "Places", "first_lines"]

Numbers = NDArray[Any]
PART = re.compile(rf"{NEAR}|{TERM}|[()]")
ARRAYS = ("tokens", "places", "rows", "bounds", "starts", "years")


class Found(NamedTuple):
    """Occurrences in no order: first word of each, its passage, and how many words it has."""

    places: Numbers
    rows: Numbers
    sizes: Numbers

    def keep(self, those: Numbers) -> Found:
        """Some of them, by their numbers."""
        return Found(self.places[those], self.rows[those], self.sizes[those])


class Places:
    """The arrays of a store; `find_words` gives the numbers of a word, or of those it begins."""

    def __init__(self, folder: Path, find_words: Callable[[str, bool], tuple[int, int]]) -> None:
        loaded = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS)
        # Plain views: a memmap costs more at each step.
        self.tokens, self._places, self._rows, self.bounds, self.starts, self.years = map(
            np.asarray, loaded
        )
        self._find_words = find_words
        ends = [int(self.starts[-1]), *[int(self.bounds[-1])] * 2, len(self)]
        if [*map(len, (self.tokens, self._places, self._rows, self.years))] != ends:
            raise ValueError("The arrays are not of one store.")

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def counts(self) -> Numbers:
        """How often each word stands in the corpus, by its number."""
        counts: Numbers = np.diff(self.bounds)
        return counts

    def matches(self, query: Query) -> Numbers:
        """For each passage whether the query matches it."""
        if not query.match:
            return np.ones(len(self), bool)
        return self._read(iter(PART.findall(query.match)))

    def _read(self, parts: Iterator[str]) -> Numbers:
        """Read a part of an expression for FTS5, of the form in which queries are written."""
        if (part := next(parts)) != "(":
            return self._mask(self._group(_read_group(part))[0][1])
        mask = self._read(parts)
        while (operator := next(parts)) != ")":
            other = self._read(parts)
            mask = mask | other if operator == "OR" else mask & (other ^ (operator == "NOT"))
        return mask

    def _mask(self, rows: Numbers) -> Numbers:
        mask = np.zeros(len(self), bool)
        mask[rows] = True
        return mask

    def find(self, query: Query, kept: Numbers | None = None) -> Found:
        """Every occurrence of what the query looks for, each once; in `kept` passages only."""
        by_size: dict[int, list[tuple[Numbers, Numbers]]] = {}
        words = set[tuple[int, int]]()
        for group in query.groups:
            if len(group.terms) == len(group.terms[0].tokens) == 1:
                words.update(self._ranges(group.terms[0]))
                continue
            for term, part in zip(group.terms, self._group(group), strict=True):
                by_size.setdefault(len(term.tokens), []).append(part)
        by_size.setdefault(1, []).extend(self._word(*span) for span in _join_spans(words))
        parts = [(*_once(parts), size) for size, parts in by_size.items() if parts]
        found = _concatenate(parts)
        either = [group.match for group in query.groups]
        if query.match not in (either[0], f"({' OR '.join(either)})"):
            mask = self.matches(query)
            kept = mask if kept is None else mask & kept
        return found if kept is None else found.keep(np.flatnonzero(kept[found.rows]))

    def _ranges(self, term: Term) -> list[tuple[int, int]]:
        last = len(term.tokens) - 1
        words = enumerate(term.tokens)
        return [self._find_words(word, term.prefix and at == last) for at, word in words]

    def _word(self, first: int, end: int) -> tuple[Numbers, Numbers]:
        """Places and passages of the words with these numbers; word by word."""
        part = slice(int(self.bounds[first]), int(self.bounds[end]))
        return self._places[part], self._rows[part]

    def _term(self, term: Term) -> tuple[Numbers, Numbers]:
        """Where a term begins: looked for where the rarest of its words is."""
        ranges = self._ranges(term)
        rarest = min(range(len(ranges)), key=lambda at: np.diff(self.bounds[[*ranges[at]]])[0])
        places, rows = self._word(*ranges[rarest])
        if len(ranges) == 1:
            return places, rows
        places = places.astype(np.int64) - rarest
        for at, (first, end) in enumerate(ranges):
            if at != rarest:  # beyond both ends stands the 0 between passages
                after = self.tokens.take(places + at, mode="clip") - first  # never below 0
                fits = np.flatnonzero(after < end - first)
                places, rows = places[fits], rows[fits]
        return places, rows

    def _group(self, group: Group) -> list[tuple[Numbers, Numbers]]:
        """Where the terms of a group begin, as far as they are near each other."""
        found = [self._term(term) for term in group.terms]
        if len(found) == 1:
            return found
        shared = self._mask(min((rows for _, rows in found), key=len))
        those = [np.flatnonzero(shared[rows]) for _, rows in found]
        found = [(part[at], rows[at]) for (part, rows), at in zip(found, those, strict=True)]
        # Passages are moved so far apart that nothing is near a place in another one.
        reach = [group.distance + len(term.tokens) for term in group.terms]
        apart, bits = max(reach) + 1, len(reach).bit_length()
        rows = _merge([rows for _, rows in found]).astype(np.int64)
        parts = (p + (r + 1) * np.int64(apart) << bits | at for at, (p, r) in enumerate(found))
        marked = _merge([*parts])
        places, is_of = marked >> bits, marked & (1 << bits) - 1
        lasts = np.ones(len(places), bool)  # whether all others are near, before this place
        for at, far in enumerate(reach):
            latest = np.maximum.accumulate(np.where(is_of == at, places, 0))
            lasts &= places - latest <= far
        beyond = np.iinfo(np.int64).max
        ends = np.minimum.accumulate(np.where(lasts, places, beyond)[::-1])[::-1] - places
        places -= (rows + 1) * apart
        kept = (np.flatnonzero((is_of == at) & (ends <= far)) for at, far in enumerate(reach))
        return [(places[those], rows[those]) for those in kept]

    def count_words(self, mask: Numbers) -> Numbers:
        """How often each word stands in the passages that `mask` allows."""
        total, size = np.zeros(len(self.bounds) - 1, np.int64), 50_000
        for first in range(0, len(self), size):
            some = mask[first : first + size]
            begin, end = self.starts[first], self.starts[first + len(some)]
            lengths = np.diff(self.starts[first : first + len(some) + 1])
            words = self.tokens[begin:end].compress(np.repeat(some, lengths))
            total += np.bincount(words, minlength=len(total))
        total[0] = 0
        return total

    def count_near(self, found: Found, window: int) -> tuple[Numbers, Numbers]:
        """How often each word stands near occurrences, outside them all; and inside them.

        A place near two occurrences counts once; no place is beyond the passage.
        """
        begins, rows = found.places.astype(np.int64), found.rows
        ends, first, after = begins + found.sizes, self.starts[rows], self.starts[rows + 1]
        near, inside = np.zeros((2, len(self.tokens)), bool)
        for at in range(window):
            near[np.maximum(begins - 1 - at, first - 1)] = True
            near[np.minimum(ends + at, after - 1)] = True
        for at in range(int(found.sizes.max(initial=0))):
            inside[np.minimum(begins + at, ends - 1)] = True
        near &= ~inside
        marked = (self.tokens[np.flatnonzero(marks)] for marks in (near, inside))
        counts = [np.bincount(words, minlength=len(self.bounds) - 1) for words in marked]
        for count in counts:
            count[0] = 0  # the 0 beyond the ends of passages
        return counts[0], counts[1]


def _read_group(part: str) -> Group:
    """A group as FTS5 takes it, read back: its words are folded already."""
    found = re.findall(r'"([^"]*)"(\*?)', part)
    terms = tuple(Term(tuple(words.split()), bool(star), words) for words, star in found)
    return Group(terms, int(part[part.rindex(",") + 1 : -1]) if len(terms) > 1 else 0)


def _join_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same numbers in spans that do not overlap."""
    joined: list[tuple[int, int]] = []
    for first, end in sorted(spans):
        if joined and first < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif first < end:
            joined.append((first, end))
    return joined


def _merge(parts: Sequence[Numbers]) -> Numbers:
    """Numbers in order; quick, as they come in runs that are in order."""
    merged: Numbers = np.sort(np.concatenate(parts), kind="stable")
    return merged


def _once(parts: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """Several parts in one, each place once; one part is taken as it is."""
    if len(parts) == 1:
        return parts[0]
    places, at = np.unique(np.concatenate([p for p, _ in parts]), return_index=True)
    return places, np.concatenate([rows for _, rows in parts])[at]


def _concatenate(parts: Sequence[tuple[Numbers, Numbers, int]]) -> Found:
    full = [(places, rows, np.full(len(places), size, np.uint16)) for places, rows, size in parts]
    if len(full) == 1:
        return Found(*full[0])
    empty = (np.zeros(0, np.uint32),) * 3
    return Found(*map(np.concatenate, zip(empty, *full, strict=True)))


def first_lines(found: Found, tokens: Numbers, sort: str, window: int, need: int) -> Numbers:
    """Which occurrences come first: ``"corpus"``, or by the words to their ``"left"``, ``"right"``.

    Their numbers, at most `need`, in order. Of most lines only the words that decide are read.
    """
    places = found.places
    if sort == "corpus" or not window:
        keys, chosen = [], _least(places, need)
    else:
        step = 1 if sort == "right" else -1
        begins = places.astype(np.int64) + (found.sizes if sort == "right" else -1)
        chosen = _choose(begins, tokens, step=step, window=window, need=need, places=places)
        keys = list(_context(begins[chosen], tokens, step, window))
    order = np.lexsort([found.sizes[chosen], places[chosen], *keys[::-1]])
    lines: Numbers = chosen[order[:need]]
    return lines


def _least(keys: Numbers, need: int) -> Numbers:
    """Numbers of the smallest keys, and of all that equal the last of them."""
    if need >= len(keys) or (keys[:-1] <= keys[1:]).all():
        return np.arange(min(need, len(keys)))
    return np.flatnonzero(keys <= np.partition(keys, need - 1)[need - 1])


def _context(begins: Numbers, tokens: Numbers, step: int, window: int) -> Iterator[Numbers]:
    """The words at one distance after the other; 0 beyond the end of a passage."""
    inside = np.ones(len(begins), bool)
    for at in range(window):
        words = tokens.take(begins + step * at, mode="clip") * inside
        inside = words > 0
        yield words


def _choose(  # noqa: PLR0913 -- what a step needs to go on
    begins: Numbers, tokens: Numbers, *, step: int, window: int, need: int, places: Numbers
) -> Numbers:
    """Numbers of lines among which are the first `need`, read one word further at each step."""
    sure, open_ = np.zeros(0, np.int64), np.arange(len(begins))
    for at in range(window):
        more = need - len(sure)
        if more >= len(open_):
            return np.concatenate([sure, open_])
        words = tokens.take(begins[open_] + step * at, mode="clip")
        last = np.partition(words, more - 1)[more - 1]
        sure = np.concatenate([sure, open_[words < last]])
        open_ = open_[words == last]
        if last == 0:
            break
    return np.concatenate([sure, open_[_least(places[open_], need - len(sure))]])
