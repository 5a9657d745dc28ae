"""An answer held against the corpus: whether it is right, and what is missing or why it is not.

What is missing is said; what is typed is read kindly (`helpers.typed`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from operator import eq
from typing import Any, NamedTuple

from helpers.answers import (
    Question,
    expected_answer,
    explain_mistake,
    find_faults,
    find_item,
    find_meant,
)
from helpers.corpus import Corpus
from helpers.errors import SettingError, UnknownNameError
from helpers.loading import course_corpus
from helpers.people import find_mentions
from helpers.search import find_passages
from helpers.typed import explain_unknown, read_number, read_passages, read_texts, resolve_person

__all__ = ["Verdict", "expected_answer", "explain_absence", "judge_answer", "name_item"]

MIN_WORDS = 8  # of a text of one's own: a sentence


class Verdict(NamedTuple):
    """Whether an answer is right (None where only its writer can say), and why."""

    right: bool | None
    sentence: str


def judge_answer(question: Question, answer: Any, *, corpus: Corpus | None = None) -> Verdict:
    """Hold an answer against what the corpus says.

    The answer is as `expected_answer` gives it, or as somebody typed it; any other JSON is no
    answer. The verdict is None for a text of one's own, and where this corpus lacks what is asked
    about. Its sentence may be several, for a citation a line each.

    Examples
    --------
    >>> from helpers.questions import load_questions
    >>> judge_answer(load_questions()["preemption-2"], "Ivanov").sentence
    'Which Ivanov? Igor Ivanov or Sergei Ivanov: write the first name too.'
    """
    corpus = corpus or course_corpus()
    if absence := explain_absence(question, corpus):
        return Verdict(None, absence)
    return JUDGES[question.kind](question, answer, corpus)


def explain_absence(question: Question, corpus: Corpus) -> str:
    """Why a question cannot be answered in this corpus, in one sentence; empty if it can."""
    if corpus.home:
        return (
            f"This question is about the course's texts, not about those in {corpus.home.folder}."
        )
    known = {document.id for document in corpus.documents} | {p.id for p in corpus.passages}
    absent = [name for name in _find_needed(question, known) if name not in known]
    if absent:
        verb = "is" if len(absent) == 1 else "are"
        fact = f"{', '.join(absent)} {verb} not among the documents of this card"
    elif question.kind == "choose" and not expected_answer(question, corpus):
        fact = "none of the options fits the documents of this card"
    elif question.kind == "cite" and find_faults(question, _find_citable(question, corpus), corpus):
        fact = "the documents of this card do not hold enough to cite"
    else:
        return ""
    return f"With these settings the question cannot be answered: {fact}."


def _find_needed(question: Question, known: set[str]) -> Iterable[str]:
    """The documents and passages without which a question makes no sense."""
    match question.kind:
        case "choose" | "text" if not any(option.fits for option in question.options):
            return question.passages
        case "number":
            asked = question.where.get("document", ())
            documents = [asked] if isinstance(asked, str) else asked
            return documents if known.isdisjoint(documents) else ()
        case "person":
            quoted = question.quotation.rpartition("-q")[0]
            return [question.mention["passage"] if question.mention else quoted]
    return question.items


def _find_citable(question: Question, corpus: Corpus) -> list[str]:
    wrong = {name for mistake in question.mistakes for name in mistake.answer}
    asked = find_passages(**question.where, corpus=corpus)
    return [passage.id for passage in asked if passage.id not in wrong]


def _judge_choose(question: Question, answer: Any, corpus: Corpus) -> Verdict:
    chosen, expected = read_texts(answer), expected_answer(question, corpus)
    picked = [option for option in question.options if option.text in chosen]
    wrong = [option for option in picked if option.text not in expected]
    if not picked:
        return Verdict(False, "Nothing is chosen yet.")
    if not question.several:
        if len(picked) > 1:
            return Verdict(False, f"{len(picked)} options are chosen; choose one.")
        return Verdict(not wrong, picked[0].why)
    told = [f"“{option.text.rstrip('.')}”: {option.why}" for option in wrong or picked]
    if missing := len(expected) - (len(picked) - len(wrong)):
        told = told if wrong else ["What you chose is right, but not all."]
        told.append(f"{missing} more {'is' if missing == 1 else 'are'} right.")
    return Verdict(not wrong and not missing, " ".join(told))


def _judge_number(question: Question, answer: Any, corpus: Corpus) -> Verdict:
    number = read_number(str(answer) if isinstance(answer, int) else "".join(read_texts(answer)))
    if number is None:
        return Verdict(False, "There is no number yet; type digits, as in: 12.")
    if number == expected_answer(question, corpus):
        asked = find_passages(**question.where, corpus=corpus)
        ids = [passage.id for passage in asked]
        more = f" and {len(ids) - 10} more" if len(ids) > 10 else ""
        where = f", in {', '.join(ids[:10])}{more}" if ids else ""
        return Verdict(True, f"{number} {question.count}{where} ({asked.conditions}).")
    unknown = (
        f"{number} is not what the corpus has. Count {question.count}, and look again at the "
        "words, names and years you searched for."
    )
    return Verdict(False, explain_mistake(question, number, corpus) or unknown)


def _judge_person(question: Question, answer: Any, corpus: Corpus) -> Verdict:
    typed = "".join(read_texts(answer))
    if not typed.strip():
        return Verdict(False, "There is no name yet; type one.")
    try:
        name = resolve_person(typed, corpus)
    except (SettingError, UnknownNameError) as error:
        return Verdict(False, str(error))
    meant = find_meant(question, corpus)
    if name == expected_answer(question, corpus):
        return Verdict(True, f"{name}: {meant.reason}")
    place = meant.passage_id
    told = f"{name} is not named in {place}; look there, and in the passages before."
    if any((m.passage_id, m.person) == (place, name) for m in find_mentions(corpus)):
        role = "meant" if question.mention else "the one whose words these are"
        told = f"{name} is named in {place}, but is not {role}; read what stands around it."
    return Verdict(False, explain_mistake(question, name, corpus) or told)


def _judge_cite(question: Question, answer: Any, corpus: Corpus) -> Verdict:
    given = answer if isinstance(answer, dict) else {"passages": answer}
    cited, faults = [], []
    for name in read_passages(given.get("passages"), corpus):
        try:
            cited.append(corpus.passage(name).id)
        except UnknownNameError:
            faults.append(explain_unknown(name, corpus))
    if cited or not faults:
        faults += find_faults(question, cited, corpus)
    words = _count_words(given)
    if question.argument and words < MIN_WORDS:
        has = f"has {_count(words, 'word')}" if words else "is missing"
        faults.append(f"Your own argument {has}; write in sentences what the passages show.")
    if faults:
        return Verdict(False, "\n".join(faults))
    documents = len({name.partition("#")[0] for name in cited})
    fit = f"{_count(len(cited), 'passage')} from {_count(documents, 'document')} fit what is asked"
    more = "; whether the argument holds, compare for yourself" if question.argument else ""
    return Verdict(True, f"{fit}{more}.")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _count_words(given: dict[str, Any]) -> int:
    return len(" ".join(read_texts(given.get("text"))).split())


def _judge_order(question: Question, answer: Any, corpus: Corpus) -> Verdict:
    given = [item for text in read_texts(answer) for item in re.split(r"[,;\s]+", text) if item]
    expected = expected_answer(question, corpus)
    names = {item: name_item(question, item, corpus) for item in expected}
    strange = list(dict.fromkeys(item[:40] for item in given if item not in expected))[:3]
    faults = [f"“{item}” is nothing to be put in order here." for item in strange]
    faults += [f"{names[item]} has no place yet." for item in expected if item not in given]
    faults += [f"{names[i]} stands more than once." for i in expected if given.count(i) > 1]
    if faults:
        return Verdict(False, " ".join(faults))
    if given == expected:
        dated = (f"{name} ({find_item(item, corpus).date})" for item, name in names.items())
        return Verdict(True, f"{'; '.join(dated)}.")
    places = f"In the right place: {sum(map(eq, given, expected))} of {len(expected)}."
    look = f"{places} Look at every date, and at what it rests on: show_card(…)."
    return Verdict(False, explain_mistake(question, given, corpus) or look)


def name_item(question: Question, item: str, corpus: Corpus) -> str:
    """Something to be put in order, called so that its name does not tell its date."""
    if question.labels:
        return f"“{question.labels[question.items.index(item)].rstrip('.')}”"
    document = find_item(item, corpus)
    title = f"“{document.title}”" if document.title else f"[untitled], {document.publication}"
    return f"{title}, {item.partition('#')[2]}" if "#" in item else title


def _judge_text(question: Question, answer: Any, corpus: Corpus) -> Verdict:  # noqa: ARG001
    given = answer if isinstance(answer, dict) else {"text": answer}
    if (words := _count_words(given)) < MIN_WORDS:
        return Verdict(False, f"Your answer has {_count(words, 'word')}; write a sentence or more.")
    ticked = read_texts(given.get("points"))
    missing = [point for point in question.points if point not in ticked]
    if question.points and not missing:
        return Verdict(True, "By your own reading your answer has every point.")
    if len(missing) == len(question.points):
        tick = ", and tick the points yours has" if missing else ""
        return Verdict(None, f"Compare it with the model answer{tick}.")
    return Verdict(None, f"By your own reading this is still missing: {' '.join(missing)}")


JUDGES: dict[str, Callable[[Question, Any, Corpus], Verdict]] = {
    "choose": _judge_choose,
    "number": _judge_number,
    "person": _judge_person,
    "cite": _judge_cite,
    "order": _judge_order,
    "text": _judge_text,
}
