"""A folder of records that many kernels write and none can spoil.

Every kernel appends to a file of its own, so that none waits for another, on a network folder
either; reading merges all files. A record is added once its line is on the disk. Nothing is
ever deleted or changed; a file in an older format is written anew, and kept as a copy.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from helpers.errors import WorkError
from helpers.formats import (
    FORMAT,
    HANDED_IN,
    LARGEST_NUMBER,
    NEWER,
    Batch,
    encode_record,
    read_records,
)
from helpers.records import Record, put_in_order

__all__ = ["Journal", "explain_failure", "replace_file"]

FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
NAME = re.compile(r"[^.].*\.jsonl")  # on some drives a Mac puts a ._file beside each file
APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
CLOSED = "cannot be opened"
FOREIGN = {HANDED_IN, NEWER, CLOSED}  # files that are not damaged, but not for this folder

Mark = tuple[int, int, int]  # inode, size, time of change


class Journal:
    """The records in the files of one folder; the first that is added creates the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, tuple[Mark, Batch]] = {}
        self._records: tuple[Record, ...] = ()
        self._trouble = ""
        self._lock = RLock()
        self._begin_file()

    def _begin_file(self) -> None:
        """Leave the file written so far as it is; what is added goes into a new one."""
        self._process, self._token = os.getpid(), secrets.token_hex(6)
        self._path = self.folder / f"work-{self._token}.jsonl"
        self._count = self._size = 0

    def records(self) -> tuple[Record, ...]:
        """All records in order, each once, those of other kernels too.

        The same object as before if nothing has changed.
        """
        with self._lock:
            if os.getpid() != self._process:  # a forked kernel leaves its parent's file alone
                self._begin_file()
            self._refresh()
            return self._records

    def problems(self) -> list[str]:
        """What is wrong with the folder or its files, one sentence each."""
        self.records()
        files = [(name, batch) for name, (_, batch) in self._files.items() if batch.unreadable]
        return [*filter(None, [self._trouble]), *(_describe(name, batch) for name, batch in files)]

    def add(self, kind: str, key: tuple[str, ...], value: Any, *, coder: str) -> None:
        """Make a record of something done now; back when it is on the disk, else WorkError."""
        with self._lock:
            last = self.records()[-1:]
            self._count += 1
            record = Record(
                id=f"{self._token}-{self._count}",
                number=min(last[0].number + 1 if last else 1, LARGEST_NUMBER),
                time=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                coder=coder,
                kind=kind,
                key=key,
                value=value,
            )
            self._append([record])

    def add_all(self, records: Iterable[Record]) -> int:
        """Save records made elsewhere; say how many were new."""
        with self._lock:
            return self._append_new(records, known=self.records())

    def _append_new(self, records: Iterable[Record], *, known: Iterable[Record]) -> int:
        ids = {record.id for record in known}
        if new := [record for record in records if record.id not in ids]:
            self._append(new)
        return len(new)

    def _append(self, records: Iterable[Record]) -> None:
        try:
            lines = b"".join(map(encode_record, records))
        except ValueError as error:
            raise WorkError(f"This was not saved: it {error}.") from None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(lines)
        except OSError as error:
            self._begin_file()  # whatever was left at the end of the old one
            raise WorkError(explain_failure(error, self.folder)) from error

    def _write(self, lines: bytes) -> None:
        """Put lines at the end of the own file, and on the disk; or leave it as it was."""
        if self._size != (self._path.stat().st_size if self._path.exists() else 0):
            self._begin_file()  # somebody else changed it, or a save was broken off
        file = os.open(self._path, APPEND, 0o600)
        try:
            written = 0
            while written < len(lines):
                written += os.write(file, lines[written:])
            os.fsync(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, self._size)
            raise
        finally:
            os.close(file)
        if not self._size:
            _sync_folder(self.folder)
        self._size += written

    def _refresh(self) -> None:
        self._trouble = ""
        try:
            names = sorted(p.name for p in self.folder.iterdir() if NAME.fullmatch(p.name))
        except FileNotFoundError:
            names = []
        except OSError as error:
            self._trouble = explain_failure(error, self.folder)
            return
        files = {name: self._read(name) for name in names}
        if files == self._files:
            return
        self._files = files
        self._records = put_in_order(r for _, batch in files.values() for r in batch.records)
        for name, (_, batch) in files.items():
            with suppress(OSError, WorkError):  # where nothing can be written it is read as it is
                if batch.unreadable:
                    _keep_copy(self.folder / name, batch)
                elif batch.oldest < FORMAT:
                    self._write_anew(self.folder / name, batch)

    def _write_anew(self, path: Path, batch: Batch) -> None:
        """Bring an older file into the current format, once; the ids of its records stay."""
        current = [other for _, other in self._files.values() if other.oldest == FORMAT]
        self._append_new(batch.records, known=[r for other in current for r in other.records])
        path.rename(f"{path}.format-{batch.oldest}-copy")

    def _read(self, name: str) -> tuple[Mark, Batch]:
        """What a file holds; read again only if it has changed."""
        before = self._files.get(name)
        try:
            with (self.folder / name).open("rb") as file:
                state = os.fstat(file.fileno())
                mark = (state.st_ino, state.st_size, state.st_mtime_ns)
                if before and mark == before[0]:
                    return before
                *lines, rest = file.read().split(b"\n")
        except OSError:
            return (0, 0, 0), Batch(unreadable=((0, CLOSED),))
        # A last line without its end counts if it is whole; else it was never said to be saved.
        batch = read_records([*lines, rest] if read_records([rest]).records else lines)
        if any(reason == HANDED_IN for _, reason in batch.unreadable):
            batch = Batch(unreadable=batch.unreadable)
        return mark, batch


def _keep_copy(path: Path, batch: Batch) -> None:
    """Keep a copy of a damaged file, as it was when that was noticed first."""
    copy = path.with_name(f"{path.name}.damaged-copy")
    if not copy.exists() and not FOREIGN & {reason for _, reason in batch.unreadable}:
        shutil.copy(path, copy)


def _describe(name: str, batch: Batch) -> str:
    (line, reason), *others = batch.unreadable
    if reason == HANDED_IN:
        return f"{name} was made to hand in and is not read here; bring it in with load_work."
    if reason == NEWER:
        return f"{name} {reason}; bring the course up to date to see what is in it."
    if reason == CLOSED:
        return f"{name} {reason}; what is in it is not shown."
    if not batch.records:
        return f"{name} is no file of this course, or damaged; take it out of the folder."
    more = f" (and {len(others)} more)" if others else ""
    return (
        f"{name} is damaged: line {line}{more} {reason}. The other {len(batch.records)} lines are "
        f"in use, and a copy is kept as {name}.damaged-copy."
    )


def explain_failure(error: OSError, folder: Path) -> str:
    """Why nothing could be saved in `folder`, and what to do about it."""
    if error.errno in FULL:
        return "The disk is full, so this was not saved; free some space and do it again."
    blocked = next((p for p in (folder, *folder.parents) if p.exists() and not p.is_dir()), None)
    if blocked:
        return f"Work cannot be kept in {folder}, as {blocked.name} is a file; rename that file."
    return (
        f"Work cannot be kept in {folder} ({error.strerror}); make the folder writable, or name "
        "another in the environment variable TWO_TRACKS_WORK."
    )


def replace_file(path: Path, raw: bytes) -> None:
    """Write a file as a whole or not at all; what was there before goes only when it is done."""
    draft = path.with_name(f".{secrets.token_hex(6)}.draft")
    try:
        with draft.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    """Put the name of a new file on the disk too, where the system can do that."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
