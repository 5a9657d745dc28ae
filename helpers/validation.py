"""The dictionary of themes held against readers who coded every passage without it.

``data/codes/`` holds what two readers assigned, from the definitions of the themes alone and
before the dictionary's marks existed. They were two separate sessions of one AI reader: they
did not see each other's codes, but are likelier to err alike than two persons. The numbers are
what they are; the passages behind them say why. A folder of one's own texts may bring its own
readers (``codes/``), who need not have read everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from math import nan
from typing import NamedTuple

from helpers.coding import Coding, Codings, read_checked, read_data_codes
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


@lru_cache(maxsize=8)
def theme_codes(corpus: Corpus | None = None) -> Codings:
    """What the readers of the themes wrote down: the course's, or those of a folder of one's own.

    Raises
    ------
    DataError
        If a file says something that cannot be.
    """
    if corpus is None or corpus.home is None:
        return sum((read_data_codes(name, codes=load_themes()) for name in READERS), Codings())
    place, files = corpus.home.folder, corpus.home.codes or {}
    themes = load_themes(corpus=corpus)
    read = (
        read_checked(text, f"{place}/{name}", codes=themes, corpus=corpus)
        for name, text in files.items()
    )
    return sum(read, Codings())


class _Readers(NamedTuple):
    """Whose codes count, by (coder, passage, theme), and who that is in a few words.

    `all_read` is whether each of them read every passage, so that what is not there was not given.
    """

    names: tuple[str, ...]
    codes: dict[tuple[str, str, str], Coding]
    who: str
    all_read: bool

    def have_read(self, passage_id: str, theme: str) -> bool:
        """Whether each of them decided on this passage."""
        pairs = ((name, passage_id, theme) in self.codes for name in self.names)
        return self.all_read or (bool(self.names) and all(pairs))

    def count_votes(self, passage_id: str, theme: str) -> int:
        """How many of them gave the theme."""
        found = (self.codes.get((name, passage_id, theme)) for name in self.names)
        return sum(code.given for code in found if code)


class _Comparison(NamedTuple):
    """Ids of passages for one theme, in reading order; `coded` are those that were read."""

    readers: tuple[str, ...]
    marked: tuple[str, ...]
    disputed: tuple[str, ...]
    coded: tuple[str, ...]

    def both(self) -> tuple[str, ...]:
        return tuple(passage_id for passage_id in self.marked if passage_id in self.readers)


def _compare(theme: str, readers: _Readers, passages: Sequence[str], corpus: Corpus) -> _Comparison:
    """What is read and marked among `passages`; what readers dispute is in neither."""
    marks = find_theme_marks(corpus)[theme]
    coded = [i for i in passages if readers.have_read(i, theme)]
    votes = {i: readers.count_votes(i, theme) for i in coded}
    disputed = tuple(i for i in coded if 0 < votes[i] < len(readers.names))
    agreed = [i for i in coded if i not in disputed]
    return _Comparison(
        tuple(i for i in agreed if votes[i]),
        tuple(i for i in agreed if i in marks),
        disputed,
        tuple(coded),
    )


def _find_readers(coder: str, codes: Iterable[Coding] | None, corpus: Corpus) -> _Readers:
    """Who has read the passages: of `codes`, of the folder, or the course's two."""
    home, own = corpus.home, corpus.home is not None or codes is not None
    themes = load_themes(corpus=corpus)
    every = theme_codes(corpus.whole) if codes is None else codes
    given = [code for code in every if code.code in themes]
    known = tuple(dict.fromkeys(code.coder for code in given)) if own else READERS
    asked = known if check_name("reader", coder, ("both", *known)) == "both" else (coder,)
    if not own:
        who = "two AI readers where they agree" if coder == "both" else f"{coder}, an AI reader"
    elif asked:
        who = " and ".join(asked) + " where they agree" * (len(asked) > 1)
    elif codes is not None:
        who = "nobody: no passage is coded for a theme of these texts yet"
    elif home and home.codes is None:
        who = f"nobody: the readers of {home.folder} coded passages that these rules cut otherwise"
    else:
        who = f"nobody: no reader has coded {home.folder if home else ''}"
    by_place = {(code.coder, code.passage_id, code.code): code for code in given}
    return _Readers(asked, by_place, who, not own)


def _choose(
    coder: str, documents: Names, codes: Iterable[Coding] | None, corpus: Corpus
) -> tuple[_Readers, list[str], str]:
    """The readers, the ids of the passages to compare, and the conditions in one line."""
    readers = _find_readers(coder, codes, corpus)
    if documents == "held-out":
        home = corpus.home
        held = tuple((home.themes or {}).get("held_out", ())) if home else HELD_OUT
        if not held:
            return readers, [], "no documents: themes.toml names none under held_out"
        documents = [d.id for d in corpus.documents if d.id in held] or held
    found = find_passages(document=documents, corpus=corpus)
    return readers, [passage.id for passage in found], f"{found.conditions} · against {readers.who}"


def _share(part: float, whole: float) -> float:
    return round(part / whole, 2) if whole else nan


def measure_themes(
    themes: Names = (),
    *,
    coder: str = "both",
    documents: Names = (),
    codes: Iterable[Coding] | None = None,
    corpus: Corpus | None = None,
) -> CountTable:
    """How well the phrases of each theme find what readers found.

    Parameters
    ----------
    themes : str or sequence of str, optional
        Ids of themes; all if empty.
    coder : str, optional
        Whose reading to hold the dictionary against: ``"reader-a"``, ``"reader-b"``, or in one's
        own texts a name in ``codes/``. With ``"both"``, passages on which they differ (of three or
        more: not all agree) are left out and counted as disputed.
    documents : str or sequence of str, optional
        Ids of documents, or ``"held-out"`` for those that were not read while the phrases
        were written; all if empty.
    codes : Codings, optional
        Other readers, such as ``my_codes()``. These, and those of one's own texts, are held against
        the dictionary only on passages that each of them coded.
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
    corpus = corpus or course_corpus()
    names, known = [themes] if isinstance(themes, str) else list(themes), load_themes(corpus=corpus)
    chosen = [check_name("theme", theme, known) for theme in names if theme] or list(known)
    readers, passages, conditions = _choose(coder, documents, codes, corpus)
    compared = {theme: _compare(theme, readers, passages, corpus) for theme in chosen}
    behind = {
        (theme, name): ids
        for theme, comparison in compared.items()
        for name, ids in zip(COUNTED, (*comparison[:3], comparison.both()), strict=True)
    }
    coded = {passage_id for comparison in compared.values() for passage_id in comparison.coded}
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
        "extent": f"{len(coded)} of {len(corpus.passages)} passages",
        "conditions": conditions,
    }
    rows = [*compared, "all"][: len(read)]
    return build_table({name: columns[name] for name in MEASURES}, rows, "theme", about, behind)


def show_misses(  # noqa: PLR0913 -- one keyword for each thing that can differ
    theme: str,
    *,
    coder: str = "both",
    documents: Names = (),
    codes: Iterable[Coding] | None = None,
    size: int = 10,
    corpus: Corpus | None = None,
) -> Shown:
    """The passages of a theme that the dictionary missed, and those it found wrongly.

    Parameters
    ----------
    theme : str
        The theme's id.
    coder, documents, codes, corpus
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
    corpus = corpus or course_corpus()
    check_name("theme", theme, load_themes(corpus=corpus))
    readers, passages, conditions = _choose(coder, documents, codes, corpus)
    compared = _compare(theme, readers, passages, corpus)
    both = compared.both()
    missed = [i for i in compared.readers if i not in both]
    wrong = [i for i in compared.marked if i not in both]
    said = f"{len(missed)} missed, {len(wrong)} wrongly found"
    head = f"{theme}: {said if readers.names else 'nothing to compare'} — {conditions}"
    text, html = [head], f"<p><strong>{escape(head)}</strong></p>"
    for title, ids in (("Missed", missed), ("Wrongly found", wrong)):
        if ids:
            extent = f"{title}: {min(size, len(ids))} of {len(ids)} shown"
            shown = [_show_miss(corpus, theme, passage_id, readers) for passage_id in ids[:size]]
            text += [extent, *(words for words, _ in shown)]
            html += f"<p><strong>{extent}</strong></p>{''.join(article for _, article in shown)}"
    return Shown("\n\n".join(text), html)


def _show_miss(corpus: Corpus, theme: str, passage_id: str, readers: _Readers) -> tuple[str, str]:
    """A passage as text and as HTML: why the dictionary marks it, or not, and readers' notes."""
    passage, mark = corpus.passage(passage_id), explain_theme(passage_id, theme, corpus=corpus)
    notes = [
        f"{code.coder} ({'assigned' if code.given else 'rejected'}): {code.note}"
        for code in readers.codes.values()
        if (code.passage_id, code.code) == (passage_id, theme) and code.note
    ]
    return render_remarks(corpus, passage, [str(mark), *notes], mark.hits)
