"""The coding panel without a browser: its controls are set, and what is saved is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.agreement import ALONE, measure_agreement
from helpers.codebook import load_codebook
from helpers.coding import load_codes, my_codes
from helpers.corpus import Corpus
from helpers.errors import DataError, SettingError, TwoTracksError, UnknownNameError
from helpers.handing import export_work
from helpers.loading import load_corpus
from helpers.panels import CodingPanel
from helpers.search import find_passages, keep_documents
from helpers.workbook import Workbook, open_workbook
from tests.displays import read_page
from tests.folders import make_folder
from tests.test_coding import OWN
from tests.toys import MARKUP, markup_corpus

EDM = ["edm-2010#p01", "edm-2010#p02", "edm-2010#p03"]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """A student's work in a folder of its own."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "work"))
    return open_workbook()


def status(panel: CodingPanel) -> str:
    assert panel.status.value.startswith('<div role="status">')
    return read_page(panel.status.value)


def shown(panel: CodingPanel) -> str:
    """The id of the passage on the screen."""
    return read_page(panel.passage.value).split(" · ")[0].strip()


def ticked(panel: CodingPanel) -> list[str]:
    return [code for code, box in panel.boxes.items() if box.value]


def enter(panel: CodingPanel, typed: str) -> None:
    """What the browser sends when somebody types and presses Enter: first Enter, then the text."""
    panel.quick._handle_msg(
        {"content": {"data": {"method": "custom", "content": {"event": "submit"}}}, "buffers": []}
    )
    panel.quick.value = typed


def given(passage_id: str) -> dict[str, bool]:
    return {c.code: c.given for c in my_codes() if c.passage_id == passage_id}


def test_ticking_and_saving(work: Workbook) -> None:
    """Every code considered is saved at once as given or not, with the note, in one record."""
    panel = CodingPanel(EDM)
    first = shown(panel)
    panel.boxes["limits_right"].value = True
    panel.note.value = " a doubt "
    assert not work.records()
    panel.save.click()
    assert [record.kind for record in work.records()] == ["code"]
    assert given(first) == {code: code == "limits_right" for code in load_codebook().codes}
    assert {c.note for c in my_codes()} == {"a doubt"}
    assert shown(panel) != first
    assert (ticked(panel), panel.note.value) == ([], "")
    assert status(panel) == (
        f"{first} saved: 2. 1 of 3 passages coded. This is passage 2 of your order."
    )


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1 3", ["claims_right", "appeals_to_law"]),
        ("31", ["claims_right", "appeals_to_law"]),
        ("1, 3", ["claims_right", "appeals_to_law"]),
        (" 6 ", ["reports_words"]),
        ("0", []),
    ],
)
def test_quick_keys(typed: str, codes: list[str]) -> None:
    """Digits and Enter save these codes and no others, and go on."""
    panel = CodingPanel(EDM)
    first = shown(panel)
    panel.boxes["names_terrorist"].value = True
    enter(panel, typed)
    assert [code for code, yes in given(first).items() if yes] == codes
    assert (shown(panel) != first, panel.quick.value) == (True, "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9", "There is no code '9'; nothing was saved. Type the digits of the codes and press"),
        ("1 x", "There is no code 'x'; nothing was saved."),
        ("0 1", "0 says that none applies, and cannot stand with others."),
    ],
)
def test_wrong_keys(typed: str, sentence: str) -> None:
    """A key that is no code saves nothing, says so, and leaves what was typed."""
    panel = CodingPanel(EDM)
    first = shown(panel)
    enter(panel, typed)
    assert sentence in status(panel)
    assert (shown(panel), panel.quick.value, list(my_codes())) == (first, typed, [])
    enter(panel, "1")
    assert given(first)["claims_right"]


def test_leaving_the_field_saves_nothing() -> None:
    """Digits typed without Enter tick the codes; an Enter alone does nothing."""
    panel = CodingPanel(EDM)
    first = shown(panel)
    panel.quick.value = "2 5"
    assert ticked(panel) == ["limits_right", "names_otherwise"]
    assert "Ticked, and not saved yet" in status(panel)
    enter(panel, "")
    assert (shown(panel), list(my_codes())) == (first, [])
    panel.save.click()
    assert given(first)["limits_right"]


def test_one_comes_back_to_where_one_stopped() -> None:
    """A new panel has the same order and goes on at the first passage without codes."""
    panel = CodingPanel()
    for _ in range(3):
        enter(panel, "0")
    place = shown(panel)
    again = CodingPanel()
    assert shown(again) == place
    assert status(again) == "3 of 20 passages coded. This is passage 4 of your order."


def test_going_back_shows_what_was_saved() -> None:
    """Back shows the passage with its codes and note; saved again, the later decision stands."""
    panel = CodingPanel(EDM)
    first = shown(panel)
    panel.note.value = "hm"
    panel.boxes["claims_right"].value = True
    panel.save.click()
    assert not panel.back.disabled
    panel.back.click()
    assert (shown(panel), ticked(panel), panel.note.value) == (first, ["claims_right"], "hm")
    assert panel.back.disabled
    enter(panel, "2")
    assert [code for code, yes in given(first).items() if yes] == ["limits_right"]
    assert "1 of 3 passages coded" in status(panel)


def test_undo_takes_back_the_last_codes(work: Workbook) -> None:
    """Undo says what it took back and shows that passage; other work is left alone."""
    panel = CodingPanel(EDM)
    first = shown(panel)
    enter(panel, "1")
    work.save_evidence("edm-2010#p01")
    panel.undo.click()
    assert status(panel).startswith(f"Taken back: the codes of {first}. 0 of 3 passages coded.")
    assert (shown(panel), list(my_codes()), list(work.evidence())) == (first, [], ["edm-2010#p01"])
    panel.undo.click()
    assert "There is nothing to take back." in status(panel)


def test_the_end() -> None:
    """When every passage has codes the panel says so, and can be looked through."""
    panel = CodingPanel(EDM)
    for _ in EDM:
        enter(panel, "4")
    assert "3 of 3 passages coded. You are through; Back shows what you coded." in status(panel)
    assert "You are through" in status(CodingPanel(EDM))
    panel.back.click()
    assert ticked(panel) == ["names_terrorist"]


def test_every_coder_has_an_order_of_her_own(work: Workbook) -> None:
    """Another coder, round or seed, another order; the same, the same order again."""
    orders = [CodingPanel()._order, CodingPanel(round=2)._order, CodingPanel(seed=1)._order]
    work.rename_coder("wren-1")
    orders += [CodingPanel()._order]
    assert len({tuple(order) for order in orders}) == 4
    assert {frozenset(order) for order in orders} == {frozenset(load_codebook().practice)}
    assert CodingPanel()._order == orders[-1]


def test_others_codes_are_not_seen(work: Workbook) -> None:
    """Neither another reader's codes nor one's own of the first round show in the boxes."""
    for name in EDM:
        work.save_codes(name, dict.fromkeys(load_codebook().codes, True), coder="wren-1")
    panel = CodingPanel(EDM)
    assert (ticked(panel), panel._done()) == ([], [])
    enter(panel, "1")
    second = CodingPanel(EDM, round=2)
    assert (ticked(second), second._done()) == ([], [])
    enter(second, "2")
    assert {(c.round, c.code) for c in my_codes() if c.given} == {
        (1, "claims_right"),
        (2, "limits_right"),
    }


def test_some_codes_only() -> None:
    """With some of the codes only these are asked, and only they count as done."""
    panel = CodingPanel(EDM, codes=["names_otherwise", "names_terrorist"])
    first = shown(panel)
    assert list(panel.boxes) == ["names_otherwise", "names_terrorist"]
    enter(panel, "1")
    assert "There is no code '1'" in status(panel)
    enter(panel, "4")
    assert given(first) == {"names_otherwise": False, "names_terrorist": True}
    assert "0 of 3 passages coded" in status(CodingPanel(EDM))


def test_a_full_disk_loses_no_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If it cannot be saved there is a sentence, and codes and note stand as they were."""
    panel = CodingPanel(EDM)
    first = shown(panel)
    (tmp_path / "work").write_text("a file where the folder should be")
    panel.boxes["claims_right"].value = True
    panel.note.value = "kept"
    panel.save.click()
    assert "Your input is still here." in status(panel)
    assert (shown(panel), ticked(panel), panel.note.value) == (first, ["claims_right"], "kept")


def test_a_selection_brings_its_corpus(corpus: Corpus) -> None:
    """Passages found can be coded; of the codebook's own those that the corpus has."""
    found = find_passages(theme="iran", corpus=keep_documents(["edm-2010"], corpus=corpus))
    panel = CodingPanel(found)
    assert panel.corpus is found.corpus
    assert panel.passages == tuple(passage.id for passage in found)
    part = CodingPanel(corpus=keep_documents(["ivanov-gvosdev-2002"], corpus=corpus))
    assert [name[-3:] for name in part.passages] == ["p02", "p03", "p04", "p05", "p06"]


def test_what_is_stored_says_nothing_of_ones_work() -> None:
    """Text and HTML are the same before and after: codebook and a sheet in the texts' order."""
    panel = CodingPanel(EDM)
    before = (repr(panel), panel._repr_mimebundle_()["text/html"])
    assert before[0] == (
        "CodingPanel: 3 passages, 7 codes — Who may strike first, and what opponents are called"
    )
    enter(panel, "1")
    again = CodingPanel(EDM)
    assert (repr(again), again._repr_mimebundle_()["text/html"]) == before
    sheet = read_page(before[1].replace("<br>", " "))
    for code in load_codebook().codes.values():
        assert sheet.count(f"☐ {code.key} {code.name}") == 3
        assert code.definition in sheet
    assert [sheet.index(f"{name} · ") for name in EDM] == sorted(
        sheet.index(f"{name} · ") for name in EDM
    )


def test_a_corpus_may_hold_markup() -> None:
    """Whatever stands in a text is shown as it is written."""
    corpus = markup_corpus()
    panel = CodingPanel([corpus.passages[0].id], corpus=corpus)
    assert MARKUP in read_page(panel.passage.value)
    read_page(panel._repr_mimebundle_()["text/html"].replace("<br>", " "))


def test_every_control_has_a_name() -> None:
    """A screen reader can say what each control is, and a code's key with it."""
    panel = CodingPanel(EDM)
    names = [box.description for box in panel.boxes.values()]
    assert names[0] == "1 claims a right to strike first"
    assert [panel.note.description, panel.quick.description] == ["Note (optional)", "Quick keys"]
    assert [b.description for b in (panel.save, panel.back, panel.undo)] == [
        *("Save and next", "Back", "Undo"),
    ]


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"passages": ["edm-2010#p99"]}, UnknownNameError, "no passage 'edm-2010#p99'"),
        ({"codes": ["claim_right"]}, UnknownNameError, "Did you mean 'claims_right'"),
        ({"round": 0}, SettingError, "Round 0 is impossible"),
        ({"round": "1"}, SettingError, "Round '1' is impossible"),
        ({"codebook": "none.toml"}, TwoTracksError, "none.toml cannot be opened"),
    ],
)
def test_settings_that_make_no_sense(
    settings: dict[str, Any], error: type[TwoTracksError], sentence: str
) -> None:
    """A wrong setting in a notebook is answered at once, with what to change."""
    with pytest.raises(error, match=sentence):
        CodingPanel(**settings)


def test_nothing_to_code(corpus: Corpus) -> None:
    """A search that finds nothing gives a sentence that says what to do."""
    with pytest.raises(SettingError, match="There is no passage to code here; name passages"):
        CodingPanel(find_passages("xyzzy", corpus=corpus))


def test_own_texts_are_coded_by_the_codebook_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes of one's own are given to passages of one's own, handed in, read and compared."""
    folder = make_folder(tmp_path / "mine", a__txt="Warm.\n\nCold.\n\nMild.\n")
    assert CodingPanel(corpus=load_corpus(folder)).codebook.codes == load_codebook().codes
    own = OWN.replace("edm-2010", "a")
    (folder / "codebook.toml").write_text(f"practice = ['a#p03', 'a#p01']\n{own}")
    corpus = load_corpus(folder)
    panel = CodingPanel(corpus=corpus)
    assert panel.passages == ("a#p01", "a#p03")
    assert [code.id for code in panel.codes] == ["warm"]
    panel.boxes["warm"].value = True
    panel.save.click()
    open_workbook().save_codes("edm-2010#p01", {"claims_right": True})
    monkeypatch.chdir(tmp_path)
    file = export_work().path
    neighbour = [replace(coding, coder="wren-1", given=False) for coding in load_codes(file)]
    table = measure_agreement([*my_codes(), *neighbour], corpus=corpus)
    assert list(table.index) == ["warm"]
    assert table.loc["warm", ["passages", "disputed"]].tolist() == [1, 1]
    assert measure_agreement([], codes="warm", corpus=corpus).attrs["instead"] == ALONE
    (folder / "codebook.toml").write_text(own.replace("a#p02", "a#p09"))
    with pytest.raises(DataError, match=r"mine/codebook\.toml, code 1, counter_example: There is"):
        CodingPanel(corpus=load_corpus(folder))


def test_where_the_codebook_names_no_passage_some_are_taken(corpus: Corpus) -> None:
    """A short text is coded whole; of a longer one at most twenty passages, evenly spread."""
    short = keep_documents(["edm-2010"], corpus=corpus)
    assert CodingPanel(corpus=short).passages == tuple(p.id for p in short.passages)
    long = keep_documents(["roadmap-2018", "lavrov-israel-2021"], corpus=corpus)
    chosen = CodingPanel(corpus=long).passages
    assert chosen == tuple(passage.id for passage in long.passages)[::2]
    assert len(chosen) == 18
