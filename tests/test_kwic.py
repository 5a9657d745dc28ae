"""The concordance: every occurrence, its neighbours, its bytes and the order of the lines."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.corpus import Corpus
from helpers.edits import apply_edits
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.kwic import COLUMNS, SORTS, concordance
from helpers.search import find_passages
from helpers.speech import find_quotations
from helpers.words import fold_words, tokenize
from tests.toys import toy_corpus

QUERY = 'preempt* OR "pre-empt*" OR "New York" OR Russia*'
TOY = toy_corpus("A B C D E F.", "“C”, A; C D.")


def pieces(**settings: Any) -> list[tuple[str, str, str]]:
    table = concordance("C", corpus=TOY, **settings)
    return [(row.left, row.node, row.right) for row in table.itertuples()]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (0, [("", "C", ""), ("", "C", ""), ("", "C", "")]),
        (1, [("B ", "C", " D"), ("“", "C", "”, A"), ("A; ", "C", " D")]),
        (2, [("A B ", "C", " D E"), ("“", "C", "”, A; C"), ("C”, A; ", "C", " D.")]),
        (9, [("A B ", "C", " D E F."), ("“", "C", "”, A; C D."), ("“C”, A; ", "C", " D.")]),
    ],
)
def test_a_window_is_counted_in_words(window: int, expected: list[tuple[str, str, str]]) -> None:
    """None, one, two or all of the words on each side, with the signs between them."""
    assert pieces(window=window) == expected


@pytest.mark.parametrize("window", [0, 1, 8, 10_000])
def test_lines_are_pieces_of_the_text_and_lead_to_its_bytes(corpus: Corpus, window: int) -> None:
    """Left, node and right make a piece of the passage; the bytes make the node."""
    table = concordance(QUERY, window=window, corpus=corpus)
    for row in table.itertuples():
        passage = corpus.passage(row.passage_id)
        assert passage.text[row.start : row.end] == row.node
        start = row.start - len(row.left)
        line = row.left + row.node + row.right
        assert passage.text[start : start + len(line)] == line
        assert max(len(tokenize(row.left)), len(tokenize(row.right))) <= window
        source = corpus.source_of(passage)
        span = source.char(row.byte_start), source.char(row.byte_end)
        edits = corpus.ledgers[source.name].inside(*span)
        raw = source.slice_bytes(row.byte_start, row.byte_end)
        assert apply_edits(raw, edits, offset=span[0]) == row.node
    if window == 10_000:
        for row in table.itertuples():
            assert row.left + row.node + row.right == corpus.passage(row.passage_id).text


@pytest.mark.parametrize("filters", [{}, {"theme": "iran"}, {"years": (2000, 2002)}])
def test_there_is_a_line_for_every_hit(corpus: Corpus, filters: dict[str, Any]) -> None:
    """The lines are the hits of the passages that the same request finds, in reading order."""
    table = concordance(QUERY, corpus=corpus, **filters)
    found = find_passages(QUERY, corpus=corpus, **filters)
    hits = [hit for passage in found for hit in found.hits(passage)]
    keys = ["passage_id", "start", "end", "byte_start", "byte_end"]
    expected = [(h.passage_id, h.start, h.end, h.byte_start, h.byte_end) for h in hits]
    assert list(table[keys].itertuples(index=False, name=None)) == expected
    assert table.attrs["title"] == f"{len(hits)} lines in {found.title}"
    assert table.attrs["conditions"].startswith(f"{found.conditions} · 8 words")


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("left", lambda row: fold_words(row.left)[::-1]),
        ("right", lambda row: fold_words(row.right)),
        ("date", lambda row: row.date),
        ("document", lambda row: row.doc_id),
        ("speaker", lambda row: (row.speaker == "", row.speaker)),
    ],
)
def test_lines_can_be_sorted(corpus: Corpus, sort: str, key: Any) -> None:
    """Each order sorts all lines by its key, and leaves equal ones in reading order."""
    table = concordance(QUERY, sort=sort, corpus=corpus)
    rows = list(table.itertuples(index=False))
    whole = list(concordance(QUERY, corpus=corpus).itertuples(index=False))
    assert rows == sorted(whole, key=key)
    assert rows != whole or sort == "document"


def test_a_line_knows_whose_words_it_is_in(corpus: Corpus) -> None:
    """The speaker of a line is that of the quotation around it; there may be none."""
    table = concordance(QUERY, corpus=corpus)
    quotes = find_quotations(corpus)
    for row in table.itertuples():
        around = [
            q for q in quotes if q.passage_id == row.passage_id and q.start <= row.start < q.end
        ]
        assert row.speaker == (around[0].speaker if around else "")
    assert table["speaker"].any()


def test_nothing_found_is_an_empty_table(corpus: Corpus) -> None:
    """A word that stands nowhere gives no lines, and the same columns."""
    table = concordance("zzz", corpus=corpus)
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 0
    assert table.attrs["title"] == "0 lines in 0 of 122 passages"
    assert concordance("preventative", corpus=corpus).attrs["title"].startswith("1 line in 1 of")


@pytest.mark.parametrize(
    ("query", "settings", "error", "sentence"),
    [
        ("war", {"window": -1}, SettingError, "A window of -1 words is impossible"),
        (" ", {}, QueryError, "needs a word to look for"),
        ("war", {"sort": "lft"}, UnknownNameError, "Did you mean 'left'"),
        ("war", {"theme": "irn"}, UnknownNameError, "Did you mean 'iran'"),
        ('"war', {}, QueryError, "never closed"),
    ],
)
def test_what_makes_no_concordance(
    corpus: Corpus, query: str, settings: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """A wrong window, order or query is answered with what to change."""
    with pytest.raises(error, match=sentence):
        concordance(query, corpus=corpus, **settings)


def test_orders_are_those_documented() -> None:
    """Every order that is offered can be asked for."""
    for sort in SORTS:
        assert len(concordance("C", sort=sort, corpus=TOY)) == 3
