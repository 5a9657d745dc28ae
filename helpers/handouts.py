"""The course as files: each lesson one page of HTML, with an index and the corpus to read.

A page opens from disk, without a kernel and without a network; its explorers filter. The
lessons are taken as they are stored, and none is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.corpus import Corpus, Document
from helpers.course import TEMPLATE, find_lessons, title_of
from helpers.errors import DataError
from helpers.evidence import show_card
from helpers.journal import replace_file
from helpers.loading import course_corpus
from helpers.pages import READER, Page, Press, anchor_of, render_card
from helpers.rendering import render_live
from helpers.search import Selection, find_passages

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["build_handouts"]


def build_handouts(
    folder: Path,
    out: Path,
    *,
    corpus: Corpus | None = None,
    about: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write each lesson in `folder` as a page into `out`, with an index and a corpus reader.

    Parameters
    ----------
    folder : Path
        Notebooks with their outputs.
    out : Path
        Where the pages go; made if need be.
    corpus : Corpus, optional
        What explorers filter; the course's own if left out.
    about : str
        What the index says of these lessons besides, in Markdown.
    tell : callable, optional
        Hears the name of each page before it is made.

    Returns
    -------
    list of Path
        The pages, lessons first.

    Raises
    ------
    DataError
        If there is no lesson, or one cannot be read.
    """
    corpus = corpus or course_corpus()
    lessons = [_read_lesson(path) for path in _find_notebooks(folder)]
    if not lessons:
        raise DataError(f"There is no lesson (NN-name.ipynb) in {folder}; name another folder.")
    pages = [*lessons, _make_index(lessons, corpus, about), _make_reader(corpus)]
    press = Press(corpus, {page.name for page in pages})
    out.mkdir(parents=True, exist_ok=True)
    for page in pages:
        tell(page.name)
        replace_file(out / page.name, press.print_page(page).encode())
    return [out / page.name for page in pages]


def _find_notebooks(folder: Path) -> list[Path]:
    """The lessons, and those that were made from the template, each for a theme."""
    themes = [path for path in sorted(folder.glob("theme-*.ipynb")) if path.name != TEMPLATE]
    return [*find_lessons(folder), *themes] if folder.is_dir() else []


def _read_lesson(path: Path) -> Page:
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except (ValueError, nbformat.ValidationError) as error:
        raise DataError(f"{path.name} cannot be read as a notebook; store it anew.") from error
    return Page(f"{path.stem}.html", title_of(notebook), notebook)


def _make_index(lessons: Sequence[Page], corpus: Corpus, about: str) -> Page:
    text = (
        f"# Two Tracks\n\n{about}\n\nA course in reading political texts with evidence. Each "
        "lesson is one page that works without a network, and its explorers filter; to change "
        "code and to save work, open the notebooks in JupyterLab.\n\nThe texts: "
        f"[all {len(corpus.passages)} passages]({READER}) of {len(corpus.documents)} documents, "
        "to read and to search.\n\n## Lessons"
    )
    items = "".join(
        f'<li><span class="number">{_number(page)}</span>'
        f'<a href="{page.name}">{escape(page.title)}</a><p>{escape(_question(page))}</p></li>'
        for page in lessons
    )
    return _make_page("index.html", text, f'<ol class="lessons">{items}</ol>')


def _number(page: Page) -> str:
    return page.name[:2] if page.name[:2].isdigit() else "+"


def _question(page: Page) -> str:
    """The lesson's question: the first paragraph under its title."""
    _, _, below = page.notebook.cells[0].source.partition("\n")
    paragraph = " ".join(below.strip().split("\n\n")[0].split())
    return re.sub(r"[*_`]", "", paragraph)


def _make_reader(corpus: Corpus) -> Page:
    text = (
        f"# All passages\n\nThe {len(corpus.documents)} documents of the course in their clean "
        "form, passage by passage, each with who is quoted in it, its themes, its place, and its "
        "raw source with every change marked."
    )
    everything = find_passages(corpus=corpus)
    documents = "".join(_show_document(everything, document) for document in corpus.documents)
    links = "".join(
        f'<li><a href="#{escape(document.id)}">{_title(document)}</a> '
        f"({escape(document.date or 'no date')})</li>"
        for document in corpus.documents
    )
    html = f'<nav class="contents" aria-label="Documents"><ol>{links}</ol></nav>'
    html += render_live("explorer", {"whole": True}, corpus, documents)
    return _make_page(READER, text, html)


def _show_document(everything: Selection, document: Document) -> str:
    name = escape(document.id)
    cards = "".join(
        f'<div id="{escape(anchor_of(passage.id))}">{render_card(everything, passage)}</div>'
        for passage in document.passages
    )
    card = show_card(document.id, corpus=everything.corpus).html
    return (
        f'<section class="tt document" id="{name}" aria-labelledby="{name}-title">'
        f'<h2 id="{name}-title">{_title(document)}</h2><p>{escape(document.citation)}</p>'
        f"<details><summary>Who wrote it, and when</summary>{card}</details>{cards}</section>"
    )


def _title(document: Document) -> str:
    return escape(document.title or f"[untitled: {document.id}]")


def _make_page(name: str, markdown: str, html: str) -> Page:
    """A page of our own, made as the lessons are."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    output = new_output("display_data", data={"text/html": html})
    cells = [new_markdown_cell(markdown), new_code_cell(outputs=[output])]
    notebook: NotebookNode = new_notebook(cells=cells)
    return Page(name, title_of(notebook), notebook)
