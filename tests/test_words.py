"""What a word is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.words import fold_words, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("?!…", []),
        ("War, and peace.", ["war", "and", "peace"]),
        ("pre-emptive", ["pre", "emptive"]),
        ("S-300", ["s", "300"]),
        ("U.S.-led", ["u", "s", "led"]),
        ("Russia's Russia’s", ["russia", "s", "russia", "s"]),
        ("$8 9/11 1,000", ["8", "9", "11", "1", "000"]),
        ("snake_case", ["snake", "case"]),
        ("Café CAFÉ cafe\u0301", ["cafe", "cafe", "cafe"]),
        ("Straße ﬁrst Ⅷ", ["strasse", "first", "viii"]),
        ("Путин Ёлка", ["путин", "елка"]),
        ("mis\u00adsile", ["missile"]),
        ("हिन्दी", ["हिनदी"]),
        ("²½", ["212"]),
        ("no\u00a0break", ["no", "break"]),
        ("«Ось»—зла", ["ось", "зла"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    """Words are runs of letters and digits without case and accents."""
    assert [token.text for token in tokenize(text)] == words
    assert fold_words(text) == words


@given(st.text(st.characters(categories=("L", "M", "N", "P", "Z", "Cf", "Cs"))))
def test_words_are_stable(text: str) -> None:
    """Folded words fold to themselves, and positions lead back to them."""
    tokens = tokenize(text)
    assert fold_words(text) == [token.text for token in tokens]
    assert fold_words(" ".join(fold_words(text))) == fold_words(text)
    assert all(fold_words(text[start:end]) == [word] for word, start, end in tokens)
    assert all(one.end <= two.start for one, two in pairwise(tokens))
