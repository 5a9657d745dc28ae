"""Charts of what was counted: bars, key words, spread over the texts, who quotes whom.

Each is a `DescribedFigure`, or a sentence in its place if nothing was found. A `title` says what
is drawn, and is made from the table if left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import isnan
from textwrap import fill
from typing import Any

from helpers.corpus import Corpus
from helpers.counted import CountTable
from helpers.counts import count_speakers
from helpers.errors import check_name
from helpers.figures import (
    INK,
    DescribedFigure,
    Drawn,
    in_house_style,
    new_axes,
    save_png,
    say_nothing,
)
from helpers.groups import tokens_of
from helpers.keyness import measure_dispersion
from helpers.roster import explain_no_people
from helpers.search import Names, Selection, Years, find_passages

__all__ = ["draw_bars", "draw_dispersion", "draw_keyness", "draw_speakers"]

NOTHING = "Nothing was found, so there is nothing to draw; ask for other words or conditions."
UNITS = {"passages": "passages with a hit", "per_1000_words": "hits per 1,000 words"}
PALE = "#dfe5ea"


@in_house_style
def draw_bars(table: CountTable, *, column: str = "passages", title: str = "") -> Drawn:
    """One column of a table as bars, each with its number and the documents behind it.

    The table is one as from `count_hits`; UnknownNameError if it has no such column.
    """
    check_name("column", column, map(str, table.columns))
    values = table[column].fillna(0).tolist()
    if not any(values):
        return say_nothing(NOTHING)
    unit = UNITS.get(column, column.replace("_", " "))
    title = title or f"{unit} by {table.index.name} – {table.attrs.get('conditions', '')}"
    rows, behind = [str(row) for row in table.index], [""] * len(table)
    if "documents" in table and column != "documents" and table.index.name != "document":
        behind = [f" in {_count(n, 'document')}" if n else "" for n in table["documents"]]
    labels = [f"{value:g}{more}" for value, more in zip(values, behind, strict=True)]
    figure, axes = new_axes(10, 1 + 0.45 * len(rows))
    _draw_bars(axes, rows, values, labels, facecolor=INK)
    axes.set_title(_begin(title), wrap=True)
    axes.set_xlabel(unit)
    bars = list(zip(rows, values, labels, strict=True))
    found = [f"{row}: {label}" for row, value, label in bars if value]
    empty = [row for row, value, _ in bars if not value]
    none = f" Nothing in {', '.join(empty)}." if empty else ""
    return _describe(table, figure, f"{_begin(title)}. {_list(found)}.{none}")


@in_house_style
def draw_keyness(table: CountTable, *, title: str = "") -> Drawn:
    """Key words or collocates: left how sure we are of each, right how strong it is.

    The table is one from `count_keyness` or `count_collocates`; UnknownNameError if it is none.
    """
    check_name("column", "log_likelihood", map(str, table.columns))
    if table.empty:
        return say_nothing(NOTHING)
    size, unit = "log_ratio", "log ratio (size)\n1: twice, 2: four times as frequent"
    if size not in table:
        size, unit = "log_dice", "logDice (strength)\n14: never one without the other"
    title = title or str(table.attrs.get("title", "words"))
    words, (here, there) = list(table.index), list(table.columns[:2])
    counts = [f"{a:g} : {b:g}" for a, b in zip(table[here], table[there], strict=True)]
    figure, (left, right) = new_axes(10, 1.3 + 0.4 * len(words), columns=2)
    _draw_bars(left, words, table["log_likelihood"].tolist(), counts, facecolor=INK)
    strengths = table[size].tolist()
    look = {"facecolor": "white", "edgecolor": INK, "hatch": "///"}
    _draw_bars(right, words, strengths, [f"{value:.1f}" for value in strengths], **look)
    left.set_title(f"{_begin(title)} ({here} : {there})")
    left.set_xlabel("log-likelihood (evidence)\n3.84: by chance one time in twenty")
    right.set_xlabel(unit)
    named = _list([f"{word} {pair}" for word, pair in zip(words, counts, strict=True)])
    sentence = f"{_begin(title)}, the surest first, with how often {here} : {there}: {named}."
    return _describe(table, figure, sentence)


@in_house_style
def draw_dispersion(queries: str | Sequence[str], *, corpus: Corpus | None = None) -> Drawn:
    """Where in each document the words stand: a bar as long as the text, a line for each hit.

    Each query has a panel; the errors are those of `measure_dispersion`.
    """
    from matplotlib.figure import Figure

    table = measure_dispersion(queries, corpus=corpus)
    if table.empty or not table["hits"].any():
        return say_nothing(NOTHING)
    wide = 2 if len(table) == 4 else min(3, len(table))
    deep = -(-len(table) // wide)
    found = [find_passages(query, corpus=corpus) for query in table.index]
    documents = sorted(found[0].corpus.documents, key=lambda document: document.date)
    size = (max(10, 2.5 + 3.2 * wide), 0.8 + deep * (0.9 + 0.36 * len(documents)))
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(deep, wide, sharex=True, sharey=True, squeeze=False)
    for axes, selection, hits in zip(panels.flat, found, table["hits"], strict=False):
        _draw_hits(axes, selection, [document.id for document in documents])
        axes.set_title(fill(f"{selection.query.text} ({_count(hits, 'hit')})", 36), size=13)
    for axes in panels.flat[len(found) :]:
        axes.set_visible(False)
    panels.flat[0].invert_yaxis()
    figure.supxlabel("words from the beginning of the document", fontsize=12)
    spread = [
        f"{row.Index} {row.hits} times in {row.documents} of {table.attrs['extent']}"
        + ("" if isnan(row.dispersion) else f", dispersion {row.dispersion:g}")
        for row in table.itertuples()
    ]
    sentence = f"Where the words stand: {'; '.join(spread)} (0 is even, 1 all in one place)."
    return _describe(table, figure, sentence)


def _draw_hits(axes: Any, found: Selection, documents: Sequence[str]) -> None:
    """The documents as bars, as long as they have words, and the hits as lines across them."""
    tokens = tokens_of(found.corpus)
    lengths, places, rows = list[int](), list[int](), list[int]()
    for row, name in enumerate(documents):
        before = 0
        for passage in found.corpus.document(name).passages:
            starts = [token.start for token in tokens[passage.id]]
            if passage in found.passages:
                places += [before + bisect_left(starts, hit.start) for hit in found.hits(passage)]
            before += len(starts)
        rows += [row] * (len(places) - len(rows))
        lengths.append(before)
    bars = axes.barh(documents, lengths, color=PALE, height=0.85)
    axes.bar_label(bars, [rows.count(row) for row in range(len(documents))], padding=5)
    axes.vlines(places, [row - 0.42 for row in rows], [row + 0.42 for row in rows], color="black")
    axes.tick_params(left=False, labelbottom=True)
    axes.margins(x=0.14)


@in_house_style
def draw_speakers(*, corpus: Corpus | None = None, **filters: Names | Years) -> Drawn:
    """Who quotes whom: a disc for each speaker in each document, with the number of passages.

    Conditions on the passages, and errors, are those of `find_passages`.
    """
    table = count_speakers(corpus=corpus, **filters)
    if table.empty:
        missing = explain_no_people(corpus) if corpus else ""
        return say_nothing(
            missing or "Nobody is quoted there; ask for other documents or conditions."
        )
    speakers, documents = list(table.index), list(table.columns)
    figure, axes = new_axes(max(9, 3.4 + len(documents)), 1.8 + 0.42 * len(speakers))
    rows, columns = table.to_numpy().nonzero()
    counts = table.to_numpy()[rows, columns]
    axes.scatter(columns, rows, s=240 + 120 * counts, color=INK)
    for row, column, count in zip(rows, columns, counts, strict=True):
        disc = axes.text(column, row, count, color="white", ha="center", va="center")
        disc.set_in_layout(False)  # it stands inside anyway, and measuring it takes time
    axes.set_xticks(range(len(documents)), documents, rotation=30, ha="right")
    axes.set_yticks(range(len(speakers)), speakers)
    axes.set_xlim(-0.6, len(documents) - 0.4)
    axes.set_ylim(len(speakers) - 0.4, -0.6)
    axes.grid(color="#d0d0d0")
    axes.set_axisbelow(True)
    axes.set_title("Passages in which a document (below) quotes a speaker (left)")
    most = [
        f"{speaker} in {_count(sum(map(bool, counts)), 'document')} ({sum(counts)})"
        for speaker, counts in zip(speakers, table.to_numpy().tolist(), strict=True)
    ]
    silent = [name for name in documents if not table[name].any()]
    nobody = f" Nobody is quoted in {', '.join(silent)}." if silent else ""
    sentence = f"Who is quoted, and in how many passages: {_list(most)}.{nobody}"
    return _describe(table, figure, sentence)


def _draw_bars(
    axes: Any, rows: Sequence[str], values: Sequence[float], labels: Sequence[str], **look: str
) -> None:
    """Bars from the top down, their labels at their ends, and room for the labels."""
    bars = axes.barh(range(len(rows)), values, height=0.72, linewidth=1.5, **look)
    axes.set_yticks(range(len(rows)), [fill(row, 32) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.bar_label(bars, labels, padding=5)
    axes.tick_params(left=False)
    axes.set_xlim(0, 1.02 * max(values) * (1 + max(map(len, labels)) / 28))


def _begin(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _list(parts: Sequence[str], most: int = 10) -> str:
    """The first of many parts of a sentence, and how many more there are."""
    more = [f"{len(parts) - most} more"] if len(parts) > most else []
    return "; ".join([*parts[:most], *more])


def _describe(table: CountTable, figure: Any, sentence: str) -> DescribedFigure:
    """The figure with its sentence, and the whole table under it."""
    head = (str(table.index.name or ""), *map(str, table.columns))
    rows = [
        (str(row), *("–" if isnan(value) else f"{value:g}" for value in values))
        for row, values in zip(table.index, table.to_numpy().tolist(), strict=True)
    ]
    return DescribedFigure(save_png(figure), sentence, head, rows, table.attrs)
