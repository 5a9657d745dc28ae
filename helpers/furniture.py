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

__all__ = ["Findings", "Survey", "find_furniture", "find_mends", "survey_texts"]

ENDS = ".!?:,;…)]"  # of sentences and stage directions
SHORT = 80  # characters of a line that can be a running head
MOST_LINES = 500_000  # that a survey holds in memory, some 100 MB
PAGE = re.compile(
    r"[-–—\[(|\s]*(?P<word>(?:page|p\.|pg\.?|seite|стр\.|с\.)\s*)?(?P<number>\d{1,4})"
    r"(?P<of>\s*(?:of|von|de|из|/)\s*\d{1,4})?[-–—\])|\s]*",
    re.IGNORECASE,
)
LABELS = """advertisement | back to top | click here | comments | contact us | continue reading |
    cookie policy | cookie settings | copy link | download pdf | e-mail | email | facebook |
    follow us | home | leave a comment | leave a reply | linkedin | listen | load more | log in |
    menu | more | more from this author | newsletter | next | next article | previous |
    previous article | print | privacy policy | published | read more | recommended | register |
    related | related articles | related posts | reply | save | search | see also | share |
    share this | share this article | share this page | sign in | sign up | skip to content |
    skip to main content | skip to main navigation | sponsored | subscribe | subscribe now | tags |
    telegram | terms of use | tweet | twitter | view comments | whatsapp"""
KNOWN = {" ".join(label.split()) for label in LABELS.split("|")}
FURNITURE = re.compile(
    r"(?:©|\(c\)|copyright)\s.*|\d+ (?:comments?|shares?|views?|likes?)"
    r"|(?:share|follow us|sign up|subscribe)\b[^.]{0,40}|(?:we|this site) uses? cookies.*",
    re.IGNORECASE,
)
HYPHEN = re.compile(r"[-\xad](?<=[^\W\d_].)(?=[^\S\n]*\n\s*([^\W\d_]\w*))")
RIGHTS = re.compile(r"\ball rights reserved\b", re.IGNORECASE)
NUMBER = re.compile(r"\d+")
TWO_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]")
LINE = re.compile(r"\S[^\n\f]*(?<=\S)")
PLAUSIBLE = re.compile(  # what a mistaken encoding hides: accents, Greek, Cyrillic, typography
    "[\xa0-\u017f\u0192\u02c6\u02dc\u0370-\u03ff\u0400-\u045f\u2010-\u203a\u20ac\u2116\u2122\ufeff]+"
)


class _Line(NamedTuple):
    """A line with words on it: its place without outer blanks, where it stands."""

    start: int
    end: int
    page: int
    edge: bool  # among the two outermost lines of its page
    alone: bool  # between blank lines


def _key(words: str) -> str:
    """A line for comparing: numbers and case do not matter."""
    return NUMBER.sub("0", " ".join(words.split())).casefold()


def _read_lines(text: str) -> list[_Line]:
    pages, start = list[list[tuple[int, int]]](), 0
    for end in [*(found.start() for found in re.finditer("\f", text)), len(text)]:
        pages.append([found.span() for found in LINE.finditer(text, start, end)])
        start = end + 1
    blanks = _find_blanks(text, [place for places in pages for place in places])
    return [
        _Line(start, end, page, not 1 < number < len(places) - 2, next(blanks))
        for page, places in enumerate(pages)
        for number, (start, end) in enumerate(places)
    ]


def _find_blanks(text: str, places: list[tuple[int, int]]) -> Iterator[bool]:
    """For each line whether those before and after it are blank, or there are none."""
    ends, starts = (0, *(end for _, end in places)), (*(start for start, _ in places), len(text))
    gaps = [text.count("\n", end, start) for end, start in zip(ends, starts, strict=True)]
    gaps[0] = gaps[-1] = 2
    before, after = _carry(gaps), reversed(_carry(gaps[:0:-1]))
    return (one > 1 and other > 1 for one, other in zip(before, after, strict=False))


def _carry(gaps: Iterable[int]) -> list[int]:
    """The line ends in each gap; those of the gap before where a form feed alone parts two."""
    carried = list[int]()
    for gap in gaps:
        carried.append(gap or carried[-1])
    return carried


class Findings(NamedTuple):
    """What some texts add to a `Survey`: short lines of each, words, words broken at line ends."""

    lines: tuple[frozenset[str], ...]
    words: frozenset[str]
    broken: frozenset[str]


def survey_texts(texts: Iterable[str], rules: Collection[str]) -> Findings:
    """What the rules ``site_furniture`` and ``broken_word`` must know of some texts."""
    lines, tokens, broken = list[frozenset[str]](), set[str](), set[str]()
    for text in texts:
        found = _read_lines(text) if "site_furniture" in rules else ()
        short = (text[a:b] for a, b, *_ in found if b - a <= SHORT)
        keys = {_key(line) for line in short if line[-1] not in ENDS}
        lines.append(frozenset(filter(_can_repeat, keys)))
        if "broken_word" in rules:
            tokens.update(text.casefold().split())
            broken.update(_join(text, cut).casefold() for cut in HYPHEN.finditer(text))
    words = re.findall(r"\w+", " ".join(tokens))
    return Findings(tuple(lines), frozenset(words), frozenset(broken))


class Survey:
    r"""What many texts have in common, counted a few texts at a time.

    `add` takes them in order. Where there are too many different lines, the rarer half is
    forgotten: what a third of all texts repeat is not among it.

    Examples
    --------
    >>> survey = Survey()
    >>> for text in ("Home\n\nThe sanctions.", "Home\n\nOf sanc-\ntions.", "Home\n\nEnd."):
    ...     survey.add(survey_texts([text], ["site_furniture", "broken_word"]))
    >>> survey.repeated, survey.mended
    (frozenset({'home'}), frozenset({'sanctions'}))
    """

    def __init__(self) -> None:
        self._total, self._lines = 0, Counter[str]()
        self._words, self._broken = set[str](), set[str]()

    def add(self, found: Findings) -> None:
        """Count what some more texts have."""
        self._words |= found.words
        self._broken |= found.broken
        for lines in found.lines:
            self._total += 1
            self._lines.update(lines)
            if len(self._lines) > MOST_LINES:
                rare = sorted(self._lines.values())[len(self._lines) // 2]
                self._lines = Counter({key: n for key, n in self._lines.items() if n > rare})

    @property
    def repeated(self) -> frozenset[str]:
        """Lines that stand in so many texts that the site, not the author, wrote them.

        At least three texts and a third of all; no line that ends a sentence.
        """
        least = max(3, self._total / 3)
        return frozenset(key for key, count in self._lines.items() if count >= least)

    @property
    def mended(self) -> frozenset[str]:
        """Words that are broken at a line end somewhere and stand whole elsewhere."""
        return frozenset(self._broken & self._words)


def _can_repeat(key: str) -> bool:
    """Whether a line could be furniture: letters, no end of a sentence, no stage direction."""
    return key[-1] not in ENDS and bool(TWO_LETTERS.search(key))


def find_furniture(text: str, repeated: Collection[str] = ()) -> Iterator[Part]:
    r"""The parts of a text that look like furniture; `repeated` are as from a `Survey`.

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
    yield from _find_heads(text, lines, numbers, paged=paged)
    for line in lines:
        if line.end - line.start > SHORT:
            continue
        words = text[line.start : line.end]
        label = " ".join(words.split()).casefold().strip("»>→…|: ")
        rights = "all rights reserved" in label and RIGHTS.search(words)
        if rights or label in KNOWN or FURNITURE.fullmatch(words):
            yield Part(line.start, line.end, "site_furniture", f"A label of the site: “{words}”.")
        elif line.alone and repeated and _key(words) in repeated:
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


def _find_heads(
    text: str, lines: list[_Line], numbers: Collection[int], *, paged: bool
) -> Iterator[Part]:
    """Lines that repeat where pages begin or end; the first line of a text may be its title."""
    places: dict[str, list[_Line]] = {}
    beside = Counter[str]()  # how often next to the number of a page
    for number, line in enumerate(lines):
        there = line.edge if paged else line.alone
        if not there or line.end - line.start > SHORT or number in numbers:
            continue
        key = _key(text[line.start : line.end])
        title = not number and "0" not in key
        if not title and _can_repeat(key):
            places.setdefault(key, []).append(line)
            beside[key] += not {number - 1, number + 1}.isdisjoint(numbers)
    for key, found in places.items():
        if len(found) > 2 or (len(found) == 2 and (paged or beside[key] == 2)):
            for line in found:
                reason = f"A line that stands at {len(found)} pages or places of this text."
                yield Part(line.start, line.end, "running_head", reason)


def find_mends(text: str, block: Block, words: Collection[str]) -> Iterator[Edit]:
    """The edits that mend a block: broken words, known from `words`, and mistaken encodings."""
    done = block.start
    for found in HYPHEN.finditer(text, block.start, block.end):
        start, end = found.start(), found.start(1)
        if start == done:
            continue  # the word before it was broken itself
        joined, soft, done = _join(text, found, done), text[start] == "\xad", found.end(1)
        if soft or (found[1][0].islower() and joined.casefold() in words):
            known = "a soft hyphen marks the break" if soft else "so it stands elsewhere here"
            reason = f"“{joined}” was broken at the line end: {known}."
            yield Edit(start, end, text[start:end], "", "broken_word", reason)
    plain = text[block.start : block.end].isascii()
    for encoding in () if plain else ("cp1252", "cp1251"):
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


def _join(text: str, found: re.Match[str], least: int = 0) -> str:
    """The word on both sides of a hyphen at the line end; it does not begin before `least`."""
    start = found.start()
    while start > least and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return text[start : found.start()] + found[1]


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
        pair, other = f"[{marks[0xD0]}{marks[0xD1]}]", marks[0xE2]
        typographic = f"(?<={other}){marks[0x80]}[{one}]"
        first, rest = f"{pair[:-1]}{other}]", f"(?<={pair})[{one}](?:{pair}[{one}]){{2,}}"
        pattern = f"{first}(?:{rest}|{typographic})"
    else:
        pair = f"(?<=[{two}])(?<![A-ZÀ-Ý].)[{one}]"
        pattern = f"[{two}{three}](?:{pair}|(?<=[{three}])[{one}]{{2}})"
    return re.compile(pattern, re.DOTALL), table  # one class first, to be quick
