"""The student's saved work: answers, collected passages, codes; saved at once, never lost."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from helpers.errors import SettingError
from helpers.formats import is_pseudonym
from helpers.journal import Journal
from helpers.records import Record, Work, keep_standing
from helpers.sources import PACKAGE

__all__ = ["Workbook", "open_workbook", "work_folder"]

BIRDS = (  # noqa: SIM905 (words read better than thirty strings)
    "avocet bittern crane dipper dunlin egret finch grebe heron ibis jay kestrel knot lark "
    "linnet martin merlin ouzel pipit plover quail rail robin siskin snipe stork swift teal wren"
).split()
DEEDS = {
    "answer": "the answer to",
    "passage": "the collecting of",
    "release": "the release of",
    "code": "the codes of",
}


def work_folder() -> Path:
    """Where a student's work is kept; looking does not create it.

    The folder that ``TWO_TRACKS_WORK`` names; else ``my-work`` beside the nearest ``notebooks``
    from the working directory upwards, but never inside the installed package; else
    ``two-tracks-work`` in the home folder.
    """
    if named := os.environ.get("TWO_TRACKS_WORK"):
        return Path(named).expanduser().absolute()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and not folder.is_relative_to(PACKAGE):
            return folder / "my-work"
    return Path.home() / "two-tracks-work"


def open_workbook(folder: Path | None = None) -> Workbook:
    """The workbook of a folder, by default that of `work_folder`; one for each in a kernel."""
    return _open(Path(folder or work_folder()).absolute())


@cache
def _open(folder: Path) -> Workbook:
    return Workbook(folder)


class Workbook(Work):
    """The work saved in one folder, whichever kernels did it.

    What is read is always what stands on the disk now, and never raises; what is wrong with the
    files is in `problems`. What saves returns when it is on the disk, or raises WorkError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._journal = Journal(folder)
        self._fresh = f"{secrets.choice(BIRDS)}-{1000 + secrets.randbelow(9000)}"
        self._seen: tuple[Record, ...] = ()
        self._standing: tuple[Record, ...] = ()

    def __repr__(self) -> str:
        return "Workbook()"

    @property
    def coder(self) -> str:
        """The pseudonym of whoever works here, made at random until changed."""
        records = self.records()
        return records[-1].coder if records else self._fresh

    @property
    def problems(self) -> list[str]:
        """What is wrong with the folder or its files, one sentence each; empty if all is well."""
        return self._journal.problems()

    def records(self) -> tuple[Record, ...]:
        """Every record in order, also those that were taken back."""
        return self._journal.records()

    def standing(self) -> tuple[Record, ...]:
        """The records in order without those that were taken back."""
        records = self.records()
        if records is not self._seen:
            self._seen, self._standing = records, keep_standing(records)
        return self._standing

    def save_answer(self, question: str, value: Any, *, wording: str, right: bool | None) -> None:
        """Save an answer, any JSON, the wording it answers, and whether it is right if known."""
        self._save("answer", question, {"answer": value, "wording": wording, "right": right})

    def save_evidence(self, passage_id: str, *, note: str = "") -> None:
        """Collect a passage, or change the note on it."""
        self._save("passage", passage_id, {"kept": True, "note": note})

    def drop_evidence(self, passage_id: str) -> None:
        """Release a collected passage."""
        self._save("passage", passage_id, {"kept": False, "note": ""})

    def save_codes(
        self,
        passage_id: str,
        given: Mapping[str, bool],
        *,
        note: str = "",
        round: int = 1,  # noqa: A002 (what coders call it)
        coder: str | None = None,
    ) -> None:
        """Save all codes considered for a passage in one record, each given or not.

        `coder` is for a second reader at the same machine; by default it is `Workbook.coder`.
        """
        other = () if coder in (None, self.coder) else (str(coder),)
        value = {"codes": dict(given), "note": note}
        self._save("code", passage_id, value, str(round), *other)

    def _save(self, kind: str, about: str, value: Any, *more: str) -> None:
        self._journal.add(kind, (about, *more), value, coder=self.coder)

    def rename_coder(self, name: str) -> None:
        """Choose another pseudonym, as `is_pseudonym` has it; saved work goes by it too."""
        if not is_pseudonym(name):
            raise SettingError(
                f"{name!r} cannot be a pseudonym; use letters, digits and hyphens, at most 40."
            )
        if name != self.coder:
            self._journal.add("coder", (), None, coder=name)

    def undo(self, *, kind: str = "") -> str:
        """Take back the last action, of one kind if named, and say which it was."""
        done = [r for r in self.standing() if r.kind in DEEDS and kind in ("", r.kind)]
        if not done:
            return "There is nothing to take back."
        last = done[-1]
        self._save("undo", last.id, None)
        released = last.kind == "passage" and not last.value["kept"]
        return f"Taken back: {DEEDS['release' if released else last.kind]} {last.key[0]}."

    def add_records(self, records: Iterable[Record]) -> int:
        """Save records made elsewhere; say how many were new."""
        return self._journal.add_all(records)
