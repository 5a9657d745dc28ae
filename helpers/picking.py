"""The row under an explorer that puts a passage into the student's evidence, or takes it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets

from helpers.errors import WorkError
from helpers.records import Evidence
from helpers.workbook import Workbook, open_workbook

__all__ = ["CollectRow"]

WIDTH = {"max_width": "100%"}


class CollectRow(ipywidgets.VBox):  # type: ignore[misc]
    """A list of passages, why one is collected, and two buttons; what is collected has a tick.

    What goes wrong when it is saved is said in the line below, and nothing else stops.
    """

    def __init__(self) -> None:
        self.passage = ipywidgets.Dropdown(
            description="Passage", layout={"width": "18.8rem", **WIDTH}
        )
        self.why = ipywidgets.Text(
            description="Why (optional)",
            layout={"width": "auto", "flex": "1 1 14rem", **WIDTH},
            style={"description_width": "initial"},
        )
        self.collect, self.take_out = (
            ipywidgets.Button(description=name, disabled=True, layout={"width": "auto"})
            for name in ("Collect", "Take out")
        )
        self.said = ipywidgets.HTML()
        self._ids: tuple[str, ...] = ()
        self._kept: dict[str, Evidence] = {}
        self._note = ""  # what this row wrote into `why`; anything else is the student's
        self.passage.observe(lambda _: self._tell_note(), names="value")
        self.collect.on_click(lambda _: self._do_collect())
        self.take_out.on_click(lambda _: self._do_take_out())
        row = [self.passage, self.why, self.collect, self.take_out]
        super().__init__([ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}), self.said])

    def offer(self, ids: Sequence[str]) -> None:
        """Offer these passages, and no others; those collected with a tick."""
        self._ids = tuple(ids)
        try:
            self._kept = open_workbook().evidence()
        except WorkError as error:
            self._say(str(error))
        options = tuple((f"✓ {name}" if name in self._kept else name, name) for name in self._ids)
        if options != self.passage.options:
            first = next(iter(self._ids), None)
            chosen = self.passage.value if self.passage.value in self._ids else first
            with self.passage.hold_sync():  # one message to the browser
                self.passage.options = options
                self.passage.value = chosen
        self._tell_note()

    def _tell_note(self) -> None:
        """Show why the chosen passage was collected, unless the student wrote something new."""
        chosen = self.passage.value
        note = self._kept[chosen].note if chosen in self._kept else ""
        if self.why.value == self._note and note != self._note:
            self.why.value = note
        self._note = note
        self.collect.disabled = chosen is None
        self.take_out.disabled = chosen not in self._kept

    def _do_collect(self) -> None:
        chosen = self.passage.value
        done = "Noted why for" if chosen in self._kept else "Collected"
        self.why.value = note = self.why.value.strip()
        self._do(lambda book: book.save_evidence(chosen, note=note), f"{done} {chosen}")

    def _do_take_out(self) -> None:
        chosen = self.passage.value
        self._do(lambda book: book.drop_evidence(chosen), f"Took out {chosen}")

    def _do(self, action: Callable[[Workbook], None], done: str) -> None:
        try:
            action(open_workbook())
        except WorkError as error:
            self._say(str(error))
            return
        self.offer(self._ids)
        self._say(f"{done}: {len(self._kept)} in your evidence.")

    def _say(self, sentence: str) -> None:
        self.said.value = f'<div aria-live="polite">{escape(sentence)}</div>'
