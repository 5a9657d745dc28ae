"""From a folder of one's own texts to a `Corpus`, with the cleaning rules its reader accepts.

A text keeps every mark that no accepted rule removes: the rules of `helpers.furniture` and those
that mend a scan are proposed (`find_proposals`) and carried out only where they are named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.cleaning import EVERY_RULE, clean_source, keep_parts, read_errata
from helpers.corpus import Corpus, Document, Evidence, Extra, Home, Passage
from helpers.edits import Edit, Ledger
from helpers.errors import SourceError, check_name
from helpers.folders import Folder, Text, read_folder
from helpers.furniture import count_words, find_furniture, find_mends, find_repeated
from helpers.layout import Block
from helpers.paragraphs import find_marks, find_paragraphs
from helpers.sources import check_table

__all__ = ["PROPOSED", "Proposal", "find_proposals", "load_folder", "make_corpus"]

PROPOSED = (
    *("form", "page_number", "running_head", "site_furniture", "teaser", "bullet"),
    *("note_marker", "mojibake", "line_hyphen", "broken_word", "hyphen_break", "split_token"),
)
ALWAYS = ("front_matter", "markup", "stray", "erratum", "whitespace")


class Proposal(NamedTuple):
    """What a rule would change: its name, what it does, its edits.

    Each edit has the file it is in and what stands around it: (file, before, edit, after).
    """

    rule: str
    what: str
    edits: tuple[tuple[str, str, Edit, str], ...]


def load_folder(
    folder: str | Path, *, rules: Sequence[str] | None = None, without: Collection[str] = ()
) -> Corpus:
    """The corpus made of a folder, or of one table of texts; as `helpers.loading.load_corpus`."""
    found = read_folder(folder)
    if found.problems:
        more = f" {len(found.problems) - 1} more cannot be used." if found.problems[1:] else ""
        check = f"To look at every file: two-tracks check-corpus {found.path.name}"
        raise SourceError(f"{found.problems[0][1]}{more} {check}")
    return make_corpus(found, rules=rules, without=without)


def make_corpus(
    folder: Folder, *, rules: Sequence[str] | None = None, without: Collection[str] = ()
) -> Corpus:
    """The corpus of a folder that was read, with `rules` or those of its ``cleaning.toml``."""
    cleaning = folder.settings.get("cleaning.toml", {})
    check_table(cleaning, "cleaning.toml", required={}, optional={"rules": list})
    asked = cleaning.get("rules", ()) if rules is None else rules
    accepted = {check_name("cleaning rule", rule, PROPOSED) for rule in asked}
    switchable = {rule.name for rule in EVERY_RULE if rule.switchable}
    off = {*without, *(switchable & set(PROPOSED)) - accepted}
    errata = folder.settings.get("errata.toml", {}).get("erratum", [])
    for entry in errata:
        names = [text.raw.source.name for text in folder.texts]
        check_name("file named in errata.toml", entry.get("seed", ""), names)
    contents = [text.raw.source.text for text in folder.texts]
    repeated = find_repeated(contents) if "site_furniture" in accepted else ()
    words = count_words(contents) if "broken_word" in accepted else ()
    place = (folder.path if folder.path.is_dir() else folder.path.parent).name
    documents, ledgers = list[Document](), dict[str, Ledger]()
    for text in folder.texts:
        source = text.raw.source
        furniture = find_furniture(source.text, repeated) if accepted else ()
        found = [p for p in furniture if p.rule in accepted and p.start >= text.front]
        parts = keep_parts([*find_marks(source, text.front), *found])
        blocks = find_paragraphs(source.text, parts)
        mends = (edit for block in blocks for edit in find_mends(source.text, block, words))
        fixes = list(read_errata(source, errata, file="errata.toml"))
        ledgers[source.name] = ledger = clean_source(
            source, parts=parts, blocks=blocks, errata=fixes, mends=mends, without=off
        )
        documents.append(_make_document(text, ledger, blocks, place))
    on = tuple(rule.name for rule in EVERY_RULE if rule.name in (*ALWAYS, *accepted))
    chosen = tuple(rule for rule in on if rule in accepted)
    home = Home(folder.path.name, folder.path, on, chosen, folder.settings.get("people.toml"))
    return Corpus(tuple(documents), ledgers, without=tuple(without), home=home)


def _make_document(text: Text, ledger: Ledger, blocks: Sequence[Block], folder: str) -> Document:
    source, known = ledger.source, {key: fact.value for key, fact in text.known.items()}
    title = next((block for block in blocks if block.kind == "title"), None)
    headed = ledger.clean(title.start, title.end) if title else ""
    precision, earliest, latest = text.dates
    return Document(
        id=text.id,
        title=known.get("title", headed),
        authors=tuple(filter(None, map(str.strip, known.get("author", "").split(";")))),
        author_certainty="stated" if "author" in known else "unknown",
        author_evidence=_support(text, "author"),
        publication=known.get("publication", ""),
        date=known.get("date", ""),
        date_precision=precision or "not stated",
        date_earliest=earliest,
        date_latest=latest,
        date_evidence=_support(text, "date"),
        genre=known.get("genre", ""),
        seed_file=source.name,
        sha256=source.sha256,
        start=0,
        end=len(source.text),
        byte_start=0,
        byte_end=len(source.raw),
        blocks=tuple(blocks),
        passages=tuple(_cut(text.id, ledger, blocks)),
        extras=(Extra(text.id, "title", title.start, title.end, headed),) if title else (),
        folder=folder,
    )


def _support(text: Text, key: str) -> Evidence | None:
    fact = text.known.get(key)
    return Evidence(fact.words, fact.start, fact.end, fact.note) if fact else None


def _cut(doc_id: str, ledger: Ledger, blocks: Sequence[Block]) -> Iterator[Passage]:
    source, number, heading = ledger.source, 0, ""
    ends = [found.start() for found in re.finditer("\f", source.text)]  # of pages
    for block in blocks:
        clean = ledger.clean(block.start, block.end)
        if block.kind != "passage":
            heading = clean if block.kind == "heading" else ""
            continue
        number += 1
        first, last = (bisect_left(ends, place) + 1 for place in (block.start, block.end))
        page = f"{first}–{last}" if last > first else str(first)
        yield Passage(
            id=f"{doc_id}#p{number:02d}",
            doc_id=doc_id,
            number=number,
            section=heading,
            page=page if ends else "",
            start=block.start,
            end=block.end,
            byte_start=source.byte(block.start),
            byte_end=source.byte(block.end),
            text=clean,
        )


def find_proposals(folder: str | Path | Folder) -> tuple[Proposal, ...]:
    """What each rule would change in a folder if all were accepted, in order of precedence."""
    read = folder if isinstance(folder, Folder) else read_folder(folder)
    found: dict[str, list[tuple[str, str, Edit, str]]] = {}
    for name, ledger in make_corpus(read, rules=PROPOSED).ledgers.items():
        text = ledger.source.text
        for edit in ledger.edits:
            before, after = (
                text[max(0, edit.start - 20) : edit.start],
                text[edit.end : edit.end + 20],
            )
            found.setdefault(edit.rule, []).append((name, before, edit, after))
    rules = (rule for rule in EVERY_RULE if rule.name in PROPOSED and rule.name in found)
    return tuple(Proposal(rule.name, rule.what, tuple(found[rule.name])) for rule in rules)
