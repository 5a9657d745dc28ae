"""A question about the texts, and the answer that the corpus gives to it.

What can be computed is computed from the corpus of the card, so that it stays right when an
instructor takes other documents or years.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from helpers.corpus import Corpus, Document
from helpers.errors import DataError, SettingError
from helpers.loading import course_corpus
from helpers.people import Mention, find_mentions
from helpers.roster import people_of
from helpers.search import find_passages, known_values
from helpers.speech import Quotation, find_quotations

__all__ = [
    "CONDITIONS",
    "COUNTS",
    "Mistake",
    "Option",
    "Question",
    "Side",
    "count_asked",
    "expected_answer",
    "explain_mistake",
    "find_faults",
    "find_item",
    "find_meant",
    "find_mistaken",
    "find_names",
]

Where = Mapping[str, Any]

CONDITIONS = {
    "query": "has no hit for",
    "theme": "is not marked with the theme",
    "document": "is not from",
    "speaker": "quotes no words of",
    "person": "does not name",
    "section": "does not stand under the heading",
    "years": "is not from the years",
}
COUNTS = ("passages", "documents", "hits", "quotations")


@dataclass(frozen=True, slots=True)
class Option:
    """One option to choose; where it `fits` a passage of the corpus, that makes it right."""

    text: str
    why: str
    right: bool = False
    fits: Where | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A typical wrong answer, given or computed by another way of counting, and why it is one."""

    why: str
    answer: Any = None
    count: str = ""
    where: Where = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """What at least one cited passage must show."""

    name: str
    where: Where | None = None
    passages: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question of ``data/questions/``; ``data/README.md`` says what each field means.

    `items` are the ids to put in order, `labels` what to call them; `documents` is from how many
    documents to cite. `corpus` is ``"example"`` if it is about the texts of lesson 13.
    """

    id: str
    kind: str
    level: str
    prompt: str
    hints: tuple[str, ...]
    passages: tuple[str, ...]
    model: str
    options: tuple[Option, ...] = ()
    several: bool = False
    count: str = ""
    where: Where = field(default_factory=dict)
    mention: Where | None = None
    quotation: str = ""
    at_least: int = 1
    documents: int = 1
    sides: tuple[Side, ...] = ()
    argument: bool = False
    answer: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    corpus: str = ""

    @property
    def wording(self) -> str:
        """A short checksum of what was asked: another one means that it is asked anew."""
        options = [option.text for option in self.options]
        asked = [self.kind, self.prompt, options, self.items, self.labels]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]


def count_asked(count: str, where: Where, corpus: Corpus) -> int:
    """How many passages, documents, hits or quotations (direct speech) fit.

    Quotations are those of the speaker, if the conditions name one.
    """
    found = find_passages(**where, corpus=corpus)
    ids = {passage.id for passage in found}
    if count == "hits":
        return sum(len(found.hits(passage)) for passage in found)
    if count == "documents":
        return len({passage.doc_id for passage in found})
    if count == "passages":
        return len(ids)
    asked = where.get("speaker", ())
    speakers = [asked] if isinstance(asked, str) else asked
    return sum(
        quote.kind == "speech"
        and quote.passage_id in ids
        and (not speakers or quote.speaker in speakers)
        for quote in find_quotations(corpus)
    )


def find_meant(question: Question, corpus: Corpus) -> Mention | Quotation:
    """The name or the quotation that a question about a person points at; DataError if none."""
    if not question.mention:
        for quotation in find_quotations(corpus):
            if quotation.id == question.quotation:
                return quotation
        raise DataError(f"{question.id}: there is no quotation {question.quotation!r}.")
    passage, name = question.mention["passage"], question.mention["name"]
    nth: int = question.mention.get("nth", 1)
    found = [m for m in find_mentions(corpus) if (m.passage_id, m.surface) == (passage, name)]
    if 1 <= nth <= len(found):
        return found[nth - 1]
    raise DataError(
        f"{question.id}: {name!r} stands {len(found)} times in {passage}, "
        f"and the question asks for number {nth}."
    )


def find_names(corpus: Corpus) -> list[str]:
    """Who can be asked for: the people of the corpus and whoever else is quoted in it."""
    people = [person.name for person in people_of(corpus.whole).persons]
    return list(dict.fromkeys([*people, *known_values("speaker", corpus=corpus.whole)]))


def find_item(item: str, corpus: Corpus) -> Document:
    """The document that dates something to be put in order: a document or a passage."""
    return corpus.document(corpus.passage(item).doc_id if "#" in item else item)


def _put_in_order(items: Iterable[str], corpus: Corpus) -> list[str]:
    """Items by date; a SettingError where the dates do not say which is first."""
    ordered = sorted(items, key=lambda item: find_item(item, corpus).date_earliest)
    for one, other in pairwise(ordered):
        first, last = find_item(one, corpus), find_item(other, corpus)
        if not first.date_latest or first.date_latest >= last.date_earliest:
            raise SettingError(
                f"{one} ({first.date_earliest} to {first.date_latest}) and {other} "
                f"({last.date_earliest} to {last.date_latest}) overlap in time, so their order "
                "is not certain; take one of them out."
            )
    return ordered


def expected_answer(question: Question, corpus: Corpus | None = None) -> Any:
    """The right answer in this corpus, in the form in which answers are saved.

    That is: the right options; a number; a name; ids in order; ``{"passages": […], "text": "…"}``
    for cited passages; ``{"text": "…", "points": […]}`` for a text of one's own. If the corpus
    lacks what the question is about it is an error; see `helpers.judging.explain_absence`.
    """
    corpus = corpus or course_corpus(question.corpus)
    match question.kind:
        case "choose":
            return [option.text for option in question.options if _is_right(option, corpus)]
        case "number":
            return count_asked(question.count, question.where, corpus)
        case "person":
            meant = find_meant(question, corpus)
            return meant.person if isinstance(meant, Mention) else meant.speaker
        case "order":
            return _put_in_order(question.items, corpus)
        case "cite":
            text = question.model if question.argument else ""
            return {"passages": list(question.answer), "text": text}
    return {"text": question.model, "points": list(question.points)}


def _is_right(option: Option, corpus: Corpus) -> bool:
    return option.right or (option.fits is not None and bool(_find_ids(option.fits, corpus)))


def _find_ids(where: Where, corpus: Corpus) -> set[str]:
    return {passage.id for passage in find_passages(**where, corpus=corpus)}


def find_mistaken(mistake: Mistake, corpus: Corpus) -> Any:
    """The wrong answer of a mistake, in the form in which answers are saved."""
    if mistake.count:
        return count_asked(mistake.count, mistake.where, corpus)
    return list(mistake.answer) if isinstance(mistake.answer, tuple) else mistake.answer


def explain_mistake(question: Question, answer: Any, corpus: Corpus) -> str:
    """Why an answer is wrong, if it is one of the typical mistakes; else nothing."""
    found = (m.why for m in question.mistakes if find_mistaken(m, corpus) == answer)
    return next(found, "")


def find_faults(question: Question, cited: Sequence[str], corpus: Corpus) -> list[str]:
    """What is wrong with passages cited, or missing among them, a sentence each.

    `cited` are ids of passages of this corpus, each once.
    """
    if not cited:
        return [f"No passage is cited yet; type ids such as {corpus.passages[0].id}."]
    faults, wrong = [], set[str]()
    documents = sorted({name.partition("#")[0] for name in cited})
    if len(cited) < question.at_least:
        faults.append(f"Cited so far: {len(cited)}; at least {question.at_least} are asked for.")
    if len(documents) < question.documents:
        faults.append(
            f"All you cite is from {' and '.join(documents)}; at least {question.documents} "
            "documents are asked for."
        )
    for mistake in question.mistakes:
        if mistaken := [name for name in cited if name in mistake.answer]:
            faults.append(f"{', '.join(mistaken)}: {mistake.why}")
            wrong.update(mistaken)
    for key, value in question.where.items():
        fitting = wrong | _find_ids({key: value}, corpus)
        asked = ", ".join(map(str, value)) if isinstance(value, list) else value
        faults += [f"{name} {CONDITIONS[key]} {asked}." for name in cited if name not in fitting]
    for side in question.sides:
        fitting = set(side.passages) if side.where is None else _find_ids(side.where, corpus)
        if fitting.isdisjoint(cited):
            faults.append(f"No passage you cite shows this side: {side.name}.")
    return faults
