"""The small grammar in which a reader asks for words.

`parse_query` reads what somebody typed and writes an expression for SQLite's FTS5 in which
every term is quoted, so that nothing typed is taken for a command. A query that cannot be
read gets one sentence that says what to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from helpers.errors import QueryError
from helpers.terms import NEAR, OPERATORS, TERM, Group, Term, quote_part, read_near, read_term

__all__ = ["Query", "parse_query"]

MAX_LENGTH = 5_000  # characters of a query
MAX_DEPTH = 20  # FTS5's own parser gives up at about 30

STRAIGHT = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‛ʼ", "'"))
ITEM = re.compile(rf"(?P<near>{NEAR})|(?P<broken>NEAR\s*\()|(?P<term>{TERM})|[()]")
ALONE = r"(?![^\s)])"  # a blank, a parenthesis or the end follows
HINTS = {
    rf"[Aa]nd{ALONE}": "is read as a word to find; to ask for both sides write AND.",
    rf"[Oo]r{ALONE}": "is read as a word to find; to ask for either side write OR.",
    rf"[Nn]ot{ALONE}": "is read as a word to find; to leave a word out write NOT.",
    r"[Nn]ear(?=\s*\()": "is read as a word to find; for words close together write NEAR(…).",
    rf"NEAR(?:/\w+)?(?!\s*\(){ALONE}": "is read as a word; write as in: NEAR(war peace, 5).",
    r"[-–−]\w+": "leaves nothing out; to leave a word out write NOT, as in: peace NOT war.",
}


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asked for, as typed.

    `match` is the same as an FTS5 expression over folded words; empty means every passage.
    `groups` are what is to be marked: all terms but those on the right of ``NOT``. `hints` are
    sentences on what may have been meant otherwise, such as ``and`` in small letters.
    """

    text: str
    match: str
    groups: tuple[Group, ...]
    hints: tuple[str, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms to be marked, each once, in the order in which they were typed."""
        return tuple(dict.fromkeys(term for group in self.groups for term in group.terms))


@lru_cache(maxsize=1024)  # the dictionary of themes asks the same again and again
def parse_query(text: str) -> Query:
    """Read a query: words, ``"phrases"``, ``prefix*``, ``AND OR NOT``, ``NEAR(a b, 5)``, ``( )``.

    Words side by side must all occur; that binds tightest, then ``NOT``, ``AND``, ``OR``. A
    blank query asks for every passage. A QueryError says what to change.

    Examples
    --------
    >>> parse_query("pre-empt* OR “first strike”").match
    '("pre empt"* OR "first strike")'
    >>> parse_query("war and peace").hints
    ('‘and’ is read as a word to find; to ask for both sides write AND.',)
    >>> parse_query("NOT war")
    Traceback (most recent call last):
    helpers.errors.QueryError: ‘NOT’ has nothing on its left; put a word there or delete it.
    """
    plain = text.translate(STRAIGHT)
    if not plain.strip():
        return Query(text, "", (), ())
    _check_characters(plain)
    if not (items := list(_read_items(plain))):
        raise QueryError(
            f"There is no word to find in {quote_part(plain)}; type one, as in: peace."
        )
    _check_parentheses(plain, items)
    node = _Parser(plain, items).read()
    return Query(text, node.match, tuple(dict.fromkeys(node.groups)), tuple(_find_hints(plain)))


class _Node(NamedTuple):
    """A part of a query that has been read: as FTS5 takes it, what it marks, how deep it is."""

    match: str
    groups: tuple[Group, ...]
    height: int = 0


class _Item(NamedTuple):
    """An operator, a parenthesis, or (with a node) something to find; and where it stands."""

    kind: str
    start: int
    end: int
    node: _Node | None = None


def _check_characters(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The query has {len(text):,} characters; keep it to {MAX_LENGTH:,}.")
    if "\0" in text:
        raise QueryError("The query holds a character that cannot be seen (NUL); type it anew.")
    if text.count('"') % 2:
        part = quote_part(text[text.rindex('"') :])
        raise QueryError(f"The quotation mark in {part} is never closed; add the closing one.")


def _read_items(text: str) -> Iterator[_Item]:
    """The parts of a query in order; punctuation that stands alone is passed over."""
    for match in ITEM.finditer(text):
        part, span, group = match[0], match.span(), None
        if match["broken"]:
            raise _broken_near(text[match.start() :])
        if match["near"]:
            group = read_near(part)
        elif part in OPERATORS or not match["term"]:
            yield _Item(part, *span)
        elif term := read_term(part):
            group = Group((term,))
        if group:
            yield _Item("find", *span, _Node(group.match, (group,)))


def _broken_near(rest: str) -> QueryError:
    fault = "is never closed"
    if "(" in rest.partition("(")[2].partition(")")[0]:
        fault = "has parentheses inside, where only words and phrases can stand"
    return QueryError(f"{quote_part(rest)} {fault}; write as in: NEAR(war peace, 5).")


def _check_parentheses(text: str, items: list[_Item]) -> None:
    opened: list[int] = []
    for item in items:
        if item.kind == "(":
            opened.append(item.start)
        elif item.kind == ")" and not opened:
            part = quote_part(text[: item.end][-30:])
            raise QueryError(f"The last parenthesis in {part} closes nothing; delete it.")
        elif item.kind == ")":
            opened.pop()
        if len(opened) > MAX_DEPTH:
            raise _too_deep()
    if opened:
        part = quote_part(text[opened[-1] :])
        raise QueryError(f"The parenthesis in {part} is never closed; add the closing one.")


def _too_deep() -> QueryError:
    return QueryError(f"The query is nested more than {MAX_DEPTH} deep; use fewer parentheses.")


class _Parser:
    """Reads items from left to right; their parentheses are known to be in pairs."""

    def __init__(self, text: str, items: list[_Item]) -> None:
        self.text, self.items, self.at = text, items, 0

    def read(self, level: int = 0) -> _Node:
        """What stands here, up to an operator looser than the one at `level`."""
        if level == len(OPERATORS):
            return self._read_neighbours()
        nodes = [self.read(level + 1)]
        while self._kind(self.at) == OPERATORS[level]:
            self.at += 1
            nodes.append(self.read(level + 1))
        return _join(OPERATORS[level], nodes)

    def _kind(self, at: int) -> str:
        return self.items[at].kind if 0 <= at < len(self.items) else ""

    def _read_neighbours(self) -> _Node:
        nodes = []
        while self._kind(self.at) in ("find", "("):
            node = self.items[self.at].node
            self.at += 1
            if not node:
                node = self.read()
                self.at += 1  # the closing parenthesis
            nodes.append(node)
        if not nodes:
            raise QueryError(self._gap())
        return _join("AND", nodes)

    def _gap(self) -> str:
        """What is wrong where something to find should stand."""
        before, here = self._kind(self.at - 1), self._kind(self.at)
        if before in OPERATORS and here in OPERATORS:
            return f"‘{before} {here}’ is one operator too many; keep one, as in: peace NOT war."
        if before in OPERATORS or here in OPERATORS:
            found, side = (before, "right") if before in OPERATORS else (here, "left")
            return f"‘{found}’ has nothing on its {side}; put a word there or delete it."
        part = self.text[self.items[self.at - 1].start : self.items[self.at].end]
        return f"There is no word in the parentheses {quote_part(part)}; add one or delete them."


def _join(operator: str, nodes: list[_Node]) -> _Node:
    """Several nodes under one operator; what follows ``NOT`` marks nothing."""
    if len(nodes) == 1:
        return nodes[0]
    if operator == "NOT":  # one NOT for a NOT b NOT c, so that a long chain stays flat
        nodes = [nodes[0], _join("OR", nodes[1:])._replace(groups=())]
    height = 1 + max(node.height for node in nodes)
    if height > MAX_DEPTH:
        raise _too_deep()
    groups = tuple(group for node in nodes for group in node.groups)
    return _Node(f"({f' {operator} '.join(node.match for node in nodes)})", groups, height)


def _find_hints(text: str) -> Iterator[str]:
    """What was perhaps meant as an operator, and is none as it is written."""
    unquoted = re.sub(r'"[^"]*"', " ", text)
    for pattern, meaning in HINTS.items():
        for part in dict.fromkeys(re.findall(rf"(?<![^\s(])(?:{pattern})", unquoted)):
            yield f"{quote_part(part)} {meaning}"
