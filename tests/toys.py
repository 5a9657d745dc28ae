"""Made-up texts whose right answers the eye can see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helpers.corpus import Corpus, Document, Evidence, Extra, Passage
from helpers.edits import Edit, Ledger
from helpers.sources import Source


def toy_corpus(
    *paragraphs: str, date: str = "2005", caption: str = "", edits: tuple[Edit, ...] = ()
) -> Corpus:
    """One document ``toy`` of these paragraphs, after a caption if there is one."""
    source = Source("toy.txt", "\n\n".join([caption, *paragraphs]).encode())
    ledger, passages, position = Ledger(source, edits), [], len(caption)
    for number, paragraph in enumerate(paragraphs, 1):
        start = source.text.index(paragraph, position)
        position = end = start + len(paragraph)
        span = (start, end, source.byte(start), source.byte(end))
        text = ledger.clean(start, end)
        passages.append(Passage(f"toy#p{number:02}", "toy", number, "", "", *span, text))
    extras = (Extra("toy", "caption", 0, len(caption), caption),) if caption else ()
    nothing = ("", (), "unknown", None, "")
    dates = (date, "year", date and f"{date}-01-01", date and f"{date}-12-31", None, "")
    where = ("toy.txt", source.sha256, 0, len(source.text), 0, len(source.raw))
    document = Document("toy", *nothing, *dates, *where, (), tuple(passages), extras)
    return Corpus((document,), {"toy.txt": ledger})


MARKUP = """<script>alert(1)</script> & "<b>'bold'</b>" ’s"""


def markup_corpus() -> Corpus:
    """A corpus in which everything that can be shown holds markup, quotes and ampersands."""
    paragraph = f"He said: “alert {MARKUP}” alert"
    edit = Edit(2 + len(paragraph) - 5, 2 + len(paragraph), "alert", MARKUP, "erratum", MARKUP)
    corpus = toy_corpus(paragraph, "O'Neil", edits=(edit,))
    (document,) = corpus.documents
    evidence = Evidence("He said", 2, 9, MARKUP)
    document = replace(
        document,
        passages=tuple(replace(p, section=MARKUP, page=MARKUP) for p in document.passages),
        **dict.fromkeys(("title", "publication", "genre"), MARKUP),
        **dict.fromkeys(("author_evidence", "date_evidence"), evidence),
        authors=(MARKUP,),
    )
    return Corpus((document,), corpus.ledgers)


def toy_questions() -> list[dict[str, Any]]:
    """Three questions as the tables of a file: several to choose, an order, a citation."""
    common = {"level": "find", "prompt": "?", "model": ".", "hints": ["!"], "passages": []}
    options = [
        {"text": "one", "why": "it is", "fits": {"query": "preempt*"}},
        {"text": "two", "why": "so is it", "right": True},
        {"text": "three", "why": "it is not"},
    ]
    documents = ["azizian-2003", "edm-2010", "monitor-2000"]
    late = {"answer": ["monitor-2000", "edm-2010", "azizian-2003"], "why": "too late"}
    citation = {
        **common,
        "level": "argue",
        "at_least": 2,
        "documents": 2,
        "argument": True,
        "where": {"theme": "iran"},
        "answer": ["azizian-2003#p26", "edm-2010#p05"],
        "side": [{"name": "a company", "where": {"query": "nuclear"}}],
    }
    return [
        {"id": "toy-1", "kind": "choose", **common, "several": True, "option": options},
        {"id": "toy-2", "kind": "order", **common, "documents": documents, "mistake": [late]},
        {"id": "toy-3", "kind": "cite", **citation},
    ]
