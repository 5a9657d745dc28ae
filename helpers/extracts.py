"""From a file of one's own to text: plain text as it is, other formats through an extractor.

The text of ``.txt`` and ``.md`` is the file's own, byte for byte. That of ``.html``, ``.pdf`` and
``.docx`` is what a library extracts (the extra ``formats``); its positions count in the extracted
text, which `Source` names together with the checksum of the file. A form feed parts two pages.
Nothing is executed and nothing fetched.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from helpers.decoding import decode, explain_empty, read_rows
from helpers.errors import SourceError
from helpers.sources import Source

__all__ = [
    "FORMATS",
    "LIMIT",
    "PLAIN",
    "RawText",
    "is_table",
    "read_texts",
]

LIMIT = 100_000_000  # bytes of one file, but for a table
PLAIN = (".txt", ".md", ".markdown")
FORMATS = (*PLAIN, ".html", ".htm", ".pdf", ".docx", ".csv")
# What a damaged file makes an extractor raise, besides its own errors.
DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)
STATED = {  # where a saved page states what it is
    "title": "string((//meta[@property='og:title']/@content | //title)[1])",
    "author": "string((//meta[@name='author' or @property='article:author']/@content)[1])",
    "date": "string((//meta[@property='article:published_time' or @name='date'"
    " or @name='DC.date' or @itemprop='datePublished']/@content)[1])",
}


class RawText(NamedTuple):
    """One text of a file: its source, the file, what page or row states, the number of the row.

    `note` says what the extractor left out; that of the last row of a table, how many rows.
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
        In one sentence, if the file is empty, no text, not in that encoding, damaged, locked, a
        scan without text, cannot be opened, or needs an extractor that is not installed.
    """
    try:
        yield from (
            _read_table(path, name, encoding)
            if is_table(path)
            else [_read_text(path, name, encoding)]
        )
    except OSError as error:
        raise SourceError(f"{name} cannot be opened ({error.strerror}).") from None


def is_table(path: Path) -> bool:
    """Whether a file holds a text a row; it is read row by row, and may be of any size."""
    return path.suffix.lower() == ".csv"


def _read_table(path: Path, name: str, encoding: str) -> Iterator[RawText]:
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    last, rows, full = None, 0, 0
    for row, cells in read_rows(path, name, encoding=encoding, needs="text"):
        rows += 1
        if (text := cells.pop("text")).strip():
            if last:
                yield last
            full += 1
            place, how = f"{name}, row {row}", "its cell as text"
            last = RawText(Source(place, _encode(text), checksum, how), name, cells, row)
    if last is None:
        raise SourceError(f"{name} has no text in any row; put the texts into its column text.")
    left_out = f"{name}: rows without text, left out: {rows - full} of {rows}"
    yield last._replace(note=left_out if full < rows else "")


def _read_text(path: Path, name: str, encoding: str) -> RawText:
    raw, suffix = path.read_bytes(), path.suffix.lower()
    if not raw.strip():
        raise explain_empty(name)
    checksum, stated = hashlib.sha256(raw).hexdigest(), dict[str, str]()
    if suffix in PLAIN:
        text, how = decode(raw, name, encoding), f"decoded from {encoding}" if encoding else ""
    else:
        read = {".pdf": _read_pdf, ".docx": _read_docx}.get(suffix, _read_html)
        text, how, stated = read(raw, name, encoding)
    if not text.strip():
        scan = "; it is probably a scan: run optical character recognition first"
        raise SourceError(f"No text can be found in {name}{scan if suffix == '.pdf' else ''}.")
    note = stated.pop("note", "")
    return RawText(Source(name, _encode(text), checksum, how), name, stated, note=note)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


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
    page: str | bytes = raw
    with suppress(UnicodeDecodeError):  # what is UTF-8 need not say so
        page = decode(raw, name, encoding) if encoding else raw.decode("utf-8-sig")
    if isinstance(page, str):  # which has no encoding any more, whatever it declares
        page = re.sub(r"\A\ufeff?\s*<\?xml[^>]*>", "", page)
    try:
        found = trafilatura.extract(page, output_format="txt", include_comments=False)
        tree = html.fromstring(page)
        stated = {key: str(tree.xpath(path)).strip() for key, path in STATED.items()}
    except (*DAMAGE, SyntaxError, html.etree.LxmlError):
        raise SourceError(f"{name} cannot be read as HTML; save the page again.") from None
    day = _read_day(stated["date"])
    lost = f"the page is dated {stated['date']!r}, which cannot be read: put it into metadata.csv"
    notes = [lost] if stated["date"] and not day else []
    stated["date"] = day
    words = len(str(tree.xpath("string(//body)")).split())
    hidden = sum(len(str(node.text_content()).split()) for node in tree.xpath("//script | //style"))
    kept, all_words = len((found or "").split()), words - hidden
    if kept < 0.98 * all_words:
        notes.append(f"{kept} of the {all_words} words on the page were taken for its text")
    stated["note"] = "; ".join(notes)
    text = "\n\n".join(line for line in (found or "").split("\n") if line.strip())
    return text, f"extracted with trafilatura {version('trafilatura')}", stated


def _read_day(stated: str) -> str:
    found = re.match(r"\d{4}(?:-\d\d){0,2}(?![^T\s])", stated)
    try:
        date.fromisoformat(f"{found[0]}-01-01"[:10] if found else "")
    except ValueError:
        return ""
    return found[0] if found else ""


def _read_pdf(raw: bytes, name: str, _: str) -> tuple[str, str, dict[str, str]]:
    pypdf = _import("pypdf", name)
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [page.extract_text() for page in reader.pages]
    except pypdf.errors.DependencyError:  # an encryption that needs one more library
        locked = True
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


def _find_cells(row: Any) -> Iterable[str]:
    return {cell._tc: cell.text for cell in row.cells}.values()  # noqa: SLF001, a merged one once


def _write_block(block: Any) -> str:
    if hasattr(block, "rows"):
        return "\n".join(" | ".join(_find_cells(row)) for row in block.rows)
    style = (block.style.name if block.style else "") or ""
    text = str(block.text).strip()
    return f"# {text}" if text and style.startswith(("Heading", "Title")) else text
