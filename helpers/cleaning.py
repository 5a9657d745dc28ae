"""The rules that propose edits; one gate through which every edit passes.

Each rule reads the raw text, never another rule's output, and proposes the smallest edit
that does what it promises. `RULES` is the closed list, in order of precedence: where two
proposals overlap, the one of the earlier rule stands. The gate, `record_edits`, writes every
accepted proposal into the ledger, so that none can be forgotten.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.edits import Edit, Ledger
from helpers.errors import DataError, check_name
from helpers.layout import Block, Part, find_anchor
from helpers.sources import Source, check_table

__all__ = [
    "EVERY_RULE",
    "OWN_RULES",
    "RULES",
    "SWITCHABLE",
    "Erratum",
    "Rule",
    "clean_source",
    "keep_parts",
    "read_errata",
    "record_edits",
]

ERRATUM_KEYS = dict.fromkeys(("seed", "context", "wrong", "right", "reason"), str)


@dataclass(frozen=True, slots=True)
class Rule:
    """The name of a rule, what it does, and whether it can be switched off.

    Rules that remove what is not text fix the passages and their ids, and are always on.
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
OWN_RULES = (  # in a corpus of one's own only
    Rule("front_matter", "removes the lines at the head of a text that state what it is"),
    Rule("markup", "removes the sign that Markdown puts before a heading"),
    Rule("mojibake", "restores letters and marks that were read in a wrong encoding", True),
    Rule("broken_word", "joins a word broken at the line end that stands whole elsewhere", True),
)
BEFORE = {"front_matter": "form", "markup": "form", "mojibake": "line_hyphen"}
BEFORE["broken_word"] = "hyphen_break"
RANKS = {rule.name: rank for rank, rule in enumerate(RULES)}
NAMES = {**RANKS, **{name: RANKS[other] - 0.5 for name, other in BEFORE.items()}}
EVERY_RULE = tuple(sorted((*RULES, *OWN_RULES), key=lambda rule: NAMES[rule.name]))
SWITCHABLE = tuple(rule.name for rule in EVERY_RULE if rule.switchable)


@dataclass(frozen=True, slots=True)
class Erratum:
    """A certain mistake of the scan: the raw characters, what they should be, and why."""

    start: int
    end: int
    right: str
    reason: str


def read_errata(
    source: Source, entries: Iterable[Mapping[str, Any]], *, file: str = "data/errata.toml"
) -> Iterator[Erratum]:
    """The errata of a source among the entries of a file; DataError if one does not fit."""
    for entry in entries:
        where = f"{file}, {entry.get('context', '?')!r}"
        check_table(entry, where, required=ERRATUM_KEYS)
        if entry["seed"] != source.name:
            continue
        start, end = find_anchor(source.text, entry["context"], where=where)
        if source.text[start:end].count(entry["wrong"]) != 1:
            raise DataError(f"{where}: {entry['wrong']!r} must stand in the context exactly once.")
        start = source.text.index(entry["wrong"], start)
        yield Erratum(start, start + len(entry["wrong"]), entry["right"], entry["reason"])


def keep_parts(parts: Iterable[Part]) -> list[Part]:
    """Parts in order of position; where two overlap, the earlier rule in `RULES` stands.

    Examples
    --------
    >>> [part.rule for part in keep_parts([Part(3, 9, "bullet", "."), Part(0, 5, "form", ".")])]
    ['form']
    """
    kept: list[Part] = []  # in order, so that a part can overlap its neighbours only
    for part in sorted(parts, key=lambda part: NAMES[part.rule]):
        at = bisect_left(kept, part.start, key=lambda other: other.start)
        beside = kept[max(0, at - 1) : at + 1]
        if all(part.end <= other.start or other.end <= part.start for other in beside):
            kept.insert(at, part)
    return kept


def record_edits(source: Source, proposals: Iterable[Edit]) -> Ledger:
    """The gate: the ledger of those `proposals` that no earlier rule's edit overlaps.

    DataError if one comes from no rule in `RULES`, changes nothing or gives no reason.
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


def clean_source(  # noqa: PLR0913 -- one keyword for each kind of proposal
    source: Source,
    *,
    parts: Sequence[Part],
    blocks: Sequence[Block],
    errata: Sequence[Erratum] = (),
    mends: Iterable[Edit] = (),
    without: Collection[str] = (),
) -> Ledger:
    """The ledger of one source: its parts removed, its text mended.

    Parts (what goes) and blocks (what stays) are sorted, and none overlaps another. `mends` are
    proposals beside those of the rules here. `without` are switchable rules to leave out;
    UnknownNameError if one is something else.
    """
    off = set(without)
    for name in off.difference(SWITCHABLE):
        check_name("rule that can be switched off", name, SWITCHABLE)
    text, proposals = source.text, list(mends)
    for item in errata:
        before = text[item.start : item.end]
        proposals.append(Edit(item.start, item.end, before, item.right, "erratum", item.reason))
    for block in blocks:
        proposals += [*_mends(text, block, off), *_whitespace(text, block)]
    proposals += [*_removals(text, parts, blocks), *_gaps(text, blocks)]
    return record_edits(source, (edit for edit in proposals if edit.rule not in off))


def _removals(text: str, parts: Sequence[Part], blocks: Sequence[Block]) -> Iterator[Edit]:
    """One row for each part, with the blanks that adjoin it.

    Inside a passage a run of parts leaves one blank, which the first of them holds.
    """
    passages = [block for block in blocks if block.kind == "passage"]
    starts = [block.start for block in passages]
    done = 0
    for part in parts:
        start, end = part.start, part.end
        while start and text[start - 1].isspace():
            start -= 1
        while end < len(text) and text[end].isspace():
            end += 1
        before = bisect_left(starts, part.start) - 1  # the passage that begins before it
        inside = before >= 0 and part.start < passages[before].end
        follows = bool(done) and start <= done
        after = " " if inside and not follows else ""
        start, done = max(start, done), end
        yield Edit(start, end, text[start:end], after, part.rule, part.reason)


# A pattern is quick where it begins with one mark or one class; what goes is its first group.
BLANKS = re.compile(r"\s(?:(?<! )\s*|\s+)")  # all but a single blank
MENDS = (  # rule, what it looks for, what it puts there, why
    (
        "note_marker",
        re.compile(r"[.,;:!?”’\"](\s*\(\d{1,2}\)\s*)"),
        " ",
        "The number of a note; the note itself is not in the file.",
    ),
    (
        "line_hyphen",
        re.compile(r"(¬[^\S\n]*\n\s*)"),
        "",
        "¬ at a line end marks a word broken by the line; it is joined without a hyphen.",
    ),
    (
        "hyphen_break",
        re.compile(r"-(?<=[\w.]-)([^\S\n]*\n\s*)(?=\w)"),
        "",
        "The hyphen at the line end stays; only the line break after it goes.",
    ),
    (
        "split_token",
        re.compile(r"( )(?:(?<=\d )(?=\d)|(?<=\w\. )(?=-\w))"),
        "",
        "Two blanks part words in this scan; a single one here tears one word in two.",
    ),
)


def _mends(text: str, block: Block, off: Collection[str]) -> Iterator[Edit]:
    for rule, pattern, after, reason in MENDS:
        if rule not in off and (rule != "split_token" or _is_double_spaced(text, block)):
            for found in pattern.finditer(text, block.start, block.end):
                yield Edit(*found.span(1), found[1], after, rule, reason)


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


def _gaps(text: str, blocks: Sequence[Block]) -> Iterator[Edit]:
    """One blank line between two blocks, none before the first and after the last."""
    reason = "One blank line parts two paragraphs."
    ends = [0, *(block.end for block in blocks)]
    starts = [*(block.start for block in blocks), len(text)]
    for start, end in zip(ends, starts, strict=True):
        gap, after = text[start:end], "\n\n" if start and end < len(text) else ""
        if gap.strip() or gap == after:
            continue  # a part stands here and takes the blanks with it, or nothing to do
        before = gap.removesuffix(after)  # the blank line stays if it is there
        after = after if before == gap else ""
        yield Edit(start, start + len(before), before, after, "whitespace", reason)
