"""Counts of hits, themes and speakers: every number leads to passages, and none is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.corpus import Corpus
from helpers.counted import CountTable
from helpers.counts import count_hits, count_passages, count_speakers, count_themes
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.groups import GROUPS
from helpers.kwic import concordance
from helpers.loading import course_corpus, load_corpus
from helpers.search import find_passages, keep_documents
from helpers.showing import show_counted
from helpers.speech import find_quotations
from helpers.themes import find_theme_marks
from helpers.words import fold_words
from tests.displays import read_page
from tests.test_index import toy_corpus

PARTS = ("document", "section", "year")  # a passage is in exactly one
WORDS = sorted({word for p in course_corpus().passages for word in fold_words(p.text)})
ASKED = st.sampled_from(WORDS) | st.sampled_from(WORDS).map(lambda word: f"{word[:2]}*")
SIGNS = st.sampled_from(["A", "B", "C", "“A", "B”", "(", ")."])
TEXTS = st.lists(st.lists(SIGNS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=4)
QUERIES = st.sampled_from(["A", "A OR B", "A NOT B", '"A B"', "NEAR(A B, 1)", "A (B OR C)"])


def hold(table: CountTable, corpus: Corpus, query: str, by: str, **filters: Any) -> None:
    """What is true of every table of hits."""
    found = find_passages(query, corpus=corpus, **filters)
    lines = concordance(query, corpus=corpus, **filters)
    behind = table.attrs["passages"]
    assert list(table["passages"]) == [len(behind[row]) for row in table.index]
    assert {name for ids in behind.values() for name in ids} == {p.id for p in found}
    assert table.attrs["extent"] == found.title
    for row, ids in behind.items():
        assert len(set(ids)) == len(ids)
        assert table.loc[row, "documents"] == len({name.split("#")[0] for name in ids})
        assert table.loc[row, "hits"] >= len(ids)
    if by in PARTS:
        assert table["passages"].sum() == len(found)
    if by != "theme":
        assert table["hits"].sum() == len(lines)


@given(ASKED, st.sampled_from(sorted(GROUPS)))
def test_the_sum_of_the_bars_is_the_number_of_passages(query: str, by: str) -> None:
    """Whatever is asked, each bar is as long as its list, and the lists hold all that is found."""
    corpus = course_corpus()
    hold(count_hits(query, by=by, corpus=corpus), corpus, query, by)


@given(TEXTS, TEXTS, QUERIES, st.sampled_from(PARTS))
def test_the_sum_of_the_bars_on_toys(one: list[str], two: list[str], query: str, by: str) -> None:
    """The same holds of any texts and of queries with operators."""
    corpus = toy_corpus(d2001=one, d2002=two)
    table = count_hits(query, by=by, corpus=corpus)
    hold(table, corpus, query, by)
    if by != "section":
        words = [word for text in (*one, *two) for word in fold_words(text)]
        assert table["words"].sum() == len(words)


@given(ASKED, st.sampled_from(["document", "year"]))
def test_the_sum_of_any_is_the_number_of_passages(query: str, by: str) -> None:
    """Of several queries, the passages of any of them add up to what either finds."""
    corpus = course_corpus()
    table = count_passages([query, "Iran"], by=by, corpus=corpus)
    both = find_passages(f"({query}) OR Iran", corpus=corpus)
    assert table["any"].sum() == len(both)
    assert table.attrs["extent"] == both.title


@pytest.mark.parametrize("by", sorted(GROUPS))
def test_filters_are_conditions_of_the_bars(corpus: Corpus, by: str) -> None:
    """Hits and the words they are compared with are those of the passages that fit."""
    filters: dict[str, Any] = {"theme": "iran", "years": (2003, 2021)}
    table = count_hits("Iran OR nuclear", by=by, corpus=corpus, **filters)
    hold(table, corpus, "Iran OR nuclear", by, **filters)
    if by in ("document", "year"):
        pool = find_passages(corpus=corpus, **filters)
        assert table["words"].sum() == sum(len(fold_words(p.text)) for p in pool)
        rates = 1000 * table["hits"] / table["words"]
        assert table["per_1000_words"].tolist() == rates.round(2).tolist()


def test_hits_by_speaker_are_in_their_words(corpus: Corpus) -> None:
    """What counts for a speaker stands in quotation marks, and the speaker is who is quoted."""
    table = count_hits("terror*", by="speaker", corpus=corpus)
    speech = [q for q in find_quotations(corpus) if q.kind == "speech"]
    for speaker, row in table.iterrows():
        if speaker != "not quoted":
            texts = [q.text for q in speech if q.speaker == speaker]
            words = [word for text in texts for word in fold_words(text)]
            assert row["words"] == len(words)
            assert row["hits"] == sum(word.startswith("terror") for word in words) > 0


def test_groups_come_in_order(corpus: Corpus) -> None:
    """Years and documents by date, zeros included; other groups by hits, the most first."""
    years = count_hits("preventative", corpus=corpus)
    assert years["hits"].to_dict() == {
        **dict.fromkeys(["2000", "2002", "2010", "2018", "2021"], 0),
        "2003": 1,
    }
    assert list(years.index) == sorted(years.index)
    for by in ("section", "speaker", "theme"):
        hits = count_hits("terror*", by=by, corpus=corpus)["hits"]
        assert hits.is_monotonic_decreasing
        assert hits.all()


def test_every_cell_of_the_themes_is_a_list(corpus: Corpus) -> None:
    """Each number of the map of themes is the length of the list kept with it."""
    for by in ("document", "year"):
        table = count_themes(by=by, corpus=corpus)
        marks = find_theme_marks(corpus)
        assert list(table.index) == list(marks)
        assert {theme: set(ids) for theme, ids in marks.items()} == {
            theme: {i for group in table for i in table.attrs["passages"][theme, group]}
            for theme in table.index
        }
        for cell, ids in table.attrs["passages"].items():
            assert table.loc[cell] == len(ids)


def test_every_quotation_has_its_disc(corpus: Corpus) -> None:
    """The passages of each speaker are those the quotations say, and the most quoted come first."""
    table = count_speakers(corpus=corpus)
    said = {(q.speaker, q.passage_id) for q in find_quotations(corpus) if q.kind == "speech"}
    behind = table.attrs["passages"]
    assert {(speaker, i) for (speaker, _), ids in behind.items() for i in ids} == said
    assert table.sum(axis=1).is_monotonic_decreasing
    assert table.to_numpy().sum() == len(said)


def test_a_table_says_what_was_asked() -> None:
    """Title, how many of how many, conditions and the rules that are off stand above the rows."""
    corpus = load_corpus(without=["erratum"])
    table = count_hits("Iran", theme="iran", corpus=corpus)
    found = find_passages("Iran", theme="iran", corpus=corpus)
    head = f"hits by year — {found.title} — query Iran · theme iran · cleaning without erratum"
    assert repr(table).split("\n")[0] == head
    assert head in table._repr_html_()
    assert repr(table.head(2)).split("\n")[0] == head


def test_a_number_shows_its_passages(corpus: Corpus) -> None:
    """A row, or a row and a column, lead to the passages that were counted."""
    by_year = count_hits("preempt*", corpus=corpus)
    shown = show_counted(by_year, "2003", corpus=corpus)
    assert shown.text.startswith("3 of 122 passages — counted 2003 · in hits by year")
    for passage_id in by_year.attrs["passages"]["2003"]:
        assert passage_id in read_page(shown.html)
    themes = count_themes(corpus=corpus)
    text = show_counted(themes, "abm_missile_defence", "edm-2010", corpus=corpus).text
    assert text.count("[edm-2010#") == themes.loc["abm_missile_defence", "edm-2010"]


def test_nothing_is_a_sentence(corpus: Corpus) -> None:
    """A table without a row says so, in text and in a notebook."""
    small = keep_documents(["edm-2010"], corpus=corpus)
    for table in (
        count_hits("zzz", by="speaker", corpus=corpus),
        count_speakers(query="zzz", corpus=corpus),
        count_themes(theme="israel", document="monitor-2000", corpus=small),
    ):
        assert "Nothing was found, so there is nothing to count" in repr(table)
        assert "Nothing was found" in table._repr_html_()


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"by": "month"}, UnknownNameError, "no grouping 'month'. Did you mean"),
        ({"query": ""}, QueryError, "There is no word to count"),
        ({"query": '"war'}, QueryError, "never closed"),
        ({"theme": "preemtion"}, UnknownNameError, "Did you mean 'preemption'"),
        ({"document": "edm"}, UnknownNameError, "Did you mean 'edm-2010'"),
        ({"speaker": "Putin"}, UnknownNameError, "Did you mean 'Vladimir Putin'"),
        ({"years": (2021, 2000)}, SettingError, "write 2000–2021"),
    ],
)
def test_what_cannot_be_counted(
    corpus: Corpus, settings: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """A name that does not exist, or years in the wrong order, are answered in one sentence."""
    with pytest.raises(error, match=sentence):
        count_hits(**{"query": "war", **settings}, corpus=corpus)


def test_what_cannot_be_shown(corpus: Corpus) -> None:
    """A row or column that a table has not is answered with those it has."""
    themes = count_themes(corpus=corpus)
    with pytest.raises(UnknownNameError, match=r"There is no row '2004'\. Did you mean '2000'"):
        show_counted(count_hits("war", corpus=corpus), "2004", corpus=corpus)
    with pytest.raises(UnknownNameError, match=r"There is no column ''\. Did you mean"):
        show_counted(themes, "iran", corpus=corpus)
    with pytest.raises(SettingError, match="keeps no passages"):
        show_counted(concordance("war", corpus=corpus), "0", corpus=corpus)
