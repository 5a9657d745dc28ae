"""The one tokenizer: what a word is, for searching, counting and marking alike.

A word is a run of letters and digits. Words are compared without case and accents, and know
the characters of the text they were read from. Every other sign stands between words, so
"U.S." is two of them and "S-300" is too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, combining, normalize

__all__ = ["Token", "cut_around", "fold_words", "tokenize"]

ASCII_WORD = re.compile(r"[a-z0-9]+")
PLAIN = "".join(chr(i).lower() if chr(i).isalnum() else " " for i in range(128))
WORD = re.compile(r"[^\W_]+")
TYPOGRAPHY = re.compile(r"[\xa0«»\u2010-\u2027]")  # no-break blank, dashes, quotation marks, …
# Outside Latin and general punctuation: may be a mark inside a word. So may a soft hyphen.
RARE = re.compile(r"[^\w\x00-\xac\xae-\u02ff\u2000-\u206f]")


class Token(NamedTuple):
    """A folded word, and the characters `start` to `end` (half-open) it was read from."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The words of `text` without case and accents, with their positions.

    Examples
    --------
    >>> [tuple(token) for token in tokenize("Café, U.S.")]
    [('cafe', 0, 4), ('u', 6, 7), ('s', 8, 9)]
    """
    text = TYPOGRAPHY.sub(" ", text)
    if text.isascii():
        return [Token(m[0], m.start(), m.end()) for m in ASCII_WORD.finditer(text.lower())]
    spans = [match.span() for match in WORD.finditer(RARE.sub(_bridge, text))]
    tokens = [Token(_fold(text[start:end]), start, end) for start, end in spans]
    return [token for token in tokens if token.text]


def cut_around(
    text: str, tokens: list[Token], start: int, end: int, window: int
) -> tuple[str, str, str]:
    """Characters `start` to `end` of a text between so many of its `tokens` on each side.

    Examples
    --------
    >>> cut_around("a b, c d", tokenize("a b, c d"), 2, 3, 1)
    ('a ', 'b', ', c')
    """
    before = [0, *(token.start for token in tokens if token.end <= start), start]
    after = [end, *(token.end for token in tokens if token.start >= end), len(text)]
    left = before[max(0, len(before) - 1 - window)]
    right = after[min(window, len(after) - 1)]
    return text[left:start], text[start:end], text[end:right]


def fold_words(text: str) -> list[str]:
    """The same words as `tokenize` gives, without positions, and quicker."""
    text = TYPOGRAPHY.sub(" ", text)
    if text.isascii():
        return text.translate(PLAIN).split()
    if RARE.search(text):
        return [token.text for token in tokenize(text)]
    return [word for word in map(_fold, WORD.findall(text)) if word]


def _bridge(match: re.Match[str]) -> str:
    """A letter in place of a mark, so that the word around the mark stays one word."""
    sign = match[0]
    return "x" if sign == "\xad" or category(sign).startswith("M") else sign


@lru_cache(maxsize=1 << 16)
def _fold(word: str) -> str:
    """`word` without case, accents and the signs that compatibility forms bring with them."""
    if word.isascii():
        return word.lower()
    plain = normalize("NFKD", normalize("NFKD", word).casefold())
    return "".join(char for char in plain if char.isalnum() or _is_vowel_sign(char))


def _is_vowel_sign(char: str) -> bool:
    """Whether a mark is part of the spelling, as in Hindi, and not an accent upon a letter."""
    return category(char).startswith("M") and not combining(char)
