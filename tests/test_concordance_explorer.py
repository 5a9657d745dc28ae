"""The concordance to touch, without a browser: its controls are set, its HTML is read."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import ipywidgets
import pytest

from helpers.corpus import Corpus
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.kwic import SORTS, concordance
from helpers.search import keep_documents
from helpers.widgets import ConcordanceExplorer
from tests.displays import read_page
from tests.toys import MARKUP, markup_corpus

CONTROLS = ("query", "window", "sort", "theme", "document")


def status(explorer: ConcordanceExplorer) -> str:
    assert explorer.status.value.startswith('<div role="status">')
    return read_page(explorer.status.value)


def shown(explorer: ConcordanceExplorer) -> list[tuple[str, str]]:
    """The passage and the bytes of each line."""
    cells = r'<tr><td style="[^"]*">([^<]*)</td>.*?<td style="[^"]*">(\d+–\d+)</td></tr>'
    return re.findall(cells, explorer.results.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"window": 0},
        {"window": 3, "sort": "left"},
        {"sort": "right", "theme": "counterterrorism"},
        {"document": "ivanov-gvosdev-2002"},
        {"query": "Iran", "sort": "speaker"},
        {"query": "zzz"},
    ],
)
def test_a_control_does_what_the_setting_does(corpus: Corpus, settings: dict[str, Any]) -> None:
    """Set by hand or from the start, the controls show the lines of the same concordance."""
    by_hand = ConcordanceExplorer("terror*", corpus=corpus)
    for name, value in settings.items():
        getattr(by_hand, name).value = value
    from_start = ConcordanceExplorer(**{"query": "terror*", **settings}, corpus=corpus)
    table = concordance(**{"query": "terror*", **settings}, corpus=corpus)
    lines = [(r.passage_id, f"{r.byte_start}–{r.byte_end}") for r in table.head(25).itertuples()]
    for explorer in (by_hand, from_start):
        assert explorer.table.equals(table)
        assert shown(explorer) == lines
        assert status(explorer).startswith(table.attrs["title"])
    assert by_hand.results.value == from_start.results.value


def test_pages_are_turned(corpus: Corpus) -> None:
    """Twenty-five lines a page, of how many is said, and no line is lost or shown twice."""
    explorer = ConcordanceExplorer("Iran", corpus=corpus)
    pages = [shown(explorer)]
    assert status(explorer) == "31 lines in 15 of 122 passages, 1 to 25 shown."
    assert explorer.previous.disabled
    explorer.next.click()
    pages.append(shown(explorer))
    assert status(explorer) == "31 lines in 15 of 122 passages, 26 to 31 shown."
    assert explorer.next.disabled
    assert [len(page) for page in pages] == [25, 6]
    rows = concordance("Iran", corpus=corpus).itertuples()
    assert [*pages[0], *pages[1]] == [(r.passage_id, f"{r.byte_start}–{r.byte_end}") for r in rows]
    explorer.query.value = "preempt*"
    assert status(explorer) == "3 lines in 3 of 122 passages."


def test_every_line_leads_to_its_passage(corpus: Corpus) -> None:
    """Under the lines each of their passages stands once, with its citation and marks."""
    explorer = ConcordanceExplorer("Iran", corpus=corpus)
    page = read_page(explorer.results.value)
    for passage_id in {name for name, _ in shown(explorer)}:
        passage = corpus.passage(passage_id)
        assert page.count(passage.text) == 1
        assert page.count(corpus.cite(passage)) == 1
    assert explorer.results.value.count("<details>") == 1


@pytest.mark.parametrize(
    ("control", "value", "sentence"),
    [
        ("query", '"axis', "is never closed; add the closing one."),
        ("query", " ", "A concordance needs a word to look for"),
        ("window", -1, "A window of -1 words is impossible; take 0 or more."),
    ],
)
def test_a_mistake_keeps_the_last_result(
    corpus: Corpus, control: str, value: Any, sentence: str
) -> None:
    """What cannot be read gets one sentence, and the lines stay as they were."""
    explorer = ConcordanceExplorer("Iran", corpus=corpus)
    table, before = explorer.table, explorer.results.value
    getattr(explorer, control).value = value
    assert sentence in status(explorer)
    assert status(explorer).endswith("The lines below are the last result.")
    assert explorer.results.value == before
    assert explorer.table is table


def test_every_control_has_a_visible_name(corpus: Corpus) -> None:
    """No control is without a description, and none is of a kind that hides it."""
    explorer = ConcordanceExplorer("Iran", corpus=corpus)
    names = [getattr(explorer, name).description for name in CONTROLS]
    assert names == ["Words", "Words on each side", "Order", "Theme", "Document"]
    assert explorer.sort.options == SORTS
    kinds = (ipywidgets.Text, ipywidgets.IntText, ipywidgets.Dropdown)
    assert all(isinstance(getattr(explorer, name), kinds) for name in CONTROLS)
    assert explorer.next.description == "Next 25"


def test_a_stored_explorer_can_be_read(corpus: Corpus) -> None:
    """Without a kernel there are the settings, the first 25 lines of how many, and passages."""
    explorer = ConcordanceExplorer("Iran", window=4, sort="right", corpus=corpus)
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {
        "application/vnd.jupyter.widget-view+json",
        "text/html",
        "text/plain",
    }
    asked = "query Iran · 4 words on each side · order: right"
    head = f"31 lines in 15 of 122 passages; the first 25 are shown — {asked}"
    assert head in read_page(bundle["text/html"])
    assert "data-concordance=" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]
    assert bundle["text/plain"] == repr(explorer)
    assert repr(explorer) == f"ConcordanceExplorer: 31 lines in 15 of 122 passages — {asked}"


def test_a_part_of_the_corpus_can_be_explored(corpus: Corpus) -> None:
    """A lesson's settings make an explorer of any part, even one where nothing fits them."""
    small = keep_documents(["monitor-2000"], corpus=corpus)
    explorer = ConcordanceExplorer("preempt*", theme="israel", document="edm-2010", corpus=small)
    assert status(explorer) == "0 lines in 0 of 5 passages."
    assert "No line fits" in read_page(explorer.results.value)
    assert "No line fits" in explorer._repr_mimebundle_()["text/html"]


def test_markup_in_a_text_is_text() -> None:
    """A passage that holds a script shows it, live and in the stored form."""
    explorer = ConcordanceExplorer("alert", window=99, corpus=markup_corpus())
    for html in (explorer.results.value, str(explorer._repr_mimebundle_()["text/html"])):
        assert "<script" not in html
        assert "<b>" not in html
        assert MARKUP in unescape(html)


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"query": '"war'}, QueryError, "never closed"),
        ({"query": ""}, QueryError, "needs a word"),
        ({"window": -1}, SettingError, "A window of -1 words is impossible"),
        ({"sort": "year"}, UnknownNameError, "no order 'year'. Did you mean"),
        ({"theme": "irn"}, UnknownNameError, "Did you mean 'iran'"),
        ({"document": "edm"}, UnknownNameError, "Did you mean 'edm-2010'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    settings: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """A wrong setting in a notebook is answered at once, with what to change."""
    with pytest.raises(error, match=sentence):
        ConcordanceExplorer(**{"query": "war", **settings})
