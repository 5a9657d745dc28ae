"""The tables the program derives from the seeds: six CSV files and their description.

Names and columns are a contract with everybody who reads the files with other tools. Byte
numbers count from 0 in the raw seed file, end exclusive.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from helpers.corpus import Corpus, Evidence
from helpers.people import find_mentions
from helpers.speech import find_quotations
from helpers.themes import find_theme_marks

__all__ = ["TABLES", "Table", "build_tables", "find_stale", "write_tables"]

Row = tuple[str | int, ...]


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


def _evidence(evidence: Evidence | None, byte: Callable[[int], int]) -> Row:
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
            inside = "".join(d.id for d in documents if d.start <= edit.start + blanks < d.end)
            yield name, inside, byte(edit.start), byte(edit.end), *edit[2:]


def _quotations(corpus: Corpus) -> Iterator[Row]:
    for q in find_quotations(corpus):
        place = q.id, q.passage_id, q.byte_start, q.byte_end
        yield *place, q.text, q.kind, q.speaker, q.cue, q.certainty


def _mentions(corpus: Corpus) -> Iterator[Row]:
    for m in find_mentions(corpus):
        yield m.doc_id, m.passage_id, m.byte_start, m.byte_end, m.surface, m.person


def _theme_hits(corpus: Corpus) -> Iterator[Row]:
    for theme, marks in find_theme_marks(corpus).items():
        for passage_id, mark in marks.items():
            yield theme, passage_id, "|".join(mark.phrases)


class Table(NamedTuple):
    """A table of the contract.

    `columns` are its names; with a ``?`` the cell may be empty, with a ``!`` it is the table's
    own id. `key` is the primary key, `rows` what yields the rows.
    """

    name: str
    columns: str
    key: str
    rows: Callable[[Corpus], Iterator[Row]]


TABLES = (
    Table(
        "documents",
        "doc_id! title? authors? author_certainty author_evidence? author_evidence_start "
        "author_evidence_end publication? date? date_precision? date_earliest date_latest "
        "date_evidence? date_evidence_start date_evidence_end genre seed_file sha256 "
        "byte_start byte_end",
        "doc_id",
        _documents,
    ),
    Table(
        "passages",
        "passage_id! doc_id number section? page? byte_start byte_end text",
        "passage_id",
        _passages,
    ),
    Table(
        "edits",
        "seed_file doc_id? byte_start byte_end before? after? rule reason",
        "seed_file byte_start",
        _edits,
    ),
    Table(
        "quotations",
        "quotation_id! passage_id byte_start byte_end text kind speaker? cue? certainty?",
        "quotation_id",
        _quotations,
    ),
    Table(
        "mentions",
        "doc_id passage_id? byte_start byte_end surface person",
        "doc_id byte_start",
        _mentions,
    ),
    Table("theme_hits", "theme passage_id phrases", "theme passage_id", _theme_hits),
)
HOMES = {"doc_id": "documents", "passage_id": "passages"}  # where the ids of others lead to
IDS = {
    "doc_id": r"^[a-z0-9-]+$",
    "passage_id": r"^[a-z0-9-]+#p\d{2,}$",
    "quotation_id": r"^[a-z0-9-]+#p\d{2,}-q\d+$",
}
CHOICES = {"author_certainty": ["stated", "inferred", "unknown"], "kind": ["speech", "term"]}


def _type_of(column: str) -> dict[str, Any]:
    """What a column holds, as Frictionless says it."""
    name = column.rstrip("?!")
    if name.startswith("date_") and name.endswith("est"):
        return {"type": "date", "format": "%Y-%m-%d"}
    if name == "number" or name.endswith(("_start", "_end")):
        return {"type": "integer", "constraints": {"minimum": 0}}
    if column.endswith("?"):
        return {"type": "string"}
    constraints: dict[str, Any] = {"required": True}
    if column.endswith("!"):
        constraints |= {"pattern": IDS[name], "unique": True}
    elif name in CHOICES:
        constraints["enum"] = CHOICES[name]
    return {"type": "string", "constraints": constraints}


def build_tables(corpus: Corpus) -> dict[str, str]:
    """The content of each file of the contract, by file name.

    Returns
    -------
    dict of str to str
        Six CSV files (UTF-8, header, line feed) and ``datapackage.json``.
    """
    files = {f"{table.name}.csv": _csv(table, corpus) for table in TABLES}
    package = {
        "name": "two-tracks",
        "title": "Two Tracks: eight texts on Russia–U.S. relations, traced to their bytes",
        "resources": [_describe(table) for table in TABLES],
    }
    files["datapackage.json"] = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    return files


def _csv(table: Table, corpus: Corpus) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.rstrip("?!") for column in table.columns.split())
    writer.writerows(table.rows(corpus))
    return out.getvalue()


def _describe(table: Table) -> dict[str, Any]:
    """The Frictionless description of a table."""
    columns = {column.rstrip("?!"): _type_of(column) for column in table.columns.split()}
    foreign = [(name, home) for name, home in HOMES.items() if name in columns]
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "type": "table",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"csv": {"lineTerminator": "\n"}},
        "schema": {
            "fields": [{"name": name, **kind} for name, kind in columns.items()],
            "missingValues": [""],
            "primaryKey": table.key.split(),
            "foreignKeys": [
                {"fields": [name], "reference": {"resource": home, "fields": [name]}}
                for name, home in foreign
                if home != table.name
            ],
        },
    }


def find_stale(corpus: Corpus, folder: Path) -> list[Path]:
    """The files of the contract that are missing from `folder` or not up to date there."""
    return [path for path, _ in _changed(corpus, folder)]


def write_tables(corpus: Corpus, folder: Path) -> list[Path]:
    """Write the files of the contract into `folder`, and return those that were not up to date."""
    written = []
    for path, raw in _changed(corpus, folder):
        path.write_bytes(raw)
        written.append(path)
    return written


def _changed(corpus: Corpus, folder: Path) -> Iterator[tuple[Path, bytes]]:
    for name, content in build_tables(corpus).items():
        path, raw = folder / name, content.encode("utf-8")
        if not path.exists() or path.read_bytes() != raw:
            yield path, raw
