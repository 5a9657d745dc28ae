"""Which lines of a concordance come first, of a large corpus: without sorting them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.places import Found, read_beside

__all__ = ["first_lines"]

Numbers = NDArray[Any]


def first_lines(found: Found, tokens: Numbers, sort: str, window: int, need: int) -> Numbers:
    """Which occurrences come first: ``"corpus"``, or by the words to their ``"left"``, ``"right"``.

    Their numbers, at most `need`, in order. Of most lines only the words that decide are read.
    """
    places = found.places
    if sort == "corpus" or not window:
        keys, chosen = [], _least(places, need)
    else:
        step = 1 if sort == "right" else -1
        begins = places + found.sizes if sort == "right" else places - np.uint32(1)
        chosen = _choose(begins, tokens, step=step, window=window, need=need, places=places)
        keys = list(_context(begins[chosen], tokens, step, window))
    order = np.lexsort([found.sizes[chosen], places[chosen], *keys[::-1]])
    lines: Numbers = chosen[order[:need]]
    return lines


def _least(keys: Numbers, need: int) -> Numbers:
    """Numbers of the smallest keys, and of all that equal the last of them."""
    if need >= len(keys):
        return np.arange(len(keys))
    if (keys[:-1] <= keys[1:]).all():
        return np.arange(np.searchsorted(keys, keys[need - 1], "right"))
    return np.flatnonzero(keys <= np.partition(keys, need - 1)[need - 1])


def _context(begins: Numbers, tokens: Numbers, step: int, window: int) -> Iterator[Numbers]:
    """The words at one distance after the other; 0 beyond the end of a passage."""
    inside = np.ones(len(begins), bool)
    for at in range(window):
        words = read_beside(tokens, begins, step * at) * inside
        inside = words > 0
        yield words


def _choose(  # noqa: PLR0913 -- what a step needs to go on
    begins: Numbers, tokens: Numbers, *, step: int, window: int, need: int, places: Numbers
) -> Numbers:
    """Numbers of lines among which are the first `need`, read one word further at each step."""
    sure, open_ = np.zeros(0, np.int64), np.arange(len(begins), dtype=np.uint32)
    for at in range(window):
        more = need - len(sure)
        if more >= len(open_):
            return np.concatenate([sure, open_])
        words = read_beside(tokens, begins, step * at)
        last = np.partition(words, more - 1)[more - 1]
        sure = np.concatenate([sure, open_[np.flatnonzero(words < last)]])
        those = np.flatnonzero(words == last)
        open_, begins = open_[those], begins[those]
        if last == 0:
            break
    return np.concatenate([sure, open_[_least(places[open_], need - len(sure))]])
