"""Figures that carry their description: one sentence computed from their own numbers.

The sentence is the figure's text form, its alternative text and its caption; the numbers
themselves stand under the figure, folded away.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from html import escape
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, ParamSpec

from helpers.corpus import Corpus, Document
from helpers.loading import course_corpus
from helpers.rendering import STYLE, Shown, render_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DescribedFigure",
    "draw_grid",
    "draw_timeline",
    "in_house_style",
    "new_axes",
    "save_png",
    "say_nothing",
]

HOUSE_STYLE = Path(__file__).with_name("two-tracks.mplstyle")
LABEL = 22  # signs in a line of a label
INK, ACCENT = "#1b4965", "#d17a22"


class DescribedFigure:
    """A figure, the sentence that says what it shows, and its numbers.

    `about` is what the table said of itself whose numbers are drawn: its conditions, and the
    ids of the passages behind each number.
    """

    def __init__(
        self,
        png: bytes,
        sentence: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self.png, self.sentence, self.about = png, sentence, dict(about or {})
        self._table = render_table(head, rows)

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.png).decode("ascii")
        sentence = escape(self.sentence)
        said = [self.about[key] for key in ("extent", "conditions") if key in self.about]
        counted = f"<p>Counted: {escape(' — '.join(said))}.</p>" if said else ""
        return (
            f'<figure class="tt" style="margin:0">{STYLE}'
            f'<img alt="{sentence}" style="max-width:100%" src="data:image/png;base64,{picture}">'
            f"<figcaption>{sentence}</figcaption>{counted}"
            f"<details><summary>Show the data</summary>{self._table}</details></figure>"
        )


Settings = ParamSpec("Settings")
Drawn = DescribedFigure | Shown  # a sentence in place of an empty figure


def in_house_style(draw: Callable[Settings, Drawn]) -> Callable[Settings, Drawn]:
    """Let a function draw in the house style of the course."""

    @wraps(draw)
    def drawn(*args: Settings.args, **kwargs: Settings.kwargs) -> Drawn:
        from matplotlib import rc_context

        with rc_context(fname=HOUSE_STYLE):
            return draw(*args, **kwargs)

    return drawn


def new_axes(width: float, height: float, *, columns: int = 1) -> Any:
    """A figure and its axes, apart from pyplot's global state."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    ratios = [3, 2][:columns]
    return figure, figure.subplots(1, columns, sharey=True, gridspec_kw={"width_ratios": ratios})


def save_png(figure: Any) -> bytes:
    """The picture of a figure, the same bytes every time."""
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def say_nothing(sentence: str) -> Shown:
    """A sentence in place of an empty figure."""
    return Shown(sentence, f"<p>{escape(sentence)}</p>")


@in_house_style
def draw_timeline(*, corpus: Corpus | None = None) -> Drawn:
    """When each document was written, and within how many days that is known.

    Left, a mark at the middle of the days in question: filled where the file states the date,
    hollow where it is inferred. Right, the number of days in question.
    """
    corpus = corpus or course_corpus()
    dated = [d for d in corpus.documents if d.date_earliest and d.date_latest]
    dated.sort(key=lambda document: document.date_earliest)
    if not dated:
        return say_nothing("No document here has a date, so there is no timeline to draw.")
    first = int(dated[0].date_earliest[:4])
    last = max(int(document.date_latest[:4]) for document in dated)
    figure, (left, right) = new_axes(10, 0.9 + 0.5 * len(dated), columns=2)
    for row, document in enumerate(dated):
        _draw_dates(left, right, row, document)
    left.set_yticks(range(len(dated)), [document.id for document in dated])
    left.invert_yaxis()
    left.set_xlim(first - 1, last + 2)
    left.locator_params(axis="x", integer=True)
    left.set_xlabel("year")
    left.grid(axis="x", color="#d0d0d0")
    left.set_title("● stated   ○ inferred")
    right.set_xlabel("days in question")
    right.margins(x=0.15)
    head = ("document", "earliest day", "latest day", "days", "how we know")
    rows = [(d.id, d.date_earliest, d.date_latest, str(_days(d)), d.date_precision) for d in dated]
    stated = sum("inferred" not in document.date_precision for document in dated)
    vague = max(dated, key=_days)
    sentence = (
        f"Dates of {len(dated)} of {len(corpus.documents)} documents, {first} to {last}. "
        f"Stated in the files: {stated}; inferred: {len(dated) - stated}. The least certain is "
        f"that of {vague.id}: days in question, {_days(vague)}."
    )
    return DescribedFigure(save_png(figure), sentence, head, rows)


def _days(document: Document) -> int:
    first, last = map(date.fromisoformat, (document.date_earliest, document.date_latest))
    return (last - first).days + 1


def _draw_dates(left: Any, right: Any, row: int, document: Document) -> None:
    first = date.fromisoformat(document.date_earliest)
    middle = first.year + (first.timetuple().tm_yday + _days(document) / 2) / 365.25
    fill = "white" if "inferred" in document.date_precision else INK
    left.plot(middle, row, "o", markersize=11, markeredgewidth=2, color=INK, markerfacecolor=fill)
    right.barh(row, _days(document), height=0.5, facecolor=fill, edgecolor=INK, linewidth=2)
    end = (_days(document), row)
    right.annotate(str(end[0]), end, (5, 0), textcoords="offset points", va="center")


@in_house_style
def draw_grid(table: pd.DataFrame, *, title: str = "") -> Drawn:
    """A table of counts as a grid: the number in each cell, the darker the more.

    The table is one as from `count_passages`, and has its own title if none is given.
    """
    counts = table.to_numpy()
    if not counts.size or not counts.any():
        return say_nothing("Nothing was found, so there is nothing to draw; ask for other words.")
    title = title or str(table.attrs.get("title", "counts"))
    title = title[0].upper() + title[1:]
    rows, columns = [str(row) for row in table.index], [str(column) for column in table.columns]
    labels = [fill(column, LABEL) for column in columns]
    lines = max(label.count("\n") for label in labels)
    figure, axes = new_axes(3.2 + 1.15 * len(columns), 1.6 + 0.45 * len(rows) + 0.25 * lines)
    # Half of the scale stays unused, so that black numbers can be read on the darkest cell.
    axes.pcolormesh(counts, cmap="Blues", vmin=0, vmax=2 * counts.max(), ec="white")
    for row, line in enumerate(counts):
        for column, count in enumerate(map(int, line)):
            look = {"color": "black", "weight": "bold"} if count else {"color": "#6b6b6b"}
            cell = axes.text(column + 0.5, row + 0.5, count, ha="center", va="center", **look)
            cell.set_in_layout(False)  # it stands inside anyway, and measuring it takes time
    axes.set_xticks([i + 0.5 for i in range(len(columns))], labels, rotation=30, ha="right")
    axes.set_yticks([i + 0.5 for i in range(len(rows))], rows)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.set_title(title, wrap=True)
    cells = [(row, *map(str, line)) for row, line in zip(rows, counts.tolist(), strict=True)]
    sentence = _describe_grid(title, rows, columns, counts)
    head = (str(table.index.name or ""), *columns)
    return DescribedFigure(save_png(figure), sentence, head, cells, table.attrs)


def _describe_grid(title: str, rows: list[str], columns: list[str], counts: Any) -> str:
    totals = [f"{column} {int(n)}" for column, n in zip(columns, counts.sum(axis=0), strict=True)]
    row, column = divmod(int(counts.argmax()), len(columns))
    empty = [name for name, n in zip(rows, counts.sum(axis=1), strict=True) if not n]
    nothing = f" Nothing in {', '.join(empty)}." if empty else ""
    return (
        f"{title}. In all: {', '.join(totals)}. Most: {int(counts.max())}, "
        f"{columns[column]} in {rows[row]}.{nothing}"
    )
