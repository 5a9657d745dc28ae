"""Safe HTML: what is marked, what is escaped, what is counted."""

from __future__ import annotations

import re

import pytest

from helpers.corpus import Corpus
from helpers.edits import Edit
from helpers.index import Hit
from helpers.rendering import (
    Shown,
    describe_changes,
    describe_place,
    mark_hits,
    render_passage,
    render_raw,
    render_selection,
    render_table,
)
from helpers.search import find_passages
from helpers.themes import find_theme_marks
from tests.displays import read_page
from tests.toys import MARKUP, markup_corpus


def hit(start: int, end: int) -> Hit:
    return Hit("toy#p01", start, end, start, end, "term")


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "a &lt;b&gt; c"),
        ([(0, 1)], "<mark>a</mark> &lt;b&gt; c"),
        ([(2, 5)], "a <mark>&lt;b&gt;</mark> c"),
        ([(6, 7), (0, 1)], "<mark>a</mark> &lt;b&gt; <mark>c</mark>"),
        ([(0, 3), (2, 5), (3, 4)], "<mark>a &lt;b&gt;</mark> c"),
        ([(0, 2), (2, 3)], "<mark>a </mark><mark>&lt;</mark>b&gt; c"),
    ],
)
def test_hits_are_marked_and_text_is_escaped(spans: list[tuple[int, int]], expected: str) -> None:
    """Each hit is marked, overlapping ones together, and every sign of markup is text."""
    assert mark_hits("a <b> c", [hit(*span) for span in spans]) == expected


def test_all_hits_are_marked_and_nothing_else(corpus: Corpus) -> None:
    """What stands in marks is what the hits of a passage cover, character by character."""
    found = find_passages('"axis of evil" OR evil OR Russia*', corpus=corpus)
    for passage in found:
        marked = mark_hits(passage.text, found.hits(passage))
        shown, inside, covered = "", False, set()
        for piece in re.split(r"(</?mark>)", marked):
            if piece in ("<mark>", "</mark>"):
                inside = piece == "<mark>"
                continue
            text = read_page(f"<p>{piece}</p>")
            covered |= {len(shown) + i for i in range(len(text)) if inside}
            shown += text
        assert shown == passage.text
        assert covered == {i for h in found.hits(passage) for i in range(h.start, h.end)}


def test_raw_text_shows_what_went_and_what_came() -> None:
    """A removal is struck out, a correction stands beside it, and changed blanks are as found."""
    edits = [
        Edit(10, 13, "<1>", "", "note_marker", 'a "note"'),
        Edit(14, 16, "  ", " ", "whitespace", "."),
        Edit(16, 17, "l", "I", "erratum", "."),
    ]
    assert render_raw("<1>a  l&", 10, edits) == (
        '<del title="note_marker: a &quot;note&quot;">&lt;1&gt;</del>a  '
        '<del title="erratum: .">l</del><ins title="erratum: .">I</ins>&amp;'
    )


def test_raw_text_is_whole(corpus: Corpus) -> None:
    """With its corrections taken out, the raw source that is shown is the raw file's."""
    for passage in corpus.passages:
        raw = corpus.source_of(passage).text[passage.start : passage.end]
        shown = render_raw(raw, passage.start, corpus.edits_in(passage))
        without = re.sub(r"<ins .*?</ins>", "", shown, flags=re.DOTALL)
        assert read_page(f"<pre>{without}</pre>") == raw


def test_changes_are_counted_by_rule(corpus: Corpus) -> None:
    """Changes of blanks come last and are always counted."""
    edits = corpus.edits_in(corpus.passage("azizian-2003#p33"))
    blanks = sum(edit.rule == "whitespace" for edit in edits)
    assert describe_changes(edits) == f"1 page_number, 1 running_head, {blanks} changes of blanks"
    assert describe_changes([]) == "0 changes of blanks"


def test_a_place_names_document_section_and_page(corpus: Corpus) -> None:
    """What is not known of a place is left out; a text without title says so."""
    assert describe_place(corpus, corpus.passage("azizian-2003#p33")).endswith(
        "2003-03 · MIXED REACTION TO THE CONCEPT OF PREEMPTIVE STRIKES · p. 9-6–9-7"
    )
    assert describe_place(corpus, corpus.passage("monitor-2000#p01")) == "[untitled] · 2000-02"


@pytest.mark.parametrize("live", [False, True])
def test_a_passage_is_shown_with_all_that_belongs_to_it(corpus: Corpus, live: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """Id, text, themes, citation and raw source of every passage can be read."""
    found = find_passages(corpus=corpus)
    marks = find_theme_marks(corpus)
    for passage in found:
        page = read_page(render_passage(found, passage, live=live))
        themes = ", ".join(name for name in marks if passage.id in marks[name]) or "none"
        assert page.startswith(f"{passage.id} · ")
        assert passage.text in page
        assert f"Themes: {themes}" in page
        assert corpus.cite(passage) in page


def test_a_live_citation_is_a_field_with_a_name(corpus: Corpus) -> None:
    """In the explorer the citation stands in a read-only field that says whose it is."""
    found = find_passages("preventative", corpus=corpus)
    html = render_passage(found, found.passages[0], live=True)
    assert f'<input readonly aria-label="Citation of {found.passages[0].id}" value=' in html
    assert "<input" not in render_passage(found, found.passages[0])


@pytest.mark.parametrize(
    ("first", "size", "shown"), [(0, 10, 10), (10, 10, 10), (120, 10, 2), (0, 122, 122)]
)
def test_a_page_of_a_selection(corpus: Corpus, first: int, size: int, shown: int) -> None:
    """A page begins where it is told and holds as many passages as there are left."""
    html = render_selection(find_passages(corpus=corpus), first=first, size=size)
    ids = re.findall(r"<article><p><strong>(.*?)</strong>", html)
    assert ids == [p.id for p in corpus.passages[first : first + size]]
    assert len(ids) == shown


def test_an_empty_selection_is_a_sentence(corpus: Corpus) -> None:
    """Where nothing fits, a sentence says what to do."""
    html = render_selection(find_passages("zzz", corpus=corpus))
    assert read_page(html) == "No passage fits; take a condition away or change the words."


def test_markup_in_a_text_is_text() -> None:
    """A passage that holds a script shows the script and does not run it."""
    corpus = markup_corpus()
    found = find_passages("alert", corpus=corpus)
    for live in (False, True):
        html = render_selection(found, live=live)
        page = read_page(html)
        assert page.count(MARKUP) >= 6  # twice in the text and again in place, citation, source
        assert "<script" not in html
        assert "<b>" not in html


def test_a_table_is_escaped() -> None:
    """Heads and cells are text."""
    html = render_table(("<a>", "b"), [("<c>", '"&"')])
    assert read_page(html) == '<a>b<c>"&"'
    assert html.count("<tr>") == 2


def test_a_display_has_two_forms() -> None:
    """Printed it is plain text; in a notebook HTML with its style."""
    shown = Shown("two <tracks>", "<p>two &lt;tracks&gt;</p>")
    assert repr(shown) == "two <tracks>"
    assert read_page(shown._repr_html_()) == "two <tracks>"
