"""The passages on which readers differ, to talk about; who gave what; what a talk changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import nan
from typing import Any

from helpers.agreement import ALONE, Reading, count_of, cut, describe_readers, read_together
from helpers.coding import Coding
from helpers.coefficients import measure_alpha, measure_percent
from helpers.corpus import Corpus
from helpers.counted import CountTable, build_table, check_least
from helpers.errors import check_name
from helpers.figures import DescribedFigure, draw_grid, say_nothing
from helpers.loading import course_corpus
from helpers.rendering import Shown, render_remarks
from helpers.search import Names

__all__ = ["compare_rounds", "draw_confusion", "show_disagreements"]

ROUNDS = (
    *("changed", "disputed_before", "disputed_after"),
    *("percent_before", "percent_after", "alpha_before", "alpha_after"),
)


def show_disagreements(
    codings: Iterable[Coding],
    *,
    codes: Names = (),
    round: int = 1,  # noqa: A002 -- the word of the field
    size: int = 10,
    corpus: Corpus | None = None,
) -> Shown:
    """The passages on which readers differ, those with most disputed codes first.

    Parameters
    ----------
    codings, codes, round, corpus
        As for `read_together`.
    size : int, optional
        How many passages to show at most; the heading says of how many.

    Raises
    ------
    UnknownNameError, SettingError
        If there is no such code; for a size below 1.
    """
    check_least(size, 1, "passages")
    corpus = corpus or course_corpus()
    readings = read_together(codings, codes=codes, round=round, corpus=corpus)
    shared = {i for reading in readings for i in reading.passages}
    if not shared:
        return say_nothing(ALONE)
    disputed = [i for reading in readings for i in reading.disputed]
    order = [passage.id for passage in corpus.passages if passage.id in disputed]
    order.sort(key=lambda passage_id: -disputed.count(passage_id))
    cut = f"; the first {size} are shown" if len(order) > size else ""
    head = (
        f"{len(order)} of {len(shared)} passages coded by two or more are disputed{cut} — "
        f"codes: {', '.join(reading.code for reading in readings)} · round {round}"
    )
    text, html = [head], f"<p><strong>{escape(head)}</strong></p>"
    for passage_id in order[:size]:
        lines = [_tell(r, passage_id) for r in readings if passage_id in r.disputed]
        words, article = render_remarks(corpus, corpus.passage(passage_id), lines)
        text.append(words)
        html += article
    return Shown("\n\n".join(text), html)


def _tell(reading: Reading, passage_id: str) -> str:
    """Who gave the code to a passage and who did not, each with her note."""
    sides = []
    for given, verb in ((True, "given by"), (False, "not by")):
        who = [
            f"{coding.coder} ({coding.note})" if coding.note else coding.coder
            for coding in reading.of(passage_id)
            if coding.given == given
        ]
        sides.append(f"{verb} {', '.join(who)}")
    return f"{reading.code}: {'; '.join(sides)}"


def compare_rounds(
    codings: Iterable[Coding],
    *,
    codes: Names = (),
    rounds: tuple[int, int] = (1, 2),
    corpus: Corpus | None = None,
) -> CountTable:
    """What changed from one round of coding to another, and the agreement before and after.

    Parameters
    ----------
    codings, codes, corpus
        As for `read_together`.
    rounds : (int, int), optional
        Before and after. Of those who did not code a passage again, what they said before
        counts for both.

    Returns
    -------
    CountTable
        One row a code: passages on which somebody decided otherwise; disputed passages, percent
        agreement and Krippendorff's alpha, before and after.
    """
    codings = list(codings)
    before, after = (
        read_together(codings, codes=codes, round=turn, corpus=corpus) for turn in rounds
    )
    columns: dict[str, list[float]] = {name: [] for name in ROUNDS}
    behind, notes = dict[tuple[str, str], tuple[str, ...]](), list[str]()
    for old, new in zip(before, after, strict=True):
        changed = tuple(
            passage_id
            for passage_id in new.passages
            if any(a.given != b.given for a, b in _pairs(old, new, passage_id))
        )
        lists = (changed, old.disputed, new.disputed)
        behind |= {(new.code, name): ids for name, ids in zip(ROUNDS, lists, strict=False)}
        measures = [
            measure(reading.ratings) if reading.passages else nan
            for measure in (measure_percent, measure_alpha)
            for reading in (old, new)
        ]
        for name, value in zip(ROUNDS, [*map(len, lists), *map(cut, measures)], strict=True):
            columns[name].append(value)
        notes.append(_explain_change(new.code, *lists))
    about: dict[str, Any] = {"title": f"rounds {rounds[0]} and {rounds[1]}"}
    about |= describe_readers(after)
    if any(coding.round == rounds[1] for coding in codings):
        about["notes"] = tuple(notes)
    else:
        about["instead"] = f"Nobody has coded a passage in round {rounds[1]} yet."
    return build_table(columns, [reading.code for reading in after], "code", about, behind)


def _pairs(old: Reading, new: Reading, passage_id: str) -> list[tuple[Coding, Coding]]:
    """What each coder said of a passage before and after."""
    before = {coding.coder: coding for coding in old.of(passage_id)}
    return [(before[c.coder], c) for c in new.of(passage_id) if c.coder in before]


def _explain_change(
    code: str, changed: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> str:
    settled, opened = set(before) - set(after), set(after) - set(before)
    return (
        f"{code}: decisions changed on {count_of(changed, 'passage')}; of {len(before)} disputed "
        f"before, {len(settled)} settled; {len(opened)} newly disputed."
    )


def draw_confusion(
    codings: Iterable[Coding],
    *,
    codes: Names = (),
    coders: Names = (),
    round: int = 1,  # noqa: A002 -- the word of the field
    corpus: Corpus | None = None,
) -> DescribedFigure | Shown:
    """Who gave which code to how many of the passages that all of these readers coded.

    For two readers it is their confusion matrix, one row a code: both gave it, only the one,
    only the other, neither. For more, the passages to which each gave it, then all and none.

    Parameters
    ----------
    codings, codes, round, corpus
        As for `read_together`.
    coders : str or sequence of str, optional
        Names of readers; all if empty.

    Returns
    -------
    DescribedFigure or Shown
        A sentence instead of the figure if there is nothing to compare.

    Raises
    ------
    UnknownNameError
        If there is no such code, or no such coder among them.
    """
    codings = list(codings)
    known = list(dict.fromkeys(coding.coder for coding in codings))
    named = [coders] if isinstance(coders, str) else list(coders)
    asked = [check_name("coder", coder, known) for coder in named if coder] or known
    kept = [coding for coding in codings if coding.coder in asked]
    readings = read_together(kept, codes=codes, round=round, corpus=corpus)
    names = list(dict.fromkeys(coder for reading in readings for coder in reading.said))
    groups = {reading.code: _group(reading, names) for reading in readings}
    if len(names) < 2 or not any(any(group.values()) for group in groups.values()):
        return say_nothing(ALONE)
    behind = {(code, name): ids for code, group in groups.items() for name, ids in group.items()}
    columns = {
        name: [len(group[name]) for group in groups.values()] for name in groups[readings[0].code]
    }
    about = {"title": "passages by who gave the code", **describe_readers(readings)}
    about["conditions"] += f" · round {round}"
    table = build_table(columns, groups, "code", about, behind)
    figure = draw_grid(table)
    if isinstance(figure, DescribedFigure):
        figure.sentence = _describe(table, readings)
    return figure


def _group(reading: Reading, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The passages that all of these readers coded, by who gave the code."""
    said = [reading.said.get(name, {}) for name in names]
    whole = [i for i in reading.passages if all(i in own for own in said)]
    gave = [{i for i in whole if own[i].given} for own in said]
    every, some = set.intersection(*gave) if gave else set(), set[str]().union(*gave)
    if len(names) == 2:
        only = [gave[0] - gave[1], gave[1] - gave[0]]
        parts = dict(zip((f"only {name}" for name in names), only, strict=True))
        parts = {"both": every, **parts, "neither": set(whole) - some}
    else:
        parts = {**dict(zip(names, gave, strict=True)), "all": every, "none": set(whole) - some}
    return {name: tuple(i for i in whole if i in part) for name, part in parts.items()}


def _describe(table: CountTable, readings: Sequence[Reading]) -> str:
    rows = [
        f"{code}: {', '.join(f'{name} {count}' for name, count in row.items())}"
        for code, row in table.iterrows()
    ]
    most = max((reading.disputed for reading in readings), key=len)
    code = next(reading.code for reading in readings if reading.disputed == most)
    apart = f"They differ most on {code}, in {count_of(most, 'passage')}."
    return (
        f"Passages by who gave the code. {'; '.join(rows)}. "
        f"{apart if most else 'They differ nowhere.'}"
    )
