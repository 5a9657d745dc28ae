"""The evidence basket: what was collected is shown, exported, and never lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.basket import HOW, Basket, _escape, my_evidence
from helpers.corpus import Corpus
from helpers.errors import WorkError
from helpers.records import Evidence
from helpers.search import keep_documents
from helpers.workbook import Workbook, open_workbook
from tests.displays import read_page
from tests.toys import MARKUP, markup_corpus

TIME = "2025-01-01T00:00:00Z"
IDS = ("edm-2010#p08", "azizian-2003#p17", "azizian-2003#p04")
NOTES = dict(zip(IDS, ("Claims *two* tracks", "", "1. denies it\nas <b>such</b>"), strict=True))


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """Nobody's work yet."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "my-work"))
    return open_workbook()


def basket(corpus: Corpus, notes: dict[str, str] = NOTES) -> Basket:
    return Basket({name: Evidence(note, TIME) for name, note in notes.items()}, corpus)


def test_nothing_collected(work: Workbook) -> None:
    """With nothing collected there is a sentence that says how, and no file is written."""
    shown = my_evidence()
    assert repr(shown) == HOW
    assert read_page(shown.html).strip() == HOW
    assert repr(shown.save()) == HOW
    assert shown.to_bibtex() == ""
    assert json.loads(shown.to_csl()) == []
    assert not work.folder.exists()


def test_shown_in_the_order_collected(corpus: Corpus) -> None:
    """Passages stand in the order collected, each with its text, why, citation and bytes."""
    shown = basket(corpus)
    page = read_page(shown.html)
    assert "3 passages from 2 documents, in the order collected." in page
    for passage in (corpus.passage(name) for name in IDS):
        for words in (passage.text, corpus.cite(passage)):
            assert words in page
            assert words in repr(shown)
    assert sorted(IDS, key=repr(shown).index) == list(IDS) == sorted(IDS, key=page.index)
    assert "Why: 1. denies it as <b>such</b>" in page
    assert repr(shown).count("Why:") == page.count("Why:") == 2
    cited = corpus.cite(corpus.passage(IDS[0]))
    for words in (repr(shown), page):
        assert words.index("Why: Claims *two* tracks") < words.index(cited)


def test_one_is_one(corpus: Corpus) -> None:
    """One passage of one document is no plural."""
    shown = basket(corpus, {IDS[0]: ""})
    assert repr(shown).startswith("1 passage from 1 document, in the order collected.")


def test_passages_of_other_corpora_are_named(corpus: Corpus) -> None:
    """What was collected elsewhere is not shown here, but listed and still kept."""
    small = keep_documents(["azizian-2003"], corpus=corpus)
    shown = basket(small, {**NOTES, "<i>#p01": ""})
    sentence = "Collected, and still kept, but not in this corpus: edm-2010#p08, <i>#p01."
    assert [passage.id for passage in shown.passages] == [IDS[1], IDS[2]]
    for words in (repr(shown), read_page(shown.html)):
        assert "2 passages from 1 document" in words
        assert sentence in words
    assert r"edm-2010#p08, \<i>#p01" in shown.to_markdown()
    assert repr(basket(small, {IDS[0]: ""})).startswith("None of your passages is in this corpus.")


def test_markdown_shows_what_stands_there(corpus: Corpus) -> None:
    """Each passage is a quotation, then its citation with id and bytes, then why."""
    text = basket(corpus).to_markdown()
    for passage in map(corpus.passage, IDS):
        assert f"> {passage.text}\n\n{corpus.cite(passage)}\n\n" in text.replace("\\", "") + "\n"
    assert "txt.\n\nWhy: Claims \\*two\\* tracks\n" in text
    assert r"Why: 1. denies it as \<b>such\</b>" in text
    assert text.count("\n> ") == 3


def test_markdown_takes_markup_for_text() -> None:
    """Marks in a passage, a title or a note are no Markdown and no HTML."""
    corpus = markup_corpus()
    text = basket(corpus, {"toy#p01": MARKUP, "toy#p02": "# [a](b) 2 & 3 &amp;"}).to_markdown()
    assert "<" not in text.replace(r"\<", "")
    assert r"Why: # \[a\](b) 2 & 3 \&amp;" in text


def test_markdown_makes_no_list_of_a_sentence(corpus: Corpus) -> None:
    """A first word that would begin a list or a heading does not."""
    starts = [_escape(words) for words in ("1. A", "# B", "- C", "> D", "2000 E", "3) F")]
    assert starts == [r"1\. A", r"\# B", r"\- C", r"\> D", "2000 E", r"3\) F"]


def test_each_document_is_cited_once(corpus: Corpus) -> None:
    """The bibliography has the documents of the passages in the order of the corpus."""
    shown = basket(corpus)
    assert [item["id"] for item in json.loads(shown.to_csl())] == ["azizian-2003", "edm-2010"]
    assert shown.to_bibtex().count("\n@") == 1
    assert "Asia-Pacific" in shown.to_csl()
    assert "–" in basket(corpus, {"roadmap-2018#p01": ""}).to_csl()


def test_three_files_are_written(corpus: Corpus, tmp_path: Path) -> None:
    """Saving writes the three forms, and names the folder without the way to it."""
    shown = basket(corpus)
    sentence = repr(shown.save(tmp_path / "paper"))
    assert str(tmp_path.parent) not in sentence
    assert sentence.startswith(f"Written to {tmp_path.name}/paper: my-evidence.md")
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "paper").iterdir()}
    assert files == {
        "my-evidence.md": shown.to_markdown(),
        "my-evidence.bib": shown.to_bibtex(),
        "my-evidence.json": shown.to_csl() + "\n",
    }


def test_saving_again_keeps_what_a_student_changed(corpus: Corpus, tmp_path: Path) -> None:
    """A file that says something else is kept with a number; the same is not written twice."""
    basket(corpus).save(tmp_path)
    basket(corpus).save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    (tmp_path / "my-evidence.md").write_text("my own words")
    sentence = repr(basket(corpus).save(tmp_path))
    assert sentence.endswith("What stood there before is kept as my-evidence-1.md.")
    assert (tmp_path / "my-evidence-1.md").read_text() == "my own words"
    assert (tmp_path / "my-evidence.md").read_text() == basket(corpus).to_markdown()
    (tmp_path / "my-evidence.md").write_text("again")
    assert "my-evidence-2.md" in repr(basket(corpus).save(tmp_path))


def test_saved_beside_the_work_by_default(work: Workbook) -> None:
    """Without a folder the files go beside the work, and are no part of it."""
    work.save_evidence(IDS[0])
    assert repr(my_evidence().save()).startswith("Written to my-work/evidence: ")
    assert list(my_evidence().notes) == [IDS[0]]


def test_a_folder_that_cannot_be(corpus: Corpus, tmp_path: Path) -> None:
    """Where nothing can be written there is one sentence that says what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkError, match=r"could not be written to .*/file \(.*\); name another"):
        basket(corpus).save(tmp_path / "file")
