"""From a folder to a corpus: every mark accounted for, every rule a choice."""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import (
    Claim,
    Corpus,
    count_choices,
    count_edits,
    draw_speakers,
    find_mentions,
    find_passages,
    find_quotations,
    load_corpus,
    measure_themes,
    show_misses,
    show_passage,
    show_quotations,
    stream_folder,
)
from helpers.adopting import PROPOSED, find_proposals
from helpers.cards import QuestionCard
from helpers.edits import apply_edits, undo_edits
from helpers.errors import DataError, UnknownNameError
from tests.folders import PAPER, SPEECH, TEXTS, make_folder, make_pdf

ERRATUM = (
    '[[erratum]]\nseed = "paper.txt"\ncontext = "the doctrine came"\nwrong = "came"\n'
    'right = "went"\nreason = "So in print."\n'
).replace("the d", "The d")
PEOPLE = '[[person]]\nname = "Ada Minister"\nsurname = "Minister"\n'


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "mine", speech__md=SPEECH, paper__txt=PAPER)


def check_ledgers(corpus: Corpus) -> None:
    """Edits give the clean text and back; every mark that is no blank is held exactly once."""
    for name, ledger in corpus.ledgers.items():
        text, document = ledger.source.text, None
        assert undo_edits(ledger.clean(), ledger.edits) == text
        assert all(a.end <= b.start for a, b in pairwise(ledger.edits))
        held = [0] * len(text)
        for document in (d for d in corpus.documents if d.seed_file == name):
            for passage in document.passages:
                raw = text[passage.start : passage.end]
                edits = corpus.edits_in(passage)
                assert apply_edits(raw, edits, offset=passage.start) == passage.text
                assert undo_edits(passage.text, edits, offset=passage.start) == raw
                assert ledger.source.slice_bytes(passage.byte_start, passage.byte_end) == raw
            for block in document.blocks:
                for place in range(block.start, block.end):
                    held[place] += 1
        assert document
        for edit in ledger.edits:
            inside = any(b.start <= edit.start and edit.end <= b.end for b in document.blocks)
            for place in range(edit.start, edit.end):
                held[place] += not inside
        assert {held[i] for i, mark in enumerate(text) if not mark.isspace()} <= {1}


@given(
    st.dictionaries(st.sampled_from(["a.txt", "b.md", "c.txt"]), TEXTS, min_size=1),
    st.sets(st.sampled_from(PROPOSED)),
)
def test_nothing_is_lost_whatever_the_texts_and_rules(
    texts: dict[str, str], rules: set[str]
) -> None:
    """In made-up folders edits apply and undo exactly, and hold every mark once with the text."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in texts.items():
            Path(name, file).write_bytes(text.encode())
        corpus = load_corpus(name, rules=sorted(rules))
    check_ledgers(corpus)
    assert all("\n" not in passage.text for passage in corpus.passages)
    assert {edit.rule for ledger in corpus.ledgers.values() for edit in ledger.edits} <= {
        *rules,
        *("front_matter", "markup", "stray", "whitespace"),
    }


def test_nothing_is_cleaned_that_was_not_accepted(mine: Path) -> None:
    """Without rules only blanks, front matter and signs of Markdown change."""
    corpus = load_corpus(mine)
    check_ledgers(corpus)
    assert corpus.passage("speech#p01").text.startswith("We speak about Iran and the sanc- tions")
    assert set(count_edits(corpus=corpus)["rule"]) == {"front_matter", "markup", "whitespace"}
    assert corpus.rules_on == ("front_matter", "markup", "stray", "erratum", "whitespace")


def test_accepted_rules_are_carried_out(mine: Path) -> None:
    """Furniture goes, a paragraph it had cut becomes whole, words and marks are mended."""
    rules = ["page_number", "running_head", "site_furniture", "mojibake", "broken_word"]
    corpus = load_corpus(mine, rules=rules)
    check_ledgers(corpus)
    assert [passage.text for passage in corpus.document("paper").passages] == [
        "The axis was named in 2002 and it was “not wise”, said the minister who was there.",
        "The doctrine came next.",
        "This is the end of the text.",
    ]
    assert corpus.document("paper").title == "The axis"
    assert "the sanctions today" in corpus.passage("speech#p01").text


def test_a_file_in_the_folder_accepts_rules_for_good(mine: Path) -> None:
    """cleaning.toml says which rules are carried out; a list in the call overrules it."""
    make_folder(mine, cleaning__toml='rules = ["broken_word"]')
    assert "the sanctions today" in load_corpus(mine).passage("speech#p01").text
    assert "sanc- tions" in load_corpus(mine, rules=[]).passage("speech#p01").text
    with pytest.raises(UnknownNameError, match="no cleaning rule 'whitespaces'"):
        load_corpus(mine, rules=["whitespaces"])


def test_what_is_proposed_is_what_is_done(mine: Path) -> None:
    """With all rules accepted the ledgers hold the proposals, no more and no less."""
    proposed = {p.rule: len(p.edits) for p in find_proposals(mine)}
    corpus = load_corpus(mine, rules=PROPOSED)
    done = Counter(edit.rule for ledger in corpus.ledgers.values() for edit in ledger.edits)
    assert proposed == {rule: done[rule] for rule in PROPOSED if done[rule]}
    assert proposed["mojibake"] == 2


def test_errata_of_ones_own_are_carried_out(mine: Path) -> None:
    """errata.toml corrects one place, with its reason; words that are not there are named."""
    corpus = load_corpus(make_folder(mine, errata__toml=ERRATUM))
    (edit,) = (e for e in corpus.ledgers["paper.txt"].edits if e.rule == "erratum")
    assert (edit.before, edit.after, edit.reason) == ("came", "went", "So in print.")
    make_folder(mine, errata__toml=ERRATUM.replace("The doctrine", "No doctrine"))
    with pytest.raises(DataError, match=r"errata\.toml.*do not stand in it"):
        load_corpus(mine)


def test_a_hit_leads_back_to_its_bytes(mine: Path) -> None:
    """Words found in a mended text are the raw file's at the bytes given."""
    corpus = load_corpus(mine, rules=["broken_word"])
    found = find_passages("sanctions", corpus=corpus)
    raw = corpus.sources["speech.md"]
    places = [hit for passage in found for hit in found.hits(passage)]
    assert [raw.slice_bytes(hit.byte_start, hit.byte_end) for hit in places] == [
        "sanc-\ntions",
        "sanctions",
    ]


def test_pages_of_a_pdf_are_kept_across_a_removed_head(tmp_path: Path) -> None:
    """A sentence over two pages is one passage of both, without the lines between them."""
    words = "none of the sentences of this kind of paper is ever read to its end", "by", "anybody."
    pages = [[f"NEWS {n}", f"{words[n - 1]} and {n * 'so '}on", str(n)] for n in (1, 2, 3)]
    folder = make_folder(tmp_path, x__pdf=make_pdf(*pages))
    corpus = load_corpus(folder, rules=["page_number", "running_head"])
    check_ledgers(corpus)
    (passage,) = corpus.document("x").passages
    assert passage.page == "1–3"
    assert "and so on by and so so on anybody" in passage.text


def test_nobody_is_named_from_the_list_of_the_course(mine: Path) -> None:
    """Without people of its own a corpus has no mentions and quotations, and says why."""
    corpus = load_corpus(mine)
    assert find_mentions(corpus) == find_quotations(corpus) == ()
    said = "mine has no people.toml, so no names and no quotations are read in it"
    assert said in show_quotations(corpus=corpus).text
    assert said in str(draw_speakers(corpus=corpus))


def test_people_of_ones_own_are_named(mine: Path) -> None:
    """With people.toml those people are found, and nobody else."""
    make_folder(mine, people__toml=PEOPLE, q__txt="Putin left. “We do not go,” said Ada Minister.")
    corpus = load_corpus(mine)
    assert {mention.person for mention in find_mentions(corpus)} == {"Ada Minister"}
    assert [q.speaker for q in find_quotations(corpus) if q.passage_id == "q#p01"] == [
        "Ada Minister"
    ]
    make_folder(mine, people__toml="[[person]]\nnam = 'x'\n")
    with pytest.raises(DataError, match=r"mine/people\.toml"):
        find_mentions(load_corpus(mine))


def test_what_belongs_to_the_course_says_so(mine: Path) -> None:
    """Its questions, its readers' codes and its passages are not taken for the folder's."""
    corpus = load_corpus(mine)
    card = QuestionCard("source-4", corpus=corpus)
    assert "about the course's texts, not about those in mine" in card._repr_mimebundle_()[
        "text/html"
    ].replace("&#x27;", "'")
    assert measure_themes("iran", corpus=corpus).loc["iran", "marked"] == 0
    assert "no reader has coded mine" in show_misses("iran", corpus=corpus).text
    shown = show_passage("monitor-2000#p01", corpus=corpus).text
    assert shown.startswith("monitor-2000#p01 is a passage of the course; here is paper#p01")


def test_a_rule_can_be_switched_off_for_a_claim(mine: Path) -> None:
    """What a mended word does to a count can be tried on texts of one's own too."""
    corpus = load_corpus(mine, rules=["broken_word"])
    sides = {"more": {"document": "speech"}, "less": {"document": "paper"}}
    claim = Claim("The speech has more.", query="sanctions", **sides)  # type: ignore[arg-type]
    table = count_choices(claim, rules="broken_word", corpus=corpus)
    assert list(table.iloc[:, 0]) == [2, 1]


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("errata", 'erratum = "x"', "'erratum' must be a list"),
        ("errata", "erratum = [1]", "an erratum must be a table of its own"),
        ("errata", '[[erratum]]\nseed = ["a"]', "'seed' must be text"),
        ("errata", '[[errata]]\nseed = "a.txt"', "'errata' is not known here; known: erratum"),
    ],
)
def test_settings_of_another_form_are_named(
    mine: Path, name: str, settings: str, said: str
) -> None:
    """A file of corrections that holds something else is said in a sentence, before any text."""
    make_folder(mine, **{f"{name}__toml": settings})
    for read in (load_corpus, stream_folder):
        with pytest.raises(DataError, match=rf"{name}\.toml.*{said}"):
            read(mine)


def test_rules_that_are_overruled_may_be_anything(mine: Path) -> None:
    """A list in a list is no rule; where other rules are named it does not matter."""
    make_folder(mine, cleaning__toml='rules = [["x"]]')
    assert load_corpus(mine, rules=[]).rules_on == load_corpus(mine, rules=()).rules_on
    with pytest.raises(UnknownNameError, match="no cleaning rule"):
        load_corpus(mine)
