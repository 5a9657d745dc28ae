"""Who there is: persons, their spellings and offices, from ``data/people.toml``, checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from helpers.corpus import Corpus
from helpers.errors import DataError, check_name
from helpers.sources import check_table, load_toml

__all__ = [
    "Office",
    "People",
    "Person",
    "explain_no_people",
    "fold_title",
    "load_people",
    "people_of",
    "read_people",
]

FILE = "data/people.toml"
DATE = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?")
LATEST = "-99-99"  # sorts after every day of a year, and "-99" after every day of a month


@dataclass(frozen=True, slots=True)
class Office:
    """An office somebody held: wordings (the usual first), country or body, dates, source.

    `start` and `end` are ISO dates, as precise as known, and may be empty.

    Examples
    --------
    >>> office = Office(("Foreign Minister",), "Russia", "1998-09", "2004-03-09", "")
    >>> office.held("2004", "2005"), office.held("2005", "2005")
    (True, False)
    """

    titles: tuple[str, ...]
    of: str
    start: str
    end: str
    source: str

    def held(self, earliest: str, latest: str) -> bool:
        """Whether it was held on some day between two dates; an unknown date excludes none."""
        begun = not latest or self.start <= latest + LATEST
        return begun and (not self.end or self.end + LATEST >= earliest)

    def __str__(self) -> str:
        dates = f", {self.start or '?'} to {self.end or '?'}" if self.start or self.end else ""
        return f"{self.titles[0]} ({self.of}{dates})"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in the texts; `surname` is empty where nobody is called by it alone."""

    name: str
    surname: str
    spellings: tuple[str, ...]
    offices: tuple[Office, ...]


class People:
    """The persons of one file, and the ways to ask for them.

    `demonyms` are the adjectives of countries: ``{"Russian": "Russia"}``. DataError if a name
    stands there twice, or a spelling stands for two persons.
    """

    def __init__(
        self, persons: Iterable[Person], demonyms: Mapping[str, str] | None = None
    ) -> None:
        self.persons = tuple(persons)
        self.demonyms = dict(demonyms or {})
        self.spelled: dict[str, Person] = {}  # to whom alone a spelling belongs
        for person in self.persons:
            for spelling in (person.name, *dict.fromkeys(person.spellings)):
                if spelling in self.spelled:
                    raise DataError(_say_shared(spelling, self.spelled[spelling], person))
                self.spelled[spelling] = person

    def __getitem__(self, name: str) -> Person:
        by_name = {person.name: person for person in self.persons}
        return by_name[check_name("person", name, by_name)]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds every spelling and every surname as whole words, the longest first."""
        words = {*self.spelled, *(person.surname for person in self.persons)} - {""}
        longest = sorted(words, key=lambda word: (-len(word), word))
        choices = "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest)
        return re.compile(rf"(?<!\w)(?:{choices or '(?!)'})(?!\w)")

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of offices and demonyms, folded, in singular and plural."""
        titles = (title for person in self.persons for o in person.offices for title in o.titles)
        words = {fold_title(word) for name in (*titles, *self.demonyms) for word in name.split()}
        return frozenset(words | {word + "s" for word in words})

    def named(self, surname: str) -> tuple[Person, ...]:
        """All persons of a surname."""
        return tuple(person for person in self.persons if person.surname == surname)

    def holders(
        self, title: str, *, of: str = "", earliest: str = "", latest: str = ""
    ) -> tuple[tuple[Person, Office], ...]:
        """Who held an office between two dates, each with the office."""
        return tuple(
            (person, office)
            for person in self.persons
            for office in person.offices
            if fold_title(title) in map(fold_title, office.titles)
            and of in ("", office.of)
            and office.held(earliest, latest)
        )


def fold_title(title: str) -> str:
    """A title in the form in which two are compared: Defence Minister is defense minister."""
    return title.casefold().replace("defence", "defense")


@lru_cache(maxsize=1)
def load_people() -> People:
    """The people of ``data/people.toml``; DataError names an entry that cannot be.

    Examples
    --------
    >>> print(load_people()["Igor Ivanov"].offices[0])
    Foreign Minister (Russia, 1998 to 2004-03-09)
    """
    return read_people(load_toml("people.toml"))


@lru_cache(maxsize=8)
def people_of(corpus: Corpus) -> People:
    """Who there is in a corpus: in one's own those of its ``people.toml``, or nobody."""
    if corpus.home is None:
        return load_people()
    try:
        return read_people(corpus.home.people or {"person": []})
    except DataError as error:
        raise DataError(str(error).replace(FILE, f"{corpus.home.folder}/people.toml")) from None


def explain_no_people(corpus: Corpus) -> str:
    """Why nobody is named or quoted in a corpus of one's own; empty where somebody can be."""
    if corpus.home is None or corpus.home.people:
        return ""
    return (
        f"{corpus.home.folder} has no people.toml, so no names and no quotations are read in it; "
        "the course's list knows other people."
    )


def read_people(table: Mapping[str, Any]) -> People:
    """People from a table such as ``data/people.toml`` holds."""
    check_table(table, FILE, required={"person": list}, optional={"demonyms": dict})
    return People(map(_read_person, table["person"]), table.get("demonyms"))


def _read_person(entry: Mapping[str, Any]) -> Person:
    if not isinstance(entry, Mapping):
        raise DataError(f"{FILE}: a person must be a table of its own: [[person]].")
    where = f"{FILE}, {entry.get('name', '?')}"
    optional = {"surname": str, "spellings": list, "offices": list}
    check_table(entry, where, required={"name": str}, optional=optional)
    return Person(
        entry["name"],
        entry.get("surname", ""),
        tuple(entry.get("spellings", ())),
        tuple(_read_office(office, where) for office in entry.get("offices", ())),
    )


def _read_office(entry: Mapping[str, Any], where: str) -> Office:
    if not isinstance(entry, Mapping):
        raise DataError(f"{where}: an office must be a table of its own: [[person.offices]].")
    where = f"{where}, {entry.get('title', 'an office')}"
    required = dict.fromkeys(("title", "of", "from", "to", "source"), str)
    check_table(entry, where, required=required, optional={"also": list})
    start, end = entry["from"], entry["to"]
    for date in (start, end):
        if not DATE.fullmatch(date):
            raise DataError(f"{where}: {date!r} is no date; write 2004, 2004-03 or 2004-03-09.")
    if end and start > end + LATEST:
        raise DataError(f"{where}: it ends ({end}) before it begins ({start}).")
    if not entry["source"].strip():
        raise DataError(f"{where}: the source is empty; write where it can be checked.")
    return Office(
        (entry["title"], *entry.get("also", ())), entry["of"], start, end, entry["source"]
    )


def _say_shared(spelling: str, one: Person, other: Person) -> str:
    if spelling == one.name == other.name:
        return f"{FILE}: {spelling!r} has two entries; keep one."
    return (
        f"{FILE}: {spelling!r} stands for {one.name} and for {other.name}; take it out of the "
        "spellings and give both the surname, so that the rules can decide."
    )
