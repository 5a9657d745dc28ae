"""Which person is meant: the rules, held against a reader's labels and against toy texts."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import helpers.people
from helpers.corpus import Corpus
from helpers.edits import Edit
from helpers.errors import DataError, UnknownNameError
from helpers.loading import load_corpus
from helpers.people import (
    Mention,
    explain_mention,
    find_mentions,
    find_unresolved,
    load_people,
)
from helpers.roster import read_people
from helpers.sources import load_toml
from tests.toys import toy_corpus

GOLD = Path(__file__).with_name("gold") / "mentions.csv"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


def people_in(text: str, *, date: str = "2005") -> list[str]:
    return [mention.person for mention in find_mentions(toy_corpus(text, date=date))]


def clean_words(corpus: Corpus, mention: Mention) -> str:
    """What the bytes of a mention hold, after the edits inside them."""
    ledger = corpus.ledgers[corpus.document(mention.doc_id).seed_file]
    if not mention.passage_id:
        return ledger.source.slice_bytes(mention.byte_start, mention.byte_end)
    start, end = map(ledger.source.char, (mention.byte_start, mention.byte_end))
    return ledger.clean(start, end)


def test_every_name_is_who_a_reader_says(corpus: Corpus) -> None:
    """A careful reader found 176 names of people, and the rules find the same ones, in order."""
    gold, found = defaultdict(list), defaultdict(list)
    with GOLD.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            gold[row["doc_id"], row["where"]].append((row["surface"], row["person"]))
    for mention in find_mentions(corpus):
        where = mention.place.removeprefix(mention.doc_id)[1:]
        found[mention.doc_id, where].append((mention.surface, mention.person))
    assert found == gold
    assert sum(map(len, gold.values())) == 176
    assert find_unresolved(corpus) == ()


def test_the_two_ivanovs(corpus: Corpus) -> None:
    """Of 37 Ivanovs 34 stand in passages and 24 without a first name; 24 are Sergei."""
    ivanovs = [mention for mention in find_mentions(corpus) if "Ivanov" in mention.surface]
    assert len(ivanovs) == 37
    assert sum(mention.passage_id != "" for mention in ivanovs) == 34
    assert sum(mention.surface == "Ivanov" for mention in ivanovs) == 24
    assert Counter(mention.person for mention in ivanovs) == {
        "Sergei Ivanov": 24,
        "Igor Ivanov": 13,
    }


def test_bytes_hold_the_name(corpus: Corpus) -> None:
    """The bytes of a mention, cleaned, are the name alone."""
    for mention in find_mentions(corpus):
        assert clean_words(corpus, mention) == mention.surface


def test_a_name_broken_across_lines_is_one_mention(corpus: Corpus) -> None:
    """“George W. / Bush” and “Osama bin / Laden” stand on two lines each, and are one name."""
    source = corpus.sources["001_b33bc0296208b3f8.txt"]
    broken = {
        mention.surface
        for mention in find_mentions(corpus)
        if mention.doc_id == "azizian-2003"
        and "\n" in source.slice_bytes(mention.byte_start, mention.byte_end)
    }
    assert {"George W. Bush", "Osama bin Laden"} <= broken


def test_titles_captions_and_the_dek_count(corpus: Corpus) -> None:
    """Eight names stand outside passages, none of them in a biography or running head."""
    outside = Counter(m.place for m in find_mentions(corpus) if not m.passage_id)
    assert outside == {
        "ivanov-gvosdev-2002 dek": 3,
        "edm-2010 title": 1,
        "edm-2010 caption": 2,
        "russia-turkey-2021 caption": 2,
    }


@pytest.mark.parametrize(
    ("text", "date", "who"),
    [
        ("Security Council Secretary Ivanov spoke.", "2000", "Sergei Ivanov"),
        ("Security Council Secretary Ivanov spoke.", "2006", "Igor Ivanov"),
        ("The Russian Foreign Minister, Ivanov, spoke.", "2001", "Igor Ivanov"),
        ("The Defence Minister Ivanov spoke.", "2001", "Sergei Ivanov"),
        ("The Clinton administration agreed.", "1999", "Bill Clinton"),
        ("Secretary of State Clinton agreed.", "2010", "Hillary Clinton"),
        ("President Clinton agreed.", "2010", "Bill Clinton"),
        ("A post-Saddam government.", "2005", "Saddam Hussein"),
        ("Yeltsin’s time is over.", "2005", "Boris Yeltsin"),
        ("Putin-approved words.", "2005", "Vladimir Putin"),
        ("Talks in Sochi Putin did not like.", "2005", "Vladimir Putin"),
        ("Said Khatibzadeh: no.", "2021", "Saeed Khatibzadeh"),
    ],
)
def test_one_name_and_what_stands_beside_it(text: str, date: str, who: str) -> None:
    """An office, the date, or the name alone is enough to know who is meant."""
    assert people_in(text, date=date) == [who]


def test_the_last_one_named_in_full_is_meant() -> None:
    """A bare surname goes on meaning the person of that name who was identified last."""
    text = "Igor Ivanov came. Ivanov spoke. Sergei Ivanov came too. Ivanov was silent."
    igor, sergei = "Igor Ivanov", "Sergei Ivanov"
    assert people_in(text) == [igor, igor, sergei, sergei]


def test_one_named_only_later_is_meant() -> None:
    """A bare surname before any full name means the only person of that name in the text."""
    assert people_in("Ivanov came. His name is Igor Ivanov.") == ["Igor Ivanov", "Igor Ivanov"]


@pytest.mark.parametrize(
    "text", ["Bushehr is a town.", "The Nunn-Lugar Program.", "bush and rice", "Ivanovo"]
)
def test_what_only_looks_like_a_name(text: str) -> None:
    """Bushehr is no Bush, a programme no person, and rice is rice."""
    assert people_in(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Laura Bush came.", "“Laura” before it makes it the name of somebody else."),
        ("It was Viktor Ivanov.", "“Viktor” before it makes it the name of somebody else."),
        ("George H. W. Bush came.", "“W.” before it makes it the name of somebody else."),
        ("Ivanov came.", "it may be Igor Ivanov or Sergei Ivanov, and nothing in the document"),
    ],
)
def test_somebody_else_or_nobody_knows(text: str, reason: str) -> None:
    """Where another person is meant, or nothing decides, no mention is made up."""
    corpus = toy_corpus(text)
    assert find_mentions(corpus) == ()
    [name] = find_unresolved(corpus)
    assert name.reason.startswith(reason)


def test_a_caption_and_a_break_in_the_line() -> None:
    """A caption is read as it stands; a name in two lines is one mention with one span."""
    caption = "Putin erdogan sochi"
    broken = "He met George W.\nBush."
    at = len(caption) + 2 + broken.index("\n")
    edit = Edit(at, at + 1, "\n", " ", "whitespace", "one blank is enough")
    first, second, bush = find_mentions(toy_corpus(broken, caption=caption, edits=(edit,)))
    assert (first.place, second.person) == ("toy caption", "Recep Tayyip Erdogan")
    assert (bush.surface, bush.byte_end - bush.byte_start) == ("George W. Bush", 14)


WORDS = ["Igor", "Ivanov", "President", "Bush", "of", "the", "In", ",", "“", "-", "W.", "Ş"]


@given(st.lists(st.sampled_from(WORDS)))
def test_made_up_texts(words: list[str]) -> None:
    """Whatever is written, a mention's place holds its name, and names never overlap."""
    text = " ".join(["x", *words, "x"])
    corpus = toy_corpus(text)
    names = sorted((*find_mentions(corpus), *find_unresolved(corpus)), key=lambda m: m.start)
    assert all(text[name.start : name.end] == name.surface for name in names)
    assert all(clean_words(corpus, name) == name.surface for name in names)
    assert all(a.end <= b.start for a, b in pairwise(names))


def test_everybody_in_the_list_is_named_and_every_office_has_a_source(corpus: Corpus) -> None:
    """The list of people holds nobody whom the texts do not name."""
    people = load_people().persons
    assert {person.name for person in people} == {m.person for m in find_mentions(corpus)}
    assert all(office.source for person in people for office in person.offices)


def test_both_were_secretary_of_the_security_council() -> None:
    """The office alone does not tell the Ivanovs apart: each held it, and never both at once."""
    holders = load_people().holders("Security Council Secretary")
    assert [person.name for person, _ in holders] == ["Igor Ivanov", "Sergei Ivanov"]
    in_2005 = load_people().holders("Security Council Secretary", earliest="2005", latest="2005")
    assert [person.name for person, _ in in_2005] == ["Igor Ivanov"]


def test_an_explanation_names_the_other_one() -> None:
    """Why an Ivanov is Igor is said in a sentence, with the rule and why not Sergei."""
    text = str(explain_mention("azizian-2003#p36", "Ivanov", nth=2))
    assert text.startswith("“Ivanov” in azizian-2003#p36 is Igor Ivanov: ")
    assert "rule: named before" in text
    assert "not Sergei Ivanov: " in text


@pytest.mark.parametrize(
    ("place", "name", "said"),
    [
        ("azizian-2003#p36", "Putin", "Names there: Igor Ivanov, Ivanov."),
        ("azizian-2003#p99", "Putin", "There is no passage 'azizian-2003#p99'."),
        ("azizian-2003#p01", "Putin", "Names there: none."),
    ],
)
def test_asking_for_a_name_that_is_not_there(
    corpus: Corpus, place: str, name: str, said: str
) -> None:
    """A name or place that does not exist gives one sentence that says what does."""
    with pytest.raises(UnknownNameError, match="'") as raised:
        explain_mention(place, name, corpus=corpus)
    assert said in str(raised.value)


OFFICE = {"title": "Minister", "of": "A", "from": "2000", "to": "2001", "source": "B"}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"name": "A B"}, {"name": "A B"}], "'A B' has two entries; keep one."),
        ([{"name": "A B"}, {"name": "C B", "spellings": ["A B"]}], "stands for A B and for C B"),
        ([{"name": "A B", "born": "1950"}], "A B: 'born' is not known here"),
        ([{"surname": "B"}], "'name' is missing"),
        ([1], "a person must be a table of its own: [[person]]."),
        ([[1]], "a person must be a table of its own: [[person]]."),
        ([{"name": "A B", "offices": [1]}], "A B: an office must be a table of its own"),
        ([{"name": "A B", "offices": [{**OFFICE, "to": "May 2001"}]}], "'May 2001' is no date"),
        ([{"name": "A B", "offices": [{**OFFICE, "to": "1999"}]}], "before it begins (2000)"),
        ([{"name": "A B", "offices": [{**OFFICE, "source": " "}]}], "the source is empty"),
    ],
)
def test_a_mistake_in_the_list_is_named(entries: list[Any], said: str) -> None:
    """A mistake in people.toml gives one sentence with the file and the entry."""
    with pytest.raises(DataError) as raised:
        read_people({"person": entries})
    assert str(raised.value).startswith("data/people.toml")
    assert said in str(raised.value)


def correct(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Mention:
    """The second name of a toy text, after a curated correction."""
    entry = {"place": "toy#p01", "name": "Ivanov", "nth": 1, "person": "Sergei Ivanov"}
    table = {"mention": [{**entry, "reason": "his voice", **changes}]}
    monkeypatch.setattr(helpers.people, "load_toml", lambda _: table)
    return find_mentions(toy_corpus("Igor Ivanov came. Ivanov spoke."))[1]


def test_a_curated_correction_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person corrects says so, with the reason; other corpora are left alone."""
    mention = correct(monkeypatch)
    assert (mention.person, mention.rule, mention.reason) == (
        "Sergei Ivanov",
        "curated",
        "his voice",
    )
    assert correct(monkeypatch, place="elsewhere#p01").person == "Igor Ivanov"


@pytest.mark.parametrize("changes", [{"nth": 2}, {"who": "he"}, {"name": "Putin"}])
def test_a_wrong_correction_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    """A correction that fits nothing gives one sentence with the file and the place."""
    with pytest.raises(DataError, match=r"data/attributions.toml, mention in toy#p01"):
        correct(monkeypatch, **changes)


def test_no_mention_of_the_course_needs_a_correction() -> None:
    """The rules alone resolve every name of the eight documents."""
    assert load_toml("attributions.toml").get("mention", []) == []
