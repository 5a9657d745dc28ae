"""A store for a large corpus: built in a stream, and seen only when it is complete."""

from __future__ import annotations

import json
import shutil
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from helpers.corpus import Corpus, Passage, state_document
from helpers.errors import DataError, SettingError
from helpers.machines import map_in_order
from helpers.store import FORMAT, beside
from helpers.words import PLAIN, TYPOGRAPHY, fold_words

__all__ = ["Stream", "build_store", "stream_corpus"]

Stream = Iterable[tuple[str, Mapping[str, str], Iterable[Passage]]]
SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -100000;
CREATE TABLE document (id TEXT PRIMARY KEY, metadata TEXT, first INT, end INT);
CREATE TABLE passage (
    rowid INTEGER PRIMARY KEY, id TEXT, doc_id TEXT, number INTEGER, section TEXT, page TEXT,
    start INT, end INT, byte_start INT, byte_end INT, text TEXT
);
CREATE TABLE lexicon (id INTEGER PRIMARY KEY, word TEXT UNIQUE);
"""
BATCH = 2_000  # passages
CHUNK = 1 << 21  # words sorted at a time: some 60 MB of memory
ASCII = PLAIN.encode() + bytes(range(128, 256))

Numbers = NDArray[Any]


def stream_corpus(corpus: Corpus) -> Stream:
    """A corpus that is in memory, as `build_store` takes it."""
    for document in corpus.documents:
        yield document.id, state_document(document, corpus.source_of(document)), document.passages


def build_store(
    folder: str | Path, documents: Stream, *, progress: bool = True, on: Executor | None = None
) -> Path:
    """Write a store for `helpers.store.load_store` into a folder; a store there is replaced.

    Parameters
    ----------
    folder : str or Path
        The store: a SQLite file and six NumPy arrays. Until they are complete they stand beside
        it in a hidden folder; what a killed build left there is thrown away.
    documents : iterable of (doc_id, metadata, passages)
        Read once, one document after the other. Of the metadata, which are kept as they are, a
        ``"date"`` begins with the year, and ``"citation"`` and ``"file"`` (with its folder) are
        what a passage is cited by. A list or tuple also tells the progress bar how many there are.
    progress : bool, optional
        Whether to show a progress bar.
    on : Executor, optional
        Where words are read; a ``ProcessPoolExecutor(1)`` takes half of the work off this
        process, which does all of it if left out.

    Raises
    ------
    DataError
        If there is no word at all, two documents or passages have one id, or a date does not
        begin with a year.
    SettingError
        If the folder holds something else than a store, or cannot be written or replaced.
    """
    folder = Path(folder).resolve()  # of a link the folder it leads to
    if folder.exists() and not (folder / "corpus.sqlite").exists():
        raise SettingError(f"“{folder.name}” is no store; name a folder that does not exist yet.")
    part, old = beside(folder, "part"), beside(folder, "old")
    try:
        if folder.exists():  # what a replacement could not throw away
            shutil.rmtree(old, ignore_errors=True)
        elif old.exists():  # killed between the two steps of a replacement
            old.rename(folder)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _write(part, _watch(documents, progress), on)
        _replace(folder, part, old)
    except (OSError, sqlite3.OperationalError) as error:
        raise SettingError(
            f"The store “{folder.name}” was not built ({error}); make room, or name another folder."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return folder


def _replace(folder: Path, part: Path, old: Path) -> None:
    try:
        if folder.exists():
            folder.rename(old)
    except OSError as error:  # as on Windows, while a file of it is open
        raise SettingError(
            f"The store “{folder.name}” cannot be replaced ({error}). Close the store first "
            "(store.close()) wherever it is open, then build it again."
        ) from error
    part.rename(folder)


def _watch(documents: Stream, progress: bool) -> Stream:  # noqa: FBT001 -- handed on
    from tqdm.auto import tqdm

    watched: Stream = tqdm(documents, "Indexing", unit=" documents", disable=not progress)
    return watched


def _write(folder: Path, documents: Stream, on: Executor | None) -> None:
    database = sqlite3.connect(folder / "corpus.sqlite")
    try:
        database.executescript(SCHEMA)
        writer = _Writer(database, folder)
        with database:
            writer.add(documents, on)
            if len(writer.numbers) < 2:
                raise DataError("There is no word in these documents; nothing was built.")
            ranks = writer.finish()
        np.save(folder / "years.npy", np.array(writer.years, np.uint16))
        _write_places(folder, ranks, np.concatenate(writer.sizes))
    except sqlite3.IntegrityError as error:
        raise DataError(f"Two documents or passages have one id ({error}).") from error
    finally:
        database.close()


class _Writer:
    """What is known while passages go by: numbers of words, sizes and years of passages."""

    def __init__(self, database: sqlite3.Connection, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.numbers = _new_numbers()
        self.sizes: list[Numbers] = []
        self.years = array("H")  # 0 where there is none

    def add(self, documents: Stream, on: Executor | None) -> None:
        """Write everything but the lexicon; the words go to ``words.raw``."""
        with (self.folder / "words.raw").open("wb") as raw:
            for words, numbers, sizes in map_in_order(on, _read_words, self._texts(documents)):
                known = np.fromiter(map(self.numbers.__getitem__, words), np.uint32, len(words))
                known[numbers].tofile(raw)
                self.sizes.append(sizes)

    def _texts(self, documents: Stream) -> Iterator[list[str]]:
        """The texts in batches, each when its passages have been written."""
        rows = self._rows(documents)
        sql = f"INSERT INTO passage VALUES (NULL, {', '.join('?' * 10)})"  # noqa: S608 -- only question marks
        while batch := list(islice(rows, BATCH)):
            self.database.executemany(sql, batch)
            yield [row[-1] for row in batch]

    def _rows(self, documents: Stream) -> Iterator[tuple[Any, ...]]:
        sql = "INSERT INTO document VALUES (?, ?, ?, ?)"
        for doc_id, metadata, passages in documents:
            first, year = len(self.years), _read_year(doc_id, str(metadata.get("date") or ""))
            for p in passages:
                self.years.append(year)
                place = p.start, p.end, p.byte_start, p.byte_end
                yield (p.id, doc_id, p.number, p.section, p.page, *place, p.text)
            about = json.dumps(dict(metadata), ensure_ascii=False)
            self.database.execute(sql, (doc_id, about, first, len(self.years)))

    def finish(self) -> Numbers:
        """Write the lexicon, in alphabetical order from 1; the number there of each word here."""
        ranks = np.zeros(len(self.numbers), np.uint32)
        ordered = sorted(self.numbers.keys() - {"\0"})
        ranks[[self.numbers[word] for word in ordered]] = np.arange(1, len(ranks))
        self.database.executemany("INSERT INTO lexicon VALUES (?, ?)", enumerate(ordered, 1))
        self.database.execute("CREATE UNIQUE INDEX passage_id ON passage (id)")
        self.database.execute(f"PRAGMA user_version = {FORMAT}")
        return ranks


def _new_numbers() -> defaultdict[Any, int]:
    """A number for each word that is asked for, from 0."""
    numbers = defaultdict[Any, int]()
    numbers.default_factory = numbers.__len__
    return numbers


def _read_words(texts: list[str]) -> tuple[list[str], Numbers, Numbers]:
    """The different words of some texts, all words as numbers of these, how many in each text."""
    numbers = _new_numbers()
    end = numbers[b"\0"]  # stands behind each text
    every = b" ".join(_fold(text) + b" \0" for text in texts).split()
    read = np.fromiter(map(numbers.__getitem__, every), np.uint32, len(every))
    ends = np.flatnonzero(read == end)
    sizes = np.diff(ends, prepend=-1) - 1
    return [word.decode() for word in numbers], read.compress(read != end), sizes


def _fold(text: str) -> bytes:
    """The words of `fold_words` with blanks between them."""
    if not text.isascii():
        text = TYPOGRAPHY.sub(" ", text)
        if not text.isascii():
            return " ".join(fold_words(text)).encode()
    return text.encode().translate(ASCII)


def _read_year(doc_id: str, date: str) -> int:
    if date and not date[:4].isdecimal():
        raise DataError(f"The date ‘{date}’ of {doc_id} does not begin with a year; write 2003-03.")
    return int(date[:4] or 0)


def _write_places(folder: Path, ranks: Numbers, sizes: Numbers) -> None:
    """The arrays that `helpers.places` describes, from ``words.raw``.

    `ranks` has the number of each word there, `sizes` how many words each passage has. Each chunk
    is sorted by word and goes where those before it end; what was written leaves the memory.
    """
    starts = np.concatenate([[1], 1 + np.cumsum(sizes + 1, dtype=np.int64)])
    if starts[-1] > np.iinfo(np.uint32).max:
        raise SettingError(f"{sizes.sum():,} words are too many for a store; make two of them.")
    total, raw = int(starts[-1]) - len(starts), folder / "words.raw"
    spans = list(pairwise([*range(0, total, CHUNK), total]))
    counts = np.zeros(len(ranks), np.int64)
    for span in spans:
        counts += np.bincount(_read_span(raw, span), minlength=len(ranks))
    bounds = np.concatenate([[0], np.cumsum(counts[np.argsort(ranks)])])
    np.save(folder / "starts.npy", starts)
    np.save(folder / "bounds.npy", bounds)
    shapes = {"tokens": int(starts[-1]), "places": total, "rows": total}
    for name, size in shapes.items():
        open_memmap(folder / f"{name}.npy", "w+", np.uint32, (size,))
    ends, next_ = np.cumsum(sizes, dtype=np.int64), bounds[:-1].copy()
    with ThreadPoolExecutor(2) as threads:  # NumPy sorts two chunks at a time
        for at in range(0, len(spans), 2):
            pair = spans[at : at + 2]
            parts = threads.map(lambda span: _sort(ranks[_read_span(raw, span)], span, ends), pair)
            for part in parts:
                _put(folder, part, next_)
    raw.unlink()


def _read_span(raw: Path, span: tuple[int, int]) -> Numbers:
    return np.fromfile(raw, np.uint32, span[1] - span[0], offset=4 * span[0])


def _sort(words: Numbers, span: tuple[int, int], ends: Numbers) -> tuple[Numbers, ...]:
    """Words, their places, passages, and their order by word."""
    first, last = np.searchsorted(ends, [span[0], span[1] - 1], "right")
    here = np.diff(np.clip(ends[first : last + 1], *span), prepend=span[0])
    rows = np.repeat(np.arange(first, last + 1, dtype=np.uint32), here)
    places = np.arange(*span, dtype=np.uint32) + rows + np.uint32(1)  # a 0 before each passage
    # By its two halves: NumPy sorts numbers of 16 bits by counting, in a third of the time.
    order = np.argsort(words.astype(np.uint16), kind="stable")
    order = order[np.argsort((words >> 16).astype(np.uint16)[order], kind="stable")]
    return words, places, rows, order


def _put(folder: Path, part: tuple[Numbers, ...], next_: Numbers) -> None:
    """Write a sorted chunk; `next_` is where the next place of each word goes."""
    words, places, rows, order = part
    here = np.bincount(words, minlength=len(next_))
    target = np.repeat(next_ - np.cumsum(here) + here, here) + np.arange(len(order))
    parts = (("tokens", places, words), ("places", target, places[order]))
    for name, where, numbers in (*parts, ("rows", target, rows[order])):  # one in memory at a time
        np.load(folder / f"{name}.npy", mmap_mode="r+")[where] = numbers
    next_ += here
