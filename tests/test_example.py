"""The example corpus of lesson 13; themes and readers' codes that a folder of texts brings."""

from __future__ import annotations

import csv
import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from helpers import (
    CodingPanel,
    PassageExplorer,
    check_corpus,
    count_themes,
    explain_theme,
    find_passages,
    find_quotations,
    keep_documents,
    load_codebook,
    load_corpus,
    load_themes,
    measure_themes,
    show_misses,
    show_theme,
)
from helpers.coding import Coding
from helpers.corpus import Corpus
from helpers.errors import DataError, SettingError, UnknownNameError
from helpers.execution import Job, run_lesson
from helpers.handouts import build_handouts
from helpers.loading import course_corpus
from helpers.parameters import check_parameter
from helpers.sources import find_folder
from helpers.themes import find_theme_marks
from helpers.validation import theme_codes
from tests.folders import make_folder
from tests.lessons import explorer_form, write_lesson

EXAMPLE = find_folder("data") / "example-corpus"
PRICE = "price_of_crossing"
LESSON = "13-bring-your-own-corpus"
TEXTS = {"a__txt": "The toll is high.\n\nNobody pays.", "b__txt": "A bell may toll.\n\nIt rains."}
THEMES = '[[theme]]\nid = "cost"\ndefinition = "What it costs."\nphrases = ["toll"]\n'
HEAD = "coder,round,passage_id,code,given,note\n"


@pytest.fixture(scope="module")
def example() -> Corpus:
    return course_corpus("example")


def own(tmp_path: Path, **files: str) -> Corpus:
    """The corpus of two small texts with other files beside them."""
    return load_corpus(make_folder(tmp_path / "mine", **{**TEXTS, **files}))


def test_the_example_says_that_it_is_invented(example: Corpus) -> None:
    """Its README and the metadata of every text say so."""
    assert "Place, people and events are\ninvented" in (EXAMPLE / "README.md").read_text("utf-8")
    said = {}
    for table in ("metadata.csv", "board-minutes.csv"):
        for row in csv.DictReader((EXAMPLE / table).read_text("utf-8").splitlines()):
            said[row.get("file") or row["id"]] = row["note"]
    assert set(said.values()) == {"written for this course; place and people are invented"}
    files = {document.seed_file.split(",")[0] for document in example.documents}
    assert files - {"board-minutes.csv"} <= set(said)
    assert {d.id for d in example.documents if d.id.startswith("board")} <= set(said)


def test_the_report_on_the_example_has_something_of_everything() -> None:
    """Furniture, a scan, an encoding, a copy, a date inferred and one missing are all in it."""
    report = check_corpus("example")
    assert report.ready
    for said in (
        "10 texts can be used, with 71 passages; 0 cannot.",
        "No texts, left out: README.md.",
        "date 1998, year (inferred)",
        "4 broken_word, 2 hyphen_break, 1 odd characters or words",
        "no date found. Looks like furniture of a page or site: 1 site_furniture",
        "8 mojibake",
        "13 site_furniture",
        "courier and messenger share 5 of 7 passages; is one a copy?",
        "Passages by its themes.toml: price_of_crossing 23.",
        "Coded by 2 readers: 36 passages.",
        "13 Bring your own corpus: runs.",
    ):
        assert said in report.text


def test_the_example_was_coded_in_a_sample(example: Corpus) -> None:
    """Two readers decided on every second passage, and their codes name only these."""
    codes = theme_codes(example)
    for coder in ("reader", "writer"):
        coded = [code.passage_id for code in codes if code.coder == coder]
        assert coded == [passage.id for passage in example.passages[::2]]


def test_the_numbers_of_the_lesson(example: Corpus) -> None:
    """Six words, the saved phrases, and the texts held out do as well as the lesson says."""
    words = ["toll*", "fare*", "fee*", "charge*", "contribution*", "levy"]
    theme = {"id": PRICE, "definition": ".", "phrases": words}
    draft = load_corpus("example", themes=[theme])
    columns = ["readers", "marked", "both", "precision", "recall"]
    assert measure_themes(corpus=draft).loc[PRICE, columns].tolist() == [17, 16, 9, 0.56, 0.53]
    assert measure_themes(corpus=example).loc[PRICE, columns].tolist() == [17, 12, 11, 0.92, 0.65]
    held = measure_themes(documents="held-out", corpus=example)
    assert held.loc[PRICE, columns].tolist() == [5, 4, 3, 0.75, 0.6]
    assert len(load_corpus("example", rules=[]).passages) == 87
    assert len(find_passages("toll*", corpus=example)) == 12
    marked = find_theme_marks(example)[PRICE]
    assert not any(passage_id.startswith("letter#") for passage_id in marked)


def test_the_two_of_one_surname_are_told_apart(example: Corpus) -> None:
    """Its people.toml lets the rules of lesson 08 work on these texts too."""
    said = {(quote.passage_id, quote.speaker) for quote in find_quotations(example)}
    assert {("courier#p02", "Corin Varrow"), ("board-2002#p04", "Edda Varrow")} <= said


def test_themes_of_a_folder_take_the_place_of_the_courses(tmp_path: Path) -> None:
    """Search, counts, explanation and explorer know its themes alone; elsewhere nothing changes."""
    corpus = own(tmp_path, themes__toml=THEMES)
    assert list(load_themes(corpus=corpus)) == ["cost"]
    assert [p.id for p in find_passages(theme="cost", corpus=corpus)] == ["a#p01", "b#p01"]
    assert explain_theme("a#p02", "cost", corpus=corpus).phrases == ()
    assert list(count_themes(corpus=corpus).index) == ["cost"]
    assert show_theme("cost", corpus=corpus).text.startswith("cost (cost), an issue\nDefinition: W")
    assert "cost" in dict(PassageExplorer(corpus=corpus).theme.options).values()
    small = keep_documents(["b"], corpus=corpus)
    assert len(find_passages(theme="cost", corpus=small)) == 1
    with pytest.raises(UnknownNameError, match="There is no theme 'iran'"):
        find_passages(theme="iran", corpus=corpus)
    assert load_themes(corpus=own(tmp_path / "other")) is load_themes()


def test_a_theme_can_be_tried_before_it_is_saved(tmp_path: Path) -> None:
    """A typed theme works everywhere at once, and a handout leaves its explorer plain."""
    theme = {"id": "rain", "definition": "Wet.", "phrases": ["rain*"], "exclude": ['"it rains"']}
    corpus = load_corpus(make_folder(tmp_path / "mine", **TEXTS), themes=[theme])
    assert len(find_passages(theme="rain", corpus=corpus)) == 0
    assert "data-explorer" not in explorer_form(theme="rain", corpus=corpus)
    assert "data-explorer" in explorer_form(corpus=own(tmp_path))
    with pytest.raises(DataError, match=r"mine/themes.toml, theme 'x': 'phrases' is missing"):
        load_themes(corpus=load_corpus(tmp_path / "mine", themes=[{"id": "x", "definition": "."}]))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"themes__toml": "theme = 1"}, "mine/themes.toml: 'theme' must be a list"),
        ({"themes__toml": 'theme = ["cost"]'}, "mine/themes.toml: a theme must be a table"),
        ({"themes__toml": "[[theme"}, "themes.toml cannot be read"),
        (
            {"themes__toml": f'held_out = ["c"]\n{THEMES}'},
            "mine/themes.toml, held_out: There is no document 'c'",
        ),
        (
            {"themes__toml": THEMES.replace('"toll"', '"(toll"')},
            "mine/themes.toml, theme 'cost', phrase '(toll': The parenthesis",
        ),
        (
            {"themes__toml": THEMES, "codes___me__csv": f"{HEAD}me,1,a#p09,cost,1,\n"},
            "mine/codes/me.csv, line 2: There is no passage 'a#p09'",
        ),
        (
            {"themes__toml": THEMES, "codes___me__csv": f"{HEAD}me,1,a#p01,price,1,\n"},
            "mine/codes/me.csv, line 2: There is no code 'price'",
        ),
        (
            {"themes__toml": THEMES, "codes___me__csv": "who,what\nme,cost\n"},
            "mine/codes/me.csv, line 2: it must have coder, round",
        ),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(
    tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    """A theme, a document held out or a row of codes that cannot be is named by the report."""
    make_folder(tmp_path / "mine", **{**TEXTS, **files})
    report = check_corpus(tmp_path / "mine")
    assert not report.ready
    problems = report.text.partition("What cannot be used\n")[2].split("\n\n")[0]
    assert problems.startswith(f"- {sentence}")
    assert "\n" not in problems
    assert "2 texts can be used, with 4 passages; 0 cannot." in report.text
    assert re.search(r"All that follows is without (themes.toml|codes)", report.text)


def test_only_what_every_reader_read_is_compared(tmp_path: Path) -> None:
    """A passage without a row of each reader is left out; one without the theme counts as read."""
    rows = {
        "one": ["a#p01,cost,1", "a#p02,cost,1", "b#p01,cost,0", "b#p02,cost,1"],
        "two": ["a#p01,cost,1", "a#p02,cost,1", "b#p01,cost,0"],
    }
    tables = {
        f"codes___{name}__csv": HEAD + "".join(f"{name},1,{row},\n" for row in given)
        for name, given in rows.items()
    }
    corpus = own(tmp_path, themes__toml=f'held_out = ["b"]\n{THEMES}', **tables)
    assert len(corpus.documents) == 2
    table = measure_themes(corpus=corpus)
    assert table.loc["cost", ["readers", "marked", "both"]].tolist() == [2, 2, 1]
    assert table.attrs["extent"] == "3 of 4 passages"
    assert table.attrs["conditions"].endswith("against one and two where they agree")
    alone = measure_themes("cost", coder="one", corpus=corpus)
    assert (alone.loc["cost", "readers"], alone.attrs["extent"]) == (3, "4 of 4 passages")
    held = measure_themes("cost", documents="held-out", corpus=corpus)
    assert held.loc["cost", ["readers", "marked"]].tolist() == [0, 1]
    said = show_misses("cost", corpus=corpus).text
    assert "1 missed, 1 wrongly found" in said
    with pytest.raises(UnknownNameError, match="There is no reader 'reader-a'"):
        measure_themes(coder="reader-a", corpus=corpus)


def test_codes_of_somebody_else_can_be_taken(tmp_path: Path, corpus: Corpus) -> None:
    """One's own codes stand in for those of the folder, and in the course's texts too."""
    mine = own(tmp_path, themes__toml=THEMES)
    codes = [Coding("me", 1, "a#p01", "cost", True, "")]
    codes.append(Coding("me", 1, "b#p01", "other", True, ""))
    table = measure_themes("cost", codes=codes, corpus=mine)
    assert table.loc["cost", ["readers", "both", "recall"]].tolist() == [1, 1, 1.0]
    assert table.attrs["conditions"].endswith("against me")
    nobody = measure_themes("cost", codes=[], corpus=mine)
    said = "nobody: no passage is coded for a theme of these texts yet"
    assert nobody.attrs["conditions"].endswith(said)
    other = [Coding("me", 1, "edm-2010#p01", "iran", True, "")]
    assert measure_themes("iran", codes=other, corpus=corpus).attrs["extent"] == "1 of 122 passages"
    none_held = measure_themes("cost", documents="held-out", corpus=mine)
    assert none_held.attrs["conditions"] == "no documents: themes.toml names none under held_out"


def test_codes_are_left_aside_where_passages_are_cut_otherwise(example: Corpus) -> None:
    """With other rules that move the ids nobody has read, and a sentence says why."""
    table = measure_themes(corpus=load_corpus("example", rules=["page_number"]))
    assert table.loc[PRICE, "readers"] == 0
    assert "passages that these rules cut otherwise" in table.attrs["conditions"]
    accepted = example.home.accepted if example.home else ()
    same = load_corpus("example", rules=[rule for rule in accepted if rule != "mojibake"])
    assert measure_themes(corpus=same).loc[PRICE, "readers"] == 17


def test_a_theme_is_a_codebook_of_one_code(example: Corpus) -> None:
    """Passages can be coded by the definition of a theme alone."""
    book = load_codebook(theme=PRICE, corpus=example)
    assert [code.definition for code in book.codes.values()] == [
        load_themes(corpus=example)[PRICE].definition
    ]
    panel = CodingPanel(["letter#p02"], codebook=book, corpus=example)
    assert repr(panel) == "CodingPanel: 1 passage, 1 code — The price of crossing"
    with pytest.raises(UnknownNameError):
        load_codebook(theme="price", corpus=example)


def test_a_handout_carries_the_texts_of_its_lesson(tmp_path: Path, example: Corpus) -> None:
    """A page with an explorer of the example has its passages, another those of the course."""
    write_lesson(tmp_path, explorer_form(theme=PRICE, corpus=example), name="13-own")
    write_lesson(tmp_path, explorer_form(query="axis"), name="00-toy")
    build_handouts(tmp_path, tmp_path / "out")
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()}
    assert 'data-passage="letter#p05"' in pages["13-own.html"]
    assert 'data-passage="monitor-2000#p01"' not in pages["13-own.html"]
    assert 'data-passage="monitor-2000#p01"' in pages["00-toy.html"]


def test_a_theme_of_a_folder_can_be_a_parameter(example: Corpus) -> None:
    """The template takes the themes of the texts it is run on."""
    known = {"theme": ("str", "")}
    check_parameter("theme", PRICE, known, corpus=example)
    with pytest.raises(UnknownNameError):
        check_parameter("theme", PRICE, known)


def test_the_lesson_runs_on_awkward_folders(tmp_path: Path) -> None:
    """German texts, one word, a table, and a folder with themes of its own: no cell fails."""
    german = "Die Brücke ist ein Zeichen der Zusammenarbeit.\n\nDer Rat hat das nicht verstanden."
    make_folder(tmp_path / "german", **{"2001__txt": german, "2003__txt": "Die Maut ist hoch."})
    make_folder(tmp_path / "tiny", x__txt="Word.")
    make_folder(tmp_path, table__csv="text,date\nThe toll is high.,2001\nNothing.,\n")
    make_folder(tmp_path / "themed", **TEXTS, themes__toml=THEMES)
    path = find_folder("notebooks") / f"{LESSON}.ipynb"
    text = path.read_text(encoding="utf-8")
    jobs = [
        Job(name, text, {"corpus": str(tmp_path / name)}, folder=str(path.parent))
        for name in ("german", "tiny", "table.csv", "themed")
    ]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run_lesson, jobs))
    assert [outcome.stopped for outcome in outcomes] == [""] * 4
    for outcome in outcomes:
        cells = nbformat.reads(outcome.notebook, as_version=4).cells
        assert str(tmp_path) not in json.dumps([cell.get("outputs") for cell in cells])


def test_the_example_is_read_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name stands for the folder that comes with the course, wherever it is asked from."""
    shutil.copytree(EXAMPLE, tmp_path / "copy")
    monkeypatch.chdir(tmp_path)
    assert repr(load_corpus("example")).startswith("Corpus(example-corpus: 10 documents")
    assert repr(load_corpus("copy")).startswith("Corpus(copy: 10 documents")


def test_a_corpus_is_cleaned_again_with_the_themes_asked_for(example: Corpus) -> None:
    """Themes are not lost on the way; for the course's texts they, and rules, are refused."""
    draft = {"id": "bells", "definition": ".", "phrases": ["bell*"]}
    again = load_corpus(example.keep(["leaflet", "courier"]), themes=[draft])
    assert list(load_themes(corpus=again)) == ["bells"]
    assert [document.id for document in again.documents] == ["leaflet", "courier"]
    assert list(load_themes(corpus=load_corpus(again, without=["whitespace"]))) == ["bells"]
    for asked in ({"themes": [draft]}, {"rules": ["bullet"]}):
        with pytest.raises(SettingError, match="texts are fixed"):
            load_corpus(**asked)
