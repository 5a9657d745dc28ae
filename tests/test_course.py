"""The lessons as files: their order, their links, what they store."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.course import (
    build_notebook,
    find_lessons,
    link_lessons,
    store_notebooks,
    title_of,
)
from helpers.errors import DataError
from helpers.sources import find_folder

LESSONS = find_lessons(find_folder("notebooks"))
STORED = [path for path, _ in link_lessons(find_folder("notebooks"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def write_lesson(path: Path, *cells: Any) -> None:
    nbformat.write(new_notebook(cells=list(cells)), path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small lessons and a file that is none."""
    first = "# Start\n\n## Contents\n<!-- contents -->\nold\n<!-- /contents -->\nEnd."
    for number, name in enumerate(("start", "iran", "end")):
        title = first if not number else f"# {name.title()}"
        write_lesson(
            tmp_path / f"0{number}-{name}.ipynb",
            new_markdown_cell(f"{title}\n\n<!-- navigation -->\nold links"),
            new_code_cell("1 + 1"),
            new_code_cell("PassageExplorer()"),
            new_code_cell("QuestionCard('start-1')"),
        )
    (tmp_path / "Untitled.ipynb").write_text("{}")
    return tmp_path


def test_lessons_are_found_by_their_numbers(folder: Path) -> None:
    """Only files named NN-name.ipynb are lessons, and they come in order."""
    names = [path.name for path in find_lessons(folder)]
    assert names == ["00-start.ipynb", "01-iran.ipynb", "02-end.ipynb"]


def test_links_are_written_anew(folder: Path) -> None:
    """What follows the marks is replaced, and linking twice changes nothing more."""
    linked = {path.name: lesson for path, lesson in link_lessons(folder)}
    sources = [lesson.cells[0].source for lesson in linked.values()]
    contents = "[Contents](00-start.ipynb#Contents)"
    assert sources[0] == (
        "# Start\n\n## Contents\n<!-- contents -->\n\n"
        "- 00 [Start](00-start.ipynb)\n- 01 [Iran](01-iran.ipynb)\n- 02 [End](02-end.ipynb)\n\n"
        "<!-- /contents -->\nEnd.\n\n"
        f"<!-- navigation -->\n{contents} · [Iran →](01-iran.ipynb)"
    )
    assert sources[1].endswith(f"\n[← Start](00-start.ipynb) · {contents} · [End →](02-end.ipynb)")
    assert sources[2].endswith(f"\n[← Iran](01-iran.ipynb) · {contents}")
    for path, lesson in link_lessons(folder):
        nbformat.write(lesson, path)
    assert [lesson.cells[0].source for _, lesson in link_lessons(folder)] == sources


def test_the_template_is_linked_but_outside_the_order(folder: Path) -> None:
    """It comes last and leads to the contents; no lesson and no list leads to it."""
    without = [lesson.cells[0].source for _, lesson in link_lessons(folder)]
    name = "theme-lesson-template.ipynb"
    write_lesson(folder / name, new_markdown_cell("# A theme\n\n<!-- navigation -->\nold"))
    *lessons, (path, template) = link_lessons(folder)
    assert [lesson.cells[0].source for _, lesson in lessons] == without
    assert path == folder / name
    assert template.cells[0].source.endswith("\n[Contents](00-start.ipynb#Contents)")
    assert path not in find_lessons(folder)


def test_cells_with_a_widget_are_protected(folder: Path) -> None:
    """A slip of a key neither edits nor deletes the cell of a widget; others stay free."""
    for _, lesson in link_lessons(folder):
        kinds = [cell.metadata for cell in lesson.cells]
        protected = {"editable": False, "deletable": False}
        assert kinds == [{}, {}, protected, protected]


def test_a_lesson_begins_with_its_title() -> None:
    """The title is the first heading; a lesson without one is named as a mistake."""
    assert (
        title_of(new_notebook(cells=[new_markdown_cell("# Two tracks \n\ntext")])) == "Two tracks"
    )
    for cells in ([], [new_markdown_cell("text")], [new_code_cell("#comment")]):
        with pytest.raises(DataError, match="must begin with its title"):
            title_of(new_notebook(cells=cells))


def test_a_notebook_is_built_from_top_to_bottom(tmp_path: Path) -> None:
    """Every cell is run and counted in the folder of the lessons, apart from anybody's work."""
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Title"),
            new_code_cell("import os\nfrom pathlib import Path\nPath.cwd().name"),
            new_code_cell("list(Path(os.environ['TWO_TRACKS_WORK']).iterdir())"),
            new_code_cell(
                "from helpers import PassageExplorer\nPassageExplorer('preventative')",
                outputs=[new_output("stream", text="old")],
            ),
        ],
        metadata={"widgets": {"old": {}}},
    )
    build_notebook(notebook, tmp_path)
    nbformat.validate(notebook)
    code = notebook.cells[1:]
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    assert [len(cell.outputs) for cell in code] == [1, 1, 1]
    assert [cell.outputs[0].data["text/plain"] for cell in code] == [
        repr(tmp_path.name),
        "[]",
        "PassageExplorer: 1 of 122 passages — query preventative",
    ]
    assert set(code[2].outputs[0].data) == {"text/plain", "text/html"}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "execution" not in code[0].metadata


def test_a_lesson_that_fails_says_which_cell(folder: Path) -> None:
    """Storing stops at the first failing lesson and leaves it as it was."""
    path = folder / "01-iran.ipynb"
    write_lesson(path, new_markdown_cell("# Iran"), new_code_cell("1 / 0"))
    before, heard = path.read_bytes(), []
    write_lesson(folder / "00-start.ipynb", new_markdown_cell("# Start"), new_code_cell("2"))
    with pytest.raises(DataError, match=r"Iran: code cell 1 “1 / 0”: ZeroDivisionError"):
        store_notebooks(folder, tell=heard.append)
    assert heard == ["00-start.ipynb", "01-iran.ipynb"]
    assert path.read_bytes() == before
    assert '"text/plain": [\n       "2"' in (folder / "00-start.ipynb").read_text()


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_lesson_is_as_it_would_be_built(path: Path) -> None:
    """Counts run from 1, links and protection are current, no widget state is stored."""
    lesson = nbformat.read(path, as_version=4)
    nbformat.validate(lesson)
    linked = dict(link_lessons(path.parent))[path]
    assert [(c.source, c.metadata) for c in lesson.cells] == [
        (c.source, c.metadata) for c in linked.cells
    ]
    code = [cell for cell in lesson.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert set(lesson.metadata) == {"kernelspec", "language_info"}
    data = [output.get("data", {}) for cell in code for output in cell.outputs]
    assert not [kind for item in data for kind in item if "widget" in kind]
    assert not [
        cell for cell in code for out in cell.outputs if out.output_type != "execute_result"
    ]


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_explorer_can_be_read(path: Path) -> None:
    """Every explorer is stored as a page that says of how many, with at most ten passages."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and "PassageExplorer(" in cell.source:
            (output,) = cell.outputs
            total = int(output.data["text/plain"].removeprefix("PassageExplorer: ").split()[0])
            html = output.data["text/html"]
            assert f"<strong>{total} of " in html
            assert html.count("<article>") == min(total, 10)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    """Every link to a lesson leads to a file that exists, and to a heading in it."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "markdown":
            continue
        for target in LINK.findall(cell.source):
            if "://" in target:
                continue
            name, _, anchor = target.partition("#")
            other = path.parent / (name or path.name)
            assert other.is_file(), f"{path.name} links to {target}"
            if anchor:
                text = "\n".join(c.source for c in nbformat.read(other, as_version=4).cells)
                headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
                assert anchor in [heading.replace(" ", "-") for heading in headings], target


def test_lessons_are_numbered_without_a_gap() -> None:
    """The numbers of the lessons go up, and no two are alike."""
    numbers = [int(path.name[:2]) for path in LESSONS]
    assert numbers[0] == 0
    assert all(a < b for a, b in pairwise(numbers))
