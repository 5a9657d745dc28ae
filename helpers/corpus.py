"""`Document`, `Passage`, `Corpus`: cleaned text that still knows its bytes.

Texts never change after loading. A passage holds its clean text and where it came from; the
corpus holds the sources and the ledgers, and so the way between the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers.cleaning import RULES
from helpers.edits import Edit, Ledger, Trace
from helpers.errors import check_name
from helpers.layout import Block
from helpers.sources import Source

__all__ = [
    "Corpus",
    "Document",
    "Evidence",
    "Extra",
    "Home",
    "Passage",
    "cite_passage",
    "locate_text",
    "state_document",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words in a raw file that support what we say about a document.

    `start`, `end` are raw characters of the document's seed file; `note` says how the words
    lead to the claim.
    """

    words: str
    start: int
    end: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a list item of a summary, or a standfirst, as clean text.

    Attributes
    ----------
    id, number
        ``doc_id#pNN``, and its place in the document, from 1.
    section : str
        The heading that is its own; a subsection after ``" > "``; empty if there is none.
    page : str
        ``"9-6"``, or ``"9-6–9-7"`` across a break; empty if the file has no pages.
    start, end, byte_start, byte_end : int
        Raw characters of the seed file, half-open; the same in bytes.
    """

    id: str
    doc_id: str
    number: int
    section: str
    page: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    text: str


@dataclass(frozen=True, slots=True)
class Extra:
    """A title, dek or caption: raw text that is no passage, but in which names count."""

    doc_id: str
    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One text of the corpus, and what is known about it.

    `authors` is empty where none can be named; `author_certainty` and `date_precision` say
    how sure we are, the evidence on what grounds. `start`, `end` (raw characters) and
    `byte_start`, `byte_end` bound the whole document with its title, by-line and credits.
    `folder` is the name of the folder that its raw file lies in.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    author_certainty: str
    author_evidence: Evidence | None
    publication: str
    date: str
    date_precision: str
    date_earliest: str
    date_latest: str
    date_evidence: Evidence | None
    genre: str
    seed_file: str
    sha256: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]
    extras: tuple[Extra, ...]
    folder: str = "seeds"

    @property
    def year(self) -> int | None:
        """The year of the date, or None where there is no date."""
        return int(self.date[:4]) if self.date else None

    @property
    def citation(self) -> str:
        """Author, title, publication and date in one line; square brackets mark what is ours."""
        authors = " and ".join(self.authors)
        if authors and self.author_certainty != "stated":
            authors = f"[{authors}]"
        date = self.date or "no date"
        if "inferred" in self.date_precision:
            date = f"[{date}]"
        title = f"“{self.title}”" if self.title else "[untitled]"
        return ", ".join(part for part in (authors, title, self.publication, date) if part) + "."


@dataclass(frozen=True, slots=True)
class Home:
    """Where a corpus of one's own lies, and what its reader has decided.

    `folder` is its name, and `path` leads there; `rules` are the cleaning rules that are on,
    `accepted` those of them that were chosen; `people`, `themes` and `codebook` are the content
    of its ``people.toml``, ``themes.toml`` and ``codebook.toml``, None if it brings none. `codes`
    are the texts of the files in ``codes/`` by name, None where other rules cut the passages than
    those that its readers coded. `typed` is whether rules or themes were named besides those of the
    folder.
    """

    folder: str
    path: Path
    rules: tuple[str, ...]
    accepted: tuple[str, ...]
    people: Mapping[str, Any] | None = None
    themes: Mapping[str, Any] | None = None
    codebook: Mapping[str, Any] | None = None
    codes: Mapping[str, str] | None = field(default_factory=dict)
    typed: bool = False


def locate_text(document: Document, source: Source) -> str:
    """The raw file of a document with its folder, and how its text was got out of it."""
    place = f"{document.folder}/{document.seed_file}"
    return f"the text of {place} ({source.made})" if source.made else place


def state_document(document: Document, source: Source) -> dict[str, str]:
    """What is known of a document, as text; ``"citation"`` and ``"file"`` lead to it."""
    names = ("title", "date", "date_precision", "publication", "genre", "seed_file", "sha256")
    facts: dict[str, str] = {name: getattr(document, name) for name in names}
    facts["author"] = "; ".join(document.authors)
    return {**facts, "citation": document.citation, "file": locate_text(document, source)}


def cite_passage(passage: Passage, citation: str, place: str) -> str:
    """One line that leads from a passage to its document, page and bytes in its raw file."""
    page = f"p. {passage.page}, " if passage.page else ""
    where = f"bytes {passage.byte_start}–{passage.byte_end} of {place}"
    return f"{citation} {passage.id}, {page}{where}."


class Corpus:
    """Documents in reading order, their passages, and the ledger of each raw file, by its name.

    `without` are the text rules that were switched off, `whole` is the corpus these documents
    were taken from; its names stay known here. `home` is None for the course's own corpus.
    """

    def __init__(
        self,
        documents: tuple[Document, ...],
        ledgers: dict[str, Ledger],
        *,
        without: tuple[str, ...] = (),
        whole: Corpus | None = None,
        home: Home | None = None,
    ) -> None:
        self.documents, self.ledgers = documents, ledgers
        self.without, self.whole = without, whole or self
        self.home: Home | None = whole.home if whole else home
        self.passages = tuple(p for document in documents for p in document.passages)
        self._documents = {document.id: document for document in documents}
        self._passages = {passage.id: passage for passage in self.passages}
        self._traces: dict[str, Trace] = {}

    def __repr__(self) -> str:
        undated = sum(not document.date for document in self.documents)
        missing = f", {undated} of them without a date" if undated else ""
        name = f"{self.home.folder}: " if self.home else ""
        counts = [
            f"{len(things)} {what}{'' if len(things) == 1 else 's'}"
            for things, what in ((self.documents, "document"), (self.passages, "passage"))
        ]
        return f"Corpus({name}{f'{missing}, '.join(counts)})"

    def keep(self, ids: Collection[str]) -> Corpus:
        """A smaller corpus: the documents with these ids, and the raw files they come from."""
        kept = tuple(document for document in self.documents if document.id in ids)
        if len(kept) == len(self.documents):
            return self
        ledgers = {document.seed_file: self.ledgers[document.seed_file] for document in kept}
        return Corpus(kept, ledgers, without=self.without, whole=self.whole)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The raw files by name."""
        return {name: ledger.source for name, ledger in self.ledgers.items()}

    @property
    def rules_on(self) -> tuple[str, ...]:
        """The cleaning rules that were applied, in order of precedence."""
        rules = self.home.rules if self.home else [rule.name for rule in RULES]
        return tuple(name for name in rules if name not in self.without)

    def document(self, doc_id: str) -> Document:
        """The document with this id; UnknownNameError names the nearest if there is none."""
        return self._documents[check_name("document", doc_id, self._documents)]

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id; UnknownNameError names the nearest if there is none."""
        return self._passages[check_name("passage", passage_id, self._passages)]

    def cite(self, passage: Passage) -> str:
        """One line that leads from a passage to its document, page and bytes.

        Examples
        --------
        >>> from helpers.loading import course_corpus
        >>> corpus = course_corpus()
        >>> corpus.cite(corpus.passage("edm-2010#p08"))[-50:]
        'bytes 6264–6759 of seeds/003_32715ffba2cf0f00.txt.'
        """
        document = self.document(passage.doc_id)
        return cite_passage(passage, document.citation, self.locate(document))

    def locate(self, document: Document) -> str:
        """The raw file of a document with its folder, and how its text was got out of it."""
        return locate_text(document, self.source_of(document))

    def source_of(self, item: Passage | Document | Extra) -> Source:
        """The raw file that a document, or a part of it, comes from."""
        return self._ledger_of(item).source

    def edits_in(self, item: Passage | Document) -> tuple[Edit, ...]:
        """The edits inside a passage or document, in order."""
        return self._ledger_of(item).inside(item.start, item.end)

    def raw_chars(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        """Raw characters of the seed file behind characters `start` to `end` of the clean text."""
        if passage.id not in self._traces:
            ledger = self._ledger_of(passage)
            self._traces[passage.id] = ledger.trace(passage.start, passage.end)
        return self._traces[passage.id].span(start, end)

    def raw_span(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        """Raw bytes of the seed file behind characters `start` to `end` of the clean text."""
        source = self.source_of(passage)
        raw_start, raw_end = self.raw_chars(passage, start, end)
        return source.byte(raw_start), source.byte(raw_end)

    def _ledger_of(self, item: Passage | Document | Extra) -> Ledger:
        doc_id = item.id if isinstance(item, Document) else item.doc_id
        return self.ledgers[self._documents[doc_id].seed_file]
