"""The rules of cleaning, on made-up texts and on the cases found in these files."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cleaning import RULES, clean_source, keep_parts, record_edits
from helpers.corpus import Corpus
from helpers.edits import Edit, undo_edits
from helpers.errors import DataError, UnknownNameError
from helpers.layout import Block, Part, find_blocks, find_parts, find_passages
from helpers.sources import Source

GOLDEN = Path(__file__).parent / "golden"


def cases(name: str) -> list[Any]:
    found = tomllib.loads((GOLDEN / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["label"]) for case in found]


@pytest.mark.parametrize("case", cases("in_the_wild"))
def test_a_mistake_found_in_the_files_is_mended(case: dict[str, Any], corpus: Corpus) -> None:
    """The passage reads as it should, the raw file as it does, and the named rules did it."""
    passage = corpus.passage(case["passage"])
    raw = corpus.source_of(passage).text[passage.start : passage.end]
    assert case["raw"] in raw
    assert case["clean"] in passage.text
    assert set(case["rules"]) <= {edit.rule for edit in corpus.edits_in(passage)}


@pytest.mark.parametrize("case", cases("must_stay"))
def test_what_is_not_ours_to_mend_stays(case: dict[str, Any], corpus: Corpus) -> None:
    """Slips and style of authors and publishers are as published."""
    assert case["text"] in corpus.passage(case["passage"]).text


@pytest.mark.parametrize("case", cases("known_failures"))
@pytest.mark.xfail(strict=True, reason="known; see the comment in tests/golden")
def test_what_cleaning_should_do_and_does_not(case: dict[str, Any], corpus: Corpus) -> None:
    """Each known failure still fails."""
    assert case["text"] in corpus.passage(case["passage"]).text


def clean(raw: str, *, without: tuple[str, ...] = ()) -> tuple[str, list[Edit]]:
    """A made-up file cleaned with the general rules alone."""
    source = Source("made up", raw.encode())
    parts = keep_parts(find_parts(raw))
    blocks = find_passages(raw, find_blocks(raw, parts), parts)
    ledger = clean_source(source, parts=parts, blocks=blocks, without=without)
    return ledger.clean(), list(ledger.edits)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("one two", "one two"),
        ("one\ntwo", "one two"),
        ("one \n two", "one two"),
        ("one\xa0two", "one two"),
        ("\n one. \n\n\n Two. \n", "one.\n\nTwo."),
        ("non¬ \nproliferation", "nonproliferation"),
        ("Russian-\nAmerican", "Russian-American"),
        ("an end -\nbegun", "an end - begun"),
        ("in  1 1  days  or  so", "in 11 days or so"),
        ("in 1 1 days or so", "in 1 1 days or so"),
        ("over.(1) Next", "over. Next"),
        ("article (1) of", "article (1) of"),
        ("first  half \n\n9  -  2 \n\nsecond  half", "first half second half"),
        ("• one.\n\n• two.", "one.two."),
    ],
)
def test_rules_do_what_they_promise_and_no_more(raw: str, expected: str) -> None:
    """Each rule on the smallest text that shows it, and on a near miss it must not touch."""
    assert clean(raw)[0] == expected


RAW = st.text(alphabet="aB1 .-¬•()“”é\n\xa0", min_size=1, max_size=80).filter(str.strip)
SWITCHES = st.sets(st.sampled_from([rule.name for rule in RULES if rule.switchable]))


@given(RAW, SWITCHES)
def test_every_edit_can_be_undone_whatever_the_text(raw: str, off: set[str]) -> None:
    """Undoing all edits of a made-up text gives it back, with any rules switched off."""
    text, edits = clean(raw, without=tuple(off))
    assert undo_edits(text, edits) == raw
    assert all(edit.rule not in off and edit.reason for edit in edits)
    assert all(a.end <= b.start for a, b in pairwise(edits))


@given(RAW)
def test_cleaning_loses_no_letter(raw: str) -> None:
    """Apart from removed parts, every letter of a made-up text is in the clean text."""
    text, edits = clean(raw)
    removed = "".join(edit.before for edit in edits)
    letters = sorted(re.findall(r"[aBé]", raw))
    assert sorted(re.findall(r"[aBé]", text + removed)) == letters


def test_the_earlier_rule_wins() -> None:
    """Where two proposals overlap, the rule that stands first in the list is heard."""
    source = Source("made up", b"abcd")
    late = Edit(0, 3, "abc", "", "whitespace", "late")
    early = Edit(2, 4, "cd", "", "form", "early")
    assert [edit.reason for edit in record_edits(source, [late, early]).edits] == ["early"]


@pytest.mark.parametrize(
    "edit",
    [
        Edit(0, 1, "a", "", "invented", "why"),
        Edit(0, 1, "a", "", "erratum", ""),
        Edit(0, 1, "a", "a", "erratum", "why"),
    ],
)
def test_the_gate_wants_a_rule_a_reason_and_a_change(edit: Edit) -> None:
    """An edit from no known rule, without reason or without effect does not pass."""
    with pytest.raises(DataError, match="needs a rule, a reason and a change"):
        record_edits(Source("made up", b"abcd"), [edit])


def test_a_rule_that_fixes_boundaries_cannot_be_switched_off() -> None:
    """Only rules that mend the text can be switched off, as ids must not change."""
    source, blocks = Source("made up", b"abcd"), [Block(0, 4, "passage")]
    with pytest.raises(UnknownNameError, match="no rule that can be switched off 'page_number'"):
        clean_source(source, parts=[], blocks=blocks, without=["page_number"])


def test_of_overlapping_parts_the_earlier_rule_stands() -> None:
    """A page number inside a form belongs to the form."""
    parts = keep_parts([Part(4, 6, "page_number", "."), Part(0, 9, "form", ".")])
    assert [part.rule for part in parts] == ["form"]
