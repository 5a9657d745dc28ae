"""The dictionary of themes held against readers who coded every passage without it.

``data/codes/`` holds what two readers assigned, from the definitions of the themes alone and
before the dictionary's marks existed. They were two separate sessions of one AI reader: they
did not see each other's codes, but are likelier to err alike than two persons. The numbers are
what they are; the passages behind them say why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from html import escape
from math import nan
from typing import NamedTuple

from helpers.coding import Codings, read_data_codes
from helpers.corpus import Corpus
from helpers.counted import CountTable, build_table, check_least
from helpers.errors import check_name
from helpers.loading import course_corpus
from helpers.rendering import Shown, render_remarks
from helpers.search import Names, find_passages
from helpers.themes import explain_theme, find_theme_marks, load_themes

__all__ = ["measure_themes", "show_misses", "theme_codes"]

READERS = ("reader-a", "reader-b")
HELD_OUT = ("edm-2010", "eastern-axis-2021")  # never seen by whoever wrote the phrases
COUNTED = ("readers", "marked", "disputed", "both")
MEASURES = ("readers", "marked", "both", "precision", "recall", "F1", "disputed")


@cache
def theme_codes() -> Codings:
    """What the readers of the themes wrote down; what is not there was not given.

    Raises
    ------
    DataError
        If a file says something that cannot be.
    """
    return sum((read_data_codes(name, codes=load_themes()) for name in READERS), Codings())


class _Comparison(NamedTuple):
    """Ids of passages for one theme, in reading order."""

    readers: tuple[str, ...]
    marked: tuple[str, ...]
    disputed: tuple[str, ...]

    def both(self) -> tuple[str, ...]:
        return tuple(passage_id for passage_id in self.marked if passage_id in self.readers)


def _compare(theme: str, coder: str, passages: Sequence[str], corpus: Corpus) -> _Comparison:
    """What is read and marked among `passages`; what readers dispute is in neither."""
    if corpus.home:
        return _Comparison((), (), ())
    marks = find_theme_marks(corpus)[theme]
    asked = READERS if coder == "both" else (coder,)
    votes = Counter(
        code.passage_id
        for code in theme_codes()
        if code.given and code.code == theme and code.coder in asked
    )
    disputed = tuple(i for i in passages if 0 < votes[i] < len(asked))
    agreed = [i for i in passages if i not in disputed]
    return _Comparison(
        tuple(i for i in agreed if votes[i]), tuple(i for i in agreed if i in marks), disputed
    )


def _choose(coder: str, documents: Names, corpus: Corpus | None) -> tuple[Corpus, list[str], str]:
    """The corpus, the ids of the passages to compare, and the conditions in one line."""
    check_name("reader", coder, ("both", *READERS))
    corpus = corpus or course_corpus()
    if documents == "held-out":
        documents = [d.id for d in corpus.documents if d.id in HELD_OUT] or HELD_OUT
    found = find_passages(document=documents, corpus=corpus)
    who = "two AI readers where they agree" if coder == "both" else f"{coder}, an AI reader"
    if corpus.home:
        who = f"nobody: no reader has coded {corpus.home.folder}"
    return corpus, [passage.id for passage in found], f"{found.conditions} · against {who}"


def _share(part: float, whole: float) -> float:
    return round(part / whole, 2) if whole else nan


def measure_themes(
    themes: Names = (),
    *,
    coder: str = "both",
    documents: Names = (),
    corpus: Corpus | None = None,
) -> CountTable:
    """How well the phrases of each theme find what readers found.

    Parameters
    ----------
    themes : str or sequence of str, optional
        Ids of themes; all if empty.
    coder : {"both", "reader-a", "reader-b"}, optional
        Whose reading to hold the dictionary against. With ``"both"``, passages on which the
        two differ are left out and counted as disputed.
    documents : str or sequence of str, optional
        Ids of documents, or ``"held-out"`` for the two that were not read while the phrases
        were written; all if empty.
    corpus : Corpus, optional
        The course's own if left out.

    Returns
    -------
    CountTable
        For each theme, and for all: passages the readers assigned, passages the dictionary
        marks, passages in both; precision (the share of the marked that the readers assigned),
        recall (the share of the assigned that is marked) and their harmonic mean F1, each from
        0 to 1, higher is better, blank where there is nothing to divide by; disputed passages.
        ``attrs["passages"]`` holds the ids by (theme, column).

    Raises
    ------
    UnknownNameError
        If there is no such theme, reader or document.

    Notes
    -----
    Readers are no truth: these two are sessions of one AI, and may be wrong together. With few
    passages one more or less moves a share by much: read the counts first. The dictionary was
    improved on the documents that were not held out, which flatters it there. On the measures:
    C. D. Manning, P. Raghavan and H. Schütze, Introduction to Information Retrieval (2008),
    section 8.3.

    Examples
    --------
    >>> measure_themes("north_korea").loc["north_korea", ["readers", "marked", "both"]].tolist()
    [8, 8, 8]
    """
    names, known = [themes] if isinstance(themes, str) else list(themes), load_themes()
    chosen = [check_name("theme", theme, known) for theme in names if theme] or list(known)
    corpus, passages, conditions = _choose(coder, documents, corpus)
    compared = {theme: _compare(theme, coder, passages, corpus) for theme in chosen}
    behind = {
        (theme, name): ids
        for theme, comparison in compared.items()
        for name, ids in zip(COUNTED, (*comparison, comparison.both()), strict=True)
    }
    columns: dict[str, list[float]] = {
        name: [len(behind[theme, name]) for theme in compared] for name in COUNTED
    }
    if len(compared) > 1:
        columns = {name: [*counts, sum(counts)] for name, counts in columns.items()}
    read, marked, both = columns["readers"], columns["marked"], columns["both"]
    columns["precision"] = list(map(_share, both, marked))
    columns["recall"] = list(map(_share, both, read))
    columns["F1"] = [_share(2 * n, a + b) for n, a, b in zip(both, read, marked, strict=True)]
    about = {
        "title": "dictionary and readers",
        "extent": f"{len(passages)} of {len(corpus.passages)} passages",
        "conditions": conditions,
    }
    rows = [*compared, "all"][: len(read)]
    return build_table({name: columns[name] for name in MEASURES}, rows, "theme", about, behind)


def show_misses(
    theme: str,
    *,
    coder: str = "both",
    documents: Names = (),
    size: int = 10,
    corpus: Corpus | None = None,
) -> Shown:
    """The passages of a theme that the dictionary missed, and those it found wrongly.

    Parameters
    ----------
    theme : str
        The theme's id.
    coder, documents, corpus
        As for `measure_themes`.
    size : int, optional
        How many passages of each kind to show at most; the headings say of how many.

    Raises
    ------
    UnknownNameError, SettingError
        As `measure_themes`; also for a size below 1.

    Examples
    --------
    >>> print(show_misses("syria_turkey").text.splitlines()[0])
    syria_turkey: 1 missed, 1 wrongly found — all passages · against two AI readers where they agree
    """
    check_least(size, 1, "passages")
    corpus, passages, conditions = _choose(coder, documents, corpus)
    compared = _compare(check_name("theme", theme, load_themes()), coder, passages, corpus)
    both = compared.both()
    missed = [i for i in compared.readers if i not in both]
    wrong = [i for i in compared.marked if i not in both]
    head = f"{theme}: {len(missed)} missed, {len(wrong)} wrongly found — {conditions}"
    text, html = [head], f"<p><strong>{escape(head)}</strong></p>"
    for title, ids in (("Missed", missed), ("Wrongly found", wrong)):
        if ids:
            extent = f"{title}: {min(size, len(ids))} of {len(ids)} shown"
            shown = [_show_miss(corpus, theme, passage_id) for passage_id in ids[:size]]
            text += [extent, *(words for words, _ in shown)]
            html += f"<p><strong>{extent}</strong></p>{''.join(article for _, article in shown)}"
    return Shown("\n\n".join(text), html)


def _show_miss(corpus: Corpus, theme: str, passage_id: str) -> tuple[str, str]:
    """A passage as text and as HTML: why the dictionary marks it, or not, and readers' notes."""
    passage, mark = corpus.passage(passage_id), explain_theme(passage_id, theme, corpus=corpus)
    notes = [
        f"{code.coder} ({'assigned' if code.given else 'rejected'}): {code.note}"
        for code in theme_codes()
        if (code.passage_id, code.code) == (passage_id, theme) and code.note
    ]
    return render_remarks(corpus, passage, [str(mark), *notes], mark.hits)
