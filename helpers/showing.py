"""Passages, concordances, themes, quotations, documents to read, always with how many of how many.

`query`, `corpus` and `**filters` are those of `find_passages` in every function here, and so are
the errors they raise. `size` is how many to show at most, 1 or more (else SettingError); the
heading says of how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from helpers.corpus import Corpus, Passage
from helpers.errors import SettingError, check_name
from helpers.kwic import concordance, concordance_of
from helpers.loading import course_corpus
from helpers.query import parse_query
from helpers.rendering import Shown, render_lines, render_passage, render_selection, render_table
from helpers.roster import explain_no_people
from helpers.search import Names, Selection, Years, find_passages
from helpers.speech import find_quotations
from helpers.themes import load_themes

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "show_concordance",
    "show_counted",
    "show_documents",
    "show_example",
    "show_lines",
    "show_marks",
    "show_passage",
    "show_passages",
    "show_quotations",
    "show_selection",
    "show_theme",
]

FEW = 30  # so many phrases are read at a glance; more are folded away


def _headed(head: str, lines: Iterable[str], html: str, *, gap: str = "\n") -> Shown:
    """Lines, or the same as HTML, under a heading."""
    return Shown(gap.join([head, *lines]), f"<p><strong>{escape(head)}</strong></p>{html}")


def _first_of(title: str, total: int, size: int) -> str:
    """A title, and how many are shown where not all are."""
    return f"{title}; the first {size} are shown" if total > size else title


def _check_size(size: int, what: str) -> None:
    if size < 1:
        raise SettingError(f"{size} {what} cannot be shown; take 1 or more.")


def _in_text(corpus: Corpus, passage: Passage) -> str:
    return f"[{passage.id}] {passage.text}\n    {corpus.cite(passage)}"


def show_passages(
    query: str = "", *, size: int = 10, corpus: Corpus | None = None, **filters: Names | Years
) -> Shown:
    """The passages that fit, with their citations; conditions as for `find_passages`.

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
    head = f"{_first_of(found.title, len(found), size)} — {found.conditions}"
    hints = "".join(f"<p>{escape(hint)}</p>" for hint in found.query.hints)
    passages = [_in_text(found.corpus, passage) for passage in found.passages[:size]]
    html = f"{hints}{render_selection(found, size=size)}"
    return _headed(head, [*found.query.hints, *passages], html, gap="\n\n")


def show_passage(passage_id: str, *, query: str = "", corpus: Corpus | None = None) -> Shown:
    """One passage with its place, themes, citation and raw source; the words of `query` marked.

    It may stand outside a smaller corpus. In a corpus of one's own, which has not the passages of
    the course, its first passage is shown in place of one of those, and a sentence says so.
    """
    corpus, head = (corpus or course_corpus()).whole, ""
    if corpus.home and passage_id in {passage.id for passage in course_corpus().passages}:
        first = corpus.passages[0].id
        head = f"{passage_id} is a passage of the course; here is {first} of {corpus.home.folder}."
        passage_id = first
    passage = corpus.passage(passage_id)
    found = Selection(corpus, parse_query(query), (), (passage,))
    text, html = _in_text(corpus, passage), render_passage(found, passage)
    return _headed(head, [text], html, gap="\n\n") if head else Shown(text, html)


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
        As from `count_hits`, `count_passages`, `count_themes`, `measure_themes` …; SettingError
        if it keeps no passages.
    row, column : str
        Where the number stands; tables of groups or words need no column.
    corpus : Corpus, optional
        The one the table was made from; the course's own if left out.
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
    """A concordance to read, at most `size` lines of it; else as `concordance`, with its errors."""
    _check_size(size, "lines")
    table = concordance(query, window=window, sort=sort, corpus=corpus, **filters)
    return show_lines(table, corpus=corpus or course_corpus(), size=size)


def show_lines(table: pd.DataFrame, *, corpus: Corpus, size: int = 25) -> Shown:
    """A concordance with its conditions, how many of how many, and its first lines."""
    head = f"{_first_of(table.attrs['title'], len(table), size)} — {table.attrs['conditions']}"
    rows = table.head(size).itertuples(index=False)
    lines = [f"{row.passage_id:>24}  {row.left}[{row.node}]{row.right}" for row in rows]
    return _headed(head, lines, render_lines(table, corpus, size=size))


def show_theme(theme: str, *, corpus: Corpus | None = None) -> Shown:
    """A theme as the dictionary has it: definition, phrases, weaknesses; and where it is found.

    Examples
    --------
    >>> print(show_theme("israel").text.splitlines()[0])
    Israel (israel), a place
    """
    found = find_passages(theme=theme, corpus=corpus)
    entry = load_themes()[theme]
    count, phrases = len(entry.phrases), " · ".join(entry.phrases)
    places = Counter(passage.doc_id for passage in found)
    facts = {
        "Definition": entry.definition,
        f"Phrases ({count})": phrases,
        "Not counted inside": " · ".join(entry.exclude) or "no exclusions",
        "Known weaknesses": entry.note,
        "Found in": found.title + "".join(f" · {name} {n}" for name, n in places.items()),
    }

    html = {name: f"<p><strong>{name}:</strong> {escape(text)}</p>" for name, text in facts.items()}
    if count > FEW:
        html[f"Phrases ({count})"] = (
            f"<details><summary>{count} phrases</summary><p>{escape(phrases)}</p></details>"
        )
    head = f"{entry.title} ({theme}), {'an' if entry.kind[0] in 'aeiou' else 'a'} {entry.kind}"
    lines = [f"{name}: {words}" for name, words in facts.items()]
    return _headed(head, lines, "".join(html.values()))


def show_example(theme: str, *, corpus: Corpus | None = None) -> Shown:
    """The passage with the most hits of a theme, the first of several, with its hits marked."""
    found = find_passages(theme=theme, corpus=corpus)
    if not found.passages:
        sentence = f"No passage here has the theme {theme}; take more documents or years."
        return Shown(sentence, f"<p>{escape(sentence)}</p>")
    passage = max(found.passages, key=lambda passage: len(found.hits(passage)))
    most = f"{passage.id} has the most hits: {len(found.hits(passage))}"
    head = f"{most} — {found.title} · {found.conditions}"
    text = _in_text(found.corpus, passage)
    return _headed(head, [text], render_passage(found, passage), gap="\n\n")


def show_marks(
    theme: str,
    *,
    window: int = 8,
    sort: str = "corpus",
    size: int = 25,
    corpus: Corpus | None = None,
) -> Shown:
    """The words that mark passages with a theme, each in its context, as `show_concordance`."""
    found = find_passages(theme=theme, corpus=corpus)
    table = concordance_of(found, window=window, sort=sort)
    return show_lines(table, corpus=found.corpus, size=size)


def show_quotations(
    query: str = "", *, kind: str = "speech", corpus: Corpus | None = None, **filters: Names | Years
) -> Shown:
    """The quotations in the passages that fit: who is quoted, with which verb, how sure.

    `kind` is ``"speech"``, what somebody said, or ``"term"``, words kept at a distance; conditions
    as for `find_passages`.
    """
    check_name("kind", kind, ("speech", "term"))
    found = find_passages(query, corpus=corpus, **filters)  # type: ignore[arg-type]
    ids = {passage.id for passage in found}
    quotes = [q for q in find_quotations(found.corpus) if q.kind == kind and q.passage_id in ids]
    plural = "quotation" if len(quotes) == 1 else "quotations"
    head = f"{len(quotes)} {plural} ({kind}) in {found.title} — {found.conditions}"
    names = ("passage", "speaker", "cue", "certainty", "words")
    rows = [(q.passage_id, q.speaker or "?", q.cue or "–", q.certainty, q.text) for q in quotes]
    if missing := explain_no_people(found.corpus):
        return _headed(head, [missing], f"<p>{escape(missing)}</p>")
    return _headed(head, map(" | ".join, rows), render_table(names, rows) if rows else "")


def show_documents(*, corpus: Corpus | None = None) -> Shown:
    """The documents of a corpus as a table: what each is, who wrote it and when, how sure."""
    head = ("document", "title", "author", "date", "passages", "words")
    rows = [
        (
            *(document.id, document.title or "[untitled]"),
            f"{'; '.join(document.authors) or '?'} ({document.author_certainty})",
            f"{document.date or '?'}, {document.date_precision}",
            str(len(document.passages)),
            f"{sum(len(passage.text.split()) for passage in document.passages):,}",
        )
        for document in (corpus or course_corpus()).documents
    ]
    return Shown("\n".join(map(" | ".join, (head, *rows))), render_table(head, rows))
