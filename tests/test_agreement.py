"""Readers compared: every number is a list of passages, and every code gets its sentence."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from math import isnan

import pytest

from helpers.agreement import ALONE, measure_agreement, read_together
from helpers.codebook import load_codebook
from helpers.coding import Coding, Codings, team_codes
from helpers.coefficients import measure_alpha, measure_fleiss, measure_kappa
from helpers.corpus import Corpus
from helpers.disagreements import compare_rounds, draw_confusion, show_disagreements
from helpers.errors import SettingError, UnknownNameError
from helpers.figures import DescribedFigure
from helpers.search import keep_documents
from helpers.showing import show_counted
from tests.displays import read_page
from tests.toys import MARKUP, markup_corpus, toy_corpus

LETTERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@pytest.fixture(scope="module")
def toy() -> Corpus:
    """Ten passages, toy#p01 to toy#p10."""
    return toy_corpus(*LETTERS)


def says(coder: str, code: str, marks: str, *, turn: int = 1, note: str = "") -> Codings:
    """Codings from one mark for each passage: x given, - not given, a blank not considered."""
    return Codings(
        Coding(coder, turn, f"toy#p{n:02}", code, mark == "x", note)
        for n, mark in enumerate(marks, 1)
        if mark != " "
    )


def numbers(ids: tuple[str, ...]) -> list[int]:
    return [int(name[-2:]) for name in ids]


TWO = says("ann", "warm", "xxx-------") + says("bob", "warm", "x-xx------", note="hm")


def test_every_number_is_a_list_of_passages(toy: Corpus) -> None:
    """Passages, given and disputed can each be shown, in reading order."""
    table = measure_agreement(TWO, corpus=toy)
    behind = table.attrs["passages"]
    assert numbers(behind["warm", "passages"]) == list(range(1, 11))
    assert numbers(behind["warm", "given"]) == [1, 2, 3, 4]
    assert numbers(behind["warm", "disputed"]) == [2, 4]
    for name in ("passages", "given", "disputed"):
        assert table.loc["warm", name] == len(behind["warm", name])
    shown = show_counted(table, "warm", "disputed", corpus=toy)
    assert "[toy#p02] two" in shown.text
    assert "[toy#p04] four" in shown.text


def test_the_measures_of_a_code(toy: Corpus) -> None:
    """Cohen's kappa for two readers and Fleiss' for more; the same seed, the same interval."""
    table = measure_agreement(TWO, corpus=toy)
    ratings = [[1, 1, 1, *[0] * 7], [1, 0, 1, 1, *[0] * 6]]
    row = table.loc["warm"]
    assert (row["coders"], row["prevalence"], row["percent"]) == (2, 0.3, 0.8)
    assert row["kappa"] == float(f"{measure_kappa(ratings):.2f}")
    assert row["alpha"] == float(f"{measure_alpha(ratings):.2f}")
    assert row["low"] < row["alpha"] < row["high"]
    assert "kappa: Cohen's" in repr(table)
    assert table.equals(measure_agreement(TWO, corpus=toy))
    assert not table.equals(measure_agreement(TWO, corpus=toy, seed=1))
    three = measure_agreement(TWO + says("cid", "warm", "x--x------"), corpus=toy)
    fleiss = measure_fleiss([*ratings, [1, 0, 0, 1, *[0] * 6]])
    assert three.loc["warm", "kappa"] == float(f"{fleiss:.2f}")
    assert "coders: ann, bob, cid · round 1 · kappa: Fleiss'" in repr(three)


def test_order_of_readers_and_codings_does_not_matter(toy: Corpus) -> None:
    """Whoever is named first, and in whatever order passages were coded, the table is the same."""
    table = measure_agreement(TWO, corpus=toy)
    assert table.equals(measure_agreement(reversed(TWO), corpus=toy))


def test_passages_that_one_read_alone_are_left_out(toy: Corpus) -> None:
    """A code is compared where two or more considered it."""
    codings = (
        says("ann", "warm", "xx--  ") + says("bob", "warm", "  --xx") + says("bob", "wet", "x")
    )
    table = measure_agreement(codings, corpus=toy)
    assert numbers(table.attrs["passages"]["warm", "passages"]) == [3, 4]
    assert table.loc["warm", "passages"] == 2
    assert table.loc["wet", ["passages", "disputed"]].tolist() == [0, 0]
    assert "wet: no passage was coded by two readers." in repr(table)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("xxxxx-----", "xxxxx-----", "agree on 10 of 10 passages; alpha 1.00 is well beyond"),
        ("xxxxx-----", "xxxxxx----", "agree on 9 of 10 passages; alpha 0.81 is well beyond"),
        ("xxxx------", "xxx-------", "alpha 0.79 is beyond chance, but enough for tentative"),
        ("xxxxx-----", "-xxx-x----", "alpha 0.42 is too low for counting: talk about"),
        ("x---------", "-x--------", "alpha -0.06 is low: the code is rare (10% of all decisions)"),
        ("-xxxxxxxxx", "x-xxxxxxxx", "chance alone gives much agreement on its presence"),
        ("----------", "----------", "nobody gave it to any of the 10 passages; where nothing var"),
        ("xxxxxxxxxx", "xxxxxxxxxx", "everybody gave it to each of the 10 passages; where nothing"),
    ],
)  # fmt: skip
def test_what_it_means(toy: Corpus, first: str, second: str, sentence: str) -> None:
    """A sentence for each code says what its numbers mean and when they mislead."""
    table = measure_agreement(says("a", "warm", first) + says("b", "warm", second), corpus=toy)
    (note,) = table.attrs["notes"]
    assert note.startswith("warm: ")
    assert sentence in note
    assert note in repr(table)
    assert note in read_page(table._repr_html_().replace("border=", "class="))
    assert isnan(table.loc["warm", "alpha"]) == (len({*first, *second}) == 1)


def test_a_rare_code_is_no_number_but_a_sentence(toy: Corpus) -> None:
    """Where nobody gave a code the measures are blank, and nothing warns."""
    table = measure_agreement(says("a", "w", "-" * 10) + says("b", "w", "-" * 10), corpus=toy)
    assert table.loc["w", ["kappa", "alpha", "low", "high"]].isna().all()
    assert table.loc["w", ["prevalence", "percent", "AC1"]].tolist() == [0, 1, 1]
    assert "–" in repr(table)


@pytest.mark.parametrize("codings", [Codings(), says("ann", "warm", "xx--")])
def test_before_two_have_coded(toy: Corpus, codings: Codings) -> None:
    """With no reader or one there is a sentence, in every display."""
    table = measure_agreement(codings, corpus=toy)
    assert repr(table).endswith(ALONE)
    assert not table["passages"].any()
    assert repr(show_disagreements(codings, corpus=toy)) == ALONE
    assert repr(draw_confusion(codings, corpus=toy)) == ALONE
    assert repr(compare_rounds(codings, corpus=toy)).endswith("in round 2 yet.")


def test_codes_without_codings_are_those_of_the_codebook() -> None:
    """Before anybody coded, the table has the codes of the course."""
    assert list(measure_agreement([]).index) == list(load_codebook().codes)


def test_a_smaller_corpus_counts_less(corpus: Corpus) -> None:
    """Only passages of the corpus count, whatever else was coded."""
    small = keep_documents(["azizian-2003"], corpus=corpus)
    codings = [
        Coding(who, 1, name, "claims_right", True, "")
        for who in "ab"
        for name in ("edm-2010#p01", "azizian-2003#p03", "nowhere#p01")
    ]
    (reading,) = read_together(codings, corpus=small)
    assert reading.passages == ("azizian-2003#p03",)


def test_names_that_do_not_exist(toy: Corpus) -> None:
    """A code or coder that nobody knows is answered with those there are."""
    with pytest.raises(UnknownNameError, match=r"no code 'wram'. Did you mean 'warm'"):
        measure_agreement(TWO, codes="wram", corpus=toy)
    with pytest.raises(UnknownNameError, match=r"no coder 'bbo'. Did you mean 'bob'"):
        draw_confusion(TWO, coders=["ann", "bbo"], corpus=toy)
    with pytest.raises(SettingError, match="0 passages are impossible"):
        show_disagreements(TWO, size=0, corpus=toy)


def test_disagreements_are_shown(toy: Corpus) -> None:
    """Each disputed passage with who gave the code, who did not, and their notes."""
    codings = TWO + says("ann", "wet", "-x--------") + says("bob", "wet", "---x------")
    shown = show_disagreements(codings, codes=["warm", "wet"], corpus=toy)
    assert shown.text.startswith(
        "2 of 10 passages coded by two or more are disputed — codes: warm, wet · round 1"
    )
    assert "[toy#p02] two\n    warm: given by ann; not by bob (hm)\n    wet: given by" in shown.text
    assert shown.html.count("<article>") == 2
    read_page(shown.html)


def test_the_most_divisive_passages_come_first(toy: Corpus) -> None:
    """Passages with more disputed codes stand before others, and what is cut is said."""
    codings = TWO + says("ann", "wet", "---x------") + says("bob", "wet", "----------")
    text = show_disagreements(codings, size=1, corpus=toy).text
    assert "2 of 10 passages coded by two or more are disputed; the first 1 are shown" in text
    assert re.findall(r"^\[(.*?)\]", text, flags=re.MULTILINE) == ["toy#p04"]


def test_nothing_is_trusted_in_a_display() -> None:
    """Names and notes of readers may hold markup; it is shown as it is written."""
    corpus = markup_corpus()
    (passage, *_) = corpus.passages
    codings = Codings(
        Coding(f"{who}{MARKUP}", 1, passage.id, MARKUP, who == "a", MARKUP) for who in "ab"
    )
    assert MARKUP in read_page(show_disagreements(codings, corpus=corpus).html)
    figure = draw_confusion(codings, corpus=corpus)
    assert MARKUP in read_page(figure._repr_html_())
    assert "<script>" not in measure_agreement(codings, corpus=corpus)._repr_html_()


def cells(figure: DescribedFigure, code: str) -> Mapping[str, tuple[str, ...]]:
    return {name: ids for (row, name), ids in figure.about["passages"].items() if row == code}


def test_the_confusion_of_two(toy: Corpus) -> None:
    """Both, only the one, only the other, neither: together every passage that both coded."""
    figure = draw_confusion(TWO + says("cid", "warm", "x" * 10), coders=["ann", "bob"], corpus=toy)
    assert isinstance(figure, DescribedFigure)
    groups = {name: numbers(ids) for name, ids in cells(figure, "warm").items()}
    assert groups == {
        "both": [1, 3],
        "only ann": [2],
        "only bob": [4],
        "neither": [5, 6, 7, 8, 9, 10],
    }
    assert repr(figure) == (
        "Passages by who gave the code. warm: both 2, only ann 1, only bob 1, neither 6. They "
        "differ most on warm, in 2 passages."
    )
    assert f'alt="{figure.sentence}"' in figure._repr_html_()
    assert figure.png.startswith(b"\x89PNG")


def test_the_confusion_of_many(toy: Corpus) -> None:
    """For three readers: to how many each gave the code, then all and none."""
    figure = draw_confusion(TWO + says("cid", "warm", "x--x------"), corpus=toy)
    assert isinstance(figure, DescribedFigure)
    groups = {name: numbers(ids) for name, ids in cells(figure, "warm").items()}
    assert groups == {
        "ann": [1, 2, 3],
        "bob": [1, 3, 4],
        "cid": [1, 4],
        "all": [1],
        "none": [5, 6, 7, 8, 9, 10],
    }
    agreed = draw_confusion(TWO[:10] + says("bob", "warm", "xxx-------"), corpus=toy)
    assert "They differ nowhere." in repr(agreed)


def test_a_second_round(toy: Corpus) -> None:
    """What changed after the talk, and agreement before and after; who did not code again stays."""
    codings = TWO + says("ann", "warm", "x-x-------", turn=2) + says("bob", "warm", "   -", turn=2)
    table = compare_rounds(codings, corpus=toy)
    row = table.loc["warm"]
    assert row.tolist()[:3] == [2, 2, 0]
    assert (row["percent_before"], row["percent_after"]) == (0.8, 1)
    assert row["alpha_before"] < row["alpha_after"] == 1
    behind = table.attrs["passages"]
    assert numbers(behind["warm", "changed"]) == [2, 4]
    assert numbers(behind["warm", "disputed_before"]) == [2, 4]
    assert "decisions changed on 2 passages; of 2 disputed before, 2 settled; 0 new" in repr(table)
    assert measure_agreement(codings, round=2, corpus=toy).loc["warm", "percent"] == 1
    assert measure_agreement(codings, corpus=toy).loc["warm", "percent"] == 0.8


def test_the_team_disagrees_enough_to_talk(corpus: Corpus) -> None:
    """The team's coding has disputed passages on more than one code, and agrees on most."""
    table = measure_agreement(team_codes(), corpus=corpus)
    assert (table["disputed"] > 0).sum() > 1
    assert (table["percent"] > 0.5).all()
    assert (table["passages"] == len(load_codebook().practice)).all()


def test_measuring_is_quick(corpus: Corpus) -> None:
    """Six codes, thirty readers, twenty passages and 6,000 resamples take a moment."""
    codebook = load_codebook()
    codings = [
        Coding(f"c-{n}", 1, name, code, (n * 7 + len(name) * k + k) % 5 < 2, "")
        for n in range(30)
        for name in codebook.practice
        for k, code in enumerate(codebook.codes)
    ]
    began = time.perf_counter()
    measure_agreement(codings, corpus=corpus)
    assert time.perf_counter() - began < 1
