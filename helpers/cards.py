"""A question to answer: it says what is missing, and saves every answer at once."""

from __future__ import annotations

from typing import Any

import ipywidgets
from traitlets import TraitError

from helpers.answers import Question
from helpers.corpus import Corpus
from helpers.errors import WorkError, check_name
from helpers.inputs import make_input
from helpers.judging import MIN_WORDS, Verdict, judge_answer
from helpers.loading import course_corpus
from helpers.questions import is_instructor, load_questions
from helpers.rendering import STYLE
from helpers.sheets import (
    SHEET_STYLE,
    mark_up,
    render_head,
    render_misreadings,
    render_model,
    render_passages,
    render_sheet,
    say_answer,
    say_task,
)
from helpers.workbook import open_workbook

__all__ = ["QuestionCard"]

OPENINGS: dict[bool | None, str] = {
    True: "<strong>Right.</strong> ",
    False: "<strong>Not yet.</strong> ",
    None: "",
}
NO_EVIDENCE = "You have collected no passage yet: collect some in an explorer, or type ids here."
TICK = "Tick what your own answer has; your ticks are saved."


class QuestionCard(ipywidgets.VBox):  # type: ignore[misc]
    """One question: prompt, the passages it rests on, an answer, *Check* and *Hint*.

    Each check is saved at once in the student's workbook, and so is a text when one leaves it.
    Opened again the card shows the saved answer; if the question was worded anew it is asked
    again, and the old answer shown beside it.

    Parameters
    ----------
    question_id : str
        As in ``data/questions/``; UnknownNameError if there is no such question.
    corpus : Corpus, optional
        From which the expected answer is computed; the course's own if left out.

    Examples
    --------
    >>> QuestionCard("preemption-2")
    QuestionCard preemption-2: Whose words are the long quotation in `azizian-2003#p32`? Write \
first name and surname. (Name the person.)
    """

    def __init__(self, question_id: str, *, corpus: Corpus | None = None) -> None:
        questions = load_questions()
        self.question: Question = questions[check_name("question", question_id, questions)]
        self.corpus = corpus or course_corpus()
        self.input = make_input(self.question, self.corpus)
        self.check = ipywidgets.Button(description="Check")
        self.hint = ipywidgets.Button()
        self.status, self.hints, self.model = (ipywidgets.HTML() for _ in range(3))
        points = self.input.points.values()
        self.ticks = ipywidgets.VBox([ipywidgets.HTML(f"<p>{TICK}</p>"), *points])
        self._show_hints(0)
        self._show_model()
        self._restore()
        self._connect()
        head = f'<div class="tt">{STYLE}{SHEET_STYLE}{render_head(self.question, self.corpus)}'
        head += f"{render_passages(self.question, self.corpus)}</div>"
        buttons = ipywidgets.HBox([self.check, self.hint])
        parts = [ipywidgets.HTML(head), *self.input.controls, buttons]
        super().__init__([*parts, self.status, self.hints, self.model, self.ticks])
        self.add_class("tt-card")

    def __repr__(self) -> str:
        asked = self.question
        return f"QuestionCard {asked.id}: {asked.prompt} ({say_task(asked)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live view, and the question to read, which says nothing of saved work."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        sheet = render_sheet(self.question, self.corpus)
        plain = {"text/plain": repr(self), "text/html": f'<div class="tt">{STYLE}{sheet}</div>'}
        return {**bundle, **plain}

    def _connect(self) -> None:
        """Answer the buttons, and save what was written or ticked."""
        self.check.on_click(lambda _: self._check())
        self.hint.on_click(lambda _: self._show_hints(self._hints_shown + 1))
        for control in (*self.input.lines, *self.input.points.values()):
            control.observe(lambda _: self._check(), names="value")
        for area in self.input.written:
            area.observe(lambda _: self._keep(), names="value")
        if self.input.collect:
            self.input.collect.on_click(lambda _: self._use_evidence())

    def _check(self) -> None:
        """Judge the answer, say what is missing, and save it."""
        verdict = self._judge()
        self._tell(verdict, self._save(right=verdict.right))

    def _keep(self) -> None:
        """Save what was written, unjudged until it is checked."""
        self._say(f"{self._save(right=None)} Press Check when you are ready.")

    def _judge(self) -> Verdict:
        return judge_answer(self.question, self.input.read(), corpus=self.corpus)

    def _tell(self, verdict: Verdict, saved: str) -> None:
        self._say(f"{verdict.sentence} {saved}", right=verdict.right)
        self._show_model()

    def _save(self, *, right: bool | None) -> str:
        """Save the answer and say so; what cannot be saved stays where it was typed."""
        asked, answer = self.question, self.input.read()
        if not say_answer(answer):
            return ""
        try:
            book = open_workbook()
            saved = book.answers().get(asked.id)
            new = (answer, asked.wording, right)
            if not saved or (saved.value, saved.wording, saved.right) != new:
                book.save_answer(asked.id, answer, wording=asked.wording, right=right)
        except WorkError as error:
            return f"{error} Your answer still stands here."
        return "Saved."

    def _restore(self) -> None:
        """Show the saved answer; if another wording was answered, show it beside the question."""
        try:
            saved = open_workbook().answers().get(self.question.id)
        except WorkError as error:
            self._say(str(error))
            return
        if not saved:
            return
        shown = f"“{say_answer(saved.value)}”"
        if saved.wording != self.question.wording:
            anew = "This question was worded anew after you answered it; please answer again."
            self._say(f"{anew} Your answer was: {shown}")
            return
        try:
            self.input.fill(saved.value)
        except (KeyError, TypeError, ValueError, TraitError):
            self._say(f"Your saved answer was: {shown}")
            return
        self._tell(self._judge(), "This is your saved answer.")

    def _show_hints(self, shown: int) -> None:
        """So many of the hints; the button says which is next."""
        self._hints_shown, total = shown, len(self.question.hints)
        given = "".join(
            f"<p><strong>Hint {number} of {total}:</strong> {mark_up(hint)}</p>"
            for number, hint in enumerate(self.question.hints[:shown], 1)
        )
        self.hints.value = f'<div class="tt" role="status">{given}</div>' if given else ""
        self.hint.disabled = shown == total
        self.hint.description = f"Hint {shown + 1} of {total}" if shown < total else "No more hints"

    def _use_evidence(self) -> None:
        """Add the ids of the collected passages to those that were typed."""
        try:
            collected = list(open_workbook().evidence())
        except WorkError as error:
            self._say(str(error))
            return
        self.input.add_passages(collected)
        if not collected:
            self._say(NO_EVIDENCE)

    def _show_model(self) -> None:
        """The model answer: for an instructor, and to compare with a text that was written."""
        written = len(self.input.text.split()) >= MIN_WORDS
        self.ticks.layout.display = None if written and self.input.points else "none"
        if written or is_instructor():
            summary = "Compare with the model answer" if written else "Model answer"
            model = render_model(self.question, self.corpus, summary=summary)
            if is_instructor():
                model += render_misreadings(self.question, self.corpus)
            self.model.value = f'<div class="tt">{model}</div>'

    def _say(self, said: str, *, right: bool | None = None) -> None:
        said = f"{OPENINGS[right]}{mark_up(said.strip())}"
        lines = "".join(f"<p>{line}</p>" for line in said.splitlines())
        self.status.value = f'<div class="tt" role="status">{lines}</div>'
