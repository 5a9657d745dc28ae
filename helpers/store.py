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
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Unpack

from helpers.corpus import Passage, cite_passage
from helpers.errors import DataError, QueryError, SettingError, check_name
from helpers.listings import Limits, Listing, check_page, list_names, make_uri, say_asked, say_page
from helpers.measures import log_dice, log_likelihood, log_ratio
from helpers.query import Query, parse_query
from helpers.search import check_years
from helpers.terms import find_occurrences
from helpers.words import cut_around, tokenize

if TYPE_CHECKING:
    import numpy as np

    from helpers.counted import CountTable
    from helpers.places import Found, Places

    Numbers = np.ndarray[Any, Any]

__all__ = ["FORMAT", "Store", "beside", "load_store"]

FORMAT = 1  # of the files of a store
RARE = 2
SORTS = ("corpus", "left", "right")
LINES = ("passage_id", "left", "node", "right", "doc_id", "date", "section", "start", "end")
NAMES = "id, doc_id, number, section, page, start, end, byte_start, byte_end, text"


class Store(AbstractContextManager["Store"]):
    """The store in a folder; any thread may ask until it is closed.

    Every answer can be bound to a `document` or several, and to `years`, as in `find_passages`.
    """

    def __init__(self, folder: Path) -> None:
        from helpers.places import Places

        self._lock, self.folder = Lock(), folder
        self._arrays: Places | None = None
        uri = f"{make_uri((folder / 'corpus.sqlite').absolute())}?mode=ro&immutable=1"
        try:
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error
        weakref.finalize(self, self._database.close)
        if (made := self._ask("PRAGMA user_version", [])[0][0]) != FORMAT:
            raise SettingError(
                f"The store “{folder.name}” has format {made}, and this version reads "
                f"format {FORMAT}; make it anew with build_store."
            )
        try:
            self._arrays = Places(folder, self._find_words)
        except (OSError, ValueError, EOFError, IndexError, TypeError) as error:
            raise self._damaged(error) from error

    def __repr__(self) -> str:
        size = f"{len(self._arrays):,} passages" if self._arrays else "closed"
        return f"Store({self.folder.name}, {size})"

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files, so that the folder can be replaced or deleted on any system."""
        with self._lock:
            self._arrays = None
            self._database.close()

    @property
    def _places(self) -> Places:
        if self._arrays is None:
            raise self._closed()
        return self._arrays

    def document(self, doc_id: str) -> dict[str, str]:
        """What was known of a document when the store was built: title, date, file, checksum, …."""
        about: dict[str, str] = json.loads(self._one("document", doc_id, "metadata")[0])
        return about

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id; UnknownNameError if there is none."""
        return Passage(*self._one("passage", passage_id, NAMES))

    def cite(self, passage: Passage) -> str:
        """One line that leads from a passage to its document, page and bytes."""
        about = self.document(passage.doc_id)
        return cite_passage(
            passage, about.get("citation", "[untitled]"), about.get("file", "[no file]")
        )

    def page(
        self, query: str = "", *, limit: int = 50, offset: int = 0, **limits: Unpack[Limits]
    ) -> Listing:
        """At most `limit` of the passages that match, after the first `offset`, and the total."""
        check_page(limit, offset)
        asked = parse_query(query)
        rows = self._match(asked, limits).nonzero()[0]
        passages = self._read(rows[offset : offset + limit].tolist())
        marks = tuple(find_occurrences(asked.groups, passage.text) for passage in passages)
        title = f"{say_page('passages', passages, offset, len(rows))} — {say_asked(query, limits)}"
        return Listing(passages, marks, tuple(map(self.cite, passages)), title, len(rows))

    def concordance(
        self,
        query: str,
        *,
        window: int = 8,
        sort: str = "corpus",
        limit: int = 100,
        offset: int = 0,
        **limits: Unpack[Limits],
    ) -> CountTable:
        """Some of the lines of `helpers.kwic.concordance`, in order of corpus, left or right.

        ``attrs["title"]`` says which of how many, ``attrs["total"]`` how many.
        """
        from helpers.counted import CountTable, check_least
        from helpers.ordering import first_lines

        check_name("order", sort, SORTS)
        check_least(window, 0, "words on each side")
        check_page(limit, offset)
        found = self._find(query, limits)
        need = min(offset + limit, len(found.places))
        page = found.keep(first_lines(found, self._places.tokens, sort, window, need)[offset:])
        rows: list[int] = page.rows.tolist()
        firsts = (page.places - self._places.starts[page.rows]).tolist()
        passages = dict(zip(sorted({*rows}), self._read(rows), strict=True))
        spans = zip(rows, firsts, page.sizes.tolist(), strict=True)
        lines = [self._line(passages[row], first, size, window) for row, first, size in spans]
        table = CountTable(lines, columns=list(LINES))
        title = say_page("lines", lines, offset, len(found.places))
        conditions = f"{say_asked(query, limits)} · {window} words on each side · order: {sort}"
        table.attrs = {"title": title, "conditions": conditions, "total": len(found.places)}
        if 0 < len(found.places) <= offset:
            table.attrs["instead"] = "This page is past the end; ask for an earlier one."
        return table

    def count_keyness(
        self, query: str = "", *, size: int = 20, **limits: Unpack[Limits]
    ) -> CountTable:
        """Words more frequent in the passages that match than in the rest, as `count_keyness`."""
        here = self._places.count_words(self._match(parse_query(query), limits))
        there = self._places.counts - here
        about = {"title": "key words", "conditions": say_asked(query, limits)}
        table = self._rank({"target": here, "reference": there}, size, about)
        sizes = int(here.sum()), int(there.sum())
        pairs = zip(table["target"], table["reference"], strict=True)
        table["log_ratio"] = [round(log_ratio(*pair, *sizes), 2) for pair in pairs]
        return table

    def count_collocates(
        self, query: str, *, window: int = 5, size: int = 20, **limits: Unpack[Limits]
    ) -> CountTable:
        """Words near what a query finds, as `helpers.keyness.count_collocates`."""
        from helpers.counted import check_least

        check_least(window, 1, "words on each side")
        found, kept = self._find(query, limits), self._kept(limits)
        near, inside = self._places.count_near(found, window)
        pool = self._places.counts if kept is None else self._places.count_words(kept)
        conditions = f"{say_asked(query, limits)} · {window} words on each side"
        about = {"title": "collocates", "conditions": conditions}
        table = self._rank({"near": near, "elsewhere": pool - near - inside}, size, about)
        hits, pairs = len(found.places), zip(table["near"], table["elsewhere"], strict=True)
        table["log_dice"] = [round(log_dice(min(n, hits), hits, n + m), 2) for n, m in pairs]
        return table

    def _line(self, passage: Passage, first: int, size: int, window: int) -> tuple[Any, ...]:
        """A line of a concordance, from the first word of the node and how many words it has."""
        tokens, date = tokenize(passage.text), self.document(passage.doc_id).get("date", "")
        start, end = tokens[first].start, tokens[first + size - 1].end
        pieces = cut_around(passage.text, tokens, start, end, window)
        return (passage.id, *pieces, passage.doc_id, date, passage.section, start, end)

    def _rank(self, counts: dict[str, Numbers], size: int, about: dict[str, str]) -> CountTable:
        """A table of the words that stand here more than their share, the surest first."""
        import numpy as np

        from helpers.counted import build_table, check_least

        check_least(size, 1, "words")
        here, there = counts.values()
        sizes = int(here.sum()), int(there.sum())
        key = np.flatnonzero((here >= RARE) & (here * sizes[1] > there * sizes[0]))
        share = (here[key] + there[key]) / max(1, sum(sizes))
        # As `log_likelihood`, for all at once.
        parts = [
            n[key] * np.log(np.maximum(1, n[key]) / (size * share))
            for n, size in zip((here, there), sizes, strict=True)
        ]
        surely = np.maximum(0.0, 2 * (parts[0] + parts[1])).round(2)
        shown = key[np.lexsort([key, -surely])][:size].tolist()
        words = [self._ask("SELECT word FROM lexicon WHERE id = ?", [n])[0][0] for n in shown]
        columns: dict[str, list[Any]] = {k: count[shown].tolist() for k, count in counts.items()}
        pairs = zip(*columns.values(), strict=True)
        columns["log_likelihood"] = [round(log_likelihood(n, m, *sizes), 2) for n, m in pairs]
        title = f"{len(words)} of {len(key):,} {about['title']}"
        return build_table(
            columns, words, "word", {**about, "title": title, "extent": repr(self)}, {}
        )

    def _find(self, query: str, limits: Limits) -> Found:
        asked = parse_query(query)
        if not asked.match:
            raise QueryError("There is no word to look for; type one, as in: preempt*.")
        return self._places.find(asked, self._kept(limits))

    def _match(self, query: Query, limits: Limits) -> Numbers:
        """For each passage whether it matches the query and is within the limits."""
        mask, kept = self._places.matches(query), self._kept(limits)
        return mask if kept is None else mask & kept

    def _kept(self, limits: Limits) -> Numbers | None:
        """Which passages are within the limits; None for all."""
        import numpy as np

        names, mask = list_names(limits), None
        if names:
            mask = np.zeros(len(self._places), bool)
            for name in names:
                mask[slice(*self._one("document", name, "first, end"))] = True
        first, last = check_years(limits.get("years") or (None, None))
        if (first, last) != (None, None):
            years = self._places.years
            within = (years >= (first or 1)) & (years <= (9999 if last is None else last))
            mask = within if mask is None else mask & within
        return mask

    def _read(self, rows: Sequence[int]) -> tuple[Passage, ...]:
        """Passages by row, each once, in reading order."""
        asked = "SELECT value + 1 FROM json_each(?)"
        sql = f"SELECT {NAMES} FROM passage WHERE rowid IN ({asked}) ORDER BY rowid"  # noqa: S608 -- nothing typed
        return tuple(Passage(*row) for row in self._ask(sql, [json.dumps(rows)]))

    def _find_words(self, word: str, prefix: bool) -> tuple[int, int]:  # noqa: FBT001 -- as in a Term
        """Numbers of the words that are `word`, or begin so: from the first to before the end."""
        sql = "SELECT min(id), max(id) + 1 FROM lexicon WHERE word BETWEEN ? AND ?"
        first, after = self._ask(sql, [word, word + "\U0010ffff" * prefix])[0]
        return first or 0, after or 0

    def _one(self, kind: str, name: str, columns: str) -> tuple[Any, ...]:
        """A document or passage by its id; else UnknownNameError with some that begin so."""
        found = self._ask(f"SELECT {columns} FROM {kind} WHERE id = ?", [str(name)])  # noqa: S608 -- nothing typed
        if not found:
            first = f"SELECT id FROM {kind} ORDER BY id < substr(?, 1, 4), id LIMIT 20"  # noqa: S608 -- nothing typed
            check_name(kind, name, [known for (known,) in self._ask(first, [str(name)])])
        return found[0]

    def _ask(self, sql: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._database.execute(sql, values).fetchall()
        except sqlite3.ProgrammingError as error:
            raise self._closed() from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _closed(self) -> SettingError:
        return SettingError(f"The store “{self.folder.name}” is closed; open it with load_store.")

    def _damaged(self, error: Exception) -> DataError:
        return DataError(
            f"The store “{self.folder.name}” is damaged ({error}); copy it once more, or make it "
            "anew with build_store."
        )


def load_store(folder: str | Path) -> Store:
    """Open a store that `build_store` made.

    SettingError if there is none or its format is another one, DataError if it is damaged.
    """
    there = Path(folder).resolve()
    if not there.exists():  # killed while one store took the place of another
        there = beside(there, "old")
    if not (there / "corpus.sqlite").exists():
        raise SettingError(f"There is no store in “{Path(folder).name}”; make it with build_store.")
    return Store(there)


def beside(folder: Path, what: str) -> Path:
    """Where a store stands until it is complete (``"part"``), or while it is replaced."""
    return folder.with_name(f".{folder.name}.{what}")
