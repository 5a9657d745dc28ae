"""Where a passage comes from: every edit with its reason, the bytes around it, its card."""

from __future__ import annotations

import pytest

from helpers.corpus import Corpus
from helpers.errors import SettingError, UnknownNameError
from helpers.evidence import explain_passage, show_card, show_source
from helpers.loading import load_corpus
from tests.displays import read_page
from tests.toys import toy_corpus


def test_every_passage_is_explained_by_all_its_edits(corpus: Corpus) -> None:
    """Raw and clean text stand side by side, and each edit has a row with its reason."""
    for passage in corpus.passages:
        shown = explain_passage(passage.id, corpus=corpus)
        source, edits = corpus.source_of(passage), corpus.edits_in(passage)
        page = read_page(shown.html)
        raw = source.text[passage.start : passage.end]
        assert raw in shown.text
        assert passage.text in shown.text
        assert passage.text in page
        rows = [edit for edit in edits if edit.rule != "whitespace"]
        assert shown.html.count("<tr>") == len(rows) + bool(rows)
        for edit in rows:
            place = f"{source.byte(edit.start)}–{source.byte(edit.end)}"
            assert f"{place} | {edit.rule} | " in shown.text
            assert f"{place}{edit.rule}" in page
            assert edit.reason in shown.text
            assert edit.reason in page
        blanks = f"{len(edits) - len(rows)} changes of blanks"
        assert shown.text.endswith(blanks)
        assert page.endswith(blanks)


def test_without_a_rule_its_edits_are_gone(corpus: Corpus) -> None:
    """Switched off, a rule explains nothing any more."""
    rough = load_corpus(without=["note_marker"])
    assert "note_marker" in explain_passage("ivanov-gvosdev-2002#p02", corpus=corpus).text
    assert "note_marker" not in explain_passage("ivanov-gvosdev-2002#p02", corpus=rough).text


def test_blanks_and_breaks_are_visible() -> None:
    """In the rows of edits, blanks and line breaks are signs; a long text is cut with a mark."""
    shown = explain_passage("azizian-2003#p33")
    assert "␣↵↵↵9␣␣-␣␣7␣↵↵↵" in shown.text
    assert " … " in shown.text.split("running_head")[1]


@pytest.mark.parametrize("around", [0, 1, 300, 10**6])
def test_the_source_is_shown_as_it_is(corpus: Corpus, around: int) -> None:
    """The raw bytes of a passage are marked in as much of the file as was asked for."""
    for passage_id in ("azizian-2003#p01", "azizian-2003#p33", "edm-2010#p08"):
        passage = corpus.passage(passage_id)
        source = corpus.source_of(passage)
        shown = show_source(passage_id, around=around, corpus=corpus)
        raw = source.slice_bytes(passage.byte_start, passage.byte_end)
        assert shown.text.partition("⟦")[2].partition("⟧")[0] == raw
        head, _, text = shown.text.partition("\n\n")
        assert head.startswith(
            f"{passage.id}: bytes {passage.byte_start}–{passage.byte_end} of {source.name}"
        )
        left, right = text.split("⟦")[0], text.split("⟧")[1]
        assert left + raw + right in source.text
        assert len(left) == min(around, passage.start)
        assert len(right) == min(around, len(source.text) - passage.end)
        assert read_page(shown.html) == head + left + raw + right


def test_a_card_says_how_we_know(corpus: Corpus) -> None:
    """Each document's card holds author, date, certainty and the words that support them."""
    for document in corpus.documents:
        shown = show_card(document.id, corpus=corpus)
        page = read_page(shown.html)
        source = corpus.source_of(document)
        assert f"({document.author_certainty})" in page
        assert f"{document.date}, {document.date_precision}" in page
        for evidence in filter(None, (document.author_evidence, document.date_evidence)):
            start, end = source.byte(evidence.start), source.byte(evidence.end)
            words = " ".join(source.slice_bytes(start, end).split())
            assert f"“{words}” (bytes {start}–{end}). {evidence.note}" in page
            assert f"“{words}” (bytes {start}–{end}). {evidence.note}" in shown.text


def test_a_card_invents_nothing() -> None:
    """Of a text of which nothing is known the card says just that."""
    shown = show_card("toy", corpus=toy_corpus("A", date=""))
    assert "title: none in the file\nauthor: not named (unknown)\n" in shown.text
    assert "date: none\n" in shown.text


def test_what_cannot_be_explained(corpus: Corpus) -> None:
    """A wrong name or a negative length is answered with what to change."""
    for explain in (explain_passage, show_source):
        with pytest.raises(UnknownNameError, match="Did you mean 'azizian-2003#p04'"):
            explain("azizian-2003#4", corpus=corpus)
    with pytest.raises(UnknownNameError, match="Did you mean 'edm-2010'"):
        show_card("edm", corpus=corpus)
    with pytest.raises(SettingError, match="take 0 or more"):
        show_source("edm-2010#p01", around=-1, corpus=corpus)
