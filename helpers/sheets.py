"""A question as something to read: the form without a kernel, for a handout and for paper.

It says nothing of what somebody answered, so that a stored notebook is the same for everybody.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from helpers.answers import Question, expected_answer, find_mistaken
from helpers.corpus import Corpus
from helpers.judging import explain_absence, name_item
from helpers.questions import is_instructor
from helpers.rendering import describe_place

__all__ = [
    "SHEET_STYLE",
    "fold",
    "list_choices",
    "mark_up",
    "render_head",
    "render_misreadings",
    "render_model",
    "render_passages",
    "render_sheet",
    "say_answer",
    "say_plain",
    "say_task",
]

SHEET_STYLE = (
    "<style>.tt .tt-options{list-style:'☐ ';padding-left:1.4rem;margin:.3rem 0}"
    ".tt .tt-options li{margin:.2rem 0}.tt details{margin:.3rem 0}"
    ".tt-card{border:1px solid #767676;border-radius:.3rem;padding:.6rem 1rem;max-width:56rem}"
    ".tt-card .widget-checkbox .widget-label-basic{display:flex;align-items:baseline;gap:.3rem;"
    "white-space:normal;overflow:visible;line-height:1.4;width:auto}"
    ".tt-card .widget-checkbox input{flex:none}"
    ".tt-card .widget-checkbox{height:auto}.tt-card .widget-textarea textarea{min-height:4.5rem}"
    ".tt-card .widget-label{overflow:visible}"
    "</style>"
)
MARKS = re.compile(r"`([^`]+)`|(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])")
LEVELS = {"find": "find it", "read": "read closely", "argue": "argue"}
TASKS = {
    "number": "Answer with a number.",
    "person": "Name the person.",
    "order": "Put these in order, the earliest first.",
    "text": "Answer in your own words.",
}
LINES = {"number": 1, "person": 1, "text": 5, "cite": 7}  # to write on, on paper


def mark_up(text: str) -> str:
    """Our own text as HTML: ``*word*`` is emphasis and a backtick makes code; nothing else is.

    Examples
    --------
    >>> mark_up("Is *temporary* <b> found by `temp*`?")
    'Is <em>temporary</em> &lt;b&gt; found by <code>temp*</code>?'
    """
    return MARKS.sub(
        lambda found: f"<code>{found[1]}</code>" if found[1] else f"<em>{found[2]}</em>",
        escape(text),
    )


def say_plain(text: str) -> str:
    """Our own text without its marks, for the name of a control."""
    return MARKS.sub(lambda found: found[1] or found[2], text)


def say_task(question: Question) -> str:
    """What is to be done, in words."""
    if question.kind == "choose":
        return "Choose all that are right." if question.several else "Choose one."
    if question.kind != "cite":
        return TASKS[question.kind]
    few = "passage" if question.at_least == 1 else "passages"
    places = f" from {question.documents} documents" if question.documents > 1 else ""
    argue = ", and argue in your own words" if question.argument else ""
    return f"Cite at least {question.at_least} {few}{places}{argue}."


def list_choices(question: Question, corpus: Corpus) -> list[tuple[str, str]]:
    """What there is to choose from or to put in order: how it is called, and its answer."""
    if question.kind == "order":
        known = {d.id for d in corpus.documents} | {p.id for p in corpus.passages}
        named = [(name_item(question, i, corpus), i) for i in question.items if i in known]
        return sorted(named)
    return [(option.text, option.text) for option in question.options]


def render_head(question: Question, corpus: Corpus) -> str:
    """Prompt, task and passages; or why the question cannot be answered here."""
    absence = explain_absence(question, corpus)
    return (
        f"<p><strong>Question {escape(question.id)}</strong> · {LEVELS[question.level]}</p>"
        f"<p>{mark_up(question.prompt)}</p><p>{escape(absence or say_task(question))}</p>"
    )


def render_passages(question: Question, corpus: Corpus) -> str:
    """The passages a question rests on, folded."""
    known = {passage.id: passage for passage in corpus.passages}
    shown = [known[name] for name in question.passages if name in known]
    articles = "".join(
        f"<article><p><strong>{escape(p.id)}</strong> · {escape(describe_place(corpus, p))}</p>"
        f"<blockquote>{escape(p.text)}</blockquote></article>"
        for p in shown
    )
    which = "The passage" if len(shown) == 1 else f"The {len(shown)} passages"
    return fold(f"{which} it rests on", articles) if shown else ""


def fold(summary: str, html: str) -> str:
    """HTML under a line that unfolds it."""
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"


def render_model(question: Question, corpus: Corpus, *, summary: str = "Model answer") -> str:
    """The model answer under a line that unfolds it, with what was computed for this corpus."""
    expected = ""
    if question.kind != "text" and not explain_absence(question, corpus):
        answer = _name(question, expected_answer(question, corpus), corpus)
        expected = f"<p><strong>{mark_up(say_answer(answer))}</strong></p>"
    return fold(summary, f"{expected}<p>{mark_up(question.model)}</p>")


def render_misreadings(question: Question, corpus: Corpus) -> str:
    """What students typically misread, and what the card tells them: for the instructor."""
    absent = explain_absence(question, corpus)
    right = expected_answer(question, corpus) if not absent else None
    wrong = [] if absent else [(find_mistaken(m, corpus), m.why) for m in question.mistakes]
    said = [
        (say_answer(_name(question, answer, corpus)), why)
        for answer, why in wrong
        if answer != right
    ]
    if question.kind == "choose":
        said = [(o.text, o.why) for o in question.options if o.text not in (right or ())]
    items = "".join(f"<li><em>{mark_up(what)}</em> – {mark_up(why)}</li>" for what, why in said)
    return fold("What students typically misread", f"<ul>{items}</ul>") if items else ""


def _name(question: Question, answer: Any, corpus: Corpus) -> Any:
    """An answer with the names of what was to be put in order."""
    if question.kind == "order":
        return [name_item(question, item, corpus) for item in answer]
    return answer["passages"] if isinstance(answer, dict) else answer


def say_answer(value: object) -> str:
    """A saved answer of any form in one line."""
    if isinstance(value, dict):
        return " · ".join(filter(None, map(say_answer, value.values())))
    if isinstance(value, (list, tuple)):
        return "; ".join(filter(None, map(say_answer, value)))
    return str(value).strip()


def render_sheet(question: Question, corpus: Corpus) -> str:
    """A question with its choices and, folded, its passages and its hints one by one.

    The model answer, and what is typically misread, follow in the instructor's edition alone.
    """
    items = "".join(f"<li>{mark_up(name)}</li>" for name, _ in list_choices(question, corpus))
    choices = f'<ul class="tt-options">{items}</ul>' if items else ""
    total = len(question.hints)
    hints = "".join(
        fold(f"Hint {number} of {total}", f"<p>{mark_up(hint)}</p>")
        for number, hint in enumerate(question.hints, 1)
    )
    lines = '<div class="tt-line"></div>' * LINES.get(question.kind, 0)
    model = render_model(question, corpus) if is_instructor() else ""
    model += render_misreadings(question, corpus) if is_instructor() else ""
    return (
        f'{SHEET_STYLE}<div class="tt-question">{render_head(question, corpus)}{choices}{lines}'
        f"{render_passages(question, corpus)}{hints}{model}</div>"
    )
