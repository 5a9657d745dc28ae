"""A large corpus of one's own on one machine: opened at once, asked in milliseconds.

The texts, their documents and their words are a SQLite file; where each word stands is in the
arrays of `helpers.places`. The answers are those of the index of the course's corpus, to the same
queries.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

from helpers.corpus import Passage
from helpers.counted import CountTable, build_table, check_least
from helpers.errors import QueryError, SettingError, check_name
from helpers.measures import log_dice
from helpers.query import Query, parse_query
from helpers.terms import find_occurrences
from helpers.words import tokenize

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from helpers.places import Found

    Numbers = np.ndarray[Any, Any]

__all__ = ["Limits", "Listing", "Store", "load_store"]

RARE = 2
SORTS = ("corpus", "left", "right")
LINES = ("passage_id", "left", "node", "right", "doc_id", "date", "section", "start", "end")
NAMES = "id, doc_id, number, section, page, start, end, byte_start, byte_end, text"
Marks = list[tuple[int, int, str]]


class Limits(TypedDict, total=False):
    """Which passages count: of some documents (ids), of the years from first to last."""

    documents: Sequence[str]
    years: Sequence[int | None]


class Listing(NamedTuple):
    """Some of the passages found, in reading order, what is marked in each, and how many in all."""

    passages: tuple[Passage, ...]
    marks: tuple[Marks, ...]
    total: int


class Store:
    """The store in a folder; any thread may ask.

    Every answer can be bound to `documents` and `years`, as in `find_passages`.
    """

    def __init__(self, folder: Path) -> None:
        from helpers.places import Places

        if not (folder / "starts.npy").exists():
            raise SettingError(f"There is no store in “{folder.name}”; make it with build_store.")
        uri = f"{(folder / 'corpus.sqlite').resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        self._lock, self.folder = Lock(), folder
        self._places = Places(folder, self._find_words)

    def __repr__(self) -> str:
        return f"Store({self.folder.name}, {len(self._places):,} passages)"

    def page(
        self,
        query: str = "",
        *,
        limit: int = 50,
        offset: int = 0,
        **limits: Unpack[Limits],
    ) -> Listing:
        """At most `limit` of the passages that match, after the first `offset`, and the total."""
        asked = parse_query(query)
        rows = self._match(asked, limits).nonzero()[0]
        passages = self._read(rows[offset : offset + limit].tolist())
        marks = tuple(find_occurrences(asked.groups, passage.text) for passage in passages)
        return Listing(passages, marks, len(rows))

    def concordance(
        self,
        query: str,
        *,
        window: int = 8,
        sort: str = "corpus",
        limit: int = 100,
        offset: int = 0,
        **limits: Unpack[Limits],
    ) -> pd.DataFrame:
        """Some of the lines of `helpers.kwic.concordance`, in order of corpus, left or right.

        ``attrs["title"]`` says which of how many.
        """
        import pandas as pd

        from helpers.places import first_lines

        check_name("order", sort, SORTS)
        if window < 0:
            raise SettingError(f"A window of {window} words is impossible; take 0 or more.")
        asked, found = self._find(query, limits)
        need = min(offset + limit, len(found.places))
        chosen = first_lines(found, self._places.tokens, sort, window, need)[offset:]
        page = found.keep(chosen)
        rows = [int(row) for row in page.rows]
        passages = dict(zip(sorted({*rows}), self._read(rows), strict=True))
        firsts = page.places - self._places.starts[page.rows]
        dates = self._dates(passages.values())
        lines = [
            _line(passages[row], int(first), int(size), window, dates)
            for row, first, size in zip(rows, firsts, page.sizes, strict=True)
        ]
        table = pd.DataFrame(lines, columns=list(LINES))
        total = f"{len(found.places):,} lines"
        shown = f"lines {offset + 1:,}–{offset + len(lines):,} of {total}" if lines else total
        conditions = f"query {asked.text.strip()} · {window} words on each side · order: {sort}"
        table.attrs = {"title": shown, "conditions": conditions, "total": len(found.places)}
        return table

    def count_keyness(
        self,
        query: str = "",
        *,
        size: int = 20,
        **limits: Unpack[Limits],
    ) -> CountTable:
        """Words more frequent in the passages that match than in the rest, as `count_keyness`."""
        check_least(size, 1, "words")
        here = self._places.count_words(self._match(parse_query(query), limits))
        there = self._places.counts - here
        names = ("target", "reference", "log_likelihood", "log_ratio")
        likelihood, ratio = _compare(here, there)
        columns = (here, there, likelihood, ratio)
        return self._rank(dict(zip(names, columns, strict=True)), size, "key words")

    def count_collocates(
        self,
        query: str,
        *,
        window: int = 5,
        size: int = 20,
        **limits: Unpack[Limits],
    ) -> CountTable:
        """Words near what a query finds, as `helpers.keyness.count_collocates`."""
        check_least(window, 1, "words on each side")
        check_least(size, 1, "words")
        _, found = self._find(query, limits)
        near, inside = self._places.count_near(found, window)
        kept = self._kept(limits)
        pool = self._places.counts if kept is None else self._places.count_words(kept)
        far = pool - near - inside
        likelihood, _ = _compare(near, far)
        hits = len(found.places)
        columns = {"near": near, "elsewhere": far, "log_likelihood": likelihood}
        table = self._rank(columns, size, "collocates")
        pairs = zip(table["near"], table["elsewhere"], strict=True)
        table["log_dice"] = [round(log_dice(min(n, hits), hits, n + m), 2) for n, m in pairs]
        return table

    def _rank(self, columns: dict[str, Numbers], size: int, what: str) -> CountTable:
        """A table of the words that stand here more than their share, the surest first."""
        import numpy as np

        here, there, surely = list(columns.values())[:3]
        key = np.flatnonzero((here >= RARE) & (here * there.sum() > there * here.sum()))
        shown = key[np.lexsort([key, -surely[key]])][:size]
        words = [self._ask("SELECT word FROM lexicon WHERE id = ?", [int(n)])[0][0] for n in shown]
        about = {"title": f"{len(words)} of {len(key):,} {what}", "extent": repr(self)}
        data = {name: column[shown].tolist() for name, column in columns.items()}
        return build_table(data, words, "word", about, {})

    def _find(self, query: str, limits: Limits) -> tuple[Query, Found]:
        asked = parse_query(query)
        if not asked.match:
            raise QueryError("There is no word to look for; type one, as in: preempt*.")
        return asked, self._places.find(asked, self._kept(limits))

    def _match(self, query: Query, limits: Limits) -> Numbers:
        """For each passage whether it matches the query and is within the limits."""
        mask, kept = self._places.matches(query), self._kept(limits)
        return mask if kept is None else mask & kept

    def _kept(self, limits: Limits) -> Numbers | None:
        """Which passages are within the limits; None for all."""
        import numpy as np

        names, (first, last) = limits.get("documents", ()), limits.get("years", (None, None))
        if not names and first is None and last is None:
            return None
        sql, where = "SELECT first, end FROM document", " WHERE id = ?"
        spans = [row for name in names for row in self._ask(sql + where, [name]) or [(name, "")]]
        if unknown := [name for name, end in spans if end == ""]:
            known = self._ask("SELECT id FROM document LIMIT 10000", [])
            check_name("document", unknown[0], [doc_id for (doc_id,) in known])
        years = " WHERE year BETWEEN ? AND ?"
        allowed = spans if names else self._ask(sql, [])
        if (first, last) != (None, None):
            dated = self._ask(sql + years, [first or 0, 9999 if last is None else last])
            allowed = sorted({*dated} & {*spans}) if names else dated
        mask = np.zeros(len(self._places), bool)
        for begin, end in allowed:
            mask[begin:end] = True
        return mask

    def _read(self, rows: Sequence[int]) -> tuple[Passage, ...]:
        """Passages by row, each once, in reading order."""
        marks = ", ".join("?" * len(rows))
        sql = f"SELECT {NAMES} FROM passage WHERE rowid IN ({marks}) ORDER BY rowid"  # noqa: S608 -- only question marks
        return tuple(Passage(*row) for row in self._ask(sql, [row + 1 for row in rows]))

    def _dates(self, passages: Any) -> dict[str, str]:
        names = {passage.doc_id for passage in passages}
        sql = "SELECT metadata FROM document WHERE id = ?"
        return {n: json.loads(self._ask(sql, [n])[0][0]).get("date", "") for n in names}

    def _find_words(self, word: str, prefix: bool) -> tuple[int, int]:  # noqa: FBT001 -- as in a Term
        """Numbers of the words that are `word`, or begin so: from the first to before the end."""
        end = word + "\U0010ffff" if prefix else word
        sql = "SELECT min(id), max(id) + 1 FROM lexicon WHERE word BETWEEN ? AND ?"
        first, after = self._ask(sql, [word, end])[0]
        return first or 0, after or 0

    def _ask(self, sql: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()


def load_store(folder: str | Path) -> Store:
    """Open a store that `build_store` made; SettingError if there is none."""
    return Store(Path(folder))


def _line(passage: Passage, first: int, size: int, window: int, dates: dict[str, str]) -> Any:
    """A line of a concordance, from the first word of the node and how many words it has."""
    tokens, text = tokenize(passage.text), passage.text
    start, end = tokens[first].start, tokens[first + size - 1].end
    left = tokens[max(0, first - window)].start if window and first >= window else 0
    after = first + size - 1 + window
    right = tokens[after].end if after < len(tokens) else len(text)
    left, right = (left, right) if window else (start, end)
    pieces = text[left:start], text[start:end], text[end:right]
    about = passage.doc_id, dates[passage.doc_id], passage.section
    return (passage.id, *pieces, *about, start, end)


def _compare(here: Numbers, there: Numbers) -> tuple[Numbers, Numbers]:
    """Log-likelihood and log ratio of `helpers.measures`, for all words at once."""
    import numpy as np

    sizes = here.sum(), there.sum()
    share = (here + there) / max(1, sizes[0] + sizes[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [
            np.where(n > 0, n * np.log(n / (size * share)), 0.0)
            for n, size in zip((here, there), sizes, strict=True)
        ]
        ratio = np.log2(np.where(here, here, 0.5) / sizes[0])
        ratio -= np.log2(np.where(there, there, 0.5) / sizes[1])
    return np.maximum(0.0, 2 * (parts[0] + parts[1])).round(2), ratio.round(2)
