"""The question card, touched without a browser: its controls are set, its HTML is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from helpers import cards
from helpers.answers import expected_answer
from helpers.cards import QuestionCard
from helpers.corpus import Corpus
from helpers.errors import UnknownNameError, WorkError
from helpers.loading import course_corpus
from helpers.questions import check_questions, load_questions
from helpers.search import keep_documents
from helpers.sheets import mark_up, render_sheet, say_answer, say_plain
from helpers.workbook import Workbook, open_workbook
from tests.displays import read_page
from tests.toys import toy_questions

QUESTIONS = load_questions()
every_question = pytest.mark.parametrize("name", QUESTIONS)
TEXT = "These are more than eight words about what the passages show."
NAMED = (
    ipywidgets.Button,
    ipywidgets.Checkbox,
    ipywidgets.Combobox,
    ipywidgets.Dropdown,
    ipywidgets.Text,
    ipywidgets.Textarea,
)


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """An empty folder for this test's work, and the students' edition."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "work"))
    monkeypatch.delenv("TWO_TRACKS_EDITION", raising=False)
    return open_workbook()


def status(card: QuestionCard) -> str:
    assert 'role="status"' in card.status.value or not card.status.value
    return read_page(card.status.value)


def plain(card: QuestionCard) -> str:
    return str(card._repr_mimebundle_()["text/html"])


def answer(card: QuestionCard, value: Any) -> str:
    """Put an answer in, press Check, and read what the card says."""
    card.input.fill(value)
    card.check.click()
    return status(card)


def leaves(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    for child in getattr(widget, "children", ()):
        yield from leaves(child)
    if not getattr(widget, "children", ()):
        yield widget


@every_question
def test_a_card_is_answered_saved_and_found_again(name: str, work: Workbook) -> None:
    """The model answer is right, is saved at once, and stands there when the lesson is opened."""
    question = QUESTIONS[name]
    card = QuestionCard(name)
    assert status(card) == ""
    assert answer(card, expected_answer(question)).startswith("Right. ")
    assert status(card).endswith("Saved.")
    saved = work.answers()[name]
    assert (saved.right, saved.wording) == (True, question.wording)
    again = QuestionCard(name)
    assert again.input.read() == card.input.read()
    assert status(again).startswith("Right. ")
    assert status(again).endswith("This is your saved answer.")


@every_question
def test_every_control_has_a_visible_name(name: str) -> None:
    """No control is without a description, and none is of a kind that hides it."""
    controls = [w for w in leaves(QuestionCard(name)) if not isinstance(w, ipywidgets.HTML)]
    assert controls
    for control in controls:
        assert type(control) in NAMED
        assert control.description


@every_question
def test_what_a_notebook_stores_says_nothing_of_saved_work(name: str, corpus: Corpus) -> None:
    """Text and HTML are the same before and after answers and hints, in whoever's folder."""
    before = QuestionCard(name)
    stored = (repr(before), plain(before))
    assert before._repr_mimebundle_()["text/plain"] == stored[0]
    answer(before, expected_answer(QUESTIONS[name]))
    before.hint.click()
    for card in (before, QuestionCard(name)):
        assert (repr(card), plain(card)) == stored
    question = QUESTIONS[name]
    page = read_page(stored[1])
    assert page_of(question.prompt) in page
    assert all(page_of(hint) in page for hint in question.hints)
    assert all(page_of(option.text) in page for option in question.options)
    assert all(corpus.passage(passage).text in page for passage in question.passages)
    assert page_of(question.model) not in page
    assert "\n" not in stored[0]


def page_of(text: str) -> str:
    return read_page(f"<p>{mark_up(text)}</p>")


def test_a_wrong_answer_is_told_why_and_saved(work: Workbook) -> None:
    """A mistake is answered with its reason, and kept as the latest answer."""
    card = QuestionCard("preemption-2")
    assert answer(card, "Ivanov").startswith("Not yet. Which Ivanov? Igor Ivanov or Sergei")
    assert answer(card, "sergei ivanov").startswith("Not yet. Sergei Ivanov, the defence minister")
    assert (work.answers()["preemption-2"].value, work.answers()["preemption-2"].right) == (
        "sergei ivanov",
        False,
    )


def test_nothing_is_saved_of_an_empty_answer(work: Workbook) -> None:
    """Check without an answer says what to do and saves nothing."""
    for name in ("preemption-1", "preemption-2", "preemption-3", "preemption-5"):
        card = QuestionCard(name)
        card.check.click()
        assert status(card).startswith("Not yet. ")
    assert work.answers() == {}
    assert not work.folder.exists()


def test_one_option_takes_the_tick_from_the_others() -> None:
    """Where one option is right only one can be ticked; where several are, any number."""
    card = QuestionCard("preemption-1")
    boxes = card.input.controls
    boxes[0].value = boxes[2].value = True
    assert card.input.read() == [card.question.options[2].text]
    boxes[2].value = False
    assert card.input.read() == []


def toy_card(monkeypatch: pytest.MonkeyPatch, number: int, **changes: Any) -> QuestionCard:
    question = replace(check_questions(toy_questions(), "toy.toml")[f"toy-{number}"], **changes)
    monkeypatch.setattr(cards, "load_questions", lambda: {question.id: question})
    return QuestionCard(question.id)


def test_several_options_and_an_order(monkeypatch: pytest.MonkeyPatch, work: Workbook) -> None:
    """What is left out of a choice or an order is said."""
    card = toy_card(monkeypatch, 1)
    assert "not all. 1 more is right." in answer(card, ["one"])
    assert answer(card, ["one", "two"]).startswith("Right.")
    card = toy_card(monkeypatch, 2)
    assert [control.description for control in card.input.controls] == ["First", "Second", "Third"]
    assert "has no place yet." in answer(card, ["monitor-2000", "", ""])
    assert work.answers()["toy-2"].value == ["monitor-2000", "", ""]
    assert answer(card, ["monitor-2000", "azizian-2003", "edm-2010"]).startswith("Right.")


def test_a_text_is_saved_when_one_leaves_it(work: Workbook) -> None:
    """Without Check a text is saved; after Check it can be compared and its points ticked."""
    card = QuestionCard("preemption-4")
    (area,) = card.input.controls
    assert not area.continuous_update
    assert card.ticks.layout.display == "none"
    area.value = TEXT
    assert work.answers()["preemption-4"].value == {"text": TEXT, "points": []}
    assert status(card) == "Saved. Press Check when you are ready."
    assert card.model.value == ""
    card.check.click()
    assert status(card).startswith("Compare it with the model answer")
    assert page_of(card.question.model) in read_page(card.model.value)
    assert card.ticks.layout.display is None
    card.input.points[card.question.points[0]].value = True
    assert work.answers()["preemption-4"].value["points"] == [card.question.points[0]]
    assert "still missing: " in status(card)
    again = QuestionCard("preemption-4")
    assert [box.value for box in again.input.points.values()] == [True, False, False]
    assert again.model.value


def test_collected_evidence_is_filled_in(work: Workbook) -> None:
    """The button adds the collected passages to those typed, each once."""
    card = QuestionCard("preemption-5")
    assert card.input.collect is not None
    card.input.collect.click()
    assert status(card).startswith("You have collected no passage yet")
    for name in ("azizian-2003#p32", "ivanov-gvosdev-2002#p04"):
        work.save_evidence(name)
    card.input.fill({"passages": "azizian-2003#p32", "text": ""})
    card.input.collect.click()
    card.input.collect.click()
    assert card.input.read()["passages"] == "azizian-2003#p32\nivanov-gvosdev-2002#p04"
    assert work.answers()["preemption-5"].value == card.input.read()
    card.check.click()
    lines = card.status.value.split("<p>")
    assert len(lines) == 3
    assert "Cited so far: 2; at least 3" in lines[1]
    assert "Your own argument is missing" in lines[2]


def test_hints_come_one_by_one() -> None:
    """The button names the next hint; what was given stays; after the last there is none."""
    card = QuestionCard("preemption-5")
    assert [card.hint.description, card.hints.value] == ["Hint 1 of 3", ""]
    for number, hint in enumerate(card.question.hints, 1):
        card.hint.click()
        assert f"Hint {number} of 3: {page_of(hint)}" in read_page(card.hints.value)
    assert (card.hint.description, card.hint.disabled) == ("No more hints", True)


def test_a_line_is_checked_when_one_leaves_it(work: Workbook) -> None:
    """Enter, or leaving the line, does what Check does; Check again saves no second record."""
    card = QuestionCard("preemption-3")
    (line,) = card.input.lines
    assert not line.continuous_update
    line.value = "3"
    assert status(card).startswith("Not yet. That is the number for the spelling")
    card.check.click()
    assert status(card).endswith("Saved.")
    assert len(work.records()) == 1
    work.undo()
    card.check.click()
    assert work.answers()["preemption-3"].value == "3"


def test_a_question_worded_anew_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to another wording is shown beside the empty controls, and never taken for one."""
    answer(QuestionCard("preemption-2"), "<b>Igor</b> Ivanov")
    question = replace(QUESTIONS["preemption-2"], prompt="Who?")
    monkeypatch.setattr(cards, "load_questions", lambda: {question.id: question})
    card = QuestionCard(question.id)
    assert card.input.read() == ""
    assert "<b>" not in card.status.value
    assert status(card) == (
        "This question was worded anew after you answered it; please answer again. "
        "Your answer was: “<b>Igor</b> Ivanov”"
    )
    answer(card, "Igor Ivanov")
    assert QuestionCard(question.id).input.read() == "Igor Ivanov"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preemption-1", None),
        ("preemption-2", {"a": 1}),
        ("preemption-4", ["x"]),
        ("preemption-4", {"text": "x"}),
        ("preemption-5", {"passages": [1], "text": "x"}),
    ],
)
def test_a_saved_answer_of_another_form_is_shown(name: str, value: Any, work: Workbook) -> None:
    """What was saved in a form that does not fit is shown as it is, and the card still works."""
    work.save_answer(name, value, wording=QUESTIONS[name].wording, right=None)
    card = QuestionCard(name)
    assert status(card).startswith("Your saved answer was: “")
    assert answer(card, expected_answer(card.question)).startswith("Right.")


def test_work_that_cannot_be_saved_stays_in_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full the card says so, and what was typed is still there."""

    def fail(*_: object, **__: object) -> None:
        raise WorkError("The disk is full; free some space.")

    card = QuestionCard("preemption-4")
    monkeypatch.setattr(Workbook, "save_answer", fail)
    card.input.controls[0].value = TEXT
    assert status(card).startswith("The disk is full; free some space. Your answer still stands")
    card.check.click()
    assert "The disk is full" in status(card)
    assert card.input.text == TEXT
    monkeypatch.setattr(Workbook, "answers", fail)
    monkeypatch.setattr(Workbook, "evidence", fail)
    card = QuestionCard("preemption-5")
    assert status(card) == "The disk is full; free some space."
    assert card.input.collect is not None
    card.input.collect.click()
    assert status(card) == "The disk is full; free some space."


def test_markup_that_somebody_types_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script in an answer or a question is shown, never run, live and stored."""
    script = "<script>alert(1)</script>"
    card = toy_card(monkeypatch, 1, prompt=script, hints=(script,), model=script)
    card.hint.click()
    cite = toy_card(monkeypatch, 3, prompt=script)
    answer(cite, {"passages": script, "text": script})
    for shown in (card, cite):
        for html in (
            plain(shown),
            *(w.value for w in leaves(shown) if isinstance(w, ipywidgets.HTML)),
        ):
            assert "<script" not in str(html)
    assert "There is no document “script”" in status(cite)
    assert script in read_page(plain(card))


def test_model_answers_are_for_instructors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the instructor's edition holds the model answer, with what was computed."""
    monkeypatch.setenv("TWO_TRACKS_EDITION", "instructor")
    card = QuestionCard("preemption-3")
    assert page_of(card.question.model) in read_page(plain(card))
    assert page_of(card.question.model) in read_page(card.model.value)
    assert read_page(card.model.value).startswith("Model answer6")
    part = QuestionCard("preemption-3", corpus=keep_documents(["monitor-2000"]))
    assert read_page(part.model.value).startswith("Model answer0")


@every_question
def test_misreadings_are_for_instructors(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Her edition shows each typical mistake with what the card says to it, and none is right."""
    question = load_questions()[name]
    wrong = [*question.mistakes, *(option for option in question.options if not option.right)]
    assert "typically misread" not in render_sheet(question, course_corpus())
    monkeypatch.setenv("TWO_TRACKS_EDITION", "instructor")
    sheet = read_page(render_sheet(question, course_corpus()))
    said = [one.why for one in wrong if page_of(one.why) in sheet]
    fits = [option for option in question.options if option.fits is not None]
    assert fits or len(said) == len(wrong)
    assert ("typically misread" in sheet) == bool(said)


@every_question
def test_a_card_about_other_documents_says_so(name: str) -> None:
    """In any part of the corpus a card can be shown, checked and asked for hints."""
    for document in ("monitor-2000", "eastern-axis-2021"):
        part = keep_documents([document])
        card = QuestionCard(name, corpus=part)
        card.hint.click()
        card.check.click()
        said = "With these settings the question cannot be answered"
        assert (said in read_page(plain(card))) == (said in status(card))
        assert (said in status(card)) == (said in render_sheet(card.question, part))


def test_a_card_that_does_not_exist_is_named() -> None:
    """An unknown id is answered with the nearest."""
    with pytest.raises(UnknownNameError, match="Did you mean 'preemption-2'"):
        QuestionCard("preemtion-2")


def test_marks_of_our_own() -> None:
    """Stars and backticks are marks, but not the star of a query, and a control shows none."""
    text = "Is *this <b>* or `pre*` found by pre* and by (*that*)?"
    marked = "Is <em>this &lt;b&gt;</em> or <code>pre*</code> found by pre* and by (<em>that</em>)?"
    assert mark_up(text) == marked
    assert say_plain(text) == "Is this <b> or pre* found by pre* and by (that)?"


def test_an_answer_in_one_line() -> None:
    """An answer of any form can be said in one line."""
    assert say_answer({"passages": ["a", "b"], "text": " c "}) == "a; b · c"
    assert say_answer(["", ""]) == ""
    assert say_answer(7) == "7"
