"""Lessons on texts that are not the course's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from helpers.course import TEMPLATE, find_lessons, is_tied, takes_corpus
from helpers.sources import find_folder
from tests.folders import PAPER, PEOPLE, STRIKE, make_folder

LESSONS = find_folder("notebooks")
SECTIONS = """
sections:
- {name: bare, corpus: bare, lessons: {theme: {theme: north_korea}}}
- {name: people, corpus: people, only: ["01", "02", "08"]}
"""
BARE = "The first paragraph says little.\n\nThe second says less.\n"
SAID = {
    ("bare", "00"): ["Corpus(bare: 1 document, 1 of them without a date, 2 passages)"],
    ("bare", "01"): ["{'tiny.txt': True}", "Passages found only after repair: none"],
    ("bare", "02"): [
        "Without a date: 1 of 1; without an author: 1.",
        "No document here has a date, so there is no timeline to draw.",
        "Passages with the word, by year: none",
    ],
    ("bare", "08"): ["bare has no people.toml", "0 quotations (speech) in 2 of 2 passages"],
    ("bare", "13"): ["Corpus(bare: 1 document, 1 of them without a date, 2 passages)"],
    ("people", "01"): ["PassageExplorer: 0 of 9 passages", "'paper.txt': True"],
    ("people", "02"): ["Dates of 1 of 2 documents", "Without a date: paper."],
    ("people", "08"): [
        "Places with the surname Smith, by rule and person. In all: Anna Smith 1, Robert Smith 2.",
        "3 quotations (speech) in 2 of 9 passages — speaker Anna Smith, Robert Smith",
        "PassageExplorer: 1 of 9 passages — speaker Robert Smith",
    ],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one run writes of every lesson that takes other texts, on two small folders."""
    place = tmp_path_factory.mktemp("own")
    make_folder(place, **{"bare/tiny.txt": BARE, "sections.yaml": SECTIONS})
    strike = {"2003-05-01_strike.txt": STRIKE, "paper.txt": PAPER, "people.toml": PEOPLE}
    make_folder(place / "people", **strike)
    command = [sys.executable, "-m", "helpers", "run", "--with", "sections.yaml", "--out", "out"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return place / "out"


def read_outputs(course: Path, section: str) -> dict[str, str]:
    """What the cells of each lesson show, by the lesson's number."""
    shown = {}
    for path in sorted((course / section / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        outputs = [out for cell in cells if cell.cell_type == "code" for out in cell.outputs]
        texts = [out.get("data", {}).get("text/plain", out.get("text", "")) for out in outputs]
        shown[path.name[:2]] = "\n".join([*texts, json.dumps(outputs)])
    return shown


@pytest.mark.parametrize(("section", "number"), SAID)
def test_a_lesson_says_what_is_missing(course: Path, section: str, number: str) -> None:
    """Without dates, authors, people or hits a sentence stands in place of an empty result."""
    shown = read_outputs(course, section)[number]
    for sentence in SAID[section, number]:
        assert sentence in shown


def test_every_lesson_that_takes_other_texts_runs_on_them(course: Path) -> None:
    """No cell fails, no warning is shown, and no output names a place on the machine."""
    shown = read_outputs(course, "bare")
    taking = {p.name[:2] for p in find_lessons(LESSONS) if takes_corpus(nbformat.read(p, 4))}
    assert {*shown} == {*taking, "th"}
    for text in (*shown.values(), *read_outputs(course, "people").values()):
        assert str(course.parent) not in text
        assert '"stderr"' not in text


def test_only_lessons_of_tools_take_other_texts() -> None:
    """A lesson with the parameter is none of those tied to the course's texts."""
    for path in (*find_lessons(LESSONS), LESSONS / TEMPLATE):
        lesson = nbformat.read(path, as_version=4)
        assert takes_corpus(lesson) is ("corpus" in papermill.inspect_notebook(str(path)))
        assert not (is_tied(path) and takes_corpus(lesson))
