"""From bytes to text and to the rows of a table: what a file is, in which encoding it reads.

Nothing is guessed in silence: what cannot be read as it ought to is answered in one sentence.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from helpers.errors import SourceError

__all__ = ["decode", "explain_empty", "guess_encoding", "read_rows"]

CELL = 10_000_000  # characters; one quotation mark too many makes a cell of the rest of a table
HEAD = 200_000  # bytes that show what a file is
MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word document or another packed file",
    b"\xd0\xcf\x11\xe0": "an old Word document; save it as .docx",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "rich text (RTF); save it as .docx or as plain text",
}
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CONTROL = bytes([*range(9), *range(14, 27)])


def read_rows(
    path: Path, name: str, *, needs: str, encoding: str = ""
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV table with their numbers, as a spreadsheet counts (the header is row 1).

    Columns are folded to lower case; commas, semicolons or tabs part them. SourceError if the
    column `needs` is missing, or the table cannot be read.
    """
    first, lines = list[str](), _read_lines(path, name, encoding)
    while not (first and first[-1].strip()):
        if not (line := next(lines, "")):
            raise explain_empty(name)
        first.append(line if first else line.removeprefix("\ufeff"))
    mark = max(",;\t", key=first[-1].count)
    csv.field_size_limit(max(CELL, csv.field_size_limit()))  # for good: others may be reading
    rows = csv.reader(chain(first, lines), delimiter=mark, strict=True)
    try:
        numbered = ((n, row) for n, row in enumerate(rows, 1) if any(map(str.strip, row)))
        if not (top := next(numbered, None)):
            raise explain_empty(name)
        head = [column.strip().casefold() for column in top[1]]
        if head.count(needs) > 1:
            raise SourceError(f"{name} has two columns '{needs}'; give one another name.")
        if needs not in head:
            raise SourceError(
                f"{name} has no column '{needs}'; its columns: {', '.join(filter(None, head))}. "
                f"Name one of them '{needs}' in the first row."
            )
        for number, row in numbered:
            if any(map(str.strip, row[len(head) :])):
                more = "has more cells than the first row; put its text in quotation marks."
                raise SourceError(f"{name}, row {number} {more}")
            padded = [*row, *[""] * (len(head) - len(row))]
            yield number, dict(zip(head, padded, strict=False))
    except csv.Error as error:
        raise SourceError(f"{name} cannot be read as a table: {error}.") from None


def _read_lines(path: Path, name: str, encoding: str) -> Iterator[str]:
    """The lines of a text as they stand, decoded while they are read."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        _check_kind(head, name, encoding)
        file.seek(0)
        try:
            text = io.TextIOWrapper(file, encoding or "utf-8", newline="")
            while line := text.readline(CELL):
                if len(line) == CELL:
                    raise SourceError(f"{name} has a line of over {CELL:,} characters; split it.")
                yield line
        except LookupError:
            raise _explain_codec(name, encoding) from None
        except UnicodeDecodeError as error:
            offset = file.tell() - len(error.object)
            raise _explain_bytes(error, offset, head, name, encoding) from None
        except UnicodeError:
            raise _explain_other(head, name, encoding) from None


def decode(raw: bytes, name: str, encoding: str = "") -> str:
    """The text of bytes that ought to be text; else what they look like."""
    _check_kind(raw[:HEAD], name, encoding)
    try:
        return io.TextIOWrapper(io.BytesIO(raw), encoding or "utf-8", newline="").read()
    except LookupError:
        raise _explain_codec(name, encoding) from None
    except UnicodeDecodeError as error:
        raise _explain_bytes(error, 0, raw[:HEAD], name, encoding) from None
    except UnicodeError:
        raise _explain_other(raw[:HEAD], name, encoding) from None


def _check_kind(head: bytes, name: str, encoding: str) -> None:
    kind = next((what for mark, what in MAGIC.items() if head.startswith(mark)), "")
    first = head[:100_000]
    odd = len(first.translate(None, CONTROL)) < len(first)
    likely = guess_encoding(head) if odd else ""
    if kind or (odd and not likely.startswith("utf-16")):
        looks = f" but looks like {kind}" if kind else ""
        raise SourceError(f"{name} is no text{looks}; give it its right ending, or take it away.")
    if likely == "utf-16-le" and not encoding:  # its letters would be read, and what is between
        at = head.index(0)
        error = UnicodeDecodeError("utf-8", head, at, at + 1, "no text")
        raise _explain_bytes(error, 0, head, name, encoding)


def _explain_codec(name: str, encoding: str) -> SourceError:
    return SourceError(f"{name}: there is no encoding {encoding!r}; write cp1252.")


def _explain_other(head: bytes, name: str, encoding: str) -> SourceError:
    likely = guess_encoding(head)
    return SourceError(
        f"{name} is not {encoding}; it looks like {likely}: write that in the column encoding of "
        "metadata.csv."
    )


def _explain_bytes(
    error: UnicodeDecodeError, offset: int, head: bytes, name: str, encoding: str
) -> SourceError:
    """What a file that begins with `head` looks like; the bytes at fault begin at `offset`."""
    at, likely = error.start, guess_encoding(head)
    place = offset + at
    if likely == "utf-8":
        return SourceError(f"{name} is UTF-8, but damaged at byte {place}; put the original back.")
    shown = " ".join(
        error.object[max(0, at - 30) // 2 * 2 : at + 30].decode(likely, "replace").split()
    )
    other = f", or write {likely} in the column encoding of metadata.csv"
    other = "" if name.casefold() == "metadata.csv" else other
    return SourceError(
        f"{name} is not {encoding or 'UTF-8'} (byte {place} cannot be read). It looks "
        f"like {likely}, in which it reads “{shown}”; save it as UTF-8{other}."
    )


def guess_encoding(raw: bytes) -> str:
    """The likely encoding of some text: ``utf-8``, ``utf-16``, or a Western or Cyrillic one.

    Examples
    --------
    >>> guess_encoding("détente".encode("cp1252")), guess_encoding("Путин".encode("koi8-r"))
    ('cp1252', 'koi8-r')
    """
    if raw[:2] in MARKS:
        return MARKS[raw[:2]]
    sample = raw[:HEAD]
    if sample[1::2].count(0) > len(sample) / 5:
        return "utf-16-le"
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        read = sample.decode("utf-8", "replace")
        good, bad = len(re.findall("[^\x00-\x7f\ufffd]", read)), read.count("\ufffd")
        if len(sample) - error.start > 3 and good <= 3 * bad:  # not the end, nor a few bytes
            return _guess_eight_bits(sample)
    return "utf-8"


def _guess_eight_bits(raw: bytes) -> str:
    high = [byte for byte in raw if byte >= 0xC0]
    if len(high) > len(re.findall(rb"[A-Za-z]", raw)) / 2:  # no Western text has so many accents
        return "koi8-r" if sum(byte < 0xE0 for byte in high) > len(high) / 2 else "cp1251"
    try:
        raw.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def explain_empty(name: str) -> SourceError:
    """What is wrong with a file without any word."""
    return SourceError(f"{name} is empty; put its text in, or take it away.")
