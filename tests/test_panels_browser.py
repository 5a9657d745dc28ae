"""Coding in JupyterLab with the keyboard: digits and Enter, closed, opened again, gone on."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Lab, find_errors, open_notebook, run_all_cells
from tests.test_browser import press_tab_until, slip
from tests.test_handouts_browser import find_faults

NAME = "panel.ipynb"


@pytest.fixture(scope="module")
def opened(browser: Browser, lab: Lab) -> Iterator[Page]:
    """A notebook with a panel for the codebook's passages, run from top to bottom."""
    cells = [new_code_cell("from helpers import CodingPanel"), new_code_cell("CodingPanel()")]
    cells[1].metadata.update(editable=False, deletable=False)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab.folder / NAME)
    with browser.new_context() as context:
        page = context.new_page()
        open_notebook(page, lab, NAME)
        run_all_cells(page)
        yield page


@pytest.fixture
def panel(opened: Page) -> Locator:
    return opened.locator(".tt-panel")


def test_two_passages_by_quick_keys(opened: Page, panel: Locator, lab: Lab) -> None:
    """Digits and Enter code two passages; after a restart the panel goes on at the third."""
    assert find_errors(opened) == []
    status, place = panel.get_by_role("status"), panel.locator("article strong").first
    expect(status).to_have_text("0 of 20 passages coded. This is passage 1 of your order.")
    first = place.inner_text()
    panel.get_by_label("Quick keys", exact=True).click()
    opened.keyboard.type("1 3")
    opened.keyboard.press("Enter")
    expect(status).to_contain_text(f"{first} saved: 1 3. 1 of 20 passages coded.")
    second = place.inner_text()
    opened.keyboard.type("0")
    opened.keyboard.press("Enter")
    expect(status).to_contain_text(f"{second} saved: no code. 2 of 20 passages coded.")
    third = place.inner_text()
    assert len({first, second, third}) == 3
    opened.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    open_notebook(opened, lab, NAME)
    run_all_cells(opened)
    expect(status).to_have_text("2 of 20 passages coded. This is passage 3 of your order.")
    expect(place).to_have_text(third)
    panel.get_by_role("button", name="Back").click()
    panel.get_by_role("button", name="Back").click()
    expect(place).to_have_text(first)
    boxes = panel.get_by_role("checkbox")
    expect(panel.get_by_label("1 claims a right to strike first", exact=True)).to_be_checked()
    assert [n for n, box in enumerate(boxes.all(), 1) if box.is_checked()] == [1, 3]


def test_a_wrong_key_stays_to_be_put_right(opened: Page, panel: Locator) -> None:
    """A digit that is no code saves nothing; put right, it saves what is there now."""
    status, quick = panel.get_by_role("status"), panel.get_by_label("Quick keys", exact=True)
    quick.fill("9")
    quick.press("Enter")
    expect(status).to_contain_text("There is no code '9'; nothing was saved.")
    expect(quick).to_have_value("9")
    quick.fill("4 5")
    quick.press("Enter")
    expect(status).to_contain_text("saved: 4 5.")
    panel.get_by_role("button", name="Undo").click()
    expect(status).to_contain_text("Taken back: the codes of ")


def test_leaving_the_field_only_ticks(opened: Page, panel: Locator) -> None:
    """Tab instead of Enter ticks the codes and saves nothing; the buttons are next."""
    status, quick = panel.get_by_role("status"), panel.get_by_label("Quick keys", exact=True)
    done = status.inner_text().split(" passages coded")[0][-7:]
    quick.click()
    opened.keyboard.type("2")
    assert press_tab_until(opened, "Save and next") == ["Save and next"]
    expect(status).to_contain_text(f"not saved yet: press Save and next. {done.strip()} passages")
    expect(panel.get_by_label("2 denies or limits such a right", exact=True)).to_be_checked()


def test_a_slip_of_a_key_leaves_the_panel(opened: Page, panel: Locator) -> None:
    """With the focus on a box or a button the notebook's own keys change no cell."""
    slip(opened, panel.get_by_role("checkbox").first)
    slip(opened, panel.get_by_role("button", name="Save and next"))
    slip(opened, panel.get_by_label("Note (optional)", exact=True))
    expect(panel).to_have_count(1)
    expect(opened.locator(".jp-Cell")).to_have_count(2)


def test_axe_finds_no_fault_in_a_panel(opened: Page, panel: Locator) -> None:
    """The panel, with the meaning of its codes unfolded, has no fault that axe-core can find."""
    panel.get_by_text("What the codes mean").click()
    expect(panel.get_by_text("Give it:").first).to_be_visible()
    assert find_faults(opened, {"include": [[".tt-panel"]]}) == []
