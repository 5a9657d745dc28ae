"""The dictionary held against readers: the shares, what is left out, and what is behind them."""

from __future__ import annotations

from math import isnan
from typing import Any

import pytest

from helpers.corpus import Corpus
from helpers.errors import SettingError, TwoTracksError, UnknownNameError
from helpers.search import keep_documents
from helpers.themes import find_theme_marks, load_themes
from helpers.validation import HELD_OUT, READERS, measure_themes, show_misses, theme_codes
from tests.displays import read_page

HEAD = "coder,passage_id,theme,value,note\n"
ROW = "reader-a,edm-2010#p01,iran,1,named\n"


def assigned(coder: str, theme: str) -> set[str]:
    return {
        code.passage_id
        for code in theme_codes()
        if (code.coder, code.code) == (coder, theme) and code.given
    }


def test_the_readers_coded_everything(corpus: Corpus) -> None:
    """Both readers looked at every passage of the course and used every theme."""
    for reader in READERS:
        codes = [code for code in theme_codes() if code.coder == reader]
        assert {code.passage_id for code in codes} == {p.id for p in corpus.passages}
        assert {code.code for code in codes} == set(load_themes())


@pytest.mark.parametrize("coder", READERS)
def test_one_reader_is_measured_against(corpus: Corpus, coder: str) -> None:
    """Against one reader nothing is disputed, and every number counts a set of passages."""
    table = measure_themes(coder=coder, corpus=corpus)
    assert not table["disputed"].any()
    for theme in load_themes():
        read, marked = assigned(coder, theme), set(find_theme_marks(corpus)[theme])
        row = table.loc[theme]
        assert (row["readers"], row["marked"]) == (len(read), len(marked))
        assert row["both"] == len(read & marked)
        assert row["precision"] == round(len(read & marked) / len(marked), 2)
        assert row["recall"] == round(len(read & marked) / len(read), 2)


def test_what_readers_dispute_is_left_out(corpus: Corpus) -> None:
    """Against both, only passages on which they agree count, and the others are told."""
    table = measure_themes(corpus=corpus)
    behind = table.attrs["passages"]
    for theme in load_themes():
        first, second = (assigned(reader, theme) for reader in READERS)
        marked = set(find_theme_marks(corpus)[theme])
        assert set(behind[theme, "disputed"]) == first ^ second
        assert set(behind[theme, "readers"]) == first & second
        assert set(behind[theme, "marked"]) == marked - (first ^ second)
        assert set(behind[theme, "both"]) == marked & first & second
        for name in ("readers", "marked", "both", "disputed"):
            assert table.loc[theme, name] == len(behind[theme, name])
    assert table.loc["all", "both"] == table["both"].iloc[:-1].sum()
    assert "two AI readers where they agree" in table.attrs["conditions"]


def test_shares_are_blank_where_there_is_nothing_to_share(corpus: Corpus) -> None:
    """Nothing by nothing is no number; found wrongly alone is zero, and so is missed alone."""
    table = measure_themes(documents="held-out", corpus=corpus)
    for row in table.itertuples():
        for share, whole in ((row.precision, row.marked), (row.recall, row.readers)):
            assert isnan(share) == (whole == 0)
        assert isnan(row.F1) == (row.marked + row.readers == 0)
    assert table.loc["preemption", ["precision", "recall", "F1"]].isna().all()
    assert "–" in repr(table)


def test_held_out_documents_can_be_had_in_three_ways(corpus: Corpus) -> None:
    """By their common name, by their ids, or as a smaller corpus, the numbers are the same."""
    by_name = measure_themes(documents="held-out", corpus=corpus)
    assert by_name.attrs["extent"] == "18 of 122 passages"
    small = measure_themes(corpus=keep_documents(HELD_OUT, corpus=corpus))
    for table in (measure_themes(documents=HELD_OUT, corpus=corpus), small):
        assert by_name.equals(table)
    none = keep_documents(["monitor-2000"], corpus=corpus)
    assert not measure_themes("iran", documents="held-out", corpus=none)["readers"].any()


@pytest.mark.parametrize("theme", sorted(load_themes()))
@pytest.mark.parametrize("documents", ["", "held-out"])
def test_misses_are_shown(corpus: Corpus, theme: str, documents: str) -> None:
    """What is missed and what is wrongly found add up, each with what the dictionary says."""
    row = measure_themes(theme, documents=documents, corpus=corpus).loc[theme].astype(float)
    shown = show_misses(theme, documents=documents, size=100, corpus=corpus)
    missed, wrong = int(row["readers"] - row["both"]), int(row["marked"] - row["both"])
    assert shown.text.startswith(f"{theme}: {missed} missed, {wrong} wrongly found — ")
    assert shown.text.count(f"does not have the theme {theme}") == missed
    assert shown.text.count(f"has the theme {theme}: ") == wrong
    assert shown.html.count("<article>") == missed + wrong
    read_page(shown.html)


def test_misses_are_cut_aloud(corpus: Corpus) -> None:
    """Beyond the size passages are not shown, and the heading says of how many."""
    shown = show_misses("cooperation_confrontation", size=2, corpus=corpus)
    assert "Missed: 2 of " in shown.text
    assert shown.html.count("<article>") == 4
    assert "reader-a (assigned)" in show_misses("preemption", corpus=corpus).text


@pytest.mark.parametrize(
    ("ask", "error", "sentence"),
    [
        ({"theme": "preemtion"}, UnknownNameError, "Did you mean 'preemption'"),
        ({"coder": "reader-c"}, UnknownNameError, "no reader 'reader-c'. Did you mean"),
        ({"documents": "edm"}, UnknownNameError, "Did you mean 'edm-2010'"),
        ({"size": 0}, SettingError, "0 passages are impossible"),
    ],
)
def test_what_cannot_be_compared(
    corpus: Corpus, ask: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """Names that do not exist are answered with those that do."""
    with pytest.raises(error, match=sentence):
        show_misses(**{"theme": "iran", **ask}, corpus=corpus)
    ask = {"themes" if name == "theme" else name: value for name, value in ask.items()}
    if "size" not in ask:
        with pytest.raises(error, match=sentence):
            measure_themes(**ask, corpus=corpus)
