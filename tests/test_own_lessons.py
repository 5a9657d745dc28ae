"""Lessons on texts that are not the course's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from helpers.course import TEMPLATE, find_lessons, is_tied, takes_corpus
from helpers.sources import find_folder
from tests.folders import PAPER, SPEECH, make_folder

LESSONS = find_folder("notebooks")
PARAMETERS = {"00-start-here.ipynb": {}, TEMPLATE: {"theme": "north_korea"}}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_lesson_of_tools_runs_on_other_texts(tmp_path: Path, name: str) -> None:
    """With texts of one's own no cell fails, and no output names their place on the machine."""
    folder = make_folder(tmp_path / "mine", speech__md=SPEECH, paper__txt=PAPER)
    out = tmp_path / "out.ipynb"
    parameters = json.dumps({"corpus": "own", **PARAMETERS[name]})
    command = [sys.executable, "-m", "papermill", str(LESSONS / name), str(out), "-y", parameters]
    done = subprocess.run(
        [*command, "--cwd", str(LESSONS)],
        env={**os.environ, "TWO_TRACKS_CORPUS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    cells = nbformat.read(out, as_version=4).cells
    outputs = json.dumps([cell.outputs for cell in cells if cell.cell_type == "code"])
    assert "2 documents, 1 of them without a date" in outputs or name == TEMPLATE
    assert str(tmp_path) not in outputs


def test_only_lessons_of_tools_take_other_texts() -> None:
    """A lesson with the parameter is none of those tied to the course's texts."""
    for path in (*find_lessons(LESSONS), LESSONS / TEMPLATE):
        lesson = nbformat.read(path, as_version=4)
        assert takes_corpus(lesson) is ("corpus" in papermill.inspect_notebook(str(path)))
        assert not (is_tied(path) and takes_corpus(lesson))
