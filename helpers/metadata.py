"""What is known of a text of one's own, and from where; nothing is invented.

Four places may say it: the row of ``metadata.csv``, the front matter of the text, the page or
table that the text comes from, and (for a date) the name of the file. The earlier wins; what
none of them says stays empty. ``unknown`` empties a value that a later place would give.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from helpers.decoding import read_rows
from helpers.errors import DataError, nearest_names
from helpers.extracts import RawText

__all__ = [
    "Fact",
    "Known",
    "bound_date",
    "find_front_matter",
    "gather_facts",
    "make_id",
    "read_metadata",
]

COLUMNS = ("id", "title", "author", "date", "publication", "genre", "encoding")
SAME = {"authors": "author", "source": "publication", "filename": "file", "name": "file"}
FRONT = re.compile(r"\ufeff?---[^\S\n]*\n(.*?\n)---[^\S\n]*(?:\n|$)", re.DOTALL)
FRONT_KEY = re.compile(r"[\w-]+[^\S\n]*:.*")
FRONT_REST = re.compile(r"(?:[\s#].*|-\s.*)?")  # what goes on, a comment, an empty line
LINE = re.compile(r"^(\w+)[^\S\n]*:[^\S\n]*(\S[^\n]*?)[^\S\n]*$", re.MULTILINE)
ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
NAMED = re.compile(r"(?<!\d)(\d{4}-\d\d(?:-\d\d)?)(?!\d)(?!-\d)")
PACKED = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)([01]\d)([0-3]\d)(?!\d)")
YEAR = re.compile(r"(?<![\d-])((?:1[5-9]|20)\d\d)(?!\d|-\d\d(?![\d-]))")


class Fact(NamedTuple):
    """A value, the words that say it, a note on where, and the place in the raw text if there."""

    value: str
    words: str
    note: str
    start: int = 0
    end: int = 0
    inferred: bool = False


Known = dict[str, Fact]


def make_id(name: str) -> str:
    """The id of a document, from the name of its file without the ending.

    Examples
    --------
    >>> make_id("2014-03-18_Putin_address")
    '2014-03-18-putin-address'
    """
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name).casefold()).strip("-")


def bound_date(value: str, where: str) -> tuple[str, str, str]:
    """The precision of a date, and its earliest and latest day.

    DataError if it is no date, or one that does not exist; `where` says where it stands.

    Examples
    --------
    >>> bound_date("2016-02", "metadata.csv, row 2")
    ('month', '2016-02-01', '2016-02-29')
    >>> bound_date("2031-02-30", "metadata.csv, row 2")
    Traceback (most recent call last):
    helpers.errors.DataError: metadata.csv, row 2: there is no day 2031-02-30; correct the date, \
or leave it empty.
    """
    found = ISO.fullmatch(value)
    if not found:
        raise DataError(
            f"{where}: the date {value!r} cannot be read; write 2014-03-18, 2014-03 or 2014."
        )
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        kind = "day" if day else "month" if month else "year"
        raise DataError(
            f"{where}: there is no {kind} {value}; correct the date, or leave it empty."
        ) from None
    last_month = month or 12
    last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return "day" if day else "month" if month else "year", str(first), str(last)


def find_front_matter(text: str) -> tuple[int, Known]:
    r"""Where front matter ends (0 if there is none), and what it states.

    Examples
    --------
    >>> end, known = find_front_matter("---\ntitle: To the Duma\n---\nCitizens!")
    >>> known["title"].value, end
    ('To the Duma', 27)
    """
    front = FRONT.match(text)
    lines = front[1].split("\n") if front else []
    others = [line for line in lines if not FRONT_KEY.fullmatch(line)]
    if not front or len(others) == len(lines) or not all(map(FRONT_REST.fullmatch, others)):
        return 0, {}  # as for prose between two rules
    known = {}
    for line in LINE.finditer(text, front.start(1), front.end(1)):
        key, value = _name(line[1]), line[2].strip("[]\"'")
        if key in COLUMNS and value:
            known[key] = Fact(value, line[2], "Stated in the front matter.", *line.span(2))
    return front.end(), known


def read_metadata(path: Path, files: Iterable[str]) -> dict[str, Known]:
    """What ``metadata.csv`` says of each file, by its name within the folder.

    SourceError or DataError if the table has no column ``file``, names a file that is not there,
    or one twice.
    """
    there, found = {unicodedata.normalize("NFC", file): file for file in files}, {}
    for row, cells in read_rows(path, path.name, needs="file"):
        where = f"metadata.csv, row {row}"
        asked = unicodedata.normalize("NFC", cells["file"].strip())
        if asked not in there:
            near = nearest_names(asked, there)[:1]
            hint = f"did you mean {near[0]}?" if near else "there are no texts."
            raise DataError(f"{where}: there is no file {asked!r} in the folder; {hint}")
        if there[asked] in found:
            raise DataError(f"{where}: {asked} has a row already; keep one.")
        found[there[asked]] = _state(cells, f"Stated in {where}.")
    return found


def _name(column: str) -> str:
    return SAME.get(column.casefold(), column.casefold())


def _state(cells: Mapping[str, str], note: str) -> Known:
    values = {_name(column): value.strip() for column, value in cells.items()}
    return {key: Fact(values[key], values[key], note) for key in COLUMNS if values.get(key)}


def _read_name(file: str) -> Known:
    """The date in the name of a file; nothing else there says what it is."""
    stem = Path(file).stem
    note = "In the name of the file; the text itself may say otherwise."
    named, packed = NAMED.findall(stem), ["-".join(found) for found in PACKED.findall(stem)]
    kinds = (list(filter(_is_real, dates)) for dates in (named, packed, YEAR.findall(stem)))
    dates = next(filter(None, kinds), [])
    return {"date": Fact(dates[0], file, note, inferred=True)} if len(dates) == 1 else {}


def _is_real(value: str) -> bool:
    try:
        return bool(bound_date(value, "")) and value >= "1500"
    except DataError:
        return False


def gather_facts(raw: RawText, table: Known, front: Known) -> Known:
    """What is known of a text: `table` before `front` matter, page or row, and file name."""
    stated = _state(raw.stated, f"Stated in {raw.source.name}.")
    known = {**({} if raw.row else _read_name(raw.file)), **stated, **front, **table}
    if "title" in known and known["title"].value.casefold() == "unknown":
        known["title"] = known["title"]._replace(value="")  # nor is the heading its title
    return {key: fact for key, fact in known.items() if fact.value.casefold() != "unknown"}
