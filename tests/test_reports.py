"""The page about a class: whole in itself, numbers that are lists, no markup but ours."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from helpers.class_tables import summarize
from helpers.codebook import load_codebook
from helpers.corpus import Corpus
from helpers.questions import load_questions
from helpers.reports import MOST_SPLIT, render_report, write_class
from helpers.tallies import ClassWork, find_splits, read_class, tally_questions
from tests.classes import answer, code, collect, hand_in, make_class
from tests.toys import MARKUP


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> ClassWork:
    """Thirty students made by script, one of whom handed in something else."""
    folder = tmp_path_factory.mktemp("class")
    make_class(folder, corpus)
    (folder / "essay.docx").write_bytes(b"PK")
    return read_class(folder, corpus=corpus)


def rows(html: str, caption: str) -> list[list[str]]:
    """The cells of the table with this caption, marks left out."""
    table = html.partition(f"<caption>{caption}</caption>")[2].partition("</table>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", table)
    lines = [line.replace("</li>", " | ") for line in lines]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in lines]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in line] for line in cells]


def test_numbers_are_those_of_the_lists(thirty: ClassWork) -> None:
    """Head, students and questions show the numbers of the tables beside the page."""
    html = render_report(thirty)
    rated = [given.right for given in thirty.answers if given.right is not None]
    assert (
        f"30 students. {len(thirty.answers):,} answers: {len(rated):,} rated anew with the "
        f"questions of this version, {sum(rated):,} of them right"
    ) in html
    assert (
        f"240 passages collected, {len(thirty.codings):,} codes decided. 1 remark on files at the "
        "end."
    ) in html
    shown = rows(
        html, "Each student&#x27;s work; the time is that of the student&#x27;s machine (UTC)"
    )
    assert [row[:7] for row in shown[1:]] == [
        [str(v) for v in row[:7]] for row in summarize(thirty)
    ]


def test_each_lesson(thirty: ClassWork) -> None:
    """For each question the share right and the wrong answers; for each student what was given."""
    html = render_report(thirty)
    tallies = [t for t in tally_questions(thirty) if t.question.id.startswith("preemption-")]
    questions = rows(html, "Lesson 03 preemption: the questions")[1:]
    assert [row[0] for row in questions] == [tally.question.id for tally in tallies]
    for row, tally in zip(questions, tallies, strict=True):
        assert (row[2], row[3]) == (str(len(tally.answers)), str(tally.rated))
        assert row[4] == (
            f"{tally.right} ({tally.right / tally.rated:.0%})" if tally.rated else "not rated"
        )
        listed = [int(count) for count in re.findall(r"(\d+) × ", row[5])]
        assert sum(listed) == tally.rated - tally.right
    grid = rows(html, "Lesson 03 preemption: who answered what")[1:]
    assert sum(cell != "" for row in grid for cell in row[1:]) == sum(
        len(t.answers) for t in tallies
    )
    right = sum(row.count("right") for row in grid)
    assert right == sum(tally.right for tally in tallies)


def test_agreement_and_passages(thirty: ClassWork, corpus: Corpus) -> None:
    """Both rounds have their table and sentences; divided passages are shown as passages."""
    html = render_report(thirty)
    assert len(rows(html, "Round 1: 20 passages coded by two or more")) == 1 + len(
        load_codebook().codes
    )
    assert "claims_right: all who coded agree on" in html
    splits = find_splits(thirty, 2)
    assert f"{MOST_SPLIT} of {len(splits)} passages on which coders differ in round 2." in html
    for split in splits[:MOST_SPLIT]:
        passage = corpus.passage(split[0].passage_id)
        assert passage.text in unescape(html)
        assert corpus.cite(passage) in unescape(html)
        shown = rows(html, f"Codes of {passage.id} on which coders differ")[1:]
        assert shown == [[s.code, f"{s.given} of {s.coders}", str(s.pairs)] for s in split]
    assert html.count("<article>") == MOST_SPLIT
    assert "essay.docx is no file that export_work wrote" in html


def test_an_almost_empty_class(tmp_path: Path) -> None:
    """One student who only collected: every part of the page says that there is nothing."""
    (tmp_path / "a").write_bytes(hand_in("wren-1", [collect("azizian-2003#p01")]))
    html = render_report(read_class(tmp_path))
    for sentence in (
        "1 student. 0 answers: 0 rated",
        "1 passage collected, 0 codes decided.",
        "Nobody answered a question that is asked here.",
        "No two students coded, so there is nothing to compare.",
        "There is no passage on which coders differ.",
        "Every file was read, and nothing is in doubt.",
    ):
        assert sentence in html


def test_markup_is_text(tmp_path: Path) -> None:
    """Markup in answers, names of questions, codes, passages and files is shown as it stands."""
    folder = tmp_path / "class"
    folder.mkdir()
    person = next(q.id for q in load_questions().values() if q.kind == "person")
    bad = "<img src=x onerror=alert(1)>"
    deeds = [answer(person, MARKUP), answer(bad, bad, wording="0"), collect(bad, bad)]
    deeds += [code("azizian-2003#p01", {bad: True}), code(bad, {bad: True}, by="robin-1")]
    for name in ("wren-1", "wren-2"):
        (folder / f"{name} <b>&amp;.jsonl").write_bytes(hand_in(name, deeds)[:-9])
    html = render_report(read_class(folder))
    assert not re.search(r"<(?:script|img|b)\b", html)
    assert " onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", html)
    assert MARKUP in unescape(html)
    assert "wren-1 <b>&amp;.jsonl" in unescape(html)
    assert "Answered, but not asked here: &lt;img" in html


def test_the_page_needs_nothing_else(thirty: ClassWork) -> None:
    """No script, no address, and a policy that forbids both."""
    html = render_report(thirty)
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert not re.search(r"<script|https?://|\bsrc=|@import|url\(", html)


def test_axe_finds_no_fault(
    corpus: Corpus, tmp_path: Path, offline_page: Page, blocked_requests: list[str]
) -> None:
    """On screens wide and narrow axe-core finds nothing, and only tables scroll sideways."""
    page = offline_page
    make_class(tmp_path / "class", corpus, students=4)
    path = write_class(read_class(tmp_path / "class"), tmp_path / "out")[-1]
    for width in (1200, 400):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
        assert page.evaluate("() => document.documentElement.scrollWidth") == width
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Who did what"
    assert blocked_requests == []
