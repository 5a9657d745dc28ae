"""Which person is meant: names in the texts resolved by rules that can be said aloud.

``data/people.toml`` says who there is (`helpers.roster`). A name is resolved by the first of
these rules that decides:

1. *full name*: the spelling belongs to one person.
2. *another name*: a surname right after some other first name or initial ("Laura Bush")
   is nobody in the file.
3. *office*: an office stands before the surname, or "administration" after it, and of the
   persons of that surname one held it at the document's date (or, failing that, ever).
4. *named before*: the person of that surname last identified by rule 1 or 3 before this place,
   in the same passage or else in the document.
5. *named in the document*: the only person of that surname so identified anywhere in it.
6. *only one known*: the only person of that surname in the file.

A name that none of them resolves is no mention; `find_unresolved` lists it. What no rule can
know stands in ``data/attributions.toml`` with its reason, and carries the rule *curated*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from helpers.corpus import Corpus, Document, Extra, Passage
from helpers.errors import DataError, UnknownNameError
from helpers.loading import course_corpus
from helpers.roster import People, fold_title, load_people, people_of
from helpers.sources import check_table, load_toml

__all__ = [
    "Explanation",
    "Mention",
    "People",
    "explain_mention",
    "find_mentions",
    "find_unresolved",
    "load_people",
]

WORD_BEFORE = re.compile(r"(?:^|(?<=[\s(“\"‘«—–-]))([^\W\d_][\w’'-]*\.?)\s+$")
PLACE_BEFORE = re.compile(r"\b(?:in|at|near|outside)\s+\S+\s+$", re.IGNORECASE)
ADMINISTRATION = re.compile(r"(?:\s+and\s+\w+)?\s+administrations?\b", re.IGNORECASE)
COMMON_WORDS = """
mr. mrs. ms. dr. prof. sir lord gen. sen. general major colonel senator acting former late a
after although an and as because before both but by did does even for from had has he her his
how however if in indeed instead it its later like meanwhile moreover nevertheless nor not now
of on once only or our said says she since so some soon still than that the their then there
these they this those though thus to today under unlike until what when where whether which
while who why will with would yesterday yet january february march april may june july august
september october november december monday tuesday wednesday thursday friday saturday sunday
"""
NO_FIRST_NAMES = frozenset(COMMON_WORDS.split())
HEADS = ("President", "Prime Minister", "Chancellor")  # whose administration it can be
CORRECTION_KEYS = {"place": str, "name": str, "nth": int, "person": str, "reason": str}


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """How a result came about: one plain sentence, and the facts it rests on."""

    sentence: str
    evidence: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join([self.sentence, *(f"- {fact}" for fact in self.evidence)])


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a person is named, and the rule that decided who it is.

    `place` is a passage's id, or ``"doc_id title"``, ``"doc_id dek"``, ``"doc_id caption"``;
    `start`, `end` are characters of its text, `byte_start`, `byte_end` bytes of the seed file.
    `surface` is the name alone, without office, title or possessive; `person` the canonical name.
    """

    doc_id: str
    place: str
    passage_id: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    surface: str
    person: str = ""
    rule: str = ""
    reason: str = ""


@lru_cache(maxsize=8)
def find_mentions(corpus: Corpus, *, people: People | None = None) -> tuple[Mention, ...]:
    """Every mention of `people` (if left out, those of `people_of`), in reading order."""
    return tuple(mention for mention in _all_names(corpus, people) if mention.person)


def find_unresolved(corpus: Corpus, *, people: People | None = None) -> tuple[Mention, ...]:
    """Names that look like a person of the file and that no rule resolves; `reason` says why."""
    return tuple(name for name in _all_names(corpus, people) if not name.person)


def explain_mention(
    place: str, name: str, *, nth: int = 1, corpus: Corpus | None = None
) -> Explanation:
    """Why a name at a place (as in `Mention`) means this person and no other.

    Of the names there that hold `name` it is the `nth`, from 1; UnknownNameError lists them.

    Examples
    --------
    >>> print(explain_mention("azizian-2003#p36", "Ivanov", nth=2).sentence)
    “Ivanov” in azizian-2003#p36 is Igor Ivanov: Igor Ivanov was the last of that surname \
identified before it, in the same passage.
    """
    corpus = corpus or course_corpus()
    here = [mention for mention in _all_names(corpus, None) if mention.place == place]
    if not here:
        corpus.passage(place)  # says so if there is no such passage
    found = [mention for mention in here if name in mention.surface]
    if not 1 <= nth <= len(found):
        names = ", ".join(mention.surface for mention in here) or "none"
        raise UnknownNameError(
            f"{name!r} stands {len(found)} times in {place}, and no. {nth} was asked for. "
            f"Names there: {names}."
        )
    mention = found[nth - 1]
    who = mention.person or "nobody whom we can name"
    facts = [
        f"rule: {mention.rule or 'none decides'}",
        f"bytes {mention.byte_start}–{mention.byte_end} of the seed file",
    ]
    for person in people_of(corpus).named(mention.surface.split()[-1]):
        if person.name != mention.person:
            offices = "; ".join(map(str, person.offices)) or "no office known"
            facts.append(f"not {person.name}: {offices}")
    sentence = f"“{mention.surface}” in {place} is {who}: {mention.reason}"
    return Explanation(sentence, tuple(facts))


@lru_cache(maxsize=8)
def _all_names(corpus: Corpus, people: People | None) -> tuple[Mention, ...]:
    """All names, resolved or not; where nothing decided, `person` is empty."""
    known = people or people_of(corpus)
    found = [name for d in corpus.documents for name in _Reader(corpus, d, known).resolve()]
    for entry in () if corpus.home else load_toml("attributions.toml").get("mention", []):
        _correct(found, entry, known)
    return tuple(found)


def _correct(names: list[Mention], entry: Mapping[str, Any], people: People) -> None:
    """Carry out a curated correction, if its place is in this corpus."""
    where = f"data/attributions.toml, mention in {entry.get('place', '?')}"
    check_table(entry, where, required=CORRECTION_KEYS)
    here = [i for i, name in enumerate(names) if name.place == entry["place"]]
    meant = [i for i in here if names[i].surface == entry["name"]]
    if here and not 1 <= entry["nth"] <= len(meant):
        raise DataError(f"{where}: {entry['name']!r} stands there {len(meant)} times.")
    if here:
        i, person = meant[entry["nth"] - 1], people[entry["person"]].name
        names[i] = replace(names[i], person=person, rule="curated", reason=entry["reason"])


class _Reader:
    """Reads one document and resolves the names in it."""

    def __init__(self, corpus: Corpus, document: Document, people: People) -> None:
        self.corpus, self.document, self.people = corpus, document, people
        parts: list[Passage | Extra] = [*document.extras, *document.passages]
        self.parts = sorted(parts, key=lambda part: part.start)

    def resolve(self) -> list[Mention]:
        """The names of the document: first those that speak for themselves, then the rest."""
        sure = [name for part in self.parts for name in self._names(part)]
        return [self._look_around(name, sure, at) for at, name in enumerate(sure)]

    def _names(self, part: Passage | Extra) -> Iterator[Mention]:
        """The names in a part, resolved where the words beside them suffice."""
        if isinstance(part, Passage):
            place = passage_id = part.id
        else:
            place, passage_id = f"{part.doc_id} {part.kind}", ""
        for found in self.people.pattern.finditer(part.text):
            places = (*found.span(), *self._bytes(part, *found.span()))
            surface = " ".join(found[0].split())
            name = Mention(part.doc_id, place, passage_id, *places, surface)
            yield self._look_beside(name, part.text[: found.start()], part.text[found.end() :])

    def _bytes(self, part: Passage | Extra, start: int, end: int) -> tuple[int, int]:
        if isinstance(part, Passage):
            return self.corpus.raw_span(part, start, end)
        source = self.corpus.source_of(part)
        return source.byte(part.start + start), source.byte(part.start + end)

    def _look_beside(self, name: Mention, before: str, after: str) -> Mention:
        """Rules 1 to 3, which need the name and the words beside it only."""
        if person := self.people.spelled.get(name.surface):
            reason = f"in the list of people “{name.surface}” belongs to nobody else."
            return replace(name, person=person.name, rule="full name", reason=reason)
        if other := _first_name(before, self.people):
            reason = f"“{other}” before it makes it the name of somebody else."
            return replace(name, rule="another name", reason=reason)
        for title in self._titles(name.surface, before, after):
            if decided := self._holder(name.surface, title):
                return replace(name, person=decided[0], rule="office", reason=decided[1])
        return name

    def _titles(self, surname: str, before: str, after: str) -> list[str]:
        """Offices that stand before a surname, the longest wording first, or follow from it."""
        offices = [office for person in self.people.named(surname) for office in person.offices]
        titles = sorted({title for office in offices for title in office.titles}, key=len)
        words = fold_title(before).rstrip(" ,")
        beside = [t for t in titles[::-1] if re.search(rf"\b{re.escape(fold_title(t))}s?$", words)]
        return beside + list(HEADS if ADMINISTRATION.match(after) else ())

    def _holder(self, surname: str, title: str) -> tuple[str, str] | None:
        """Who of a surname held an office at the document's date, or else ever, and the reason."""
        earliest, latest = self.document.date_earliest, self.document.date_latest
        for first, last, when in ((earliest, latest, "at the text's date"), ("", "", "once")):
            held = self.people.holders(title, earliest=first, latest=last)
            offices = {p.name: office for p, office in held if p.surname == surname}
            if len(offices) == 1:
                [(person, office)] = offices.items()
                return person, f"{person} was {office} {when}, and no other {surname} was."
        return None

    def _look_around(self, name: Mention, sure: Sequence[Mention], at: int) -> Mention:
        """Rules 4 to 6, which need the other names of the document, and the list."""
        if name.rule:
            return name
        alike = {person.name for person in self.people.named(name.surface)}
        if before := [other for other in sure[:at] if other.person in alike]:
            last = before[-1]
            where = "in the same passage" if last.place == name.place else f"in {last.place}"
            reason = f"{last.person} was the last of that surname identified before it, {where}."
            return replace(name, person=last.person, rule="named before", reason=reason)
        identified = {other.person for other in sure if other.person in alike}
        for choice, rule, reason in (
            (identified, "named in the document", "the document identifies nobody else so called."),
            (alike, "only one known", "the list of people has nobody else of that surname."),
        ):
            if len(choice) == 1:
                return replace(name, person=choice.pop(), rule=rule, reason=reason)
        either = " or ".join(sorted(alike))
        return replace(name, reason=f"it may be {either}, and nothing in the document decides.")


def _first_name(before: str, people: People) -> str:
    """The first name or initial right before a surname, if the word there can be one."""
    found = WORD_BEFORE.search(before)
    if not found or PLACE_BEFORE.search(before):
        return ""
    word, folded = found[1], fold_title(found[1])
    if word.endswith("."):
        return word if len(word) == 2 and word[0].isupper() else ""
    common = folded in NO_FIRST_NAMES or folded in people.title_words
    return word if word[0].isupper() and not word.isupper() and not common else ""
