"""What a reader does in JupyterLab: open, run, type, slip, save, come back."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from helpers.corpus import Corpus
from helpers.kwic import concordance
from helpers.search import find_passages
from tests.browser import Lab, find_errors, open_notebook, run_all_cells

FIRST, LESSON = "00-start-here.ipynb", "03-preemption.ipynb"
CONTROLS = ["Words", "Theme", "Document", "Speaker", "From year", "To year"]
COLLECTING = ["Passage", "Why (optional)", "Collect"]
PANEL = "jupyterapp.shell.currentWidget"


def cells(page: Page) -> list[list[str]]:
    """Kind and source of each cell of the open notebook."""
    found: list[list[str]] = page.evaluate(
        f"{PANEL}.content.model.toJSON().cells.map(cell => [cell.cell_type, cell.source])"
    )
    return found


def focused(page: Page) -> str:
    """The name of the element that takes the keys, as a screen reader says it."""
    name: str = page.evaluate(
        """() => {
            const here = document.activeElement;
            const label = here.labels?.[0]?.textContent;
            return label || here.getAttribute('aria-label') || here.textContent;
        }"""
    )
    return name.strip()


def press_tab_until(page: Page, name: str) -> list[str]:
    """Press Tab until the element of this name has the keys; the names on the way."""
    names: list[str] = []
    while name not in names:
        assert len(names) < 60, f"Tab does not reach {name!r}: {names}"
        page.keyboard.press("Tab")
        names.append(focused(page))
    return names


@pytest.fixture(scope="module")
def opened(browser: Browser, lab: Lab) -> Iterator[Page]:
    """The lesson on preemption with all its cells run, once for all tests."""
    with browser.new_context() as context:
        page = context.new_page()
        open_notebook(page, lab, LESSON)
        run_all_cells(page)
        page.get_by_role("textbox", name="Words").first.scroll_into_view_if_needed()
        yield page


@pytest.fixture
def running(opened: Page) -> Page:
    """The same with an explorer that shows every passage."""
    show_all(explorer(opened))
    return opened


def explorer(page: Page) -> Locator:
    return page.locator(".jp-OutputArea-output", has=page.get_by_label("Words", exact=True)).first


def show_all(box: Locator) -> None:
    """Take every condition of an explorer away, and go to the first page.

    First to no passage at all, so that what is seen in the end cannot be what was there before.
    """
    box.get_by_label("Words", exact=True).fill("zzz")
    expect(box.locator("article")).to_have_count(0)
    box.get_by_label("Words", exact=True).fill("")
    for name in ("Theme", "Document", "Speaker"):
        box.get_by_label(name, exact=True).select_option(f"any {name.lower()}")
    expect(box.get_by_role("status")).to_contain_text("122 of 122 passages, 1 to 10 shown")
    expect(box.locator("article")).to_have_count(10)


def test_typing_changes_the_list(running: Page) -> None:
    """All cells run without error, and each key typed into Words is answered at once."""
    assert find_errors(running) == []
    box, status = explorer(running), explorer(running).get_by_role("status")
    found = find_passages(theme="preemption")
    box.get_by_label("Theme", exact=True).select_option("preemption")
    expect(status).to_contain_text(found.title)
    box.get_by_label("Words", exact=True).click()
    running.keyboard.type("strike*")
    narrowed = find_passages("strike*", theme="preemption")
    expect(status).to_have_text(f"{narrowed.title}.")
    expect(box.locator("mark").first).to_have_text("strike")
    running.keyboard.type(' "')
    expect(status).to_contain_text("is never closed; add the closing one.")
    expect(box.locator("article")).to_have_count(len(narrowed))


def test_a_slip_of_a_key_destroys_nothing(running: Page) -> None:
    """With the focus on any control the notebook's own keys neither change nor delete a cell."""
    before = cells(running)
    box = explorer(running)
    box.get_by_label("Words", exact=True).click()
    for name in (*CONTROLS, *COLLECTING[:2]):
        slip(running, box.get_by_label(name, exact=True))
        assert cells(running) == before, f"keys typed on {name} changed the notebook"
    show_all(box)
    box.get_by_role("button", name="Next ten").click()  # so that both buttons are on
    for name in ("Next ten", "Previous ten"):
        slip(running, box.get_by_role("button", name=name))
        assert cells(running) == before, f"keys typed on {name} changed the notebook"
    expect(box.get_by_role("status")).to_contain_text("11 to 20 shown")


def slip(page: Page, control: Locator) -> None:
    """Type on a control what the notebook takes for orders: Markdown, cut, delete."""
    for key in "mxdd":
        control.focus()
        page.keyboard.press(key)
        page.wait_for_timeout(100)
        if page.locator(".jp-Dialog").count():  # Lab says that the cell is protected
            page.keyboard.press("Escape")


def test_the_keyboard_alone_reaches_everything(running: Page) -> None:
    """Tab goes from Words through every control, citation and raw source to Next ten."""
    box = explorer(running)
    first = find_passages().passages[0].id
    box.get_by_label("Words", exact=True).focus()
    names = press_tab_until(running, "Next ten")
    assert names[-4:-1] == COLLECTING
    assert names[:5] == CONTROLS[1:]
    assert names[5] == f"Citation of {first}"
    assert names[6].startswith(f"Raw source of {first}")
    running.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("11 to 20 shown")


def test_a_raw_source_unfolds_with_its_edits(running: Page) -> None:
    """The raw source is folded until it is asked for, and then shows what was changed."""
    box = explorer(running)
    box.get_by_label("Document", exact=True).select_option("ivanov-gvosdev-2002")
    expect(box.locator("article")).to_have_count(7)  # the list is the new one
    source = box.locator("details").nth(1)
    expect(source.locator("pre")).to_be_hidden()
    source.locator("summary").focus()
    running.keyboard.press("Enter")
    expect(source.locator("pre")).to_be_visible()
    expect(source.locator("del")).to_have_attribute(
        "title", "note_marker: The number of a note; the note itself is not in the file."
    )


def test_collecting_a_passage(running: Page) -> None:
    """By keyboard a passage goes into the evidence, is ticked there, and comes out again."""
    box = explorer(running)
    ids = [passage.id for passage in find_passages().passages]
    why = box.get_by_label("Why (optional)", exact=True)
    why.fill("")
    box.get_by_label("Passage", exact=True).select_option(ids[1])
    box.get_by_label("Passage", exact=True).focus()
    running.keyboard.press("Tab")
    running.keyboard.type("m d d: both tracks")
    running.keyboard.press("Tab")
    running.keyboard.press("Enter")
    expect(box).to_contain_text(f"Collected {ids[1]}: 1 in your evidence.")
    options = box.get_by_label("Passage", exact=True).locator("option")
    expect(options).to_have_text([ids[0], f"✓ {ids[1]}", *ids[2:10]])
    box.get_by_role("button", name="Next ten").click()
    expect(options).to_have_text(ids[10:20])
    box.get_by_role("button", name="Previous ten").click()
    box.get_by_label("Passage", exact=True).select_option(f"✓ {ids[1]}")
    expect(why).to_have_value("m d d: both tracks")
    box.get_by_role("button", name="Take out").click()
    expect(box).to_contain_text(f"Took out {ids[1]}: 0 in your evidence.")
    expect(options).to_have_text(ids[:10])


@pytest.mark.parametrize("name", [FIRST, LESSON])
def test_an_untrusted_lesson_shows_the_plain_form(page: Page, lab: Lab, name: str) -> None:
    """As stored and before any trust, the explorer is its settings, ten passages and citations."""
    open_notebook(page, lab, name)
    stored = nbformat.read(lab.folder / name, as_version=4)
    (cell,) = [c for c in stored.cells if c.cell_type == "code" and "Explorer(" in c.source]
    said = cell.outputs[0].data["text/plain"].removeprefix("PassageExplorer: ")
    total = int(said.split()[0])
    assert not page.evaluate(f"{PANEL}.content.widgets.at(-1).model.trusted")
    page.evaluate(f"{PANEL}.content.scrollToItem({stored.cells.index(cell)})")
    output = page.locator(".jp-OutputArea-output", has_text=said.partition(" — ")[2]).last
    expect(output.locator("article")).to_have_count(min(total, 10))
    expect(output).to_contain_text(f"{total} of 122 passages")
    expect(output.locator("article").first).to_contain_text("bytes")
    expect(page.locator(".jp-OutputArea", has_text="Error displaying widget")).to_have_count(0)


def test_a_saved_lesson_can_be_read_and_run_again(running: Page, lab: Lab) -> None:
    """Reopened after its kernel is gone the lesson reads on, and Run All brings it back."""
    running.evaluate("jupyterapp.commands.execute('docmanager:save')")
    running.wait_for_function(f"() => !{PANEL}.context.model.dirty")
    running.evaluate(f"{PANEL}.sessionContext.shutdown()")
    saved = nbformat.read(lab.folder / LESSON, as_version=4)
    assert "widgets" not in saved.metadata
    open_notebook(running, lab, LESSON)
    header = running.locator(".jp-RenderedMarkdown", has_text="Run → Run All Cells")
    expect(header.first).to_be_visible()
    expect(running.locator(".jp-OutputArea-output article").first).to_contain_text("azizian-2003")
    run_all_cells(running)
    assert find_errors(running) == []
    expect(explorer(running).get_by_role("status")).to_contain_text("of 122 passages")


def test_a_concordance_answers(page: Page, lab: Lab, corpus: Corpus) -> None:
    """Words, window and order of a concordance are answered at once, and so is a mistake."""
    open_notebook(page, lab, "10-summits-and-new-partners.ipynb")
    run_all_cells(page)
    label = page.get_by_label("Words on each side", exact=True)
    box = page.locator(".jp-OutputArea-output", has=label).first
    box.get_by_label("Words", exact=True).fill("sanctions")
    box.get_by_label("Order", exact=True).select_option("left")
    box.get_by_label("Words on each side", exact=True).fill("3")
    box.get_by_label("Words on each side", exact=True).press("Enter")
    table = concordance("sanctions", window=3, sort="left", corpus=corpus)
    expect(box.get_by_role("status")).to_contain_text(table.attrs["title"])
    expect(box.locator("tbody tr")).to_have_count(len(table))
    expect(box.locator("tbody tr td:nth-child(2)")).to_have_text(table["left"].str.strip().tolist())
    box.get_by_label("Words", exact=True).fill('"sanctions')
    expect(box.get_by_role("status")).to_contain_text("is never closed")
    expect(box.locator("tbody tr")).to_have_count(len(table))
