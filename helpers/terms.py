"""What can be looked for, a word, phrase, prefix or words near each other; and where it stands.

FTS5 says which passages match; `find_occurrences` says where, word by word, by the same rules:
phrases are words one after the other, and terms of a ``NEAR`` count only near each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from helpers.errors import QueryError
from helpers.words import Token, tokenize

__all__ = [
    "Group",
    "Term",
    "find_occurrences",
    "quote_part",
    "read_near",
    "read_term",
]

OPERATORS = ("OR", "AND", "NOT")  # from the loosest to the tightest, as in FTS5
DEFAULT_DISTANCE = 10  # as in FTS5
MAX_DISTANCE = 1_000

TERM = r'"[^"]*"\**|[^\s"()]+'
NEAR = r'NEAR\s*\((?:[^()"]|"[^"]*")*\)'
DISTANCE = re.compile(r',(?!(?<=\d,)\d)([^,"]*)$')  # the comma in "1,000" is none


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase or prefix: folded words, one after the other.

    `prefix` says that the last word may go on; `written` is the term as typed, with straight
    quotation marks and single blanks.
    """

    tokens: tuple[str, ...]
    prefix: bool
    written: str

    @property
    def match(self) -> str:
        """The term as FTS5 takes it, quoted."""
        return f'"{" ".join(self.tokens)}"' + "*" * self.prefix


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that count only near each other; a term by itself is a group of one.

    `distance` is the largest number of words between the end of any of them and the start of
    the last, as in FTS5.
    """

    terms: tuple[Term, ...]
    distance: int = 0

    @property
    def match(self) -> str:
        """The group as FTS5 takes it."""
        inside = " ".join(term.match for term in self.terms)
        return inside if len(self.terms) == 1 else f"NEAR({inside}, {self.distance})"


def quote_part(part: str) -> str:
    """A part of a query in quotation marks, on one line and not too long.

    Examples
    --------
    >>> quote_part("NEAR(war,  peace")
    '‘NEAR(war, peace’'
    """
    line = " ".join(part.split())
    return f"‘{line}’" if len(line) <= 40 else f"‘{line[:39]}…’"


def read_term(part: str) -> Term | None:
    """The term that `part` asks for, or None if it is only punctuation.

    Signs inside a word make it a phrase; signs around it are ignored. QueryError if a star
    stands where it cannot, or there is no word between quotation marks.

    Examples
    --------
    >>> read_term("pre-empt*,").match
    '"pre empt"*'
    """
    quoted, bare = '"' in part, " ".join(part.replace('"', "").split())
    words, prefix = tokenize(bare), "*" in bare
    if prefix:
        _check_star(part, bare.index("*"), words)
    elif quoted and not words:
        raise QueryError(f"There is no word in {quote_part(part)}; type one between the marks.")
    if not words:
        return None
    written = bare[: bare.index("*") + 1] if prefix else bare
    written = f'"{written}"' if quoted else written.strip(",;:?!'-–")
    return Term(tuple(word.text for word in words), prefix, written)


def _check_star(part: str, star: int, words: list[Token]) -> None:
    if words and words[-1].end == star:
        return
    if words and words[0].start > star:
        fault = "begins with a star"
    elif words and words[-1].start > star:
        fault = "has a star in the middle"
    else:
        fault = "has no letter or digit before its star"
    raise QueryError(
        f"{quote_part(part)} {fault}; put the star behind the first letters, as in: prevent*."
    )


def read_near(part: str) -> Group:
    """The group that ``NEAR(a b, 5)`` asks for; the distance stands after the last comma.

    QueryError if there are not two terms, or the distance is no whole number from 1.

    Examples
    --------
    >>> read_near("NEAR(strateg* Asia, 3)").match
    'NEAR("strateg"* "asia", 3)'
    """
    inside = part[part.index("(") + 1 : -1]
    comma = DISTANCE.search(inside)
    distance = comma[1].strip() if comma else str(DEFAULT_DISTANCE)
    parts = re.findall(TERM, inside[: comma.start()] if comma else inside)
    terms = tuple(term for term in map(read_term, parts) if term)
    if not re.fullmatch("0*[1-9][0-9]{0,3}", distance) or int(distance) > MAX_DISTANCE:
        fault = f"must end with a comma and a whole number from 1 to {MAX_DISTANCE:,}"
    elif operator := next((word for word in parts if word in OPERATORS), ""):
        fault = f"has ‘{operator}’ inside, where only words and phrases can stand"
    elif len(terms) < 2:
        fault = "needs two words or phrases"
    else:
        return Group(terms, int(distance))
    raise QueryError(f"{quote_part(part)} {fault}; write as in: NEAR(war peace, 5).")


class _Text(NamedTuple):
    """The tokens of a text, their words, and for each word the places where it stands."""

    tokens: list[Token]
    words: list[str]
    places: dict[str, list[int]]


def find_occurrences(groups: Iterable[Group], text: str) -> list[tuple[int, int, str]]:
    """Where in `text` the terms of `groups` stand: characters ``[start, end)``, and the term.

    Phrases that overlap are several occurrences; the same words found by two terms are one,
    under the term that comes first.

    Examples
    --------
    >>> from helpers.query import parse_query
    >>> groups = parse_query('"A B" OR "B A"').groups
    >>> find_occurrences(groups, "A B A")
    [(0, 3, '"A B"'), (2, 5, '"B A"')]
    """
    read = _read(text)
    found: dict[tuple[int, int], str] = {}
    for group in groups:
        standing = [(term, _find_term(term, read)) for term in group.terms]
        if len(standing) > 1:
            standing = _keep_near(standing, group.distance)
        for term, places in standing:
            for place in places:
                last = read.tokens[place + len(term.tokens) - 1]
                found.setdefault((read.tokens[place].start, last.end), term.written)
    return [(*span, found[span]) for span in sorted(found)]


@lru_cache(maxsize=512)
def _read(text: str) -> _Text:
    tokens = tokenize(text)
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        places.setdefault(token.text, []).append(place)
    return _Text(tokens, [token.text for token in tokens], places)


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
