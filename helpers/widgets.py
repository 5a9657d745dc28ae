"""Controls to touch: thin skins over functions that are tested without them.

Each widget also has a plain HTML form that needs neither kernel nor script: what a stored
notebook, a handout and paper show.
"""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets

from helpers.corpus import Corpus
from helpers.errors import TwoTracksError
from helpers.kwic import SORTS, concordance
from helpers.loading import course_corpus
from helpers.picking import CollectRow
from helpers.query import parse_query
from helpers.rendering import STYLE, render_lines, render_live, render_selection
from helpers.search import find_passages, known_values
from helpers.showing import show_lines, show_selection

__all__ = ["ConcordanceExplorer", "PassageExplorer"]

WIDE = {"width": "38rem", "max_width": "100%"}
HALF = {"width": "18.8rem", "max_width": "100%"}
NAMED = {"layout": HALF, "style": {"description_width": "initial"}}  # for a longer name


class _Explorer(ipywidgets.VBox):  # type: ignore[misc]
    """Controls, a status line and pages of results; a mistake leaves the last answer standing.

    A subclass says how to `_find` an answer, how many results it has (`_total`), what to say of
    it (`_title`), how a page of it looks (`_render`) and whose passages it shows (`_ids`).
    """

    size = 10
    things = "passages"

    def __init__(self, *rows: list[ipywidgets.Widget]) -> None:
        words = {10: "ten", 25: "25"}[self.size]
        self.previous = ipywidgets.Button(description=f"Previous {words}")
        self.next = ipywidgets.Button(description=f"Next {words}")
        self.status, self.results = ipywidgets.HTML(), ipywidgets.HTML()
        self.basket = CollectRow()
        self._first = 0
        self._show()
        for control in (control for row in rows for control in row):
            control.observe(self._ask, names="value")
        self.previous.on_click(lambda _: self._turn(-self.size))
        self.next.on_click(lambda _: self._turn(self.size))
        boxes = [ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}) for row in rows]
        pages = ipywidgets.HBox([self.previous, self.next])
        super().__init__([*boxes, self.status, self.results, self.basket, pages])

    def _choice(self, kind: str, value: str) -> ipywidgets.Dropdown:
        names = dict.fromkeys([*known_values(kind, corpus=self.corpus), *filter(None, [value])])
        options = [(f"any {kind}", ""), *((name, name) for name in names)]
        return ipywidgets.Dropdown(
            options=options, value=value, description=kind.capitalize(), layout=HALF
        )

    def _ask(self, _: object) -> None:
        """Answer the controls; what cannot be read leaves the last answer standing."""
        try:
            self._find()
        except TwoTracksError as error:
            last = f"The {self.things} below are the last result."
            self.status.value = self._announce(f"{error} {last}")
            return
        self._first = 0
        self._show()

    def _turn(self, step: int) -> None:
        self._first += step
        self._show()

    def _show(self) -> None:
        total, first = self._total(), self._first
        last = min(first + self.size, total)
        part = f", {first + 1} to {last} shown" if total > self.size else ""
        title, hints = self._title()
        self.status.value = self._announce(" ".join([f"{title}{part}.", *hints]))
        self.results.value = f'<div class="tt">{STYLE}{self._render(first)}</div>'
        self.previous.disabled = first == 0
        self.next.disabled = last >= total
        self.basket.offer(self._ids(first))

    @staticmethod
    def _announce(sentence: str) -> str:
        return f'<div role="status">{escape(sentence)}</div>'


class PassageExplorer(_Explorer):
    """Filter the passages by words, theme, document, speaker and years; read what fits.

    Parameters
    ----------
    query : str, optional
        Words to begin with, in the query language.
    theme, document, speaker : str, optional
        Names to begin with; empty for any.
    years : (int or None, int or None), optional
        First and last year to begin with.
    corpus : Corpus, optional
        The course's own if left out.

    Attributes
    ----------
    found : Selection
        What is shown: the answer to the last request that could be read.

    Raises
    ------
    QueryError, UnknownNameError, SettingError
        If the settings to begin with make no sense.

    Examples
    --------
    >>> explorer = PassageExplorer(theme="preemption")
    >>> explorer.query.value = "Georgia"
    >>> sorted({passage.doc_id for passage in explorer.found})
    ['azizian-2003', 'ivanov-gvosdev-2002']
    """

    def __init__(  # noqa: PLR0913 -- one keyword for each control
        self,
        query: str = "",
        *,
        theme: str = "",
        document: str = "",
        speaker: str = "",
        years: tuple[int | None, int | None] = (None, None),
        corpus: Corpus | None = None,
    ) -> None:
        self.corpus = corpus or course_corpus()
        self.found = find_passages(
            query,
            theme=theme,
            document=document,
            speaker=speaker,
            years=years,
            corpus=self.corpus,
        )
        self.query = ipywidgets.Text(query, description="Words", layout=WIDE)
        self.theme = self._choice("theme", theme)
        self.document = self._choice("document", document)
        self.speaker = self._choice("speaker", speaker)
        self.first_year, self.last_year = self._year_boxes(years)
        super().__init__(
            [self.query],
            [self.theme, self.document],
            [self.speaker, self.first_year, self.last_year],
        )
        self.passages = self.results

    def __repr__(self) -> str:
        return f"PassageExplorer: {self.found.title} — {self.found.conditions}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live view, and the plain form for wherever there is no kernel."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        settings = {name: getattr(self, name).value for name in ("query", "theme", "document")}
        settings |= {"speaker": self.speaker.value, "years": self._years()}
        plain = show_selection(self.found).html
        return {**bundle, "text/html": render_live("explorer", settings, self.corpus, plain)}

    def _year_boxes(
        self, years: tuple[int | None, int | None]
    ) -> tuple[ipywidgets.BoundedIntText, ipywidgets.BoundedIntText]:
        known = {year for d in self.corpus.documents for year in (d.year, *years) if year} or {0}
        low, high = min(known), max(known)
        first, last = years[0] or low, years[1] or high
        layout = {"width": "11rem"}
        return (
            ipywidgets.BoundedIntText(first, low, high, description="From year", layout=layout),
            ipywidgets.BoundedIntText(last, low, high, description="To year", layout=layout),
        )

    def _find(self) -> None:
        self.found = find_passages(
            self.query.value,
            theme=self.theme.value,
            document=self.document.value,
            speaker=self.speaker.value,
            years=self._years(),
            corpus=self.corpus,
        )

    def _years(self) -> tuple[int | None, int | None]:
        """The years asked for; None for both while they leave nothing out."""
        first, last = self.first_year, self.last_year
        whole = (first.value, last.value) == (first.min, last.max)
        return (None, None) if whole else (first.value, last.value)

    def _total(self) -> int:
        return len(self.found)

    def _title(self) -> tuple[str, tuple[str, ...]]:
        return self.found.title, self.found.query.hints

    def _render(self, first: int) -> str:
        return render_selection(self.found, first=first, size=self.size, live=True)

    def _ids(self, first: int) -> list[str]:
        return [passage.id for passage in self.found.passages[first : first + self.size]]


class ConcordanceExplorer(_Explorer):
    """Every occurrence of words with the words around it, in the order you choose.

    Parameters
    ----------
    query : str
        Words to begin with, in the query language.
    window : int, optional
        Words on each side, 0 or more.
    sort : {"corpus", "left", "right", "date", "document", "speaker"}, optional
        The order of the lines, as for `concordance`.
    theme, document : str, optional
        Names to begin with; empty for any.
    corpus : Corpus, optional
        The course's own if left out.

    Attributes
    ----------
    table : DataFrame
        What is shown: the answer to the last request that could be read.

    Raises
    ------
    QueryError, UnknownNameError, SettingError
        If the settings to begin with make no sense.

    Examples
    --------
    >>> explorer = ConcordanceExplorer("preempt*", window=3)
    >>> explorer.query.value = "preventative"
    >>> explorer
    ConcordanceExplorer: 1 line in 1 of 122 passages — query preventative · 3 words on each side \
· order: corpus
    """

    size = 25
    things = "lines"

    def __init__(  # noqa: PLR0913 -- one keyword for each control
        self,
        query: str,
        *,
        window: int = 8,
        sort: str = "corpus",
        theme: str = "",
        document: str = "",
        corpus: Corpus | None = None,
    ) -> None:
        self.corpus = corpus or course_corpus()
        settings = {"theme": theme, "document": document}
        self.table = concordance(query, window=window, sort=sort, corpus=self.corpus, **settings)
        self.query = ipywidgets.Text(query, description="Words", layout=WIDE)
        self.window = ipywidgets.IntText(window, description="Words on each side", **NAMED)
        self.sort = ipywidgets.Dropdown(options=SORTS, value=sort, description="Order", layout=HALF)
        self.theme, self.document = self._choice("theme", theme), self._choice("document", document)
        super().__init__([self.query], [self.window, self.sort], [self.theme, self.document])

    def __repr__(self) -> str:
        about = self.table.attrs
        return f"ConcordanceExplorer: {about['title']} — {about['conditions']}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live view, and the plain form for wherever there is no kernel."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        plain = show_lines(self.table, corpus=self.corpus, size=self.size).html
        live = render_live("concordance", self._settings(), self.corpus, plain)
        return {**bundle, "text/html": live}

    def _settings(self) -> dict[str, Any]:
        names = ("query", "window", "sort", "theme", "document")
        return {name: getattr(self, name).value for name in names}

    def _find(self) -> None:
        self.table = concordance(**self._settings(), corpus=self.corpus)

    def _total(self) -> int:
        return len(self.table)

    def _title(self) -> tuple[str, tuple[str, ...]]:
        return self.table.attrs["title"], parse_query(self.query.value).hints

    def _render(self, first: int) -> str:
        return render_lines(self.table, self.corpus, first=first, size=self.size)

    def _ids(self, first: int) -> list[str]:
        return list(dict.fromkeys(self.table["passage_id"].iloc[first : first + self.size]))
