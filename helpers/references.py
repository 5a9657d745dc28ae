"""Documents as a reference manager takes them: CSL-JSON and BibTeX.

What is not stated is not invented: a document without author or title has none here, a date is
as precise as the evidence, and what is inferred is marked so and explained in the note.
"""

from __future__ import annotations

import re
from typing import Any

from helpers.corpus import Document

__all__ = ["cite_bibtex", "cite_csl"]

# Type by the words of the genre; the first that fits.
TYPES = (
    ("newsletter|report of an interview", "article-magazine"),
    ("interview", "interview"),
    ("report|policy paper", "report"),
    ("speech", "speech"),
    ("book", "book"),
    ("newspaper|article by a minister", "article-newspaper"),
    ("article|analysis", "article-magazine"),
)
BIBTEX_TYPES = {"report": "techreport", "book": "book"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

REPRINTED = "; reprinted by "
ISSUE = re.compile(r"^(?P<name>.+?) (?P<volume>\d+):(?P<issue>\d+)(?:, (?P<publisher>.+))?$")
SERIES = re.compile(r"^(?P<name>[^,]+), (?P<publisher>.+)$")
PERSON = re.compile(r"^((?:[^\W\d_a-z][\w.'’-]*\s+){1,3})([^\W\d_a-z][\w'’-]+)$")
BODY = re.compile(
    r"\b(?:Agency|Association|Cent(?:er|re)|Committee|Council|Department|Foundation"
    r"|Government|Institute|Ministry|Office|Press|Society|Staff|Union|University)\b"
)
SIGNS = {"“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---", "\N{NO-BREAK SPACE}": "~"}
SIGNS |= {sign: f"\\{sign}" for sign in "&%$#_"}
# BibTeX counts every brace, also one after a backslash.
SIGNS |= {"{": r"\textbraceleft{}", "}": r"\textbraceright{}", "\\": r"\textbackslash{}"}
SIGNS |= {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
TO_BIBTEX = str.maketrans(SIGNS)


def cite_csl(document: Document) -> dict[str, Any]:
    """One item of CSL-JSON (schema 1.0.2).

    Examples
    --------
    >>> from helpers.loading import course_corpus
    >>> item = cite_csl(course_corpus().document("azizian-2003"))
    >>> item["author"], item["issued"]
    ([{'family': 'Azizian', 'given': 'Rouben'}], {'date-parts': [[2003, 3]]})
    """
    item: dict[str, Any] = {
        "id": document.id,
        "type": next(
            (kind for words, kind in TYPES if re.search(words, document.genre)), "document"
        ),
        "title": document.title,
        "author": [_name(author) for author in document.authors],
    }
    item |= _published(document.publication.partition(REPRINTED)[0], item["type"])
    if document.date:
        item["issued"] = {"date-parts": [[int(part) for part in document.date.split("-")]]}
        if "inferred" in document.date_precision:
            item["issued"]["circa"] = True
    item["genre"] = document.genre
    item["note"] = " ".join(_notes(document))
    grounds = (document.author_evidence, document.date_evidence)
    item["annote"] = " ".join(ground.note for ground in grounds if ground and ground.note)
    return {key: value for key, value in item.items() if value}


def _name(author: str) -> dict[str, str]:
    """A person's name in two parts; the name of a body, or what may be one, whole."""
    parts = PERSON.match(author)
    if not parts or BODY.search(author):
        return {"literal": author}
    return {"family": parts[2], "given": parts[1].strip()}


def _published(publication: str, kind: str) -> dict[str, str]:
    """Where it appeared: journal, volume and issue, publisher, as far as they are told apart."""
    if parts := ISSUE.match(publication):
        found = {key: value or "" for key, value in parts.groupdict().items()}
        return {"container-title": found.pop("name"), **found}
    if kind not in ("report", "book"):
        return {"container-title": publication}
    if series := SERIES.match(publication):
        return {"collection-title": series["name"], "publisher": series["publisher"]}
    return {"publisher": publication}


def _notes(document: Document) -> list[str]:
    """What the file does not state, and which file was read; short, for styles print it."""
    notes = [] if document.title else ["The file states no title."]
    if not document.authors:
        notes.append("The file names no author.")
    elif document.author_certainty != "stated":
        notes.append(f"Author [{' and '.join(document.authors)}] inferred, not stated.")
    if not document.date:
        notes.append("The file states no date.")
    elif "inferred" in document.date_precision:
        between = f"between {document.date_earliest} and {document.date_latest}"
        notes.append(f"Date [{document.date}] inferred: {between}.")
    if reprint := document.publication.partition(REPRINTED)[2]:
        notes.append(f"Read in the reprint by {reprint}.")
    return [*notes, f"File: {document.folder}/{document.seed_file}."]


def cite_bibtex(document: Document) -> str:
    """One entry of BibTeX, from the same facts as `cite_csl`.

    Examples
    --------
    >>> from helpers.loading import course_corpus
    >>> cite_bibtex(course_corpus().document("roadmap-2018")).splitlines()[2]
    '  title = {{A Roadmap for Russia--U.S. Relations}},'
    """
    item = cite_csl(document)
    is_article = item["type"].startswith("article")
    is_report = item["type"] == "report"
    texts = {
        "author": " and ".join(_write_name(**name) for name in item.get("author", ())),
        "title": _braced(_write(item.get("title", ""))),
        "journal" if is_article else "howpublished": _write(item.get("container-title", "")),
        "series": _write(item.get("collection-title", "")),
        "institution" if is_report else "publisher": _write(item.get("publisher", "")),
        "volume": item.get("volume", ""),
        "number": item.get("issue", ""),
        "type": _write(item.get("genre", "")),
        "note": _write(item.get("note", "")),
        "annote": _write(item.get("annote", "")),
    }
    values = {key: _braced(text) for key, text in texts.items()} | _write_date(item)
    lines = [f"  {key} = {value}" for key, value in values.items() if value]
    kind = "article" if is_article else BIBTEX_TYPES.get(item["type"], "misc")
    return f"@{kind}{{{item['id']},\n" + ",\n".join(lines) + "\n}"


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""


def _write(text: str) -> str:
    """Text as BibTeX takes it: its own signs escaped, typographic ones as TeX writes them."""
    return text.translate(TO_BIBTEX)


def _write_name(literal: str = "", family: str = "", given: str = "") -> str:
    return _braced(_write(literal)) or _write(f"{family}, {given}")


def _write_date(item: dict[str, Any]) -> dict[str, str]:
    """Year, month and day, as far as they are known; a month by the name all styles know."""
    parts = item.get("issued", {"date-parts": [[]]})["date-parts"][0]
    names = ("year", "month", "day")
    dates = {name: f"{{{part}}}" for name, part in zip(names, parts, strict=False)}
    return dates | ({"month": MONTHS[parts[1] - 1]} if len(parts) > 1 else {})
