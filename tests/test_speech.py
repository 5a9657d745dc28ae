"""Who speaks: the rules, held against a reader's labels and against toy texts."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import helpers.speech
from helpers.corpus import Corpus
from helpers.edits import Edit
from helpers.errors import DataError, UnknownNameError
from helpers.listening import cut_sentences, find_marked, hide_marked
from helpers.loading import load_corpus
from helpers.people import load_people
from helpers.sources import load_toml
from helpers.speech import Quotation, explain_quotation, find_quotations
from tests.toys import toy_corpus

GOLD = Path(__file__).with_name("gold") / "quotations.csv"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


def labels() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def quoted(text: str, *, date: str = "2005") -> list[tuple[str, str, str]]:
    """Words without their marks, speaker (or “term”) and verb, as the rules see them."""
    return [
        (q.text[1:-1], "term" if q.kind == "term" else q.speaker, q.cue)
        for q in find_quotations(toy_corpus(*text.split("\n"), date=date))
    ]


def held(corpus: Corpus, quotation: Quotation) -> str:
    """What the bytes of a quotation hold, after the edits inside them."""
    document = corpus.document(corpus.passage(quotation.passage_id).doc_id)
    ledger = corpus.ledgers[document.seed_file]
    start, end = map(ledger.source.char, (quotation.byte_start, quotation.byte_end))
    return ledger.clean(start, end)


# --- the eight documents ------------------------------------------------------------------


def test_the_rules_alone_agree_with_a_reader(corpus: Corpus) -> None:
    """Of 75 labels the rules give 75 kinds, speakers and verbs, without any correction."""
    gold, found = labels(), find_quotations(corpus, curated=False)
    assert [(row["passage_id"], True) for row in gold] == [
        (q.passage_id, q.text[1:].startswith(row["opening"]))
        for q, row in zip(found, gold, strict=True)
    ]
    right = Counter(
        key
        for q, row in zip(found, gold, strict=True)
        for key in ("kind", "speaker", "cue")
        if getattr(q, key) == row[key]
    )
    assert right == {"kind": 75, "speaker": 75, "cue": 75}


def test_what_is_sure_and_what_is_inferred(corpus: Corpus) -> None:
    """53 quotations are speech, 32 with a stated and 21 with an inferred speaker; 22 are terms."""
    found = Counter((q.kind, q.certainty) for q in find_quotations(corpus))
    assert found == {("speech", "stated"): 32, ("speech", "inferred"): 21, ("term", ""): 22}


def test_no_quotation_of_the_course_needs_a_correction(corpus: Corpus) -> None:
    """data/attributions.toml corrects 0 quotations."""
    assert load_toml("attributions.toml").get("quotation", []) == []
    assert find_quotations(corpus) == find_quotations(corpus, curated=False)


def test_bytes_hold_the_words(corpus: Corpus) -> None:
    """The bytes of a quotation, cleaned, are its text; ids number them within the passage."""
    seen: Counter[str] = Counter()
    for quotation in find_quotations(corpus):
        assert held(corpus, quotation) == quotation.text
        assert corpus.passage(quotation.passage_id).text[quotation.start : quotation.end] == (
            quotation.text
        )
        seen[quotation.passage_id] += 1
        assert quotation.id == f"{quotation.passage_id}-q{seen[quotation.passage_id]}"


@pytest.mark.parametrize(
    ("quotation_id", "span"),
    [
        ("azizian-2003#p13-q1", (10298, 10507)),
        ("azizian-2003#p16-q2", (13640, 13756)),
        ("azizian-2003#p17-q1", (14425, 14505)),
        ("azizian-2003#p23-q1", (18629, 18705)),
        ("azizian-2003#p31-q2", (24619, 24719)),
        ("azizian-2003#p33-q1", (26987, 27204)),
        ("azizian-2003#p33-q2", (27316, 27486)),
        ("azizian-2003#p36-q1", (29546, 29603)),
        ("monitor-2000#p05-q1", (4671, 4747)),
        ("russia-turkey-2021#p14-q4", (16115, 16270)),
    ],
)
def test_bytes_found_by_hand(corpus: Corpus, quotation_id: str, span: tuple[int, int]) -> None:
    """Byte numbers that another reader wrote down are the ones found; p33-q1 spans two pages."""
    [quotation] = [q for q in find_quotations(corpus) if q.id == quotation_id]
    assert (quotation.byte_start, quotation.byte_end) == span


def test_speakers_are_people_of_the_list_or_named_as_written(corpus: Corpus) -> None:
    """Five speakers are no persons: two ministries, a capital, a newspaper and a comedian."""
    people = {person.name for person in load_people().persons}
    others = {q.speaker for q in find_quotations(corpus) if q.speaker} - people
    assert others == {
        "DPRK Foreign Ministry",
        "Die Zeit",
        "Moscow",
        "Russian Foreign Ministry",
        "popular Russian comedian",
    }


def test_an_explanation_says_why() -> None:
    """The message that Ivanov carried is Putin's, and the explanation says whence it is known."""
    said = str(explain_quotation("monitor-2000#p03-q1"))
    assert said.startswith(
        "Vladimir Putin speaks (inferred): “suggested” has the subject “message”: "
        "Vladimir Putin, whom it is from."
    )
    assert str(explain_quotation("azizian-2003#p37-q1")).startswith("It is a term: ")
    with pytest.raises(UnknownNameError, match=r"There is no quotation 'azizian-2003#p37-q9'"):
        explain_quotation("azizian-2003#p37-q9")


# --- toy texts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin said: “We agree.” Nobody spoke.", [("We agree.", "Vladimir Putin", "said")]),
        ("“We agree,” Putin said. Bush left.", [("We agree,", "Vladimir Putin", "said")]),
        ("“We agree,” said Putin to Bush.", [("We agree,", "Vladimir Putin", "said")]),
        ("Said Putin: ‘We agree’", [("We agree", "Vladimir Putin", "Said")]),
        ("«We agree», – Putin, after a pause, added.", [("We agree", "Vladimir Putin", "added")]),
        ("“Why not?” Putin asked.", [("Why not?", "Vladimir Putin", "asked")]),
        ("According to Putin, “we agree.”", [("we agree.", "Vladimir Putin", "According to")]),
        ("It is, Putin said, “very late.”", [("very late.", "Vladimir Putin", "said")]),
        ('Putin met Bush. He said it was "very late".', [("very late", "Vladimir Putin", "said")]),
        (
            "“We came,” Putin said, “and we saw.”",
            [("We came,", "Vladimir Putin", "said"), ("and we saw.", "Vladimir Putin", "said")],
        ),
        (
            "“We came,” Putin said. The “Hard Way.” Bush left.",
            [("We came,", "Vladimir Putin", "said"), ("Hard Way.", "term", "")],
        ),
        (
            "“We came,” Putin said. “We saw.” Bush left.",
            [("We came,", "Vladimir Putin", "said"), ("We saw.", "Vladimir Putin", "")],
        ),
        (
            "Putin said it was “too late”, and Bush replied that it was “too early”.",
            [("too late", "Vladimir Putin", "said"), ("too early", "George W. Bush", "replied")],
        ),
        (
            "Bush carried a letter from Putin. The letter argues that “all is well.”",
            [("all is well.", "Vladimir Putin", "argues")],
        ),
        ("The Russian president said “no way”.", [("no way", "Vladimir Putin", "said")]),
        ("The Kremlin stated that “all is well.”", [("all is well.", "Kremlin", "stated")]),
        (
            "A Treasury official said “all is well.”",
            [("all is well.", "Treasury official", "said")],
        ),
        (
            "A Foreign Ministry statement on Monday made the point: “All is well.”",
            [("All is well.", "Foreign Ministry", "made the point")],
        ),
        ("As Le Monde writes, “all is well.”", [("all is well.", "Le Monde", "writes")]),
        ("The so-called “axis of evil” is a phrase.", [("axis of evil", "term", "")]),
        ("Putin said the “reset” was over.", [("reset", "term", "")]),
        ("The “Eastern axis” is no alliance.", [("Eastern axis", "term", "")]),
        (
            "“All of us have to pay for this now.”",
            [("All of us have to pay for this now.", "", "")],
        ),
    ],
)
def test_speakers_of_toy_texts(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Speaker before, after or between the words, verb first, institution, pronoun, office."""
    assert quoted(text) == expected


def test_he_reaches_back_into_the_paragraph_before() -> None:
    """A pronoun may mean the person of the paragraph before, but of none before that."""
    assert quoted("Putin spoke.\nIt was late. “We are tired,” he said.")[0][1] == "Vladimir Putin"
    assert quoted("Putin spoke.\nIt was late.\n“We are tired,” he said.")[0][1] == ""


def test_an_office_is_who_held_it_then() -> None:
    """The Russian foreign minister of 2003 is Igor Ivanov, and the one of 2005 Sergei Lavrov."""
    text = "“All is well,” the Russian foreign minister said."
    assert quoted(text, date="2003")[0][1] == "Igor Ivanov"
    assert quoted(text, date="2005")[0][1] == "Sergei Lavrov"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Khatibzadeh’s ‘Iran’s axis’ is new.", ["‘Iran’s axis’"]),
        ("The nations’ ‘two tracks’ diverge.", ["‘two tracks’"]),
        ("‘The nations’ sanctions are over’, he said.", ["‘The nations’ sanctions are over’"]),
        ("‘Axis of states’ is old. The nations’ anger.", ["‘Axis of states’"]),
        ("He said “nothing", []),
        ("He said “nothing. Then “a word” came.", ["“a word”"]),
        ("“He said “no” to it” and left", ["“He said “no” to it”"]),
        ("«one» “two” \"three\" 'four'", ["«one»", "“two”", '"three"', "'four'"]),
        ("In the '90s it's Georgia's own.", []),
        ('An empty "" is nothing.', []),
        ("", []),
    ],
)
def test_marks_are_paired(text: str, expected: list[str]) -> None:
    """An apostrophe opens nothing, an unclosed mark neither, and inner marks belong inside."""
    assert [text[start:end] for start, end in find_marked(text)] == expected


def test_a_quotation_across_two_edits() -> None:
    """Words that go on after a page number are one quotation with one span of bytes."""
    raw = "Ivanov said: “we  go\n9-3\non.”"
    edits = (
        Edit(raw.index("  "), raw.index("  ") + 2, "  ", " ", "whitespace", "one blank"),
        Edit(raw.index("\n"), raw.index("on.”"), "\n9-3\n", " ", "page_number", "a page number"),
    )
    moved = tuple(Edit(e.start + 2, e.end + 2, e.before, e.after, e.rule, e.reason) for e in edits)
    corpus = toy_corpus(raw, edits=moved)
    [quotation] = find_quotations(corpus)
    assert quotation.text == "“we go on.”"
    assert held(corpus, quotation) == quotation.text
    source = corpus.sources["toy.txt"]
    assert "9-3" in source.slice_bytes(quotation.byte_start, quotation.byte_end)


PIECES = st.lists(
    st.sampled_from(
        [*"“”«»‘’\"'().,:;?!–□", " ", "  ", "\n", "Putin", "said", "he", "the minister", "é", "Mr."]
    ),
    max_size=30,
).map("".join)


@given(PIECES)
def test_made_up_texts(raw: str) -> None:
    """Whatever marks and blanks are thrown together, spans hold their words and never overlap."""
    raw = f"x{raw}x"
    edits = tuple(
        Edit(at + 2, at + 4, "  ", " ", "whitespace", "one blank")
        for at in range(len(raw))
        if raw.startswith("  ", at) and raw.count(" ", 0, at) % 2 == 0 and raw[at - 1] != " "
    )
    corpus = toy_corpus(raw, edits=edits)
    quotations = find_quotations(corpus)
    assert [held(corpus, q) for q in quotations] == [q.text for q in quotations]
    assert all(a.end <= b.start for a, b in pairwise(quotations))
    assert all(q.kind == "speech" or not (q.speaker or q.cue or q.certainty) for q in quotations)


@given(PIECES)
def test_hiding_and_cutting_made_up_texts(text: str) -> None:
    """Hiding changes no length, and sentences lose nothing but the blanks between them."""
    hidden = hide_marked(text, find_marked(text))
    assert len(hidden) == len(text)
    spans = list(cut_sentences(hidden))
    assert (spans[0][0], spans[-1][1]) == (0, len(text))
    assert all(not hidden[end:start].strip() for (_, end), (start, _) in pairwise(spans))


# --- curated corrections ------------------------------------------------------------------


def correct(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Quotation:
    """The quotation of a toy text, after a curated correction."""
    entry = {"passage": "toy#p01", "opening": "very", "speaker": "George W. Bush"}
    table = {"quotation": [{**entry, "reason": "his words", **changes}]}
    monkeypatch.setattr(helpers.speech, "load_toml", lambda _: table)
    [quotation] = find_quotations(toy_corpus("Putin said it was “very late”."))
    return quotation


def test_a_curated_correction_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person corrects says so, with the reason; other corpora are left alone."""
    quotation = correct(monkeypatch)
    assert (quotation.speaker, quotation.cue) == ("George W. Bush", "said")
    assert (quotation.certainty, quotation.reason) == ("curated", "his words")
    assert correct(monkeypatch, passage="other#p01").certainty == "stated"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"opening": "quite"}, "0 quotations there open with 'quite'"),
        ({"kind": "joke"}, "the kind is 'joke'; it can be speech or term"),
        ({"who": "he"}, "'who' is not known here"),
    ],
)
def test_a_wrong_correction_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], said: str
) -> None:
    """A correction that fits nothing gives one sentence with the file and the passage."""
    with pytest.raises(DataError) as raised:
        correct(monkeypatch, **changes)
    assert str(raised.value).startswith("data/attributions.toml, quotation in toy#p01: ")
    assert said in str(raised.value)
