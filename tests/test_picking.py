"""Collecting from an explorer: what is chosen goes into the evidence, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.basket import my_evidence
from helpers.corpus import Corpus
from helpers.errors import WorkError
from helpers.widgets import ConcordanceExplorer, PassageExplorer
from helpers.workbook import Workbook, open_workbook
from tests.displays import read_page

IDS = ("edm-2010#p08", "azizian-2003#p17", "azizian-2003#p04")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """Nobody's work yet."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "my-work"))
    return open_workbook()


def said(explorer: PassageExplorer | ConcordanceExplorer) -> str:
    return read_page(explorer.basket.said.value)


def ticked(explorer: PassageExplorer | ConcordanceExplorer) -> list[str]:
    options = explorer.basket.passage.options
    return [value for label, value in options if label == f"✓ {value}"]


def test_collecting(work: Workbook, corpus: Corpus) -> None:
    """The row offers the passages on the page; collected ones get a tick, and stay."""
    explorer = PassageExplorer("preempt*", corpus=corpus)
    row = explorer.basket
    assert [value for _, value in row.passage.options] == [p.id for p in explorer.found]
    assert row.take_out.disabled
    row.passage.value = "azizian-2003#p04"
    row.why.value = " who claims it "
    row.collect.click()
    assert said(explorer) == "Collected azizian-2003#p04: 1 in your evidence."
    assert work.evidence()["azizian-2003#p04"].note == "who claims it"
    assert ticked(explorer) == ["azizian-2003#p04"]
    assert row.passage.value == "azizian-2003#p04"
    assert ticked(ConcordanceExplorer("preempt*", corpus=corpus)) == ["azizian-2003#p04"]
    assert "Why: who claims it" in repr(my_evidence())
    row.passage.value = next(p.id for p in explorer.found if p.id != "azizian-2003#p04")
    assert row.why.value == ""


def test_collected_again(work: Workbook, corpus: Corpus) -> None:
    """A passage collected shows why; collected again it has the new reason and its old place."""
    for name in IDS:
        work.save_evidence(name, note=f"note of {name}")
    explorer = PassageExplorer(document="azizian-2003", corpus=corpus)
    explorer.basket.passage.value = IDS[2]
    assert explorer.basket.why.value == f"note of {IDS[2]}"
    explorer.basket.why.value = "better"
    explorer.basket.collect.click()
    assert said(explorer) == f"Noted why for {IDS[2]}: 3 in your evidence."
    assert work.evidence()[IDS[2]].note == "better"
    assert tuple(work.evidence()) == IDS


def test_taking_out(work: Workbook, corpus: Corpus) -> None:
    """What is taken out is not in the evidence any more and loses its tick."""
    work.save_evidence(IDS[2], note="why")
    explorer = PassageExplorer(document="azizian-2003", corpus=corpus)
    explorer.basket.passage.value = IDS[2]
    explorer.basket.take_out.click()
    assert said(explorer) == f"Took out {IDS[2]}: 0 in your evidence."
    assert work.evidence() == {}
    assert ticked(explorer) == []
    assert explorer.basket.take_out.disabled
    assert explorer.basket.why.value == ""


def test_words_not_yet_saved_stay(work: Workbook, corpus: Corpus) -> None:
    """What was typed stays when another passage is chosen; what was only shown does not."""
    work.save_evidence(IDS[2], note="shown")
    explorer = PassageExplorer(document="azizian-2003", corpus=corpus)
    row = explorer.basket
    row.passage.value = IDS[2]
    row.passage.value = "azizian-2003#p05"
    assert row.why.value == ""
    row.why.value = "typed"
    row.passage.value = IDS[2]
    explorer.query.value = "Russia"
    assert row.why.value == "typed"


def test_the_list_follows_the_page(work: Workbook, corpus: Corpus) -> None:
    """Each page offers its own passages, the lines of a concordance theirs, and nothing none."""
    explorer = PassageExplorer(corpus=corpus)
    explorer.next.click()
    assert [v for _, v in explorer.basket.passage.options] == [p.id for p in corpus.passages[10:20]]
    explorer.query.value = "zzz"
    assert explorer.basket.passage.options == ()
    assert explorer.basket.collect.disabled
    lines = ConcordanceExplorer("Iran", corpus=corpus)
    offered = [value for _, value in lines.basket.passage.options]
    assert offered == list(dict.fromkeys(lines.table["passage_id"][:25]))
    lines.query.value = "zzz"
    assert lines.basket.passage.options == ()


def test_the_choice_stays_where_it_can(work: Workbook, corpus: Corpus) -> None:
    """A passage still on the page stays chosen; else the first is."""
    explorer = PassageExplorer(document="azizian-2003", corpus=corpus)
    explorer.basket.passage.value = IDS[2]
    explorer.theme.value = "preemption"
    assert explorer.basket.passage.value == IDS[2]
    explorer.theme.value = ""
    explorer.next.click()
    assert explorer.basket.passage.value == "azizian-2003#p11"


def test_work_that_cannot_be_saved(
    work: Workbook, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is said in a sentence; explorer, list and words stay."""
    explorer = PassageExplorer("preempt*", corpus=corpus)

    def refuse(*args: object, **kwargs: object) -> None:
        raise WorkError("The disk is full; <b>make room</b>.")

    monkeypatch.setattr(Workbook, "save_evidence", refuse)
    explorer.basket.why.value = "because"
    explorer.basket.collect.click()
    assert said(explorer) == "The disk is full; <b>make room</b>."
    assert explorer.basket.why.value == "because"
    monkeypatch.setattr(Workbook, "evidence", refuse)
    assert said(PassageExplorer("preempt*", corpus=corpus)) == "The disk is full; <b>make room</b>."


def test_stored_forms_do_not_depend_on_saved_work(work: Workbook, corpus: Corpus) -> None:
    """An explorer is stored alike before and after something was collected."""

    def stored() -> list[object]:
        made = (PassageExplorer("Iran", corpus=corpus), ConcordanceExplorer("Iran", corpus=corpus))
        bundles = [explorer._repr_mimebundle_() for explorer in made]
        return [(b["text/html"], b["text/plain"]) for b in bundles]

    before = stored()
    work.save_evidence(IDS[0], note="why")
    work.save_evidence(next(iter(PassageExplorer("Iran", corpus=corpus).found)).id)
    assert stored() == before


def test_every_control_has_a_name(work: Workbook, corpus: Corpus) -> None:
    """Each control of the row has a visible name."""
    row = PassageExplorer(corpus=corpus).basket
    names = [control.description for control in row.children[0].children]
    assert names == ["Passage", "Why (optional)", "Collect", "Take out"]
