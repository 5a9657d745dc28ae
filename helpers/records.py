"""What a student did, record by record, and what of it stands.

The order of records is that of their numbers (Lamport's: one more than the largest seen), then
of their ids, never that of clocks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "Coded", "Evidence", "Record", "Work", "keep_standing", "put_in_order"]


@dataclass(frozen=True, slots=True)
class Record:
    """One thing done: an answer, a passage collected or released, codes, an undo, a name.

    `id` is the same in every copy of the record, and of no other; `number` is larger than that of
    every record known when it was made; `time` is for people to read. ``docs/my-work.md`` says
    what `key` and `value` are for each kind.
    """

    id: str
    number: int
    time: str
    coder: str
    kind: str
    key: tuple[str, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest answer to a question; `wording` says to which wording of it."""

    value: Any
    wording: str
    right: bool | None
    time: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage collected."""

    note: str
    time: str


@dataclass(frozen=True, slots=True)
class Coded:
    """One code considered for one passage: given or not."""

    given: bool
    note: str
    time: str


def put_in_order(records: Iterable[Record]) -> tuple[Record, ...]:
    """The records in order, each once; where two have the same id the first stands."""
    known: dict[str, Record] = {}
    for record in records:
        known.setdefault(record.id, record)
    return tuple(sorted(known.values(), key=lambda record: (record.number, record.id)))


def keep_standing(records: Iterable[Record]) -> tuple[Record, ...]:
    """The records that were not taken back, each once, in order."""
    ordered = put_in_order(records)
    undone = {record.key[0] for record in ordered if record.kind == "undo"}
    return tuple(record for record in ordered if record.id not in undone)


class Work(ABC):
    """One student's work, wherever its records are."""

    __slots__ = ()

    @abstractmethod
    def standing(self) -> tuple[Record, ...]:
        """The records that were not taken back, in order."""

    def answers(self) -> dict[str, Answer]:
        """The latest answer to each question, by question id."""
        return {
            record.key[0]: Answer(
                record.value["answer"], record.value["wording"], record.value["right"], record.time
            )
            for record in self.standing()
            if record.kind == "answer"
        }

    def evidence(self) -> dict[str, Evidence]:
        """The collected passages by id, in the order in which they were collected."""
        kept: dict[str, Evidence] = {}
        for record in self.standing():
            if record.kind == "passage" and record.value["kept"]:
                kept[record.key[0]] = Evidence(record.value["note"], record.time)
            elif record.kind == "passage":
                kept.pop(record.key[0], None)
        return kept

    def codes(self, *, coder: str | None = None) -> dict[tuple[str, int, str, str], Coded]:
        """What was decided last by (coder, round, passage, code); of all coders by default."""
        found = {}
        standing = self.standing()
        for record in (record for record in standing if record.kind == "code"):
            # Codes without a coder are the owner's, who is called as in the latest record.
            passage_id, turn, by = (*record.key, standing[-1].coder)[:3]
            for code, given in record.value["codes"].items():
                if coder in (None, by):
                    coded = Coded(given, record.value["note"], record.time)
                    found[by, int(turn), passage_id, code] = coded
        return found
