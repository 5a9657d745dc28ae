"""What a class did: every answer rated, every code counted, every number a list that can be shown.

Answers are rated anew with the questions of this version, in the whole corpus of the course;
what a file says of itself does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.agreement import read_together
from helpers.answers import Question
from helpers.codebook import load_codebook
from helpers.coding import Coding
from helpers.collecting import Problem, Student, read_folder, tame
from helpers.corpus import Corpus
from helpers.errors import TwoTracksError
from helpers.judging import judge_answer
from helpers.loading import course_corpus
from helpers.questions import load_questions
from helpers.records import Answer
from helpers.sheets import say_answer

__all__ = ["ClassWork", "Given", "Split", "Tally", "find_splits", "read_class", "tally_questions"]

MOST_CODES = 40
LONGEST_ANSWER = 300  # characters of a name, a number, an id
MOST_PARTS = 50  # passages cited, options chosen


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: `wording` is ``current``, ``older``, or ``unknown`` if nothing here asks it.

    `right` is None where it was not rated: another wording, a text of one's own, a form that no
    card saves.
    """

    student: str
    question: str
    value: Any
    right: bool | None
    time: str
    wording: str


@dataclass(frozen=True, slots=True)
class ClassWork:
    """What a class handed in; `codings` are of passages of the corpus, each student's own."""

    corpus: Corpus
    students: tuple[Student, ...]
    questions: Mapping[str, Question]
    answers: tuple[Given, ...]
    codings: tuple[Coding, ...]
    problems: tuple[Problem, ...]

    @property
    def rounds(self) -> list[int]:
        """The rounds in which two students or more coded."""
        coders = Counter(turn for turn, _ in {(c.round, c.coder) for c in self.codings})
        return sorted(turn for turn, count in coders.items() if count > 1)


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one question; `wrong` has the wrong ones and their number, most first."""

    question: Question
    answers: tuple[Given, ...]
    rated: int
    right: int
    wrong: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """One passage and code on which coders differ: `given` of `coders` gave it."""

    passage_id: str
    code: str
    given: int
    coders: int

    @property
    def pairs(self) -> int:
        """How many pairs of coders differ."""
        return self.given * (self.coders - self.given)


def read_class(
    folder: Path, *, skip: Path | None = None, corpus: Corpus | None = None
) -> ClassWork:
    """Read the work of a class, in the course's own corpus if none is given.

    The other parameters and errors are those of `read_folder`.
    """
    students, problems = read_folder(folder, skip=skip)
    corpus, questions = corpus or course_corpus(), load_questions()
    answers = []
    for student in students:
        for key, answer in student.work.answers().items():
            right, wording = _rate(answer, questions.get(key), corpus)
            answers.append(Given(student.name, key, answer.value, right, answer.time, wording))
    codings = _keep_codes(students, corpus, problems)
    return ClassWork(
        corpus, tuple(students), questions, tuple(answers), tuple(codings), tuple(problems)
    )


def _rate(answer: Answer, question: Question | None, corpus: Corpus) -> tuple[bool | None, str]:
    """Whether an answer is right, if that can be said, and which wording it answers."""
    if not question:
        return None, "unknown"
    if answer.wording != question.wording:
        return None, "older"
    with suppress(TwoTracksError):
        corpus = course_corpus(question.corpus) if question.corpus else corpus
        if _is_rateable(question.kind, answer.value):
            return judge_answer(question, answer.value, corpus=corpus).right, "current"
    return None, "current"


def _is_rateable(kind: str, value: Any) -> bool:
    """Whether an answer has the form a card saves; a text of one's own is not rated here."""
    match kind, value:
        case "choose" | "order", list():
            return _are_names(value)
        case "number", int():
            return abs(value) < 10**12
        case "number" | "person", str():
            return _are_names([value])
        case "cite", {"passages": list(names), "text": str()}:
            return _are_names(names)
    return False


def _are_names(names: Sequence[Any]) -> bool:
    short = (isinstance(name, str) and len(name) <= LONGEST_ANSWER for name in names)
    return len(names) <= MOST_PARTS and all(short)


def _keep_codes(
    students: Sequence[Student], corpus: Corpus, problems: list[Problem]
) -> list[Coding]:
    """The codes of the codebook, and those of a codebook of one's own: more than one has them."""
    places = {passage.id for passage in corpus.passages}
    own: dict[str, list[Coding]] = {}
    for student in students:
        name, codes = student.work.coder, student.work.codes()
        problems += _leave_out(student, "codes under other names", {c for c, *_ in codes} - {name})
        elsewhere = {passage_id for _, _, passage_id, _ in codes} - places
        problems += _leave_out(student, "codes of passages not in this corpus", elsewhere)
        own[student.name] = [
            Coding(student.name, turn, passage_id, code, coded.given, coded.note)
            for (coder, turn, passage_id, code), coded in codes.items()
            if coder == name and passage_id in places
        ]
    users = Counter(code for given in own.values() for code in dict.fromkeys(c.code for c in given))
    shared = [code for code, count in users.most_common(MOST_CODES) if count > 1]
    known = {*load_codebook().codes, *shared}
    for student in students:
        strange = {coding.code for coding in own[student.name]} - known
        problems += _leave_out(student, "codes that nobody else knows", strange)
    return [coding for given in own.values() for coding in given if coding.code in known]


def _leave_out(student: Student, what: str, names: Iterable[str]) -> list[Problem]:
    if not names:
        return []
    named = tame(", ".join(sorted(names)))
    said = f"{student.name} hands in {what}, which are left out: {named}."
    return [Problem(student.files[0], said)]


def tally_questions(work: ClassWork) -> list[Tally]:
    """Every question of the course that somebody answered, in the order of the lessons."""
    found: dict[str, list[Given]] = {}
    for given in work.answers:
        found.setdefault(given.question, []).append(given)
    return [
        _tally(question, found[key]) for key, question in work.questions.items() if key in found
    ]


def _tally(question: Question, answers: Sequence[Given]) -> Tally:
    rated = [given for given in answers if given.right is not None]
    wrong = Counter(_shorten(question, given.value) for given in rated if not given.right)
    ranked = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return Tally(question, tuple(answers), len(rated), len(rated) - wrong.total(), tuple(ranked))


def _shorten(question: Question, value: Any) -> str:
    """An answer in one line, alike for all who mean the same."""
    if question.kind == "cite":
        value = value["passages"]
    if question.kind in ("choose", "cite"):
        value = sorted(value)
    return tame(" ".join(say_answer(value).split())) or "nothing"


def find_splits(work: ClassWork, round_: int) -> list[list[Split]]:
    """The passages on which coders differ, each with its codes; the most divided first.

    They stand in the order of how many pairs of coders differ, over all codes.
    """
    found: dict[str, list[Split]] = {}
    for reading in read_together(work.codings, round=round_, corpus=work.corpus):
        for passage_id in reading.disputed:
            said = [coding.given for coding in reading.of(passage_id)]
            split = Split(passage_id, reading.code, sum(said), len(said))
            found.setdefault(passage_id, []).append(split)
    in_order = [found[passage.id] for passage in work.corpus.passages if passage.id in found]
    return sorted(in_order, key=lambda splits: -sum(split.pairs for split in splits))
