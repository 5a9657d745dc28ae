"""From a folder of one's own texts to a `Corpus`, with the cleaning rules its reader accepts.

A text keeps every mark that no accepted rule removes: the rules of `helpers.furniture` and those
that mend a scan are proposed (`find_proposals`) and carried out only where they are named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from helpers.cleaning import (
    ERRATUM_KEYS,
    EVERY_RULE,
    SWITCHABLE,
    clean_source,
    keep_parts,
    read_errata,
)
from helpers.corpus import Corpus, Document, Evidence, Extra, Home, Passage
from helpers.edits import Edit, Ledger
from helpers.errors import DataError, SourceError, check_name
from helpers.folders import Folder, Text, read_folder
from helpers.furniture import Survey, find_furniture, find_mends, survey_texts
from helpers.layout import Block
from helpers.paragraphs import find_marks, find_paragraphs
from helpers.sources import check_table

__all__ = [
    "PROPOSED",
    "Plan",
    "Proposal",
    "clean_text",
    "explain_problem",
    "find_proposals",
    "load_folder",
    "make_corpus",
    "make_plan",
]

PROPOSED = (
    *("form", "page_number", "running_head", "site_furniture", "teaser", "bullet"),
    *("note_marker", "mojibake", "line_hyphen", "broken_word", "hyphen_break", "split_token"),
)
MENDING = {"mojibake", "broken_word"}
ALWAYS = ("front_matter", "markup", "stray", "erratum", "whitespace")


class Proposal(NamedTuple):
    """What a rule would change: its name, what it does, its edits.

    Each edit has the file it is in and what stands around it: (file, before, edit, after).
    """

    rule: str
    what: str
    edits: tuple[tuple[str, str, Edit, str], ...]


def load_folder(
    folder: str | Path,
    *,
    rules: Sequence[str] | None = None,
    without: Collection[str] = (),
    themes: Sequence[Mapping[str, Any]] | None = None,
) -> Corpus:
    """The corpus made of a folder, or of one table of texts; as `helpers.loading.load_corpus`."""
    found = read_folder(folder)
    if found.problems:
        raise explain_problem(found)
    if themes is not None:
        settings = found.settings.get("themes.toml", {}) | {"theme": list(themes)}
        found = found._replace(settings=found.settings | {"themes.toml": settings})
    return make_corpus(found, rules=rules, without=without, typed=themes is not None)


def explain_problem(folder: Folder, problem: str = "") -> SourceError:
    """What cannot be used in a folder, or the first of all its problems, and how to see more."""
    count = len(folder.problems) - 1
    more = f" {count} more cannot be used." if count > 0 and not problem else ""
    check = f"To look at every file: two-tracks check-corpus {folder.path.name}"
    return SourceError(f"{problem or folder.problems[0][1]}{more} {check}")


def make_corpus(
    folder: Folder,
    *,
    rules: Sequence[str] | None = None,
    without: Collection[str] = (),
    typed: bool = False,
) -> Corpus:
    """The corpus of a folder that was read, with `rules` or those of its ``cleaning.toml``.

    `typed` is whether its themes are others than those of its ``themes.toml``.
    """
    plan, survey = make_plan(folder, rules=rules, without=without), Survey()
    plan.check_errata([text.raw.source.name for text in folder.texts])
    if plan.surveys:
        contents = (text.raw.source.text for text in folder.texts)
        survey.add(survey_texts(contents, plan.accepted))
    plan = plan.complete(survey)
    done = [clean_text(text, plan) for text in folder.texts]
    ledgers = {ledger.source.name: ledger for _, ledger in done}
    on = tuple(rule.name for rule in EVERY_RULE if rule.name in (*ALWAYS, *plan.accepted))
    chosen = tuple(rule for rule in on if rule in plan.accepted)
    set_there = folder.settings.get("cleaning.toml", {}).get("rules", ())
    own = {rule for rule in set_there if isinstance(rule, str)}
    brought = {key: folder.settings.get(f"{key}.toml") for key in ("people", "themes", "codebook")}
    home = Home(
        folder.path.name,
        folder.path,
        on,
        chosen,
        **brought,
        codes=folder.codes if plan.accepted ^ own <= {*SWITCHABLE} else None,
        typed=typed or plan.accepted != own,
    )
    documents = tuple(document for document, _ in done)
    return Corpus(documents, ledgers, without=tuple(without), home=home)


class Plan(NamedTuple):
    """What is decided for all texts of a folder before the first is cleaned.

    The rules accepted and switched off, the errata, the name of the folder; lines and words as a
    `Survey` gives them.
    """

    accepted: frozenset[str]
    off: frozenset[str]
    errata: tuple[dict[str, Any], ...]
    folder: str
    repeated: frozenset[str] = frozenset()
    mended: frozenset[str] = frozenset()

    @property
    def surveys(self) -> bool:
        """Whether an accepted rule must know all texts before the first is cleaned."""
        return not self.accepted.isdisjoint(("site_furniture", "broken_word"))

    def complete(self, survey: Survey) -> Plan:
        """The plan with what was found in all texts."""
        return self._replace(repeated=survey.repeated, mended=survey.mended)

    def check_errata(self, names: Collection[str]) -> None:
        """UnknownNameError if an erratum is for another text than those of these names."""
        for entry in self.errata:
            check_name("file named in errata.toml", entry.get("seed", ""), names)


def make_plan(
    folder: Folder, *, rules: Sequence[str] | None = None, without: Collection[str] = ()
) -> Plan:
    """What `rules`, `without` and the files of settings decide; UnknownNameError if they cannot."""
    cleaning = folder.settings.get("cleaning.toml", {})
    check_table(cleaning, "cleaning.toml", required={}, optional={"rules": list})
    own = cleaning.get("rules", ())
    asked = own if rules is None else rules
    accepted = {check_name("cleaning rule", rule, PROPOSED) for rule in asked}
    left = {check_name("rule that can be switched off", rule, SWITCHABLE) for rule in without}
    off = left | ({*PROPOSED}.intersection(SWITCHABLE) - accepted)
    corrections = folder.settings.get("errata.toml", {})
    check_table(corrections, "errata.toml", required={}, optional={"erratum": list})
    errata = corrections.get("erratum", [])
    for entry in errata:
        if not isinstance(entry, Mapping):
            raise DataError("errata.toml: an erratum must be a table of its own: [[erratum]].")
        where = f"errata.toml, {entry.get('context', '?')!r}"
        check_table(entry, where, required=ERRATUM_KEYS)
    place = (folder.path if folder.path.is_dir() else folder.path.parent).name
    return Plan(frozenset(accepted), frozenset(off), tuple(errata), place)


def clean_text(text: Text, plan: Plan) -> tuple[Document, Ledger]:
    """One text as a document, and the ledger of what its cleaning changed."""
    source, accepted = text.raw.source, plan.accepted
    furniture = find_furniture(source.text, plan.repeated) if accepted - MENDING else ()
    found = [p for p in furniture if p.rule in accepted and p.start >= text.front]
    parts = keep_parts([*find_marks(source, text.front), *found])
    blocks = find_paragraphs(source.text, parts)
    mending = blocks if accepted & MENDING else ()
    mends = (edit for block in mending for edit in find_mends(source.text, block, plan.mended))
    fixes = list(read_errata(source, plan.errata, file="errata.toml"))
    ledger = clean_source(
        source, parts=parts, blocks=blocks, errata=fixes, mends=mends, without=plan.off
    )
    return _make_document(text, ledger, blocks, plan.folder), ledger


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
