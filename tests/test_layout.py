"""What stands where in a raw file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cleaning import keep_parts
from helpers.errors import DataError
from helpers.layout import (
    find_anchor,
    find_blocks,
    find_labels,
    find_parts,
    find_passages,
    is_heading,
)


def kinds(raw: str) -> list[tuple[str, str]]:
    """Headings and passages of a made-up text, general rules only."""
    parts = keep_parts(find_parts(raw))
    blocks = find_passages(raw, find_blocks(raw, parts), parts)
    return [(block.kind, raw[block.start : block.end]) for block in blocks]


def test_words_are_found_whatever_blanks_part_them() -> None:
    """An anchor is found across line ends, and from a given place only."""
    assert find_anchor("a  b\na b", "a b") == (0, 4)
    assert find_anchor("a  b\na b", "a b", start=1) == (5, 8)


@pytest.mark.parametrize("words", ["c d", ""])
def test_words_that_stand_nowhere_are_named(words: str) -> None:
    """An anchor that is not in the file gives one sentence that quotes it."""
    with pytest.raises(DataError, match=f"here: the words “{words}” do not stand in it"):
        find_anchor("a b", words, where="here")


def test_a_running_head_is_a_line_that_repeats_under_page_numbers() -> None:
    """The line under a page number is a running head only if it stands there twice."""
    raw = "One.\n\n9 - 2\n\nHEAD\n\nTwo.\n\n9 - 3\n\nHEAD\n\nThree.\n\n9 - 4\n\nFour.\n\nend."
    parts = keep_parts(find_parts(raw))
    assert [part.rule for part in parts] == [*["page_number", "running_head"] * 2, "page_number"]


def test_a_teaser_is_a_label_with_a_time_a_title_and_a_cut_text() -> None:
    """Three lines, of which the first ends with “hours ago” and the last is cut off."""
    raw = "Energy3 hours ago\n\nTitle\n\nThe beginning of...\n\nWhat was 3 hours ago is over."
    (teaser,) = find_parts(raw)
    assert raw[teaser.start : teaser.end].endswith("The beginning of...")


def test_a_label_stands_alone_on_its_line() -> None:
    """A label of the site is furniture only where the line holds nothing else."""
    raw = "Russia\n\nRussia went.\n\nRussia"
    assert [part.start for part in find_labels(raw, ["Russia"], "site_furniture", "Label")] == [
        0,
        22,
    ]
    assert list(find_labels(raw, [], "site_furniture", "Label")) == []


@pytest.mark.parametrize(
    ("text", "heading"),
    [("IRAQ", True), ("A visit to Russia", True), ("He went.", False), ("and then", False)],
)
def test_a_heading_is_short_and_ends_no_sentence(text: str, *, heading: bool) -> None:
    """Case of the first letter and the last mark tell headings from sentences."""
    assert is_heading(text) is heading


LONG = "This is a sentence of so many words that it runs on over the end of any line that"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A one.\n\nB two.", ["A one.", "B two."]),
        (f"{LONG}\n\nHeads bear.", [f"{LONG}\n\nHeads bear."]),
        ("He met George W.\n\nBush there.", ["He met George W.\n\nBush there."]),
        ("A one.\n\nand two.", ["A one.\n\nand two."]),
        ("• a one.\n\n• b two.", ["a one.", "b two."]),
        ("“Quoted.”\n\nB two.", ["“Quoted.”", "B two."]),
    ],
)
def test_paragraphs_end_where_sentences_do(raw: str, expected: list[str]) -> None:
    """A blank line parts two passages unless the sentence goes on after it."""
    assert [text for kind, text in kinds(raw) if kind == "passage"] == expected


@given(st.text(alphabet="aB. \n•", max_size=60))
def test_every_letter_is_in_one_block_or_part(raw: str) -> None:
    """Blocks and parts together hold every mark that is no blank, and none twice."""
    parts = keep_parts(find_parts(raw))
    spans = sorted([*find_blocks(raw, parts), *((part.start, part.end) for part in parts)])
    position, left = 0, ""
    for start, end in spans:
        assert position <= start < end
        left += raw[position:start]
        position = end
    assert not (left + raw[position:]).strip()
