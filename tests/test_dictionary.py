"""A theme to look at, and the lesson that can be made of each."""

from __future__ import annotations

import ast
from typing import Any

import nbformat
import pytest

from helpers.corpus import Corpus
from helpers.errors import SettingError, UnknownNameError
from helpers.search import keep_documents
from helpers.showing import show_example, show_marks, show_theme
from helpers.sources import find_folder
from helpers.themes import find_theme_marks, load_themes
from tests.displays import read_page

TEMPLATE = find_folder("notebooks") / "theme-lesson-template.ipynb"


@pytest.mark.parametrize("theme", load_themes())
def test_a_theme_shows_all_that_the_dictionary_says(theme: str, corpus: Corpus) -> None:
    """Definition, every phrase and exclusion, the note, and the passages of each document."""
    shown, entry = show_theme(theme, corpus=corpus), load_themes()[theme]
    for words in (entry.definition, *entry.phrases, *entry.exclude, entry.note):
        assert words in shown.text
        assert words in read_page(shown.html)
    marked = len(find_theme_marks(corpus)[theme])
    found = shown.text.splitlines()[-1]
    assert found.startswith(f"Found in: {marked} of 122 passages")
    assert sum(int(part.split()[-1]) for part in found.split(" · ")[1:]) == marked


def test_the_example_has_the_most_places(corpus: Corpus) -> None:
    """No passage of the theme has more hits, and all of them are marked."""
    shown = show_example("preemption", corpus=corpus)
    head = "azizian-2003#p33 has the most hits: 3 — 6 of 122 passages · theme preemption"
    assert shown.text.startswith(head)
    assert shown.html.count("<mark>") == 3


@pytest.mark.parametrize("theme", load_themes())
def test_each_place_is_one_line(theme: str, corpus: Corpus) -> None:
    """The concordance of a theme has every passage of it, and no place twice."""
    lines = show_marks(theme, size=999, corpus=corpus).text.splitlines()[1:]
    assert {line.split()[0] for line in lines} == set(find_theme_marks(corpus)[theme])
    assert len(set(lines)) == len(lines)


def test_an_excluded_word_is_no_line(corpus: Corpus) -> None:
    """A concordance of a theme leaves out what an exclusion takes away."""
    assert "[Cooperation] Organization" not in show_marks("cooperation_confrontation").text
    assert "Turkestan" not in show_marks("syria_turkey", size=999, corpus=corpus).text


def test_a_theme_that_is_not_there_gives_a_sentence() -> None:
    """Where no passage has the theme, each display says so."""
    corpus = keep_documents(["monitor-2000"])
    assert show_theme("iran", corpus=corpus).text.endswith("Found in: 0 of 5 passages")
    assert str(show_example("iran", corpus=corpus)) == (
        "No passage here has the theme iran; take more documents or years."
    )
    assert str(show_marks("iran", corpus=corpus)).startswith("0 lines in 0 of 5 passages")


def test_mistakes_are_answered_in_a_sentence() -> None:
    """A mistyped theme is answered with the nearest, an impossible size with a possible one."""
    for show in (show_theme, show_example, show_marks):
        with pytest.raises(UnknownNameError, match=r"no theme 'preemtion'.*mean 'preemption'"):
            show("preemtion")
    with pytest.raises(SettingError, match="window of -1 words"):
        show_marks("iran", window=-1)


def run_template(**settings: Any) -> list[str]:
    """What the cells of the template show with other settings, without a kernel."""
    shown, names = [], dict[str, Any]()
    cells = nbformat.read(TEMPLATE, as_version=4).cells
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        *body, last = ast.parse(cell.source).body
        if isinstance(last, ast.Expr):
            exec(compile(ast.Module(body, []), "cell", "exec"), names)
            shown.append(repr(eval(compile(ast.Expression(last.value), "cell", "eval"), names)))
        else:
            exec(cell.source, names)
        if "parameters" in cell.metadata.get("tags", ()):
            names |= settings
    return shown


@pytest.mark.parametrize("theme", load_themes())
def test_the_template_makes_a_lesson_of_every_theme(theme: str) -> None:
    """Each cell shows something, and the theme's own words."""
    shown = run_template(theme=theme)
    assert shown[0].startswith(f"{load_themes()[theme].title} ({theme})")
    assert shown[-1].endswith(f"of 122 passages — theme {theme}")
    assert all(shown)


def test_the_template_runs_where_the_theme_is_missing() -> None:
    """With a document that never has the theme, every cell gives a sentence."""
    shown = run_template(documents=["monitor-2000"], years=[2000, 2000])
    assert shown[-1] == "PassageExplorer: 0 of 5 passages — theme iran"


def test_the_template_names_the_nearest_theme() -> None:
    """A theme that does not exist stops the lesson at its first cell with one sentence."""
    with pytest.raises(UnknownNameError, match=r"theme 'isreal'.*mean 'israel'"):
        run_template(theme="isreal")
