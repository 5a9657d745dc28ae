"""Charts: the sentence, the data and the passages are those of the table that is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from helpers.charts import draw_bars, draw_dispersion, draw_keyness, draw_speakers
from helpers.corpus import Corpus
from helpers.counted import build_table
from helpers.counts import count_hits, count_passages, count_speakers
from helpers.errors import QueryError, TwoTracksError, UnknownNameError
from helpers.figures import DescribedFigure
from helpers.keyness import count_collocates, count_keyness, measure_dispersion
from helpers.rendering import Shown
from helpers.search import find_passages, keep_documents
from tests.displays import read_page

Draw = Callable[[Corpus], DescribedFigure]

CHARTS: dict[str, Draw] = {
    "bars": lambda c: draw_bars(count_hits("terror*", corpus=c)),
    "rates": lambda c: draw_bars(
        count_hits("terror*", by="speaker", corpus=c), column="per_1000_words"
    ),
    "keyness": lambda c: draw_keyness(count_keyness(find_passages(theme="iran", corpus=c))),
    "collocates": lambda c: draw_keyness(count_collocates("terror*", corpus=c)),
    "dispersion": lambda c: draw_dispersion(["terror*", "Iran", "zzz", "war"], corpus=c),
    "speakers": lambda c: draw_speakers(corpus=c),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_carries_its_sentence(corpus: Corpus, name: str) -> None:
    """Text form, alternative text and caption are one sentence; conditions and data follow."""
    figure = CHARTS[name](corpus)
    html = figure._repr_html_()
    captions = re.findall(r'alt="([^"]*)"|<figcaption>(.*?)</figcaption>', html)
    assert [unescape(alt or caption) for alt, caption in captions] == [repr(figure)] * 2
    page = read_page(html)
    assert figure.about["conditions"] in page
    assert "Show the data" in page
    assert figure.about["passages"]
    assert CHARTS[name](corpus).png == figure.png


def test_of_very_many_bars_the_longest_are_drawn() -> None:
    """The figure stays of a size that can be read, and what it leaves out is said and listed."""
    names = [f"text-{n}" for n in range(100)]
    table = build_table({"hits": [n % 50 for n in range(100)]}, names, "document", {}, {})
    figure = draw_bars(table, column="hits")
    assert isinstance(figure, DescribedFigure)
    assert figure.sentence.endswith(
        " Nothing in text-0, text-50. Drawn are the longest 40 of 100; all stand under the figure."
    )
    assert figure._repr_html_().count("<tr>") == 101
    assert "Drawn are" not in repr(draw_bars(table.head(40), column="hits"))


def test_bars_say_their_numbers(corpus: Corpus) -> None:
    """Each bar is named with its number and the documents behind it, each gap with its name."""
    figure = draw_bars(count_hits("terror*", corpus=corpus))
    assert figure.sentence == (
        "Passages with a hit by year – query terror*. 2000: 1 in 1 document; 2002: 5 in 1 document;"
        " 2003: 18 in 1 document; 2021: 6 in 2 documents. Nothing in 2010, 2018."
    )
    assert sum(map(len, figure.about["passages"].values())) == 1 + 5 + 18 + 6
    matrix = draw_bars(count_passages(["Iran"], corpus=corpus), column="Iran", title="Iran")
    assert matrix.sentence.startswith("Iran. azizian-2003: 5; ")


def test_words_say_their_counts(corpus: Corpus) -> None:
    """The first ten words are named with their counts, and how many more there are."""
    table = count_keyness(find_passages(theme="iran", corpus=corpus), size=12)
    sentence = draw_keyness(table).sentence
    first = table.iloc[0]
    assert sentence.startswith(f"12 of {table.attrs['title'].split()[2]} key words, the surest")
    assert f": {table.index[0]} {first['target']:g} : {first['reference']:g}; " in sentence
    assert sentence.endswith("; 2 more.")


def test_spread_says_its_numbers(corpus: Corpus) -> None:
    """Hits, documents and dispersion of each query are those of the table."""
    table = measure_dispersion(["terror*", "zzz"], corpus=corpus)
    sentence = draw_dispersion(["terror*", "zzz"], corpus=corpus).sentence
    row = table.loc["terror*"]
    assert f"terror* {row['hits']:g} times in {row['documents']:g} of 8 documents" in sentence
    assert f"dispersion {row['dispersion']:g}; zzz 0 times in 0 of 8 documents (0 is" in sentence


def test_discs_say_their_numbers(corpus: Corpus) -> None:
    """Who is quoted most comes first, and documents that quote nobody are named."""
    table = count_speakers(corpus=corpus)
    sentence = draw_speakers(corpus=corpus).sentence
    speaker, counts = table.index[0], table.iloc[0]
    assert f": {speaker} in {(counts > 0).sum()} documents ({counts.sum()}); " in sentence
    silent = [name for name in table if not table[name].any()]
    assert sentence.endswith(f"Nobody is quoted in {', '.join(silent)}.")


@pytest.mark.parametrize(
    "draw",
    [
        lambda c: draw_bars(count_hits("zzz", corpus=c)),
        lambda c: draw_bars(count_hits("zzz", by="theme", corpus=c)),
        lambda c: draw_keyness(count_keyness(find_passages(corpus=c))),
        lambda c: draw_keyness(count_collocates("zzz", corpus=c)),
        lambda c: draw_dispersion("zzz", corpus=c),
        lambda c: draw_dispersion([], corpus=c),
        lambda c: draw_speakers(query="zzz", corpus=c),
    ],
    ids=["bars", "none", "keyness", "collocates", "dispersion", "no query", "speakers"],
)
def test_nothing_to_draw_is_a_sentence(corpus: Corpus, draw: Callable[[Corpus], Shown]) -> None:
    """Where nothing is found a sentence says what to do, and there is no empty figure."""
    shown = draw(corpus)
    assert isinstance(shown, Shown)
    assert "; ask for other " in shown.text
    assert "<img" not in shown.html


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("doc_id", ["edm-2010", "monitor-2000"])
def test_a_part_of_the_corpus_can_be_drawn(corpus: Corpus, name: str, doc_id: str) -> None:
    """Of any part of the corpus there is a figure, or a sentence."""
    shown = CHARTS[name](keep_documents([doc_id], corpus=corpus))
    assert isinstance(shown, DescribedFigure | Shown)
    assert repr(shown)


@pytest.mark.parametrize(
    ("draw", "error", "sentence"),
    [
        (
            lambda c: draw_bars(count_hits("war", corpus=c), column="hit"),
            UnknownNameError,
            "no column 'hit'. Did you mean 'hits'",
        ),
        (
            lambda c: draw_keyness(count_hits("war", corpus=c)),
            UnknownNameError,
            "no column 'log_likelihood'",
        ),
        (lambda c: draw_dispersion(["(war"], corpus=c), QueryError, "never closed"),
        (lambda c: draw_speakers(theme="irn", corpus=c), UnknownNameError, "'iran'"),
    ],
    ids=["column", "table", "query", "theme"],
)
def test_what_cannot_be_drawn(
    corpus: Corpus, draw: Any, error: type[TwoTracksError], sentence: str
) -> None:
    """A column or name that does not exist is answered with those that do."""
    with pytest.raises(error, match=sentence):
        draw(corpus)
