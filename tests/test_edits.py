"""Recorded changes: applied, undone, traced back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.edits import Edit, Ledger, Trace, apply_edits, undo_edits
from helpers.errors import DataError
from helpers.sources import Source

letters = st.text(alphabet="abcé ", max_size=6)


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A made-up raw text, and edits that do not overlap."""
    raw, edits = draw(letters), []
    for _ in range(draw(st.integers(0, 5))):
        before, after = draw(letters), draw(letters)
        if before:
            edits.append(Edit(len(raw), len(raw) + len(before), before, after, "erratum", "why"))
        raw += before + draw(letters)
    return raw, edits


@given(edited_texts(), st.integers(0, 9))
def test_undoing_what_was_applied_gives_the_raw_text(
    made: tuple[str, list[Edit]], offset: int
) -> None:
    """Apply and undo are inverse, from whatever position the text begins."""
    raw, edits = made
    moved = [
        Edit(e.start + offset, e.end + offset, e.before, e.after, e.rule, e.reason) for e in edits
    ]
    clean = apply_edits(raw, moved, offset=offset)
    assert undo_edits(clean, moved, offset=offset) == raw


@given(edited_texts())
def test_a_span_traced_back_holds_what_it_shows(made: tuple[str, list[Edit]]) -> None:
    """Raw characters behind a clean span, with the edits that touch it, give it back."""
    raw, edits = made
    clean = apply_edits(raw, edits)
    trace = Trace(0, len(raw), edits)
    for start in range(len(clean)):
        for end in range(start + 1, len(clean) + 1):
            raw_start, raw_end = trace.span(start, end)
            inside = [e for e in edits if raw_start <= e.start and e.end <= raw_end]
            shown = apply_edits(raw[raw_start:raw_end], inside, offset=raw_start)
            assert clean[start:end] in shown


def test_a_span_of_unchanged_characters_is_traced_exactly() -> None:
    """Between two edits the raw characters are those of the clean text."""
    edits = [Edit(1, 2, "b", "", "erratum", "."), Edit(4, 5, "e", "EEE", "erratum", ".")]
    assert apply_edits("abcdefg", edits) == "acdEEEfg"
    trace = Trace(0, 7, edits)
    assert trace.span(0, 1) == (0, 1)
    assert trace.span(1, 3) == (2, 4)
    assert trace.span(3, 4) == trace.span(4, 6) == (4, 5)
    assert trace.span(0, 8) == (0, 7)
    with pytest.raises(ValueError, match="empty span"):
        trace.span(2, 2)


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 2, "ab", "", "erratum", "."), Edit(1, 3, "bc", "", "erratum", ".")],
        [Edit(0, 2, "xx", "", "erratum", ".")],
    ],
)
def test_edits_that_overlap_or_do_not_fit_are_refused(edits: list[Edit]) -> None:
    """A ledger cannot hold an edit that contradicts the file or another edit."""
    with pytest.raises(DataError, match="does not fit the raw text"):
        Ledger(Source("made up", b"abcd"), edits)


def test_a_ledger_gives_the_edits_inside_a_span() -> None:
    """An edit is inside a span if it begins in it."""
    edits = [Edit(2, 3, "c", "", "erratum", "."), Edit(0, 1, "a", "A", "erratum", ".")]
    ledger = Ledger(Source("made up", b"abcd"), edits)
    assert [edit.start for edit in ledger.inside(0, 2)] == [0]
    assert ledger.clean() == "Abd"
    assert ledger.clean(1, 4) == "bd"
    assert len(ledger) == 2
