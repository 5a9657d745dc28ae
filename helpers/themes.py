"""The dictionary of themes: check it, mark passages, explain a mark.

A theme is a list of phrases in the query language. An exclusion removes occurrences, not
passages: an occurrence that overlaps an excluded phrase (“East Turkestan”) does not count,
and a passage has the theme if one remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from helpers.corpus import Corpus, Passage
from helpers.errors import DataError, QueryError, UnknownNameError, check_name
from helpers.index import Hit, index_of
from helpers.loading import course_corpus
from helpers.query import parse_query
from helpers.sources import check_table, load_toml

__all__ = [
    "Theme",
    "ThemeMark",
    "check_themes",
    "explain_theme",
    "find_theme_marks",
    "load_themes",
]

KINDS = ("place", "issue", "mode")
KEYS = {"id": str, "definition": str, "phrases": list}
OPTIONS = {"title": str, "kind": str, "note": str, "exclude": list}
FILE_KEYS = {"theme": list, "held_out": list}


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of the dictionary.

    `kind` is ``place``, ``issue`` or ``mode``; `phrases` find it, `exclude` takes occurrences
    away again; `note` says what the phrases are known to miss or to find wrongly.
    """

    id: str
    title: str
    kind: str
    definition: str
    phrases: tuple[str, ...]
    exclude: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, repr=False)
class ThemeMark:
    """Why a passage has a theme, or has not; printed, it says so in a sentence.

    `phrases` are the dictionary entries that count, sorted; `hits` their occurrences; `excluded`
    the occurrences that an exclusion took away.
    """

    theme: Theme
    passage_id: str
    phrases: tuple[str, ...]
    hits: tuple[Hit, ...]
    excluded: tuple[Hit, ...]

    @property
    def places(self) -> tuple[Hit, ...]:
        """The hits, each place once: of ‘personal meeting’ and ‘meeting’ in it, the longer."""
        spans = {(hit.start, hit.end): hit for hit in self.hits}
        return tuple(
            hit
            for (start, end), hit in spans.items()
            if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans)
        )

    def __repr__(self) -> str:
        counted = ", ".join(f"‘{phrase}’" for phrase in self.phrases)
        found = f"{counted} found at {_list_bytes(self.hits)}" if self.hits else "no phrase counts"
        verb = "has" if self.hits else "does not have"
        verdict = f"{self.passage_id} {verb} the theme {self.theme.id}: {found}."
        if not self.excluded:
            return verdict
        away = _list_bytes(self.excluded)
        return f"{verdict} Not counted, because an exclusion overlaps: {away}."


def _list_bytes(hits: Iterable[Hit]) -> str:
    return ", ".join(f"bytes {hit.byte_start}–{hit.byte_end}" for hit in hits)


def load_themes(*, corpus: Corpus | None = None) -> dict[str, Theme]:
    """The themes in ``data/themes.toml`` by id, in the order of the file.

    For a corpus of one's own those of its ``themes.toml``, if it has one; else the course's, to be
    tried on it. DataError if that file says something that cannot be.

    Examples
    --------
    >>> load_themes()["iran"].kind
    'place'
    """
    own = corpus is not None and corpus.home is not None and corpus.home.themes is not None
    return _read_themes(corpus.whole if corpus and own else None)


@lru_cache(maxsize=8)
def _read_themes(corpus: Corpus | None) -> dict[str, Theme]:
    """The themes of a corpus that has its own, or of the course."""
    if corpus is None or corpus.home is None:
        return check_themes(load_toml("themes.toml")["theme"], "data/themes.toml")
    table, where = corpus.home.themes or {}, f"{corpus.home.folder}/themes.toml"
    check_table(table, where, required={}, optional=FILE_KEYS)
    for name in table.get("held_out", []):
        try:
            corpus.document(name)
        except UnknownNameError as error:
            raise DataError(f"{where}, held_out: {error}") from None
    return check_themes(table.get("theme", []), where)


def check_themes(tables: Iterable[Mapping[str, Any]], where: str) -> dict[str, Theme]:
    """Themes from the tables of a file, each entry held to what a theme must be.

    It needs an id, a definition and phrases. DataError names the theme if a key is missing or
    unknown, an id stands twice, there is no phrase, or a phrase is empty, stands twice, holds
    ``|`` or cannot be read as a query.
    """
    themes: dict[str, Theme] = {}
    for entry in tables:
        if not isinstance(entry, Mapping):
            raise DataError(f"{where}: a theme must be a table of its own: [[theme]].")
        place = f"{where}, theme {entry.get('id', '?')!r}"
        check_table(entry, place, required=KEYS, optional=OPTIONS)
        table = {"title": entry["id"], "kind": "issue", "note": "", "exclude": [], **entry}
        if table["id"] in themes:
            raise DataError(f"{place} stands twice; keep one.")
        if table["kind"] not in KINDS:
            raise DataError(f"{place}: kind is {table['kind']!r}; it must be one of {KINDS}.")
        if not table["phrases"]:
            raise DataError(f"{place} has no phrases; add one.")
        _check_phrases([*table["phrases"], *table["exclude"]], place)
        lists = {key: tuple(table[key]) for key in ("phrases", "exclude")}
        themes[table["id"]] = Theme(**{**table, **lists})
    return themes


def _check_phrases(phrases: list[Any], place: str) -> None:
    seen = set()
    for phrase in phrases:
        if not isinstance(phrase, str) or not phrase.strip():
            raise DataError(f"{place} has an empty phrase; take it out.")
        if phrase in seen:
            raise DataError(f"{place} has the phrase {phrase!r} twice; keep one.")
        if "|" in phrase:
            raise DataError(f"{place}, phrase {phrase!r}: | parts phrases in tables; use OR.")
        seen.add(phrase)
        try:
            parse_query(phrase)
        except QueryError as error:
            raise DataError(f"{place}, phrase {phrase!r}: {error}") from None


@lru_cache(maxsize=8)
def find_theme_marks(corpus: Corpus) -> dict[str, dict[str, ThemeMark]]:
    """For each theme the passages that have it, by passage id, in reading order."""
    return {theme.id: _mark(corpus, theme) for theme in load_themes(corpus=corpus).values()}


def _mark(corpus: Corpus, theme: Theme) -> dict[str, ThemeMark]:
    phrases, exclude = _match(corpus, theme.phrases), _match(corpus, theme.exclude)
    marks = (
        _explain(corpus, theme, passage, phrases[passage.id], exclude.get(passage.id, ()))
        for passage in corpus.passages
        if passage.id in phrases
    )
    return {mark.passage_id: mark for mark in marks if mark.hits}


def _match(corpus: Corpus, phrases: Iterable[str]) -> dict[str, list[str]]:
    """The phrases that match each passage, by its id."""
    matching: dict[str, list[str]] = {}
    for phrase in phrases:
        for passage_id in index_of(corpus).match(parse_query(phrase)):
            matching.setdefault(passage_id, []).append(phrase)
    return matching


def _explain(
    corpus: Corpus, theme: Theme, passage: Passage, phrases: Iterable[str], exclude: Iterable[str]
) -> ThemeMark:
    """The mark of a passage, from all phrases and exclusions that match it."""
    index = index_of(corpus)
    away = [hit for phrase in exclude for hit in index.hits(parse_query(phrase), passage)]
    hits, excluded, counting = set[Hit](), set[Hit](), set[str]()
    for phrase in phrases:
        for hit in index.hits(parse_query(phrase), passage):
            if any(hit.start < other.end and other.start < hit.end for other in away):
                excluded.add(hit)
            else:
                hits.add(hit)
                counting.add(phrase)
    in_order = (sorted(found, key=attrgetter("start", "end", "term")) for found in (hits, excluded))
    return ThemeMark(theme, passage.id, tuple(sorted(counting)), *map(tuple, in_order))


def explain_theme(passage_id: str, theme: str, *, corpus: Corpus | None = None) -> ThemeMark:
    """Why a passage has a theme, or has not; UnknownNameError if there is no such of either.

    Examples
    --------
    >>> explain_theme("azizian-2003#p04", "preemption").phrases
    ('preempt*',)
    """
    corpus = corpus or course_corpus()
    passage = corpus.passage(passage_id)
    themes = load_themes(corpus=corpus)
    entry = themes[check_name("theme", theme, themes)]
    return _explain(corpus, entry, passage, entry.phrases, entry.exclude)
