"""Where paragraphs begin and end in a text of one's own, whatever its lines look like.

Blank lines part paragraphs. Where a text has none, each long line is one (a paragraph a line), or
a short line that ends a sentence ends one too (lines wrapped to a width, as in a PDF).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from helpers.layout import SENTENCE_END, Block, Part, find_blocks, goes_on, is_heading
from helpers.sources import Source

__all__ = ["find_marks", "find_paragraphs"]

LONG = 120  # characters of a line that is wrapped nowhere
MANY = 8  # lines in one block that are probably several paragraphs
HEADING = re.compile(r"^#{1,6}[^\S\n]+(?=\S)", re.MULTILINE)
MARKED = (".md", ".markdown", ".docx")
LINE = re.compile(r"[^\n]*\S[^\n]*")
BRIDGED = ("page_number", "running_head", "site_furniture", "form")  # a paragraph goes on beyond


def find_marks(source: Source, front: int) -> Iterator[Part]:
    """What is no text in any case: front matter up to `front`, signs of Markdown, a stray mark."""
    if front:
        yield Part(0, front, "front_matter", "The lines that state what the text is.")
    elif source.text.startswith("\ufeff"):
        yield Part(0, 1, "stray", "The mark that says how the file is encoded.")
    if source.name.lower().endswith(MARKED):
        for found in HEADING.finditer(source.text, front):
            start, end = found.start(), found.start() + len(found[0].rstrip())
            yield Part(start, end, "markup", "The sign that Markdown puts before a heading.")


def find_paragraphs(text: str, parts: Sequence[Part]) -> list[Block]:
    r"""Title, headings and passages of a text from which `parts` go, in order.

    Where Markdown marks headings, they are those; elsewhere a heading is a short line that ends no
    sentence, right before a paragraph. A heading that opens the text is its title. Where a page
    breaks a paragraph in two, it stays one passage.

    Examples
    --------
    >>> raw = "On Iran\n\nHe met nobody.\n\nLater he left."
    >>> [(block.kind, raw[block.start : block.end]) for block in find_paragraphs(raw, [])]
    [('title', 'On Iran'), ('passage', 'He met nobody.'), ('passage', 'Later he left.')]
    """
    spans = list(_split_lines(text, find_blocks(text, parts)))
    marked = {_skip(text, part.end) for part in parts if part.rule == "markup"}
    alike = [start in marked if marked else _is_line(text[start:end]) for start, end in spans]
    bridges = [part.start for part in parts if part.rule in BRIDGED]
    bridges = sorted([*bridges, *(found.start() for found in re.finditer("\f", text))])
    blocks: list[Block] = []
    for number, (start, end) in enumerate(spans):
        more = number + 1 < len(spans)
        heads = alike[number] and more and (bool(marked) or not alike[number + 1] or not number)
        last = blocks[-1] if blocks and blocks[-1].kind == "passage" else None
        if heads:
            blocks.append(Block(start, end, "heading" if number else "title"))
        elif last and _crosses(text, last, start, end, bridges):
            blocks[-1] = Block(last.start, end, "passage")
        else:
            blocks.append(Block(start, end, "passage"))
    return blocks


def _skip(text: str, position: int) -> int:
    while text[position].isspace():
        position += 1
    return position


def _is_line(text: str) -> bool:
    return "\n" not in text and is_heading(text)


def _crosses(text: str, last: Block, start: int, end: int, bridges: Sequence[int]) -> bool:
    """Whether a paragraph goes on from one block to the next, over a page's end."""
    at = bisect_left(bridges, last.end)
    if at == len(bridges) or bridges[at] >= start:
        return False
    before, after = text[last.start : last.end], text[start:end]
    return goes_on(before, after) and (after[0].islower() or not is_heading(before))


def _split_lines(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans, those of many lines cut where a line ends a paragraph."""
    widths = [len(line) for a, b in spans for line in text[a:b].split("\n") if "\n" in text[a:b]]
    if not widths:
        yield from spans
        return
    each, width = median(widths) > LONG, sorted(widths)[len(widths) * 9 // 10]
    for start, end in spans:
        lines = [(start + m.start(), start + m.end()) for m in LINE.finditer(text[start:end])]
        if each:
            yield from (_strip(text, *line) for line in lines)
        elif len(lines) <= MANY:
            yield start, end
        else:
            yield from _cut(text, lines, width)


def _cut(text: str, lines: Sequence[tuple[int, int]], width: int) -> Iterator[tuple[int, int]]:
    """Wrapped lines as paragraphs, each up to a short line that ends a sentence, or an indent."""
    begin = lines[0][0]
    for (start, end), (following, after) in pairwise(lines):
        line, coming = text[start:end].rstrip(), text[following:after]
        short = len(line) < 0.8 * width and line[-1] in SENTENCE_END
        indented = coming[:2].isspace() and not line[:2].isspace() and line[-1] in SENTENCE_END
        heads = start == begin and len(line) < 0.6 * width and is_heading(line)
        if short or indented or (heads and not coming[0].islower()):
            yield _strip(text, begin, end)
            begin = following
    yield _strip(text, begin, lines[-1][1])


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())
