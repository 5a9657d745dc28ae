"""The grammar of queries: what is read, and what is said when it cannot be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.errors import QueryError
from helpers.query import MAX_DEPTH, MAX_LENGTH, Query, parse_query

EVERYTHING = ["", " ", "\t\n", "\u00a0"]

READ = {
    "war": '"war"',
    "WAR,": '"war"',
    "war?": '"war"',
    "‘war’": '"war"',
    "war peace": '("war" AND "peace")',
    "war , peace": '("war" AND "peace")',
    '"axis of evil"': '"axis of evil"',
    "“axis of evil”": '"axis of evil"',
    "„axis of evil‟": '"axis of evil"',
    "«axis of evil»": '"axis of evil"',
    '"war AND (peace"': '"war and peace"',
    "prevent*": '"prevent"*',
    "prevent*,": '"prevent"*',
    "pre-empt*": '"pre empt"*',
    '"missile defen*"': '"missile defen"*',
    '"missile defen"*': '"missile defen"*',
    "“missile defen”*": '"missile defen"*',
    # FTS5 itself answers these with an error.
    "pre-emptive": '"pre emptive"',
    "S-300": '"s 300"',
    "Russia's": '"russia s"',
    "Russia’s": '"russia s"',
    "U.S.": '"u s"',
    "9/11": '"9 11"',
    "$8": '"8"',
    "September 11, 2001": '("september" AND "11" AND "2001")',
    "text:war": '"text war"',
    "^war": '"war"',
    "war+peace": '"war peace"',
    "{war}": '"war"',
    "café": '"cafe"',
    "AND-gate": '"and gate"',
    "nearer (to)": '("nearer" AND "to")',
    # Precedence: side by side, NOT, AND, OR.
    "a OR b c": '("a" OR ("b" AND "c"))',
    "a OR b AND c": '("a" OR ("b" AND "c"))',
    "a AND b NOT c": '("a" AND ("b" NOT "c"))',
    "a NOT b c": '("a" NOT ("b" AND "c"))',
    "a NOT b NOT c": '("a" NOT ("b" OR "c"))',
    "a b NOT c": '(("a" AND "b") NOT "c")',
    "(a OR b) c": '(("a" OR "b") AND "c")',
    "((a))": '"a"',
    "a(b)c": '("a" AND "b" AND "c")',
    'a"b"c': '("a" AND "b" AND "c")',
    "NEAR(a b)": 'NEAR("a" "b", 10)',
    "NEAR (a b, 5)": 'NEAR("a" "b", 5)',
    "NEAR(a b,5)": 'NEAR("a" "b", 5)',
    "NEAR(a, b*, 05)": 'NEAR("a" "b"*, 5)',
    'NEAR("a (b), c" d)': 'NEAR("a b c" "d", 10)',
    "NEAR(1,000 troops, 3)": 'NEAR("1 000" "troops", 3)',
    "NEAR(a b) OR c": '(NEAR("a" "b", 10) OR "c")',
}

STAR = "; put the star behind the first letters, as in: prevent*."
NEAR = "; write as in: NEAR(war peace, 5)."
DISTANCE = " must end with a comma and a whole number from 1 to 1,000" + NEAR
DEEP = "The query is nested more than 20 deep; use fewer parentheses."
MISTAKES = {
    'war "peace': 'The quotation mark in ‘"peace’ is never closed; add the closing one.',
    "war (peace": "The parenthesis in ‘(peace’ is never closed; add the closing one.",
    "war) peace": "The last parenthesis in ‘war)’ closes nothing; delete it.",
    "war ( )": "There is no word in the parentheses ‘( )’; add one or delete them.",
    "(?)": "There is no word in the parentheses ‘(?)’; add one or delete them.",
    "OR war": "‘OR’ has nothing on its left; put a word there or delete it.",
    "NOT war": "‘NOT’ has nothing on its left; put a word there or delete it.",
    "(NOT war)": "‘NOT’ has nothing on its left; put a word there or delete it.",
    "war AND": "‘AND’ has nothing on its right; put a word there or delete it.",
    "(war OR) peace": "‘OR’ has nothing on its right; put a word there or delete it.",
    "war AND ?": "‘AND’ has nothing on its right; put a word there or delete it.",
    "a AND NOT b": "‘AND NOT’ is one operator too many; keep one, as in: peace NOT war.",
    "*": "‘*’ has no letter or digit before its star" + STAR,
    "war *": "‘*’ has no letter or digit before its star" + STAR,
    "war-*": "‘war-*’ has no letter or digit before its star" + STAR,
    "*war": "‘*war’ begins with a star" + STAR,
    "w*r": "‘w*r’ has a star in the middle" + STAR,
    '"missile* defence"': '‘"missile* defence"’ has a star in the middle' + STAR,
    "NEAR(war)": "‘NEAR(war)’ needs two words or phrases" + NEAR,
    "NEAR()": "‘NEAR()’ needs two words or phrases" + NEAR,
    "NEAR(war ?, 3)": "‘NEAR(war ?, 3)’ needs two words or phrases" + NEAR,
    "NEAR(war peace, x)": "‘NEAR(war peace, x)’" + DISTANCE,
    "NEAR(war peace, 0)": "‘NEAR(war peace, 0)’" + DISTANCE,
    "NEAR(war peace, 1001)": "‘NEAR(war peace, 1001)’" + DISTANCE,
    "NEAR(war, peace)": "‘NEAR(war, peace)’" + DISTANCE,
    "NEAR(war peace": "‘NEAR(war peace’ is never closed" + NEAR,
    "NEAR((war) peace)": (
        "‘NEAR((war) peace)’ has parentheses inside, where only words and phrases can stand" + NEAR
    ),
    "NEAR(war OR peace)": (
        "‘NEAR(war OR peace)’ has ‘OR’ inside, where only words and phrases can stand" + NEAR
    ),
    "?": "There is no word to find in ‘?’; type one, as in: peace.",
    '""': 'There is no word in ‘""’; type one between the marks.',
    'war "…"': 'There is no word in ‘"…"’; type one between the marks.',
    "war\0": "The query holds a character that cannot be seen (NUL); type it anew.",
    "a" * 6_000: "The query has 6,000 characters; keep it to 5,000.",
    "(" * 30 + "a" + ")" * 30: DEEP,
    "a OR a AND (" * 15 + "a" + ")" * 15: DEEP,
}

HINTS = {
    "war peace": [],
    '"war and peace"': [],
    "war AND peace": [],
    "Oregon android": [],
    "near the border": [],
    "pre-empt": [],
    "war and peace": ["‘and’ is read as a word to find; to ask for both sides write AND."],
    "(war or peace)": ["‘or’ is read as a word to find; to ask for either side write OR."],
    "not war not peace": ["‘not’ is read as a word to find; to leave a word out write NOT."],
    "near(war peace, 5)": [
        "‘near’ is read as a word to find; for words close together write NEAR(…)."
    ],
    "war NEAR/5 peace": ["‘NEAR/5’ is read as a word; write as in: NEAR(war peace, 5)."],
    "peace -war": [
        "‘-war’ leaves nothing out; to leave a word out write NOT, as in: peace NOT war."
    ],
}


@pytest.fixture(scope="module")
def fts5() -> Iterator[sqlite3.Cursor]:
    """An empty full-text table to try expressions on."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize='ascii')")
    yield database.cursor()
    database.close()


def ask(fts5: sqlite3.Cursor, query: Query) -> None:
    """Let FTS5 read a query; it raises if it cannot."""
    fts5.execute("SELECT rowid FROM words WHERE words MATCH ?", [query.match]).fetchall()


@pytest.mark.parametrize("text", EVERYTHING)
def test_blank(text: str) -> None:
    """A blank query asks for everything and marks nothing."""
    assert parse_query(text) == Query(text, "", (), ())


@pytest.mark.parametrize(("text", "match"), READ.items())
def test_read(text: str, match: str, fts5: sqlite3.Cursor) -> None:
    """What a reader types becomes an expression in which every word is quoted."""
    query = parse_query(text)
    assert query.match == match
    ask(fts5, query)


@pytest.mark.parametrize(("text", "sentence"), MISTAKES.items())
def test_mistake(text: str, sentence: str) -> None:
    """A query that cannot be read gets one sentence that says what to change."""
    with pytest.raises(QueryError) as error:
        parse_query(text)
    assert str(error.value) == sentence


@pytest.mark.parametrize(("text", "hints"), HINTS.items())
def test_hints(text: str, hints: list[str]) -> None:
    """What looks like an operator and is none gets a sentence, and no error."""
    assert list(parse_query(text).hints) == hints


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a (b OR c*) NOT d", ["a", "b", "c*"]),
        ("a NOT (b NOT c)", ["a"]),
        ("a OR a", ["a"]),
        ("‘Russia’s’ “missile  defen*”? U.S.,", ["Russia's", '"missile defen*"', "U.S."]),
        ('"missile defen"* NEAR(x* $8)', ['"missile defen*"', "x*", "$8"]),
    ],
)
def test_terms(text: str, written: list[str]) -> None:
    """Terms are marked once each and as they were typed, but not on the right of NOT."""
    terms = parse_query(text).terms
    assert [term.written for term in terms] == written
    assert all(
        (again.tokens, again.prefix) == (term.tokens, term.prefix)
        for term in terms
        for again in parse_query(term.written).terms
    )


PIECES = ["a", "B-2", "“x y”", '"', "(", ")", "*", ",", " ", "NEAR(", "NEAR", "OR", "AND", "NOT"]
TYPED = st.lists(st.sampled_from([*PIECES, "3", "\0", "\ud800"]) | st.text(max_size=3), max_size=12)


@settings(max_examples=150)
@given(TYPED)
@example(["(a OR " * MAX_DEPTH, "a", ")" * MAX_DEPTH])
@example(["(a NOT (a b OR NEAR(a b) " * (MAX_DEPTH // 3), "a", "))" * (MAX_DEPTH // 3)])
@example(["a NOT " * (MAX_LENGTH // 6 - 1), "a"])
@example(["a OR " * (MAX_LENGTH // 5 - 1), "a"])
@example(["a " * (MAX_LENGTH // 2)])
@example(["NEAR(", "a " * (MAX_LENGTH // 2 - 5), ")"])
@example(['"', "a " * (MAX_LENGTH // 2 - 5), '"'])
def test_anything_typed(fts5: sqlite3.Cursor, pieces: list[str]) -> None:
    """Whatever is typed, FTS5 can read it or one sentence says what to change."""
    text = "".join(pieces) if len(pieces) < 6 else " ".join(pieces)
    try:
        query = parse_query(text)
    except QueryError as error:
        sentence = str(error)
        assert sentence.endswith(".")
        assert "\n" not in sentence
    else:
        if query.match:
            ask(fts5, query)
