"""The dictionary of themes: what it must be, what it marks, and why."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.corpus import Corpus
from helpers.edits import apply_edits
from helpers.errors import DataError, UnknownNameError
from helpers.index import index_of
from helpers.query import parse_query
from helpers.sources import read_data
from helpers.terms import find_occurrences
from helpers.themes import Theme, _mark, check_themes, explain_theme, find_theme_marks, load_themes
from tests.toys import toy_corpus

IDS = (
    *("preemption", "central_asia", "chechnya_georgia", "iraq_axis_of_evil", "iran"),
    *("north_korea", "wmd_nonproliferation", "abm_missile_defence", "cooperation_confrontation"),
    *("summits_roadmaps", "syria_turkey", "israel", "afghanistan_taliban", "counterterrorism"),
    *("spheres_of_influence", "un_law_multilateralism", "trade_arms_energy"),
)


def table(**changes: Any) -> dict[str, Any]:
    """An entry of the file as it must be, but for `changes`; None takes a key out."""
    entry = {"id": "war", "title": "War", "kind": "issue", "definition": "Fighting.", "note": "."}
    entry |= {"phrases": ["war*"], "exclude": []} | changes
    return {key: value for key, value in entry.items() if value is not None}


def test_the_dictionary_has_the_seventeen_themes() -> None:
    """The ids are those of the contract, each with a title, a definition and a note."""
    themes = load_themes()
    assert tuple(themes) == IDS
    assert all(theme.title and theme.definition and theme.note for theme in themes.values())


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (table(phrases=[]), "has no phrases; add one"),
        (table(phrases=["war*", " "]), "has an empty phrase"),
        (table(phrases=[1]), "has an empty phrase"),
        (table(phrases=["war*", "war*"]), "has the phrase 'war*' twice"),
        (table(exclude=["war*"]), "has the phrase 'war*' twice"),
        (table(phrases=["a|b"]), "use OR"),
        (table(phrases=["(war"]), "phrase '(war': The parenthesis"),
        (table(exclude=['"cold war']), "never closed"),
        (table(phrases=["…"]), "There is no word to find"),
        (table(phrases="war*"), "'phrases' must be a list"),
        (table(kind="mood"), "kind is 'mood'; it must be one of"),
        (table(colour="red"), "'colour' is not known here"),
        (table(definition=None), "'definition' is missing"),
        (table(phrases=None), "'phrases' is missing"),
    ],
)
def test_a_wrong_entry_is_named_in_one_sentence(entry: dict[str, Any], sentence: str) -> None:
    """Whoever edits the dictionary is told which theme is wrong and how."""
    with pytest.raises(DataError) as caught:
        check_themes([entry], "data/themes.toml")
    assert str(caught.value).startswith("data/themes.toml, theme 'war'")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_stands_once() -> None:
    """Two themes of one id are refused."""
    with pytest.raises(DataError, match="theme 'war' stands twice; keep one"):
        check_themes([table(), table(title="Peace")], "data/themes.toml")


def theme(*phrases: str, exclude: tuple[str, ...] = ()) -> Theme:
    return Theme("toy", "Toy", "place", ".", phrases, exclude, ".")


def test_an_exclusion_removes_occurrences_and_not_passages() -> None:
    """A passage keeps a theme as long as one occurrence is left."""
    corpus = toy_corpus(
        "East Turkestan.", "Turks of East Turkestan.", "Turks.", "Eastern Turkestan.", "None."
    )
    marks = _mark(corpus, theme("turk*", exclude=('"East Turkestan"',)))
    assert list(marks) == ["toy#p02", "toy#p03", "toy#p04"]
    assert [(hit.start, hit.end) for hit in marks["toy#p02"].hits] == [(0, 5)]
    assert [(hit.start, hit.end) for hit in marks["toy#p02"].excluded] == [(14, 23)]


def test_an_overlap_is_enough_to_exclude() -> None:
    """An occurrence does not count if an excluded phrase shares one word with it."""
    corpus = toy_corpus("A B C", "A B X")
    assert list(_mark(corpus, theme('"A B"', exclude=('"B C"',)))) == ["toy#p02"]


def test_a_phrase_counts_only_where_it_finds_something() -> None:
    """Of several phrases the mark names those whose occurrences count, sorted."""
    corpus = toy_corpus("war and peace in Cold War times", "peace")
    marks = _mark(corpus, theme("war", "peace", '"cold war"', exclude=('"cold war times"',)))
    assert {name: mark.phrases for name, mark in marks.items()} == {
        "toy#p01": ("peace", "war"),
        "toy#p02": ("peace",),
    }
    assert [hit.start for hit in marks["toy#p01"].hits] == [0, 8]


def test_every_mark_can_be_shown(corpus: Corpus) -> None:
    """Phrases are entries of the dictionary, and each hit is what one of them finds there."""
    marks = find_theme_marks(corpus)
    assert tuple(marks) == IDS
    for name, passages in marks.items():
        assert list(passages) == [p.id for p in corpus.passages if p.id in passages]
        for passage_id, mark in passages.items():
            passage = corpus.passage(passage_id)
            assert mark.theme is load_themes()[name]
            assert mark.hits
            assert mark.phrases
            assert {*mark.phrases} <= {*mark.theme.phrases}
            assert list(mark.phrases) == sorted(mark.phrases)
            found = {
                (start, end)
                for phrase in mark.phrases
                for start, end, _ in find_occurrences(parse_query(phrase).groups, passage.text)
            }
            assert {(hit.start, hit.end) for hit in mark.hits} <= found
            away = [
                (start, end)
                for phrase in mark.theme.exclude
                for start, end, _ in find_occurrences(parse_query(phrase).groups, passage.text)
            ]
            for hit in mark.hits:
                assert not any(hit.start < end and start < hit.end for start, end in away)
                source = corpus.source_of(passage)
                span = source.char(hit.byte_start), source.char(hit.byte_end)
                raw = source.text[slice(*span)]
                edits = corpus.ledgers[source.name].inside(*span)
                shown = passage.text[hit.start : hit.end]
                assert apply_edits(raw, edits, offset=span[0]) == shown


def test_no_passage_with_a_countable_hit_is_left_out(corpus: Corpus) -> None:
    """A passage is marked if, and only if, explaining it names an occurrence that counts."""
    for name, passages in find_theme_marks(corpus).items():
        for passage in corpus.passages:
            explained = explain_theme(passage.id, name, corpus=corpus)
            assert explained == passages.get(passage.id, explained)
            assert bool(explained.hits) == (passage.id in passages)


def test_east_turkestan_is_not_turkey(corpus: Corpus) -> None:
    """The passage that names East Turkestan is not about Turkey."""
    (passage_id,) = index_of(corpus).match(parse_query('"East Turkestan"'))
    assert passage_id.startswith("eastern-axis-2021")
    assert explain_theme(passage_id, "syria_turkey", corpus=corpus).hits == ()


def test_phrases_are_for_any_text() -> None:
    """No phrase names a passage or a document, and none is as long as a sentence."""
    assert "#p" not in read_data("themes.toml")
    for entry in load_themes().values():
        for phrase in (*entry.phrases, *entry.exclude):
            terms = parse_query(phrase).terms
            assert sum(len(term.tokens) for term in terms) <= 8, phrase


def test_a_mark_says_why() -> None:
    """Printed, a mark names phrases and bytes, and what was not counted."""
    corpus = toy_corpus("East Turkestan. Turks.", "East Turkestan.", "None.")
    both = theme("turk*", exclude=('"East Turkestan"',))
    assert repr(_mark(corpus, both)["toy#p01"]) == (
        "toy#p01 has the theme toy: ‘turk*’ found at bytes 18–23. "
        "Not counted, because an exclusion overlaps: bytes 7–16."
    )
    sentence = repr(explain_theme("toy#p03", "iran", corpus=corpus))
    assert sentence == "toy#p03 does not have the theme iran: no phrase counts."


def test_an_excluded_passage_says_why() -> None:
    """Where an exclusion takes every occurrence away, the explanation says where they stood."""
    corpus = toy_corpus("The Islamic State of Iraq and Syria.")
    sentence = repr(explain_theme("toy#p01", "syria_turkey", corpus=corpus))
    assert sentence.endswith(
        "no phrase counts. Not counted, because an exclusion overlaps: bytes 32–37."
    )


def test_an_unknown_theme_or_passage_is_answered_with_the_nearest(corpus: Corpus) -> None:
    """A mistyped name is answered with one that exists."""
    with pytest.raises(UnknownNameError, match="Did you mean 'preemption'"):
        explain_theme("azizian-2003#p04", "preemtion", corpus=corpus)
    with pytest.raises(UnknownNameError, match="Did you mean 'azizian-2003#p04'"):
        explain_theme("azizian-2003#p4", "preemption", corpus=corpus)
