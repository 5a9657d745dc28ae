"""Quotation marks paired, and sentences cut around what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["HIDDEN", "cut_sentences", "find_marked", "hide_marked"]

HIDDEN = "□"
CLOSING = {"“": "”", "«": "»", '"': '"', "‘": "’", "'": "'"}
OPENING = re.compile(r"[“«\"]|(?:^|(?<=[\s(\[“«—–-]))[‘'](?=\w)")
APOSTROPHE = re.compile(r"s[’'](?=\s+[a-z])")  # the nations’ sanctions
SENTENCE_END = re.compile(
    r"(?<!\b[^\W\d_]\.)(?<!\b(?:Mr|Ms|Dr|St|Jr)\.)(?<!\b(?:Mrs|Gen|Sen)\.)"
    r"(?:(?<=[.!?])|(?<=[.!?][□”\"’'»)]))\s+(?=[□“\"‘'«(]|[^\W\d_a-z])"
)


def find_marked(text: str) -> list[tuple[int, int]]:
    """Where quotation marks open and close: spans ``[start, end)``, marks included, in order.

    Double and single, curly and straight marks and guillemets; an apostrophe is no mark. Marks
    inside a quotation belong to it, and a mark that never closes opens nothing.

    Examples
    --------
    >>> text = "Baku’s ‘Eastern axis’, he said, is “a ‘new’ thing”; he “paused"
    >>> [text[start:end] for start, end in find_marked(text)]
    ['‘Eastern axis’', '“a ‘new’ thing”']
    """
    found, position = [], 0
    while opening := OPENING.search(text, position):
        start = opening.start()
        end = _close_single(text, start) if text[start] in "‘'" else _close(text, start)
        if end and re.search(r"\w", text[start:end]):
            found.append((start, end))
        position = end or opening.end()
    return found


def _close(text: str, start: int) -> int:
    """The end of what a double mark opens at `start`; 0 if it never closes."""
    opening, closing, depth = text[start], CLOSING[text[start]], 0
    for mark in re.finditer(f"[{opening}{closing}]", text[start:]):
        nested = mark[0] == opening != closing
        depth += 1 if nested or not depth else -1
        if not depth:
            return start + mark.end()
    return 0


def _close_single(text: str, start: int) -> int:
    """The end of what a single mark opens: the first that is no apostrophe.

    A mark after an s ("the nations’ sanctions") is taken only if no better one follows in the
    same sentence.
    """
    doubtful = {found.end() for found in APOSTROPHE.finditer(text, start)}
    first = 0
    for mark in re.finditer(rf"(?<=\S){CLOSING[text[start]]}(?!\w)", text[start + 1 :]):
        end = start + 1 + mark.end()
        if first and re.search(r"[.!?‘]\s", text[first:end]):
            break
        if end not in doubtful:
            return end
        first = first or end
    return first


def hide_marked(text: str, marked: Sequence[tuple[int, int]]) -> str:
    """The text with what is quoted made unreadable, letter by letter; a final stop stays.

    Examples
    --------
    >>> hide_marked("He said: “No.” Nobody spoke.", [(9, 14)])
    'He said: □□□.□ Nobody spoke.'
    """
    pieces: list[str] = []
    position = 0
    for start, end in marked:
        stop = text[end - 2] if text[end - 2] in ".!?" else HIDDEN
        pieces += text[position:start], HIDDEN * (end - start - 2), stop, HIDDEN
        position = end
    return "".join([*pieces, text[position:]])


def cut_sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text as spans; initials and ``Mr.`` end none.

    Examples
    --------
    >>> text = "He met George W. Bush. The U.S. side agreed."
    >>> [text[start:end] for start, end in cut_sentences(text)]
    ['He met George W. Bush.', 'The U.S. side agreed.']
    """
    start = 0
    for found in SENTENCE_END.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)
