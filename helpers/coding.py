"""Codes that readers gave to passages, whoever read and wherever it was written down.

A code given or not given to a passage by a student, a neighbour, the team or an AI, in the
student's own work, in a file handed in or in ``data/codes/``, is one `Coding`.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.codebook import load_codebook
from helpers.corpus import Corpus
from helpers.errors import DataError, TwoTracksError, WorkError, check_name
from helpers.handing import read_handed_in
from helpers.loading import course_corpus
from helpers.records import Coded
from helpers.sources import read_data
from helpers.workbook import open_workbook

__all__ = [
    "Coding",
    "Codings",
    "load_codes",
    "my_codes",
    "read_checked",
    "read_codes",
    "read_data_codes",
    "team_codes",
]

TEAM = ("team-1", "team-2")
UNTRAINED = "untrained"  # who had the names of the codes, and not what they mean
COLUMNS = ["coder", "round", "passage_id", "code", "given", "note"]
ROUND = re.compile(r"[1-9]")


@dataclass(frozen=True, slots=True)
class Coding:
    """One reader's word on one passage and code: given, or considered and not given."""

    coder: str
    round: int
    passage_id: str
    code: str
    given: bool
    note: str


class Codings(tuple[Coding, ...]):
    """Codes of one or more readers; ``+`` puts them together.

    `problems` says, one sentence each, what of a file could not be read.

    Examples
    --------
    >>> Codings([Coding("heron-1", 1, "toy#p01", "claims_right", True, "")])
    heron-1: 1 code on 1 passage.
    >>> Codings() + Codings()
    No codes yet.
    """

    problems: tuple[str, ...]

    def __new__(cls, codings: Iterable[Coding] = (), problems: Sequence[str] = ()) -> Codings:  # noqa: PYI034 -- this class, not one below it
        """Put them together."""
        made = super().__new__(cls, codings)
        made.problems = tuple(problems)
        return made

    def __add__(self, other: Iterable[Coding]) -> Codings:  # type: ignore[override]
        return Codings([*self, *other], [*self.problems, *getattr(other, "problems", ())])

    def __repr__(self) -> str:
        said = []
        for coder, turn in dict.fromkeys((coding.coder, coding.round) for coding in self):
            own = [c for c in self if (c.coder, c.round) == (coder, turn)]
            codes, places = len({c.code for c in own}), len({c.passage_id for c in own})
            again = f", round {turn}" if turn > 1 else ""
            said.append(
                f"{coder}{again}: {codes} code{'s'[: codes > 1]} on "
                f"{places} passage{'s'[: places > 1]}."
            )
        return "\n".join([*(said or ["No codes yet."]), *self.problems])


def my_codes() -> Codings:
    """The codes you gave with the `CodingPanel`, as they were saved in your work."""
    book = open_workbook()
    return _gather(book.codes(coder=book.coder))


def _gather(
    codes: Mapping[tuple[str, int, str, str], Coded], problems: Sequence[str] = ()
) -> Codings:
    found = (Coding(*key, coded.given, coded.note) for key, coded in codes.items())
    return Codings(found, problems)


@cache
def team_codes(*coders: str) -> Codings:
    """How the team coded the passages of the codebook: ``"team-1"``, ``"team-2"``, or both.

    ``"untrained"``, to be asked for by name, coded them from the names of the codes alone.
    All three are sessions of an AI model, and no persons: see ``data/README.md``.

    Raises
    ------
    UnknownNameError
        If nobody of the team has that name.
    DataError
        If a file says something that cannot be.
    """
    names = [check_name("coder", coder, (*TEAM, UNTRAINED)) for coder in coders] or TEAM
    codebook = load_codebook()
    return sum((read_data_codes(name, codes=codebook.codes) for name in names), Codings())


def read_data_codes(coder: str, *, codes: Iterable[str]) -> Codings:
    """The codes of one reader in ``data/codes/``, every name in them checked."""
    place, text = f"data/codes/{coder}.csv", read_data(f"codes/{coder}.csv")
    return read_checked(text, place, codes=codes, corpus=course_corpus(), coder=coder)


def read_checked(
    text: str, place: str, *, codes: Iterable[str], corpus: Corpus, coder: str = ""
) -> Codings:
    """As `read_codes`; DataError also for a code or passage that is not there, or another coder."""
    found = read_codes(text, place)
    for number, coding in enumerate(found, 2):
        try:
            check_name("coder", coding.coder, [coder or coding.coder])
            check_name("code", coding.code, codes)
            corpus.whole.passage(coding.passage_id)
        except TwoTracksError as error:
            raise DataError(f"{place}, line {number}: {error}") from None
    return found


def load_codes(path: str | Path) -> Codings:
    """The codes in a file: somebody's exported work, or a CSV file as in ``data/codes/``.

    Raises
    ------
    WorkError
        If the file cannot be opened.
    DataError
        If a CSV file says something that cannot be.
    """
    path = Path(path)
    if not path.exists():  # as when a whole course is run from another folder
        path = Path(os.environ.get("TWO_TRACKS_FILES", ""), path)
    try:
        raw = path.read_bytes()
    except OSError:
        raise WorkError(f"{path.name} cannot be opened; is it in this folder?") from None
    if path.suffix == ".csv":
        return read_codes(raw.decode("utf-8-sig", errors="replace"), path.name)
    handed = read_handed_in(raw, path.name)
    return _gather(handed.codes(), handed.problems)


def read_codes(text: str, place: str) -> Codings:
    """The codes in the text of a CSV file; `place` names it where something is wrong.

    Raises
    ------
    DataError
        If it has other columns, or a row a round, a given or a pair that cannot be.
    """
    found: dict[tuple[str, int, str, str], Coding] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        where = f"{place}, line {number}"
        if list(row) != COLUMNS or None in row.values() or row["given"] not in ("0", "1"):
            raise DataError(f"{where}: it must have {', '.join(COLUMNS)}, and given 0 or 1.")
        if not ROUND.fullmatch(row["round"]):
            raise DataError(f"{where}: 'round' must be a number from 1 to 9.")
        key = (row["coder"], int(row["round"]), row["passage_id"], row["code"])
        if key in found:
            raise DataError(f"{where}: {row['passage_id']}, {row['code']} stands twice; keep one.")
        found[key] = Coding(*key, row["given"] == "1", row["note"])
    return Codings(found.values())
