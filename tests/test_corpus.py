"""The course's corpus as a whole: eight documents, 122 passages, every byte accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from helpers.cleaning import RULES
from helpers.corpus import Corpus
from helpers.edits import apply_edits, undo_edits
from helpers.errors import UnknownNameError
from helpers.loading import course_corpus, load_corpus

COUNTS = {
    "ivanov-gvosdev-2002": 7,
    "azizian-2003": 40,
    "monitor-2000": 5,
    "edm-2010": 8,
    "roadmap-2018": 18,
    "russia-turkey-2021": 16,
    "lavrov-israel-2021": 18,
    "eastern-axis-2021": 10,
}
SWITCHABLE = [rule.name for rule in RULES if rule.switchable]
OFF: list[Sequence[str]] = [(), *([name] for name in SWITCHABLE), SWITCHABLE]


def test_documents_and_passages_have_their_ids(corpus: Corpus) -> None:
    """Eight documents with 122 passages, numbered from 1 in reading order."""
    assert {d.id: len(d.passages) for d in corpus.documents} == COUNTS
    assert len(corpus.passages) == 122
    for document in corpus.documents:
        numbers = [passage.number for passage in document.passages]
        assert numbers == list(range(1, len(numbers) + 1))
        assert [p.start for p in document.passages] == sorted(p.start for p in document.passages)
        assert all(p.id == f"{document.id}#p{p.number:02d}" for p in document.passages)


@pytest.mark.parametrize("without", OFF, ids=lambda names: "+".join(names) or "all rules on")
def test_applying_and_undoing_are_exact(without: Sequence[str]) -> None:
    """Edits make each passage from its bytes and give the raw file back, whatever is off."""
    made = load_corpus(without=without)
    for ledger in made.ledgers.values():
        assert undo_edits(ledger.clean(), ledger.edits) == ledger.source.text
    for passage in made.passages:
        source = made.source_of(passage)
        raw = source.slice_bytes(passage.byte_start, passage.byte_end)
        assert raw == source.text[passage.start : passage.end]
        assert apply_edits(raw, made.edits_in(passage), offset=passage.start) == passage.text
        assert made.raw_chars(passage, 0, len(passage.text)) == (passage.start, passage.end)
    assert not {edit.rule for ledger in made.ledgers.values() for edit in ledger.edits} & {*without}


@pytest.mark.parametrize("without", OFF, ids=lambda names: "+".join(names) or "all rules on")
def test_ids_and_bytes_do_not_depend_on_text_rules(corpus: Corpus, without: Sequence[str]) -> None:
    """Switching rules off changes texts, never where passages begin and end."""
    made = load_corpus(without=without)
    spans = [(p.id, p.byte_start, p.byte_end, p.section, p.page) for p in made.passages]
    whole = [(p.id, p.byte_start, p.byte_end, p.section, p.page) for p in corpus.passages]
    if "split_token" in without or "whitespace" in without:  # they also mend one heading
        spans, whole = ([s[:3] for s in item] for item in (spans, whole))
    assert spans == whole


@pytest.mark.parametrize("name", SWITCHABLE)
def test_every_text_rule_does_something(corpus: Corpus, name: str) -> None:
    """Without any one of the text rules at least one passage reads otherwise."""
    texts = [passage.text for passage in load_corpus(without=[name]).passages]
    assert texts != [passage.text for passage in corpus.passages]


def test_every_mark_is_kept_or_accounted_for(corpus: Corpus) -> None:
    """Each byte that is no blank is in exactly one edit, or survives in exactly one block."""
    for name, ledger in corpus.ledgers.items():
        held = bytearray(len(ledger.source.text))
        blocks = [b for d in corpus.documents if d.seed_file == name for b in d.blocks]
        for block in blocks:
            for place in range(block.start, block.end):
                held[place] += 1
        for edit in ledger.edits:
            inside = any(b.start <= edit.start and edit.end <= b.end for b in blocks)
            for place in range(edit.start, edit.end):
                held[place] += not inside
        marks = Counter(held[i] for i, mark in enumerate(ledger.source.text) if not mark.isspace())
        assert set(marks) == {1}, name


def test_edits_have_a_known_rule_and_a_reason(corpus: Corpus) -> None:
    """No edit is without reason, none comes from a rule outside the list, none overlaps."""
    names = {rule.name for rule in RULES}
    for ledger in corpus.ledgers.values():
        assert all(edit.rule in names and edit.reason for edit in ledger.edits)
        position = 0
        for edit in ledger.edits:
            assert position <= edit.start < edit.end
            position = edit.end


def test_a_removal_takes_the_blanks_beside_it(corpus: Corpus) -> None:
    """Around a removed part no blank is left over; inside a passage one stands in its place."""
    removals = {rule.name for rule in RULES if not rule.switchable}
    for name, ledger in corpus.ledgers.items():
        text = ledger.source.text
        spans = [(p.start, p.end) for p in corpus.passages if corpus.source_of(p).name == name]
        done = -1
        for edit in (edit for edit in ledger.edits if edit.rule in removals):
            assert not text[edit.end : edit.end + 1].isspace()
            assert edit.start == done or not text[max(0, edit.start - 1) : edit.start].isspace()
            inside = any(start < edit.start and edit.end < end for start, end in spans)
            assert edit.after == (" " if inside and edit.start != done else "")
            done = edit.end


def test_what_was_removed_is_what_the_files_hold(corpus: Corpus) -> None:
    """The parts that are not text, by rule: as many as a reader of the files counts."""
    rules = Counter(e.rule for ledger in corpus.ledgers.values() for e in ledger.edits)
    counted = {rule.name: rules[rule.name] for rule in RULES if rule.name != "whitespace"}
    assert counted == {
        "form": 1,
        "page_number": 7,
        "running_head": 7,
        "masthead": 6,
        "sidebar": 1,
        "caption": 2,
        "credit": 3,
        "biography": 2,
        "dek": 1,
        "misplaced_heading": 2,
        "site_furniture": 21,
        "teaser": 7,
        "bullet": 8,
        "stray": 1,
        "note_marker": 1,
        "erratum": 5,
        "line_hyphen": 3,
        "hyphen_break": 3,
        "split_token": 16,
    }


@pytest.mark.parametrize(
    ("passage", "section", "page"),
    [
        ("azizian-2003#p01", "Executive Summary", "9-1"),
        ("azizian-2003#p09", "U.S.-RUSSIA RELATIONS AFTER SEPTEMBER 11", "9-2"),
        ("azizian-2003#p13", "U.S.-RUSSIA RELATIONS AFTER SEPTEMBER 11", "9-2–9-3"),
        ("azizian-2003#p17", "DISAGREEMENTS ON CENTRAL ASIA", "9-3–9-4"),
        ("azizian-2003#p21", "DIFFERING INTERPRETATIONS OF THE AXIS OF EVIL", "9-4"),
        ("azizian-2003#p23", "DIFFERING INTERPRETATIONS OF THE AXIS OF EVIL > IRAQ", "9-5"),
        ("azizian-2003#p25", "DIFFERING INTERPRETATIONS OF THE AXIS OF EVIL > IRAN", "9-5"),
        ("azizian-2003#p28", "DIFFERING INTERPRETATIONS OF THE AXIS OF EVIL > NORTH KOREA", "9-5"),
        ("azizian-2003#p33", "MIXED REACTION TO THE CONCEPT OF PREEMPTIVE STRIKES", "9-6–9-7"),
        ("azizian-2003#p39", "WEAPONS OF MASS DESTRUCTION", "9-7–9-8"),
        ("azizian-2003#p40", "CONCLUSION", "9-8"),
        ("eastern-axis-2021#p03", "", ""),
        ("eastern-axis-2021#p08", "China’s approach vis-à-vis Afghanistan", ""),
        ("roadmap-2018#p12", "", ""),
    ],
)
def test_a_passage_stands_under_its_own_heading(
    corpus: Corpus, passage: str, section: str, page: str
) -> None:
    """Sections are those a reader of the printed page would give, pages those of the file."""
    found = corpus.passage(passage)
    assert (found.section, found.page) == (section, page)


def test_what_is_not_stated_is_not_invented(corpus: Corpus) -> None:
    """Two dates and two authors are stated; the others say that they are inferred, or lack."""
    sure = {d.id for d in corpus.documents if "inferred" not in d.date_precision}
    assert sure == {"azizian-2003", "lavrov-israel-2021"}
    assert {d.id for d in corpus.documents if d.author_certainty == "stated"} == sure
    for document in corpus.documents:
        assert bool(document.authors) == (document.author_certainty != "unknown")
        assert document.date_earliest <= document.date_latest
        assert document.date_earliest[: len(document.date)] <= document.date
        assert document.date <= document.date_latest


def test_evidence_stands_in_the_file(corpus: Corpus) -> None:
    """The words that support an author or a date are what the raw file says there."""
    for document in corpus.documents:
        for evidence in filter(None, (document.author_evidence, document.date_evidence)):
            text = corpus.source_of(document).text
            assert text[evidence.start : evidence.end] == evidence.words
            assert evidence.note


def test_titles_deks_and_captions_are_kept_aside(corpus: Corpus) -> None:
    """Text that is no passage but in which names count is there, raw."""
    kinds = Counter(extra.kind for document in corpus.documents for extra in document.extras)
    assert kinds == {"title": 7, "dek": 1, "caption": 2}


def test_a_citation_leads_to_the_bytes(corpus: Corpus) -> None:
    """What was inferred stands in square brackets; bytes and file end the line."""
    passage = corpus.passage("roadmap-2018#p06")
    assert corpus.cite(passage).startswith("[Igor Ivanov], “A Roadmap")
    assert f"bytes {passage.byte_start}–{passage.byte_end} of seeds/004" in corpus.cite(passage)
    assert "[untitled]" in corpus.document("monitor-2000").citation


def test_an_unknown_id_is_answered_with_the_nearest(corpus: Corpus) -> None:
    """A mistyped document or passage is answered with one that exists."""
    with pytest.raises(UnknownNameError, match="Did you mean 'azizian-2003'"):
        corpus.document("azizian-2002")
    with pytest.raises(UnknownNameError, match="Did you mean 'azizian-2003#p04'"):
        corpus.passage("azizian-2003#4")


def test_the_course_corpus_is_loaded_once() -> None:
    """Whoever asks for the course's corpus gets the same one."""
    assert course_corpus() is course_corpus()
