"""Whose words they are: passages cut into what belongs to a document, year, theme, speaker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from helpers.corpus import Corpus, Passage
from helpers.speech import find_quotations
from helpers.themes import find_theme_marks
from helpers.words import Token, tokenize

__all__ = ["GROUPS", "UNKNOWN", "date_groups", "tokens_of"]

NO_DATE, NO_HEADING, NO_THEME = "no date", "no heading", "no theme"
NOT_QUOTED, UNKNOWN = "not quoted", "speaker unknown"

Stretch = tuple[str, int, int]  # a group, and the characters of a passage that belong to it
Cut = Callable[[Corpus, Passage], Iterable[Stretch]]


@lru_cache(maxsize=8)
def tokens_of(corpus: Corpus) -> dict[str, list[Token]]:
    """The words of every passage, by its id."""
    return {passage.id: tokenize(passage.text) for passage in corpus.passages}


def date_groups(corpus: Corpus, by: str) -> dict[str, str]:
    """The group (its own, or its year) of each document by its id, in order of date."""
    ordered = sorted(corpus.documents, key=lambda document: document.date)
    return {d.id: d.id if by == "document" else str(d.year or NO_DATE) for d in ordered}


def _whole(label: Callable[[Corpus, Passage], str]) -> Cut:
    return lambda corpus, passage: [(label(corpus, passage), 0, len(passage.text))]


def _themes(corpus: Corpus, passage: Passage) -> list[Stretch]:
    marks = find_theme_marks(corpus)
    themes = [theme for theme, passages in marks.items() if passage.id in passages]
    return [(theme, 0, len(passage.text)) for theme in themes or [NO_THEME]]


def _speakers(corpus: Corpus, passage: Passage) -> Iterator[Stretch]:
    """The words of each speaker, and between them those of nobody quoted."""
    position = 0
    for start, end, speaker in _speech(corpus).get(passage.id, ()):
        yield NOT_QUOTED, position, start
        yield speaker or UNKNOWN, start, end
        position = end
    yield NOT_QUOTED, position, len(passage.text)


@lru_cache(maxsize=8)
def _speech(corpus: Corpus) -> dict[str, list[tuple[int, int, str]]]:
    spoken: dict[str, list[tuple[int, int, str]]] = {}
    for quote in find_quotations(corpus):
        if quote.kind == "speech":
            spoken.setdefault(quote.passage_id, []).append((quote.start, quote.end, quote.speaker))
    return spoken


GROUPS: dict[str, Cut] = {
    "document": _whole(lambda _, passage: passage.doc_id),
    "section": _whole(lambda _, passage: passage.section or NO_HEADING),
    "speaker": _speakers,
    "theme": _themes,
    "year": _whole(lambda corpus, passage: str(corpus.document(passage.doc_id).year or NO_DATE)),
}
