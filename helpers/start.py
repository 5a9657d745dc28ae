"""A working copy of the lessons: a student may change it, and a newer version keeps the change.

Whether a student changed a lesson is told by the text and kind of its cells; to run a notebook
changes its outputs and nothing of that. What was delivered is noted in ``.two-tracks.json``; a
note that is missing or damaged makes every lesson count as changed, so that nothing is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from helpers.errors import SettingError, WorkError
from helpers.journal import replace_file
from helpers.sources import find_folder

__all__ = ["start_course"]

NOTE = ".two-tracks.json"


def start_course(folder: Path, *, source: Path | None = None) -> list[str]:
    """Put the lessons into ``folder/notebooks``, or bring those there up to date.

    A lesson the student did not change is replaced by a newer one. Of a changed one the
    student's version stays beside the newer as ``NAME.yours.ipynb``. All else stays as it is.

    `source` is the folder of the lessons, by default the course's own. What was done is told in
    sentences.

    Raises
    ------
    SettingError
        If `folder` is where the course itself lies.
    WorkError
        If something cannot be read or written.
    """
    source, target = source or find_folder("notebooks"), folder / "notebooks"
    if target.resolve() == source.resolve():
        raise SettingError(f"{folder} is the course itself; name another folder for your copy.")
    try:
        target.mkdir(parents=True, exist_ok=True)
        noted = _read_note(folder)
        done: dict[str, list[str]] = {}
        for lesson in sorted(source.glob("[!.]*")):
            if lesson.is_file():
                what = _bring(lesson.read_bytes(), target / lesson.name, noted)
                done.setdefault(what, []).append(lesson.name)
        note = json.dumps({"format": 1, "lessons": noted}, indent=1, sort_keys=True)
        replace_file(folder / NOTE, f"{note}\n".encode())
    except OSError as error:
        raise WorkError(
            f"The lessons cannot be put into {folder} ({error.strerror}); name another folder."
        ) from error
    return [f"The lessons are in {target}.", *_tell(done)]


def _tell(done: dict[str, list[str]]) -> Iterator[str]:
    words = {"new": "New", "newer": "Brought up to date"}
    for what, names in sorted(done.items()):
        if what in words:
            yield f"{words[what]}: {', '.join(names)}."
        elif what:
            yield f"You changed {names[0]}; there is a newer one, and yours is now {what}."
    if not any(done):
        yield "Nothing is newer than what you have."


def _bring(raw: bytes, path: Path, noted: dict[str, dict[str, str]]) -> str:
    """Bring one lesson to its place, and note it.

    Returns what that made of it: ``new``, ``newer``, the name that yours now has, or nothing.
    """
    before, newer = noted.get(path.name, {}), _checksum_cells(raw)
    noted[path.name] = {"file": _checksum(raw), "cells": newer}
    if not path.exists():
        replace_file(path, raw)
        return "new"
    yours = _checksum_cells(path.read_bytes())
    is_changed = yours not in (newer, before.get("cells"))
    is_known = noted[path.name] == before or (yours == newer and not before)
    if is_known or (is_changed and newer == before.get("cells")):  # only outputs are newer
        return ""
    if is_changed:
        kept = path.rename(_free_name(path))
    replace_file(path, raw)
    return kept.name if is_changed else "newer"


def _free_name(path: Path) -> Path:
    names = (f"{path.stem}.yours{f'-{n}' if n > 1 else ''}{path.suffix}" for n in count(1))
    return next(path.with_name(name) for name in names if not path.with_name(name).exists())


def _checksum(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _checksum_cells(raw: bytes) -> str:
    """The checksum of a notebook's cells without outputs; of all of it if it is no notebook."""
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(raw)["cells"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return _checksum(raw)
    return _checksum(json.dumps(cells).encode())


def _read_note(folder: Path) -> dict[str, dict[str, str]]:
    """What was delivered last, by lesson; nothing if there is no note or it cannot be read."""
    try:
        lessons = json.loads((folder / NOTE).read_bytes())["lessons"]
        return {name: dict(noted) for name, noted in lessons.items()}
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
