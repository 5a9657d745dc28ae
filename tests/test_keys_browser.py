"""Keys typed in an output are the output's, and keys typed on a cell are the notebook's."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, expect

from helpers.corpus import Corpus
from helpers.search import find_passages, known_values
from helpers.sources import find_folder
from tests.browser import Lab, find_errors, open_notebook, run_all_cells
from tests.test_browser import PANEL, cells, explorer

NAME = "keys.ipynb"
# Every default key of command mode without Ctrl, Alt or Cmd; d, i and 0 act when doubled.
KEYS = [*"abcjkmrvxyz", *"ddii00", *"123456", *"ABJKLMRZ"]
ARROWS = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"]
EXTENDING = ["Shift+ArrowDown", "Shift+ArrowUp", "Shift+Home", "Shift+End"]
MODIFIERS = {"Accel", "Alt", "Cmd", "Ctrl"}
LAB = Path(sys.prefix, "share", "jupyter", "lab")


def own_settings() -> Path:
    return find_folder("notebooks").parent / "helpers" / "jupyterlab.json"


def is_plain(shortcut: dict[str, Any]) -> bool:
    """Whether a shortcut has keys, none of them with Ctrl, Alt or Cmd."""
    keys = [part for key in shortcut["keys"] for part in key.split()]
    return bool(keys) and not MODIFIERS.intersection(keys)


def test_every_plain_key_of_the_notebook_is_narrowed() -> None:
    """Each default that hears plain keys from an output is off, and on again outside outputs."""
    shortcuts = json.loads(own_settings().read_text(encoding="utf-8"))[
        "@jupyterlab/shortcuts-extension:shortcuts"
    ]["shortcuts"]
    schemas = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((LAB / "schemas").rglob("*.json"))
    ]
    defaults = [
        {name: shortcut[name] for name in ("command", "keys", "selector")}
        for schema in schemas
        for shortcut in schema.get("jupyter.lab.shortcuts", ())
        if " :focus" in shortcut["selector"] and is_plain(shortcut)
    ]
    off = [shortcut for shortcut in shortcuts if shortcut.get("disabled")]
    narrowed = [shortcut for shortcut in shortcuts if not shortcut.get("disabled")]
    assert sorted(off, key=str) == sorted(({**one, "disabled": True} for one in defaults), key=str)
    assert narrowed == [
        {
            "command": one["command"],
            "keys": one["keys"],
            "selector": f"{one['selector']}:not(.jp-OutputArea *)",
        }
        for one in off
    ]


def test_jupyterlab_has_the_settings_of_this_checkout() -> None:
    """The environment's JupyterLab reads the settings as they are in `helpers/`."""
    installed = LAB / "settings" / "overrides.d" / "two-tracks.json"
    assert installed.read_bytes() == own_settings().read_bytes(), "Install the course again."


@pytest.fixture(scope="module")
def opened(browser: Browser, lab: Lab) -> Iterator[Page]:
    """An explorer in a cell that nothing protects, between text and a plain output, all run."""
    notebook = new_notebook(
        cells=[
            new_markdown_cell("Before"),
            new_code_cell("from helpers import PassageExplorer\n\nPassageExplorer()"),
            new_code_cell("'plain ' + 'output'"),
        ],
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
        },
    )
    nbformat.write(notebook, lab.folder / NAME)
    with browser.new_context() as context:
        page = context.new_page()
        open_notebook(page, lab, NAME)
        run_all_cells(page)
        expect(explorer(page).get_by_role("status")).to_contain_text("1 to 10 shown")
        yield page


def active(page: Page) -> int:
    """Which cell is active, counted from 0."""
    number: int = page.evaluate(f"{PANEL}.content.activeCellIndex")
    return number


def press(page: Page, control: Locator, keys: list[str]) -> None:
    """Press the keys on a control, which keeps the focus, and wait longer than a chord lasts."""
    control.focus()
    for key in keys:
        page.keyboard.press(key)
        expect(control).to_be_focused()
    page.wait_for_timeout(1100)
    expect(control).to_be_focused()
    expect(page.locator(".jp-Dialog")).to_have_count(0)


def test_arrows_and_letters_choose_in_a_list(opened: Page, corpus: Corpus) -> None:
    """In a list of choices arrow keys and first letters choose, and the passages follow."""
    assert find_errors(opened) == []
    box, themes = explorer(opened), known_values("theme", corpus=corpus)
    theme = box.get_by_label("Theme", exact=True)
    theme.focus()
    with_a = next(name for name in themes if name.startswith("a"))
    steps = [("ArrowDown", themes[0]), ("ArrowDown", themes[1]), ("ArrowUp", themes[0])]
    for key, name in [*steps, ("a", with_a)]:
        opened.keyboard.press(key)
        expect(theme.locator("option:checked")).to_have_text(name)
        expect(box.get_by_role("status")).to_contain_text(find_passages(theme=name).title)
    opened.keyboard.press("Home")
    expect(box.get_by_role("status")).to_contain_text("122 of 122 passages, 1 to 10 shown")
    assert active(opened) == 1


def test_no_plain_key_in_an_output_changes_a_cell(opened: Page) -> None:
    """On a list of choices and on a button every key of the notebook leaves all cells alone."""
    before, box = cells(opened), explorer(opened)
    press(opened, box.get_by_label("Speaker", exact=True), [*KEYS, *ARROWS, *EXTENDING, "Home"])
    expect(box.get_by_role("status")).to_contain_text("122 of 122 passages, 1 to 10 shown")
    forward = box.get_by_role("button", name="Next ten")
    press(opened, forward, [*KEYS, *ARROWS, *EXTENDING])
    expect(box.get_by_role("status")).to_contain_text("1 to 10 shown")
    opened.keyboard.press("Space")
    expect(box.get_by_role("status")).to_contain_text("11 to 20 shown")
    opened.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("21 to 30 shown")
    assert cells(opened) == before
    assert active(opened) == 1
    assert opened.evaluate(f"{PANEL}.content.selectedCells.length") == 1


def test_command_mode_is_as_ever_on_a_cell(opened: Page) -> None:
    """On a cell the plain keys move, insert, cut, paste, change and delete as in any notebook."""
    before = cells(opened)
    opened.locator(".jp-Cell").first.focus()
    steps = [("ArrowDown", 1, 3), ("j", 2, 3), ("k", 1, 3), ("ArrowUp", 0, 3)]
    steps += [("b", 1, 4), ("a", 1, 5), ("x", 1, 4), ("v", 2, 5), ("x", 2, 4), ("k", 1, 4)]
    for key, place, count in steps:
        opened.keyboard.press(key)
        opened.wait_for_function(f"{PANEL}.content.widgets.length === {count}")
        opened.wait_for_function(f"{PANEL}.content.activeCellIndex === {place}")
    for key, kind in [("m", "markdown"), ("r", "raw"), ("y", "code")]:
        opened.keyboard.press(key)
        opened.wait_for_function(f"{PANEL}.content.activeCell.model.type === '{kind}'")
    opened.keyboard.type("dd")
    opened.wait_for_function(f"{PANEL}.content.widgets.length === 3")
    assert cells(opened) == before


def test_a_click_on_a_plain_output_leaves_the_keys_to_its_cell(opened: Page) -> None:
    """After a click on an output without controls the notebook's keys work on its cell."""
    opened.locator(".jp-OutputArea-output", has_text="plain output").last.click()
    opened.keyboard.press("b")
    opened.wait_for_function(f"{PANEL}.content.widgets.length === 4")
    assert active(opened) == 3
    opened.keyboard.type("dd")
    opened.wait_for_function(f"{PANEL}.content.widgets.length === 3")
