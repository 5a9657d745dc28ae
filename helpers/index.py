"""The full-text index of a corpus: one SQLite database that answers every question for words.

FTS5 alone decides which passages a query matches. It indexes our own folded words, so it
splits texts exactly where `helpers.words` does and no tokenizer of SQLite's has a say.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import NamedTuple, TypedDict, Unpack

from helpers.corpus import Corpus, Passage
from helpers.errors import TwoTracksError, check_name
from helpers.query import Query
from helpers.terms import find_occurrences
from helpers.words import fold_words

__all__ = ["Conditions", "Hit", "Index", "Page", "index_of"]

# Contentless and without column sizes: FTS5 keeps nothing but the words and their places.
SCHEMA = """
CREATE TABLE passage (
    rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, doc_id TEXT, number INTEGER, section TEXT,
    year INTEGER, text TEXT
);
CREATE TABLE label (kind TEXT, value TEXT, passage INTEGER, PRIMARY KEY (kind, value, passage))
    WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING
    fts5(text, content='', columnsize=0, tokenize='ascii', prefix='2 3');
"""
# The join keeps the total when the page asked for lies behind the last passage.
SELECT = """
WITH found AS MATERIALIZED (SELECT rowid, id FROM passage WHERE {conditions})
SELECT total.n, page.id FROM (SELECT count(*) AS n FROM found) AS total
LEFT JOIN (SELECT rowid, id FROM found ORDER BY rowid LIMIT ? OFFSET ?) AS page
ORDER BY page.rowid
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence of a term, which is given as it was written.

    `start`, `end` are characters of the passage's clean text, `byte_start`, `byte_end` bytes
    of the raw seed file, both half-open.
    """

    passage_id: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    term: str


class Page(NamedTuple):
    """Some of the passages that were found, by id and in reading order, and how many there are."""

    ids: list[str]
    total: int


class Conditions(TypedDict, total=False):
    """What a passage must be like, beside the words in it; what is left out does not matter.

    It must have one value of each kind of `labels`, come from one of the `documents`, stand in
    the `section` or below it, and be of the `years`, first to last; None leaves a side open.
    """

    labels: Mapping[str, Sequence[str]]
    documents: Sequence[str]
    section: str
    years: tuple[int | None, int | None]


class Index:
    """The passages of a corpus, ready to be asked. Any thread may ask.

    The corpus does not change, and neither does its index, but for labels.

    Examples
    --------
    >>> from helpers.loading import course_corpus
    >>> from helpers.query import parse_query
    >>> index = index_of(course_corpus())
    >>> index.match(parse_query("S-300 NEAR(Iran missile*)"))
    ['edm-2010#p05']
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._rows = {passage.id: row for row, passage in enumerate(corpus.passages, 1)}
        self._kinds: list[str] = []
        self._lock = Lock()
        self._database = _build(corpus)
        weakref.finalize(self, self._database.close)

    def match(self, query: Query) -> list[str]:
        """Ids of the passages that `query` matches, in reading order."""
        return self.select(query)

    def select(self, query: Query, **conditions: Unpack[Conditions]) -> list[str]:
        """Ids of the passages that match and meet all `conditions`, in reading order.

        UnknownNameError if passages have no labels of a kind that is asked for.
        """
        where, values = self._where(query, conditions)
        rows = self._ask(f"SELECT rowid, id FROM passage WHERE {where} ORDER BY rowid", values)  # noqa: S608 -- only question marks
        return [passage_id for _, passage_id in rows]

    def page(
        self, query: Query, *, limit: int = -1, offset: int = 0, **conditions: Unpack[Conditions]
    ) -> Page:
        """At most `limit` of what `select` gives, after the first `offset`, and the total."""
        where, values = self._where(query, conditions)
        rows = self._ask(SELECT.format(conditions=where), [*values, limit, offset])
        return Page([passage_id for _, passage_id in rows if passage_id], rows[0][0])

    def _where(self, query: Query, conditions: Conditions) -> tuple[str, list[str | int]]:
        """The WHERE clause of a request, and the values of its question marks."""
        for kind, wanted in conditions.get("labels", {}).items():
            if wanted:
                check_name("label", kind, self._kinds)
        parts = list(_conditions(query.match, conditions))
        where = " AND ".join(sql for sql, _ in parts) or "TRUE"
        return where, [value for _, given in parts for value in given]

    def label(self, kind: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Give passages labels of one kind, such as ``"theme"``, in place of those they had.

        `pairs` are of value and passage id; UnknownNameError if there is no such passage.
        """
        rows = {(kind, value, self._row(passage_id)) for value, passage_id in pairs}
        with self._lock, self._database:
            self._database.execute("DELETE FROM label WHERE kind = ?", [kind])
            self._database.executemany("INSERT INTO label VALUES (?, ?, ?)", rows)
            self._kinds = sorted({*self._kinds, kind})

    def has_labels(self, kind: str) -> bool:
        """Whether passages were given labels of this kind."""
        return kind in self._kinds

    def hits(self, query: Query, passage: Passage) -> tuple[Hit, ...]:
        """Every occurrence in `passage` of what `query` looks for, in order.

        There is none if the passage does not match, and none of what follows ``NOT``.
        """
        if not self._matches(query, passage):
            return ()
        return tuple(
            Hit(passage.id, start, end, *self.corpus.raw_span(passage, start, end), term)
            for start, end, term in find_occurrences(query.groups, passage.text)
        )

    def _matches(self, query: Query, passage: Passage) -> bool:
        """Whether a passage matches; True also where its hits alone will tell."""
        if [query.match] == [group.match for group in query.groups]:
            return True
        sql = "SELECT rowid, '' FROM words WHERE rowid = ? AND words MATCH ?"
        return query.match == "" or bool(self._ask(sql, [self._row(passage.id), query.match]))

    def _row(self, passage_id: str) -> int:
        if passage_id not in self._rows:
            check_name("passage", passage_id, self._rows)
        return self._rows[passage_id]

    def _ask(self, sql: str, values: Sequence[str | int]) -> list[tuple[int, str]]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()


@lru_cache(maxsize=8)
def index_of(corpus: Corpus) -> Index:
    """The index of a corpus, built when it is first asked for."""
    return Index(corpus)


def _build(corpus: Corpus) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        database.executescript(SCHEMA)
    except sqlite3.OperationalError as error:
        database.close()
        raise TwoTracksError(
            f"This Python cannot search texts ({error}); install Python from python.org "
            "or conda-forge, whose SQLite has FTS5."
        ) from error
    years = {document.id: document.year for document in corpus.documents}
    facts = (
        (row, p.id, p.doc_id, p.number, p.section, years[p.doc_id], p.text)
        for row, p in enumerate(corpus.passages, 1)
    )
    words = ((row, " ".join(fold_words(p.text))) for row, p in enumerate(corpus.passages, 1))
    with database:
        database.executemany("INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?)", facts)
        database.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", words)
    return database


def _conditions(match: str, given: Conditions) -> Iterator[tuple[str, Sequence[str | int]]]:
    """Parts of the WHERE clause, each with the values of its question marks."""
    if match:
        yield "rowid IN (SELECT rowid FROM words WHERE words MATCH ?)", [match]
    for kind, values in given.get("labels", {}).items():
        if values:
            marks = ", ".join("?" * len(values))
            sql = f"rowid IN (SELECT passage FROM label WHERE kind = ? AND value IN ({marks}))"  # noqa: S608 -- only question marks
            yield sql, [kind, *values]
    if documents := given.get("documents"):
        yield f"doc_id IN ({', '.join('?' * len(documents))})", documents
    if section := given.get("section"):
        below = f"{section} > "
        yield "(section = ? OR substr(section, 1, ?) = ?)", [section, len(below), below]
    first, last = given.get("years", (None, None))
    if first is not None:
        yield "year >= ?", [first]
    if last is not None:
        yield "year <= ?", [last]
