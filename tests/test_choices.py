"""A claim is counted again under other choices, and every number has its passages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpers.choice_charts import draw_choices
from helpers.choices import AS_CLAIMED, UNITS, Claim, count_choices
from helpers.corpus import Corpus
from helpers.counts import count_hits, count_passages
from helpers.errors import SettingError, TwoTracksError, UnknownNameError
from helpers.figures import DescribedFigure
from helpers.loading import load_corpus
from helpers.rendering import Shown
from helpers.search import keep_documents
from helpers.showing import show_counted
from tests.displays import read_page
from tests.toys import toy_corpus

EARLY, LATE = {"years": (2000, 2003)}, {"years": (2010, 2021)}


def toy_shelf(**texts: tuple[str, ...]) -> Corpus:
    """A document for each year given as ``y2001=(…)``, named by its year."""
    documents, ledgers = [], {}
    for key, paragraphs in texts.items():
        name = key[1:]
        toy = toy_corpus(*paragraphs, date=name)
        (document,), (ledger,) = toy.documents, toy.ledgers.values()
        passages = tuple(
            replace(p, id=p.id.replace("toy", name), doc_id=name) for p in toy.passages
        )
        documents.append(replace(document, id=name, seed_file=name, passages=passages))
        ledgers[name] = ledger
    return Corpus(tuple(documents), ledgers)


# Of A the years before 2010 have 3 passages of 4 and those after it 2 of 2; 4 hits and 3.
SHELF = toy_shelf(y2001=("A A B B", "A B B B", "A B B B"), y2002=("B B B B",), y2011=("A A", "A"))
CLAIM = Claim("Early texts say A.", query="A", more=EARLY, less=LATE)


def numbers(claim: Claim, corpus: Corpus = SHELF, **choices: Any) -> dict[str, list[Any]]:
    """The rows of a table of choices, without the share."""
    table = count_choices(claim, corpus=corpus, **choices)
    return {row: [*values[:2], values[3]] for row, *values in table.itertuples(name=None)}


def test_one_thing_is_changed_at_a_time() -> None:
    """Unit, words and documents each give a row, which the eye can count."""
    assert numbers(CLAIM, queries="B", documents=["2001", "2011"], units="each") == {
        "as claimed": [3, 2, "yes"],
        "without 2001": [0, 2, "no"],
        "without 2011": pytest.approx([3, float("nan"), "–"], nan_ok=True),
        "query B": [4, 0, "yes"],
        "unit: hits": [4, 3, "yes"],
        "unit: documents": [1, 1, "no"],
        "unit: hits per 1,000 words": [250, 1000, "no"],
    }


def test_choices_are_combined() -> None:
    """Each with each: the claim's own way first, no way twice."""
    table = count_choices(
        CLAIM, queries=["B", "A"], units=["hits", "documents"], cross=True, corpus=SHELF
    )
    assert list(table.index) == [
        "as claimed",
        "unit: hits",
        "unit: documents",
        "query B",
        "query B · unit: hits",
        "query B · unit: documents",
    ]
    assert table.attrs["extent"] == "holds under 5 of 6 choices"


def test_the_share_is_a_part_of_both_numbers() -> None:
    """50 is no difference, 100 nothing on the other side."""
    shares = count_choices(CLAIM, queries="B", units="documents", corpus=SHELF)["share"]
    assert shares.to_dict() == {"as claimed": 60, "query B": 100, "unit: documents": 50}


def test_the_sides_can_count_their_own() -> None:
    """Two queries are compared in one set of texts, and the rate is per words of all of it."""
    claim = Claim("More A than B.", more={"query": "A"}, less={"query": "B"})
    assert claim.sides == ("A", "B")
    shelf = toy_shelf(y2001=("A A B B", "C"))
    assert numbers(claim, shelf, units="each") == {
        "as claimed": [1, 1, "no"],
        "unit: hits": [2, 2, "no"],
        "unit: documents": [1, 1, "no"],
        "unit: hits per 1,000 words": [400, 400, "no"],
    }


def test_sides_of_one_name_are_told_apart() -> None:
    """What is quoted from a man and what is said of him are two sides."""
    name = "Igor Ivanov"
    claim = Claim("?", query="war", more={"speaker": name}, less={"person": name})
    assert claim.sides == ("speaker Igor Ivanov", "person Igor Ivanov")
    assert len(count_choices(claim).columns) == 4


def test_numbers_are_those_of_the_other_tables(corpus: Corpus) -> None:
    """Passages and rates agree with count_passages and count_hits, ids included."""
    sides = {"more": {"document": "azizian-2003"}, "less": {"document": "ivanov-gvosdev-2002"}}
    claim = Claim("?", query="cooperat*", **sides)
    table = count_choices(claim, units="each", corpus=corpus)
    passages, hits = (
        count_passages("cooperat*", corpus=corpus),
        count_hits("cooperat*", by="document", corpus=corpus),
    )
    for doc_id in claim.sides:
        assert table.loc[AS_CLAIMED, doc_id] == passages.loc[doc_id, "cooperat*"]
        behind = passages.attrs["passages"][doc_id, "cooperat*"]
        assert table.attrs["passages"][AS_CLAIMED, doc_id] == behind
        for unit in ("hits", "per_1000_words"):
            assert table.loc[f"unit: {UNITS[unit]}", doc_id] == hits.loc[doc_id, unit]


def test_every_number_can_be_opened(corpus: Corpus) -> None:
    """A number of passages is the length of the list that is kept and shown with it."""
    claim = Claim("?", query="cooperat*", more=EARLY, less=LATE)
    table = count_choices(claim, documents="each", themes="iran", corpus=corpus)
    for (row, side), ids in table.attrs["passages"].items():
        assert table.loc[row, side] == len(ids)
        assert show_counted(table, row, side).text.count("bytes ") == min(10, len(ids))


def test_a_rule_off_is_the_corpus_without_it(corpus: Corpus) -> None:
    """A claim about a torn date turns round where the repair is undone, and only there."""
    paper = {"document": "azizian-2003"}
    claim = Claim("?", more={"query": '"September 11"', **paper}, less={"theme": "iran", **paper})
    table = count_choices(claim, rules="each", corpus=corpus)
    changed = table[table['"September 11"'] != table.loc[AS_CLAIMED, '"September 11"']]
    assert list(changed.index) == ["rule split_token off"]
    torn = count_passages('"September 11"', corpus=load_corpus(without=["split_token"]))
    assert changed.iloc[0, 0] == torn.loc["azizian-2003", "any"]


def test_a_side_without_texts_cannot_be_compared(corpus: Corpus) -> None:
    """Where one side has no passages nothing holds, and the figure is a sentence."""
    claim = Claim("?", query="missile*", more=LATE, less=EARLY)
    late = keep_documents(["edm-2010"], corpus=corpus)
    table = count_choices(claim, documents="each", units="each", rules="each", corpus=late)
    assert set(table["holds"]) == {"–"}
    assert table.attrs["extent"] == "holds under 0 of 0 choices, 10 cannot be compared"
    shown = draw_choices(table)
    assert isinstance(shown, Shown)
    assert shown.text.startswith("There is nothing to compare here; take ")


def test_the_figure_says_where_the_claim_fails() -> None:
    """Text form, alternative text and caption are one sentence, which names every failure."""
    figure = draw_choices(count_choices(CLAIM, documents="each", units="each", corpus=SHELF))
    assert isinstance(figure, DescribedFigure)
    assert repr(figure) == (
        "Early texts say A. This holds under 3 of 6 choices, 1 cannot be compared. "
        "2000–2003 : 2010–2021 is 3 : 2 as claimed. It does not hold: without 2001 0 : 2; "
        "unit: documents 1 : 1; unit: hits per 1,000 words 250 : 1000."
    )
    page = read_page(figure._repr_html_())
    assert (
        "all rules on · no document left out · query A · unit: passages · years 2000–2003 against"
        in page
    )
    again = draw_choices(count_choices(CLAIM, documents="each", units="each", corpus=SHELF))
    assert isinstance(again, DescribedFigure)
    assert figure.png == again.png


def test_the_figure_gathers_combinations() -> None:
    """Where choices are combined, a row has all ways with one thing in common."""
    table = count_choices(CLAIM, documents="each", units="hits", cross=True, corpus=SHELF)
    assert repr(draw_choices(table)).endswith(
        "By what is in common, where not always: without 2001 holds in 0 of 2; unit: passages holds"
        " in 2 of 3; unit: hits holds in 2 of 3."
    )
    alone = count_choices(CLAIM, cross=True, corpus=SHELF)
    assert repr(draw_choices(alone)).endswith("Nothing turns it round.")


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"query": "A", "unit": "words"}, UnknownNameError, "no unit 'words'"),
        ({"query": "A", "more": {"year": 2000}}, UnknownNameError, "Did you mean 'years'"),
        ({"query": "A", "more": LATE}, SettingError, "Both sides of the claim are the same"),
        ({}, SettingError, "Say what is counted"),
        ({"query": "A", "theme": "iran"}, SettingError, "Say what is counted"),
    ],
)
def test_what_is_no_claim(
    settings: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """A claim has two sides, one unit and one thing to count."""
    with pytest.raises(error, match=sentence):
        Claim("?", **{"more": EARLY, "less": LATE, **settings})


@pytest.mark.parametrize(
    ("claim", "choices", "sentence"),
    [
        (CLAIM, {"rules": "erratum"}, "in a folder of your own only"),
        (CLAIM, {"rules": "form"}, "no rule that can be switched off 'form'"),
        (CLAIM, {"units": "words"}, "no unit 'words'"),
        (CLAIM, {"documents": "2003"}, "no document '2003'"),
        (Claim("?", more={"query": "A"}, less={"query": "B"}), {"queries": "C"}, "its own words"),
        (Claim("?", query="A", more={"theme": "iran"}, less=LATE), {"themes": "iran"}, "one side"),
    ],
)
def test_what_cannot_be_tried(claim: Claim, choices: dict[str, Any], sentence: str) -> None:
    """A choice that fits neither the claim nor the corpus is answered with a sentence."""
    with pytest.raises(TwoTracksError, match=sentence):
        count_choices(claim, corpus=SHELF, **choices)


def test_another_table_is_not_drawn(corpus: Corpus) -> None:
    """The figure is for claims; a table of something else gets a sentence."""
    with pytest.raises(SettingError, match="make one with count_choices"):
        draw_choices(count_hits("war", corpus=corpus))
