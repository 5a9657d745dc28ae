"""What is said more often here than there: key words, collocates, and how evenly words spread.

`helpers.measures` has the source and the weakness of each measure; `query`, `corpus` and
`**filters` are those of `find_passages`, and so are the errors. A blank query is a QueryError, a
number too small a SettingError.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

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

Said = Iterable[tuple[Passage, Iterable[str]]]  # passages with the words in them that count
Sets = dict[str, dict[str, str]]  # for each word the ids of its passages, with their documents


def count_keyness(
    target: Selection, reference: Selection | None = None, *, size: int = 20
) -> CountTable:
    """The words that are more frequent in some passages than in others.

    Parameters
    ----------
    target, reference : Selection
        The passages to describe, and those to compare them with, from one corpus; the rest of
        it if there is no reference. A passage in both counts as target.
    size : int, optional
        How many words at most, 1 or more; the title says of how many.

    Returns
    -------
    CountTable
        A row for each word that stands twice or more in the target and is more frequent there,
        the highest log-likelihood first: how often in the target and the reference, absolutely
        and per 1,000 words; log-likelihood (evidence); log ratio (size); the documents of the
        target that have it. ``attrs["passages"]`` holds the ids in the target by word.

    Notes
    -----
    Words are those of the search: “U.S.” is two, u and s. A word can be key because one author
    likes it: look at the documents. Words by which the target was found are key of themselves.

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
    here, behind = _tally(_words_in(target.corpus, target))
    there, _ = _tally(_words_in(target.corpus, others))
    sizes = here.total(), there.total()
    rows: dict[str, tuple[float, ...]] = {}
    for word, n in here.items():
        counts = n, there[word]
        if n >= RARE and n * sizes[1] > there[word] * sizes[0]:
            likelihood, ratio = log_likelihood(*counts, *sizes), log_ratio(*counts, *sizes)
            rates = map(per_thousand, counts, sizes)
            rows[word] = (*counts, *rates, round(likelihood, 2), round(ratio, 2))
    compared = "the rest" if reference is None else reference.conditions
    more = f"compared with {len(others)} passages: {compared}"
    return _rank(rows, KEYNESS, size, behind, describe("key words", target, more))


def _words_in(corpus: Corpus, passages: Iterable[Passage]) -> Said:
    return ((p, [token.text for token in tokens_of(corpus)[p.id]]) for p in passages)


def _tally(said: Said) -> tuple[Counter[str], Sets]:
    """How often each word stands in passages, and in which of them."""
    counts: Counter[str] = Counter()
    behind: Sets = {}
    for passage, words in said:
        for word in words:
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
    query, **filters
        As for `find_passages`; QueryError also if the query is blank. The filters bound what is
        counted, near and elsewhere.
    window, size : int, optional
        Words on each side that count as near, never beyond the passage; how many words at most,
        of which the title says of how many. Both 1 or more.

    Returns
    -------
    CountTable
        A row for each word that stands near twice or more, and more often than its share; the
        highest log-likelihood first: how often near a hit and elsewhere; log-likelihood
        (evidence); logDice (how exclusively they go together); documents. The words of the hits
        themselves are in neither. ``attrs["passages"]`` holds the ids of the passages where a
        word stands near, by word.

    Notes
    -----
    A word near two hits is counted once, as in S. Evert, "Corpora and collocations", in: A.
    Lüdeling and M. Kytö (eds.), Corpus Linguistics (2009), ch. 58. For logDice it is near at
    most once for each hit.

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
    every, _ = _tally(_words_in(found.corpus, pool))
    around = [(passage, _around(found, passage, window)) for passage in found]
    near, behind = _tally((passage, said.near) for passage, said in around)
    inside, _ = _tally((passage, said.inside) for passage, said in around)
    hits = sum(said.hits for _, said in around)
    far = every - near - inside
    rows: dict[str, tuple[float, ...]] = {}
    sizes = near.total(), far.total()
    for word, n in near.items():
        if n >= RARE and n * sizes[1] > far[word] * sizes[0]:
            likelihood = log_likelihood(n, far[word], *sizes)
            strength = log_dice(min(n, hits), hits, n + far[word])
            rows[word] = n, far[word], round(likelihood, 2), round(strength, 2)
    about = describe("collocates", found, f"{window} words on each side")
    return _rank(rows, COLLOCATES, size, behind, about)


class _Around(NamedTuple):
    """How many hits a passage has, the words in them, and the words near them."""

    hits: int
    inside: list[str]
    near: list[str]


def _around(found: Selection, passage: Passage, window: int) -> _Around:
    tokens, hits = tokens_of(found.corpus)[passage.id], found.hits(passage)
    starts = [token.start for token in tokens]
    inside, near = set[int](), set[int]()  # places of words, from the beginning of the passage
    for hit in hits:
        first, after = bisect_left(starts, hit.start), bisect_left(starts, hit.end)
        inside.update(range(first, after))
        near.update(range(max(0, first - window), min(after + window, len(tokens))))
    words = ([tokens[place].text for place in places] for places in (inside, near - inside))
    return _Around(len(hits), *words)


def measure_dispersion(queries: str | Sequence[str], *, corpus: Corpus | None = None) -> CountTable:
    """How evenly what each query finds is spread over the documents; a query must not be blank.

    Returns
    -------
    CountTable
        For each query: passages, hits, documents with a hit; DP and, as ``dispersion``, the
        same normalised: from 0 (spread as the words are) to 1 (all in the shortest document).
        Blank where nothing was found, or in one document; high, whatever the authors meant,
        where hits are fewer than documents. ``attrs["passages"]`` holds the ids by query.

    Examples
    --------
    >>> measure_dispersion(["Russia*", "preempt*"])["documents"].tolist()
    [8, 1]
    """
    rows: dict[str, tuple[float, ...]] = {}
    behind: dict[str, tuple[str, ...]] = {}
    every = find_passages(corpus=corpus)
    for query in [queries] if isinstance(queries, str) else queries:
        found = find_passages(query, corpus=corpus)
        if not found.query.match:
            raise QueryError("There is no word whose spread to measure; type one, as in: preempt*.")
        hits = Counter(p.doc_id for p in found for _ in found.hits(p))
        spread = [round(value, 2) for value in _spread(found.corpus, hits)]
        rows[query] = (len(found), hits.total(), len(hits), *spread)
        behind[query] = tuple(passage.id for passage in found)
    columns = {name: [row[i] for row in rows.values()] for i, name in enumerate(DISPERSION)}
    about = describe("spread over documents", every)
    about["extent"] = f"{len(every.corpus.documents)} documents"
    return build_table(columns, rows, "query", about, behind)


def _spread(corpus: Corpus, hits: Mapping[str, int]) -> tuple[float, float]:
    """How unevenly hits, counted by document, are spread over a corpus: DP, and normalised."""
    tokens = tokens_of(corpus)
    sizes = [sum(len(tokens[p.id]) for p in document.passages) for document in corpus.documents]
    counts = [hits.get(document.id, 0) for document in corpus.documents]
    return deviation_of_proportions(counts, sizes)
