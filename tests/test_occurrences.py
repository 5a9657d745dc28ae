"""Where words stand, on texts whose right answer the eye can see."""

from __future__ import annotations

import pytest

from helpers.query import parse_query
from helpers.terms import find_occurrences


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        # first, last, none and many
        ("A", "A b c", ["A"]),
        ("C", "a b C", ["C"]),
        ("d", "a b c", []),
        ("", "a b c", []),
        ("a", "a b A á", ["a", "A", "á"]),
        ('"a b"', "A, B b a b", ["A, B", "a b"]),
        ('"a b c"', "a b", []),
        # a prefix goes on, a word does not
        ("Bush", "Bush Bushehr", ["Bush"]),
        ("Bush*", "Bush Bushehr", ["Bush", "Bushehr"]),
        ('"a b*"', "a bc abc a", ["a bc"]),
        # overlapping phrases are two; the same words found twice are one
        ('"a b" OR "b c"', "a b c", ["a b", "b c"]),
        ('"a a"', "a a a", ["a a", "a a"]),
        ('a OR "a b"', "a b", ["a", "a b"]),
        ("a OR a* OR á", "a", ["a"]),
        # what follows NOT is not marked
        ("a NOT b", "a b", ["a"]),
        # as FTS5 has it: words between the end of a term and the start of the last one
        ("NEAR(a b, 1)", "a x b", ["a", "b"]),
        ("NEAR(a b, 1)", "b x a", ["b", "a"]),
        ("NEAR(a b, 1)", "a x x b", []),
        ("NEAR(a b, 1)", "a a x b x x a", ["a", "b"]),
        ("NEAR(a b c, 1)", "a b c", ["a", "b", "c"]),
        ("NEAR(a b c, 1)", "a x b x c", []),
        ("NEAR(a b c, 3)", "a x b x c", ["a", "b", "c"]),
        ('NEAR("a b c" d, 1)', "a b c x d", ["a b c", "d"]),
        ('NEAR(d "a b c", 1)', "d x a b c", ["d", "a b c"]),
        ("NEAR(a b) OR a", "a b " + "x " * 11 + "a", ["a", "b", "a"]),
        ("NEAR(a b)", "a b " + "x " * 11 + "a", ["a", "b"]),
    ],
)
def test_occurrences(query: str, text: str, marked: list[str]) -> None:
    """Every occurrence is found, in order, and nothing else."""
    found = find_occurrences(parse_query(query).groups, text)
    assert [text[start:end] for start, end, _ in found] == marked
    assert found == sorted(found)


def test_first_term_names_it() -> None:
    """Words that two terms find belong to the one written first."""
    found = find_occurrences(parse_query('prevent* OR prevent OR "prevent"').groups, "to prevent")
    assert [tuple(one) for one in found] == [(3, 10, "prevent*")]
