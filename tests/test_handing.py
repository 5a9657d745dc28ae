"""Work on its way: handed in, brought back, and what a stranger's file cannot do."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import WorkError
from helpers.formats import encode_line, encode_record
from helpers.handing import MOST_BYTES, export_work, load_work, read_handed_in, undo_last
from helpers.records import Record
from helpers.workbook import Workbook, open_workbook


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """The student's own workbook, empty, and a working directory for files to hand in."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "my-work"))
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    return open_workbook()


def fill(book: Workbook) -> None:
    """One answer, two passages of which one is released, codes, and a note taken back."""
    book.save_answer("scan-1", ["a"], wording="6f1a", right=True)
    book.save_evidence("toy#p01", note="kept")
    book.save_evidence("toy#p02")
    book.drop_evidence("toy#p02")
    book.save_codes("toy#p01", {"hope": True})
    book.save_evidence("toy#p03", note="regretted")
    book.undo()


def work_of(book: Workbook) -> tuple[object, ...]:
    return book.answers(), book.evidence(), book.codes(), book.coder


HEAD = encode_line({"kind": "export", "coder": "wren-1000", "records": 3})
RECORDS = [
    Record(
        f"other-{n}", n, "2025-03-01T09:30:12Z", "wren-1000", "passage", (f"toy#p0{n}",),
        {"kept": True, "note": ""},
    )
    for n in (1, 2, 3)
]  # fmt: skip
LINES = [encode_record(record) for record in RECORDS]


def test_nothing_to_hand_in(book: Workbook) -> None:
    """Before anything is saved no file is written, and what is shown is the same everywhere."""
    assert repr(export_work()) == "Nothing is saved yet, so there is nothing to hand in."
    assert repr(undo_last()) == "There is nothing to take back."
    assert list(Path.cwd().iterdir()) == []
    assert not book.folder.exists()


def test_work_travels(book: Workbook, tmp_path: Path) -> None:
    """What is handed in on one machine and loaded on another is the same work."""
    fill(book)
    told = export_work()
    name = f"work-{book.coder}.jsonl"
    assert repr(told) == (
        f"Written to {name}: 1 answer, 1 collected passage, 1 coded passage. Hand in this one file."
    )
    assert told.path == Path(name)
    other = Workbook(tmp_path / "other")
    shown = repr(load_work(name, workbook=other))
    assert shown == (
        f"Loaded {name}: 1 answer, 1 collected passage, 1 coded passage; 6 of 6 records were new. "
        f"You work here as {book.coder}."
    )
    assert work_of(other) == work_of(book)
    assert export_work(tmp_path / "again.jsonl", workbook=other).path == tmp_path / "again.jsonl"
    assert (tmp_path / "again.jsonl").read_bytes() == Path(name).read_bytes()


def test_a_passage_coded_in_two_rounds(book: Workbook) -> None:
    """A passage coded twice is one coded passage."""
    book.save_codes("toy#p01", {"hope": True})
    book.save_codes("toy#p01", {"hope": False}, round=2)
    assert ": 1 coded passage. Hand in" in repr(export_work())


def test_loading_twice_changes_nothing(book: Workbook, tmp_path: Path) -> None:
    """The second time nothing is new, and no file is written; on the first machine neither."""
    fill(book)
    name = str(export_work().path)
    other = Workbook(tmp_path / "other")
    load_work(name, workbook=other)
    for place in (other, book):
        before = {path: path.read_bytes() for path in place.folder.iterdir()}
        assert "; nothing was new." in repr(load_work(name, workbook=place))
        assert {path: path.read_bytes() for path in place.folder.iterdir()} == before


def test_work_goes_back_and_forth(book: Workbook, tmp_path: Path) -> None:
    """What is taken back or answered anew on the second machine is so on the first."""
    fill(book)
    other = Workbook(tmp_path / "other")
    load_work(str(export_work().path), workbook=other)
    other.undo()
    other.save_answer("scan-1", ["b"], wording="6f1a", right=False)
    load_work(str(export_work(workbook=other).path))
    assert work_of(book) == work_of(other)
    assert book.codes() == {}
    assert book.answers()["scan-1"].value == ["b"]


def test_what_was_taken_back_or_renamed_is_not_handed_in(book: Workbook) -> None:
    """A note taken back and an earlier name are not in the file, and no trace of the machine."""
    fill(book)
    earlier = book.coder
    book.rename_coder("ann")
    text = Path(str(export_work().path)).read_text(encoding="utf-8")
    assert "regretted" not in text
    assert earlier not in text
    assert str(Path.home()) not in text
    assert {json.loads(line)["coder"] for line in text.splitlines()} == {"ann"}


def test_a_neighbours_file_does_not_take_the_place_of_ones_own(book: Workbook) -> None:
    """The file of another pseudonym is refused, unless one says that both are one's own."""
    fill(book)
    Path("work-wren-1000.jsonl").write_bytes(HEAD + b"".join(LINES))
    before = work_of(book)
    with pytest.raises(WorkError, match=r"is the work of wren-1000, and here works .*both_mine"):
        load_work("work-wren-1000.jsonl")
    assert work_of(book) == before
    load_work("work-wren-1000.jsonl", both_mine=True)
    assert list(book.evidence()) == ["toy#p01", "toy#p03"]
    assert book.coder == before[-1]


def test_a_file_that_is_not_there(book: Workbook) -> None:
    """A name that was mistyped is answered with the names that exist."""
    with pytest.raises(WorkError, match=r"no file work\.jsonl there; put it beside this notebook"):
        load_work("work.jsonl")
    fill(book)
    export_work()
    with pytest.raises(WorkError, match=rf"there are: work-{book.coder}\.jsonl"):
        load_work("work.jsonl")
    with pytest.raises(WorkError, match="cannot be opened"):
        load_work("..")


def test_a_file_that_cannot_be_written(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the file and the reason; an earlier export stays as it was."""
    fill(book)
    name = Path(str(export_work().path))
    before = name.read_bytes()

    def fail(file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(WorkError, match=r"could not be written.*No space left.*another place"):
        export_work()
    assert name.read_bytes() == before
    with pytest.raises(WorkError, match="No such file or directory"):
        export_work("nowhere/work.jsonl")


def test_a_damaged_file_brings_what_is_whole(book: Workbook) -> None:
    """The good lines of a damaged file are loaded, and what is missing is said."""
    Path("work.jsonl").write_bytes(HEAD + LINES[0] + LINES[1][:-9] + b"\n" + LINES[2])
    shown = repr(load_work("work.jsonl"))
    assert "2 collected passages; 2 of 2 records were new. You work here as wren-1000." in shown
    assert "work.jsonl has lines that cannot be read and are left out: line 3 is no JSON." in shown
    assert "work.jsonl holds 2 records of the 3 that were written." in shown


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        (HEAD + b"".join(LINES), []),
        ((HEAD + b"".join(LINES)).replace(b"\n", b"\r\n"), []),
        (HEAD + b"".join(LINES)[:-1], []),
        (b"\xef\xbb\xbf" + HEAD + b"".join(LINES), []),
        (b"".join(LINES), ["does not begin as export_work begins a file; other work may be"]),
        (HEAD + b"".join(LINES) * 2, ["holds 3 records a second time; the first ones count"]),
        (HEAD + b"".join(LINES)[:-9], ["line 4 is no JSON", "holds 2 records of the 3 that"]),
        (HEAD + b"".join(LINES) + b"\0\0" + b"\n[]" * 9, ["line 5 is no JSON and 9 more"]),
        (HEAD + b"".join(LINES) + HEAD, ["line 5 is the head of a file to hand in"]),
        (
            (HEAD + b"".join(LINES)).replace(b'"passage"', b'"dream"', 1),
            ["line 2 is of a kind this course does not know", "2 records of the 3"],
        ),
    ],
    ids=["whole", "Windows", "cut", "mark", "headless", "twice", "torn", "NUL", "joined", "kind"],
)
def test_a_file_of_which_something_can_be_read(raw: bytes, problems: list[str]) -> None:
    """What is whole is taken, and each thing that is not has a sentence with the file's name."""
    handed = read_handed_in(raw, "a.jsonl")
    assert handed.coder == "wren-1000"
    assert {record.id for record in handed.records} <= {record.id for record in RECORDS}
    assert len(handed.problems) == len(problems)
    for sentence, part in zip(handed.problems, problems, strict=True):
        assert sentence.startswith("a.jsonl ")
        assert part in sentence
    assert len(handed.evidence()) == len(handed.records) >= 2
    assert (handed.answers(), handed.codes()) == ({}, {})


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "is no file that export_work wrote"),
        (b"PK\x03\x04 a ZIP archive\n\0\xff", "is no file that export_work wrote"),
        (b"[" * 100_000, "is no file that export_work wrote"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "is no file that export_work wrote"),
        (HEAD, "holds no work"),
        (HEAD.replace(b": 2,", b": 3,") + LINES[0].replace(b": 2,", b": 3,"), "newer version"),
        (b" " * (MOST_BYTES + 1), "larger than 20 MB or 200,000 lines"),
        (b"\n" * 200_001, "larger than 20 MB or 200,000 lines"),
    ],
    ids=["empty", "ZIP", "deep", "deep table", "head", "newer", "large", "long"],
)
def test_a_file_of_which_nothing_can_be_read(raw: bytes, problem: str) -> None:
    """A file that is none of ours has no coder, no records, and one sentence."""
    handed = read_handed_in(raw, "a.jsonl")
    assert (handed.coder, handed.records) == ("", ())
    (sentence,) = handed.problems
    assert problem in sentence


def test_nothing_is_loaded_from_a_file_of_which_nothing_can_be_read(book: Workbook) -> None:
    """The sentence is the error, and no folder is made."""
    Path("photo.jsonl").write_bytes(b"\x89PNG")
    with pytest.raises(WorkError, match=r"photo\.jsonl is no file that export_work wrote"):
        load_work("photo.jsonl")
    assert not book.folder.exists()


def test_whose_work_it_is_stands_in_the_head() -> None:
    """Lines under other names count as the work of the one who hands in the file."""
    lines = [LINES[0].replace(b"wren-1000", b"somebody-else"), *LINES[1:]]
    handed = read_handed_in(HEAD + b"".join(lines), "a.jsonl")
    assert {record.coder for record in handed.records} == {"wren-1000"}


def test_a_long_name_is_cut() -> None:
    """A name that goes on and on does not fill the report."""
    assert len(read_handed_in(b"", "x" * 300).problems[0]) < 160


pieces = st.sampled_from(
    [HEAD, *LINES, b"{", b'"', b"\n", b"\0", b"\xff", b"null", b"[[", b"\\u0000"]
)


@given(raw=st.one_of(st.binary(), st.lists(pieces, max_size=8).map(b"".join)))
def test_no_file_can_stop_the_reading(raw: bytes) -> None:
    """Whatever the bytes, the reading ends with records or with a sentence."""
    handed = read_handed_in(raw, "a.jsonl")
    assert handed.records or handed.problems
    assert all(sentence.endswith(".") for sentence in handed.problems)
