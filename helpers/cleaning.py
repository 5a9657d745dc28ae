"""The rules that propose edits; one gate through which every edit passes.

Each rule reads the raw text, never another rule's output, and proposes the smallest edit
that does what it promises. `RULES` is the closed list, in order of precedence: where two
proposals overlap, the one of the earlier rule stands. The gate, `record_edits`, writes every
accepted proposal into the ledger, so that none can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from helpers.edits import Edit, Ledger
from helpers.errors import DataError, check_name
from helpers.layout import Block, Part
from helpers.sources import Source

__all__ = ["RULES", "Erratum", "Rule", "clean_source", "keep_parts", "record_edits"]


@dataclass(frozen=True, slots=True)
class Rule:
    """The name of a rule, what it does, and whether it can be switched off.

    Rules that remove what is not text fix where passages begin and end, and so their ids;
    they are always on. Rules that mend the text can be switched off to see what they do.
    """

    name: str
    what: str
    switchable: bool = False


RULES = (
    Rule("form", "removes a government form that stands between two pages"),
    Rule("page_number", "removes the number of a page"),
    Rule("running_head", "removes the line that repeats at the head of each page"),
    Rule("masthead", "removes what names the publication, its issue or its address"),
    Rule("sidebar", "removes a notice set beside the text"),
    Rule("caption", "removes the words that belong to a picture"),
    Rule("credit", "removes the line that says where a text was first published"),
    Rule("biography", "removes the lines about the author"),
    Rule("dek", "removes a summary above the text that the text itself repeats"),
    Rule("misplaced_heading", "removes a heading from where the scan put it"),
    Rule("site_furniture", "removes the labels and buttons of a web site"),
    Rule("teaser", "removes the advertisement for another article"),
    Rule("bullet", "removes the sign before a list item"),
    Rule("stray", "removes marks that belong to nothing"),
    Rule("note_marker", "removes the number of a note that is not in the file", True),
    Rule("erratum", "corrects a mistake listed one by one in data/errata.toml", True),
    Rule("line_hyphen", "joins a word that the scan marks as broken at the line end", True),
    Rule("hyphen_break", "takes away the line break after a hyphen that belongs to the word", True),
    Rule("split_token", "closes a gap that the scan tore into a number or a compound", True),
    Rule("whitespace", "reduces line breaks and runs of blanks to what parts words", True),
)
NAMES = {rule.name: rank for rank, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Erratum:
    """A certain mistake of the scan: the raw characters, what they should be, and why."""

    start: int
    end: int
    right: str
    reason: str


def keep_parts(parts: Iterable[Part]) -> list[Part]:
    """Parts in order of position; where two overlap, the earlier rule in `RULES` stands.

    Examples
    --------
    >>> [part.rule for part in keep_parts([Part(3, 9, "bullet", "."), Part(0, 5, "form", ".")])]
    ['form']
    """
    kept: list[Part] = []
    for part in sorted(parts, key=lambda part: NAMES[part.rule]):
        if all(part.end <= other.start or other.end <= part.start for other in kept):
            kept.append(part)
    return sorted(kept, key=lambda part: part.start)


def record_edits(source: Source, proposals: Iterable[Edit]) -> Ledger:
    """The gate: the ledger of those `proposals` that no earlier rule's edit overlaps.

    Raises
    ------
    DataError
        If a proposal comes from no rule in `RULES`, changes nothing or gives no reason.
    """
    taken = bytearray(len(source.text))
    accepted = []
    for edit in sorted(proposals, key=lambda edit: NAMES.get(edit.rule, -1)):
        if edit.rule not in NAMES or not edit.reason or edit.before == edit.after:
            raise DataError(f"{source.name}: an edit needs a rule, a reason and a change: {edit}.")
        if taken.find(1, edit.start, edit.end) < 0:
            taken[edit.start : edit.end] = b"\x01" * (edit.end - edit.start)
            accepted.append(edit)
    return Ledger(source, accepted)


def clean_source(
    source: Source,
    *,
    parts: Sequence[Part],
    blocks: Sequence[Block],
    errata: Sequence[Erratum] = (),
    without: Collection[str] = (),
) -> Ledger:
    """The ledger of one source: its parts removed, its text mended.

    Parameters
    ----------
    source : Source
        The raw file.
    parts, blocks : sequences
        What goes and what stays, each sorted and none overlapping another.
    errata : sequence of Erratum
        The curated corrections of this file.
    without : collection of str, optional
        Names of switchable rules to leave out.

    Raises
    ------
    UnknownNameError
        If `without` names something else than a switchable rule.
    """
    switchable = [rule.name for rule in RULES if rule.switchable]
    off = {check_name("rule that can be switched off", name, switchable) for name in without}
    proposals = [*_removals(source.text, parts, blocks), *_errata(source.text, errata)]
    for block in blocks:
        for propose in TEXT_RULES:
            proposals += propose(source.text, block)
    proposals += _gaps(source.text, blocks)
    return record_edits(source, (edit for edit in proposals if edit.rule not in off))


def _removals(text: str, parts: Sequence[Part], blocks: Sequence[Block]) -> Iterator[Edit]:
    """One row for each part, with the blanks that adjoin it.

    Inside a passage a run of parts leaves one blank, which the first of them holds.
    """
    passages = [block for block in blocks if block.kind == "passage"]
    done = 0
    for part in parts:
        start, end = _with_blanks(text, part.start, part.end)
        inside = any(block.start < part.start < block.end for block in passages)
        follows = bool(done) and start <= done
        after = " " if inside and not follows else ""
        start, done = max(start, done), end
        yield Edit(start, end, text[start:end], after, part.rule, part.reason)


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    return len(text[:start].rstrip()), len(text) - len(text[end:].lstrip())


def _errata(text: str, errata: Iterable[Erratum]) -> Iterator[Edit]:
    for item in errata:
        before = text[item.start : item.end]
        yield Edit(item.start, item.end, before, item.right, "erratum", item.reason)


NOTE_MARKER = re.compile(r"(?<=[.,;:!?”’\"])\s*\(\d{1,2}\)\s*")
LINE_HYPHEN = re.compile(r"¬[^\S\n]*\n\s*")
HYPHEN_BREAK = re.compile(r"(?<=[\w.]-)[^\S\n]*\n\s*(?=\w)")
SPLIT_TOKEN = re.compile(r"(?<=\d) (?=\d)|(?<=\w\.) (?=-\w)")
BLANKS = re.compile(r"\s{2,}|[^\S ]")


def _note_markers(text: str, block: Block) -> Iterator[Edit]:
    reason = "The number of a note; the note itself is not in the file."
    for found in NOTE_MARKER.finditer(text, block.start, block.end):
        yield Edit(*found.span(), found[0], " ", "note_marker", reason)


def _line_hyphens(text: str, block: Block) -> Iterator[Edit]:
    reason = "¬ at a line end marks a word broken by the line; it is joined without a hyphen."
    for found in LINE_HYPHEN.finditer(text, block.start, block.end):
        yield Edit(*found.span(), found[0], "", "line_hyphen", reason)


def _hyphen_breaks(text: str, block: Block) -> Iterator[Edit]:
    reason = "The hyphen at the line end stays; only the line break after it goes."
    for found in HYPHEN_BREAK.finditer(text, block.start, block.end):
        yield Edit(*found.span(), found[0], "", "hyphen_break", reason)


def _split_tokens(text: str, block: Block) -> Iterator[Edit]:
    if not _is_double_spaced(text, block):
        return
    reason = "Two blanks part words in this scan; a single one here tears one word in two."
    for found in SPLIT_TOKEN.finditer(text, block.start, block.end):
        yield Edit(*found.span(), found[0], "", "split_token", reason)


def _is_double_spaced(text: str, block: Block) -> bool:
    """Whether words in this block are parted by two blanks rather than by one."""
    stretch = text[block.start : block.end]
    doubles = stretch.count("  ")
    return doubles > stretch.count(" ") - 2 * doubles


def _whitespace(text: str, block: Block) -> Iterator[Edit]:
    reason = "One blank is enough to part two words."
    for found in BLANKS.finditer(text, block.start, block.end):
        start, end = found.span()
        if text[start] == " ":
            start, after = start + 1, ""
        elif text[end - 1] == " ":
            end, after = end - 1, ""
        else:
            after = " "
        yield Edit(start, end, text[start:end], after, "whitespace", reason)


TEXT_RULES: tuple[Callable[[str, Block], Iterator[Edit]], ...] = (
    _note_markers,
    _line_hyphens,
    _hyphen_breaks,
    _split_tokens,
    _whitespace,
)


def _gaps(text: str, blocks: Sequence[Block]) -> Iterator[Edit]:
    """One blank line between two blocks, none before the first and after the last."""
    reason = "One blank line parts two paragraphs."
    ends = [0, *(block.end for block in blocks)]
    starts = [*(block.start for block in blocks), len(text)]
    for start, end in zip(ends, starts, strict=True):
        gap, after = text[start:end], "\n\n" if start and end < len(text) else ""
        if gap.strip() or gap == after:
            continue  # a part stands here and takes the blanks with it, or nothing to do
        stays = len(after) if after and gap.endswith(after) else 0
        before = gap[: len(gap) - stays]
        after = "" if stays else after
        yield Edit(start, start + len(before), before, after, "whitespace", reason)
