"""Key words, collocates and spread, held against published numbers and plain counting."""

from __future__ import annotations

from collections import Counter
from math import isnan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.corpus import Corpus
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.keyness import count_collocates, count_keyness, measure_dispersion
from helpers.measures import deviation_of_proportions, log_dice, log_likelihood, log_ratio
from helpers.search import find_passages, keep_documents
from helpers.words import fold_words
from tests.test_index import toy_corpus

# --- the measures -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        # Lancaster's own calculator (ucrel.lancs.ac.uk/llwizard.html), as recorded in the tests
        # of CLiC, the Dickens corpus of the University of Birmingham (test_keywords.py).
        ((540, 7525, 116_000, 5_451_382), 534.64),
        ((227, 3635, 116_000, 5_451_382), 183.53),
        ((29, 504, 116_000, 5_451_382), 20.50),
        ((431, 5892, 116_000, 5_451_382), 437.88),
        ((16, 650, 116_000, 5_451_382), 0.32),
        ((540, 0, 116_000, 5_451_382), 4180.78),
        ((7, 0, 10_000, 100_000), 33.57),
        ((10, 10, 150, 150), 0.0),
        # The same calculator, as printed in a course on corpus linguistics: "+ 2.65".
        ((52, 57, 50_000, 75_000), 2.65),
        # By hand: 2 · 536 · ln 1.1, since a term of zero counts nothing.
        ((0, 536, 10_000, 100_000), 102.17),
    ],
)
def test_log_likelihood(counts: tuple[int, int, int, int], value: float) -> None:
    """Log-likelihood is what the calculator of the method's authors gives."""
    assert round(log_likelihood(*counts), 2) == value


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        # Hardie (2014): relative frequencies of 0.0006 and 0.0002 have the ratio 3; a log ratio
        # of 0 is the same frequency, and each point more is a doubling.
        ((6, 2, 10_000, 10_000), 1.58),
        ((5, 5, 1_000, 1_000), 0.0),
        ((4, 1, 1_000, 1_000), 2.0),
        ((1, 16, 1_000, 1_000), -4.0),
        ((4, 0, 1_000, 1_000), 3.0),  # a missing word counts as half a one
    ],
)
def test_log_ratio(counts: tuple[int, int, int, int], value: float) -> None:
    """Log ratio counts doublings, up or down."""
    assert round(log_ratio(*counts), 2) == value


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        # 14 + log2 of NLTK 3.10.4, BigramAssocMeasures.dice(together, (node, collocate), …)
        ((20, 42, 30), 13.152003),
        ((8, 15_828, 4_675), 3.676453),
        # Rychlý (2008): 14 at most; 0 is one meeting in 16,000 of each; +1 is twice as strong
        ((7, 7, 7), 14.0),
        ((1, 16_384, 16_384), 0.0),
        ((2, 16_384, 16_384), 1.0),
    ],
)
def test_log_dice(counts: tuple[int, int, int], value: float) -> None:
    """LogDice is fourteen and the binary logarithm of Dice's coefficient."""
    assert round(log_dice(*counts), 6) == value


GRIES = ("b a m n i b e u p", "b a s a t b e w q n", "b c a g a b e s t a")
GRIES += ("b a g h a b e a a t", "b a h a a b e a x a t")


@pytest.mark.parametrize(
    ("counts", "sizes", "values"),
    [
        # The five parts of Gries (2008), as printed in Gries, "Analyzing dispersion" (2020):
        # a word found 1, 2, 3, 4, 5 times in parts of 9, 10, 10, 10, 11 words.
        ([1, 2, 3, 4, 5], [9, 10, 10, 10, 11], (0.18, 0.22)),
        # Lijffijt and Gries (2012), p. 148: three equal parts with 2/3, 1/3 and none of it.
        ([2, 1, 0], [10, 10, 10], (0.33, 0.5)),
        ([3, 3, 3], [10, 10, 10], (0.0, 0.0)),
        ([1, 0], [10, 90], (0.9, 1.0)),
    ],
)
def test_deviation_of_proportions(
    counts: list[int], sizes: list[int], values: tuple[float, float]
) -> None:
    """DP is what Gries prints, and 1 when normalised if all is in the smallest part."""
    found = deviation_of_proportions(counts, sizes)
    assert tuple(round(value, 2) for value in found) == values


def test_no_dispersion() -> None:
    """Of nothing, and over one part, there is no dispersion."""
    assert all(map(isnan, deviation_of_proportions([0, 0], [5, 5])))
    assert isnan(deviation_of_proportions([3], [5])[1])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=6))
def test_dispersion_is_between_even_and_one_place(parts: list[tuple[int, int]]) -> None:
    """The normalised value lies between 0 and 1, whatever the counts and sizes."""
    counts, sizes = zip(*parts, strict=True)
    if sum(counts):
        _, normalised = deviation_of_proportions(counts, sizes)
        assert -1e-9 <= normalised <= 1 + 1e-9


# --- key words ----------------------------------------------------------------------------


def test_key_words_are_counted(corpus: Corpus) -> None:
    """Every number of every key word is what counting the words of the passages gives."""
    target = find_passages(theme="central_asia", corpus=corpus)
    ids = {passage.id for passage in target}
    here = Counter(word for p in target for word in fold_words(p.text))
    there = Counter(w for p in corpus.passages if p.id not in ids for w in fold_words(p.text))
    table = count_keyness(target, size=1_000)
    assert table["log_likelihood"].is_monotonic_decreasing
    for word, row in table.iterrows():
        assert (row["target"], row["reference"]) == (here[word], there[word])
        behind = table.attrs["passages"][word]
        assert behind == tuple(p.id for p in target if word in fold_words(p.text))
        assert row["documents"] == len({name.split("#")[0] for name in behind})
        counts = (here[word], there[word], here.total(), there.total())
        assert row["log_likelihood"] == round(log_likelihood(*counts), 2)
        assert row["log_ratio"] == round(log_ratio(*counts), 2) >= 0
    more = {w for w, n in here.items() if n > 1 and n / here.total() > there[w] / there.total()}
    assert set(table.index) == more


def test_key_words_are_cut_aloud(corpus: Corpus) -> None:
    """The title says of how many, the conditions what was compared with what."""
    iran = find_passages(theme="iran", corpus=corpus)
    korea = find_passages(theme="north_korea", corpus=corpus)
    shared = {p.id for p in iran} & {p.id for p in korea}
    table = count_keyness(iran, korea, size=3)
    assert len(table) == 3
    assert table.attrs["title"].startswith("3 of ")
    assert table.attrs["extent"] == iran.title
    asked = f"compared with {len(korea) - len(shared)} passages: theme north_korea"
    assert table.attrs["conditions"] == f"theme iran · {asked}"


def test_nothing_to_compare_is_a_sentence(corpus: Corpus) -> None:
    """All against nothing, and nothing against all, have no key word and say so."""
    for target in (find_passages(corpus=corpus), find_passages("zzz", corpus=corpus)):
        table = count_keyness(target)
        assert table.empty
        assert "Nothing was found" in repr(table)
        assert "Nothing was found" in table._repr_html_()


# --- collocates ---------------------------------------------------------------------------


def test_near_words() -> None:
    """A word is near once, however many hits it is near; a hit is near nothing; passages end it."""
    corpus = toy_corpus(d2001=["C A B A C", "C C D A", "D E", "A"], d2002=["B A B", "E"])
    table = count_collocates("A", window=1, corpus=corpus)
    # near: B, C, C; D; B, B. elsewhere: C, C; D, E; E
    assert table[["near", "elsewhere"]].to_dict("index") == {"b": {"near": 3, "elsewhere": 0}}
    wide = count_collocates("A", window=9, corpus=corpus)
    assert wide.loc["c", ["near", "elsewhere"]].tolist() == [4, 0]
    assert wide.attrs["passages"]["c"] == ("d2001#p01", "d2001#p02")
    assert "9 words on each side" in wide.attrs["conditions"]


def test_near_words_as_nltk_counts_them() -> None:
    """Where no word is near two hits, the counts are those of NLTK.

    NLTK 3.10.4, BigramCollocationFinder.from_words(words, window_size=4), pairs with "hat" in
    either order: the 3, and once each wind, took, and, man, a, sign, of, end.
    """
    words = "the wind took the hat and the man lost his way without ever a sign of hat the end"
    table = count_collocates("hat", window=3, corpus=toy_corpus(d2001=[words]))
    assert table[["near", "elsewhere"]].to_dict("index") == {"the": {"near": 3, "elsewhere": 1}}


def test_collocates_of_a_phrase(corpus: Corpus) -> None:
    """The words of what is found are no neighbours of it, and near and elsewhere make all."""
    table = count_collocates('"axis of evil"', window=4, size=1_000, corpus=corpus)
    found = find_passages('"axis of evil"', corpus=corpus)
    hits = sum(len(found.hits(passage)) for passage in found)
    words = Counter(word for p in corpus.passages for word in fold_words(p.text))
    for word, row in table.iterrows():
        inside = hits if word in ("axis", "of", "evil") else 0
        assert row["near"] + row["elsewhere"] == words[word] - inside
        assert row["log_dice"] <= 14
        assert set(table.attrs["passages"][word]) <= {p.id for p in found}


def test_filters_bound_what_is_elsewhere(corpus: Corpus) -> None:
    """In one document, elsewhere is elsewhere in this document."""
    table = count_collocates("terror*", document="ivanov-gvosdev-2002", corpus=corpus)
    small = keep_documents(["ivanov-gvosdev-2002"], corpus=corpus)
    assert table.equals(count_collocates("terror*", corpus=small))


# --- spread -------------------------------------------------------------------------------


def test_spread_of_a_toy() -> None:
    """The letter a of Gries's example has his value, with documents for parts."""
    corpus = toy_corpus(**{f"d200{n}": [text] for n, text in enumerate(GRIES)})
    table = measure_dispersion(["a", "x", "zzz"], corpus=corpus)
    assert table.loc["a"].tolist() == [5, 15, 5, 0.18, 0.22]
    assert table.loc["x"].tolist() == [1, 1, 1, 0.78, 0.95]
    assert table.loc["zzz"].isna().tolist() == [False, False, False, True, True]
    assert "–" in repr(table)
    assert table.attrs["passages"]["x"] == ("d2004#p01",)


def test_a_question_asked_twice_is_one_row(corpus: Corpus) -> None:
    """Queries are rows; one that stands twice is one."""
    assert list(measure_dispersion(["Iran", "Iran"], corpus=corpus).index) == ["Iran"]


@pytest.mark.parametrize(
    ("ask", "error", "sentence"),
    [
        (lambda c: count_collocates("war", window=-1, corpus=c), SettingError, "take 1 or more"),
        (lambda c: count_collocates("war", window=0, corpus=c), SettingError, "0 words on each"),
        (lambda c: count_collocates("war", size=0, corpus=c), SettingError, "0 words are"),
        (lambda c: count_collocates(" ", corpus=c), QueryError, "type one, as in"),
        (lambda c: count_collocates('"war', corpus=c), QueryError, "mark in .* is never"),
        (lambda c: count_collocates("war", theme="irn", corpus=c), UnknownNameError, "'iran'"),
        (lambda c: count_keyness(find_passages(corpus=c), size=0), SettingError, "take 1"),
        (
            lambda c: count_keyness(
                find_passages(corpus=c), find_passages(corpus=toy_corpus(d2001=["A"]))
            ),
            SettingError,
            "two corpora",
        ),
        (lambda c: measure_dispersion("", corpus=c), QueryError, "type one"),
        (lambda c: measure_dispersion(["(war"], corpus=c), QueryError, "never closed"),
    ],
)
def test_what_cannot_be_measured(
    corpus: Corpus, ask: Any, error: type[TwoTracksError], sentence: str
) -> None:
    """What makes no sense is answered in one sentence that says what to do."""
    with pytest.raises(error, match=sentence):
        ask(corpus)
