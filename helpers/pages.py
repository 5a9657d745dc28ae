"""One page of the handouts: a notebook as HTML that needs no kernel, no network and no other file.

Style, script and the passages to filter are in the page. Python writes the passages and says
what a word is; the script only finds and marks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.corpus import Corpus, Passage
from helpers.loading import course_corpus
from helpers.rendering import STYLE, render_passage
from helpers.search import Selection, find_passages, known_values
from helpers.speech import find_quotations
from helpers.themes import find_theme_marks
from helpers.words import tokenize

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["READER", "Page", "Press", "anchor_of", "describe_corpus", "render_card"]

TEMPLATE = Path(__file__).with_name("handout")
READER = "reader.html"
# Our script runs because its checksum is known. Nothing else runs, and nothing is fetched.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{}'"

LIVE = re.compile(r"""<div data-(?:explorer|concordance)=(["'])(.*?)\1""")
LINK = re.compile(r'<a href="(?!https?:|mailto:|#)([^"#]*?)(#[^"]*)?"[^>]*>(.*?)</a>', re.DOTALL)
PASSAGE = re.compile(r"(?<=>)([\w-]+#p\d+)(?=</(?:strong|code|td|th)>)")
# What a notebook needs and a page does not, or needs otherwise.
MENDINGS = (
    (re.compile(r"<style>\.tt.*?</style>", re.DOTALL), ""),
    (re.compile(r'<a class="anchor-link".*?</a>'), ""),
    (re.compile(r"<p>Reopened this lesson\?.*?</p>"), ""),
    (re.compile(r"<!-- navigation -->\s*<p>"), '<p class="ways">'),
    (re.compile(r"<table>\s*<thead>\s*<tr>\s*(?:<th></th>\s*)+</tr>\s*</thead>"), "<table>"),
    (re.compile(r"<th[^>]*></th>"), "<td></td>"),
    (re.compile(r"<table"), '<div class="wide"><table'),
    (re.compile(r"</table>"), "</table></div>"),
)


class Page(NamedTuple):
    """A notebook that becomes the page `name`, and its title."""

    name: str
    title: str
    notebook: NotebookNode


class Press:
    """Makes pages from notebooks; what they share is made once.

    Parameters
    ----------
    corpus : Corpus
        What explorers filter.
    names : set of str
        The pages to be; a link to any other file becomes plain text.
    """

    def __init__(self, corpus: Corpus, names: set[str]) -> None:
        from nbconvert import HTMLExporter

        self.names, self.corpus = names, corpus
        self.ids = {passage.id for passage in corpus.passages}
        self.exporter = HTMLExporter(  # type: ignore[no-untyped-call]
            template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)]
        )
        self.script = _read("page.js")
        checksum = hashlib.sha256(self.script.encode("utf-8")).digest()
        self.resources = {
            "style": STYLE.removeprefix("<style>").removesuffix("</style>") + _read("page.css"),
            "policy": POLICY.format(base64.b64encode(checksum).decode("ascii")),
        }

    def print_page(self, page: Page) -> str:
        """The page as HTML, whole."""
        has_code = any(cell.cell_type == "code" and cell.source for cell in page.notebook.cells)
        resources = {**self.resources, "page": page, "has_code": has_code, "names": self.names}
        html, _ = self.exporter.from_notebook_node(page.notebook, resources=resources)
        html = self._mend(str(html))
        return html.replace("</body>", f"{self._embed(page, html)}</body>")

    def _embed(self, page: Page, html: str) -> str:
        """The script, and the corpus where there is something to filter."""
        parts = [f"<script>{self.script}</script>\n"]
        if live := LIVE.search(html):
            words, cards = self._carry(set(json.loads(unescape(live[2]))["documents"]))
            parts.insert(0, f'<script type="application/json" id="corpus">{words}</script>\n')
            if page.name != READER:  # which shows every card
                parts.insert(0, f'<template id="cards">{cards}</template>\n')
        return "".join(parts)

    @cache  # noqa: B019 -- a press lives as long as its pages are made
    def _carry_all(self, corpus: Corpus) -> tuple[str, str]:
        """What a page carries of a corpus: its words with their places, and its passages."""
        everything = find_passages(corpus=corpus)
        cards = self._mend("".join(render_card(everything, p) for p in everything))
        return _to_json(describe_corpus(corpus)), cards

    def _carry(self, documents: set[str]) -> tuple[str, str]:
        """The corpus that has these documents: the one of all pages, or that of lesson 13."""
        here = documents <= {document.id for document in self.corpus.documents}
        return self._carry_all(self.corpus if here else course_corpus("example"))

    def _mend(self, html: str) -> str:
        for pattern, better in MENDINGS:
            html = pattern.sub(better, html)
        return PASSAGE.sub(self._link_passage, LINK.sub(self._link, html))

    def _link(self, match: re.Match[str]) -> str:
        """A link to a page of ours; the bare words where it would lead nowhere."""
        file, place, words = match.groups(default="")
        name = file.removeprefix("./").removesuffix(".ipynb").removesuffix(".html") + ".html"
        return f'<a href="{name}{place}">{words}</a>' if name in self.names else words

    def _link_passage(self, match: re.Match[str]) -> str:
        name = match[1]
        return f'<a href="{READER}#{anchor_of(name)}">{name}</a>' if name in self.ids else name


def _read(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8")


def _to_json(data: Any) -> str:
    """JSON in which nothing can end the element that holds it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def anchor_of(passage_id: str) -> str:
    """Where a passage stands in the corpus reader."""
    return passage_id.replace("#", "-")


def render_card(found: Selection, passage: Passage) -> str:
    """A passage as `render_passage` gives it and who is quoted in it, for the script to find."""
    quotes = _quotes(found.corpus, passage)
    speakers = ", ".join(dict.fromkeys(speaker for _, _, speaker in quotes if speaker))
    html = render_passage(found, passage)
    if speakers:
        html = html.replace("<p>Themes: ", f"<p>Quoted: {escape(speakers)} · Themes: ", 1)
    return f'<div data-passage="{escape(passage.id)}">{html}</div>'


def _quotes(corpus: Corpus, passage: Passage) -> list[tuple[int, int, str]]:
    found = find_quotations(corpus)
    return [(q.start, q.end, q.speaker) for q in found if q.passage_id == passage.id]


def describe_corpus(corpus: Corpus) -> dict[str, Any]:
    """What a page must know to find passages as Python does: words with their places, labels.

    Returns
    -------
    dict
        ``words``, folded, each once; ``themes``; ``documents`` (id, year, date); ``passages``
        (id, document, themes with the places that mark it, quotes as start, end, speaker, and
        tokens as number of the word, start, end; all half-open, in characters of its text).
    """
    numbers: dict[str, int] = {}
    marks = find_theme_marks(corpus)
    passages = [
        {
            "id": passage.id,
            "document": passage.doc_id,
            "themes": {
                theme: [(hit.start, hit.end) for hit in found[passage.id].places]
                for theme, found in marks.items()
                if passage.id in found
            },
            "quotes": _quotes(corpus, passage),
            "tokens": [
                (numbers.setdefault(token.text, len(numbers)), token.start, token.end)
                for token in tokenize(passage.text)
            ],
        }
        for passage in corpus.passages
    ]
    documents = [{"id": d.id, "year": d.year, "date": d.date} for d in corpus.documents]
    themes = known_values("theme", corpus=corpus)
    return {"words": list(numbers), "themes": themes, "documents": documents, "passages": passages}
