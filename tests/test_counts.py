"""Every number is the length of a list of passages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from helpers.cleaning import RULES
from helpers.corpus import Corpus
from helpers.counts import count_edits, count_mentions, count_passages
from helpers.errors import QueryError, SettingError, TwoTracksError, UnknownNameError
from helpers.figures import draw_grid
from helpers.loading import load_corpus
from helpers.people import find_mentions
from helpers.search import find_passages, keep_documents
from tests.folders import PEOPLE, STRIKE, make_folder
from tests.toys import toy_corpus

QUERIES = ["preempt*", '"pre-empt*"', "prevent*", "Iran", "zzz"]


@pytest.mark.parametrize("by", ["document", "year"])
@pytest.mark.parametrize("filters", [{}, {"theme": "iran"}, {"years": (2000, 2010)}])
def test_a_cell_is_the_length_of_its_list(corpus: Corpus, by: str, filters: dict[str, Any]) -> None:
    """Each number counts the ids kept with it, and they are what the same search finds."""
    table = count_passages(QUERIES, by=by, corpus=corpus, **filters)
    behind = table.attrs["passages"]
    assert list(table.columns) == [*QUERIES, "any"]
    assert len(behind) == table.size
    documents = {d.id: d for d in corpus.documents}
    for row in table.index:
        for query in QUERIES:
            found = find_passages(query, corpus=corpus, **filters)
            ids = [p.id for p in found if row in (p.doc_id, str(documents[p.doc_id].year))]
            assert list(behind[row, query]) == ids
            assert table.loc[row, query] == len(ids)
        union = find_passages(" OR ".join(QUERIES), corpus=corpus, **filters)
        ids = [p.id for p in union if row in (p.doc_id, str(documents[p.doc_id].year))]
        assert list(behind[row, "any"]) == ids
        assert table.loc[row, "any"] == len(ids)
    assert table["any"].sum() == len(union)


def test_rows_are_in_order_of_date(corpus: Corpus) -> None:
    """Every document and every year has a row, earliest first, zeros included."""
    documents = sorted(corpus.documents, key=lambda document: document.date)
    by_document = count_passages("zzz", corpus=corpus)
    assert list(by_document.index) == [document.id for document in documents]
    assert not by_document.to_numpy().any()
    years = list(count_passages("zzz", by="year", corpus=corpus).index)
    assert years == ["2000", "2002", "2003", "2010", "2018", "2021"]


def test_a_table_keeps_what_was_asked(corpus: Corpus) -> None:
    """Title and conditions travel with the table."""
    table = count_passages(["Iran"], theme="iran", corpus=corpus)
    assert table.attrs["title"] == "passages by document"
    assert table.attrs["conditions"] == "theme iran"
    assert count_passages("Iran", corpus=corpus).attrs["conditions"] == "all passages"


def test_a_text_without_date_is_in_a_row_of_its_own() -> None:
    """By year, an undated document counts under “no date”."""
    table = count_passages("A", by="year", corpus=toy_corpus("A B", "C", date=""))
    assert table.to_dict("index") == {"no date": {"A": 1, "any": 1}}


@pytest.mark.parametrize(
    ("queries", "settings", "error", "sentence"),
    [
        ([], {}, SettingError, "at least one query"),
        (["war", "war"], {}, SettingError, "each of them once"),
        (["war", "any"], {}, SettingError, "write ANY"),
        (["war"], {"by": "doc"}, UnknownNameError, "Did you mean 'document'"),
        (["(war"], {}, QueryError, "never closed"),
    ],
)
def test_what_cannot_be_counted(
    corpus: Corpus,
    queries: list[str],
    settings: dict[str, Any],
    error: type[TwoTracksError],
    sentence: str,
) -> None:
    """No query, a query twice or a wrong grouping is answered with what to change."""
    with pytest.raises(error, match=sentence):
        count_passages(queries, corpus=corpus, **settings)


def test_edits_are_counted_by_rule(corpus: Corpus) -> None:
    """The counts are those of the ledgers, in the order of the rules, none left out."""
    table = count_edits(corpus=corpus)
    edits = Counter(edit.rule for ledger in corpus.ledgers.values() for edit in ledger.edits)
    assert dict(zip(table["rule"], table["edits"], strict=True)) == edits
    assert list(table["rule"]) == [rule.name for rule in RULES if edits[rule.name]]
    assert list(table.columns) == ["rule", "edits", "what it does"]


def test_edits_of_a_document_are_those_inside_it(corpus: Corpus) -> None:
    """A document's edits are a part of its file's; a smaller corpus has those of its files."""
    document = corpus.document("azizian-2003")
    table = count_edits(document=document.id, corpus=corpus)
    assert table["edits"].sum() == len(corpus.edits_in(document))
    small = keep_documents(["azizian-2003"], corpus=corpus)
    ledger = corpus.ledgers[document.seed_file]
    assert count_edits(corpus=small)["edits"].sum() == len(ledger)
    with pytest.raises(UnknownNameError, match="Did you mean 'azizian-2003'"):
        count_edits(document="azizian", corpus=corpus)


@pytest.mark.parametrize("surname", ["", "Clinton"])
def test_the_places_of_a_surname_are_counted(corpus: Corpus, surname: str) -> None:
    """Each number is that of the mentions; if none is named, of the shared one with most."""
    table = count_mentions(surname, corpus=corpus)
    found = [m for m in find_mentions(corpus) if m.person.endswith(surname or "Ivanov")]
    assert table.attrs["extent"] == f"{len(found)} places"
    for rule in table.index:
        for person in table.columns:
            here = [m for m in found if (m.rule, m.person) == (rule, person)]
            assert table.loc[rule, person] == len(here)
            passages = table.attrs["passages"].get((rule, person), ())
            assert set(passages) == {m.passage_id for m in here} - {""}


def test_names_are_counted_in_texts_of_ones_own(tmp_path: Path) -> None:
    """Those of the folder's people; where nobody is named, or can be, a sentence says so."""
    folder = make_folder(tmp_path / "mine", strike__txt=STRIKE, people__toml=PEOPLE)
    table = count_mentions(corpus=load_corpus(folder))
    assert table.sum().to_dict() == {"Anna Smith": 1, "Robert Smith": 2}
    alone = 'person = [{name = "Carol Jones", surname = "Jones"}]'
    table = count_mentions(corpus=load_corpus(make_folder(folder, people__toml=alone)))
    assert table.sum().to_dict() == {"Carol Jones": 1}
    make_folder(folder, people__toml='person = [{name = "Ann Lee"}]')
    table = count_mentions(corpus=load_corpus(folder))
    assert "Nobody in the list of people is named here" in repr(table)
    assert repr(draw_grid(table)) == table.attrs["instead"]
    (folder / "people.toml").unlink()
    assert "mine has no people.toml" in repr(count_mentions(corpus=load_corpus(folder)))


def test_a_surname_that_nobody_has(corpus: Corpus) -> None:
    """The sentence names the surnames that there are."""
    with pytest.raises(UnknownNameError, match="Did you mean 'Ivanov'"):
        count_mentions("Ivanow", corpus=corpus)


def test_a_long_table_says_how_much_it_shows() -> None:
    """Of more than sixty rows the first are shown, and a sentence says of how many."""
    rows = count_passages("a", corpus=toy_corpus("a")).iloc[[0] * 61]
    assert repr(rows).endswith("The first 60 of 61 rows are shown.")
    assert rows._repr_html_().count("<th>toy</th>") == 60
    assert "rows are shown" not in repr(rows.head(60))
