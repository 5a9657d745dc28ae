"""Figures say in one sentence what they show, and the sentence is computed."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import escape, unescape

import pandas as pd
import pytest

from helpers.corpus import Corpus
from helpers.counts import count_passages
from helpers.figures import DescribedFigure, draw_grid, draw_timeline
from helpers.rendering import Shown
from helpers.search import find_passages, keep_documents
from tests.displays import read_page
from tests.toys import MARKUP, toy_corpus

PNG = b"\x89PNG\r\n\x1a\n"
QUERIES = ["preempt*", "prevent*", "Iran"]


def grid(corpus: Corpus) -> DescribedFigure | Shown:
    return draw_grid(count_passages(QUERIES, corpus=corpus), title="passages")


def timeline(corpus: Corpus) -> DescribedFigure | Shown:
    return draw_timeline(corpus=corpus)


DRAWINGS = pytest.mark.parametrize("draw", [grid, timeline])


@DRAWINGS
def test_a_figure_carries_its_sentence(
    corpus: Corpus, draw: Callable[[Corpus], DescribedFigure]
) -> None:
    """The text form, the alternative text and the caption are one and the same sentence."""
    figure = draw(corpus)
    html = figure._repr_html_()
    captions = re.findall(r'alt="([^"]*)"|<figcaption>(.*?)</figcaption>', html)
    assert [unescape(alt or caption) for alt, caption in captions] == [repr(figure)] * 2
    assert figure.sentence == repr(figure)
    read_page(html)


@DRAWINGS
def test_a_figure_is_a_picture_that_does_not_change(
    corpus: Corpus, draw: Callable[[Corpus], DescribedFigure]
) -> None:
    """Drawn twice, a figure has the same bytes, and they are the PNG in its HTML."""
    figure, again = draw(corpus), draw(corpus)
    assert figure.png == again.png
    assert figure._repr_html_() == again._repr_html_()
    assert figure.png.startswith(PNG)
    (inside,) = re.findall(r'src="data:image/png;base64,([^"]+)"', figure._repr_html_())
    assert base64.b64decode(inside) == figure.png
    assert "Software" not in figure.png.decode("latin-1")


@DRAWINGS
def test_drawing_leaves_no_figure_open(
    corpus: Corpus, draw: Callable[[Corpus], DescribedFigure]
) -> None:
    """Pyplot, which would show a figure a second time, is not used."""
    sys.modules.pop("matplotlib.pyplot", None)
    draw(corpus)
    assert "matplotlib.pyplot" not in sys.modules


def test_a_grid_says_its_numbers(corpus: Corpus) -> None:
    """Totals, the largest cell and the empty rows are those that the same searches find."""
    documents = ["azizian-2003", "edm-2010", "russia-turkey-2021"]
    small = keep_documents(documents, corpus=corpus)
    figure = grid(small)
    found = {query: find_passages(query, corpus=small) for query in QUERIES}
    either = find_passages(" OR ".join(QUERIES), corpus=small)
    totals = [f"{query} {len(selection)}" for query, selection in found.items()]
    assert f"Passages. In all: {', '.join(totals)}, any {len(either)}. " in repr(figure)
    cells = {
        (query, doc_id): sum(p.doc_id == doc_id for p in selection)
        for query, selection in {**found, "any": either}.items()
        for doc_id in documents
    }
    query, doc_id = max(cells, key=lambda cell: cells[cell])
    assert f"Most: {cells[query, doc_id]}, {query} in {doc_id}." in repr(figure)
    empty = [doc_id for doc_id in documents if not cells["any", doc_id]]
    assert repr(figure).endswith(f" Nothing in {', '.join(empty)}.")
    page = read_page(figure._repr_html_())
    for doc_id in documents:
        row = "".join(str(cells[query, doc_id]) for query in (*QUERIES, "any"))
        assert f"{doc_id}{row}" in page


def test_a_timeline_says_its_numbers(corpus: Corpus) -> None:
    """How many dates are stated and inferred, and which is the least certain, is counted."""
    days = {
        d.id: (date.fromisoformat(d.date_latest) - date.fromisoformat(d.date_earliest)).days + 1
        for d in corpus.documents
    }
    inferred = sum("inferred" in d.date_precision for d in corpus.documents)
    vague = max(days, key=lambda doc_id: days[doc_id])
    figure = timeline(corpus)
    assert repr(figure) == (
        f"Dates of 8 of 8 documents, 2000 to 2021. Stated in the files: {8 - inferred}; "
        f"inferred: {inferred}. The least certain is that of {vague}: days in question, "
        f"{days[vague]}."
    )
    page = read_page(figure._repr_html_())
    for document in corpus.documents:
        row = (document.id, document.date_earliest, document.date_latest, str(days[document.id]))
        assert "".join(row) in page


def test_a_timeline_names_what_has_no_date(corpus: Corpus) -> None:
    """A document without a date is named; dates known to the day are said to be so."""
    first, *rest = corpus.documents
    known = replace(first, date_latest=first.date_earliest)
    undated = replace(rest[0], date="", date_earliest="", date_latest="")
    said = repr(draw_timeline(corpus=Corpus((known, undated), corpus.ledgers)))
    assert said.startswith("Dates of 1 of 2 documents, ")
    assert said.endswith(f"Every date is known to the day. Without a date: {undated.id}.")


def test_what_has_no_room_in_a_figure_is_said(corpus: Corpus) -> None:
    """Of very many rows, columns or documents as many are drawn as can be read, and all listed."""
    rows = [f"r{n}" for n in range(50)]
    counts = pd.DataFrame({f"c{n}": [n] * 50 for n in range(45)}, index=rows)
    figure = draw_grid(counts, title="many")
    assert "c39 1950 and 5 more. Most: 44, c44 in r0." in repr(figure)
    assert "Drawn are the fullest 40 of 50 rows; all stand under the figure." in repr(figure)
    assert "the fullest 40 of 45 columns" in repr(figure)
    assert figure._repr_html_().count("<tr>") == 51
    many = tuple(replace(corpus.documents[0], id=f"d{n}") for n in range(41))
    drawn = draw_timeline(corpus=Corpus(many, corpus.ledgers))
    assert "Drawn are the first 40 of 41 dated documents" in repr(drawn)
    assert drawn._repr_html_().count("<tr>") == 42


@pytest.mark.parametrize("years", [[2000, 2000], [2021, 2021], [2000, 2021]])
def test_any_part_of_the_corpus_can_be_drawn(corpus: Corpus, years: list[int]) -> None:
    """Figures of one document or of several are drawn without a warning."""
    small = keep_documents(years=years, corpus=corpus)
    assert repr(timeline(small)).startswith(f"Dates of {len(small.documents)} of ")
    assert repr(draw_grid(count_passages("Russia*", corpus=small))).startswith("Passages by doc")


def test_nothing_to_draw_is_a_sentence() -> None:
    """Where there is nothing to draw a sentence stands in place of an empty figure."""
    undated = toy_corpus("A", date="")
    for shown in (
        draw_timeline(corpus=undated),
        draw_grid(count_passages("zzz", corpus=undated)),
        draw_grid(pd.DataFrame()),
    ):
        assert isinstance(shown, Shown)
        assert re.fullmatch(r"[A-Z][^.]+\.", shown.text)
        assert read_page(shown.html) == shown.text


def test_markup_in_a_title_is_text() -> None:
    """Titles and queries are shown as they are written, in the picture's words and table."""
    table = count_passages(["alert", "<b>x</b>"], corpus=toy_corpus("alert x", "b"))
    figure = draw_grid(table, title=MARKUP)
    html = figure._repr_html_()
    assert f'alt="{escape(figure.sentence)}"' in html
    assert "<script" not in html
    assert "<b>" not in html
    assert MARKUP in read_page(html)
    assert "<b>x</b>" in read_page(html)


def test_a_dollar_is_a_dollar() -> None:
    """Sums of money in a query are not taken for formulas."""
    queries = ["$8", "NEAR($8 $9, 5)", r"\frac$8^^$"]
    figure = draw_grid(count_passages(queries, corpus=toy_corpus("$8 to $9")), title="$x_$y")
    assert isinstance(figure, DescribedFigure)
    assert repr(figure).startswith("$x_$y. In all: $8 1, NEAR($8 $9, 5) 1, ")
