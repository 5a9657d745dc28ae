"""Codebooks and codes: held to their rules, the same whichever file they come from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import coding
from helpers.codebook import Codebook, load_codebook
from helpers.coding import COLUMNS, Coding, Codings, load_codes, my_codes, read_codes, team_codes
from helpers.corpus import Corpus
from helpers.errors import DataError, UnknownNameError, WorkError
from helpers.handing import export_work
from helpers.sources import find_folder, read_data
from helpers.workbook import Workbook, open_workbook
from tests.displays import read_page
from tests.toys import MARKUP

HEAD = ",".join(COLUMNS) + "\n"
ROW = "team-1,1,edm-2010#p01,claims_right,1,close\n"
OWN = """
title = "Tone"
question = "Which tone?"

[[code]]
id = "warm"
key = "1"
name = "is warm"
definition = "d"
use_when = "u"
not_when = "n"
example = { passage = "edm-2010#p01", reason = "r" }
counter_example = { passage = "edm-2010#p02", reason = "r" }
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """A student's work in a folder of its own."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "work"))
    return open_workbook()


@pytest.fixture
def own_codebook(tmp_path: Path) -> Callable[[str, str], Codebook]:
    """An instructor's codebook, with something in it replaced."""

    def load(old: str = "", new: str = "") -> Codebook:
        assert old in OWN
        path = tmp_path / "own.toml"
        path.write_text(OWN.replace(old, new, 1), encoding="utf-8")
        return load_codebook(path)

    return load


def test_the_codebook_gives_nothing_away(corpus: Corpus) -> None:
    """It asks for some twenty passages, and explains no code by one of them."""
    codebook = load_codebook()
    order = [passage.id for passage in corpus.passages]
    assert 17 <= len(codebook.practice) <= 20
    assert sorted(codebook.practice, key=order.index) == list(codebook.practice)
    for code in codebook.codes.values():
        shown = {code.example.passage_id, code.counter_example.passage_id}
        assert len(shown) == 2
        assert not shown & set(codebook.practice)
    assert [code.key for code in codebook.codes.values()] == list("1234567")


def test_the_codebook_never_quotes(corpus: Corpus) -> None:
    """Definitions and reasons are ours: no five words in a row stand in a passage."""
    texts = " | ".join(["", *(words(passage.text) for passage in corpus.passages), ""])
    for entry in tomllib.loads(read_data("codebook.toml"))["code"]:
        reasons = [entry[kind]["reason"] for kind in ("example", "counter_example")]
        for said in (entry["definition"], entry["use_when"], entry["not_when"], *reasons):
            parts = words(said).split()
            runs = [" ".join(parts[n : n + 5]) for n in range(len(parts) - 4)]
            assert not [run for run in runs if f" {run} " in texts]


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_the_codebook_shows_itself() -> None:
    """Text and HTML say the same: each code, when to give it, when not, and two passages."""
    codebook = load_codebook()
    for said in (repr(codebook), read_page(codebook._repr_html_().replace("<br>", " "))):
        for code in codebook.codes.values():
            for part in (code.name, code.definition, code.use_when, code.example.passage_id):
                assert part in said
    assert read_page(codebook.to_html(["limits_right"]).replace("<br>", "")).startswith("2 denies")


def test_an_own_codebook(own_codebook: Callable[..., Codebook]) -> None:
    """An instructor's codebook needs no passages to practise on."""
    codebook = own_codebook()
    assert (list(codebook.codes), codebook.practice) == (["warm"], ())
    marked = own_codebook('name = "is warm"', f"name = '''{MARKUP}'''")
    assert "<script>" not in marked._repr_html_()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('id = "warm"', 'id = "Warm!"', "code 1: 'id' must be small letters, digits and _"),
        ('key = "1"', 'key = "12"', "code 1: 'key' must be one digit from 1 to 9, not '12'"),
        ('key = "1"', "key = 1", "code 1: 'key' must be text in quotation marks"),
        ('name = "is warm"', 'name = " "', "code 1: 'name' says nothing"),
        ('definition = "d"', 'defintion = "d"', "code 1: 'defintion' is not known here"),
        ('definition = "d"', "", "code 1: 'definition' is missing"),
        ('"edm-2010#p01"', '"edm-2010#p99"', "code 1, example: There is no passage 'edm-2010#p99'"),
        ("example = {", "example = 3 #", "code 1: 'example' must be a table"),
        ('question = "Which tone?"', "", "'question' is missing"),
        ("[[code]]", "practice = ['edm-2010#p01', 'x']\n[[code]]", "practice: There is no passage"),
        ("[[code]]", "practice = ['edm-2010#p01', 'edm-2010#p01']\n[[code]]", "stands twice"),
        ("[[code]]", "code = [3]\n[other]", "'other' is not known here"),
        ('title = "Tone"', "title = Tone", "own.toml cannot be read: Invalid value"),
        (
            OWN[OWN.index("[[code]]") :],
            2 * OWN[OWN.index("[[code]]") :],
            "the id 'warm' stands twi",
        ),
    ],
)
def test_codebooks_that_cannot_be(
    own_codebook: Callable[..., Codebook], old: str, new: str, sentence: str
) -> None:
    """A slip in a codebook is answered with file, code and what is wrong."""
    with pytest.raises(DataError, match=r"^own\.toml") as caught:
        own_codebook(old, new)
    assert sentence in str(caught.value)


def test_a_codebook_that_is_not_there(tmp_path: Path) -> None:
    """A file that is missing or holds something else is named."""
    with pytest.raises(DataError, match=r"^none.toml cannot be opened; is it in this folder\?$"):
        load_codebook(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"^bytes.toml cannot be read"):
        load_codebook(tmp_path / "bytes.toml")


def test_my_codes_are_what_i_saved(work: Workbook) -> None:
    """Before anything is saved there is nothing; afterwards the last decision stands."""
    assert (my_codes(), repr(my_codes())) == (Codings(), "No codes yet.")
    work.save_codes("edm-2010#p01", {"claims_right": True, "limits_right": False}, note="hm")
    work.save_codes("edm-2010#p01", {"claims_right": False, "limits_right": False})
    work.save_codes("edm-2010#p01", {"claims_right": True}, round=2)
    assert [(c.round, c.code, c.given, c.note) for c in my_codes()] == [
        (1, "claims_right", False, ""),
        (1, "limits_right", False, ""),
        (2, "claims_right", True, ""),
    ]
    assert repr(my_codes()) == (
        f"{work.coder}: 2 codes on 1 passage.\n{work.coder}, round 2: 1 code on 1 passage."
    )


def test_a_neighbour_hands_over_a_file(work: Workbook, tmp_path: Path) -> None:
    """What one exports another loads, and the own work stays as it was."""
    neighbour = Workbook(tmp_path / "neighbour")
    neighbour.rename_coder("wren-1")
    neighbour.save_codes("edm-2010#p01", {"claims_right": True}, note="sure")
    export_work(tmp_path / "wren.jsonl", workbook=neighbour)
    codings = load_codes(tmp_path / "wren.jsonl")
    assert codings == Codings([Coding("wren-1", 1, "edm-2010#p01", "claims_right", True, "sure")])
    assert codings.problems == ()
    assert my_codes() == Codings()


def test_a_damaged_file_is_read_as_far_as_it_goes(work: Workbook, tmp_path: Path) -> None:
    """What cannot be read of a neighbour's file is said, and goes along when codes are joined."""
    (tmp_path / "bad.jsonl").write_bytes(b"\x00<script>\n")
    codings = load_codes(tmp_path / "bad.jsonl") + my_codes()
    assert not codings
    assert codings.problems
    assert repr(codings) == "\n".join(["No codes yet.", *codings.problems])
    with pytest.raises(WorkError, match=r"^none.jsonl cannot be opened; is it in this folder\?$"):
        load_codes(tmp_path / "none.jsonl")


def test_a_table_from_elsewhere(tmp_path: Path) -> None:
    """A CSV file with the columns of the team's is read like any other."""
    (tmp_path / "mine.csv").write_text(HEAD + ROW, encoding="utf-8")
    expected = Coding("team-1", 1, "edm-2010#p01", "claims_right", True, "close")
    assert load_codes(tmp_path / "mine.csv") == Codings([expected])


def test_a_table_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A table of codes saved by a spreadsheet is read."""
    (tmp_path / "codes.csv").write_text(HEAD + ROW, encoding="utf-8-sig")
    assert [coding.code for coding in load_codes(tmp_path / "codes.csv")] == ["claims_right"]


def test_the_team_coded_everything(corpus: Corpus) -> None:
    """Both coders of the team decided on the same codes, each for every passage of the codebook."""
    codebook = load_codebook()
    coded = [code for code in codebook.codes if code in {c.code for c in team_codes()}]
    assert len(coded) > 4
    for coder in ("team-1", "team-2", "untrained"):
        codings = team_codes(coder)
        pairs = [(c.passage_id, c.code) for c in codings]
        assert pairs == [(i, code) for i in codebook.practice for code in coded]
        assert {(c.coder, c.round) for c in codings} == {(coder, 1)}
        for c in codings:
            assert (
                words(c.note) not in words(corpus.passage(c.passage_id).text)
                or len(c.note.split()) < 3
            ), f"{c.note!r} stands in {c.passage_id}"
    assert len(team_codes()) == 2 * len(pairs)
    with pytest.raises(UnknownNameError, match=r"^There is no coder 'team-3'\."):
        team_codes("team-3")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + ROW.replace(",1,close", ",2,close"), "line 2: it must have .* given 0 or 1"),
        ("coder,passage\nteam-1,edm-2010#p01\n", "line 2: it must have coder, round, passage_id"),
        (HEAD + "team-1,1\n", "line 2: it must have"),
        (HEAD + ROW.replace("team-1,1", "team-1,one"), "line 2: 'round' must be a number"),
        (HEAD + ROW + ROW, "line 3: edm-2010#p01, claims_right stands twice; keep one"),
    ],
)
def test_tables_that_cannot_be(text: str, sentence: str) -> None:
    """A slip in a table of codes is answered with its line and what is wrong."""
    with pytest.raises(DataError, match=f"^a file, {sentence}"):
        read_codes(text, "a file")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("claims_right", "claim_right", "line 2: There is no code 'claim_right'. Did you mean"),
        ("p01", "p99", "line 2: There is no passage 'edm-2010#p99'"),
        ("team-1", "team-2", "line 2: There is no coder 'team-2'"),
    ],
)
def test_tables_of_the_course_are_held_to_names(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, sentence: str
) -> None:
    """In data/codes/ every coder, code and passage must exist."""
    monkeypatch.setattr(coding, "read_data", lambda _: HEAD + ROW.replace(old, new))
    with pytest.raises(DataError, match=f"^data/codes/team-1.csv, {sentence}"):
        coding.read_data_codes("team-1", codes=load_codebook().codes)


def test_every_table_of_codes_has_a_reader() -> None:
    """No file lies in data/codes/ that nothing reads."""
    names = {path.stem for path in (find_folder("data") / "codes").iterdir()}
    assert names == {"reader-a", "reader-b", "team-1", "team-2", "untrained"}


def test_files_are_found_from_where_a_run_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is not beside the lesson is looked for where the whole course was started."""
    (tmp_path / "wren.csv").write_text(read_data("codes/team-1.csv"), encoding="utf-8")
    monkeypatch.setenv("TWO_TRACKS_FILES", str(tmp_path))
    assert {coding.coder for coding in load_codes("wren.csv")} == {"team-1"}
