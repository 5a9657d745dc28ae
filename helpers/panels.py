"""Coding by hand: one passage at a time, every decision saved at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import ipywidgets

from helpers.agreement import count_of
from helpers.codebook import Codebook, load_codebook
from helpers.corpus import Corpus
from helpers.errors import SettingError, TwoTracksError, check_name
from helpers.loading import course_corpus
from helpers.records import Coded
from helpers.rendering import STYLE, render_remarks
from helpers.search import Selection
from helpers.workbook import open_workbook

__all__ = ["CodingPanel"]

FULL = {"width": "40rem", "max_width": "100%"}
NAMED = {"description_width": "initial"}
MOST = 20  # passages to practise on where the codebook names none
AT_ONCE = 2.0  # seconds between the message that Enter was pressed and that of what was typed
HOW = "Type the digits of the codes and press Enter, as in 1 3; 0 if none applies."


class CodingPanel(ipywidgets.VBox):  # type: ignore[misc]
    """Code passages one at a time, in an order of your own, without seeing others' codes.

    Each passage that you save is one record in your work, on the disk at once; opened again,
    the panel goes on at the first passage that has no codes.

    Parameters
    ----------
    passages : Selection or sequence of str, optional
        What to code, or the ids. If left out, the codebook's passages to practise on; where none
        of them is in the corpus, at most twenty of its own, evenly spread.
    round : int, optional
        1, or 2 after the talk: each round has codes of its own.
    codes : sequence of str, optional
        Ids of codes; all of the codebook if empty.
    codebook : Codebook, str or Path, optional
        One of your own, or its file; if left out, what `load_codebook` finds.
    seed : int, optional
        Another seed, another order; it is another for every coder anyway.
    corpus : Corpus, optional
        The course's own if left out.

    Raises
    ------
    UnknownNameError, SettingError, DataError
        If there is no such passage or code, or nothing to code; if the codebook is wrong.
    """

    def __init__(  # noqa: PLR0913 -- one keyword for each thing that can differ
        self,
        passages: Selection | Sequence[str] = (),
        *,
        round: int = 1,  # noqa: A002 -- the word of the field
        codes: Sequence[str] = (),
        codebook: Codebook | str | Path | None = None,
        seed: int = 2003,
        corpus: Corpus | None = None,
    ) -> None:
        self.corpus = corpus or getattr(passages, "corpus", None) or course_corpus()
        if not isinstance(codebook, Codebook):
            codebook = load_codebook(codebook, corpus=self.corpus)
        self.codebook, self.round = codebook, _check_round(round)
        known = codebook.codes
        self.codes = [known[check_name("code", code, known)] for code in codes or known]
        self.passages = self._choose(passages)
        self._order = list(self.passages)
        book = open_workbook()
        Random(f"{seed} {round} {book.coder}").shuffle(self._order)  # noqa: S311 -- no secret
        self._place, self._entered = 0, -AT_ONCE
        super().__init__(self._build())
        self.add_class("tt-panel")
        self._go(self._next_open(-1))

    def __repr__(self) -> str:
        again = f", round {self.round}" if self.round > 1 else ""
        return (
            f"CodingPanel: {count_of(self.passages, 'passage')}, "
            f"{count_of(self.codes, 'code')}{again} — "
            f"{self.codebook.title}"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live view, and a sheet to code on paper for wherever there is no kernel."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/html": self._render_sheet()}

    def _choose(self, passages: Selection | Sequence[str]) -> tuple[str, ...]:
        """The ids of the passages in the order of the corpus."""
        here = [passage.id for passage in self.corpus.passages]
        if passages == ():
            practice = tuple(i for i in here if i in self.codebook.practice)
            return practice or tuple(here[:: (len(here) - 1) // MOST + 1])
        asked = {self.corpus.passage(p if isinstance(p, str) else p.id).id for p in passages}
        if not asked:
            raise SettingError("There is no passage to code here; name passages, or search some.")
        return tuple(i for i in here if i in asked)

    # What is on the screen ---------------------------------------------------------------------

    def _build(self) -> list[ipywidgets.Widget]:
        self.status, self.passage = ipywidgets.HTML(), ipywidgets.HTML()
        self.boxes = {
            code.id: ipywidgets.Checkbox(
                description=f"{code.key} {code.name}", indent=False, layout=FULL, style=NAMED
            )
            for code in self.codes
        }
        look = {"layout": FULL, "style": {"description_width": "7.5rem"}}
        self.note = ipywidgets.Text(description="Note (optional)", **look)
        self.quick = ipywidgets.Text(
            description="Quick keys",
            placeholder="1 3, or 0 for none",
            continuous_update=False,
            **look,
        )
        self.save = ipywidgets.Button(description="Save and next", button_style="primary")
        self.back = ipywidgets.Button(description="Back")
        self.undo = ipywidgets.Button(description="Undo")
        self.save.on_click(lambda _: self._save())
        self.back.on_click(lambda _: self._step_back())
        self.undo.on_click(lambda _: self._undo())
        self.quick.on_msg(self._hear_enter)
        self.quick.observe(self._read_keys, names="value")
        buttons = ipywidgets.HBox([self.save, self.back, self.undo])
        chosen = self.codebook.to_html([code.id for code in self.codes])
        meaning = ipywidgets.HTML(
            f'<div class="tt"><details><summary>What the codes mean</summary>{chosen}'
            "</details></div>"
        )
        boxes = ipywidgets.VBox(list(self.boxes.values()))
        return [self.passage, meaning, boxes, self.note, self.quick, buttons, self.status]

    def _go(self, place: int, said: str = "") -> None:
        """Show the passage at a place of the order, with what was saved for it."""
        self._place = place
        passage = self.corpus.passage(self._order[place])
        _, article = render_remarks(self.corpus, passage, [])
        self.passage.value = f'<div class="tt">{STYLE}{article}</div>'
        coded = self._saved().get(passage.id, {})
        for code, box in self.boxes.items():
            box.value = code in coded and coded[code].given
        self.note.value = next((one.note for one in coded.values()), "")
        self.quick.value = ""
        self.back.disabled = place == 0
        self._say(said)

    def _say(self, said: str) -> None:
        done, every = len(self._done()), len(self._order)
        state = f"{done} of {every} passages coded."
        if done < every:
            state += f" This is passage {self._place + 1} of your order."
        else:
            state += " You are through; Back shows what you coded."
        self.status.value = f'<div role="status">{escape(" ".join([said, state]).strip())}</div>'

    def _render_sheet(self) -> str:
        """The codebook, and each passage with boxes to tick, in the order of the corpus."""
        lines = [*(f"☐ {code.key} {code.name}" for code in self.codes), "Note: " + "_" * 40]
        passages = "".join(
            render_remarks(self.corpus, self.corpus.passage(i), lines)[1] for i in self.passages
        )
        head = (
            f"<p><strong>{escape(repr(self))}</strong></p><p>{escape(self.codebook.question)}</p>"
        )
        chosen = self.codebook.to_html([code.id for code in self.codes])
        return f'<div class="tt">{STYLE}{head}{chosen}{passages}</div>'

    # What was saved ----------------------------------------------------------------------------

    def _saved(self) -> dict[str, dict[str, Coded]]:
        """Your own codes of this round, by passage and code."""
        book = open_workbook()
        saved: dict[str, dict[str, Coded]] = {}
        for (_, turn, passage_id, code), coded in book.codes(coder=book.coder).items():
            if turn == self.round and code in self.boxes:
                saved.setdefault(passage_id, {})[code] = coded
        return saved

    def _done(self) -> list[str]:
        """The passages for which every code of this panel was considered."""
        saved = self._saved()
        return [i for i in self._order if len(saved.get(i, ())) == len(self.boxes)]

    def _next_open(self, place: int) -> int:
        """The first place behind `place`, or else from the start, that has no codes."""
        done, every = set(self._done()), len(self._order)
        places = [*range(place + 1, every), *range(place + 1)]
        still = [n for n in places if self._order[n] not in done]
        return still[0] if still else min(place + 1, every - 1)

    # What can be done --------------------------------------------------------------------------

    def _save(self) -> None:
        passage_id = self._order[self._place]
        given = {code: box.value for code, box in self.boxes.items()}
        try:
            open_workbook().save_codes(
                passage_id, given, note=self.note.value.strip(), round=self.round
            )
        except TwoTracksError as error:
            self._say(f"{error} Your input is still here.")
            return
        keys = [code.key for code in self.codes if given[code.id]]
        self._go(
            self._next_open(self._place), f"{passage_id} saved: {' '.join(keys) or 'no code'}."
        )

    def _step_back(self) -> None:
        self._go(max(self._place - 1, 0))

    def _undo(self) -> None:
        before = self._saved()
        try:
            said = open_workbook().undo(kind="code")
        except TwoTracksError as error:
            self._say(str(error))
            return
        after = self._saved()
        changed = [n for n, i in enumerate(self._order) if before.get(i) != after.get(i)]
        self._go(changed[0] if changed else self._place, said)

    # Quick keys --------------------------------------------------------------------------------
    # Enter sends a message of its own, and just before what was typed. Leaving the field sends
    # only what was typed: then the codes are ticked, and nothing is saved.

    def _hear_enter(self, _: object, content: Mapping[str, Any], __: object) -> None:
        if content.get("event") == "submit":
            self._entered = monotonic()

    def _read_keys(self, change: Mapping[str, Any]) -> None:
        typed = str(change["new"])
        if not typed.strip():
            return
        enter = monotonic() - self._entered < AT_ONCE
        self._entered = -AT_ONCE
        known = {code.key: code.id for code in self.codes}
        keys = [sign for sign in typed if not sign.isspace() and sign not in ",;"]
        if wrong := [key for key in keys if key not in known and key != "0"]:
            self._say(f"There is no code {wrong[0]!r}; nothing was saved. {HOW}")
            return
        if "0" in keys and len(keys) > 1:
            self._say(f"0 says that none applies, and cannot stand with others. {HOW}")
            return
        for code, box in self.boxes.items():
            box.value = code in {known.get(key) for key in keys}
        self.quick.value = ""
        if enter:
            self._save()
        else:
            self._say("Ticked, and not saved yet: press Save and next.")


def _check_round(turn: int) -> int:
    if not isinstance(turn, int) or not 1 <= turn <= 9:
        raise SettingError(f"Round {turn!r} is impossible; take 1, or 2 after the talk.")
    return turn
