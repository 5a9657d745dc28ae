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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.query import Query
from helpers.terms import NEAR, TERM, Group, Term

__all__ = ["Found", "Places", "read_beside"]

Numbers = NDArray[Any]
Part = tuple[Numbers, Numbers]  # places and passages
PART = re.compile(rf"{NEAR}|{TERM}|[()]")
PIECE = 1 << 18  # so many numbers at a time stay in the processor's own memory
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

    def matches(self, query: Query, known: Mapping[str, list[Part]] | None = None) -> Numbers:
        """For each passage whether the query matches it; of some groups the places are known."""
        if not query.match:
            return np.ones(len(self), bool)
        return self._read(iter(PART.findall(query.match)), known or {})

    def _read(self, parts: Iterator[str], known: Mapping[str, list[Part]]) -> Numbers:
        """Read a part of an expression for FTS5, of the form in which queries are written."""
        if (part := next(parts)) != "(":
            return self._mask((known.get(part) or self._group(_read_group(part)))[0][1])
        mask = self._read(parts, known)
        while (operator := next(parts)) != ")":
            other = self._read(parts, known)
            mask = mask | other if operator == "OR" else mask & (other ^ (operator == "NOT"))
        return mask

    def _mask(self, rows: Numbers) -> Numbers:
        mask = np.zeros(len(self), bool)
        for piece in _pieces(len(rows)):
            mask[rows[piece]] = True
        return mask

    def find(self, query: Query, kept: Numbers | None = None) -> Found:
        """Every occurrence of what the query looks for, each once; in `kept` passages only."""
        by_size: dict[int, list[Part]] = {}
        known, words = dict[str, list[Part]](), set[tuple[int, int]]()
        for group in query.groups:
            if len(group.terms) == len(group.terms[0].tokens) == 1:
                words.update(self._ranges(group.terms[0]))
                continue
            known[group.match] = self._group(group)
            for term, part in zip(group.terms, known[group.match], strict=True):
                by_size.setdefault(len(term.tokens), []).append(part)
        single = [self._word(*span) for span in _join_spans(words)]  # no place twice
        if 1 in by_size:
            single = [_once([*single, *by_size.pop(1)])]
        phrases = [(*_once(parts), size) for size, parts in by_size.items()]
        found = _concatenate([*((*part, 1) for part in single), *phrases])
        either = [group.match for group in query.groups]
        if query.match not in (either[0], f"({' OR '.join(either)})"):
            mask = self.matches(query, known)
            kept = mask if kept is None else mask & kept
        return found if kept is None else found.keep(_where(kept, found.rows))

    def _ranges(self, term: Term) -> list[tuple[int, int]]:
        last = len(term.tokens) - 1
        words = enumerate(term.tokens)
        return [self._find_words(word, term.prefix and at == last) for at, word in words]

    def _word(self, first: int, end: int) -> Part:
        """Places and passages of the words with these numbers; word by word."""
        part = slice(int(self.bounds[first]), int(self.bounds[end]))
        return self._places[part], self._rows[part]

    def _term(self, term: Term) -> Part:
        """Where a term begins: looked for where the rarest of its words is."""
        ranges = self._ranges(term)
        rarest = min(range(len(ranges)), key=lambda at: np.diff(self.bounds[[*ranges[at]]])[0])
        places, rows = self._word(*ranges[rarest])
        for at, (first, end) in enumerate(ranges):
            if at != rarest:
                after = read_beside(self.tokens, places, at - rarest) - first  # never below 0
                fits = np.flatnonzero(after < end - first)
                places, rows = places[fits], rows[fits]
        return places - np.uint32(rarest) if rarest else places, rows

    def _group(self, group: Group) -> list[Part]:
        """Where the terms of a group begin, as far as they are near each other."""
        found = [self._term(term) for term in group.terms]
        if len(found) == 1:
            return found
        found = [
            (_merge([p]), _merge([r])) if term.prefix else (p, r)  # its words came one by one
            for term, (p, r) in zip(group.terms, found, strict=True)
        ]
        reach = [group.distance + len(term.tokens) for term in group.terms]
        number = 2 + sum(len(rows) for _, rows in found) // PIECE
        edges = np.linspace(0, len(self), number, dtype=np.uint32)
        cuts = [pairwise(np.searchsorted(rows, edges).tolist()) for _, rows in found]
        parts = []
        for spans in zip(*cuts, strict=True):
            here = [(p[slice(*at)], r[slice(*at)]) for (p, r), at in zip(found, spans, strict=True)]
            parts.append(_near(here, reach))
        joined = (map(np.concatenate, zip(*part, strict=True)) for part in zip(*parts, strict=True))
        return [(places, rows) for places, rows in joined]

    def count_words(self, mask: Numbers) -> Numbers:
        """How often each word stands in the passages that `mask` allows."""
        marks = np.zeros(len(self.tokens), bool)
        marks[1:] = np.repeat(mask, np.diff(self.starts))
        return self._count(marks)

    def _count(self, marks: Numbers) -> Numbers:
        """How often each word stands where there is a mark."""
        total = np.zeros(len(self.bounds) - 1, np.int64)
        for piece in _pieces(len(marks)):
            words = self.tokens[piece].compress(marks[piece])
            total += np.bincount(words, minlength=len(total))
        total[0] = 0
        return total

    def count_near(self, found: Found, window: int) -> tuple[Numbers, Numbers]:
        """How often each word stands near occurrences, outside them all; and inside them.

        A place near two occurrences counts once; no place is beyond the passage.
        """
        near, inside = np.zeros((2, len(self.tokens)), bool)
        for piece in _pieces(len(found.places)):
            begins, rows = found.places[piece].astype(np.int64), found.rows[piece]
            ends, first, after = (
                begins + found.sizes[piece],
                self.starts[rows],
                self.starts[rows + 1],
            )
            for at in range(window):
                near[np.maximum(begins - 1 - at, first - 1)] = True
                near[np.minimum(ends + at, after - 1)] = True
            for at in range(int((ends - begins).max())):
                inside[np.minimum(begins + at, ends - 1)] = True
        near &= ~inside
        return self._count(near), self._count(inside)


def _near(found: list[Part], reach: list[int]) -> list[Part]:
    """Those places of each term of a group, given in order, that are near all others."""
    few = min((rows for _, rows in found), key=len)
    if not len(few):
        return [(few, few)] * len(found)
    shared = np.zeros(int(few[-1] - few[0]) + 2, bool)  # passages with the rarest, and one beyond
    shared[few - few[0]] = True
    those = [np.flatnonzero(shared.take(rows - few[0], mode="clip")) for _, rows in found]
    found = [(places[at], rows[at]) for (places, rows), at in zip(found, those, strict=True)]
    # Passages are moved so far apart that nothing is near a place in another one.
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
    return [(places[at], rows[at]) for at in kept]


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


def _pieces(size: int) -> Iterator[slice]:
    return (slice(at, at + PIECE) for at in range(0, size, PIECE))


def _where(mask: Numbers, rows: Numbers) -> Numbers:
    """Numbers of the rows that a mask allows."""
    found = [piece.start + np.flatnonzero(mask[rows[piece]]) for piece in _pieces(len(rows))]
    return np.concatenate([np.zeros(0, int), *found])


def read_beside(tokens: Numbers, places: Numbers, step: int) -> Numbers:
    """The words so many steps after places; beyond both ends stands the 0 between passages."""
    words = np.empty(len(places), np.uint32)
    for piece in _pieces(len(places)):
        tokens.take(places[piece].astype(np.int64) + step, mode="clip", out=words[piece])
    return words


def _merge(parts: Sequence[Numbers]) -> Numbers:
    """Numbers in order; quick, as they come in runs that are in order."""
    merged: Numbers = np.sort(np.concatenate(parts), kind="stable")
    return merged


def _once(parts: Sequence[Part]) -> Part:
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
