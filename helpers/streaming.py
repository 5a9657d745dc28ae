"""Many texts: a folder read and cleaned a few texts at a time, here or on other machines.

What it takes of memory does not grow with the folder, but for the ids of its documents; what all
texts have in common is counted in a first pass, where an accepted rule asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from helpers.adopting import Plan, clean_text, explain_problem, make_plan
from helpers.corpus import Passage, state_document
from helpers.errors import SourceError
from helpers.extracts import RawText, is_table
from helpers.folders import (
    File,
    Folder,
    Text,
    explain_double,
    find_files,
    know_text,
    read_file,
    read_raw,
)
from helpers.furniture import Findings, Survey, survey_texts
from helpers.machines import map_in_order

__all__ = ["stream_folder"]

BATCH = 500_000  # bytes of text that are sent together
WAITING = 16_000_000  # bytes of text that are on their way at a time

Result = TypeVar("Result")
Cleaned = tuple[str, dict[str, str], tuple[Passage, ...]]


class _Batch(NamedTuple):
    """Files to be read where they are cleaned, or rows of a table; how many bytes they have."""

    size: int
    items: tuple[tuple[File, RawText | None], ...]


def stream_folder(
    folder: str | Path,
    *,
    rules: Sequence[str] | None = None,
    without: Collection[str] = (),
    on: Executor | None = None,
) -> Iterator[Cleaned]:
    """The documents of a folder one by one: id, what is known of it, its passages.

    They are those that `helpers.load_corpus` would give, in the same order, however many they are;
    a table may be larger than one text may be, because it is read row by row.

    Parameters
    ----------
    folder, rules, without
        As in `load_corpus`.
    on : Executor, optional
        Where texts are cleaned: ``ProcessPoolExecutor(2)``, or that of a Dask cluster whose
        machines see the folder under the same path. In this process if left out.

    Raises
    ------
    SourceError, DataError, UnknownNameError
        As `load_corpus`, and before the first document, if settings, a file's size or its place
        are at fault, or any file if the rules ``site_furniture`` or ``broken_word`` are accepted,
        because all texts are read for them twice. Else when the file is met.

    Examples
    --------
    >>> from helpers.sources import find_folder
    >>> documents = stream_folder(find_folder("seeds"))
    >>> name, known, passages = next(documents)
    >>> name, known["seed_file"], passages[0].id
    ('000-2909e8a8eaaf9dbb', '000_2909e8a8eaaf9dbb.txt', '000-2909e8a8eaaf9dbb#p01')
    """
    found = find_files(folder)
    if found.problems:
        raise explain_problem(found)
    plan = make_plan(found, rules=rules, without=without)
    files = {file.name for file in found.files if not is_table(file.path)}
    tables = {file.name for file in found.files} - files
    rows = {entry["seed"] for entry in plan.errata} - files
    plan.check_errata([*files, *(row for row in rows if row.rpartition(", row ")[0] in tables)])
    return _stream(found, plan, rows, on)


def _stream(folder: Folder, plan: Plan, rows: set[str], on: Executor | None) -> Iterator[Cleaned]:
    """The documents; whatever is wrong with one is said as `load_corpus` says it."""
    names: dict[str, str] = {}
    try:
        if plan.surveys:
            survey = Survey()
            for found in _map(partial(_survey, plan.accepted), folder, on):
                survey.add(found)
            plan = plan.complete(survey)
        for name, known, passages in _map(partial(_clean, plan), folder, on):
            place = known["seed_file"]
            if (other := names.setdefault(name, place)) != place:
                raise SourceError(explain_double(other, place, name))
            yield name, known, passages
        files = {file.name for file in folder.files if not is_table(file.path)}
        plan.check_errata(files | rows.intersection(names.values()))
    except SourceError as error:
        raise explain_problem(folder, str(error)) from error


def _map(
    function: Callable[[_Batch], list[Result]], folder: Folder, on: Executor | None
) -> Iterator[Result]:
    batches = _make_batches(folder.files)
    done = map_in_order(on, function, batches, weigh=lambda batch: batch.size, most=WAITING)
    with closing(done):
        for results in done:
            yield from results


def _make_batches(files: Iterable[File]) -> Iterator[_Batch]:
    """Tables are read here, row by row; a machine far away is told where the other files are."""
    items, size = list[tuple[File, RawText | None]](), 0
    for file in files:
        for row in read_raw(file) if is_table(file.path) else (None,):
            items.append((file, row))
            size += len(row.source.raw) if row else file.size
            if size >= BATCH:
                yield _Batch(size, tuple(items))
                items, size = [], 0
    yield _Batch(size, tuple(items))


def _read(batch: _Batch) -> Iterator[Text]:
    for file, row in batch.items:
        yield from [know_text(row, file.known)] if row else read_file(file)


def _survey(rules: Collection[str], batch: _Batch) -> list[Findings]:
    return [survey_texts((text.raw.source.text for text in _read(batch)), rules)]


def _clean(plan: Plan, batch: _Batch) -> list[Cleaned]:
    cleaned = ((clean_text(text, plan)[0], text.raw.source) for text in _read(batch))
    return [(d.id, state_document(d, source), d.passages) for d, source in cleaned]
