"""What is said more often here than there: key words, collocates, and how evenly words spread."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from helpers.corpus import Corpus, Passage
from helpers.counted import CountTable, build_table, check_least, describe
from helpers.errors import QueryError, SettingError
from helpers.groups import tokens_of
from helpers.measures import (
    deviation_of_proportions,
    log_dice,
    log_likelihood,
    log_ratio,
    per_thousand,
)
from helpers.search import Names, Selection, Years, find_passages

__all__ = ["count_collocates", "count_keyness", "measure_dispersion"]

RARE = 2  # what stands once says nothing about what is usual
KEYNESS = (
    *("target", "reference", "target_per_1000", "reference_per_1000"),
    *("log_likelihood", "log_ratio", "documents"),
)
COLLOCATES = ("near", "elsewhere", "log_likelihood", "log_dice", "documents")
DISPERSION = ("passages", "hits", "documents", "DP", "dispersion")

Sets = dict[str, dict[str, str]]  # for each word the ids of its passages, with their documents


def count_keyness(
    target: Selection, reference: Selection | None = None, *, size: int = 20
) -> CountTable:
    """The words that are more frequent in some passages than in others.

    Parameters
    ----------
    target, reference : Selection
        The passages to describe, and those to compare them with, as from `find_passages`; the
        rest of the corpus if there is no reference. A passage in both counts as target.
    size : int, optional
        How many words at most; the title says of how many.

    Returns
    -------
    CountTable
        A row for each word that stands twice or more in the target and is more frequent there,
        the highest log-likelihood first: how often in the target and the reference, absolutely
        and per 1,000 words; log-likelihood (evidence: from 0, 3.84 is exceeded by chance one
        time in twenty); log ratio (size: 1 is twice as frequent, 2 four times); the documents
        of the target that have it. ``attrs["passages"]`` holds the ids in the target by word.

    Raises
    ------
    SettingError
        For a size below 1, or two corpora.

    Notes
    -----
    See `helpers.measures.log_likelihood` and `log_ratio` for sources and weaknesses. Words are
    those of the search: “U.S.” is two, u and s. A word can be key because one author likes it:
    look at the documents. If the target was found by words, these are key of themselves.

    Examples
    --------
    >>> list(count_keyness(find_passages(theme="israel"), size=2).index)
    ['israel', 'israeli']
    """
    check_least(size, 1, "words")
    if reference and reference.corpus is not target.corpus:
        raise SettingError("Target and reference come from two corpora; find both in one.")
    ids = {passage.id for passage in target}
    others = [p for p in reference or target.corpus.passages if p.id not in ids]
    here, behind = _tally(target, _words_in(target.corpus))
    there, _ = _tally(others, _words_in(target.corpus))
    sizes = here.total(), there.total()
    rows = {
        word: _compare(n, there[word], *sizes)
        for word, n in here.items()
        if n >= RARE and n * sizes[1] > there[word] * sizes[0]
    }
    compared = "the rest" if reference is None else reference.conditions
    more = f"compared with {len(others)} passages: {compared}"
    return _rank(rows, KEYNESS, size, behind, describe("key words", target, more))


def _compare(n: int, other: int, here: int, there: int) -> tuple[float, ...]:
    likelihood, ratio = log_likelihood(n, other, here, there), log_ratio(n, other, here, there)
    rates = per_thousand(n, here), per_thousand(other, there)
    return n, other, *rates, round(likelihood, 2), round(ratio, 2)


def _words_in(corpus: Corpus) -> Callable[[Passage], list[str]]:
    tokens = tokens_of(corpus)
    return lambda passage: [token.text for token in tokens[passage.id]]


def _tally(
    passages: Iterable[Passage], words_of: Callable[[Passage], Iterable[str]]
) -> tuple[Counter[str], Sets]:
    """How often each word stands in passages, and in which of them."""
    counts: Counter[str] = Counter()
    behind: Sets = {}
    for passage in passages:
        for word in words_of(passage):
            counts[word] += 1
            behind.setdefault(word, {})[passage.id] = passage.doc_id
    return counts, behind


def _rank(
    rows: Mapping[str, tuple[float, ...]],
    names: Sequence[str],
    size: int,
    behind: Sets,
    about: Mapping[str, str],
) -> CountTable:
    """A table of the words with the highest log-likelihood."""
    place = names.index("log_likelihood")
    shown = sorted(rows, key=lambda word: (-rows[word][place], word))[:size]
    full = [(*rows[word], len(set(behind[word].values()))) for word in shown]
    columns = {name: [row[i] for row in full] for i, name in enumerate(names)}
    title = f"{len(shown)} of {len(rows)} {about['title']}"
    passages = {word: tuple(behind[word]) for word in shown}
    return build_table(columns, shown, "word", {**about, "title": title}, passages)


def count_collocates(
    query: str,
    *,
    window: int = 5,
    size: int = 20,
    corpus: Corpus | None = None,
    **filters: Names | Years,
) -> CountTable:
    """The words that keep company with what a query finds.

    Parameters
    ----------
    query : str
        Words in the query language.
    window : int, optional
        Words on each side that count as near, 1 or more; never beyond the passage.
    size : int, optional
        How many words at most; the title says of how many.
    corpus : Corpus, optional
        The course's own if left out.
    **filters
        As for `find_passages`; they bound what is counted, near and elsewhere.

    Returns
    -------
    CountTable
        A row for each word that stands near twice or more, and more often than its share; the
        highest log-likelihood first: how often near a hit and elsewhere; log-likelihood
        (evidence, from 0; 3.84 is exceeded by chance one time in twenty); logDice (how
        exclusively they go together, at most 14, one point more is twice as strong);
        documents. The words of the hits themselves are in neither. ``attrs["passages"]`` holds
        the ids of the passages where a word stands near, by word.

    Raises
    ------
    QueryError, UnknownNameError, SettingError
        As `find_passages`; also for a blank query, a window or a size below 1.

    Notes
    -----
    See `helpers.measures` for the measures, and S. Evert, "Corpora and collocations", in: A.
    Lüdeling and M. Kytö (eds.), Corpus Linguistics (2009), ch. 58, for counting what is near:
    a word near two hits is counted once. For logDice it is near at most once for each hit.

    Examples
    --------
    >>> count_collocates("preemptive", window=1, size=1)[["near", "elsewhere"]].values.tolist()
    [[2, 0]]
    """
    check_least(window, 1, "words on each side")
    check_least(size, 1, "words")
    found = find_passages(query, corpus=corpus, **filters)  # type: ignore[arg-type]
    if not found.query.match:
        raise QueryError("Collocates are words near a word; type one, as in: preempt*.")
    pool = find_passages(corpus=found.corpus, **filters)  # type: ignore[arg-type]
    every, _ = _tally(pool, _words_in(found.corpus))
    own = {passage.id: _places(found, passage) for passage in found}
    near, behind = _tally(found, lambda passage: _around(found, passage, own[passage.id], window))
    inside, _ = _tally(found, lambda passage: _around(found, passage, own[passage.id], 0))
    hits = sum(len(places) for places in own.values())
    far = every - near - inside
    rows = {
        word: (
            *(n, far[word], round(log_likelihood(n, far[word], near.total(), far.total()), 2)),
            round(log_dice(min(n, hits), hits, n + far[word]), 2),
        )
        for word, n in near.items()
        if n >= RARE and n * far.total() > far[word] * near.total()
    }
    about = describe("collocates", found, f"{window} words on each side")
    return _rank(rows, COLLOCATES, size, behind, about)


def _places(found: Selection, passage: Passage) -> list[range]:
    """The numbers of the words of each hit, counted from the beginning of the passage."""
    starts = [token.start for token in tokens_of(found.corpus)[passage.id]]
    return [
        range(bisect_left(starts, hit.start), bisect_left(starts, hit.end))
        for hit in found.hits(passage)
    ]


def _around(found: Selection, passage: Passage, own: Sequence[range], window: int) -> Iterator[str]:
    """The words up to `window` from a hit; those of the hits themselves if it is 0."""
    tokens = tokens_of(found.corpus)[passage.id]
    inside = {place for places in own for place in places}
    near = {p for hit in own for p in range(hit.start - window, hit.stop + window)} - inside
    return (
        tokens[place].text for place in (near if window else inside) if 0 <= place < len(tokens)
    )


def measure_dispersion(queries: str | Sequence[str], *, corpus: Corpus | None = None) -> CountTable:
    """How evenly what each query finds is spread over the documents.

    Parameters
    ----------
    queries : str or sequence of str
        Queries, one a row.
    corpus : Corpus, optional
        The course's own if left out.

    Returns
    -------
    CountTable
        For each query: passages, hits, documents with a hit; DP and, as ``dispersion``, the
        same normalised: from 0 (spread as the words are) to 1 (all in the shortest document).
        Blank where nothing was found, or in one document. ``attrs["passages"]`` holds the ids
        by query.

    Raises
    ------
    QueryError
        If a query cannot be read or is blank.

    Notes
    -----
    See `helpers.measures.deviation_of_proportions` for source and weakness: where hits are
    fewer than documents, the value is high whatever the authors meant.

    Examples
    --------
    >>> measure_dispersion(["Russia*", "preempt*"])["documents"].tolist()
    [8, 1]
    """
    rows: dict[str, tuple[float, ...]] = {}
    behind: dict[str, tuple[str, ...]] = {}
    for query in [queries] if isinstance(queries, str) else queries:
        found = find_passages(query, corpus=corpus)
        if not found.query.match:
            raise QueryError("There is no word whose spread to measure; type one, as in: preempt*.")
        hits = Counter(p.doc_id for p in found for _ in found.hits(p))
        spread = [round(value, 2) for value in _spread(found.corpus, hits)]
        rows[query] = (len(found), hits.total(), len(hits), *spread)
        behind[query] = tuple(passage.id for passage in found)
    columns = {name: [row[i] for row in rows.values()] for i, name in enumerate(DISPERSION)}
    every = find_passages(corpus=corpus)
    about = describe("spread over documents", every)
    about["extent"] = f"{len(every.corpus.documents)} documents"
    return build_table(columns, rows, "query", about, behind)


def _spread(corpus: Corpus, hits: Mapping[str, int]) -> tuple[float, float]:
    """How unevenly hits, counted by document, are spread over a corpus: DP, and normalised."""
    tokens = tokens_of(corpus)
    sizes = [sum(len(tokens[p.id]) for p in document.passages) for document in corpus.documents]
    counts = [hits.get(document.id, 0) for document in corpus.documents]
    return deviation_of_proportions(counts, sizes)
