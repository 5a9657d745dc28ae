"""Where a passage comes from: raw beside clean, its surroundings, its document's card.

An id that does not exist is an UnknownNameError, which names the nearest; the corpus is the
course's own if left out.
"""

from __future__ import annotations

from html import escape

from helpers.corpus import Corpus, Document, Evidence, Passage
from helpers.edits import Edit
from helpers.errors import SettingError
from helpers.loading import course_corpus
from helpers.rendering import Shown, describe_changes, describe_place, render_raw, render_table

__all__ = ["explain_passage", "show_card", "show_source"]


def explain_passage(passage_id: str, *, corpus: Corpus | None = None) -> Shown:
    """A passage raw and clean, side by side, with every edit and its reason.

    Examples
    --------
    >>> print(explain_passage("ivanov-gvosdev-2002#p02").text.splitlines()[-1])
    changes: 1 note_marker, 0 changes of blanks
    """
    corpus = corpus or course_corpus()
    passage = corpus.passage(passage_id)
    source, edits = corpus.source_of(passage), corpus.edits_in(passage)
    raw = source.text[passage.start : passage.end]
    rows = [_edit_row(corpus, passage, edit) for edit in edits if edit.rule != "whitespace"]
    changes = f"changes: {describe_changes(edits)}"
    table = render_table(("bytes", "rule", "before", "after", "reason"), rows) if rows else ""
    html = (
        f"<p><strong>{escape(passage.id)}</strong> · {escape(describe_place(corpus, passage))}</p>"
        f'<div class="tt-two"><div><p>raw, as in {escape(source.name)}</p>'
        f"<pre>{render_raw(raw, passage.start, edits)}</pre></div>"
        f"<div><p>clean</p><pre>{escape(passage.text)}</pre></div></div>"
        f"{table}<p>{escape(changes)}</p>"
    )
    text = [corpus.cite(passage), "", raw, "", passage.text, "", *map(" | ".join, rows), changes]
    return Shown("\n".join(text), html)


def _edit_row(corpus: Corpus, passage: Passage, edit: Edit) -> tuple[str, ...]:
    byte = corpus.source_of(passage).byte
    place = f"{byte(edit.start)}–{byte(edit.end)}"
    return place, edit.rule, _visible(edit.before), _visible(edit.after) or "(nothing)", edit.reason


def _visible(text: str) -> str:
    """`text` with blanks and line breaks as signs, shortened in the middle."""
    shown = text.replace(" ", "␣").replace("\n", "↵").replace("\xa0", "⍽")
    return shown if len(shown) <= 60 else f"{shown[:30]} … {shown[-25:]}"


def show_source(passage_id: str, *, around: int = 300, corpus: Corpus | None = None) -> Shown:
    """The raw bytes of a passage, nothing cleaned, and `around` characters of it on each side.

    SettingError if `around` is negative.
    """
    if around < 0:
        raise SettingError(f"{around} characters around a passage are impossible; take 0 or more.")
    corpus = corpus or course_corpus()
    passage = corpus.passage(passage_id)
    source = corpus.source_of(passage)
    before = source.text[max(0, passage.start - around) : passage.start]
    raw = source.text[passage.start : passage.end]
    after = source.text[passage.end : passage.end + around]
    head = (
        f"{passage.id}: bytes {passage.byte_start}–{passage.byte_end} of {source.name} "
        f"({len(source.raw):,} bytes, SHA-256 {source.sha256[:12]}…)"
    )
    html = (
        f"<p><strong>{escape(head)}</strong></p>"
        f"<pre>{escape(before)}<mark>{escape(raw)}</mark>{escape(after)}</pre>"
    )
    return Shown(f"{head}\n\n{before}⟦{raw}⟧{after}", html)


def show_card(doc_id: str, *, corpus: Corpus | None = None) -> Shown:
    """The sourcing card of a document: what is stated, what is inferred, and from which words."""
    corpus = corpus or course_corpus()
    document = corpus.document(doc_id)
    bounds = f"{document.date_earliest} to {document.date_latest}"
    date = f"{document.date}, {document.date_precision}; {bounds}" if document.date else "none"
    rows = [
        ("title", document.title or "none in the file"),
        ("author", f"{'; '.join(document.authors) or 'not named'} ({document.author_certainty})"),
        ("… evidence", _evidence(corpus, document, document.author_evidence)),
        ("date", date),
        ("… evidence", _evidence(corpus, document, document.date_evidence)),
        ("published in", document.publication),
        ("kind of text", document.genre),
        ("raw file", f"{document.seed_file}, bytes {document.byte_start}–{document.byte_end}"),
    ]
    html = render_table(("document", document.id), rows)
    return Shown("\n".join([document.id, *map(": ".join, rows)]), html)


def _evidence(corpus: Corpus, document: Document, evidence: Evidence | None) -> str:
    if evidence is None:
        return "none in the file"
    byte = corpus.source_of(document).byte
    words = " ".join(evidence.words.split())
    if evidence.start == evidence.end:  # beside the text: the name of the file, a table
        return f"“{words}”. {evidence.note}"
    return f"“{words}” (bytes {byte(evidence.start)}–{byte(evidence.end)}). {evidence.note}"
