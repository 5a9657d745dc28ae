"""Where in a text the words stand that somebody looked for.

FTS5 says which passages match; this says where, word by word, by the same rules: phrases are
words one after the other, and terms of a ``NEAR`` count only where they are near each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from helpers.terms import Group, Term
from helpers.words import Token, tokenize

__all__ = ["Occurrence", "find_occurrences"]


class Occurrence(NamedTuple):
    """Characters `start` to `end` (half-open) of a text, and the term found there as written."""

    start: int
    end: int
    term: str


class _Text(NamedTuple):
    """The tokens of a text, their words, and for each word the places where it stands."""

    tokens: list[Token]
    words: list[str]
    places: dict[str, list[int]]


def find_occurrences(groups: Iterable[Group], text: str) -> list[Occurrence]:
    """Every occurrence in `text` of the terms of `groups`, in order.

    Phrases that overlap are several occurrences; the same words found by two terms are one,
    under the term that comes first.

    Parameters
    ----------
    groups : iterable of Group
        What to look for: the groups of a query.
    text : str
        Clean text.

    Examples
    --------
    >>> from helpers.query import parse_query
    >>> groups = parse_query('"A B" OR "B A"').groups
    >>> [tuple(found) for found in find_occurrences(groups, "A B A")]
    [(0, 3, '"A B"'), (2, 5, '"B A"')]
    """
    read = _read(text)
    found: dict[tuple[int, int], str] = {}
    for group in groups:
        for term, place in _find_group(group, read):
            last = read.tokens[place + len(term.tokens) - 1]
            found.setdefault((read.tokens[place].start, last.end), term.written)
    return [Occurrence(*span, found[span]) for span in sorted(found)]


@lru_cache(maxsize=512)
def _read(text: str) -> _Text:
    tokens = tokenize(text)
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        places.setdefault(token.text, []).append(place)
    return _Text(tokens, [token.text for token in tokens], places)


def _find_group(group: Group, text: _Text) -> Iterator[tuple[Term, int]]:
    """The terms of a group and the places where they begin, as far as they count."""
    found = [(term, _find_term(term, text)) for term in group.terms]
    if len(found) > 1:
        found = _keep_near(found, group.distance)
    for term, places in found:
        for place in places:
            yield term, place


def _find_term(term: Term, text: _Text) -> list[int]:
    """The places where a term begins."""
    first, *more = term.tokens
    if not more and term.prefix:
        begun = [places for word, places in text.places.items() if word.startswith(first)]
        return [place for places in begun for place in places]
    places, size = text.places.get(first, []), len(term.tokens)
    return [place for place in places if _is_term(term, text.words[place : place + size])]


def _is_term(term: Term, words: list[str]) -> bool:
    *head, last = term.tokens
    if len(words) < len(term.tokens) or words[:-1] != head:
        return False
    return words[-1].startswith(last) if term.prefix else words[-1] == last


def _keep_near(found: list[tuple[Term, list[int]]], distance: int) -> list[tuple[Term, list[int]]]:
    """The places that take part in a group as FTS5 defines it.

    A group has one place of each term, and no more than `distance` words between the end of
    any of them and the start of the last.
    """
    kept: list[set[int]] = [set() for _ in found]
    for last in {place for _, places in found for place in places}:
        near = [
            [place for place in places if last - distance - len(term.tokens) <= place <= last]
            for term, places in found
        ]
        if all(near):
            for places, more in zip(kept, near, strict=True):
                places.update(more)
    return [(term, sorted(places)) for (term, _), places in zip(found, kept, strict=True)]
