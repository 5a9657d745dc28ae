"""The handouts as files: what is in a page, where its links lead, what it can do without."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from helpers.__main__ import main
from helpers.corpus import Corpus
from helpers.course import find_lessons
from helpers.errors import DataError
from helpers.handouts import build_handouts
from helpers.loading import load_corpus
from helpers.pages import describe_corpus
from helpers.rendering import render_live
from helpers.sources import find_folder
from helpers.words import tokenize
from tests.lessons import explorer_form, write_lesson
from tests.toys import MARKUP, markup_corpus

LESSONS = find_lessons(find_folder("notebooks"))
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Elements(HTMLParser):
    """Every element of a page with its attributes, its headings, and what stands in its styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.styles = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in EMPTY or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.styles += data

    def values(self, attribute: str, *tags: str) -> list[str]:
        return [
            attrs[attribute]
            for tag, attrs in self.found
            if attribute in attrs and (not tags or tag in tags)
        ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The handouts of the course by name; the whole build takes less than 20 seconds."""
    if not LESSONS:
        pytest.skip("There are no lessons yet.")
    out, start = tmp_path_factory.mktemp("handouts"), time.perf_counter()
    build_handouts(find_folder("notebooks"), out)
    assert time.perf_counter() - start < 20
    return {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}


def build(folder: Path, **options: Corpus) -> dict[str, str]:
    paths = build_handouts(folder, folder / "out", **options)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def test_each_lesson_is_a_page(pages: dict[str, str]) -> None:
    """Every lesson is a page, and beside them stand the index and the corpus reader."""
    lessons = {f"{path.stem}.html" for path in LESSONS}
    assert set(pages) == lessons | {"index.html", "reader.html"}


def test_nothing_is_fetched(pages: dict[str, str]) -> None:
    """No page names a script, style, font, picture or frame outside itself, nor lets one load."""
    for html in pages.values():
        page = Elements(html)
        assert all(src.startswith("data:") for src in page.values("src"))
        assert not [tag for tag, _ in page.found if tag in ("link", "iframe", "object", "embed")]
        assert not re.search(r"url\(|@import", page.styles)
        assert page.values("content", "meta")[-1].startswith("default-src 'none'; img-src data:;")


def test_a_page_is_well_made(pages: dict[str, str]) -> None:
    """A page names its language and title, has one main part, headings in order, described
    pictures, and no id twice.
    """
    for name, html in pages.items():
        page = Elements(html)
        tags = [tag for tag, _ in page.found]
        levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
        assert page.found[0] == ("html", {"lang": "en"})
        assert [tags.count(tag) for tag in ("title", "main", "h1")] == [1, 1, 1], name
        assert levels[0] == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
        assert all(page.values("alt", "img")), name
        assert len(page.values("alt", "img")) == tags.count("img"), name
        ids = page.values("id")
        assert sorted(set(ids)) == sorted(ids), name


def test_every_link_leads_somewhere(pages: dict[str, str]) -> None:
    """A link leads to a page beside this one, to a place that exists in it, or to the web."""
    read = {name: Elements(html) for name, html in pages.items()}
    places = {name: {unquote(place) for place in page.values("id")} for name, page in read.items()}
    for name, page in read.items():
        for href in page.values("href", "a"):
            if not href.startswith(("https://", "http://")):
                target, _, place = href.partition("#")
                assert not place or unquote(place) in places[target or name], (name, href)
                assert not target or target in pages, (name, href)


def test_the_index_gives_title_and_question(tmp_path: Path) -> None:
    """The index lists each lesson with its number, its title and its question as plain text."""
    write_lesson(tmp_path, "<p>1</p>", name="07-first")
    write_lesson(tmp_path, "<p>2</p>", name="08-second")
    index = build(tmp_path)["index.html"]
    assert re.findall(r'number">(\d+)</span><a href="(.*?)">(.*?)</a><p>(.*?)</p>', index) == [
        ("07", "07-first.html", "A toy", "Who says what?"),
        ("08", "08-second.html", "A toy", "Who says what?"),
    ]


def test_links_between_lessons_lead_to_pages(tmp_path: Path) -> None:
    """A link to a lesson leads to its page, one to anything else that is not there to nothing."""
    text = (
        "[a](01-b.ipynb#A-place) [b](./01-b.ipynb) [c](../README.md) [d](theme.ipynb) "
        "[e](https://example.org/x.ipynb) [f](#here) `azizian-2003#p04` `azizian-2003#p99`"
    )
    write_lesson(tmp_path, text=text)
    write_lesson(tmp_path, name="01-b")
    html = build(tmp_path)["00-toy.html"]
    assert re.search("<p>(<a href=.*)</p>", html)[1] == (  # type: ignore[index]
        '<a href="01-b.html#A-place">a</a> <a href="01-b.html">b</a> c d '
        '<a href="https://example.org/x.ipynb">e</a> <a href="#here">f</a> '
        '<code><a href="reader.html#azizian-2003-p04">azizian-2003#p04</a></code> '
        "<code>azizian-2003#p99</code>"
    )


def test_only_a_page_with_an_explorer_carries_the_corpus(tmp_path: Path) -> None:
    """The corpus is in a page once, however many explorers it has, and not where none is."""
    form = explorer_form(query="axis")
    write_lesson(tmp_path, "<p>nothing</p>")
    write_lesson(tmp_path, form, form, name="01-live")
    pages = build(tmp_path)
    assert [html.count('id="corpus"') for html in pages.values()] == [0, 1, 0, 1]
    assert [html.count('id="cards"') for html in pages.values()] == [0, 1, 0, 0]
    assert [html.count("<script>") for html in pages.values()] == [1, 1, 1, 1]


def test_a_plain_form_can_be_read_without_the_script(tmp_path: Path, corpus: Corpus) -> None:
    """Before any script runs a page already shows the settings and the passages found."""
    write_lesson(tmp_path, explorer_form(theme="preemption", query="Georgia"))
    html = build(tmp_path)["00-toy.html"]
    main_part = html[html.index("<main") : html.index("</main>")]
    assert "query Georgia · theme preemption" in main_part
    assert main_part.count("<article>") > 1


def test_a_corpus_cleaned_otherwise_stays_plain(corpus: Corpus) -> None:
    """An explorer of passages that no handout carries is not made live."""
    rough = load_corpus(without=["erratum"])
    assert render_live("explorer", {}, rough, "<p>plain</p>") == "<p>plain</p>"
    live = render_live("explorer", {"query": '"a" <b>'}, corpus, "<p>plain</p>")
    page = Elements(live)
    (settings,) = page.values("data-explorer")
    assert json.loads(settings)["query"] == '"a" <b>'


def test_words_and_places_are_those_of_the_tokenizer(corpus: Corpus) -> None:
    """What a page knows of a passage's words is what Python knows, word by word."""
    described = describe_corpus(corpus)
    for passage, data in zip(corpus.passages, described["passages"], strict=True):
        assert data["id"] == passage.id
        assert [
            (described["words"][number], start, end) for number, start, end in data["tokens"]
        ] == [tuple(token) for token in tokenize(passage.text)]


def test_markup_in_a_text_is_text(tmp_path: Path) -> None:
    """A corpus full of markup adds no element to a page, and cannot end its script."""
    toy = markup_corpus()
    write_lesson(tmp_path, render_live("explorer", {"query": MARKUP}, toy, "<p>plain</p>"))
    for html in build(tmp_path, corpus=toy).values():
        page = Elements(html)
        scripts = [attrs for tag, attrs in page.found if tag == "script"]
        assert scripts in ([{}], [{"type": "application/json", "id": "corpus"}, {}])
        assert "b" not in {tag for tag, _ in page.found}


def test_pages_are_the_same_each_time(tmp_path: Path) -> None:
    """Two builds of the same lessons give the same bytes."""
    write_lesson(tmp_path, explorer_form(query="axis"))
    assert build(tmp_path) == build(tmp_path)


def test_what_is_of_use_in_jupyter_only_is_left_out(tmp_path: Path) -> None:
    """A long cell is folded; how to reopen a notebook, styles and pilcrows are left out."""
    text = "Reopened this lesson? Run → Run All Cells.\n\n## Part\n\n| | |\n|---|---|\n| a | b |"
    write_lesson(tmp_path, "<p>done</p>", text=text, source="\n".join("abcdefgh"))
    html = build(tmp_path)["00-toy.html"]
    assert "Reopened" not in html
    assert "¶" not in html
    assert '<h2 id="Part">Part</h2>' in html
    assert "<th>" not in html
    assert '<details class="code"><summary>Code, 8 lines</summary>' in html


def test_a_folder_without_lessons(tmp_path: Path) -> None:
    """Where there is no lesson, a sentence says so, and nothing is written."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(DataError, match="There is no lesson"):
            build(folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", '{"nbformat": 4}'])
def test_a_broken_notebook_is_named(tmp_path: Path, text: str) -> None:
    """A file that is no notebook is named in one sentence."""
    (tmp_path / "00-broken.ipynb").write_text(text)
    with pytest.raises(DataError, match=r"^00-broken\.ipynb cannot be read as a notebook"):
        build(tmp_path)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command names each page, says where to begin, and fails with a sentence and code 1."""
    write_lesson(tmp_path / "lessons", "<p>1</p>")
    arguments = ["handouts", "--folder", str(tmp_path / "lessons"), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        *("00-toy.html", "index.html", "reader.html"),
        f"3 pages in {tmp_path / 'out'}; begin with {tmp_path / 'out' / 'index.html'}.",
    ]
    assert main([*arguments[:2], str(tmp_path), *arguments[3:]]) == 1
    assert "There is no lesson" in capsys.readouterr().err
