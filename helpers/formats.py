"""Records as lines of a file: how they are written, checked, and read from older formats.

A line is a JSON object and a whole record; nothing in it depends on the lines around it, so
that files can be cut, joined and compared by line. ``docs/my-work.md`` documents the format.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from helpers.records import Record

__all__ = ["Batch", "encode_line", "encode_record", "is_pseudonym", "read_head", "read_records"]

FORMAT = 2
LONGEST_VALUE = 100_000  # bytes; a text of one's own of some fifteen pages
LONGEST_LINE = LONGEST_VALUE + 2_000
LARGEST_NUMBER = 2**53
DEEPEST = 4
NEWER = "comes from a newer version of the course"
HANDED_IN = "is the head of a file to hand in"

NAME = re.compile(r".{1,200}")
ID = re.compile(r"[0-9a-z][0-9a-z-]{0,63}")
PSEUDONYM = re.compile(r"(?:[^\W_]|-){1,40}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
ROUND = re.compile(r"[1-9][0-9]?")
NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # NUL and halves of characters

# What the parts of a key must be, for each kind of record.
KEYS: dict[str, list[tuple[re.Pattern[str], ...]]] = {
    "answer": [(NAME,)],
    "passage": [(NAME,)],
    "code": [(NAME, ROUND), (NAME, ROUND, PSEUDONYM)],
    "undo": [(ID,)],
    "coder": [()],
}


@dataclass(frozen=True, slots=True)
class Batch:
    """What lines held: records, (line, reason) of what cannot be read, the oldest format."""

    records: tuple[Record, ...] = ()
    unreadable: tuple[tuple[int, str], ...] = ()
    oldest: int = FORMAT


def is_pseudonym(name: object) -> bool:
    """Whether `name` has 1 to 40 letters, digits and hyphens, and nothing else."""
    return _matches(PSEUDONYM, name)


def encode_record(record: Record) -> bytes:
    """A record as one line of a file; ValueError if it would not be read back."""
    fields = {name: getattr(record, name) for name in Record.__slots__}
    fields["value"] = _without_no_text(record.value)
    if len(encode_line({"value": fields["value"]})) > LONGEST_VALUE:
        raise ValueError(f"is longer than {LONGEST_VALUE:,} bytes")
    _check(fields)
    return encode_line(fields)


def encode_line(fields: Mapping[str, Any]) -> bytes:
    r"""Fields as one line in the current format; ValueError if they are no JSON.

    Examples
    --------
    >>> encode_line({"kind": "export"})
    b'{"format": 2, "kind": "export"}\n'
    """
    try:
        line = json.dumps({"format": FORMAT, **fields}, ensure_ascii=False, allow_nan=False)
        return f"{line}\n".encode()
    except (TypeError, ValueError, RecursionError):
        raise ValueError("is no JSON") from None


def _without_no_text(value: Any) -> Any:
    match value:
        case str():
            return NO_TEXT.sub("", value)
        case list() | tuple():
            return [_without_no_text(part) for part in value]
        case dict():
            return {_without_no_text(key): _without_no_text(part) for key, part in value.items()}
    return value


def read_records(lines: Iterable[bytes], *, first: int = 1) -> Batch:
    """Read lines, the first of which has the number `first`; empty lines are passed over.

    Examples
    --------
    >>> read_records([b'{"format": 3}'])
    Batch(records=(), unreadable=((1, 'comes from a newer version of the course'),), oldest=2)
    """
    records, unreadable, oldest = [], [], FORMAT
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            record, written = _decode(line)
        except ValueError as error:
            unreadable.append((number, str(error)))
        else:
            records.append(record)
            oldest = min(oldest, written)
    return Batch(tuple(records), tuple(unreadable), oldest)


def read_head(line: bytes) -> tuple[str, int] | None:
    """Whose work a file to hand in holds, and how many records; nothing if this is no head.

    Examples
    --------
    >>> read_head(encode_line({"kind": "export", "coder": "heron-4821", "records": 12}))
    ('heron-4821', 12)
    """
    try:
        fields, _ = _load(line)
    except ValueError:
        return None
    match fields:
        case {"kind": "export", "coder": str(coder), "records": int(count)} if is_pseudonym(coder):
            return coder, count
    return None


def _decode(line: bytes) -> tuple[Record, int]:
    """The record in a line and the format in which it is written."""
    fields, written = _load(line)
    if fields.get("kind") == "export":
        raise ValueError(HANDED_IN)
    for version in range(written, FORMAT):
        fields = UPGRADES[version](fields)
    _check(fields)
    if b"\\" in line and _without_no_text(fields) != fields:
        raise ValueError("holds characters that are no text")
    return Record(**{**fields, "key": tuple(fields["key"])}), written


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity are no JSON


DECODER = json.JSONDecoder(parse_constant=_refuse)  # to make one for each line takes long


def _load(line: bytes) -> tuple[dict[str, Any], int]:
    """The fields in a line and the format in which it is written."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"is longer than {LONGEST_LINE:,} bytes")
    try:
        fields = DECODER.decode(line.removeprefix(codecs.BOM_UTF8).decode())
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None
    written = fields.pop("format", None) if isinstance(fields, dict) else None
    if type(written) is not int or written < 1:
        raise ValueError("is no record of this course")
    if written > FORMAT:
        raise ValueError(NEWER)
    return fields, written


def _check(fields: Mapping[str, Any]) -> None:
    """Raise ValueError, with what is wrong, unless the fields are those of a record."""
    if fields.keys() != set(Record.__slots__):
        raise ValueError("has other fields than a record")
    kind, number = fields["kind"], fields["number"]
    if not isinstance(kind, str) or kind not in KEYS:
        raise ValueError("is of a kind this course does not know")
    checks = (
        (_matches(ID, fields["id"]), "has an id that is none"),
        (type(number) is int and 0 < number <= LARGEST_NUMBER, "has a number out of range"),
        (_matches(TIME, fields["time"]), "has a time that is none"),
        (is_pseudonym(fields["coder"]), "has a coder who is no pseudonym"),
        (_is_key(kind, fields["key"]), "does not say what it is about"),
        (_is_value(kind, fields["value"]), "has a value of the wrong type"),
    )
    for fine, problem in checks:
        if not fine:
            raise ValueError(problem)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_key(kind: str, key: object) -> bool:
    return isinstance(key, (list, tuple)) and any(
        len(key) == len(parts) and all(map(_matches, parts, key)) for parts in KEYS[kind]
    )


def _is_value(kind: str, value: object) -> bool:
    match kind, value:
        case "answer", {"answer": answer, "wording": str(wording), "right": bool() | None, **more}:
            return not more and len(wording) <= 200 and _is_shallow(answer)
        case "passage", {"kept": bool(), "note": str(), **more}:
            return not more
        case "code", {"codes": dict(codes), "note": str(), **more}:
            named = all(_matches(NAME, code) for code in codes)
            return not more and named and all(isinstance(given, bool) for given in codes.values())
        case "undo" | "coder", None:
            return True
    return False


def _is_shallow(value: object, depth: int = DEEPEST) -> bool:
    parts = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(parts, list):
        return True
    return depth > 0 and all(_is_shallow(part, depth - 1) for part in parts)


def _upgrade_1(fields: dict[str, Any]) -> dict[str, Any]:
    """Format 1 had bare values, one code a record, no rounds, and one string for a key."""
    key, value = fields.get("key"), fields.get("value")
    if not isinstance(key, str):
        raise ValueError("does not say what it is about")
    match fields.get("kind"):
        case "answer":
            more: dict[str, Any] = {"value": {"answer": value, "wording": "", "right": None}}
        case "passage":
            more = {"value": {"kept": value is not None, "note": value or ""}}
        case "code":
            key, _, code = key.partition(" ")
            more = {"key": [key, "1"], "value": {"codes": {code: value}, "note": ""}}
        case _:
            more = {"value": None}
    return {**fields, "key": [key], **more}


# From the format named to the next one; a record climbs them all.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _upgrade_1}
