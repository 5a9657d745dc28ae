"""Records as lines: what is written is read back, and nothing else is taken for a record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.formats import (
    LONGEST_LINE,
    LONGEST_VALUE,
    UPGRADES,
    encode_line,
    encode_record,
    is_pseudonym,
    read_head,
    read_records,
)
from helpers.records import Record

WHOLE = Record(
    "3f9c-1", 7, "2025-03-01T09:30:12Z", "heron-4821", "passage", ("toy#p01",),
    {"kept": True, "note": "fits"},
)  # fmt: skip


def line_of(**changes: Any) -> bytes:
    """The line of a good record with some fields changed, or left out where they are None."""
    fields = json.loads(encode_record(WHOLE)) | changes
    return json.dumps({key: value for key, value in fields.items() if value is not ...}).encode()


@given(note=st.text(), number=st.integers(1, 2**53), key=st.text("aé#-0 ", min_size=1))
def test_what_is_written_is_read(note: str, number: int, key: str) -> None:
    """A record is one line, and reading it gives the same record; only NUL goes."""
    value = {"kept": True, "note": note}
    record = Record("a-1", number, WHOLE.time, "é-1", "passage", (key,), value)
    line = encode_record(record)
    assert line.count(b"\n") == 1
    (read,) = read_records([line[:-1]]).records
    assert read.value["note"] == note.replace("\0", "")
    assert (read.number, read.key) == (number, (key,))


WRONG = {
    "is no JSON": [
        b"{",
        b"\xff\xfe",
        b"\0" * 40,
        b"[" * 50_000,
        b'{"format": NaN}',
        b"9" * 5_000,
    ],
    "is longer than 102,000 bytes": [
        b" " * LONGEST_LINE + b"{}",
    ],
    "is no record of this course": [
        b"[]",
        b'"work"',
        line_of(format="2"),
        line_of(format=True),
        line_of(format=...),
    ],
    "comes from a newer version of the course": [
        line_of(format=3, kind="dream"),
    ],
    "is the head of a file to hand in": [
        line_of(kind="export"),
    ],
    "has other fields than a record": [
        line_of(login="me"),
        line_of(time=...),
    ],
    "is of a kind this course does not know": [
        line_of(kind="dream"),
        line_of(kind=["passage"]),
    ],
    "has an id that is none": [
        line_of(id=""),
        line_of(id="../../etc"),
    ],
    "has a number out of range": [
        line_of(number=0),
        line_of(number=1.5),
        line_of(number=True),
        line_of(number=10**30),
    ],
    "has a time that is none": [
        line_of(time="yesterday"),
    ],
    "has a coder who is no pseudonym": [
        line_of(coder="<b>me</b>"),
        line_of(coder="a" * 41),
    ],
    "does not say what it is about": [
        line_of(key="toy#p01"),
        line_of(key=[]),
        line_of(key=["a", "b"]),
        line_of(key=["x" * 201]),
        line_of(key=["toy", "first"], kind="code"),
    ],
    "has a value of the wrong type": [
        line_of(value="note"),
        line_of(value={"kept": 1, "note": ""}),
    ],
    "holds characters that are no text": [
        line_of(value={"kept": True, "note": "a\0b"}),
        line_of(value={"kept": True, "note": "\ud800"}),
    ],
}


@pytest.mark.parametrize("reason", WRONG)
def test_what_is_no_record_says_why(reason: str) -> None:
    """A line that is no record of this format is named with its number and a reason."""
    expected = [(number, reason) for number, _ in enumerate(WRONG[reason], 9)]
    assert list(read_records(WRONG[reason], first=9).unreadable) == expected


def test_a_deep_answer_is_refused() -> None:
    """An answer is a list or a table of texts and no Russian doll."""
    deep: Any = "x"
    for _ in range(6):
        deep = [deep]
    answer = {"answer": deep, "wording": "", "right": None}
    batch = read_records([line_of(kind="answer", value=answer)])
    assert batch.unreadable == ((1, "has a value of the wrong type"),)


def test_line_ends_of_windows_and_empty_lines_do_no_harm() -> None:
    """A carriage return, a byte order mark and empty lines are no part of a record."""
    batch = read_records([b"\xef\xbb\xbf" + line_of() + b"\r", b"", b"\r"])
    assert batch.records == (WHOLE,)
    assert batch.unreadable == ()


@pytest.mark.parametrize("value", [float("nan"), object(), {"kept": True, "note": 1}])
def test_what_could_not_be_read_is_not_written(value: Any) -> None:
    """A value that is no JSON, or not of its kind, is refused before it is written."""
    record = Record("a-1", 1, WHOLE.time, "me", "passage", ("toy",), value)
    with pytest.raises(ValueError, match=r"is no JSON|wrong type"):
        encode_record(record)


def test_the_longest_value_can_be_read_back() -> None:
    """What is short enough to be written is short enough to be read, whoever wrote it."""
    note = "x" * (LONGEST_VALUE - 60)
    value = {"kept": True, "note": note}
    record = Record("a" * 64, 2**53, WHOLE.time, "é" * 40, "passage", ("é" * 200,), value)
    assert read_records([encode_record(record)]).unreadable == ()
    too_long = Record(
        "a-1", 1, WHOLE.time, "me", "passage", ("t",), {**value, "note": note + "é" * 30}
    )
    with pytest.raises(ValueError, match="is longer than 100,000 bytes"):
        encode_record(too_long)


@pytest.mark.parametrize(
    ("kind", "key", "value", "new_key", "new_value"),
    [
        ("answer", "q-1", ["a"], ("q-1",), {"answer": ["a"], "wording": "", "right": None}),
        ("passage", "toy#p01", "why", ("toy#p01",), {"kept": True, "note": "why"}),
        ("passage", "toy#p01", None, ("toy#p01",), {"kept": False, "note": ""}),
        ("code", "toy#p01 hope", True, ("toy#p01", "1"), {"codes": {"hope": True}, "note": ""}),
        ("undo", "3f9c-1", None, ("3f9c-1",), None),
    ],
)
def test_format_1_is_read(kind: str, key: str, value: Any, new_key: Any, new_value: Any) -> None:
    """A record of the first format becomes one of the current, under the same id."""
    batch = read_records([line_of(format=1, kind=kind, key=key, value=value)])
    assert (batch.oldest, batch.unreadable) == (1, ())
    (record,) = batch.records
    assert (record.id, record.number) == (WHOLE.id, WHOLE.number)
    assert (record.key, record.value) == (new_key, new_value)


@pytest.mark.parametrize("key", [None, 7, ["toy"], "toy#p01"])
def test_a_wrong_line_of_format_1_is_no_record(key: Any) -> None:
    """An older line is held to the same checks."""
    batch = read_records([line_of(format=1, kind="code", key=key, value="yes")])
    assert len(batch.unreadable) == 1


def test_there_is_a_way_up_from_every_format() -> None:
    """Every format before the current one has a step to the next."""
    assert sorted(UPGRADES) == [1]


@pytest.mark.parametrize("name", ["heron-4821", "Änne", "名-1", "a" * 40])
def test_a_pseudonym_has_letters_digits_and_hyphens(name: str) -> None:
    """Letters of any script will do."""
    assert is_pseudonym(name)


@pytest.mark.parametrize("name", ["", "a b", "a_b", "a\n", "a.b", "<a>", "=1", "a" * 41, None, 7])
def test_nothing_else_is_a_pseudonym(name: object) -> None:
    """No blank, no mark that means something in HTML, in a table or in a file name."""
    assert not is_pseudonym(name)


@pytest.mark.parametrize(
    "head",
    [b"", b"{", b"[]", encode_line({"kind": "export"}), line_of(),
     encode_line({"kind": "export", "coder": "a b", "records": 1}),
     encode_line({"kind": "export", "coder": "me", "records": "1"})],
)  # fmt: skip
def test_what_is_no_head(head: bytes) -> None:
    """The first line of a file to hand in names a pseudonym and a number of records."""
    assert read_head(head) is None
