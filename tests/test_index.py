"""The index: FTS5's answers, held against a plain reading of the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpus import Corpus, Document, Passage
from helpers.edits import Ledger
from helpers.errors import TwoTracksError, UnknownNameError
from helpers.index import Index, index_of
from helpers.query import Query, parse_query
from helpers.sources import Source
from helpers.words import fold_words

# --- toy corpora --------------------------------------------------------------------------


def toy_document(name: str, date: str, sections: list[str], source: Source) -> Document:
    """A document whose passages are the lines of a source."""
    passages, start = [], 0
    for number, (text, section) in enumerate(
        zip(source.text.split("\n"), sections, strict=True), 1
    ):
        end = start + len(text)
        bounds = (start, end, source.byte(start), source.byte(end))
        passages.append(Passage(f"{name}#p{number:02}", name, number, section, "", *bounds, text))
        start = end + 1
    dates = (date, "", date, date, None)
    whole = (0, len(source.text), 0, len(source.raw))
    about = (name, "", (), "unknown", None, "", *dates, "", source.name, source.sha256)
    return Document(*about, *whole, (), tuple(passages), ())


def toy_corpus(**texts: list[str]) -> Corpus:
    """A corpus with a document ``d2001`` of the year 2001 for ``d2001=["a text", …]``."""
    sources = {name: Source(name, "\n".join(lines).encode()) for name, lines in texts.items()}
    documents = tuple(
        toy_document(name, name[1:], [""] * len(lines), sources[name])
        for name, lines in texts.items()
    )
    return Corpus(documents, {name: Ledger(source, []) for name, source in sources.items()})


def numbers(ids: list[str]) -> list[int]:
    return [int(passage_id[-2:]) for passage_id in ids]


# --- FTS5 against a plain reading ---------------------------------------------------------

# A query is ("find", words, prefix), ("near", terms, distance) or (operator, left, right);
# the operator "" stands for words side by side.
LEVELS = {"OR": 0, "AND": 1, "NOT": 2, "": 3, "find": 4, "near": 4}
WORDS = st.sampled_from(["A", "AB", "B", "BA", "C"])
FINDS = st.tuples(st.just("find"), st.lists(WORDS, min_size=1, max_size=3), st.booleans())
NEARS = st.tuples(st.just("near"), st.lists(FINDS, min_size=2, max_size=3), st.integers(1, 4))
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=5)


def queries(*operators: str, leaves: st.SearchStrategy = FINDS | NEARS) -> st.SearchStrategy:
    return st.recursive(
        leaves, lambda parts: st.tuples(st.sampled_from(operators), parts, parts), max_leaves=5
    )


def written(query: tuple, level: int = 0) -> str:
    """A query as a reader would type it, with no more parentheses than it needs."""
    match query:
        case ("find", words, prefix):
            return f'"{" ".join(words)}"' + "*" * prefix
        case ("near", terms, distance):
            return f"NEAR({' '.join(map(written, terms))}, {distance})"
    operator, left, right = query
    own = LEVELS[operator]
    text = f"{written(left, own)} {operator} {written(right, own + (operator == 'NOT'))}"
    return f"({text})" if own < level else text


def starts(term: tuple, words: list[str]) -> list[int]:
    _, wanted, prefix = term
    size = len(wanted)
    found = [words[at : at + size] for at in range(len(words) - size + 1)]
    exact = [at for at, some in enumerate(found) if some == wanted]
    begun = [
        at
        for at, some in enumerate(found)
        if some[:-1] == wanted[:-1] and some[-1].startswith(wanted[-1])
    ]
    return begun if prefix else exact


def near_groups(query: tuple, words: list[str]) -> list[tuple[int, ...]]:
    """Every choice of one place for each term that is near enough, as FTS5 documents it."""
    _, terms, distance = query
    return [
        places
        for places in product(*(starts(term, words) for term in terms))
        if all(
            max(places) - (place + len(term[1])) <= distance
            for place, term in zip(places, terms, strict=True)
        )
    ]


def holds(query: tuple, words: list[str]) -> bool:
    match query:
        case ("find", *_):
            return bool(starts(query, words))
        case ("near", *_):
            return bool(near_groups(query, words))
        case ("OR", left, right):
            return holds(left, words) or holds(right, words)
        case ("NOT", left, right):
            return holds(left, words) and not holds(right, words)
        case (_, left, right):
            return holds(left, words) and holds(right, words)
    raise AssertionError(query)


def marked(query: tuple, words: list[str]) -> set[tuple[int, int]]:
    """First word and end of every occurrence that a query marks."""
    match query:
        case ("find", wanted, _):
            return {(at, at + len(wanted)) for at in starts(query, words)}
        case ("near", terms, _):
            return {
                (at, at + len(term[1]))
                for places in near_groups(query, words)
                for at, term in zip(places, terms, strict=True)
            }
        case ("NOT", left, _):
            return marked(left, words)
        case (_, left, right):
            return marked(left, words) | marked(right, words)
    raise AssertionError(query)


def spans(text: str, places: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Characters for places of words in a text with one blank between words."""
    words = text.split(" ")
    begins = [len(" ".join(words[:at])) + (at > 0) for at in range(len(words))]
    return sorted((begins[at], begins[end - 1] + len(words[end - 1])) for at, end in places)


@settings(max_examples=100)
@given(TEXTS, queries("OR", "AND", "NOT", ""))
def test_match_is_a_plain_reading(texts: list[str], query: tuple) -> None:
    """FTS5 finds the passages, and the hits are the words, that a plain reading finds."""
    corpus = toy_corpus(d2001=texts)
    index, parsed = Index(corpus), parse_query(written(query))
    expected = [number for number, text in enumerate(texts, 1) if holds(query, text.split())]
    assert numbers(index.match(parsed)) == expected
    for passage in corpus.passages:
        hits = [(hit.start, hit.end) for hit in index.hits(parsed, passage)]
        places = marked(query, passage.text.split()) if passage.number in expected else set()
        assert hits == spans(passage.text, places)


# FTS5 itself takes no parenthesis beside a word, so words stand side by side in the leaves only.
@given(TEXTS, queries("OR", "AND", "NOT", leaves=queries("")))
def test_precedence_is_that_of_fts5(texts: list[str], query: tuple) -> None:
    """Plain words and operators mean the same to us as to FTS5 itself."""
    index = Index(toy_corpus(d2001=texts))
    text = written(query)
    assert index.match(Query(text, text, (), ())) == index.match(parse_query(text))


@given(TEXTS, queries("OR", "AND", ""))
def test_every_match_has_a_hit(texts: list[str], query: tuple) -> None:
    """Without NOT, the passages that match are those that have a hit."""
    corpus = toy_corpus(d2001=texts)
    index, parsed = Index(corpus), parse_query(written(query))
    with_hits = [p.id for p in corpus.passages if index.hits(parsed, p)]
    assert index.match(parsed) == with_hits


# --- the traps ----------------------------------------------------------------------------

TRAPS = [
    ("pre-emptive", "a pre-emptive, a preemptive, a pre emptive", ["pre-emptive", "pre emptive"]),
    ("preempt*", "preemption, pre-emption", ["preemption"]),
    ("S-300", "the S-300 and 300 S", ["S-300"]),
    ("Russia's", "Russia’s, Russia's, Russias", ["Russia’s", "Russia's"]),
    ("Russia’s", "Russia’s, Russia's, Russias", ["Russia’s", "Russia's"]),
    ("U.S.", "the U.S.-led, U.S, us, US", ["U.S", "U.S"]),
    ("US", "tell us, the US, the U.S.", ["us", "US"]),
    ("9/11", "9/11, 911", ["9/11"]),
    ("$8", "$8 billion, 8 men, $80", ["8", "8"]),
    ("September 11, 2001", "11 September 2001", ["11", "September", "2001"]),
    ('"September 11, 2001"', "11 September 2001, September 11, 2001", ["September 11, 2001"]),
    ("Bush", "Bush in Bushehr", ["Bush"]),
    ("café", "cafe, Café", ["cafe", "Café"]),
    ("cafe", "cafe, Café", ["cafe", "Café"]),
    ("“axis of evil”", "an ‘Axis of Evil’, evil", ["Axis of Evil"]),
    ('"a b" OR "b c"', "a b c", ["a b", "b c"]),
    ("a NOT b", "a c", ["a"]),
    ("a NOT b", "a b", []),
    ("a AND b", "a c", []),
    ("", "a b", []),
]


@pytest.mark.parametrize(("query", "text", "found"), TRAPS)
def test_traps(query: str, text: str, found: list[str]) -> None:
    """What FTS5 alone cannot read, or would find wrongly, is found as it stands in the text."""
    corpus = toy_corpus(d2001=[text])
    index, parsed = Index(corpus), parse_query(query)
    hits = index.hits(parsed, corpus.passages[0])
    assert [text[hit.start : hit.end] for hit in hits] == found
    assert bool(index.match(parsed)) == (bool(found) or not query)


@pytest.mark.parametrize(
    "text", ["preempt* OR pre-empt*", "“missile defen*”", "U.S.", "NEAR(Russia* China, 6)", "Bush"]
)
def test_hits_are_in_the_raw_file(corpus: Corpus, text: str) -> None:
    """The bytes of a hit hold the words that were asked for."""
    index, query = index_of(corpus), parse_query(text)
    found = index.match(query)
    assert 0 < len(found) < len(corpus.passages)
    for passage in map(corpus.passage, found):
        for hit in index.hits(query, passage):
            (term,) = (term for term in query.terms if term.written == hit.term)
            raw = corpus.source_of(passage).slice_bytes(hit.byte_start, hit.byte_end)
            words = fold_words(raw)
            assert fold_words(passage.text[hit.start : hit.end]) == words
            assert words[:-1] == list(term.tokens[:-1])
            assert words[-1].startswith(term.tokens[-1])
            assert term.prefix or words[-1] == term.tokens[-1]


def test_our_tokens_are_those_of_fts5(corpus: Corpus) -> None:
    """FTS5 holds the words our tokenizer sees, no more, no fewer, as often."""
    index = Index(corpus)
    index._database.execute("CREATE VIRTUAL TABLE temp.tally USING fts5vocab(main, words, row)")
    tally = dict(index._database.execute("SELECT term, cnt FROM temp.tally"))
    assert tally == Counter(word for p in corpus.passages for word in fold_words(p.text))


# --- conditions ---------------------------------------------------------------------------


@pytest.fixture
def labelled() -> Index:
    """Three documents of the letters A, B, C, with themes and speakers."""
    index = Index(toy_corpus(d2001=["A", "A B"], d2003=["A C", "B"], d2010=["C", "A"]))
    index.label("theme", [("war", "d2001#p01"), ("war", "d2003#p01"), ("peace", "d2010#p02")])
    index.label("speaker", [("Ivanov", "d2001#p01"), ("Ivanov", "d2001#p01")])
    return index


@pytest.mark.parametrize(
    ("query", "conditions", "found"),
    [
        ("", {}, ["d2001#p01", "d2001#p02", "d2003#p01", "d2003#p02", "d2010#p01", "d2010#p02"]),
        ("A", {}, ["d2001#p01", "d2001#p02", "d2003#p01", "d2010#p02"]),
        ("A", {"documents": ["d2010", "d2003"]}, ["d2003#p01", "d2010#p02"]),
        ("A", {"documents": ["d1999"]}, []),
        ("A", {"years": (2003, None)}, ["d2003#p01", "d2010#p02"]),
        ("A", {"years": (None, 2002)}, ["d2001#p01", "d2001#p02"]),
        ("", {"years": (2002, 2003)}, ["d2003#p01", "d2003#p02"]),
        ("", {"labels": {"theme": ["war", "peace"]}}, ["d2001#p01", "d2003#p01", "d2010#p02"]),
        ("", {"labels": {"theme": ["war"], "speaker": ["Ivanov"]}}, ["d2001#p01"]),
        ("", {"labels": {"theme": ["peace"], "speaker": ["Ivanov"]}}, []),
        ("C", {"labels": {"theme": ["war"]}, "years": (2003, 2003)}, ["d2003#p01"]),
        ("C", {"labels": {"theme": [], "never given": []}}, ["d2003#p01", "d2010#p01"]),
    ],
)
def test_conditions(labelled: Index, query: str, conditions: dict, found: list[str]) -> None:
    """Values of one kind are alternatives; conditions of different kinds must all hold."""
    assert labelled.select(parse_query(query), **conditions) == found


@pytest.mark.parametrize(
    ("limit", "offset", "found"),
    [(2, 0, ["d2001#p01", "d2001#p02"]), (2, 3, ["d2010#p02"]), (2, 9, []), (0, 0, [])],
)
def test_page(labelled: Index, limit: int, offset: int, found: list[str]) -> None:
    """A page knows how many passages there are in all, even when it holds none of them."""
    assert labelled.page(parse_query("A"), limit=limit, offset=offset) == (found, 4)


def test_section() -> None:
    """A section holds its subsections, but not a section that merely begins alike."""
    source = Source("toy", b"a\nb\nc\nd")
    sections = ["IRAN", "IRAN > Bushehr", "IRANIANS", ""]
    document = toy_document("toy", "", sections, source)
    index = Index(Corpus((document,), {"toy": Ledger(source, [])}))
    assert numbers(index.select(parse_query(""), section="IRAN")) == [1, 2]
    assert numbers(index.select(parse_query(""), section="IRAN > Bushehr")) == [2]
    assert index.select(parse_query(""), years=(1900, None)) == []


def test_labels_are_replaced(labelled: Index) -> None:
    """Labels of a kind replace the earlier ones of that kind, and a kind may have none."""
    labelled.label("theme", [("war", "d2010#p01")])
    assert labelled.select(parse_query(""), labels={"theme": ["war"]}) == ["d2010#p01"]
    assert not labelled.has_labels("person")
    labelled.label("person", [])
    assert labelled.has_labels("person")
    assert labelled.select(parse_query(""), labels={"person": ["Putin"]}) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda index: index.select(parse_query(""), labels={"them": ["war"]}),
        lambda index: index.label("theme", [("war", "d2001#p99")]),
    ],
    ids=["label", "passage"],
)
def test_unknown_names(labelled: Index, ask: Callable[[Index], object]) -> None:
    """A label or passage that does not exist is an error, and changes nothing."""
    before = labelled.select(parse_query(""), labels={"theme": ["war"]})
    with pytest.raises(UnknownNameError):
        ask(labelled)
    assert labelled.select(parse_query(""), labels={"theme": ["war"]}) == before


# --- the store ----------------------------------------------------------------------------


def test_threads(corpus: Corpus) -> None:
    """Several threads may ask and label at once."""
    index, query = Index(corpus), parse_query("Russia* NOT Bush")
    alone = index.match(query)
    kinds = [f"kind {number}" for number in range(8)]

    def ask(kind: str) -> list[str]:
        index.label(kind, [("yes", passage_id) for passage_id in alone])
        return index.select(query, labels={kind: ["yes"]})

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, kinds)) == [alone] * len(kinds)


def test_one_index_for_a_corpus(corpus: Corpus) -> None:
    """A corpus is indexed once."""
    assert index_of(corpus) is index_of(corpus)


def test_no_fts5(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python whose SQLite has no FTS5 is told what to do."""
    monkeypatch.setattr("helpers.index.SCHEMA", "CREATE VIRTUAL TABLE words USING fts9(text)")
    with pytest.raises(TwoTracksError, match=r"cannot search texts \(no such module: fts9\)"):
        Index(toy_corpus(d2001=["A"]))
