"""What looks like furniture or a mistake, and the near miss beside it."""

from __future__ import annotations

import pytest

from helpers.edits import apply_edits
from helpers.furniture import Survey, find_furniture, find_mends, survey_texts
from helpers.layout import Block


def survey(texts: list[str]) -> Survey:
    found = Survey()
    for text in texts:
        found.add(survey_texts([text], ["site_furniture", "broken_word"]))
    return found


def parts(text: str, rule: str) -> list[str]:
    found = (part for part in find_furniture(text) if part.rule == rule)
    return sorted({text[part.start : part.end] for part in found})


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("One.\n\nPage 4 of 9\n\nTwo.", ["Page 4 of 9"]),
        ("One.\n- 4 -\na\nb\nc\nd\n- 5 -\nTwo.", ["- 4 -", "- 5 -"]),
        ("One.\n4\n\fTwo.\n5\n\fThree.\n6", ["4", "5", "6"]),
        ("In the year\n\n2003\n\nhe left.", []),
        ("1\n2\n3\n4", []),
        ("4\nand so on\nand on\nand on\nand on\n40", []),
    ],
)
def test_a_page_number_is_marked_or_counts_on(text: str, numbers: list[str]) -> None:
    """A lone number is a page's only if it is called so or the next page has the next number."""
    assert parts(text, "page_number") == numbers


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("NEWS 1\na\nb\nc\nd\n\fNEWS 2\na\nb\nc\nd", ["NEWS 1", "NEWS 2"]),
        ("NEWS\n\na.\n\nNEWS\n\nb.\n\nNEWS\n\nc.\n\nNEWS", ["NEWS"]),
        ("NEWS\n\na.\n\nNEWS", []),
        ("x\n\n(Applause.)\n\nb.\n\n(Applause.)\n\nc.\n\n(Applause.)", []),
        ("x\n\nQUESTION:\n\nb.\n\nQUESTION:\n\nc.\n\nQUESTION:", []),
        ("x\n\nThank you.\n\nb.\n\nThank you.\n\nc.\n\nThank you.", []),
    ],
)
def test_a_running_head_repeats_and_ends_no_sentence(text: str, heads: list[str]) -> None:
    """Lines that repeat are heads, unless they are sentences, directions or speakers' names."""
    assert parts(text, "running_head") == heads


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Read more »", ["Read more »"]),
        ("© 2021 The Paper. All rights reserved", ["© 2021 The Paper. All rights reserved"]),
        ("12 comments", ["12 comments"]),
        ("Share the burden, said the minister. It is heavy.", []),
        ("He will read more", []),
    ],
)
def test_a_label_of_a_site_stands_alone(text: str, labels: list[str]) -> None:
    """Well-known labels are furniture where the line holds nothing else."""
    assert parts(text, "site_furniture") == labels


def test_what_many_texts_repeat_is_the_sites() -> None:
    """A line alone in three texts of five is furniture; a polite formula is not."""
    texts = [f"World Review\n\nText {n}.\n\nThank you." for n in range(3)] + ["a", "b"]
    assert survey(texts).repeated == {"world review"}
    assert survey(texts[:2]).repeated == frozenset()


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("â€œNoâ€\x9d, donâ€™t", "“No”, don’t"),
        ("dÃ©tente, naÃ¯ve", "détente, naïve"),
        ("ÐŸÑƒÑ‚Ð¸Ð½", "Путин"),
        ("РџСѓС‚РёРЅ", "Путин"),
        ("sanc-\ntions", "sanctions"),
        ("sanc\xad\n tions", "sanctions"),
        ("voilÃ\xa0 tout", "voilà tout"),
        ("« CAFÉ» and SMÅ”", "« CAFÉ» and SMÅ”"),
        ("Россия", "Россия"),
        ("well-\nknown", "well-\nknown"),
        ("anti-\nAmerican", "anti-\nAmerican"),
        ("2000-\n2001", "2000-\n2001"),
    ],
)
def test_mends_do_what_they_promise_and_no_more(raw: str, mended: str) -> None:
    """Misread letters and broken words are restored; what may be meant so stays."""
    words = survey([raw, "sanctions known American"]).mended
    edits = find_mends(raw, Block(0, len(raw), "passage"), words)
    assert apply_edits(raw, sorted(edits, key=lambda edit: edit.start)) == mended
