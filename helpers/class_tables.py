"""A class's work as tables that a spreadsheet can open without harm."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import isnan
from typing import Any

from helpers.agreement import measure_agreement
from helpers.counted import CountTable
from helpers.sheets import say_answer
from helpers.tallies import ClassWork, find_splits

__all__ = ["build_class_tables", "fill_blank", "measure_class", "summarize"]

# What a spreadsheet takes for a formula, in ASCII and in full width.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
LINE_END = re.compile(r"\r\n?")
RIGHT = {True: "yes", False: "no", None: ""}


def build_class_tables(work: ClassWork) -> dict[str, str]:
    """Six tables as CSV, by file name: UTF-8 with a mark for spreadsheets, cells harmless."""
    answers = [
        (g.student, g.question, say_answer(g.value), RIGHT[g.right], g.time, g.wording)
        for g in work.answers
    ]
    codes = [(c.coder, c.round, c.passage_id, c.code, int(c.given), c.note) for c in work.codings]
    measured = [(turn, measure_class(work, turn)) for turn in work.rounds]
    columns = list(measured[0][1].columns) if measured else []
    agreement = [
        (turn, code, *map(fill_blank, row), note)
        for turn, table in measured
        for (code, *row), note in zip(table.itertuples(), table.attrs["notes"], strict=True)
    ]
    split = [
        (turn, s.passage_id, s.code, s.given, s.coders, s.pairs)
        for turn in work.rounds
        for splits in find_splits(work, turn)
        for s in splits
    ]
    problems = [(problem.file, problem.sentence) for problem in work.problems]
    return {
        "answers.csv": _csv("coder question answer right time wording", answers),
        "summary.csv": _csv(
            "coder files answered rated right collected coded last", summarize(work)
        ),
        "codes.csv": _csv("coder round passage_id code given note", codes),
        "agreement.csv": _csv(" ".join(["round code", *columns, "meaning"]), agreement),
        "divided.csv": _csv("round passage_id code given coders pairs", split),
        "problems.csv": _csv("file problem", problems),
    }


def summarize(work: ClassWork) -> list[tuple[Any, ...]]:
    """One row for each student: what was answered, rated, right, collected and coded, and when."""
    coded = Counter(coder for coder, _ in {(c.coder, c.passage_id) for c in work.codings})
    rows = []
    for student in work.students:
        own = [given.right for given in work.answers if given.student == student.name]
        answered = (len(own), len(own) - own.count(None), own.count(True))
        collected = len(student.work.evidence())
        name, files = student.name, len(student.files)
        rows.append((name, files, *answered, collected, coded[name], student.last))
    return rows


def measure_class(work: ClassWork, turn: int) -> CountTable:
    """How far all coders agree in a round, as `measure_agreement` says it."""
    codes = list(dict.fromkeys(coding.code for coding in work.codings))
    return measure_agreement(work.codings, codes=codes, round=turn, corpus=work.corpus)


def fill_blank(value: Any) -> Any:
    """A number for a table; nothing where a measure has no value, and no zero below zero."""
    if not isinstance(value, float):
        return value
    return "" if isnan(value) else value + 0.0


def _csv(head: str, rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head.split())
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return f"\N{BYTE ORDER MARK}{out.getvalue()}"


def _harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; our own numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    cell = LINE_END.sub("\n", cell)  # else a bare carriage return would begin another row
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell[:1].isspace() else cell
