"""How often: tables whose every number is, or stands beside, the length of a list of passages.

`corpus` and `**filters` are those of `find_passages` in every function here, and so are the
errors they raise. ``attrs["passages"]`` of a table holds the ids of the passages behind each
number, by (row, column), or by row in `count_hits`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from helpers.cleaning import EVERY_RULE
from helpers.corpus import Corpus, Passage
from helpers.counted import CountTable, build_table, describe
from helpers.errors import QueryError, SettingError, check_name
from helpers.groups import GROUPS, UNKNOWN, cut_passage, date_groups, find_speech, tokens_of
from helpers.loading import course_corpus
from helpers.measures import per_thousand
from helpers.query import parse_query
from helpers.search import Names, Years, find_passages
from helpers.themes import find_theme_marks

__all__ = ["count_edits", "count_hits", "count_passages", "count_speakers", "count_themes"]

DATED = ("document", "year")  # groupings in order of date


def count_passages(
    queries: str | Sequence[str],
    *,
    by: str = "document",
    corpus: Corpus | None = None,
    **filters: Names | Years,
) -> CountTable:
    """In how many passages each query is found, by document or year.

    A row for each document or year in order of date, also of zeros; a column for each query, and
    ``any`` of them: passages, each counted once in a cell. SettingError if there is no query, or
    one stands twice. Filters as for `find_passages`.

    Examples
    --------
    >>> count_passages(["preempt*", "preventative"]).loc["azizian-2003"].to_dict()
    {'preempt*': 3, 'preventative': 1, 'any': 4}
    """
    check_name("grouping", by, DATED)
    queries = [queries] if isinstance(queries, str) else list(queries)
    if not queries or len({*queries, "any"}) <= len(queries):
        raise SettingError(
            "Give at least one query, and each of them once; to count the word any, write ANY."
        )
    corpus = corpus or course_corpus()
    found = {query: find_passages(query, corpus=corpus, **filters) for query in queries}  # type: ignore[arg-type]
    either = {passage.id for selection in found.values() for passage in selection}
    every = tuple(passage for passage in corpus.passages if passage.id in either)
    found["any"] = replace(found[queries[0]], query=parse_query(""), passages=every)
    columns = {name: [passage.id for passage in selection] for name, selection in found.items()}
    groups = _group_ids(corpus, by, corpus.passages)
    return _cross(groups, columns, by, describe(f"passages by {by}", found["any"]))


def count_themes(
    *, by: str = "document", corpus: Corpus | None = None, **filters: Names | Years
) -> CountTable:
    """How many passages have each theme of the dictionary, by document or year.

    A row for each theme, a column for each document or year in order of date. A passage counts
    for each theme it has, so rows must not be added up. Filters as for `find_passages`.

    Examples
    --------
    >>> int(count_themes().loc["abm_missile_defence", "edm-2010"])
    1
    """
    check_name("grouping", by, DATED)
    found = find_passages(corpus=corpus, **filters)  # type: ignore[arg-type]
    about = describe(f"passages with each theme by {by}", found)
    groups = _group_ids(found.corpus, by, found.passages)
    return _cross(find_theme_marks(found.corpus), groups, "theme", about)


def count_speakers(*, corpus: Corpus | None = None, **filters: Names | Years) -> CountTable:
    """Who quotes whom: in how many passages of each document a speaker's words stand.

    A row for each speaker, the most quoted first, a column for each document in order of date.
    A passage that quotes two counts for both. Filters as for `find_passages`.

    Examples
    --------
    >>> int(count_speakers().loc["Sergei Ivanov", "edm-2010"])
    1
    """
    found = find_passages(corpus=corpus, **filters)  # type: ignore[arg-type]
    quoted: dict[str, set[str]] = defaultdict(set)
    for passage in found:
        for quote in find_speech(found.corpus).get(passage.id, ()):
            quoted[quote.speaker or UNKNOWN].add(passage.id)
    ranked = sorted(quoted, key=lambda speaker: (-len(quoted[speaker]), speaker))
    groups = _group_ids(found.corpus, "document", found.passages)
    about = describe("passages with words of each speaker", found)
    return _cross({speaker: quoted[speaker] for speaker in ranked}, groups, "speaker", about)


def _group_ids(corpus: Corpus, by: str, passages: Sequence[Passage]) -> dict[str, list[str]]:
    """The ids of passages by document or year, in order of date; no group is empty."""
    names = date_groups(corpus, by)
    groups: dict[str, list[str]] = {name: [] for name in names.values()}
    for passage in passages:
        groups[names[passage.doc_id]].append(passage.id)
    return {name: ids for name, ids in groups.items() if ids}


def _cross(
    rows: Mapping[str, Collection[str]],
    columns: Mapping[str, Sequence[str]],
    by: str,
    about: Mapping[str, str],
) -> CountTable:
    """How many ids each row has in common with each column, and which."""
    behind = {
        (row, column): tuple(passage_id for passage_id in ids if passage_id in members)
        for row, members in rows.items()
        for column, ids in columns.items()
    }
    counts = {column: [len(behind[row, column]) for row in rows] for column in columns}
    return build_table(counts, rows, by, about, behind)


def count_hits(
    query: str, *, by: str = "year", corpus: Corpus | None = None, **filters: Names | Years
) -> CountTable:
    """How often a query is found in each group of texts, absolutely and per 1,000 words.

    Parameters
    ----------
    query, **filters
        As for `find_passages`; QueryError also if the query is blank.
    by : {"document", "section", "speaker", "theme", "year"}, optional
        What makes a row. By speaker, only the words in quotation marks are theirs; what is in
        nobody's is counted as ``not quoted``. A passage with several themes counts in each.

    Returns
    -------
    CountTable
        A row for each group: passages with a hit, hits, words of the group that meet the
        filters, hits per 1,000 of these words, documents with a hit. Years and documents are
        in order of date, also those without a hit; other groups by hits, and only with hits.

    Examples
    --------
    >>> count_hits("preempt* OR preventative", years=(2002, 2003))["hits"].to_dict()
    {'2002': 0, '2003': 4}
    """
    check_name("grouping", by, GROUPS)
    found = find_passages(query, corpus=corpus, **filters)  # type: ignore[arg-type]
    if not found.query.match:
        raise QueryError("There is no word to count; type one, as in: preempt*.")
    words: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    behind: dict[str, dict[str, str]] = defaultdict(dict)  # ids of passages, with documents
    for passage in find_passages(corpus=found.corpus, **filters):  # type: ignore[arg-type]
        tokens = [token.start for token in tokens_of(found.corpus)[passage.id]]
        starts = [hit.start for hit in found.hits(passage)]
        for group, start, end in cut_passage(found.corpus, passage, by):
            words[group] += sum(start <= place < end for place in tokens)
            if here := sum(start <= place < end for place in starts):
                hits[group] += here
                behind[group][passage.id] = passage.doc_id
    rows = sorted(hits, key=lambda group: (-hits[group], group))
    if by in DATED:
        rows = [g for g in dict.fromkeys(date_groups(found.corpus, by).values()) if words[g]]
    columns: dict[str, list[float]] = {
        "passages": [len(behind[group]) for group in rows],
        "hits": [hits[group] for group in rows],
        "words": [words[group] for group in rows],
        "per_1000_words": [per_thousand(hits[group], words[group]) for group in rows],
        "documents": [len(set(behind[group].values())) for group in rows],
    }
    passages = {group: tuple(behind[group]) for group in rows}
    return build_table(columns, rows, by, describe(f"hits by {by}", found), passages)


def count_edits(*, document: str = "", corpus: Corpus | None = None) -> CountTable:
    """How many edits each cleaning rule made in a document, or in all raw files if it is empty.

    Columns rule, edits, what it does; in order of precedence, without idle rules.

    Examples
    --------
    >>> count_edits(document="azizian-2003").query("rule == 'erratum'")["edits"].tolist()
    [5]
    """
    corpus = corpus or course_corpus()
    if document:
        edits = list(corpus.edits_in(corpus.document(document)))
    else:
        edits = [edit for ledger in corpus.ledgers.values() for edit in ledger.edits]
    counts = Counter(edit.rule for edit in edits)
    rows = [(rule.name, counts[rule.name], rule.what) for rule in EVERY_RULE if counts[rule.name]]
    table = CountTable(rows, columns=["rule", "edits", "what it does"])
    table.attrs = {
        "title": "edits by rule",
        "extent": f"{len(edits)} edits",
        "conditions": f"document {document}" if document else "all raw files",
    }
    return table
