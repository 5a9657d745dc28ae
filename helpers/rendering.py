"""Safe HTML and plain text: what a notebook shows, readable with or without style.

Everything that comes from a text or a reader is escaped here; the other modules hand over
facts. Each display has two forms that say the same: HTML, and plain text for `print`, for
paper and for the checks that a lesson still says what it said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from helpers.corpus import Corpus, Passage
from helpers.edits import Edit
from helpers.index import Hit
from helpers.search import Selection
from helpers.themes import find_theme_marks

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "STYLE",
    "Shown",
    "describe_changes",
    "describe_place",
    "mark_hits",
    "mark_spans",
    "render_lines",
    "render_live",
    "render_passage",
    "render_raw",
    "render_remarks",
    "render_selection",
    "render_table",
]

STYLE = (
    "<style>"
    ".tt{max-width:56rem;line-height:1.5}"
    ".tt blockquote{margin:.3rem 0;padding:.1rem 0 .1rem .9rem;border-left:.25rem solid #767676}"
    ".tt article{margin:0 0 1.2rem}"
    ".tt p{margin:.3rem 0}"
    ".tt mark,.tt ins{background:#ffe08a;color:#000;text-decoration:none;"
    "border-bottom:2px solid #8a5a00}"
    ".tt del{background:#f6d5d5;color:#000;text-decoration:line-through}"
    ".tt pre{white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal;"
    "font-size:.9em;margin:.3rem 0}"
    ".tt table{border-collapse:collapse}"
    # [class] outweighs Jupyter's own rule, which sets the cells of all tables to the right.
    ".tt[class] th,.tt[class] td{text-align:left;vertical-align:top;padding:.2rem .7rem .2rem 0;"
    "border-bottom:1px solid #767676}"
    ".tt td:first-child,.tt td mark{white-space:nowrap}"
    ".tt .tt-two{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem}"
    ".tt input[readonly]{width:100%;font:inherit;font-size:.9em}"
    "</style>"
)


class Shown:
    """Something to look at, as HTML and as plain text.

    Examples
    --------
    >>> Shown("two tracks", "<p>two tracks</p>")
    two tracks
    """

    def __init__(self, text: str, html: str) -> None:
        self.text = text
        self.html = f'<div class="tt">{STYLE}{html}</div>'

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def mark_hits(text: str, hits: Iterable[Hit]) -> str:
    """`text` as HTML with the characters of all hits marked; overlapping hits share a mark.

    Examples
    --------
    >>> mark_hits("a <b> c", [])
    'a &lt;b&gt; c'
    """
    return mark_spans(text, ((hit.start, hit.end) for hit in hits))


def mark_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The same with the characters from start to end of each span."""
    pieces, position = [], 0
    for start, end in _merged(spans):
        pieces += [escape(text[position:start]), f"<mark>{escape(text[start:end])}</mark>"]
        position = end
    return "".join([*pieces, escape(text[position:])])


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def render_raw(raw: str, offset: int, edits: Iterable[Edit]) -> str:
    """Raw text from position `offset` as HTML: what went is struck out, what came is marked."""
    pieces, position = [], 0
    for edit in edits:
        if edit.rule == "whitespace":
            continue
        pieces.append(escape(raw[position : edit.start - offset]))
        title = escape(f"{edit.rule}: {edit.reason}")
        pieces.append(f'<del title="{title}">{escape(edit.before)}</del>')
        if edit.after.strip():
            pieces.append(f'<ins title="{title}">{escape(edit.after)}</ins>')
        position = edit.end - offset
    return "".join([*pieces, escape(raw[position:])])


def describe_changes(edits: Sequence[Edit]) -> str:
    """How many edits of each rule, blanks last, in one line."""
    counts = Counter(edit.rule for edit in edits)
    shown = [f"{count} {rule}" for rule, count in counts.items() if rule != "whitespace"]
    shown.append(f"{counts['whitespace']} changes of blanks")
    return ", ".join(shown)


def describe_place(corpus: Corpus, passage: Passage) -> str:
    """Document, section and page of a passage in one line."""
    document = corpus.document(passage.doc_id)
    page = f"p. {passage.page}" if passage.page else ""
    title = document.title or "[untitled]"
    return " · ".join(part for part in (title, document.date, passage.section, page) if part)


def _themes_of(corpus: Corpus, passage: Passage) -> str:
    found = [theme for theme, marks in find_theme_marks(corpus).items() if passage.id in marks]
    return ", ".join(found) or "none"


def render_passage(found: Selection, passage: Passage, *, live: bool = False) -> str:
    """One passage as HTML: place, marked text, themes, citation and raw source.

    `live` puts the citation into a read-only field to copy from, as the explorer shows it;
    otherwise it is a line of text.
    """
    corpus = found.corpus
    raw = corpus.source_of(passage).text[passage.start : passage.end]
    edits = corpus.edits_in(passage)
    citation = escape(corpus.cite(passage))
    if live:
        label = escape(f"Citation of {passage.id}")
        citation = f'<input readonly aria-label="{label}" value="{citation}">'
    place = escape(describe_place(corpus, passage))
    return (
        f"<article><p><strong>{escape(passage.id)}</strong> · {place}</p>"
        f"<blockquote>{mark_hits(passage.text, found.hits(passage))}</blockquote>"
        f"<p>Themes: {escape(_themes_of(corpus, passage))}</p><p>{citation}</p>"
        f"<details><summary>Raw source of {escape(passage.id)} "
        f"({escape(describe_changes(edits))})</summary>"
        f"<pre>{render_raw(raw, passage.start, edits)}</pre></details></article>"
    )


def render_remarks(
    corpus: Corpus, passage: Passage, lines: Sequence[str], hits: Iterable[Hit] = ()
) -> tuple[str, str]:
    """A passage with what is to be said of it, and its citation, as text and as HTML."""
    lines = [*lines, corpus.cite(passage)]
    place = f"<strong>{escape(passage.id)}</strong> · {escape(describe_place(corpus, passage))}"
    html = (
        f"<article><p>{place}</p><blockquote>{mark_hits(passage.text, hits)}</blockquote>"
        f"{''.join(f'<p>{escape(line)}</p>' for line in lines)}</article>"
    )
    return "\n    ".join([f"[{passage.id}] {passage.text}", *lines]), html


def render_selection(
    found: Selection, *, first: int = 0, size: int = 10, live: bool = False
) -> str:
    """The passages of a selection from number `first`, at most `size` of them, as HTML."""
    shown = found.passages[first : first + size]
    if not shown:
        return "<p>No passage fits; take a condition away or change the words.</p>"
    return "".join(render_passage(found, passage, live=live) for passage in shown)


def render_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as HTML, every cell escaped."""
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def render_lines(table: pd.DataFrame, corpus: Corpus, *, first: int = 0, size: int = 25) -> str:
    """Lines of a concordance from number `first`, and their passages unfolded on demand."""
    rows = list(table.iloc[first : first + size].itertuples(index=False))
    if not rows:
        return "<p>No line fits; take a condition away or change the words.</p>"
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("passage", "left", "found", "right", "bytes")
    )
    lines = "".join(
        f'<tr><td style="white-space:nowrap">{escape(row.passage_id)}</td>'
        f'<td style="text-align:right">{escape(row.left)}</td>'
        f"<td><mark>{escape(row.node)}</mark></td><td>{escape(row.right)}</td>"
        f'<td style="white-space:nowrap">{row.byte_start}–{row.byte_end}</td></tr>'
        for row in rows
    )
    names = dict.fromkeys(row.passage_id for row in rows)
    passages = "".join(
        "<article><blockquote>"
        f"{mark_hits(corpus.passage(name).text, (row for row in rows if row.passage_id == name))}"
        f"</blockquote><p>{escape(corpus.cite(corpus.passage(name)))}</p></article>"
        for name in names
    )
    summary = f"<summary>The passages of these lines ({len(names)})</summary>"
    table_html = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return f"{table_html}<details>{summary}{passages}</details>"


def render_live(kind: str, settings: Mapping[str, Any], corpus: Corpus, html: str) -> str:
    """A plain form, and the settings from which a handout's script makes live controls.

    `kind` is ``"explorer"`` or ``"concordance"``. Passages cleaned by other rules than usual, or
    marked with themes that were typed, stay a plain form: a handout carries the texts as the rules
    and themes in the files leave them.

    Examples
    --------
    >>> from helpers.loading import course_corpus
    >>> render_live("explorer", {"theme": "iran"}, course_corpus(), "…")[:44]
    '<div data-explorer="{&quot;theme&quot;: &quo'
    """
    if corpus.without or (corpus.home and corpus.home.typed):
        return html
    documents = [document.id for document in corpus.documents]
    data = json.dumps({**settings, "documents": documents}, ensure_ascii=False)
    return f'<div data-{kind}="{escape(data)}">{html}</div>'
