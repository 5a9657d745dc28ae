"""The tables the program derives from the seeds: six CSV files and their description.

Names and columns are a contract with everybody who reads the files with other tools. Byte
numbers count from 0 in the raw seed file, end exclusive.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.corpus import Corpus, Evidence
from helpers.people import find_mentions
from helpers.speech import find_quotations
from helpers.themes import find_theme_marks

__all__ = ["TABLES", "build_tables", "write_tables"]

Row = tuple[str | int, ...]

ID = r"^[a-z0-9-]+$"
PASSAGE_ID = r"^[a-z0-9-]+#p\d{2,}$"
TEXT, COUNT = {"type": "string"}, {"type": "integer", "constraints": {"minimum": 0}}
NEEDED = {"type": "string", "constraints": {"required": True}}
DAY = {"type": "date", "format": "%Y-%m-%d"}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "constraints": {"required": True, "enum": list(values)}}


def _id(pattern: str, *, unique: bool = False) -> dict[str, Any]:
    constraints = {"required": True, "pattern": pattern, **({"unique": True} if unique else {})}
    return {"type": "string", "constraints": constraints}


def _documents(corpus: Corpus) -> Iterator[Row]:
    for document in corpus.documents:
        byte = corpus.source_of(document).byte
        yield (
            *(document.id, document.title, "; ".join(document.authors)),
            *(document.author_certainty, *_evidence(document.author_evidence, byte)),
            *(document.publication, document.date, document.date_precision),
            *(document.date_earliest, document.date_latest),
            *_evidence(document.date_evidence, byte),
            *(document.genre, document.seed_file, document.sha256),
            *(document.byte_start, document.byte_end),
        )


def _evidence(
    evidence: Evidence | None, byte: Callable[[int], int]
) -> tuple[str, int | str, int | str]:
    if evidence is None:
        return "", "", ""
    return evidence.words, byte(evidence.start), byte(evidence.end)


def _passages(corpus: Corpus) -> Iterator[Row]:
    for p in corpus.passages:
        yield p.id, p.doc_id, p.number, p.section, p.page, p.byte_start, p.byte_end, p.text


def _edits(corpus: Corpus) -> Iterator[Row]:
    for name, ledger in corpus.ledgers.items():
        byte = ledger.source.byte
        documents = [d for d in corpus.documents if d.seed_file == name]
        for edit in ledger.edits:
            blanks = 0 if edit.before.isspace() else len(edit.before) - len(edit.before.lstrip())
            inside = [d.id for d in documents if d.start <= edit.start + blanks < d.end]
            yield (
                *(name, "".join(inside), byte(edit.start), byte(edit.end)),
                *(edit.before, edit.after, edit.rule, edit.reason),
            )


def _quotations(corpus: Corpus) -> Iterator[Row]:
    for q in find_quotations(corpus):
        yield (
            *(q.id, q.passage_id, q.byte_start, q.byte_end, q.text),
            *(q.kind, q.speaker, q.cue, q.certainty),
        )


def _mentions(corpus: Corpus) -> Iterator[Row]:
    for m in find_mentions(corpus):
        if m.person:
            yield m.doc_id, m.passage_id, m.byte_start, m.byte_end, m.surface, m.person


def _theme_hits(corpus: Corpus) -> Iterator[Row]:
    for theme, marks in find_theme_marks(corpus).items():
        for passage_id, mark in marks.items():
            yield theme, passage_id, "|".join(mark.phrases)


Fields = Mapping[str, dict[str, Any]]
SPAN: Fields = {"byte_start": COUNT, "byte_end": COUNT}

# name, columns with their types, primary key, foreign keys (column, table), the rows
TABLES: tuple[
    tuple[str, Fields, list[str], dict[str, str], Callable[[Corpus], Iterator[Row]]], ...
] = (
    (
        "documents",
        {
            "doc_id": _id(ID, unique=True),
            **dict.fromkeys(("title", "authors"), TEXT),
            "author_certainty": _one_of("stated", "inferred", "unknown"),
            "author_evidence": TEXT,
            **dict.fromkeys(("author_evidence_start", "author_evidence_end"), COUNT),
            **dict.fromkeys(("publication", "date", "date_precision"), TEXT),
            **dict.fromkeys(("date_earliest", "date_latest"), DAY),
            "date_evidence": TEXT,
            **dict.fromkeys(("date_evidence_start", "date_evidence_end"), COUNT),
            **dict.fromkeys(("genre", "seed_file", "sha256"), NEEDED),
            **SPAN,
        },
        ["doc_id"],
        {},
        _documents,
    ),
    (
        "passages",
        {
            "passage_id": _id(PASSAGE_ID, unique=True),
            "doc_id": NEEDED,
            "number": COUNT,
            **dict.fromkeys(("section", "page"), TEXT),
            **SPAN,
            "text": NEEDED,
        },
        ["passage_id"],
        {"doc_id": "documents"},
        _passages,
    ),
    (
        "edits",
        {
            "seed_file": NEEDED,
            "doc_id": TEXT,
            **SPAN,
            **dict.fromkeys(("before", "after"), TEXT),
            **dict.fromkeys(("rule", "reason"), NEEDED),
        },
        ["seed_file", "byte_start"],
        {"doc_id": "documents"},
        _edits,
    ),
    (
        "quotations",
        {
            "quotation_id": _id(r"^[a-z0-9-]+#p\d{2,}-q\d+$", unique=True),
            "passage_id": NEEDED,
            **SPAN,
            "text": NEEDED,
            "kind": _one_of("speech", "term"),
            **dict.fromkeys(("speaker", "cue", "certainty"), TEXT),
        },
        ["quotation_id"],
        {"passage_id": "passages"},
        _quotations,
    ),
    (
        "mentions",
        {
            "doc_id": NEEDED,
            "passage_id": TEXT,
            **SPAN,
            **dict.fromkeys(("surface", "person"), NEEDED),
        },
        ["doc_id", "byte_start"],
        {"doc_id": "documents", "passage_id": "passages"},
        _mentions,
    ),
    (
        "theme_hits",
        dict.fromkeys(("theme", "passage_id", "phrases"), NEEDED),
        ["theme", "passage_id"],
        {"passage_id": "passages"},
        _theme_hits,
    ),
)


def build_tables(corpus: Corpus) -> dict[str, str]:
    """The content of each file of the contract, by file name.

    Parameters
    ----------
    corpus : Corpus
        What the tables are derived from.

    Returns
    -------
    dict of str to str
        Six CSV files (UTF-8, header, line feed) and ``datapackage.json``.
    """
    files = {f"{name}.csv": _csv(fields, rows(corpus)) for name, fields, _, _, rows in TABLES}
    files["datapackage.json"] = json.dumps(_describe(), indent=2, ensure_ascii=False) + "\n"
    return files


def _csv(fields: Fields, rows: Iterator[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(rows)
    return out.getvalue()


def _describe() -> dict[str, Any]:
    """The Frictionless description of the six tables."""
    return {
        "name": "two-tracks",
        "title": "Two Tracks: eight texts on Russia–U.S. relations, traced to their bytes",
        "resources": [_describe_table(*table[:4]) for table in TABLES],
    }


def _describe_table(
    name: str, fields: Fields, key: list[str], references: dict[str, str]
) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "type": "table",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"csv": {"lineTerminator": "\n"}},
        "schema": {
            "fields": [{"name": column, **kind} for column, kind in fields.items()],
            "missingValues": [""],
            "primaryKey": key,
            "foreignKeys": [
                {
                    "fields": [column],
                    "reference": {
                        "resource": table,
                        "fields": ["doc_id" if table == "documents" else "passage_id"],
                    },
                }
                for column, table in references.items()
            ],
        },
    }


def write_tables(corpus: Corpus, folder: Path) -> list[Path]:
    """Write the files of the contract into `folder`; those that are up to date are left alone.

    Returns
    -------
    list of Path
        The files that were written.
    """
    written = []
    for name, content in build_tables(corpus).items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content.encode("utf-8"):
            path.write_bytes(content.encode("utf-8"))
            written.append(path)
    return written
