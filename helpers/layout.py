"""What stands where in a raw file: parts that are not text, titles, headings, passages.

The layout reads the raw text only. It fixes the boundaries of passages, and so their ids;
therefore none of its rules can be switched off. Parts come from two places: general rules
(a page number alone on its line, a head that repeats) and the catalog, where a person says
what no rule could know (this sentence is a caption).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from helpers.errors import DataError

__all__ = [
    "Block",
    "Part",
    "find_anchor",
    "find_blocks",
    "find_labels",
    "find_parts",
    "find_passages",
    "goes_on",
    "is_heading",
]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of raw text, ``[start, end)``, that is not part of what the author wrote.

    `rule` says what it is (``page_number``, ``caption``, …), `reason` why it goes.
    """

    start: int
    end: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of raw text, ``[start, end)``, that stays.

    `kind` is ``title``, ``byline``, ``heading`` or ``passage``.
    """

    start: int
    end: int
    kind: str


FORM = re.compile(
    r"Report\s+Documentation\s+Page.*?Prescribed\s+by\s+ANSI\s+Std\s+Z39-18", re.DOTALL
)
PAGE_NUMBER = re.compile(
    r"(?:^|(?<=\n\n))[^\S\n]*(\d{1,3}[^\S\n]*-[^\S\n]*\d{1,3})[^\S\n]*(?=\n\n)"
)
DASHED = re.compile(r"\n\n[^\S\n]*\d{1,3}[^\S\n]*-")  # without it there is no number, and quick
NEXT_LINE = re.compile(r"\s*([^\n]*\S)")
TEASER = re.compile(
    r"^[^\n]*\d[^\S\n]+(?:min|hour|day)s?[^\S\n]+ago\n\n[^\n]+\n\n[^\n]+\.\.\.$", re.MULTILINE
)
BULLET = re.compile(r"^[^\S\n]*([•▪◦‣])(?=\s)", re.MULTILINE)

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
SENTENCE_END = ".?!:…”’\"'»)。！？؟۔।"
INITIAL = re.compile(r"\b[A-Z]\.$")


def find_anchor(
    text: str, words: str, *, start: int = 0, where: str = "the text"
) -> tuple[int, int]:
    r"""The first place from `start` where `words` stand in `text`, whatever blanks part them.

    DataError quotes them if they stand nowhere, and says `where` they were sought.

    Examples
    --------
    >>> find_anchor("A  Marriage \nof  Convenience", "Marriage of")
    (3, 15)
    """
    sought = r"\s+".join(map(re.escape, words.split()))
    found = re.compile(sought).search(text, start) if sought else None
    if not found:
        raise DataError(f"{where}: the words “{words}” do not stand in it; correct the catalog.")
    return found.span()


def find_parts(text: str) -> Iterator[Part]:
    r"""The parts that general rules recognise, in order of precedence.

    Examples
    --------
    >>> [part.rule for part in find_parts("end of page \n\n9 - 2\n\nnext")]
    ['page_number']
    """
    for found in FORM.finditer(text):
        yield Part(*found.span(), "form", "A government form (Standard Form 298), not the text.")
    yield from _pages(text)
    for found in TEASER.finditer(text) if "ago\n\n" in text else ():
        reason = "The site advertises another article here; only its beginning is in the file."
        yield Part(*found.span(), "teaser", reason)
    for found in BULLET.finditer(text):
        yield Part(*found.span(1), "bullet", "The sign that marks a list item.")


def _pages(text: str) -> Iterator[Part]:
    """Page numbers, and the lines beneath them that repeat from page to page."""
    if not (DASHED.search(text) or PAGE_NUMBER.match(text)):
        return
    heads: dict[tuple[int, int], str] = {}  # the line beneath each number
    for found in PAGE_NUMBER.finditer(text):
        label = "".join(found[1].split())
        yield Part(*found.span(1), "page_number", f"Number of page {label}, at its head.")
        if head := NEXT_LINE.match(text, found.end()):
            heads[head.span(1)] = " ".join(head[1].split())
    repeated = Counter(heads.values())
    for span, words in heads.items():
        if repeated[words] > 1:
            yield Part(*span, "running_head", "A line that repeats at the head of pages.")


def find_labels(text: str, labels: Iterable[str], rule: str, reason: str) -> Iterator[Part]:
    """Every line that consists of one of `labels` and nothing else."""
    if alternatives := "|".join(map(re.escape, labels)):
        for found in re.finditer(rf"^(?:{alternatives})$", text, re.MULTILINE):
            yield Part(*found.span(), rule, f"{reason} “{found[0]}”.")


def find_blocks(text: str, parts: Sequence[Part]) -> list[tuple[int, int]]:
    r"""The stretches that remain, parted by blank lines and by `parts`, without outer blanks.

    Examples
    --------
    >>> find_blocks("one \n\ntwo", [])
    [(0, 3), (6, 9)]
    """
    edges = [0, *(edge for part in parts for edge in (part.start, part.end)), len(text)]
    blocks = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        position = start
        for gap in [*BLANK_LINE.finditer(text, start, end), None]:
            blocks.append(_trim(text, position, gap.start() if gap else end))
            position = gap.end() if gap else end
    return [block for block in blocks if block[0] < block[1]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())


def is_heading(text: str) -> bool:
    """Whether a block reads like a heading: short, and without the end of a sentence.

    Examples
    --------
    >>> is_heading("LACK OF CONSENSUS ON CHECHNYA"), is_heading("He said so.")
    (True, False)
    """
    words = text.split()
    return len(words) <= 15 and not words[0][0].islower() and words[-1][-1] not in SENTENCE_END


def goes_on(before: str, after: str) -> bool:
    """Whether the block `after` goes on with the paragraph that `before` began.

    Examples
    --------
    >>> goes_on("He met George W.", "Bush."), goes_on("It was late.", "Bush left.")
    (True, False)
    """
    unfinished = before[-1] not in SENTENCE_END or INITIAL.search(before)
    return bool(unfinished) or after[0].islower()


def find_passages(
    text: str, blocks: Iterable[tuple[int, int]], parts: Sequence[Part] = ()
) -> list[Block]:
    r"""Headings and passages among `blocks`; a paragraph cut in two becomes one passage.

    A paragraph goes on in the next block if it has not ended (no mark that ends a sentence,
    or one that belongs to an initial: “George W.”), or if that block begins in lower case.
    After the sign of a list item a passage always begins.

    Examples
    --------
    >>> raw = "HEADING\n\nHe met George W.\n\nBush. It\n\nwas late."
    >>> [(block.kind, raw[block.start:block.end]) for block in find_passages(
    ...     raw, find_blocks(raw, []))]
    [('heading', 'HEADING'), ('passage', 'He met George W.\n\nBush. It\n\nwas late.')]
    """
    found: list[Block] = []
    items = {_trim(text, part.end, len(text))[0] for part in parts if part.rule == "bullet"}
    for start, end in blocks:
        here = text[start:end]
        if found and found[-1].kind == "passage" and start not in items:
            last = found[-1]
            if goes_on(text[last.start : last.end], here):
                found[-1] = Block(last.start, end, "passage")
                continue
        found.append(Block(start, end, "heading" if is_heading(here) else "passage"))
    return found
