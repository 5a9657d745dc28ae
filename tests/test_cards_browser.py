"""A question answered in JupyterLab with the keyboard, closed, run again and found again."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Lab, find_errors, open_notebook, run_all_cells
from tests.test_browser import press_tab_until, slip
from tests.test_handouts_browser import find_faults

NAME = "cards.ipynb"
KINDS = ("preemption-1", "preemption-2", "preemption-3", "preemption-4", "preemption-5", "source-1")
ARGUMENT = "It need not contradict itself, since the evidence and the neighbour differ."


@pytest.fixture(scope="module")
def opened(browser: Browser, lab: Lab) -> Iterator[Page]:
    """A notebook with a card of every kind, run from top to bottom."""
    cells = [new_code_cell(f'QuestionCard("{name}")') for name in KINDS]
    for cell in cells:
        cell.metadata.update(editable=False, deletable=False)
    cells.insert(0, new_code_cell("from helpers import QuestionCard"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab.folder / NAME)
    with browser.new_context() as context:
        page = context.new_page()
        open_notebook(page, lab, NAME)
        run_all_cells(page)
        yield page


def card(page: Page, name: str) -> Locator:
    """The live card of a question."""
    return page.locator(".tt-card", has=page.get_by_text(f"Question {name}", exact=True))


def test_a_card_is_answered_with_the_keyboard(opened: Page, lab: Lab) -> None:
    """Tab, blank, letters and Enter tick, type and check; after a restart the answers are there."""
    assert find_errors(opened) == []
    choice, number = card(opened, "preemption-1"), card(opened, "preemption-3")
    choice.get_by_role("checkbox").first.focus()
    opened.keyboard.press("Space")
    press_tab_until(opened, "Check")
    opened.keyboard.press("Enter")
    expect(choice.get_by_role("status")).to_contain_text("Not yet. Its second sentence announces")
    press_tab_until(opened, "Hint 1 of 2")
    opened.keyboard.press("Enter")
    expect(choice).to_contain_text("Hint 1 of 2: Look at the words")
    number.get_by_label("Your answer", exact=True).focus()
    opened.keyboard.type("7")
    opened.keyboard.press("Enter")
    expect(number.get_by_role("status")).to_contain_text("One passage has two of them")
    opened.keyboard.press("Backspace")
    opened.keyboard.type("6")
    opened.keyboard.press("Enter")
    expect(number.get_by_role("status")).to_contain_text("Right. 6 passages, in ivanov-gvosdev")
    opened.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    open_notebook(opened, lab, NAME)
    run_all_cells(opened)
    expect(number.get_by_label("Your answer", exact=True)).to_have_value("6")
    expect(number.get_by_role("status")).to_contain_text("This is your saved answer.")
    expect(choice.get_by_role("checkbox").first).to_be_checked()


def test_a_text_is_saved_by_leaving_it(opened: Page, lab: Lab) -> None:
    """What is typed into an argument is there again after a restart, though nobody checked it."""
    argument = card(opened, "preemption-5").get_by_label("Your argument", exact=True)
    argument.fill(ARGUMENT)
    argument.press("Tab")
    expect(card(opened, "preemption-5").get_by_role("status")).to_contain_text("Saved.")
    opened.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    open_notebook(opened, lab, NAME)
    run_all_cells(opened)
    expect(argument).to_have_value(ARGUMENT)


def test_axe_finds_no_fault_in_a_card(opened: Page) -> None:
    """Cards of every kind, answered and with hints, have no fault that axe-core can find."""
    for name in KINDS:
        card(opened, name).get_by_role("button", name="Check").click()
        card(opened, name).get_by_role("button", name="Hint").click()
        expect(card(opened, name).get_by_role("status")).to_have_count(2)
    assert find_faults(opened, {"include": [[".tt-card"]]}) == []


def test_a_slip_of_a_key_leaves_a_card(opened: Page) -> None:
    """With the focus on a box, a list or a button the notebook's own keys change no cell."""
    count = opened.locator(".jp-Cell").count()
    slip(opened, card(opened, "preemption-1").get_by_role("checkbox").first)
    slip(opened, card(opened, "preemption-1").get_by_role("button", name="Check"))
    slip(opened, card(opened, "source-1").get_by_label("First", exact=True))
    assert opened.locator(".jp-Cell").count() == count
    expect(opened.locator(".tt-card")).to_have_count(len(KINDS))
