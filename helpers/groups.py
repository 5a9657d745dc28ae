"""Whose words they are: passages cut into what belongs to a document, year, theme, speaker."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from helpers.corpus import Corpus, Passage
from helpers.speech import Quotation, find_quotations
from helpers.themes import find_theme_marks
from helpers.words import Token, tokenize

__all__ = ["GROUPS", "UNKNOWN", "cut_passage", "date_groups", "find_speech", "tokens_of"]

GROUPS = ("document", "section", "speaker", "theme", "year")
NO_DATE, NO_HEADING, NO_THEME = "no date", "no heading", "no theme"
NOT_QUOTED, UNKNOWN = "not quoted", "speaker unknown"


@lru_cache(maxsize=8)
def tokens_of(corpus: Corpus) -> dict[str, list[Token]]:
    """The words of every passage, by its id."""
    return {passage.id: tokenize(passage.text) for passage in corpus.passages}


@lru_cache(maxsize=16)
def date_groups(corpus: Corpus, by: str) -> dict[str, str]:
    """The group (its own, or its year) of each document by its id, in order of date."""
    ordered = sorted(corpus.documents, key=lambda document: document.date)
    return {d.id: d.id if by == "document" else str(d.year or NO_DATE) for d in ordered}


@lru_cache(maxsize=8)
def find_speech(corpus: Corpus) -> dict[str, list[Quotation]]:
    """The quotations of what somebody said, by passage."""
    spoken: dict[str, list[Quotation]] = {}
    for quote in find_quotations(corpus):
        if quote.kind == "speech":
            spoken.setdefault(quote.passage_id, []).append(quote)
    return spoken


def cut_passage(corpus: Corpus, passage: Passage, by: str) -> Iterator[tuple[str, int, int]]:
    """The groups a passage belongs to, each with the characters of it that are the group's."""
    if by == "speaker":
        position = 0
        for quote in find_speech(corpus).get(passage.id, ()):
            yield NOT_QUOTED, position, quote.start
            yield quote.speaker or UNKNOWN, quote.start, quote.end
            position = quote.end
        yield NOT_QUOTED, position, len(passage.text)
        return
    if by == "theme":
        marks = find_theme_marks(corpus)
        names = [theme for theme in marks if passage.id in marks[theme]] or [NO_THEME]
    elif by == "section":
        names = [passage.section or NO_HEADING]
    else:
        names = [date_groups(corpus, by)[passage.doc_id]]
    yield from ((name, 0, len(passage.text)) for name in names)
