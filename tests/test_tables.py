"""The contract's tables, checked from the files alone: six CSV files and the five seeds."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import frictionless
import pytest

from helpers.corpus import Corpus
from helpers.search import keep_documents
from helpers.sources import find_folder
from helpers.tables import TABLES, build_tables, write_tables
from helpers.themes import load_themes

Row = dict[str, str]
SPAN = "byte_start byte_end"
EVIDENCE = "{0}_evidence {0}_evidence_start {0}_evidence_end"
CONTRACT = {
    "documents": (
        f"doc_id title authors author_certainty {EVIDENCE.format('author')} publication date "
        f"date_precision date_earliest date_latest {EVIDENCE.format('date')} genre seed_file "
        f"sha256 {SPAN}"
    ),
    "passages": f"passage_id doc_id number section page {SPAN} text",
    "edits": f"seed_file doc_id {SPAN} before after rule reason",
    "quotations": f"quotation_id passage_id {SPAN} text kind speaker cue certainty",
    "mentions": f"doc_id passage_id {SPAN} surface person",
    "theme_hits": "theme passage_id phrases",
}
COUNTS = {
    "ivanov-gvosdev-2002": 7,
    "azizian-2003": 40,
    "monitor-2000": 5,
    "edm-2010": 8,
    "roadmap-2018": 18,
    "russia-turkey-2021": 16,
    "lavrov-israel-2021": 18,
    "eastern-axis-2021": 10,
}


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    """The committed tables, read as the README says."""
    found = {}
    for name in CONTRACT:
        with (find_folder("data") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file, strict=True))
    return found


@pytest.fixture(scope="module")
def seeds() -> dict[str, bytes]:
    """The raw files, byte for byte."""
    return {path.name: path.read_bytes() for path in find_folder("seeds").iterdir()}


@pytest.fixture(scope="module")
def edits(tables: dict[str, list[Row]]) -> dict[str, list[tuple[int, int, Row]]]:
    """The rows of each seed file's edits with their bytes."""
    found: dict[str, list[tuple[int, int, Row]]] = {}
    for row in tables["edits"]:
        span = int(row["byte_start"]), int(row["byte_end"])
        found.setdefault(row["seed_file"], []).append((*span, row))
    return found


def span_of(row: Row, prefix: str = "byte") -> tuple[int, int]:
    return int(row[f"{prefix}_start"]), int(row[f"{prefix}_end"])


def apply_rows(raw: bytes, start: int, end: int, rows: Iterable[tuple[int, int, Row]]) -> str:
    """The bytes from `start` up to `end` with the rows inside them carried out."""
    pieces = []
    for first, last, row in rows:
        if start <= first and last <= end:
            pieces += [raw[start:first], row["after"].encode()]
            start = last
    return b"".join([*pieces, raw[start:end]]).decode()


def undo_rows(clean: bytes, rows: Iterable[tuple[int, int, Row]]) -> bytes:
    """The raw file back from its clean text and the rows alone."""
    pieces, position, raw_position = [], 0, 0
    for first, last, row in rows:
        kept = first - raw_position
        pieces += [clean[position : position + kept], row["before"].encode()]
        position += kept + len(row["after"].encode())
        raw_position = last
    return b"".join([*pieces, clean[position:]])


def test_the_committed_tables_are_not_stale(corpus: Corpus) -> None:
    """The files in data/ are, byte for byte, what the program makes of the seeds today."""
    for name, content in build_tables(corpus).items():
        assert (find_folder("data") / name).read_bytes() == content.encode(), (
            f"data/{name} is stale; run: make data"
        )


def test_building_twice_gives_the_same(corpus: Corpus) -> None:
    """The tables do not depend on when, or from which copy of the corpus, they are made."""
    again = Corpus(corpus.documents, corpus.ledgers)
    assert build_tables(again) == build_tables(corpus)


def test_only_what_changed_is_written(corpus: Corpus, tmp_path: Path) -> None:
    """A table that is up to date is left alone; lines end with a line feed."""
    written = {path.name for path in write_tables(corpus, tmp_path)}
    assert written == {f"{name}.csv" for name in CONTRACT} | {"datapackage.json"}
    assert write_tables(corpus, tmp_path) == []
    (tmp_path / "passages.csv").write_bytes(b"")
    assert [path.name for path in write_tables(corpus, tmp_path)] == ["passages.csv"]
    assert all(b"\r" not in path.read_bytes() for path in tmp_path.iterdir())


def test_names_and_columns_are_those_of_the_contract() -> None:
    """Six files whose headers are exactly the agreed columns, in order."""
    assert [table[0] for table in TABLES] == list(CONTRACT)
    for name, columns in CONTRACT.items():
        with (find_folder("data") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == columns.split()


def test_the_package_is_described_truly() -> None:
    """Frictionless finds the description and all six tables valid, and reads every row."""
    package = frictionless.Package(str(find_folder("data") / "datapackage.json"))
    report = package.validate()
    assert report.flatten(["type", "note"]) == []
    assert [resource.path for resource in package.resources] == [f"{n}.csv" for n in CONTRACT]
    for resource in package.resources:
        assert resource.schema.field_names == CONTRACT[resource.name].split()


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("passages.csv", ",edm-2010,1,", ",edm-2011,1,", "foreign-key"),
        ("mentions.csv", "edm-2010,edm-2010#p01,", "edm-2010,edm-2010#p99,", "foreign-key"),
        ("passages.csv", "edm-2010#p02,", "edm-2010#p01,", "unique-error"),
        ("documents.csv", ",2010-05-23,", ",May 2010,", "type-error"),
        ("theme_hits.csv", "phrases\n", "phrase\n", "incorrect-label"),
    ],
)
def test_a_broken_table_would_be_noticed(
    tmp_path: Path, name: str, old: str, new: str, fault: str
) -> None:
    """The description is strict: a wrong key, value or header makes the package invalid."""
    folder = shutil.copytree(find_folder("data"), tmp_path / "data")
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_bytes(text.replace(old, new, 1).encode())
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert fault in {kind for (kind,) in report.flatten(["type"])}


def test_documents_and_passages_are_counted(tables: dict[str, list[Row]]) -> None:
    """Eight documents with 122 passages, numbered from 1 in reading order."""
    assert [row["doc_id"] for row in tables["documents"]] == list(COUNTS)
    assert Counter(row["doc_id"] for row in tables["passages"]) == COUNTS
    for doc_id, count in COUNTS.items():
        rows = [row for row in tables["passages"] if row["doc_id"] == doc_id]
        assert [int(row["number"]) for row in rows] == list(range(1, count + 1))
        assert [row["passage_id"] for row in rows] == [
            f"{doc_id}#p{number:02}" for number in range(1, count + 1)
        ]
        spans = [span_of(row) for row in rows]
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_checksums_are_those_of_the_files(
    tables: dict[str, list[Row]], seeds: dict[str, bytes]
) -> None:
    """Each document's checksum is that of the raw file it names."""
    for row in tables["documents"]:
        assert row["sha256"] == hashlib.sha256(seeds[row["seed_file"]]).hexdigest()
        start, end = span_of(row)
        assert 0 <= start < end <= len(seeds[row["seed_file"]])


def test_edits_do_not_overlap_and_fit(
    edits: dict[str, list[tuple[int, int, Row]]], seeds: dict[str, bytes]
) -> None:
    """Rows stand in order; before each is exactly what the file holds there."""
    assert set(edits) == set(seeds)
    for name, rows in edits.items():
        position = 0
        for start, end, row in rows:
            assert position <= start < end
            assert seeds[name][start:end].decode() == row["before"] != row["after"]
            assert row["rule"]
            assert row["reason"]
            position = end


def test_undoing_all_rows_gives_the_raw_bytes(
    edits: dict[str, list[tuple[int, int, Row]]], seeds: dict[str, bytes]
) -> None:
    """From the clean text and the rows alone every seed comes back, byte for byte."""
    for name, raw in seeds.items():
        clean = apply_rows(raw, 0, len(raw), edits[name]).encode()
        assert clean != raw
        assert undo_rows(clean, edits[name]) == raw


def test_a_passage_is_its_bytes_with_the_rows_inside(
    tables: dict[str, list[Row]],
    edits: dict[str, list[tuple[int, int, Row]]],
    seeds: dict[str, bytes],
) -> None:
    """For every passage the raw bytes with the edits inside them are the text."""
    files = {row["doc_id"]: row["seed_file"] for row in tables["documents"]}
    for row in tables["passages"]:
        name = files[row["doc_id"]]
        start, end = span_of(row)
        assert apply_rows(seeds[name], start, end, edits[name]) == row["text"]
        assert not any(a < start < b or a < end < b for a, b, _ in edits[name])
        assert "\n" not in row["text"]
        assert row["text"] == row["text"].strip()


def test_every_byte_is_accounted_for(
    tables: dict[str, list[Row]],
    edits: dict[str, list[tuple[int, int, Row]]],
    seeds: dict[str, bytes],
) -> None:
    """A byte that is no blank is in one row, in one passage, or in a title, by-line or heading."""
    for name, raw in seeds.items():
        documents = [row for row in tables["documents"] if row["seed_file"] == name]
        ids = {row["doc_id"] for row in documents}
        passages = [row for row in tables["passages"] if row["doc_id"] in ids]
        spans = [span_of(row) for row in passages]
        held = bytearray(len(raw))
        for start, end in spans:
            for place in range(start, end):
                held[place] += 1
        for start, end, _ in edits[name]:
            inside = any(a <= start and end <= b for a, b in spans)
            for place in range(start, end):
                held[place] += not inside
        assert max(held) == 1
        # What is left stands between passages and removed parts: one block each.
        bounds = [0, *(place for span in spans for place in span), len(raw)]
        parted = [(start, end, _parted(row)) for start, end, row in edits[name]]
        rest = [
            " ".join(block.split())
            for start, end in zip(bounds[::2], bounds[1::2], strict=True)
            for block in apply_rows(raw, start, end, parted).split("\n\n")
            if block.strip()
        ]
        # A heading set in the wrong place is a row, and so may a part of a heading be.
        rest += [row["before"] for _, _, row in edits[name] if row["rule"] == "misplaced_heading"]
        titles = [row["title"] for row in documents if row["title"]]
        headings = {row["section"].rpartition(" > ")[2] for row in passages}
        authors = [row["authors"].casefold() for row in documents if row["authors"]]
        bylines = [block for block in rest if block.casefold().removeprefix("by ") in authors]
        assert len(bylines) <= len(documents)
        expected = " ".join([*titles, *headings, *bylines])
        assert Counter(" ".join(rest).split()) == Counter(expected.split()), name


def _parted(row: Row) -> Row:
    """The row; where it removes a part, with a blank line that keeps its neighbours apart."""
    removes = row["before"].strip() and not row["after"]
    return {**row, "after": "\n\n" if removes else row["after"]}


def test_rows_belong_to_the_document_around_them(
    tables: dict[str, list[Row]], edits: dict[str, list[tuple[int, int, Row]]]
) -> None:
    """A row names the document in whose bytes its first mark stands, and none outside."""
    for name, rows in edits.items():
        documents = [row for row in tables["documents"] if row["seed_file"] == name]
        for start, _, row in rows:
            mark = start + len(row["before"]) - len(row["before"].lstrip())
            mark = start if row["before"].isspace() else mark
            inside = [d["doc_id"] for d in documents if span_of(d)[0] <= mark < span_of(d)[1]]
            assert "".join(inside) == row["doc_id"]


def test_evidence_is_what_the_file_says(
    tables: dict[str, list[Row]], seeds: dict[str, bytes]
) -> None:
    """The bytes of author and date evidence are its words; what is unknown has none."""
    for row in tables["documents"]:
        for kind in ("author", "date"):
            words = row[f"{kind}_evidence"]
            if words:
                start, end = span_of(row, f"{kind}_evidence")
                assert seeds[row["seed_file"]][start:end].decode() == words
            else:
                assert row[f"{kind}_evidence_start"] == row[f"{kind}_evidence_end"] == ""
        assert (row["author_certainty"] == "unknown") == (row["authors"] == "")
        assert row["date_earliest"] <= row["date_latest"]


def test_quotations_are_their_bytes(
    tables: dict[str, list[Row]],
    edits: dict[str, list[tuple[int, int, Row]]],
    seeds: dict[str, bytes],
) -> None:
    """The bytes of a quotation, cleaned, are its text with its marks, inside its passage."""
    files = {row["doc_id"]: row["seed_file"] for row in tables["documents"]}
    passages = {row["passage_id"]: row for row in tables["passages"]}
    assert len(tables["quotations"]) > 50
    for row in tables["quotations"]:
        passage = passages[row["passage_id"]]
        name = files[passage["doc_id"]]
        start, end = span_of(row)
        assert span_of(passage)[0] <= start < end <= span_of(passage)[1]
        assert apply_rows(seeds[name], start, end, edits[name]) == row["text"]
        assert row["text"] in passage["text"]
        assert row["quotation_id"].startswith(f"{row['passage_id']}-q")
        assert row["kind"] == "speech" or row["speaker"] == row["cue"] == row["certainty"] == ""
        assert not row["text"][0].isalnum()
        assert not row["text"][-1].isalnum()


def test_mentions_are_their_bytes(
    tables: dict[str, list[Row]],
    edits: dict[str, list[tuple[int, int, Row]]],
    seeds: dict[str, bytes],
) -> None:
    """The bytes of a mention, cleaned, are the name; each place has one person."""
    files = {row["doc_id"]: row["seed_file"] for row in tables["documents"]}
    passages = {row["passage_id"]: row for row in tables["passages"]}
    places = [(row["doc_id"], *span_of(row)) for row in tables["mentions"]]
    assert len(set(places)) == len(places) > 100
    for row in tables["mentions"]:
        name = files[row["doc_id"]]
        start, end = span_of(row)
        raw = seeds[name][start:end].decode()
        if not row["passage_id"]:
            assert " ".join(raw.split()) == row["surface"]
            continue
        assert apply_rows(seeds[name], start, end, edits[name]) == row["surface"]
        passage = passages[row["passage_id"]]
        assert passage["doc_id"] == row["doc_id"]
        assert span_of(passage)[0] <= start < end <= span_of(passage)[1]


def test_theme_hits_name_phrases_of_the_dictionary(tables: dict[str, list[Row]]) -> None:
    """Phrases are entries as written, sorted; each theme and passage stands once."""
    themes = load_themes()
    keys = [(row["theme"], row["passage_id"]) for row in tables["theme_hits"]]
    assert len(set(keys)) == len(keys)
    assert {theme for theme, _ in keys} == set(themes)
    for row in tables["theme_hits"]:
        phrases = row["phrases"].split("|")
        assert phrases == sorted(phrases)
        assert {*phrases} <= {*themes[row["theme"]].phrases}


def test_a_smaller_corpus_has_smaller_tables(corpus: Corpus) -> None:
    """The tables of some documents speak of nothing else."""
    files = build_tables(keep_documents(["monitor-2000"], corpus=corpus))
    (document,) = csv.DictReader(io.StringIO(files["documents.csv"], newline=""))
    assert document["doc_id"] == "monitor-2000"
    rows = csv.DictReader(io.StringIO(files["edits.csv"], newline=""))
    assert {row["seed_file"] for row in rows} == {document["seed_file"]}
    assert json.loads(files["datapackage.json"])["name"] == "two-tracks"
