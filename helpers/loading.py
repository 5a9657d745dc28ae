"""From the catalog to a `Corpus`.

The catalog (``data/catalog.toml``) and the errata (``data/errata.toml``) are written by
people; they are checked at the door, and a mistake in them gives one sentence that names the
file and the entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from helpers.cleaning import RULES, clean_source, keep_parts, read_errata
from helpers.corpus import Corpus, Document, Evidence, Extra, Passage
from helpers.edits import Ledger
from helpers.errors import DataError, SettingError, check_name
from helpers.layout import (
    Block,
    Part,
    find_anchor,
    find_blocks,
    find_labels,
    find_parts,
    find_passages,
)
from helpers.sources import Source, check_table, find_folder, load_source, load_toml

__all__ = ["course_corpus", "load_corpus"]

Table = dict[str, Any]

# What a document takes from its entry as it stands there.
KEPT = (
    *("id", "title", "author_certainty", "publication", "genre"),
    *("date", "date_precision", "date_earliest", "date_latest"),
)
SEED_KEYS = {"file": str, "sha256": str, "about": str}
PART_KEYS = {"rule": str, "text": str, "reason": str}
LABEL_KEYS = {"rule": str, "lines": list, "reason": str}
SECTION_KEYS = {"passages": list, "name": str, "reason": str}
DOCUMENT_KEYS = {**dict.fromkeys((*KEPT, "seed", "begins", "ends"), str), "authors": list}
NOTES = ("byline", "author_evidence", "author_note", "date_evidence", "date_note")
DOCUMENT_OPTIONS = {**dict.fromkeys((*NOTES, "publication_note"), str), "section": list}
EXTRAS = ("title", "dek", "caption")


def load_corpus(
    folder: str | Path | Corpus = "",
    *,
    rules: Sequence[str] | None = None,
    without: Collection[str] = (),
    themes: Sequence[Mapping[str, Any]] | None = None,
) -> Corpus:
    """The course's corpus: eight documents from five raw files, cleaned afresh; or one's own.

    Parameters
    ----------
    folder : str, Path or Corpus, optional
        A folder of one's own texts (.txt, .md, .html, .pdf, .docx), or a CSV table with a column
        ``text``; ``"own"`` is the folder that TWO_TRACKS_CORPUS names, ``"example"`` that of
        lesson 13. See docs/own-corpus.md. Of a corpus, the same documents are cleaned again from
        their raw files.
    rules : sequence of str, optional
        Cleaning rules to carry out in one's own texts, as `show_proposals` names them; those of
        the folder's ``cleaning.toml`` if left out. The rules of the course's texts are fixed.
    without : collection of str, optional
        Rules to leave out, of those that can be switched off; passages and their ids stay the
        same.
    themes : sequence of dict, optional
        Themes to try in one's own texts, each with the keys of an entry in ``themes.toml``
        (``id``, ``definition`` and ``phrases`` are enough); those of that file if left out.

    Raises
    ------
    SourceError, DataError, UnknownNameError
        If a raw file is missing, empty, changed or not UTF-8; if the catalog or the errata do
        not fit the raw files. Of one's own folder: if any file cannot be used, in a sentence
        that says which, and nothing is built; if there is no such rule.

    Examples
    --------
    >>> corpus = load_corpus()
    >>> corpus
    Corpus(8 documents, 122 passages)
    >>> corpus.passage("azizian-2003#p04").page
    '9-1'
    """
    if isinstance(folder, Corpus):
        return _clean_again(folder, rules, without, themes)
    if folder:
        from helpers.adopting import load_folder  # the course's texts need none of it

        return load_folder(folder, rules=rules, without=without, themes=themes)
    if rules is not None or themes is not None:
        raise SettingError(
            "The rules and themes of the course's texts are fixed; name a folder of your own."
        )
    catalog, errata = load_toml("catalog.toml"), load_toml("errata.toml")
    documents, ledgers = list[Document](), dict[str, Ledger]()
    for seed in catalog["seed"]:
        where = f"data/catalog.toml, seed {seed.get('file', '?')}"
        check_table(seed, where, required=SEED_KEYS, optional={"part": list, "labels": dict})
        source = load_source(find_folder("seeds") / seed["file"], sha256=seed["sha256"])
        entries = [entry for entry in catalog["document"] if entry.get("seed") == source.name]
        plans = [_Plan(source, entry) for entry in entries]
        parts = keep_parts([*find_parts(source.text), *_catalogued_parts(source, seed)])
        blocks = [block for plan in plans for block in plan.blocks(parts)]
        fixes = list(read_errata(source, errata.get("erratum", [])))
        ledger = clean_source(source, parts=parts, blocks=blocks, errata=fixes, without=without)
        ledgers[source.name] = ledger
        _check_complete(ledger, blocks)
        documents += [plan.document(ledger, parts) for plan in plans]
    order = [entry["id"] for entry in catalog["document"]]
    documents.sort(key=lambda document: order.index(document.id))
    return Corpus(tuple(documents), ledgers, without=tuple(without))


def _clean_again(
    corpus: Corpus,
    rules: Sequence[str] | None,
    without: Collection[str],
    themes: Sequence[Mapping[str, Any]] | None,
) -> Corpus:
    home, known = corpus.home, {document.sha256 for document in course_corpus().documents}
    if not home and not known.issuperset(document.sha256 for document in corpus.documents):
        raise SettingError(
            "Rules can be switched off in the course's texts and in a folder of your own only."
        )
    if home and rules is None:
        rules = home.accepted
    if home and home.typed and home.themes and themes is None:
        themes = home.themes.get("theme")
    folder = home.path if home else ""
    whole = load_corpus(folder, rules=rules, without=without, themes=themes)
    return whole.keep({whole.document(document.id).id for document in corpus.documents})


def course_corpus(name: str = "") -> Corpus:
    """The course's corpus with all rules on, or the ``"example"`` of lesson 13, loaded once."""
    return _load_once(name)


@cache
def _load_once(name: str) -> Corpus:
    return load_corpus(name)


def _catalogued_parts(source: Source, seed: Table) -> Iterator[Part]:
    """The parts that a person named in the catalog."""
    where = f"data/catalog.toml, seed {source.name}"
    names = [rule.name for rule in RULES]
    for entry in seed.get("part", []):
        check_table(entry, f"{where}, part", required=PART_KEYS, optional={"through": str})
        start, end = find_anchor(source.text, entry["text"], where=where)
        if "through" in entry:
            _, end = find_anchor(source.text, entry["through"], start=start, where=where)
        yield Part(start, end, check_name("rule", entry["rule"], names), entry["reason"])
    if labels := seed.get("labels"):
        check_table(labels, f"{where}, labels", required=LABEL_KEYS)
        yield from find_labels(source.text, labels["lines"], labels["rule"], labels["reason"])


def _check_complete(ledger: Ledger, blocks: list[Block]) -> None:
    """Every mark that is no blank belongs to one edit or to one block."""
    source, done = ledger.source, 0
    spans = [(edit.start, edit.end) for edit in ledger.edits]
    spans += [(block.start, block.end) for block in blocks]
    for start, end in sorted([*spans, (len(source.text), len(source.text))]):
        if left := source.text[done:start].strip():
            raise DataError(
                f"{source.name}: “{left[:60]}” belongs to no document; name it as a part in "
                "the catalog, or widen a document."
            )
        done = max(done, end)


class _Plan:
    """One entry of the catalog, found in its raw file."""

    def __init__(self, source: Source, entry: Table) -> None:
        self.where = f"data/catalog.toml, document {entry.get('id', '?')}"
        check_table(entry, self.where, required=DOCUMENT_KEYS, optional=DOCUMENT_OPTIONS)
        self.source, self.entry = source, entry
        self.start, _ = self._find(entry["begins"])
        _, self.end = self._find(entry["ends"])

    def _find(self, words: str, *, start: int = 0) -> tuple[int, int]:
        return find_anchor(self.source.text, words, start=start, where=self.where)

    def blocks(self, parts: list[Part]) -> list[Block]:
        """Title, by-line, headings and passages, in order of position."""
        text, named = self.source.text, list[Block]()
        for key in ("title", "byline"):
            if words := self.entry.get(key):
                named.append(Block(*self._find(words, start=self.start), key))
        blocks = [
            (start, end)
            for start, end in find_blocks(text, parts)
            if self.start <= start < self.end
            and not any(block.start <= start < block.end for block in named)
        ]
        self.found = sorted([*named, *find_passages(text, blocks, parts)], key=attrgetter("start"))
        return self.found

    def document(self, ledger: Ledger, parts: list[Part]) -> Document:
        """The document, once its file is cleaned."""
        entry, byte = self.entry, self.source.byte
        return Document(
            authors=tuple(entry["authors"]),
            author_evidence=self._evidence("author"),
            date_evidence=self._evidence("date"),
            seed_file=self.source.name,
            sha256=self.source.sha256,
            start=self.start,
            end=self.end,
            byte_start=byte(self.start),
            byte_end=byte(self.end),
            blocks=tuple(self.found),
            passages=tuple(self._passages(ledger, parts)),
            extras=tuple(self._extras(parts)),
            **{key: entry[key] for key in KEPT},
        )

    def _evidence(self, key: str) -> Evidence | None:
        words = self.entry.get(f"{key}_evidence", "")
        if not words:
            return None
        start, end = self._find(words, start=self.start)
        return Evidence(self.source.text[start:end], start, end, self.entry.get(f"{key}_note", ""))

    def _passages(self, ledger: Ledger, parts: list[Part]) -> Iterator[Passage]:
        number, heading = 0, ""
        curated = dict(self._sections())
        pages = [part for part in parts if part.rule == "page_number"]
        for block in self.found:
            if block.kind == "heading":
                heading = ledger.clean(block.start, block.end)
            elif block.kind == "passage":
                number += 1
                yield Passage(
                    id=f"{self.entry['id']}#p{number:02d}",
                    doc_id=self.entry["id"],
                    number=number,
                    section=curated.get(number, heading),
                    page=_page_of(self.source.text, pages, block),
                    start=block.start,
                    end=block.end,
                    byte_start=self.source.byte(block.start),
                    byte_end=self.source.byte(block.end),
                    text=ledger.clean(block.start, block.end),
                )

    def _sections(self) -> Iterator[tuple[int, str]]:
        for section in self.entry.get("section", []):
            check_table(section, f"{self.where}, section", required=SECTION_KEYS)
            first, last = section["passages"]
            yield from ((number, section["name"]) for number in range(first, last + 1))

    def _extras(self, parts: list[Part]) -> Iterator[Extra]:
        found = [(block.start, block.end, block.kind) for block in self.found]
        found += [(part.start, part.end, part.rule) for part in parts]
        for start, end, kind in sorted(found):
            if kind in EXTRAS and self.start <= start < self.end:
                yield Extra(self.entry["id"], kind, start, end, self.source.text[start:end])


def _page_of(text: str, pages: list[Part], block: Block) -> str:
    """The page a block stands on; the page before the first number is inferred from it."""
    if not pages:
        return ""
    labels = ["".join(text[page.start : page.end].split()) for page in pages]
    stem, first = labels[0].rsplit("-", 1)
    labels.insert(0, f"{stem}-{int(first) - 1}")
    start = sum(page.start < block.start for page in pages)
    end = sum(page.start < block.end for page in pages)
    return labels[start] if start == end else f"{labels[start]}–{labels[end]}"
