"""The notebooks of the course: their order, the links between them, their stored outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import DataError
from helpers.execution import Job, run_lesson

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "build_notebook",
    "find_lessons",
    "is_tied",
    "link_lessons",
    "note_minutes",
    "store_notebooks",
    "takes_corpus",
    "title_of",
]

NAVIGATION = "<!-- navigation -->"
CONTENTS, CONTENTS_END = "<!-- contents -->", "<!-- /contents -->"
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
WIDGET = re.compile(r"(?:Explorer|QuestionCard|CodingPanel)\(")
LESSON = re.compile(r"\d\d-[a-z0-9-]+\.ipynb")
TEMPLATE = "theme-lesson-template.ipynb"  # stored like a lesson, but outside the order
TOOLS = ("00", "01", "02", "08", "09", "11", "12", "13")  # lessons that any texts will do for


def find_lessons(folder: Path) -> list[Path]:
    """The lessons in a folder (``NN-name.ipynb``), in order of their numbers."""
    return sorted(path for path in folder.iterdir() if LESSON.fullmatch(path.name))


def is_tied(lesson: Path) -> bool:
    """Whether a lesson speaks of the course's own texts, and is left out with other ones.

    Examples
    --------
    >>> is_tied(Path("03-preemption.ipynb")), is_tied(Path("00-start-here.ipynb"))
    (True, False)
    """
    return lesson.name != TEMPLATE and lesson.name[:2] not in TOOLS


def takes_corpus(lesson: NotebookNode) -> bool:
    """Whether a lesson has the parameter ``corpus``."""
    tagged = (c for c in lesson.cells if "parameters" in c.metadata.get("tags", ()))
    return any(re.search(r"^corpus: str\b", cell.source, re.MULTILINE) for cell in tagged)


def title_of(notebook: NotebookNode) -> str:
    """The title of a notebook: the first heading of its first cell.

    Raises
    ------
    DataError
        If the first cell does not begin with a heading.
    """
    first = notebook.cells[0].source.split("\n", 1)[0] if notebook.cells else ""
    if not first.startswith("# "):
        raise DataError("The first cell of a lesson must begin with its title: # Title.")
    return str(first[2:].strip())


def link_lessons(folder: Path) -> Iterator[tuple[Path, NotebookNode]]:
    """Each lesson with its links to its neighbours and its table of contents written anew.

    A cell that ends with the mark ``<!-- navigation -->`` has what follows the mark replaced;
    the lines between ``<!-- contents -->`` and ``<!-- /contents -->`` become the list of
    lessons. Cells that build a widget are protected from editing and deleting by a slip of a
    key. The template for a theme comes last; it leads to the contents alone.
    """
    import nbformat

    paths = find_lessons(folder)
    lessons = [nbformat.read(path, as_version=4) for path in paths]
    titles = [title_of(lesson) for lesson in lessons]
    names = [path.name for path in paths]
    contents = "".join(
        f"- {name[:2]} [{title}]({name})\n" for name, title in zip(names, titles, strict=True)
    )
    for number, lesson in enumerate(lessons):
        yield paths[number], _link(lesson, _navigation(number, names, titles), contents)
    template = folder / TEMPLATE
    if lessons and template.is_file():
        lesson = nbformat.read(template, as_version=4)
        yield template, _link(lesson, _link_contents(names), contents)


def _link(lesson: NotebookNode, links: str, contents: str) -> NotebookNode:
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            cell.source = _relink(cell.source, links, contents)
        elif WIDGET.search(cell.source):
            cell.metadata.update(editable=False, deletable=False)
    return lesson


def _relink(source: str, links: str, contents: str) -> str:
    before, mark, _ = source.partition(NAVIGATION)
    source = f"{before}{mark}\n{links}" if mark else source
    before, mark, after = source.partition(CONTENTS)
    _, end, rest = after.partition(CONTENTS_END)
    return f"{before}{mark}\n\n{contents}\n{end}{rest}" if end else source


def _navigation(number: int, names: Sequence[str], titles: Sequence[str]) -> str:
    links = []
    if number:
        links.append(f"[← {titles[number - 1]}]({names[number - 1]})")
    links.append(_link_contents(names))
    if number + 1 < len(names):
        links.append(f"[{titles[number + 1]} →]({names[number + 1]})")
    return " · ".join(links)


def _link_contents(names: Sequence[str]) -> str:
    return f"[Contents]({names[0]}#Contents)"


def note_minutes(notebook: NotebookNode, minutes: Mapping[str, int]) -> None:
    """Say under the title how the time is spent, and under each heading how long it takes.

    `minutes` go by heading; ``Opening`` is all before the first. What is not there is for home.
    """
    import nbformat

    ends = accumulate(minutes.values())
    rows = [
        f"| {part} | {minutes[part]} | {end} |" for part, end in zip(minutes, ends, strict=True)
    ]
    head = "**For the instructor: minutes in class**\n\n| Part | Minutes | Until |\n|---|---|---|\n"
    for cell in notebook.cells if rows else ():
        if cell.cell_type == "markdown":
            cell.source = HEADING.sub(lambda found: _say_minutes(found, minutes), cell.source)
    if rows:
        plan = nbformat.v4.new_markdown_cell(head + "\n".join(rows), id="minutes")
        notebook.cells.insert(1, plan)


def _say_minutes(heading: re.Match[str], minutes: Mapping[str, int]) -> str:
    said = f"\n\n*{minutes[heading[1]]} minutes.*" if heading[1] in minutes else ""
    return f"{heading[0]}{said}"


def build_notebook(notebook: NotebookNode, folder: Path) -> None:
    """Run a notebook from top to bottom in a fresh kernel and keep what it shows.

    What would differ from run to run or show dead controls is taken out: widget state and
    views, times, versions. The student's work of whoever builds is not seen.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; its outputs are replaced.
    folder : Path
        The folder it runs in.

    Raises
    ------
    DataError
        If a cell fails; the sentence says which and how.
    """
    import nbformat

    outcome = run_lesson(Job(title_of(notebook), nbformat.writes(notebook), folder=str(folder)))
    if outcome.stopped:
        raise DataError(f"{title_of(notebook)}: {outcome.stopped}")
    notebook.update(nbformat.reads(outcome.notebook, as_version=4))


def store_notebooks(folder: Path, *, tell: Callable[[str], None] = lambda _: None) -> None:
    """Link, run and store every lesson in `folder`; `tell` hears of each before it runs."""
    import nbformat

    for path, notebook in link_lessons(folder):
        tell(path.name)
        build_notebook(notebook, folder)
        nbformat.write(notebook, path)
