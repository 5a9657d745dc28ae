"""One filter: every condition alone and together, and what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.corpus import Corpus, Passage
from helpers.edits import apply_edits
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.loading import course_corpus, load_corpus
from helpers.people import find_mentions
from helpers.search import find_passages, keep_documents, known_values
from helpers.speech import find_quotations
from helpers.themes import find_theme_marks
from tests.toys import toy_corpus

KINDS = ("theme", "document", "speaker", "person", "section")


def has_value(corpus: Corpus, kind: str, value: str) -> Callable[[Passage], bool]:
    """The condition `kind` = `value`, from the facts and without the index."""
    if kind == "document":
        return lambda passage: passage.doc_id == value
    if kind == "section":
        return lambda passage: f"{passage.section} > ".startswith(f"{value} > ")
    if kind == "theme":
        ids = set(find_theme_marks(corpus)[value])
    elif kind == "speaker":
        ids = {q.passage_id for q in find_quotations(corpus) if q.speaker == value}
    else:
        ids = {m.passage_id for m in find_mentions(corpus) if m.person == value}
    return lambda passage: passage.id in ids


@pytest.mark.parametrize("kind", KINDS)
def test_one_condition_finds_what_the_facts_say(corpus: Corpus, kind: str) -> None:
    """For every value of a filter the passages found are exactly those that have it."""
    values = known_values(kind, corpus=corpus)
    assert len(values) == len(set(values)) > 4
    for value in values:
        found = find_passages(corpus=corpus, **{kind: value})
        has = has_value(corpus, kind, value)
        assert [p.id for p in found] == [p.id for p in corpus.passages if has(p)]
        assert found.filters == ((kind, value),)


def test_nothing_asked_is_everything_found(corpus: Corpus) -> None:
    """Without conditions, or with blank ones, every passage is found."""
    for found in (
        find_passages(corpus=corpus),
        find_passages(" ", theme="", document=[], speaker=[""], section="", corpus=corpus),
    ):
        assert found.passages == corpus.passages
        assert (found.title, found.conditions) == ("122 of 122 passages", "all passages")


def test_the_course_is_searched_if_no_corpus_is_named() -> None:
    """A search that names no corpus is a search in the course's own."""
    assert find_passages("preempt*").corpus is course_corpus()
    assert keep_documents() is course_corpus()


def test_several_values_widen_and_several_conditions_narrow(corpus: Corpus) -> None:
    """Within a condition any value will do; every condition must be met."""
    either = find_passages(theme=["iran", "israel"], corpus=corpus)
    alone = [find_passages(theme=theme, corpus=corpus) for theme in ("iran", "israel")]
    ids = {p.id for found in alone for p in found}
    assert [p.id for p in either] == [p.id for p in corpus.passages if p.id in ids]
    both = find_passages("Putin", theme="iran", document="azizian-2003", corpus=corpus)
    conditions = ({"query": "Putin"}, {"theme": "iran"}, {"document": "azizian-2003"})
    sets = [{p.id for p in find_passages(corpus=corpus, **c)} for c in conditions]  # type: ignore[arg-type]
    assert {p.id for p in both} == sets[0] & sets[1] & sets[2] != set()
    assert both.conditions == "query Putin · theme iran · document azizian-2003"


@pytest.mark.parametrize(
    ("years", "shown", "documents"),
    [
        ((2000, 2000), "2000–2000", {"monitor-2000"}),
        ((None, 2002), "…–2002", {"monitor-2000", "ivanov-gvosdev-2002"}),
        ([2010, 2018], "2010–2018", {"edm-2010", "roadmap-2018"}),
        ((2019, None), "2019–…", {"russia-turkey-2021", "lavrov-israel-2021", "eastern-axis-2021"}),
        ((1900, 1999), "1900–1999", set()),
    ],
)
def test_years_bound_the_date_of_the_document(
    corpus: Corpus, years: Any, shown: str, documents: set[str]
) -> None:
    """First and last year are included; None leaves a side open."""
    found = find_passages(years=years, corpus=corpus)
    assert {p.doc_id for p in found} == documents
    assert found.conditions == f"years {shown}"


def test_a_heading_stands_for_its_subsections(corpus: Corpus) -> None:
    """Asked for a section, the passages of its subsections are found too."""
    heading = "DIFFERING INTERPRETATIONS OF THE AXIS OF EVIL"
    whole = find_passages(section=heading, corpus=corpus)
    part = find_passages(section=f"{heading} > IRAN", corpus=corpus)
    assert 0 < len(part) < len(whole)
    assert {p.section.partition(" > ")[0] for p in whole} == {heading}


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"theme": "preemtion"}, UnknownNameError, "no theme 'preemtion'. Did you mean 'preemp"),
        ({"theme": ["iran", "irn"]}, UnknownNameError, "no theme 'irn'. Did you mean 'iran'"),
        ({"document": "azizian"}, UnknownNameError, "Did you mean 'azizian-2003'"),
        ({"speaker": "Putin"}, UnknownNameError, "Did you mean 'Vladimir Putin'"),
        ({"person": "Ivanof"}, UnknownNameError, "People: "),
        ({"section": "Irak"}, UnknownNameError, "no section 'Irak'"),
        ({"query": "(war"}, QueryError, "never closed"),
        ({"years": (2003, 2000)}, SettingError, "2003–2000 are the wrong way round; write 2000"),
        ({"years": (2003,)}, SettingError, "must be two whole numbers"),
        ({"years": ("2000", "2003")}, SettingError, "must be two whole numbers"),
    ],
)
def test_what_cannot_be_asked_gets_one_sentence(
    corpus: Corpus, asked: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """A wrong name, query or year is answered with what to change."""
    with pytest.raises(error, match=sentence.replace(".", r"\.")) as caught:
        find_passages(corpus=corpus, **asked)
    assert "\n" not in str(caught.value)


def test_switched_off_rules_are_said(corpus: Corpus) -> None:
    """A search in a corpus cleaned by fewer rules says so; ids are the same."""
    rough = load_corpus(without=["line_hyphen"])
    found = find_passages("nonproliferation", corpus=rough)
    assert found.conditions == "query nonproliferation · cleaning without line_hyphen"
    assert (
        {p.id for p in found}
        < {p.id for p in find_passages("nonproliferation", corpus=corpus)}
        == {p.id for p in corpus.passages if "nonproliferation" in p.text.casefold()}
    )


def test_a_selection_describes_itself(corpus: Corpus) -> None:
    """Printed, a selection gives its count and its conditions."""
    found = find_passages("preventative", theme="preemption", corpus=corpus)
    assert repr(found) == "Selection(1 of 122 passages; query preventative · theme preemption)"
    assert [p.id for p in found] == [found.passages[0].id]


def test_a_smaller_corpus_has_its_documents_whole(corpus: Corpus) -> None:
    """Kept documents keep their passages, ids and raw files; others are gone."""
    small = keep_documents(["edm-2010", "monitor-2000"], corpus=corpus)
    assert [d.id for d in small.documents] == ["monitor-2000", "edm-2010"]
    assert set(small.ledgers) == {d.seed_file for d in small.documents}
    assert find_passages("missile", corpus=small).title.endswith("of 13 passages")
    assert keep_documents("edm-2010", corpus=corpus).documents == (corpus.document("edm-2010"),)
    assert keep_documents(years=[None, 2000], corpus=corpus).documents == (
        corpus.document("monitor-2000"),
    )
    assert keep_documents([], years=[], corpus=corpus) is corpus


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_the_whole_stay_known_in_a_part(corpus: Corpus, kind: str) -> None:
    """A lesson re-run on fewer documents may name what only the others hold: nothing is found."""
    small = keep_documents(["monitor-2000"], corpus=corpus)
    for value in known_values(kind, corpus=corpus):
        found = find_passages(corpus=small, **{kind: value})
        assert {p.id for p in found} == {
            p.id for p in find_passages(corpus=corpus, **{kind: value}) if p in small.passages
        }
    with pytest.raises(UnknownNameError):
        find_passages(corpus=small, **{kind: "nothing of that name"})


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"documents": ["edm"]}, UnknownNameError, "Did you mean 'edm-2010'"),
        ({"years": [2000]}, SettingError, "must be two whole numbers"),
        ({"years": [2021, 2000]}, SettingError, "wrong way round"),
        ({"documents": ["edm-2010"], "years": [2000, 2003]}, SettingError, "widen the years"),
    ],
)
def test_a_corpus_of_nothing_is_refused(
    corpus: Corpus, asked: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """Settings that leave no document, or make no sense, are answered with what to change."""
    with pytest.raises(error, match=sentence):
        keep_documents(corpus=corpus, **asked)


def test_a_document_without_a_date_is_found_if_no_year_is_asked() -> None:
    """Nothing is known of an undated text, so no span of years holds it."""
    corpus = toy_corpus("A B", date="")
    assert len(find_passages("A", corpus=corpus)) == 1
    assert len(find_passages("A", years=(None, 2020), corpus=corpus)) == 0
    assert keep_documents(corpus=corpus) is corpus
    with pytest.raises(SettingError, match="widen the years"):
        keep_documents(years=[None, 2020], corpus=corpus)


WORDS = ["Putin", "preempt*", '"Central Asia"', "Russia NOT Iran", "NEAR(U.S. Russia, 3)", "’s"]


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    """Requests of any kind: no, one or two values for each condition."""
    corpus = course_corpus()
    names = {
        kind: st.lists(st.sampled_from(known_values(kind, corpus=corpus)), max_size=2)
        for kind in KINDS
        if kind != "section"
    }
    years = st.tuples(*[st.none() | st.integers(1999, 2022)] * 2).filter(
        lambda pair: None in pair or pair[0] <= pair[1]
    )
    query = st.lists(st.sampled_from(WORDS), max_size=2).map(" OR ".join)
    return st.fixed_dictionaries({"query": query, **names, "years": years})


@given(conditions())
def test_counts_hits_and_bytes_agree(asked: dict[str, Any]) -> None:
    """Whatever is asked, the count is that of the list, and bytes lead to the words shown."""
    found = find_passages(corpus=course_corpus(), **asked)
    corpus = found.corpus
    assert len(found) == len(list(found)) == len({p.id for p in found})
    assert found.title == f"{len(found.passages)} of 122 passages"
    alone = [
        {p.id for p in find_passages(corpus=corpus, **{kind: value})}
        for kind, value in asked.items()
    ]
    assert {p.id for p in found} == set.intersection(*alone)
    for passage in found:
        hits = found.hits(passage)
        assert bool(hits) == bool(found.query.match or asked["theme"])
        for hit in hits:
            source = corpus.source_of(passage)
            raw = source.slice_bytes(hit.byte_start, hit.byte_end)
            span = (source.char(hit.byte_start), source.char(hit.byte_end))
            edits = corpus.ledgers[source.name].inside(*span)
            assert apply_edits(raw, edits, offset=span[0]) == passage.text[hit.start : hit.end]


def test_a_theme_alone_marks_what_stands_for_it(corpus: Corpus) -> None:
    """Without words asked for, the hits are those by which a passage has the theme."""
    found = find_passages(theme="preemption", corpus=corpus)
    words = [p.text[hit.start : hit.end] for p in found for hit in found.hits(p)]
    assert "pre-emptively" in words
    assert len(found) <= len(words)
    both = find_passages(theme=["preemption", "iran"], corpus=corpus)
    assert all(both.hits(passage) for passage in both)
    with_words = find_passages("Georgia", theme="preemption", corpus=corpus)
    assert {p.text[hit.start : hit.end] for p in with_words for hit in with_words.hits(p)} == {
        "Georgia"
    }
