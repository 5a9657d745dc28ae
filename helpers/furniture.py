"""What in a text of one's own looks like furniture of its page, or like a mistake of its making.

These rules are proposed, not imposed: each finds what it means in any text, and what it finds
can be looked at before the rule is accepted. They read raw text and propose the smallest edit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from helpers.edits import Edit
from helpers.layout import Block, Part, find_parts

__all__ = ["count_words", "find_furniture", "find_mends", "find_repeated"]

SHORT = 80  # characters of a line that can be a running head
PAGE = re.compile(
    r"[-–—\[(|\s]*(?P<word>(?:page|p\.|pg\.?|seite|стр\.|с\.)\s*)?(?P<number>\d{1,4})"
    r"(?P<of>\s*(?:of|von|de|из|/)\s*\d{1,4})?[-–—\])|\s]*",
    re.IGNORECASE,
)
LABELS = frozenset(
    """advertisement | back to top | click here | comments | contact us | continue reading |
    cookie policy | cookie settings | copy link | download pdf | e-mail | email | facebook |
    follow us | home | leave a comment | leave a reply | linkedin | listen | load more | log in |
    menu | more | more from this author | newsletter | next | next article | previous |
    previous article | print | privacy policy | published | read more | recommended | register |
    related | related articles | related posts | reply | save | search | see also | share |
    share this | share this article | share this page | sign in | sign up | skip to content |
    skip to main content | skip to main navigation | sponsored | subscribe | subscribe now | tags |
    telegram | terms of use | tweet | twitter | view comments | whatsapp""".replace(
        "\n", " "
    ).split("|")
)
KNOWN = {" ".join(label.split()) for label in LABELS}
FURNITURE = re.compile(
    r"(?:©|\(c\)|copyright)\s.*|.*\ball rights reserved\b.*|\d+ (?:comments?|shares?|views?|likes?)"
    r"|(?:share|follow us|sign up|subscribe)\b[^.]{0,40}|(?:we|this site) uses? cookies.*",
    re.IGNORECASE,
)
HYPHEN = re.compile(r"(\w*[^\W\d_])(?:-|\xad)[^\S\n]*\n\s*([^\W\d_]\w*)")
PLAUSIBLE = re.compile(  # what a mistaken encoding hides: accents, Greek, Cyrillic, typography
    "[\xa0-\u017f\u0192\u02c6\u02dc\u0370-\u03ff\u0400-\u045f\u2010-\u203a\u20ac\u2116\u2122\ufeff]+"
)


class _Line(NamedTuple):
    """A line with words on it: its place without outer blanks, its key, where it stands."""

    start: int
    end: int
    key: str
    page: int
    edge: bool  # among the two outermost lines of its page
    alone: bool  # between blank lines


def _key(words: str) -> str:
    """A line for comparing: numbers and case do not matter."""
    return re.sub(r"\d+", "0", " ".join(words.split())).casefold()


def _read_lines(text: str) -> list[_Line]:
    found = []
    for page, (start, end) in enumerate(_find_pages(text)):
        places = [match.span() for match in re.finditer(r"\S[^\n\f]*(?<=\S)", text[start:end])]
        for number, (first, last) in enumerate(places):
            a, b = start + first, start + last
            before = text[max(0, a - 200) : a].rpartition("\n")[0]
            after = text[b : b + 200].partition("\n")[2]
            alone = _is_blank(before.rpartition("\n")[2]) and _is_blank(after.partition("\n")[0])
            edge = number < 2 or number >= len(places) - 2
            found.append(_Line(a, b, _key(text[a : min(b, a + 200)]), page, edge, alone))
    return found


def _is_blank(line: str) -> bool:
    return not line.strip()


def _find_pages(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in re.finditer("\f", text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def find_repeated(texts: Iterable[str]) -> frozenset[str]:
    """Lines that stand alone in so many texts that the site, not the author, wrote them.

    At least three texts and a third of all; no line that ends a sentence.
    """
    keys, total = Counter[str](), 0
    for text in texts:
        total += 1
        lines = {line.key for line in _read_lines(text) if line.end - line.start <= SHORT}
        keys.update(key for key in lines if _can_repeat(key))
    return frozenset(key for key, count in keys.items() if count >= max(3, total / 3))


def _can_repeat(key: str) -> bool:
    """Whether a line could be furniture: letters, no end of a sentence, no stage direction."""
    return len(re.findall(r"[^\W\d_]", key)) > 1 and key[-1] not in ".!?:,;…)]"


def find_furniture(text: str, repeated: Collection[str] = ()) -> Iterator[Part]:
    r"""The parts of a text that look like furniture; `repeated` are as from `find_repeated`.

    Examples
    --------
    >>> text = "One.\n\nShare this\n\nTwo.\n\nPage 2 of 9\n\nShare the burden, he said."
    >>> [(part.rule, text[part.start : part.end]) for part in find_furniture(text)]
    [('page_number', 'Page 2 of 9'), ('site_furniture', 'Share this')]
    """
    yield from find_parts(text)
    lines = _read_lines(text)
    paged = lines[-1].page > 0 if lines else False
    numbers = set(_find_numbers(text, lines, paged=paged))
    for number in sorted(numbers):
        line = lines[number]
        reason = f"A line with nothing but the number of a page: “{text[line.start : line.end]}”."
        yield Part(line.start, line.end, "page_number", reason)
    yield from _find_heads(lines, numbers, paged=paged)
    for line in lines:
        words = text[line.start : min(line.end, line.start + SHORT)]
        label = " ".join(words.split()).casefold().strip("»>→…|: ")
        if line.end - line.start <= SHORT and (label in KNOWN or FURNITURE.fullmatch(words)):
            yield Part(line.start, line.end, "site_furniture", f"A label of the site: “{words}”.")
        elif line.alone and line.key in repeated and line.end - line.start <= SHORT:
            reason = f"“{words}” stands in many of these texts: the site's words."
            yield Part(line.start, line.end, "site_furniture", reason)


def _find_numbers(text: str, lines: list[_Line], *, paged: bool) -> Iterator[int]:
    """Lines that hold the number of a page: marked as such, or counting on from page to page."""
    counted = []
    for number, line in enumerate(lines):
        if line.end - line.start > 20 or (paged and not line.edge):
            continue
        if found := PAGE.fullmatch(text, line.start, line.end):
            if found["word"] or found["of"]:
                yield number
            else:
                counted.append((number, int(found["number"]), line.page))
    for (a, first, page), (b, second, next_page) in pairwise(counted):
        apart = next_page > page if paged else b - a > 3
        if 1 <= second - first <= 2 and apart:
            yield from (a, b)


def _find_heads(lines: list[_Line], numbers: Collection[int], *, paged: bool) -> Iterator[Part]:
    """Lines that repeat where pages begin or end; the first line of a text may be its title."""
    places: dict[str, list[_Line]] = {}
    beside = Counter[str]()  # how often next to the number of a page
    for number, line in enumerate(lines):
        there = line.edge if paged else line.alone
        title = not number and "0" not in line.key
        fits = line.end - line.start <= SHORT and _can_repeat(line.key)
        if there and fits and not title and number not in numbers:
            places.setdefault(line.key, []).append(line)
            beside[line.key] += not {number - 1, number + 1}.isdisjoint(numbers)
    for key, found in places.items():
        if len(found) > 2 or (len(found) == 2 and (paged or beside[key] == 2)):
            for line in found:
                reason = f"A line that stands at {len(found)} pages or places of this text."
                yield Part(line.start, line.end, "running_head", reason)


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands unbroken in some texts."""
    return Counter(word for text in texts for word in re.findall(r"\w+", text.casefold()))


def find_mends(text: str, block: Block, words: Collection[str]) -> Iterator[Edit]:
    """The edits that mend a block: broken words, known from `words`, and mistaken encodings."""
    for found in HYPHEN.finditer(text, block.start, block.end):
        joined, soft = found[1] + found[2], text[found.end(1)] == "\xad"
        if soft or (found[2][0].islower() and joined.casefold() in words):
            start, end = found.end(1), found.start(2)
            known = "a soft hyphen marks the break" if soft else "so it stands elsewhere here"
            reason = f"“{joined}” was broken at the line end: {known}."
            yield Edit(start, end, text[start:end], "", "broken_word", reason)
    for encoding in ("cp1252", "cp1251"):
        pattern, table = _misread(encoding)
        for found in pattern.finditer(text, block.start, block.end):
            wrong, end = found[0], found.end()
            right = bytes(table[mark] for mark in wrong).decode("utf-8", "ignore")
            if not PLAUSIBLE.fullmatch(right):
                continue
            reason = f"“{wrong}” is “{right}”, written in UTF-8 and read as {encoding}."
            while wrong[-1].isspace() and end < block.end and text[end].isspace():
                end += 1  # blanks beside a blank, which no other edit could reduce
            after = right.replace("\ufeff", "") + " " * (end > found.end())
            yield Edit(found.start(), end, text[found.start() : end], after, "mojibake", reason)


@cache
def _misread(encoding: str) -> tuple[re.Pattern[str], dict[str, int]]:
    """What UTF-8 looks like in another encoding, and the byte behind each of its marks.

    In Cyrillic letters three pairs in a row are asked for: single ones are ordinary words. After a
    capital a Latin pair is left alone: “SMÅ”.
    """
    table = {
        bytes([byte]).decode(encoding, "ignore") or chr(byte): byte for byte in range(128, 256)
    }
    marks = {byte: re.escape(mark) for mark, byte in table.items()}
    one, two, three = (
        "".join(marks[byte] for byte in span)
        for span in (range(0x80, 0xC0), range(0xC2, 0xE0), range(0xE0, 0xF0))
    )
    if encoding == "cp1251":
        typographic = f"{marks[0xE2]}{marks[0x80]}[{one}]"
        pattern = f"(?:[{marks[0xD0]}{marks[0xD1]}][{one}]){{3,}}|{typographic}"
    else:
        pattern = f"(?<![A-ZÀ-Ý])[{two}][{one}]|[{three}][{one}]{{2}}"
    return re.compile(pattern), table
