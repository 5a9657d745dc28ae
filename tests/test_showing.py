"""What a lesson shows: two forms that say the same, and how many of how many."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.corpus import Corpus
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.evidence import explain_passage, show_card, show_source
from helpers.kwic import concordance
from helpers.loading import load_corpus
from helpers.rendering import Shown
from helpers.search import find_passages, keep_documents
from helpers.showing import (
    show_concordance,
    show_documents,
    show_passage,
    show_passages,
    show_quotations,
)
from helpers.speech import find_quotations
from tests.displays import read_page
from tests.folders import make_folder
from tests.toys import MARKUP, markup_corpus


def squeeze(text: str) -> str:
    return " ".join(text.split())


def heads(shown: Shown) -> tuple[str, str]:
    """The first line of the text form and of the HTML form."""
    html = re.search(r"<p><strong>(.*?)</strong>", shown.html)
    assert html
    return shown.text.split("\n")[0], read_page(f"<p>{html[1]}</p>")


@pytest.mark.parametrize(
    ("query", "settings", "head"),
    [
        ("", {}, "122 of 122 passages; the first 10 are shown — all passages"),
        ("", {"size": 122}, "122 of 122 passages — all passages"),
        ("preventative", {}, "1 of 122 passages — query preventative"),
        ("preventative", {"size": 1}, "1 of 122 passages — query preventative"),
        ("zzz", {"theme": "iran"}, "0 of 122 passages — query zzz · theme iran"),
        (
            "Ivanov",
            {"size": 1, "document": "edm-2010"},
            "2 of 122 passages; the first 1 are shown — query Ivanov · document edm-2010",
        ),
    ],
)
def test_passages_are_shown_of_how_many(
    corpus: Corpus, query: str, settings: dict[str, Any], head: str
) -> None:
    """Both forms open with the same count, and hold exactly the passages it speaks of."""
    shown = show_passages(query, corpus=corpus, **settings)
    assert heads(shown) == (head, head)
    size = settings.pop("size", 10)
    found = find_passages(query, corpus=corpus, **settings)
    ids = [p.id for p in found][:size]
    assert re.findall(r"^\[(\S+#p\d+)\] ", shown.text, re.MULTILINE) == ids
    assert re.findall(r"<article><p><strong>(.*?)</strong>", shown.html) == ids
    page = read_page(shown.html)
    for passage in found.passages[:size]:
        for words in (passage.text, corpus.cite(passage)):
            assert words in shown.text
            assert words in page


def test_a_hint_is_shown_in_both_forms(corpus: Corpus) -> None:
    """Small “and” finds a word, and the reader is told."""
    shown = show_passages("war and peace", corpus=corpus)
    hint = "‘and’ is read as a word to find; to ask for both sides write AND."
    assert hint in shown.text
    assert hint in read_page(shown.html)


def test_one_passage_can_be_shown(corpus: Corpus) -> None:
    """A passage with the words asked for marked, and its citation."""
    shown = show_passage("azizian-2003#p04", query="preempt*", corpus=corpus)
    passage = corpus.passage("azizian-2003#p04")
    assert shown.text == f"[{passage.id}] {passage.text}\n    {corpus.cite(passage)}"
    assert "<mark>preemptive</mark>" in shown.html
    assert passage.text in read_page(shown.html)


@pytest.mark.parametrize("size", [1, 3, 25])
def test_a_concordance_is_shown_of_how_many(corpus: Corpus, size: int) -> None:
    """Lines beyond the size are not shown, and the heading says so."""
    shown = show_concordance("Iran", window=3, size=size, corpus=corpus)
    table = concordance("Iran", window=3, corpus=corpus)
    head = (
        f"{table.attrs['title']}; the first {size} are shown — "
        "query Iran · 3 words on each side · order: corpus"
    )
    assert heads(shown) == (head, head)
    assert shown.html.count("<td><mark>") == size
    lines = shown.text.split("\n")[1:]
    assert len(lines) == size
    for line, row in zip(lines, table.itertuples(), strict=False):
        assert line.split() == f"{row.passage_id} {row.left}[{row.node}]{row.right}".split()
        assert f"<mark>{row.node}</mark>" in shown.html


def test_a_whole_concordance_says_nothing_of_the_first(corpus: Corpus) -> None:
    """A heading speaks of a part only where there is more."""
    head, _ = heads(show_concordance("preempt*", corpus=corpus))
    assert head.startswith("3 lines in 3 of 122 passages — query preempt*")


def test_quotations_are_all_shown(corpus: Corpus) -> None:
    """Every quotation of the passages asked for is there, with speaker, verb and certainty."""
    for kind in ("speech", "term"):
        shown = show_quotations("Russia", kind=kind, corpus=corpus)
        ids = {p.id for p in find_passages("Russia", corpus=corpus)}
        quotes = [q for q in find_quotations(corpus) if q.kind == kind and q.passage_id in ids]
        text, html = heads(shown)
        assert (
            text
            == html
            == f"{len(quotes)} quotations ({kind}) in {len(ids)} of 122 passages — query Russia"
        )
        assert shown.html.count("<tr>") == len(quotes) + 1
        page = read_page(shown.html)
        for quote in quotes:
            row = (quote.passage_id, quote.speaker or "?", quote.cue or "–", quote.certainty)
            assert " | ".join([*row, quote.text]) in shown.text
            assert "".join([*row, quote.text]) in page


def test_documents_are_all_shown(corpus: Corpus) -> None:
    """Each document has a row with its author, date and how sure both are."""
    shown = show_documents(corpus=corpus)
    page = read_page(shown.html)
    assert len(shown.text.split("\n")) == shown.html.count("<tr>") == 9
    for document in corpus.documents:
        assert document.id in page
        assert f"{document.date}, {document.date_precision}" in page
        assert f"{document.id} | {document.title or '[untitled]'} | " in shown.text
    assert "? (unknown)" in page


def test_what_is_not_known_of_ones_own_texts_is_said(tmp_path: Path) -> None:
    """How many have no date and no author; and of very many, that not all are shown."""
    rows = "author,date,text\n" + "A. Writer,2001,One.\n,2002,Two.\n,,Three.\n" * 50
    path = make_folder(tmp_path, speeches__csv=rows) / "speeches.csv"
    shown = show_documents(corpus=load_corpus(path))
    for said in (
        "The first 100 of 150 documents are shown.",
        "Without a date: 50 of 150; without an author: 100. What is not stated is not invented.",
    ):
        assert said in shown.text
        assert said in read_page(shown.html)
    assert shown.html.count("<tr>") == 101


@pytest.mark.parametrize(
    ("show", "settings"),
    [
        (show_passages, {"query": "zzz"}),
        (show_concordance, {"query": "zzz"}),
        (show_quotations, {"query": "zzz"}),
        (show_quotations, {"speaker": "Dmitry Peskov"}),
    ],
)
def test_nothing_found_is_a_sentence_and_no_table(
    corpus: Corpus, show: Callable[..., Shown], settings: dict[str, str]
) -> None:
    """Where nothing fits, the heading counts it and no empty table is drawn."""
    shown = show(**settings, corpus=keep_documents(["monitor-2000"], corpus=corpus))
    assert " 0 of 5 passages" in f" {heads(shown)[0]}"
    assert heads(shown)[0] == heads(shown)[1]
    assert "<table" not in shown.html


EVERY: dict[str, Callable[[Corpus], Shown]] = {
    "passages": lambda corpus: show_passages("alert", corpus=corpus),
    "passage": lambda corpus: show_passage("toy#p01", query="alert", corpus=corpus),
    "concordance": lambda corpus: show_concordance("alert", window=99, corpus=corpus),
    "quotations": lambda corpus: show_quotations(corpus=corpus),
    "documents": lambda corpus: show_documents(corpus=corpus),
    "card": lambda corpus: show_card("toy", corpus=corpus),
    "source": lambda corpus: show_source("toy#p01", corpus=corpus),
    "explanation": lambda corpus: explain_passage("toy#p01", corpus=corpus),
}


@pytest.mark.parametrize("name", EVERY)
def test_markup_in_a_text_is_text_in_every_display(name: str) -> None:
    """Whatever a text, its catalog or a reader writes is shown as it is written."""
    shown = EVERY[name](markup_corpus())
    page = read_page(shown.html)
    assert "<script" not in shown.html
    assert "<b>" not in shown.html
    assert squeeze(MARKUP) in squeeze(page)
    assert MARKUP in shown.text


def test_a_query_is_text_too(corpus: Corpus) -> None:
    """Markup that a reader types is shown back as typed."""
    shown = show_passages("<b>war</b>", corpus=corpus)
    assert heads(shown)[0] == heads(shown)[1] == "0 of 122 passages — query <b>war</b>"
    read_page(shown.html)


@pytest.mark.parametrize(
    ("show", "settings", "error", "sentence"),
    [
        (show_passages, {"size": 0}, SettingError, "0 passages cannot be shown"),
        (show_concordance, {"query": "war", "size": 0}, SettingError, "0 lines cannot be shown"),
        (show_concordance, {"query": ""}, QueryError, "needs a word"),
        (show_quotations, {"kind": "speach"}, UnknownNameError, "Did you mean 'speech'"),
        (show_passage, {"passage_id": "azizian-2003#4"}, UnknownNameError, "Did you mean"),
        (show_passages, {"query": "(war"}, QueryError, "never closed"),
        (show_passages, {"theme": "irn"}, UnknownNameError, "Did you mean 'iran'"),
    ],
)
def test_what_cannot_be_shown(
    show: Callable[..., Shown],
    settings: dict[str, Any],
    error: type[TwoTracksError],
    sentence: str,
) -> None:
    """A wrong size, kind, name or query is answered with what to change."""
    with pytest.raises(error, match=sentence):
        show(**settings)
