"""The student's saved work: nothing that was saved is lost, whoever writes, however it ends."""

from __future__ import annotations

import getpass
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import workbook
from helpers.errors import SettingError, WorkError
from helpers.formats import is_pseudonym
from helpers.records import Answer, Coded, Evidence, Record, keep_standing
from helpers.sources import PACKAGE
from helpers.workbook import Workbook, open_workbook, work_folder

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    """A workbook in a folder that does not exist yet."""
    return Workbook(tmp_path / "my-work")


def run_writers(*arguments: str | int | Path) -> dict[str, Any]:
    """Run the program in ``tests/writers.py`` and read what it found."""
    command = [sys.executable, "-m", "tests.writers", *map(str, arguments)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Only where processes can fork.")
def test_a_killed_process_loses_nothing(tmp_path: Path, record_property: Any) -> None:
    """Three hundred writers are killed at random moments, and all they had saved is there."""
    found = run_writers("kill", tmp_path / "my-work", 300, 20250301)
    record_property("crashes", found)
    assert found["kills"] >= 300
    assert found["saved"] > 150
    assert found["lost"] == []
    assert found["problems"] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Only where processes can fork.")
@pytest.mark.parametrize("writers", [2, 4])
def test_writing_at_once_loses_nothing(tmp_path: Path, writers: int) -> None:
    """Several notebooks that save and read at the same time all find what they saved."""
    found = run_writers("together", tmp_path / "my-work", writers, 60)
    assert found == {"codes": [0] * writers, "found": writers * 60 + 1, "problems": []}


def test_looking_creates_nothing(book: Workbook) -> None:
    """A workbook without work is empty, has a pseudonym, and leaves no trace."""
    assert (book.answers(), book.evidence(), book.codes(), book.problems) == ({}, {}, {}, [])
    assert is_pseudonym(book.coder)
    assert book.undo() == "There is nothing to take back."
    assert not book.folder.exists()


def test_work_is_found_again(book: Workbook) -> None:
    """Who opens the folder later finds answers, passages and codes as they were saved."""
    book.save_answer("scan-1", ["a", "b"], wording="6f1a", right=False)
    book.save_answer("scan-1", ["a"], wording="6f1a", right=True)
    book.save_evidence("toy#p02", note="first")
    book.save_evidence("toy#p01")
    book.save_evidence("toy#p02", note="second")
    book.save_evidence("toy#p03")
    book.drop_evidence("toy#p03")
    book.save_codes("toy#p01", {"hope": True, "fear": False}, note="sure")
    book.save_codes("toy#p01", {"fear": True}, round=2)
    later = Workbook(book.folder)
    (time,) = {record.time for record in later.records()[:1]}
    assert later.coder == book.coder
    assert later.answers() == {"scan-1": Answer(["a"], "6f1a", True, later.records()[1].time)}
    assert [(name, e.note) for name, e in later.evidence().items()] == [
        ("toy#p02", "second"),
        ("toy#p01", ""),
    ]
    assert isinstance(later.evidence()["toy#p01"], Evidence)
    assert len(time) == len("2025-03-01T09:30:12Z")
    codes = {key[1:]: (code.given, code.note) for key, code in later.codes().items()}
    assert codes == {
        (1, "toy#p01", "hope"): (True, "sure"),
        (1, "toy#p01", "fear"): (False, "sure"),
        (2, "toy#p01", "fear"): (True, ""),
    }


def test_undo_goes_back_step_by_step(book: Workbook) -> None:
    """Each undo takes back one action and says which; what stood before stands again."""
    book.save_answer("scan-1", "old", wording="", right=None)
    book.save_answer("scan-1", "new", wording="", right=None)
    book.save_evidence("toy#p01")
    book.drop_evidence("toy#p01")
    book.save_codes("toy#p02", {"hope": True})
    assert book.undo() == "Taken back: the codes of toy#p02."
    assert book.undo() == "Taken back: the release of toy#p01."
    assert list(book.evidence()) == ["toy#p01"]
    assert book.undo() == "Taken back: the collecting of toy#p01."
    assert book.undo() == "Taken back: the answer to scan-1."
    assert book.answers()["scan-1"].value == "old"
    assert Workbook(book.folder).undo() == "Taken back: the answer to scan-1."
    assert book.undo() == "There is nothing to take back."
    assert (book.answers(), book.evidence(), book.codes()) == ({}, {}, {})


def test_undo_of_one_kind(book: Workbook) -> None:
    """A panel for codes takes back codes, though something else was saved since."""
    book.save_codes("toy#p02", {"hope": True})
    book.save_evidence("toy#p01")
    assert book.undo(kind="code") == "Taken back: the codes of toy#p02."
    assert list(book.evidence()) == ["toy#p01"]


def test_another_pseudonym_counts_for_all_work(book: Workbook) -> None:
    """Who chooses another name finds the codes given before under the new one."""
    book.save_codes("toy#p01", {"hope": True})
    book.rename_coder("Änne-2")
    book.save_codes("toy#p02", {"hope": True})
    other = Workbook(book.folder)
    assert other.coder == book.coder == "Änne-2"
    assert {key[0] for key in other.codes()} == {"Änne-2"}
    assert len(book.codes(coder="Änne-2")) == 2
    assert book.codes(coder="nobody") == {}


def test_a_second_reader_at_the_same_machine(book: Workbook) -> None:
    """Codes saved for a named coder stay with that coder, whatever the owner is called."""
    book.save_codes("toy#p01", {"hope": True})
    book.save_codes("toy#p01", {"hope": False}, coder="ben")
    book.rename_coder("ann")
    book.save_codes("toy#p02", {"hope": True}, coder="ann")
    given = {key: code.given for key, code in book.codes().items()}
    assert given == {
        ("ann", 1, "toy#p01", "hope"): True,
        ("ben", 1, "toy#p01", "hope"): False,
        ("ann", 1, "toy#p02", "hope"): True,
    }
    assert isinstance(next(iter(book.codes().values())), Coded)


@pytest.mark.parametrize("name", ["", "a b", "me@school.example", "<b>", "x" * 41])
def test_a_name_that_is_no_pseudonym(book: Workbook, name: str) -> None:
    """A pseudonym is letters, digits and hyphens; the sentence says so and nothing is saved."""
    with pytest.raises(SettingError, match="letters, digits and hyphens, at most 40"):
        book.rename_coder(name)
    assert not book.folder.exists()


@pytest.mark.parametrize("answer", ["x" * 100_001, float("inf"), {1, 2}, [[[[["deep"]]]]]])
def test_what_cannot_be_saved_says_so(book: Workbook, answer: Any) -> None:
    """An answer that could not be read back is refused at once."""
    with pytest.raises(WorkError, match="This was not saved: it "):
        book.save_answer("scan-1", answer, wording="", right=None)
    assert book.answers() == {}


def test_a_workbook_sees_what_another_writes(book: Workbook) -> None:
    """Two notebooks of one student share what they save, without waiting for each other."""
    other = Workbook(book.folder)
    book.save_evidence("toy#p01")
    other.save_evidence("toy#p02")
    assert list(book.evidence()) == list(other.evidence()) == ["toy#p01", "toy#p02"]
    assert book.coder == other.coder
    assert len(list(book.folder.glob("*.jsonl"))) == 2


actions = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["answer", "collect", "release", "code", "undo"]),
        st.sampled_from("ab"),
        st.booleans(),
    ),
    max_size=12,
)


def replay(history: list[tuple[str, str, bool]]) -> tuple[Any, Any, Any]:
    """What should stand after these actions, by the simplest means."""
    answers, evidence, codes = {}, {}, {}
    for action, name, flag in history:
        if action == "answer":
            answers[name] = flag
        elif action == "collect":
            evidence[name] = str(flag)
        elif action == "release":
            evidence.pop(name, None)
        else:
            codes[name] = flag
    return answers, evidence, codes


@given(actions=actions)
def test_any_order_of_saves_and_undos(actions: list[tuple[int, str, str, bool]]) -> None:
    """Whichever of three notebooks does what, all find what a plain list of actions gives."""
    with TemporaryDirectory() as folder:
        books = [Workbook(Path(folder)) for _ in range(3)]
        history: list[tuple[str, str, bool]] = []
        for number, action, name, flag in actions:
            match action:
                case "answer":
                    books[number].save_answer(name, flag, wording="", right=None)
                case "collect":
                    books[number].save_evidence(name, note=str(flag))
                case "release":
                    books[number].drop_evidence(name)
                case "code":
                    books[number].save_codes(name, {"hope": flag})
                case _:
                    books[number].undo()
            history = history[:-1] if action == "undo" else [*history, (action, name, flag)]
        for book in [*books, Workbook(Path(folder))]:
            answers = {name: answer.value for name, answer in book.answers().items()}
            evidence = {name: evidence.note for name, evidence in book.evidence().items()}
            codes = {key[2]: code.given for key, code in book.codes().items()}
            assert (answers, evidence, codes) == replay(history)


@given(data=st.data(), numbers=st.lists(st.integers(1, 5), max_size=8))
def test_the_order_of_files_does_not_matter(data: st.DataObject, numbers: list[int]) -> None:
    """Records merge to the same, in whatever order and how often they are found."""
    records = [
        Record(f"k-{place}", number, "2025-03-01T09:30:12Z", "me", "coder", (), None)
        for place, number in enumerate(numbers)
    ]
    shuffled = data.draw(st.permutations(records + records))
    assert keep_standing(shuffled) == keep_standing(records)


def test_no_trace_of_who_or_where(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """No login, no machine, no path is in any file or in its name."""
    book.save_answer("scan-1", "x", wording="", right=None)
    book.rename_coder("ann")
    book.undo()
    traces = {getpass.getuser(), platform.node(), str(Path.home()), str(book.folder), os.sep}
    for path in book.folder.iterdir():
        text = path.name + path.read_text(encoding="utf-8")
        assert [trace for trace in traces if trace and trace in text] == []
        assert path.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_where_work_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The named folder, else beside the nearest lessons, else in the home folder."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "named"))
    assert work_folder() == tmp_path / "named"
    monkeypatch.delenv("TWO_TRACKS_WORK")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    (tmp_path / "course" / "notebooks" / "deep").mkdir(parents=True)
    for here in ("course", "course/notebooks", "course/notebooks/deep"):
        monkeypatch.chdir(tmp_path / here)
        assert work_folder() == tmp_path / "course" / "my-work"
    monkeypatch.chdir("/")
    assert work_folder() == tmp_path / "home" / "two-tracks-work"
    assert not (tmp_path / "home").exists()


def test_work_is_never_kept_in_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lessons run where the package is installed keep their work elsewhere."""
    monkeypatch.delenv("TWO_TRACKS_WORK")
    monkeypatch.chdir(PACKAGE)
    monkeypatch.setattr(workbook, "PACKAGE", PACKAGE.parent)
    assert not work_folder().is_relative_to(PACKAGE.parent)


def test_one_workbook_for_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every card and panel of a notebook shares one workbook; another folder has another."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "one"))
    one = open_workbook()
    assert open_workbook() is one
    assert open_workbook(tmp_path / "one") is one
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "two"))
    assert open_workbook() is not one
    assert repr(one) == "Workbook()"
