"""The student's copy of the lessons: brought up to date, and never at the cost of a change."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.__main__ import main
from helpers.errors import SettingError, WorkError
from helpers.sources import find_folder
from helpers.start import NOTE, start_course


def write_lesson(folder: Path, name: str, text: str, output: str = "") -> None:
    """A lesson of two cells, with an output where one is given."""
    outputs = [new_output("stream", text=output)] if output else []
    cells = [new_markdown_cell("# Sums", id="a"), new_code_cell(text, outputs=outputs, id="b")]
    nbformat.write(new_notebook(cells=cells), folder / name)


def read_lesson(path: Path) -> str:
    return str(nbformat.read(path, as_version=4).cells[1].source)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A course of two lessons."""
    folder = tmp_path / "course"
    folder.mkdir()
    write_lesson(folder, "00-one.ipynb", "one")
    write_lesson(folder, "01-two.ipynb", "two")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".hidden").touch()
    return folder


@pytest.fixture
def copy(tmp_path: Path, source: Path) -> Path:
    """The lessons in the copy of a student who has just begun."""
    start_course(tmp_path / "mine", source=source)
    return tmp_path / "mine" / "notebooks"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_first_copy(copy: Path, source: Path) -> None:
    """Every lesson is copied byte for byte, and nothing hidden."""
    assert names_in(copy) == ["00-one.ipynb", "01-two.ipynb"]
    assert (copy / "00-one.ipynb").read_bytes() == (source / "00-one.ipynb").read_bytes()


def test_what_is_new_is_said(tmp_path: Path, source: Path) -> None:
    """The first time every lesson is new; the second time nothing is."""
    where = f"The lessons are in {tmp_path / 'mine' / 'notebooks'}."
    new = "New: 00-one.ipynb, 01-two.ipynb."
    assert start_course(tmp_path / "mine", source=source) == [where, new]
    nothing = "Nothing is newer than what you have."
    assert start_course(tmp_path / "mine", source=source) == [where, nothing]


def test_a_lesson_that_was_only_run_is_replaced(copy: Path, source: Path) -> None:
    """Outputs are no change of the student's; a newer lesson takes the place of the old."""
    write_lesson(copy, "00-one.ipynb", "one", output="1")
    ran = (copy / "00-one.ipynb").read_bytes()
    start_course(copy.parent, source=source)
    assert (copy / "00-one.ipynb").read_bytes() == ran
    write_lesson(source, "00-one.ipynb", "one, newer")
    told = start_course(copy.parent, source=source)
    assert told[1:] == ["Brought up to date: 00-one.ipynb."]
    assert names_in(copy) == ["00-one.ipynb", "01-two.ipynb"]
    assert read_lesson(copy / "00-one.ipynb") == "one, newer"


def test_a_changed_lesson_is_kept_beside_a_newer(copy: Path, source: Path) -> None:
    """The newer has the lesson's name, so that links lead to it; the student's stays, each time."""
    write_lesson(copy, "00-one.ipynb", "one and mine")
    for number, kept in ((1, "00-one.yours.ipynb"), (2, "00-one.yours-2.ipynb")):
        write_lesson(source, "00-one.ipynb", f"newer {number}")
        told = start_course(copy.parent, source=source)
        assert told[1:] == [
            f"You changed 00-one.ipynb; there is a newer one, and yours is now {kept}."
        ]
        assert read_lesson(copy / "00-one.ipynb") == f"newer {number}"
        write_lesson(copy, "00-one.ipynb", f"mine {number}")
    assert read_lesson(copy / "00-one.yours.ipynb") == "one and mine"
    assert read_lesson(copy / "00-one.yours-2.ipynb") == "mine 1"


def test_a_changed_lesson_without_a_newer_is_left_alone(copy: Path, source: Path) -> None:
    """As long as the course's lesson says the same, the student's stays where it is."""
    write_lesson(copy, "00-one.ipynb", "one and mine")
    before = (copy / "00-one.ipynb").read_bytes()
    start_course(copy.parent, source=source)
    write_lesson(source, "00-one.ipynb", "one", output="only shown anew")
    start_course(copy.parent, source=source)
    start_course(copy.parent, source=source)
    assert (copy / "00-one.ipynb").read_bytes() == before
    assert names_in(copy) == ["00-one.ipynb", "01-two.ipynb"]


def test_what_is_deleted_comes_back_and_what_is_added_stays(copy: Path, source: Path) -> None:
    """A lesson that was deleted is put back; files of the student's own are not touched."""
    (copy / "00-one.ipynb").unlink()
    (copy / "my notes.txt").write_text("mine")
    (copy.parent / "my-work").mkdir()
    told = start_course(copy.parent, source=source)
    assert told[1:] == ["New: 00-one.ipynb."]
    assert names_in(copy) == ["00-one.ipynb", "01-two.ipynb", "my notes.txt"]
    assert names_in(copy.parent) == [NOTE, "my-work", "notebooks"]


@pytest.mark.parametrize(
    "note", [None, b"", b"{", b"[]", b'{"lessons": []}', b'{"lessons": {"00-one.ipynb": "x"}}']
)
def test_without_a_note_every_lesson_counts_as_changed(
    copy: Path, source: Path, note: bytes | None
) -> None:
    """If the note of what was delivered is lost, what differs from the course is kept."""
    write_lesson(copy, "00-one.ipynb", "one and mine")
    (copy.parent / NOTE).unlink()
    if note is not None:
        (copy.parent / NOTE).write_bytes(note)
    start_course(copy.parent, source=source)
    assert names_in(copy) == ["00-one.ipynb", "00-one.yours.ipynb", "01-two.ipynb"]
    assert read_lesson(copy / "00-one.yours.ipynb") == "one and mine"
    assert "00-one.ipynb" in json.loads((copy.parent / NOTE).read_bytes())["lessons"]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"cells": [1]}', b"\xff" * 9])
def test_a_lesson_that_is_no_notebook_any_more_is_kept(
    copy: Path, source: Path, raw: bytes
) -> None:
    """A damaged lesson counts as changed: it stays until there is a newer, and then beside it."""
    (copy / "00-one.ipynb").write_bytes(raw)
    start_course(copy.parent, source=source)
    assert (copy / "00-one.ipynb").read_bytes() == raw
    write_lesson(source, "00-one.ipynb", "newer")
    start_course(copy.parent, source=source)
    assert (copy / "00-one.yours.ipynb").read_bytes() == raw
    assert read_lesson(copy / "00-one.ipynb") == "newer"


def test_the_course_itself_is_no_copy(source: Path) -> None:
    """The lessons of the course are not copied onto themselves."""
    course = source.rename(source.parent / "notebooks")
    with pytest.raises(SettingError, match="is the course itself; name another folder"):
        start_course(course.parent, source=course)


def test_a_folder_that_is_a_file(tmp_path: Path, source: Path) -> None:
    """Where no folder can be made, a sentence says so."""
    (tmp_path / "mine").write_text("a list")
    with pytest.raises(WorkError, match=r"cannot be put into .*; name another folder\."):
        start_course(tmp_path / "mine", source=source)


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`two-tracks start` makes a copy of the whole course in a folder of its own name."""
    monkeypatch.chdir(tmp_path)
    assert main(["start"]) == 0
    assert capsys.readouterr().out.startswith(
        f"The lessons are in {Path('two-tracks-course', 'notebooks')}.\nNew: 00-"
    )
    names = {path.name for path in find_folder("notebooks").glob("*.ipynb")}
    assert names <= set(names_in(tmp_path / "two-tracks-course" / "notebooks"))
    assert main(["start", str(find_folder("notebooks").parent)]) == 1
    assert "is the course itself" in capsys.readouterr().err
