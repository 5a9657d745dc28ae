"""Work on its way: one file to hand in, the same file loaded on another machine.

A file that comes from somebody else may hold anything. `read_handed_in` takes from it what is
a record of this course, says in sentences what it could not take, and never fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.errors import WorkError, nearest_names
from helpers.formats import NEWER, Batch, encode_line, encode_record, read_head, read_records
from helpers.journal import replace_file
from helpers.records import Record, Work, keep_standing
from helpers.workbook import DEEDS, Workbook, open_workbook

__all__ = ["Handed", "Told", "export_work", "load_work", "read_handed_in", "undo_last"]

MOST_BYTES = 20_000_000
MOST_LINES = 200_000
Head = tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that says what was done; it shows as itself. `path` is the file, if any."""

    sentence: str
    path: Path | None = None

    def __repr__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class Handed(Work):
    """What could be read of one file that was handed in: whose work, and each record once.

    `problems` has a sentence for each thing that could not be taken.
    """

    coder: str
    records: tuple[Record, ...]
    problems: tuple[str, ...]

    def standing(self) -> tuple[Record, ...]:
        """The records that were not taken back, in order."""
        return keep_standing(self.records)


def undo_last() -> Told:
    """Take back the last thing that was saved, and say what it was."""
    return Told(open_workbook().undo())


def export_work(path: str | Path | None = None, *, workbook: Workbook | None = None) -> Told:
    """Write one file to hand in, or to go on with on another machine.

    It holds everything done so far, except what was taken back, under the pseudonym of now.

    Parameters
    ----------
    path : str or Path, optional
        The file to write, by default ``work-<pseudonym>.jsonl`` in the working directory.
    workbook : Workbook, optional
        By default the student's own.

    Raises
    ------
    WorkError
        If the file cannot be written.
    """
    workbook = workbook or open_workbook()
    records = [record for record in workbook.standing() if record.kind in (*DEEDS, "undo")]
    if all(record.kind == "undo" for record in records):
        return Told("Nothing is saved yet, so there is nothing to hand in.")
    coder = workbook.coder
    path = Path(path or f"work-{coder}.jsonl")
    head = encode_line({"kind": "export", "coder": coder, "records": len(records)})
    lines = (encode_record(replace(record, coder=coder)) for record in records)
    try:
        replace_file(path, head + b"".join(lines))
    except OSError as error:
        raise WorkError(
            f"{path.name} could not be written ({error.strerror}); name another place, as in "
            'export_work("folder/my-file.jsonl").'
        ) from error
    return Told(f"Written to {path.name}: {_count(workbook)}. Hand in this one file.", path)


def load_work(
    path: str | Path, *, both_mine: bool = False, workbook: Workbook | None = None
) -> Told:
    """Bring back work that `export_work` wrote; to do it twice changes nothing.

    Parameters
    ----------
    path : str or Path
        The file.
    both_mine : bool, optional
        Join it with work done here under another pseudonym. Without this, a neighbour's file
        is refused: it would take the place of your own answers.
    workbook : Workbook, optional
        By default the student's own.

    Raises
    ------
    WorkError
        If nothing can be read from the file, or it is somebody else's.
    """
    workbook = workbook or open_workbook()
    path = Path(path)
    handed = _read_file(path)
    own = workbook.coder if workbook.records() else handed.coder
    if handed.coder != own and not both_mine:
        raise WorkError(
            f"{path.name} is the work of {handed.coder}, and here works {own}; nothing was loaded. "
            f"If both are yours: load_work({path.name!r}, both_mine=True)."
        )
    count = workbook.add_records(handed.records)
    workbook.rename_coder(own)
    new = f"{count:,} of {len(handed.records):,} records were new" if count else "nothing was new"
    told = f"Loaded {path.name}: {_count(handed)}; {new}. You work here as {own}."
    return Told(" ".join([told, *handed.problems]), path)


def _read_file(path: Path) -> Handed:
    try:
        with path.open("rb") as file:
            handed = read_handed_in(file.read(MOST_BYTES + 1), path.name)
    except FileNotFoundError:
        known = nearest_names(path.name, [other.name for other in path.parent.glob("*.jsonl")])
        more = f"there are: {', '.join(known[:5])}" if known else "put it beside this notebook"
        raise WorkError(f"There is no file {path.name} there; {more}.") from None
    except OSError as error:
        raise WorkError(f"{path.name} cannot be opened ({error.strerror}).") from error
    if not handed.records:
        raise WorkError(" ".join(handed.problems))
    return handed


def _count(work: Work) -> str:
    coded = {record.key[0] for record in work.standing() if record.kind == "code"}
    counts = {
        "answer": len(work.answers()),
        "collected passage": len(work.evidence()),
        "coded passage": len(coded),
    }
    shown = [f"{count:,} {what}{'s'[: count - 1]}" for what, count in counts.items() if count]
    return ", ".join(shown) or "no work"


def read_handed_in(raw: bytes, name: str) -> Handed:
    """Read a file that somebody handed in, called `name` in the sentences; this never fails.

    Examples
    --------
    >>> read_handed_in(b"Dear teacher,", "essay.jsonl").problems
    ('essay.jsonl is no file that export_work wrote; nothing in it can be read.',)
    """
    name = name if len(name) <= 80 else f"{name[:77]}…"
    if len(raw) > MOST_BYTES or raw.count(b"\n") > MOST_LINES:
        limits = f"{MOST_BYTES // 1_000_000} MB or {MOST_LINES:,} lines"
        return Handed("", (), (f"{name} was not read: it is larger than {limits}.",))
    lines = raw.split(b"\n")
    head = read_head(lines[0])
    batch = read_records(lines[1:] if head else lines, first=2 if head else 1)
    if not batch.records:
        return Handed("", (), (f"{name} {_describe_unread(batch, head)}.",))
    coder = head[0] if head else batch.records[-1].coder
    unique: dict[str, Record] = {}
    for record in batch.records:
        unique.setdefault(record.id, replace(record, coder=coder))
    problems = _find_problems(batch, len(unique), head)
    sentences = tuple(f"{name} {problem}." for problem in problems)
    return Handed(coder, tuple(unique.values()), sentences)


def _describe_unread(batch: Batch, head: Head) -> str:
    if any(reason == NEWER for _, reason in batch.unreadable):
        return f"{NEWER}; bring the course up to date to read it"
    if head and not batch.unreadable:
        return "holds no work"
    return "is no file that export_work wrote; nothing in it can be read"


def _find_problems(batch: Batch, count: int, head: Head) -> Iterator[str]:
    if not head:
        yield "does not begin as export_work begins a file; other work may be missing"
    if batch.unreadable:
        (line, reason), *others = batch.unreadable
        more = f" and {len(others):,} more" if others else ""
        yield f"has lines that cannot be read and are left out: line {line:,} {reason}{more}"
    if count < len(batch.records):
        yield f"holds {len(batch.records) - count:,} records a second time; the first ones count"
    if head and count < head[1]:
        yield f"holds {count:,} records of the {head[1]:,} that were written"
