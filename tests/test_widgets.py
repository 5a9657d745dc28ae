"""The explorer, touched without a browser: its controls are set, its HTML is read."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import ipywidgets
import pytest

from helpers.corpus import Corpus
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.search import find_passages, keep_documents, known_values
from helpers.widgets import PassageExplorer
from tests.displays import read_page
from tests.toys import MARKUP, markup_corpus, toy_corpus

CONTROLS = ("query", "theme", "document", "speaker", "first_year", "last_year")


def status(explorer: PassageExplorer) -> str:
    assert explorer.status.value.startswith('<div role="status">')
    return read_page(explorer.status.value)


def shown(explorer: PassageExplorer) -> list[str]:
    return re.findall(r"<article><p><strong>(.*?)</strong>", explorer.passages.value)


def plain(explorer: PassageExplorer) -> str:
    return str(explorer._repr_mimebundle_()["text/html"])


@pytest.mark.parametrize(
    "settings",
    [
        {"query": "Putin"},
        {"theme": "preemption"},
        {"document": "azizian-2003"},
        {"speaker": "Vladimir Putin"},
        {"query": "Russia", "theme": "iran", "document": "azizian-2003"},
    ],
)
def test_a_control_does_what_the_setting_does(corpus: Corpus, settings: dict[str, str]) -> None:
    """Set by hand or from the start, the controls show what the same search finds."""
    by_hand = PassageExplorer(corpus=corpus)
    for name, value in settings.items():
        getattr(by_hand, name).value = value
    from_start = PassageExplorer(corpus=corpus, **settings)  # type: ignore[arg-type]
    found = find_passages(corpus=corpus, **settings)  # type: ignore[arg-type]
    for explorer in (by_hand, from_start):
        assert explorer.found.passages == found.passages
        assert explorer.found.conditions == found.conditions
        assert status(explorer).startswith(found.title)
        assert shown(explorer) == [p.id for p in found][:10]
    assert by_hand.passages.value == from_start.passages.value


def test_years_are_bounded_by_the_documents(corpus: Corpus) -> None:
    """The year boxes hold the years of the documents, and leave nothing out at first."""
    explorer = PassageExplorer(corpus=corpus)
    boxes = (explorer.first_year, explorer.last_year)
    assert [(box.min, box.value, box.max) for box in boxes] == [
        (2000, 2000, 2021),
        (2000, 2021, 2021),
    ]
    explorer.last_year.value = 2003
    assert explorer.found.conditions == "years 2000–2003"
    assert {p.doc_id for p in explorer.found} == {
        "monitor-2000",
        "ivanov-gvosdev-2002",
        "azizian-2003",
    }
    explorer.last_year.value = 2021
    assert len(explorer.found) == 122


@pytest.mark.parametrize("years", [(2002, 2010), (None, 2002), (2019, None), (1990, 1999)])
def test_years_to_begin_with_stay(corpus: Corpus, years: Any) -> None:
    """The years given at the start hold until they are changed, whatever else is."""
    explorer = PassageExplorer(years=years, corpus=corpus)
    before = explorer.found.passages
    explorer.query.value = "zzz"
    explorer.query.value = ""
    assert explorer.found.passages == before == find_passages(years=years, corpus=corpus).passages


def test_years_the_wrong_way_round_are_answered(corpus: Corpus) -> None:
    """The sentence says what to write; the list stays as it was."""
    explorer = PassageExplorer("Iran", corpus=corpus)
    before = explorer.passages.value
    explorer.last_year.value = 2002
    explorer.first_year.value = 2003
    assert "2003–2002 are the wrong way round; write 2002–2003." in status(explorer)
    explorer.first_year.value, explorer.last_year.value = 2000, 2021
    assert explorer.passages.value == before


def test_pages_are_turned(corpus: Corpus) -> None:
    """Ten a page, forwards and back, and the buttons are off where there is no more."""
    explorer = PassageExplorer(corpus=corpus)
    pages = [shown(explorer)]
    assert status(explorer) == "122 of 122 passages, 1 to 10 shown."
    assert explorer.previous.disabled
    while not explorer.next.disabled:
        explorer.next.click()
        pages.append(shown(explorer))
    assert status(explorer) == "122 of 122 passages, 121 to 122 shown."
    assert [passage_id for page in pages for passage_id in page] == [p.id for p in corpus.passages]
    explorer.previous.click()
    assert shown(explorer) == pages[-2]
    explorer.query.value = "Putin"
    assert status(explorer).endswith(", 1 to 10 shown.")
    assert explorer.previous.disabled


def test_one_page_needs_no_turning(corpus: Corpus) -> None:
    """With ten passages or fewer both buttons are off and all are shown."""
    explorer = PassageExplorer("preempt*", corpus=corpus)
    assert status(explorer) == "3 of 122 passages."
    assert len(shown(explorer)) == 3
    assert explorer.previous.disabled
    assert explorer.next.disabled
    explorer.query.value = "zzz"
    assert status(explorer) == "0 of 122 passages."
    assert "No passage fits" in read_page(explorer.passages.value)


def test_a_query_that_cannot_be_read_keeps_the_last_result(corpus: Corpus) -> None:
    """While a query is being typed the sentence says what is missing, and the list stays."""
    explorer = PassageExplorer("preempt*", corpus=corpus)
    found, before = explorer.found, explorer.passages.value
    explorer.query.value = '"axis of'
    assert "is never closed; add the closing one." in status(explorer)
    assert status(explorer).endswith("The passages below are the last result.")
    assert explorer.passages.value == before
    assert explorer.found is found
    explorer.query.value = '"axis of evil"'
    assert status(explorer).startswith(find_passages('"axis of evil"', corpus=corpus).title)


def test_a_hint_is_announced(corpus: Corpus) -> None:
    """What may have been meant otherwise is said beside the number."""
    explorer = PassageExplorer("war and peace", corpus=corpus)
    assert status(explorer).endswith("passages. " + explorer.found.query.hints[0])


def test_every_control_has_a_visible_name(corpus: Corpus) -> None:
    """No control of any kind is without a description, and none is of a kind that hides it."""
    explorer = PassageExplorer(corpus=corpus)
    names = {name: getattr(explorer, name).description for name in CONTROLS}
    assert names == {
        "query": "Words",
        "theme": "Theme",
        "document": "Document",
        "speaker": "Speaker",
        "first_year": "From year",
        "last_year": "To year",
    }
    kinds = (ipywidgets.Text, ipywidgets.Dropdown, ipywidgets.BoundedIntText, ipywidgets.Button)
    for control in (
        *(getattr(explorer, name) for name in CONTROLS),
        explorer.previous,
        explorer.next,
    ):
        assert isinstance(control, kinds)
        assert control.description


def test_choices_are_the_names_that_exist(corpus: Corpus) -> None:
    """Each choice offers any, and every name of its kind."""
    explorer = PassageExplorer(corpus=corpus)
    for kind in ("theme", "document", "speaker"):
        (label, value), *names = getattr(explorer, kind).options
        assert (label, value) == (f"any {kind}", "")
        assert [value for _, value in names] == known_values(kind, corpus=corpus)


def test_a_part_of_the_corpus_can_be_explored(corpus: Corpus) -> None:
    """A lesson's settings make an explorer of any part, even one where nothing fits them."""
    small = keep_documents(["monitor-2000"], corpus=corpus)
    explorer = PassageExplorer(
        theme="israel", document="edm-2010", speaker="Dmitry Peskov", corpus=small
    )
    assert status(explorer) == "0 of 5 passages."
    explorer.speaker.value = explorer.document.value = explorer.theme.value = ""
    assert status(explorer) == "5 of 5 passages."


def test_a_stored_explorer_can_be_read(corpus: Corpus) -> None:
    """Without a kernel there are the settings, the first ten passages of how many, citations."""
    explorer = PassageExplorer(theme="iran", years=(2003, 2021), corpus=corpus)
    explorer.next.click()
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {
        "application/vnd.jupyter.widget-view+json",
        "text/html",
        "text/plain",
    }
    page = read_page(bundle["text/html"])
    total = len(explorer.found)
    assert f"{total} of 122 passages; the first 10 are shown — theme iran · years 2003" in page
    assert "<script" not in bundle["text/html"]
    for passage in explorer.found.passages[:10]:
        assert passage.text in page
        assert corpus.cite(passage) in page
    assert bundle["text/plain"] == repr(explorer)
    assert len(repr(explorer)) < 110


def test_the_text_form_does_not_change() -> None:
    """Two explorers of the same settings print alike, whatever their addresses."""
    assert repr(PassageExplorer("Iran")) == repr(PassageExplorer("Iran"))
    assert repr(PassageExplorer("zzz")) == "PassageExplorer: 0 of 122 passages — query zzz"


def test_markup_in_a_text_is_text() -> None:
    """A passage that holds a script shows it, live, in the status and in the stored form."""
    explorer = PassageExplorer("alert", corpus=markup_corpus())
    for html in (explorer.passages.value, plain(explorer)):
        assert "<script" not in html
        assert "<b>" not in html
        assert MARKUP in unescape(html)
    read_page(explorer.passages.value)
    explorer.query.value = '"<b>'
    assert "<b>" not in explorer.status.value
    assert '"<b>' in status(explorer)


def test_a_text_without_date_can_be_explored() -> None:
    """Where no year is known the year boxes leave nothing out."""
    explorer = PassageExplorer(corpus=toy_corpus("A B", "C", date=""))
    explorer.query.value = "A"
    assert status(explorer) == "1 of 2 passages."


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"query": "(war"}, QueryError, "never closed"),
        ({"theme": "irn"}, UnknownNameError, "Did you mean 'iran'"),
        ({"years": (2010, 2000)}, SettingError, "wrong way round"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    settings: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """A wrong setting in a notebook is answered at once, with what to change."""
    with pytest.raises(error, match=sentence):
        PassageExplorer(**settings)
