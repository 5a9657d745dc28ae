"""The work of a class: the files somebody put into a folder, read as the untrusted input they are.

Nothing in a file stops the others: what cannot be read or told apart is said in a sentence.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.errors import SettingError
from helpers.handing import MOST_BYTES, Handed, read_handed_in

__all__ = ["Problem", "Student", "read_folder", "tame"]

DEEPEST = 5  # folders in folders
MOST_FILES = 1_000
ARCHIVES = {".zip", ".7z", ".rar", ".gz", ".tar"}
SIGN_OF_WORK = b'"format"'  # every line of a file that export_work wrote has it


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a file, or about whose it is, that somebody should know."""

    file: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Student:
    """One student's work, put together from all the files that hold it.

    `name` is the pseudonym, with a number where several students have the same.
    """

    name: str
    files: tuple[str, ...]
    work: Handed

    @property
    def last(self) -> str:
        """When something was last done, by the clock of the student's machine."""
        return max((record.time for record in self.work.records), default="")


def read_folder(folder: Path, *, skip: Path | None = None) -> tuple[list[Student], list[Problem]]:
    """The students whose work is in a folder or the folders in it, and what was wrong.

    The folder `skip` is not looked into: that is where the tables go.

    Raises
    ------
    SettingError
        If there is no such folder, or nothing in it that was handed in.
    """
    if not folder.is_dir():
        raise SettingError(f"There is no folder {tame(str(folder))}; name the one with the files.")
    problems: list[Problem] = []
    students = _put_together(_read_files(folder, skip, problems), problems)
    problems += _tell_copied(students)
    if not students:
        found = f" What is there: {problems[0].sentence}" if problems else ""
        raise SettingError(f"No file in {tame(str(folder))} was written by export_work.{found}")
    return sorted(students, key=lambda student: student.name), problems


def tame(name: str, longest: int = 120) -> str:
    """A name of somebody else's making as one line of visible characters.

    Examples
    --------
    >>> tame("a" + chr(10) + "b.jsonl")
    'a�b.jsonl'
    """
    shown = "".join(sign if sign.isprintable() else "�" for sign in name)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


# Files -------------------------------------------------------------------------------------


def _read_files(
    folder: Path, skip: Path | None, problems: list[Problem]
) -> Iterator[tuple[str, Handed]]:
    """The work in each file that holds some, under the file's name."""
    for count, (path, trouble) in enumerate(_walk(folder, skip)):
        name = tame(path.relative_to(folder).as_posix())
        if count == MOST_FILES:
            many = f"There are more than {MOST_FILES:,} files; those from {name} on were not read."
            problems.append(Problem(name, many))
            return
        work = Handed("", (), (f"{name} {trouble}.",)) if trouble else _read_file(path, name)
        problems += [Problem(name, sentence) for sentence in work.problems]
        if work.records:
            yield name, work


def _walk(folder: Path, skip: Path | None, depth: int = 0) -> Iterator[tuple[Path, str]]:
    """Whatever is in a folder, in order of name, and why it is not to be read, or nothing."""
    if depth > DEEPEST:
        yield folder, f"lies more than {DEEPEST} folders deep and was not opened"
        return
    try:
        if depth and skip and skip.exists() and folder.samefile(skip):
            return
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"cannot be opened ({error.strerror})"
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_symlink():
            yield path, "is a link to another place and was not followed"
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, skip, depth + 1)
        elif not entry.is_file(follow_symlinks=False):
            yield path, "is no file and was not opened"
        elif path.suffix.lower() in ARCHIVES:
            yield path, "is an archive; unpack it into this folder and run collect again"
        else:
            yield path, ""


def _read_file(path: Path, name: str) -> Handed:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        return Handed("", (), (f"{name} cannot be opened ({error.strerror}).",))
    if len(raw) > MOST_BYTES:
        large = f"{name} was not read: it is larger than {MOST_BYTES // 1_000_000} MB."
        return Handed("", (), (large,))
    return read_handed_in(raw if SIGN_OF_WORK in raw else b"", name)


# Students ----------------------------------------------------------------------------------


def _put_together(files: Iterable[tuple[str, Handed]], problems: list[Problem]) -> list[Student]:
    """Files with the same pseudonym and common records are one student's, others are not."""
    found: dict[str, list[Student]] = {}
    for name, work in files:
        own, others = Student(work.coder, (name,), work), []
        for student in found.get(work.coder, []):
            if _ids(student).isdisjoint(_ids(own)):
                others.append(student)
            else:
                own = _join(student, own)
        found[work.coder] = [*others, own]
    return [student for same in found.values() for student in _tell_apart(same, problems)]


def _ids(student: Student) -> set[str]:
    return {record.id for record in student.work.records}


def _join(one: Student, other: Student) -> Student:
    records = {record.id: record for record in (*one.work.records, *other.work.records)}
    work = Handed(one.work.coder, tuple(records.values()), ())
    return Student(one.name, tuple(sorted(one.files + other.files)), work)


def _tell_apart(same: Sequence[Student], problems: list[Problem]) -> Iterator[Student]:
    """The students of one pseudonym by names of their own, with a remark on what was found out."""
    for number, student in enumerate(sorted(same, key=lambda student: student.files), 1):
        name = f"{student.name} ({number})" if number > 1 else student.name
        first, files = student.files[0], ", ".join(student.files)
        if len(student.files) > 1:
            joined = f"{files} hold work of {name} in common; it was put together."
            problems.append(Problem(first, joined))
        if len(same) > 1:
            many = f"{len(same)} students with different work hand in as {student.name}"
            called = f"{many}; whoever handed in {files} is called {name} here."
            problems.append(Problem(first, called))
        yield replace(student, name=name)


def _tell_copied(students: Sequence[Student]) -> Iterator[Problem]:
    """Who has records of somebody with another name: a copy, or one student with two names."""
    first: dict[str, int] = {}
    shared = Counter(
        (first.setdefault(record.id, number), number)
        for number, student in enumerate(students)
        for record in student.work.records
    )
    for (one, other), count in shared.items():
        if one != other:
            there, here = students[one], students[other]
            yield Problem(
                here.files[0],
                f"{here.files[0]} ({here.work.coder}) holds {count:,} of the records that stand "
                f"in {there.files[0]} ({there.work.coder}): a copy, or one student with two names. "
                "Both count; if it is one student, take one file away.",
            )
