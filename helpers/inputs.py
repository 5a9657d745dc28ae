"""The controls of a question card, for each kind of answer.

Every control has a visible name and works with the keyboard. Radio buttons and toggle buttons
are avoided: their groups have no name for a screen reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ipywidgets

from helpers.answers import Question, find_names
from helpers.corpus import Corpus
from helpers.sheets import list_choices, say_plain

__all__ = ["Input", "make_input"]

NAMED = {
    "style": {"description_width": "7rem"},
    "layout": {"width": "40rem", "max_width": "100%"},
}
# Not sent key by key: a click could overtake what was typed last.
TYPED = {"continuous_update": False, **NAMED}
Boxes = dict[str, ipywidgets.Checkbox]  # by what they stand for
PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")


class Input:
    """Controls for an answer; by themselves for one of a single line.

    `controls` are shown from top to bottom. Of them `lines` are checked on Enter, or when one
    leaves them; `written` are saved when one leaves them; `own` holds one's own words; `collect`
    asks for the collected passages. `points` is what a good text has, to be ticked when it is
    compared with the model answer.
    """

    collect: ipywidgets.Button | None = None
    own: ipywidgets.Textarea | None = None

    def __init__(self, *controls: ipywidgets.Widget, points: Iterable[str] = ()) -> None:
        self.controls = controls
        self.lines = [line for line in controls if isinstance(line, ipywidgets.Text)]
        self.written = [area for area in controls if isinstance(area, ipywidgets.Textarea)]
        self.points = _make_boxes(points)

    def read(self) -> Any:
        """The answer as it is saved."""
        return self.controls[0].value

    def fill(self, value: Any) -> None:
        """Put a saved answer back.

        One of another form raises TypeError, KeyError, ValueError or TraitError.
        """
        self.controls[0].value = str(value) if isinstance(value, int) else value

    def add_passages(self, ids: Sequence[str]) -> None:
        """Add ids to those that were typed, where ids are asked for."""

    @property
    def text(self) -> str:
        """What was written in one's own words."""
        return str(self.own.value) if self.own else ""


class _Options(Input):
    """A box for each option; where one is right, ticking it takes the tick from the others."""

    def __init__(self, question: Question) -> None:
        self.options = _make_boxes(option.text for option in question.options)
        super().__init__(*self.options.values())
        for box in () if question.several else self.controls:
            box.observe(self._keep_one, names="value")

    def _keep_one(self, change: Any) -> None:
        for box in self.controls if change.new else ():
            box.value = box is change.owner

    def read(self) -> list[str]:
        return _read_ticks(self.options)

    def fill(self, value: Sequence[str]) -> None:
        _tick(self.options, value)


def _make_boxes(names: Iterable[str]) -> Boxes:
    look = {"indent": False, "layout": {"width": "auto", "max_width": "100%"}}
    return {name: ipywidgets.Checkbox(description=say_plain(name), **look) for name in names}


def _read_ticks(boxes: Boxes) -> list[str]:
    return [name for name, box in boxes.items() if box.value]


def _tick(boxes: Boxes, names: Sequence[str]) -> None:
    for name, box in boxes.items():
        box.value = name in names


class _Order(Input):
    """A list to choose from for each place."""

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        look = {"options": [("choose", ""), *choices], **NAMED}
        places = PLACES[: len(choices)]
        super().__init__(*(ipywidgets.Dropdown(description=place, **look) for place in places))

    def read(self) -> list[str]:
        return [control.value for control in self.controls]

    def fill(self, value: Sequence[str]) -> None:
        for control, item in zip(self.controls, value, strict=True):
            control.value = item


class _Text(Input):
    """A text of one's own, and the points to tick afterwards."""

    def __init__(self, question: Question) -> None:
        self.own = ipywidgets.Textarea(description="Your answer", rows=5, **TYPED)
        super().__init__(self.own, points=question.points)

    def read(self) -> dict[str, Any]:
        return {"text": self.text, "points": _read_ticks(self.points)}

    def fill(self, value: dict[str, Any]) -> None:
        self.controls[0].value = value["text"]
        _tick(self.points, value["points"])


class _Citation(Input):
    """Ids of passages, and below them the argument if one is asked for."""

    def __init__(self, question: Question) -> None:
        look = {"placeholder": "one id a line", "rows": 3, **TYPED}
        self.passages = ipywidgets.Textarea(description="Passages", **look)
        self.collect = ipywidgets.Button(
            description="Use my collected evidence", layout={"width": "max-content"}
        )
        self.argument = ipywidgets.Textarea(description="Your argument", rows=7, **TYPED)
        super().__init__(self.passages, self.collect, *[self.argument] * question.argument)
        self.own = self.argument

    def add_passages(self, ids: Sequence[str]) -> None:
        typed = self.passages.value
        new = [name for name in ids if name not in typed]
        self.passages.value = "\n".join([*typed.splitlines(), *new])

    def read(self) -> dict[str, str]:
        return {"passages": self.passages.value, "text": self.text}

    def fill(self, value: dict[str, Any]) -> None:
        ids = value["passages"]
        self.passages.value = ids if isinstance(ids, str) else "\n".join(ids)
        self.argument.value = value["text"]


def make_input(question: Question, corpus: Corpus) -> Input:
    """The controls for the answer to a question."""
    line = {"description": "Your answer", **TYPED}
    match question.kind:
        case "choose":
            return _Options(question)
        case "number":
            return Input(ipywidgets.Text(**line))
        case "person":
            return Input(ipywidgets.Combobox(options=find_names(corpus), **line))
        case "cite":
            return _Citation(question)
        case "order":
            return _Order(list_choices(question, corpus))
    return _Text(question)
