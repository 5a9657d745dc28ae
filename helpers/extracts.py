"""From a file of one's own to text: plain text as it is, other formats through an extractor.

The text of ``.txt`` and ``.md`` is the file's own, byte for byte. That of ``.html``, ``.pdf`` and
``.docx`` is what a library extracts (the extra ``formats``); its positions count in the extracted
text, which `Source` names together with the checksum of the file. A form feed parts two pages.
Nothing is executed and nothing fetched.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from helpers.errors import SourceError
from helpers.sources import Source

__all__ = ["FORMATS", "LIMIT", "PLAIN", "RawText", "guess_encoding", "read_rows", "read_texts"]

LIMIT = 100_000_000  # bytes of one file
PLAIN = (".txt", ".md", ".markdown")
FORMATS = (*PLAIN, ".html", ".htm", ".pdf", ".docx", ".csv")
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
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a]")
# What a damaged file makes an extractor raise, besides its own errors.
DAMAGE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
STATED = {  # where a saved page states what it is
    "title": "string((//meta[@property='og:title']/@content | //title)[1])",
    "author": "string((//meta[@name='author' or @property='article:author']/@content)[1])",
    "date": "string((//meta[@property='article:published_time' or @name='date'"
    " or @name='DC.date' or @itemprop='datePublished']/@content)[1])",
}


class RawText(NamedTuple):
    """One text of a file: its source, the file, what page or row states, the number of the row.

    `note` says what the extractor left out.
    """

    source: Source
    file: str
    stated: dict[str, str]
    row: int = 0
    note: str = ""


def read_texts(path: Path, name: str, *, encoding: str = "") -> Iterator[RawText]:
    """The texts of a file: one, or one a row of a table.

    `name` is the file's, seen from its folder; `encoding` the one its reader has named, UTF-8 if
    empty.

    Raises
    ------
    SourceError
        In one sentence, if the file is too big, empty, no text, not in that encoding, damaged,
        locked, a scan without text, or needs an extractor that is not installed.
    """
    if (size := path.stat().st_size) > LIMIT:
        raise SourceError(
            f"{name} has {size / 1e6:,.0f} MB, and one file may have {LIMIT / 1e6:,.0f}; "
            "split it into its documents."
        )
    raw, suffix = path.read_bytes(), path.suffix.lower()
    if not raw.strip():
        raise SourceError(f"{name} is empty; put its text in, or take it away.")
    checksum, stated = hashlib.sha256(raw).hexdigest(), dict[str, str]()
    if suffix == ".csv":
        for row, cells in read_rows(raw, name, encoding=encoding, needs="text"):
            if (text := cells.pop("text")).strip():
                place, how = f"{name}, row {row}", "its cell as text"
                yield RawText(Source(place, _encode(text), checksum, how), name, cells, row)
        return
    if suffix in PLAIN:
        text, how = _decode(raw, name, encoding), f"decoded from {encoding}" if encoding else ""
    else:
        read = {".pdf": _read_pdf, ".docx": _read_docx}.get(suffix, _read_html)
        text, how, stated = read(raw, name, encoding)
    if not text.strip():
        scan = "; it is probably a scan: run optical character recognition first"
        raise SourceError(f"No text can be found in {name}{scan if suffix == '.pdf' else ''}.")
    note = stated.pop("note", "")
    yield RawText(Source(name, _encode(text), checksum, how), name, stated, note=note)


def read_rows(
    raw: bytes, name: str, *, needs: str, encoding: str = ""
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV table with their numbers, as a spreadsheet counts (the header is row 1).

    Columns are folded to lower case; commas, semicolons or tabs part them. SourceError if the
    column `needs` is missing, or the table cannot be read.
    """
    text = _decode(raw, name, encoding).removeprefix("\ufeff")
    first = text.lstrip().split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    before = csv.field_size_limit(LIMIT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise SourceError(f"{name} cannot be read as a table: {error}.") from None
    finally:
        csv.field_size_limit(before)
    head = [column.strip().casefold() for column in rows[0]] if rows else []
    if needs not in head:
        raise SourceError(
            f"{name} has no column '{needs}'; its columns: {', '.join(filter(None, head))}. "
            f"Name one of them '{needs}' in the first row."
        )
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            padded = [*row, *[""] * (len(head) - len(row))]
            yield number, dict(zip(head, padded, strict=False))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _decode(raw: bytes, name: str, encoding: str) -> str:
    """The text of bytes that ought to be text; else what they look like."""
    kind = next((what for mark, what in MAGIC.items() if raw.startswith(mark)), "")
    likely = guess_encoding(raw)
    if kind or (not likely.startswith("utf-16") and CONTROL.search(raw[:100_000])):
        looks = f" but looks like {kind}" if kind else ""
        raise SourceError(f"{name} is no text{looks}; give it its right ending, or take it away.")
    try:
        return raw.decode(encoding or "utf-8")
    except LookupError:
        raise SourceError(f"{name}: there is no encoding {encoding!r}; write cp1252.") from None
    except UnicodeDecodeError as error:
        if likely == "utf-8":
            raise SourceError(
                f"{name} is UTF-8, but damaged at byte {error.start}; put the original back."
            ) from None
        shown = " ".join(raw[max(0, error.start - 30) : error.start + 30].decode(likely).split())
        raise SourceError(
            f"{name} is not {encoding or 'UTF-8'} (byte {error.start} cannot be read). It looks "
            f"like {likely}, in which it reads “{shown}”; save it as UTF-8, or write {likely} in "
            "the column encoding of metadata.csv."
        ) from None


def guess_encoding(raw: bytes) -> str:
    """The likely encoding of some text: ``utf-8``, ``utf-16``, or a Western or Cyrillic one.

    Examples
    --------
    >>> guess_encoding("détente".encode("cp1252")), guess_encoding("Путин".encode("koi8-r"))
    ('cp1252', 'koi8-r')
    """
    if raw[:2] in MARKS:
        return MARKS[raw[:2]]
    sample = raw[:200_000]
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


def _import(library: str, name: str) -> Any:
    logging.getLogger(library.partition(".")[0]).addHandler(logging.NullHandler())  # else it prints
    try:
        return import_module(library)
    except ImportError:
        raise SourceError(
            f"To read {name}, install what reads its format: pip install 'two-tracks[formats]'."
        ) from None


def _read_html(raw: bytes, name: str, encoding: str) -> tuple[str, str, dict[str, str]]:
    """What a page says and states; its scripts are text to the parser and go with the rest."""
    trafilatura, html = _import("trafilatura", name), _import("lxml.html", name)
    page = _decode(raw, name, encoding) if encoding else raw
    try:
        found = trafilatura.extract(page, output_format="txt", include_comments=False)
        tree = html.fromstring(page)
        stated = {key: str(tree.xpath(path)).strip() for key, path in STATED.items()}
    except (*DAMAGE, SyntaxError):
        raise SourceError(f"{name} cannot be read as HTML; save the page again.") from None
    stated["date"] = stated["date"].partition("T")[0]
    words = len(str(tree.xpath("string(//body)")).split())
    hidden = sum(len(str(node.text_content()).split()) for node in tree.xpath("//script | //style"))
    kept, all_words = len((found or "").split()), words - hidden
    if kept < 0.98 * all_words:
        stated["note"] = f"{kept} of the {all_words} words on the page were taken for its text"
    text = "\n\n".join(line for line in (found or "").split("\n") if line.strip())
    return text, f"extracted with trafilatura {version('trafilatura')}", stated


def _read_pdf(raw: bytes, name: str, _: str) -> tuple[str, str, dict[str, str]]:
    pypdf = _import("pypdf", name)
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [page.extract_text() for page in reader.pages]
    except (*DAMAGE, pypdf.errors.PyPdfError):
        raise SourceError(f"{name} cannot be read as a PDF; it may be damaged.") from None
    if locked:
        raise SourceError(f"{name} is locked by a password; save a copy without one.")
    text = "\n\f\n".join(pages).replace("\0", "") if any(map(str.strip, pages)) else ""
    return text, f"extracted with pypdf {version('pypdf')}", {}


def _read_docx(raw: bytes, name: str, _: str) -> tuple[str, str, dict[str, str]]:
    """Paragraphs and tables in order; a heading gets the mark that Markdown has for it."""
    docx = _import("docx", name)
    try:
        with ZipFile(io.BytesIO(raw)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        body = docx.Document(io.BytesIO(raw)) if size <= LIMIT else None
        lines = [_write_block(block) for block in body.iter_inner_content()] if body else []
        changed = body is not None and body.element.xpath("//w:ins//w:t | //w:del")
    except (*DAMAGE, BadZipFile, SyntaxError, docx.opc.exceptions.OpcError):
        raise SourceError(f"{name} cannot be read as a Word document; save it again.") from None
    if body is None:
        raise SourceError(f"{name} unpacks to {size / 1e6:,.0f} MB; split it.")
    if changed:
        raise SourceError(f"{name} has tracked changes; accept or reject them, and save it.")
    return (
        "\n\n".join(filter(None, lines)),
        f"extracted with python-docx {version('python-docx')}",
        {},
    )


def _write_block(block: Any) -> str:
    if hasattr(block, "rows"):
        return "\n".join(" | ".join(cell.text for cell in row.cells) for row in block.rows)
    style = (block.style.name if block.style else "") or ""
    text = str(block.text).strip()
    return f"# {text}" if text and style.startswith(("Heading", "Title")) else text
