"""Documents for a bibliography: nothing invented, nothing that breaks a reference manager."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from helpers.corpus import Corpus, Document
from helpers.references import cite_bibtex, cite_csl
from tests.toys import MARKUP, markup_corpus, toy_corpus

# From the schema csl-data.json 1.0.2 of the Citation Style Language: it forbids any other field.
TYPES = {
    "article-magazine",
    "article-newspaper",
    "book",
    "document",
    "interview",
    "report",
    "speech",
}
FIELDS = {
    *("annote", "author", "collection-title", "container-title", "genre", "id", "issue", "issued"),
    *("note", "publisher", "title", "type", "volume"),
}


def toy(**facts: Any) -> Document:
    """A document about which nothing is known but `facts`."""
    return replace(toy_corpus("A B", date="").documents[0], **facts)


def read_bibtex(entry: str) -> dict[str, str]:
    """The fields of an entry as written, outer braces left out; fails if braces do not match."""
    assert re.match(r"@[a-z]+\{[a-z0-9-]+,\n", entry)
    assert entry.endswith("\n}")
    fields = dict(re.findall(r"^  ([a-z]+) = (.+?),?$", entry, re.MULTILINE))
    for value in fields.values():
        assert value.count("{") == value.count("}")
    return {key: value.removeprefix("{").removesuffix("}") for key, value in fields.items()}


def test_every_item_fits_the_schema(corpus: Corpus) -> None:
    """Each item has an id and a type, no field and no type the schema lacks, and text for text."""
    for document in corpus.documents:
        item = cite_csl(document)
        assert item["id"] == document.id
        assert item["type"] in TYPES
        assert item.keys() <= FIELDS
        others = [item[key] for key in item.keys() - {"author", "issued"}]
        assert all(isinstance(value, str) and value for value in others)
        assert all(
            set(name) in ({"family", "given"}, {"literal"}) for name in item.get("author", ())
        )


def test_what_is_not_stated_is_not_invented(corpus: Corpus) -> None:
    """The article without title and author has neither; the note says so."""
    document = corpus.document("monitor-2000")
    item = cite_csl(document)
    assert not {"title", "author"} & item.keys()
    assert item["note"].startswith("The file states no title. The file names no author.")
    assert not {"title", "author"} & read_bibtex(cite_bibtex(document)).keys()
    nothing = cite_csl(toy())
    assert nothing.keys() == {"id", "type", "note"}
    assert nothing["type"] == "document"
    assert "The file states no date." in nothing["note"]


def test_dates_are_as_precise_as_the_evidence(corpus: Corpus) -> None:
    """A month stays a month, a day a day; only what is inferred is uncertain."""
    issued = {d.id: cite_csl(d)["issued"] for d in corpus.documents}
    assert issued["azizian-2003"] == {"date-parts": [[2003, 3]]}
    assert issued["lavrov-israel-2021"] == {"date-parts": [[2021, 10, 15]]}
    assert issued["edm-2010"] == {"date-parts": [[2010, 5, 20]], "circa": True}
    assert issued["monitor-2000"] == {"date-parts": [[2000, 2]], "circa": True}
    assert cite_csl(toy(date="1999", date_precision="year"))["issued"] == {"date-parts": [[1999]]}


def test_what_is_inferred_is_marked(corpus: Corpus) -> None:
    """The note has an inferred author and date in brackets; the grounds stand in annote."""
    item = cite_csl(corpus.document("roadmap-2018"))
    assert "Author [Igor Ivanov] inferred, not stated." in item["note"]
    assert "Date [2018-06] inferred: between 2018-06-10 and 2018-06-28." in item["note"]
    assert "Read in the reprint by Modern Diplomacy." in item["note"]
    assert "The author is not named." in item["annote"]
    assert "inferred" not in cite_csl(corpus.document("azizian-2003"))["note"]


def test_journals_and_series(corpus: Corpus) -> None:
    """Journal, volume, issue, series and publisher stand in fields of their own."""
    item = cite_csl(corpus.document("edm-2010"))
    assert (item["container-title"], item["volume"], item["issue"], item["publisher"]) == (
        *("Eurasia Daily Monitor", "7", "98"),
        "Jamestown Foundation",
    )
    item = cite_csl(corpus.document("azizian-2003"))
    assert (item["type"], item["collection-title"], item["publisher"]) == (
        "report",
        "Special Assessment",
        "Asia-Pacific Center for Security Studies",
    )


@pytest.mark.parametrize(
    ("author", "name", "written"),
    [
        ("Sergey V. Lavrov", {"family": "Lavrov", "given": "Sergey V."}, "Lavrov, Sergey V."),
        ("Ann-Marie O’Neil", {"family": "O’Neil", "given": "Ann-Marie"}, "O'Neil, Ann-Marie"),
        ("Council of Europe", {"literal": "Council of Europe"}, "{Council of Europe}"),
        ("Jamestown Foundation", {"literal": "Jamestown Foundation"}, "{Jamestown Foundation}"),
        ("Voltaire", {"literal": "Voltaire"}, "{Voltaire}"),
    ],
)
def test_names(author: str, name: dict[str, str], written: str) -> None:
    """A person's name has two parts; a body's stays whole, so that no style turns it round."""
    document = toy(authors=(author,), author_certainty="stated")
    assert cite_csl(document)["author"] == [name]
    assert read_bibtex(cite_bibtex(document))["author"] == written


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Russia–U.S. & more", r"Russia--U.S. \& more"),
        ("The “Eastern” ‘axis’ — 100%", "The ``Eastern'' `axis' --- 100\\%"),
        ("$8 #1 a_b ~ ^", r"\$8 \#1 a\_b \textasciitilde{} \textasciicircum{}"),
        ("a } b { c \\", r"a \textbraceright{} b \textbraceleft{} c \textbackslash{}"),
        ("Détente", "Détente"),
    ],
)
def test_bibtex_takes_every_sign(title: str, written: str) -> None:
    """Quotation marks, dashes and signs of TeX are written so that they print as published."""
    assert read_bibtex(cite_bibtex(toy(title=title)))["title"] == f"{{{written}}}"


def test_bibtex_types_and_months(corpus: Corpus) -> None:
    """An article has a journal, a policy paper an institution, and months their macros."""
    article = cite_bibtex(corpus.document("lavrov-israel-2021"))
    assert article.startswith("@article{lavrov-israel-2021,")
    fields = read_bibtex(article)
    assert (fields["journal"], fields["year"], fields["day"]) == ("Yedioth Ahronoth", "2021", "15")
    assert "\n  month = oct,\n" in article
    report = cite_bibtex(corpus.document("azizian-2003"))
    assert report.startswith("@techreport{azizian-2003,")
    assert read_bibtex(report)["institution"] == "Asia-Pacific Center for Security Studies"
    assert cite_bibtex(toy()).startswith("@misc{toy,")


def test_markup_is_no_danger() -> None:
    """A document whose every fact is full of marks gives an entry whose braces match."""
    (document,) = markup_corpus().documents
    read_bibtex(cite_bibtex(document))
    assert cite_csl(document)["title"] == MARKUP
