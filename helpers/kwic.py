"""Every occurrence of a query with the words around it: the concordance (KWIC)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from helpers.corpus import Corpus, Passage
from helpers.errors import QueryError, SettingError, check_name
from helpers.search import Names, Selection, Years, find_passages
from helpers.speech import find_quotations
from helpers.words import cut_around, tokenize

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["concordance", "concordance_of"]

SORTS = ("corpus", "left", "right", "date", "document", "speaker")
COLUMNS = (
    *("passage_id", "left", "node", "right", "doc_id", "date", "section", "speaker"),
    *("start", "end", "byte_start", "byte_end"),
)
Row = tuple[str, str, str, str, str, str, str, str, int, int, int, int]


def concordance(
    query: str,
    *,
    window: int = 8,
    sort: str = "corpus",
    corpus: Corpus | None = None,
    **filters: Names | Years,
) -> pd.DataFrame:
    """Every occurrence of a query with the words around it (KWIC), one a row.

    Parameters
    ----------
    query, corpus, **filters
        As for `find_passages`, with its errors; QueryError also if the query is blank.
    window : int, optional
        Words on each side, 0 or more (else SettingError).
    sort : {"corpus", "left", "right", "date", "document", "speaker"}, optional
        The order of the rows: as they are read, by the words to the left (the nearest first)
        or right, by date, document or speaker.

    Returns
    -------
    DataFrame
        Columns passage_id, left, node, right (three pieces of the text, blanks included),
        doc_id, date, section, speaker (whose quotation the words stand in, or empty), start,
        end (characters of the passage's text), byte_start, byte_end (bytes of the raw seed
        file). Its ``attrs`` hold the title (how many lines in how many passages) and the
        conditions.

    Examples
    --------
    >>> concordance("preventative", window=2)[["left", "node", "right"]].values.tolist()
    [['as a ', 'preventative', ' measure. The']]
    """
    found = find_passages(query, corpus=corpus, **filters)  # type: ignore[arg-type]
    if not found.query.match:
        raise QueryError("A concordance needs a word to look for; type one, as in: preempt*.")
    return concordance_of(found, window=window, sort=sort)


def concordance_of(found: Selection, *, window: int = 8, sort: str = "corpus") -> pd.DataFrame:
    """Every hit of a selection with the words around it, as `concordance` gives them."""
    import pandas as pd

    if window < 0:
        raise SettingError(f"A window of {window} words is impossible; take 0 or more.")
    check_name("order", sort, SORTS)
    rows = [row for passage in found for row in _lines(found, passage, window)]
    rows.sort(key=ORDERS[sort])
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    plural = "line" if len(table) == 1 else "lines"
    table.attrs = {
        "title": f"{len(table)} {plural} in {found.title}",
        "conditions": f"{found.conditions} · {window} words on each side · order: {sort}",
    }
    return table


def _lines(found: Selection, passage: Passage, window: int) -> Iterator[Row]:
    document, text = found.corpus.document(passage.doc_id), passage.text
    tokens = tokenize(text)
    quotes = [q for q in find_quotations(found.corpus) if q.passage_id == passage.id]
    for hit in found.hits(passage):
        speaker = next((q.speaker for q in quotes if q.start <= hit.start < q.end), "")
        yield (
            *(passage.id, *cut_around(text, tokens, hit.start, hit.end, window)),
            *(passage.doc_id, document.date, passage.section, speaker),
            *(hit.start, hit.end, hit.byte_start, hit.byte_end),
        )


def _words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


ORDERS: dict[str, Callable[[Row], Any]] = {
    "corpus": lambda _: 0,
    "left": lambda row: _words(row[1])[::-1],
    "right": lambda row: _words(row[3]),
    "date": lambda row: row[5],
    "document": lambda row: row[4],
    "speaker": lambda row: (not row[7], row[7]),
}
