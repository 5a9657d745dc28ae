"""Passages, concordances, quotations and documents to read, always with how many of how many."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from helpers.corpus import Corpus, Document
from helpers.errors import SettingError, check_name
from helpers.kwic import concordance
from helpers.loading import course_corpus
from helpers.query import parse_query
from helpers.rendering import Shown, render_lines, render_passage, render_selection, render_table
from helpers.search import Names, Selection, Years, find_passages
from helpers.speech import find_quotations

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "show_concordance",
    "show_counted",
    "show_documents",
    "show_lines",
    "show_passage",
    "show_passages",
    "show_quotations",
    "show_selection",
]


def _extent(found: Selection, size: int) -> str:
    """The title, and how many of the passages are shown where not all are."""
    cut = f"; the first {size} are shown" if len(found) > size else ""
    return f"{found.title}{cut}"


def show_passages(
    query: str = "",
    *,
    size: int = 10,
    corpus: Corpus | None = None,
    **filters: Names | Years,
) -> Shown:
    """The passages that fit, with their citations; conditions as for `find_passages`.

    Parameters
    ----------
    query : str, optional
        Words in the query language.
    size : int, optional
        How many passages to show at most; the heading says of how many.
    corpus : Corpus, optional
        The course's own if left out.
    **filters
        theme, document, speaker, person, section, years: as for `find_passages`.

    Raises
    ------
    QueryError, UnknownNameError, SettingError
        As `find_passages`; also for a size below 1.

    Examples
    --------
    >>> print(show_passages("preventative").text[:40])
    1 of 122 passages — query preventative
    """
    _check_size(size, "passages")
    found = find_passages(query, corpus=corpus, **filters)  # type: ignore[arg-type]
    return show_selection(found, size=size)


def show_selection(found: Selection, *, size: int = 10) -> Shown:
    """A selection with its conditions, how many of how many, and its first passages."""
    head = f"{_extent(found, size)} — {found.conditions}"
    hints = "".join(f"<p>{escape(hint)}</p>" for hint in found.query.hints)
    lines = [f"[{p.id}] {p.text}\n    {found.corpus.cite(p)}" for p in found.passages[:size]]
    html = f"<p><strong>{escape(head)}</strong></p>{hints}{render_selection(found, size=size)}"
    return Shown("\n\n".join([head, *found.query.hints, *lines]), html)


def show_passage(passage_id: str, *, query: str = "", corpus: Corpus | None = None) -> Shown:
    """One passage with its place, themes, citation and raw source.

    Parameters
    ----------
    passage_id : str
        The passage.
    query : str, optional
        Words to mark in it.
    corpus : Corpus, optional
        The course's own if left out.

    Raises
    ------
    UnknownNameError, QueryError
        If there is no such passage, or the words cannot be read.
    """
    corpus = corpus or course_corpus()
    passage = corpus.passage(passage_id)
    found = Selection(corpus, parse_query(query), (), (passage,))
    text = f"[{passage.id}] {passage.text}\n    {corpus.cite(passage)}"
    return Shown(text, render_passage(found, passage))


def show_counted(
    table: pd.DataFrame,
    row: str,
    column: str = "",
    *,
    size: int = 10,
    corpus: Corpus | None = None,
) -> Shown:
    """The passages behind one number of a table of counts.

    Parameters
    ----------
    table : CountTable
        As from `count_hits`, `count_passages`, `count_themes`, `measure_themes` …
    row, column : str
        Where the number stands; tables of groups or words need no column.
    size : int, optional
        How many passages to show at most; the heading says of how many.
    corpus : Corpus, optional
        The one the table was made from; the course's own if left out.

    Raises
    ------
    UnknownNameError, SettingError
        If the table has no such row or column, or none with passages; for a size below 1.
    """
    _check_size(size, "passages")
    corpus, behind = corpus or course_corpus(), table.attrs.get("passages", {})
    if not behind:
        raise SettingError("This table keeps no passages; make it with count_hits, for instance.")
    check_name("row", row, map(str, table.index))
    if row not in behind:
        check_name("column", column, [name for place, name in behind if place == row])
    passages = tuple(corpus.passage(i) for i in behind[row if row in behind else (row, column)])
    asked = (("counted", f"{row} {column}".strip()), ("in", table.attrs["title"]))
    return show_selection(Selection(corpus, parse_query(""), asked, passages), size=size)


def show_concordance(
    query: str,
    *,
    window: int = 8,
    sort: str = "corpus",
    size: int = 25,
    corpus: Corpus | None = None,
    **filters: Names | Years,
) -> Shown:
    """A concordance to read: at most `size` lines, and of how many; as `concordance` else.

    Raises
    ------
    QueryError, UnknownNameError, SettingError
        As `concordance`; also for a size below 1.
    """
    _check_size(size, "lines")
    table = concordance(query, window=window, sort=sort, corpus=corpus, **filters)
    return show_lines(table, corpus=corpus or course_corpus(), size=size)


def show_lines(table: pd.DataFrame, *, corpus: Corpus, size: int = 25) -> Shown:
    """A concordance with its conditions, how many of how many, and its first lines."""
    cut = f"; the first {size} are shown" if len(table) > size else ""
    head = f"{table.attrs['title']}{cut} — {table.attrs['conditions']}"
    rows = table.head(size).itertuples(index=False)
    lines = [f"{row.passage_id:>24}  {row.left}[{row.node}]{row.right}" for row in rows]
    html = render_lines(table, corpus, size=size)
    return Shown("\n".join([head, *lines]), f"<p><strong>{escape(head)}</strong></p>{html}")


def show_quotations(
    query: str = "",
    *,
    kind: str = "speech",
    corpus: Corpus | None = None,
    **filters: Names | Years,
) -> Shown:
    """The quotations in the passages that fit: who is quoted, with which verb, how sure.

    Parameters
    ----------
    query : str, optional
        Words the passage must contain.
    kind : {"speech", "term"}, optional
        What somebody said, or terms and words kept at a distance.
    corpus : Corpus, optional
        The course's own if left out.
    **filters
        Conditions on the passages, as for `find_passages`.

    Raises
    ------
    QueryError, UnknownNameError, SettingError
        As `find_passages`; also for another kind.
    """
    check_name("kind", kind, ("speech", "term"))
    found = find_passages(query, corpus=corpus, **filters)  # type: ignore[arg-type]
    ids = {passage.id for passage in found}
    quotes = [q for q in find_quotations(found.corpus) if q.kind == kind and q.passage_id in ids]
    plural = "quotation" if len(quotes) == 1 else "quotations"
    head = f"{len(quotes)} {plural} ({kind}) in {found.title} — {found.conditions}"
    names = ("passage", "speaker", "cue", "certainty", "words")
    rows = [(q.passage_id, q.speaker or "?", q.cue or "–", q.certainty, q.text) for q in quotes]
    html = f"<p><strong>{escape(head)}</strong></p>{render_table(names, rows) if rows else ''}"
    return Shown("\n".join([head, *(" | ".join(row) for row in rows)]), html)


def _check_size(size: int, what: str) -> None:
    if size < 1:
        raise SettingError(f"{size} {what} cannot be shown; take 1 or more.")


def show_documents(*, corpus: Corpus | None = None) -> Shown:
    """The documents of a corpus as a table: what each is, who wrote it and when, how sure."""
    corpus = corpus or course_corpus()
    head = ("document", "title", "author", "date", "passages", "words")
    rows = [
        (
            *(document.id, document.title or "[untitled]"),
            f"{'; '.join(document.authors) or '?'} ({document.author_certainty})",
            f"{document.date or '?'}, {document.date_precision}",
            *(str(len(document.passages)), f"{_count_words(document):,}"),
        )
        for document in corpus.documents
    ]
    return Shown("\n".join(" | ".join(row) for row in (head, *rows)), render_table(head, rows))


def _count_words(document: Document) -> int:
    return sum(len(passage.text.split()) for passage in document.passages)
