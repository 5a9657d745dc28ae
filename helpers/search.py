"""Which passages: one filter over words, themes, people, documents and years.

The filter, the concordance, the figures and the explorer all ask `find_passages`; so a count
is always the length of a list of passages that can be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.corpus import Corpus, Passage
from helpers.errors import SettingError, check_name
from helpers.index import Hit, index_of
from helpers.loading import course_corpus, load_corpus
from helpers.query import Query, parse_query

__all__ = [
    "Names",
    "Selection",
    "Years",
    "check_years",
    "find_passages",
    "keep_documents",
    "known_values",
]

Names = str | Sequence[str]
Years = Sequence[int | None]
LABELS = ("theme", "speaker", "person")


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The passages of a corpus that answer a request, in reading order, with the request itself.

    `query` are the words asked for; blank for any. `filters` are what else was asked for, as
    name and value: ``("theme", "iran")``.
    """

    corpus: Corpus
    query: Query
    filters: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]

    def __len__(self) -> int:
        return len(self.passages)

    def __iter__(self) -> Iterator[Passage]:
        return iter(self.passages)

    def __repr__(self) -> str:
        return f"Selection({self.title}; {self.conditions})"

    @property
    def title(self) -> str:
        """How many of how many: ``"12 of 122 passages"``."""
        return f"{len(self.passages)} of {len(self.corpus.passages)} passages"

    @property
    def conditions(self) -> str:
        """What was asked, and which cleaning rules were off, in one line."""
        asked = [f"{name} {value}" for name, value in self.filters]
        if self.query.match:
            asked.insert(0, f"query {self.query.text.strip()}")
        if self.corpus.without:
            asked.append(f"cleaning without {', '.join(self.corpus.without)}")
        return " · ".join(asked) or "all passages"

    def hits(self, passage: Passage) -> tuple[Hit, ...]:
        """Where what was asked for stands in a passage, in order.

        The words of the query; or, if only themes were asked for, what marks the passage with
        them.
        """
        themes = dict(self.filters).get("theme", "")
        if self.query.match or not themes:
            return index_of(self.corpus).hits(self.query, passage)
        from helpers.themes import find_theme_marks

        found = find_theme_marks(self.corpus)
        marks = (found[theme].get(passage.id) for theme in themes.split(", "))
        spans = {(hit.start, hit.end): hit for mark in marks if mark for hit in mark.places}
        return tuple(spans[span] for span in sorted(spans))


def known_values(kind: str, *, corpus: Corpus) -> list[str]:
    """The values of a filter of `find_passages` in this corpus, in the order to offer them.

    Examples
    --------
    >>> known_values("document", corpus=course_corpus())[:2]
    ['ivanov-gvosdev-2002', 'azizian-2003']
    """
    if kind == "document":
        return [document.id for document in corpus.documents]
    if kind == "section":
        sections = (p.section for p in corpus.passages if p.section)
        return list(dict.fromkeys(s for name in sections for s in (name.split(" > ")[0], name)))
    if kind == "theme":
        from helpers.themes import load_themes

        return list(load_themes(corpus=corpus))
    return sorted({value for value, _ in _find_labels(kind, corpus)})


def _find_labels(kind: str, corpus: Corpus) -> list[tuple[str, str]]:
    """Themes, speakers or persons with the ids of their passages.

    What finds them is imported when it is first asked: a search for words alone is quicker so.
    """
    if kind == "theme":
        from helpers.themes import find_theme_marks

        return [(theme, name) for theme, ids in find_theme_marks(corpus).items() for name in ids]
    if kind == "speaker":
        from helpers.speech import find_quotations

        return [(q.speaker, q.passage_id) for q in find_quotations(corpus) if q.speaker]
    from helpers.people import find_mentions

    return [(m.person, m.passage_id) for m in find_mentions(corpus) if m.passage_id]


def find_passages(  # noqa: PLR0913 -- one keyword for each condition a reader can set
    query: str = "",
    *,
    theme: Names = (),
    document: Names = (),
    speaker: Names = (),
    person: Names = (),
    section: str = "",
    years: Years = (None, None),
    corpus: Corpus | None = None,
) -> Selection:
    """The passages that fit every condition; within one condition any of its values will do.

    In a smaller corpus (see `keep_documents`) the names of the whole stay known, and find nothing.

    Parameters
    ----------
    query : str, optional
        Words in the query language (see `helpers.query.parse_query`).
    theme, document, speaker, person : str or sequence of str, optional
        One name or several. `speaker` is whose words are quoted in the passage, `person` who
        is mentioned in it.
    section : str, optional
        A heading, with the subsections under it.
    years : (int or None, int or None), optional
        First and last year of the document's date; None leaves that side open.
    corpus : Corpus, optional
        The course's own if left out.

    Raises
    ------
    QueryError, UnknownNameError, SettingError
        If the query cannot be read, a name does not exist, or the years are no two numbers in
        order.

    Examples
    --------
    >>> find_passages("pre-empt* OR preempt*", document="azizian-2003").title
    '3 of 122 passages'
    """
    corpus = corpus or course_corpus()
    asked = {"theme": theme, "document": document, "section": section}
    asked |= {"speaker": speaker, "person": person}
    names = {kind: _check_names(kind, value, corpus) for kind, value in asked.items()}
    index = index_of(corpus)
    for kind in LABELS:
        if names[kind] and not index.has_labels(kind):
            index.label(kind, _find_labels(kind, corpus))
    parsed, (first, last) = parse_query(query), check_years(years)
    found = index.select(
        parsed,
        labels={kind: names[kind] for kind in LABELS if names[kind]},
        documents=names["document"],
        section=section,
        years=(first, last),
    )
    filters = [(kind, ", ".join(values)) for kind, values in names.items() if values]
    if (first, last) != (None, None):
        filters.append(("years", f"{first or '…'}–{last or '…'}"))
    return Selection(corpus, parsed, tuple(filters), tuple(map(corpus.passage, found)))


def _check_names(kind: str, value: Names, corpus: Corpus) -> list[str]:
    names = [value] if isinstance(value, str) else list(value)
    known = known_values(kind, corpus=corpus.whole) if any(names) else []
    return [check_name(kind, name, known) for name in names if name]


def check_years(years: Years) -> tuple[int | None, int | None]:
    """The first and the last year; SettingError if they are no two numbers in order."""
    if len(years) != 2 or not all(year is None or isinstance(year, int) for year in years):
        raise SettingError(
            f"The years {list(years)} must be two whole numbers, the first and the last; "
            "write as in: 2000, 2021."
        )
    first, last = years
    if first is not None and last is not None and first > last:
        raise SettingError(
            f"The years {first}–{last} are the wrong way round; write {last}–{first}."
        )
    return first, last


def keep_documents(
    documents: Sequence[str] = (), *, years: Years = (), corpus: Corpus | str | None = None
) -> Corpus:
    """A smaller corpus: some of the documents, with the raw files they come from.

    As for `find_passages`, with its errors; SettingError also if nothing is left. `corpus` may
    also be a folder, as for `load_corpus`; empty it is the course's own.

    Examples
    --------
    >>> keep_documents(years=[2000, 2003])
    Corpus(3 documents, 52 passages)
    """
    if not isinstance(corpus, Corpus):
        corpus = load_corpus(corpus) if corpus else course_corpus()
    names = _check_names("document", documents, corpus) or [d.id for d in corpus.documents]
    first, last = check_years(years or (None, None))
    kept = {d.id for d in corpus.documents if d.id in names and _is_within(d.year, first, last)}
    if not kept:
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        raise SettingError(
            f"None of the documents {', '.join(names[:8])}{more} is from {first}–{last}; "
            "widen the years, or leave them out."
        )
    return corpus.keep(kept)


def _is_within(year: int | None, first: int | None, last: int | None) -> bool:
    """Whether a year is in a range with open sides; no year is in every range but a bounded one."""
    if year is None:
        return first is None and last is None
    return (first is None or first <= year) and (last is None or year <= last)
