"""The questions of the lessons, read from ``data/questions/`` and checked at the door."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from helpers.answers import (
    CONDITIONS,
    COUNTS,
    Mistake,
    Option,
    Question,
    Side,
    expected_answer,
    find_faults,
    find_mistaken,
    find_names,
)
from helpers.corpus import Corpus
from helpers.errors import DataError, TwoTracksError, check_name
from helpers.loading import course_corpus
from helpers.search import find_passages
from helpers.sources import check_table, find_folder, load_toml

__all__ = [
    "Question",
    "check_questions",
    "is_instructor",
    "load_minutes",
    "load_questions",
    "read_questions",
]

Table = Mapping[str, Any]
Keys = tuple[Mapping[str, type], Mapping[str, type]]  # those it must have, those it may have

NAMES = "start scan source preemption asia violence axis arms ivanovs tracks summits coding claim"
LESSONS = {f"{number:02}": name for number, name in enumerate(NAMES.split())}
LEVELS = ("find", "read", "argue")
KEYS = {
    **dict.fromkeys(["id", "kind", "level", "prompt", "model"], str),
    **dict.fromkeys(["hints", "passages"], list),
}
# What each kind needs besides, and what it may have.
KINDS: dict[str, Keys] = {
    "choose": ({"option": list}, {"several": bool}),
    "number": ({"count": str}, {"where": dict, "mistake": list}),
    "person": ({}, {"mention": dict, "quotation": str, "mistake": list}),
    "cite": (
        {"at_least": int, "answer": list},
        {"documents": int, "where": dict, "side": list, "argument": bool, "mistake": list},
    ),
    "order": ({}, dict.fromkeys(["documents", "items", "labels", "mistake"], list)),
    "text": ({}, {"points": list}),
}
# What the tables inside a question hold; the answer of a mistake depends on the kind.
OPTION_KEYS: Keys = ({"text": str, "why": str}, {"right": bool, "fits": dict})
SIDE_KEYS: Keys = ({"name": str}, {"where": dict, "passages": list, "reason": str})
MENTION_KEYS: Keys = ({"passage": str, "name": str}, {"nth": int})
MISTAKE_KEYS: dict[str, Keys] = {
    "number": ({"why": str}, {"count": str, "where": dict, "answer": int}),
    "person": ({"why": str, "answer": str}, {}),
    "order": ({"why": str, "answer": list}, {}),
    "cite": ({"why": str, "answer": list}, {}),
}


def is_instructor() -> bool:
    """Whether this is the instructor's edition, which shows the model answers."""
    return os.environ.get("TWO_TRACKS_EDITION") == "instructor"


@cache
def load_questions() -> dict[str, Question]:
    """All questions by id, lesson by lesson; DataError if a file is not as it must be.

    Examples
    --------
    >>> load_questions()["preemption-1"].kind
    'choose'
    """
    folder = find_folder("data") / "questions"
    names = sorted(path.stem for path in folder.glob("*.toml"))
    return {key: question for name in names for key, question in read_questions(name).items()}


@cache
def load_minutes(name: str) -> dict[str, int]:
    """How many minutes each part of a lesson takes in class, by its heading; `name` as "03".

    Nothing for a lesson without questions. DataError if the file is not as it must be.
    """
    if not (find_folder("data") / "questions" / f"{name}.toml").is_file():
        return {}
    minutes: dict[str, int] = _load(name).get("lesson", {}).get("minutes", {})
    check_table(minutes, f"data/questions/{name}.toml", required=dict.fromkeys(minutes, int))
    return minutes


def _load(name: str) -> dict[str, Any]:
    table = load_toml(f"questions/{name}.toml")
    file = f"data/questions/{name}.toml"
    check_table(table, file, required={"question": list}, optional={"lesson": dict})
    return table


@cache
def read_questions(name: str) -> dict[str, Question]:
    """The questions of one lesson by id, as in `load_questions`; `name` is that of its file."""
    file = f"data/questions/{name}.toml"
    return check_questions(_load(name)["question"], file, lesson=LESSONS.get(name, ""))


def check_questions(tables: Iterable[Table], file: str, *, lesson: str = "") -> dict[str, Question]:
    """Questions from the tables of a file, each held to what a question of its kind must be.

    `lesson` is the name that the ids begin with; any if empty. A DataError names the file, the
    question and what is missing, unknown or not so in the corpus of the course.
    """
    questions: dict[str, Question] = {}
    for number, table in enumerate(tables, 1):
        place = f"{file}, question {table.get('id', number)!r}"
        lesson = lesson or str(table.get("id", "")).rpartition("-")[0]
        if table.get("id") != f"{lesson}-{number}":
            raise DataError(
                f"{place}: its id must be '{lesson}-{number}', by its place in the file."
            )
        question = _read(table, place)
        try:
            slip = next(_find_slips(question, course_corpus()), "")
        except TwoTracksError as error:
            slip = str(error)
        if slip:
            raise DataError(f"{place}: {slip}")
        questions[question.id] = question
    if not 3 <= len(questions) <= 5:
        raise DataError(f"{file} has {len(questions)} questions; a lesson has three to five.")
    if question.kind != "cite" or not question.argument:
        raise DataError(f"{place}: the last one must be of the kind cite, with argument = true.")
    return questions


def _read(table: Table, place: str) -> Question:
    """A question from its table, with the keys and types of its kind."""
    kind = table.get("kind")
    if kind not in KINDS:
        raise DataError(f"{place}: kind is {kind!r}; it must be one of {', '.join(KINDS)}.")
    required, optional = KINDS[kind]
    fields = _read_table(table, place, ({**KEYS, **required}, optional))
    parts: dict[str, tuple[Callable[..., Any], Keys]] = {
        "option": (Option, OPTION_KEYS),
        "side": (Side, SIDE_KEYS),
        "mistake": (Mistake, MISTAKE_KEYS.get(kind, ({}, {}))),
    }
    for key, (make, keys) in parts.items():
        fields[f"{key}s"] = tuple(
            make(**_read_table(part, f"{place}, {key} {number}", keys))
            for number, part in enumerate(fields.pop(key, ()), 1)
        )
    if "mention" in fields:
        _read_table(fields["mention"], f"{place}, mention", MENTION_KEYS)
    if kind == "order":
        fields["items"] = (*fields.pop("documents", ()), *fields.pop("items", ()))
    fields["prompt"] = " ".join(table["prompt"].split())
    return Question(**fields)


def _read_table(table: Any, place: str, keys: Keys) -> dict[str, Any]:
    """A table with the keys it must have: lists as tuples, which hold texts; no text is blank."""
    if not isinstance(table, dict):
        raise DataError(f"{place} must be a table of its own, as in: [[question.option]].")
    check_table(table, place, required=keys[0], optional=keys[1])
    for key, value in table.items():
        items = value if isinstance(value, list) else []
        if "" in (value, *items) or not all(isinstance(item, (str, dict)) for item in items):
            raise DataError(f"{place}: {key!r} must hold text in quotation marks, and none empty.")
    return {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}


def _find_slips(question: Question, corpus: Corpus) -> Iterator[str]:
    """What an author has to change before a question can be asked, a sentence each."""
    if question.level not in LEVELS:
        yield f"level is {question.level!r}; it must be one of {LEVELS}."
    if not 1 <= len(question.hints) <= 3:
        yield f"it has {len(question.hints)} hints; give one to three."
    for name in question.passages:
        corpus.passage(name)
    conditions = [question.where, *(mistake.where for mistake in question.mistakes)]
    conditions += [option.fits for option in question.options if option.fits is not None]
    conditions += [side.where for side in question.sides if side.where is not None]
    for where in conditions:
        for key in where:
            check_name("condition", key, CONDITIONS)
        try:
            find_passages(**where, corpus=corpus)
        except (AttributeError, TypeError) as error:
            yield f"{dict(where)} cannot be asked for ({error})."
    yield from SLIPS[question.kind](question, corpus)
    expected = expected_answer(question, corpus)
    for number, mistake in enumerate(question.mistakes, 1):
        if find_mistaken(mistake, corpus) == expected:
            yield f"mistake {number}: {expected!r} is the right answer, so it cannot be a mistake."


def _find_choose_slips(question: Question, corpus: Corpus) -> Iterator[str]:
    texts = {option.text for option in question.options}
    if not 3 <= len(texts) <= 6 or len(texts) < len(question.options):
        yield "it needs three to six different options."
    right = expected_answer(question, corpus)
    if not right:
        yield "no option is right; give one right = true, or fits = {…}."
    if len(right) > 1 and not question.several:
        yield f"{len(right)} options are right ({'; '.join(right)}); say several = true."


def _find_number_slips(question: Question, corpus: Corpus) -> Iterator[str]:  # noqa: ARG001
    for number, mistake in enumerate(question.mistakes, 1):
        if (mistake.answer is None) == (not mistake.count):
            yield f"mistake {number}: give either a count or an answer."
    counted: list[Question | Mistake] = [question, *(m for m in question.mistakes if m.count)]
    for asked in counted:
        check_name("count", asked.count, COUNTS)
        if asked.count == "hits" and not {"query", "theme"} & set(asked.where):
            yield "hits can be counted only of a query or a theme."


def _find_person_slips(question: Question, corpus: Corpus) -> Iterator[str]:
    if bool(question.mention) == bool(question.quotation):
        yield "give either a mention or a quotation."
    if question.mention:
        corpus.passage(question.mention["passage"])
    if not expected_answer(question, corpus):
        yield f"nobody is known to speak in {question.quotation}."
    for mistake in question.mistakes:
        check_name("person", mistake.answer, find_names(corpus))


def _find_cite_slips(question: Question, corpus: Corpus) -> Iterator[str]:
    if min(question.at_least, question.documents) < 1:
        yield "at_least and documents must be 1 or more."
    if question.argument and question.level != "argue":
        yield "a question with argument = true has the level 'argue'."
    named = [*question.answer, *(name for m in question.mistakes for name in m.answer)]
    for side in question.sides:
        if (side.where is None) == (not side.passages):
            yield f"side {side.name!r}: give either where = {{…}} or passages = […]."
        if side.passages and not side.reason:
            yield f'side {side.name!r}: say with reason = "…" why no query can tell these passages.'
        if side.where is not None and not find_passages(**side.where, corpus=corpus):
            yield f"side {side.name!r}: no passage of the corpus fits {dict(side.where)}."
        named += side.passages
    for name in named:
        corpus.passage(name)
    if faults := find_faults(question, list(dict.fromkeys(question.answer)), corpus):
        yield f"the model citation is not right. {' '.join(faults)}"


def _find_order_slips(question: Question, corpus: Corpus) -> Iterator[str]:
    if len(set(question.items)) < max(3, len(question.items)):
        yield "it needs three or more different documents or items."
    if len(question.labels) not in (0, len(question.items)):
        yield "give as many labels as items, or none."
    expected = expected_answer(question, corpus)
    for number, mistake in enumerate(question.mistakes, 1):
        if sorted(mistake.answer) != sorted(expected):
            yield f"mistake {number}: it must hold the same items."


SLIPS: dict[str, Callable[[Question, Corpus], Iterator[str]]] = {
    "choose": _find_choose_slips,
    "number": _find_number_slips,
    "person": _find_person_slips,
    "cite": _find_cite_slips,
    "order": _find_order_slips,
    "text": lambda *_: iter(()),
}
