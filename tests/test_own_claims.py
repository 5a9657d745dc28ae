"""Lessons 09, 11 and 12 on texts of one's own, with words and a codebook of one's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.readiness import check_corpus
from tests.folders import make_folder
from tests.test_coding import OWN

VILLAGE = "Die Dörfer warten auf Regen.\n\nEin Brief kam, und niemand las ihn.\n"
TOWN = "Der Brief lag im Rathaus.\n\nIn der Stadt sprach man von den Dörfern.\n\nEs wurde Abend.\n"
SECTIONS = """
defaults: {only: ["09", "11", "12"], corpus: mine}
sections:
- {name: asked, parameters: {query: "dorf*", others: [brief], group: [b]}}
- {name: empty, parameters: {documents: [c], query: regen}}
"""
SAID = {
    ("asked", "09"): [
        "Dorf*, hits per 1,000 words. a: 83.33; b: 62.5. Nothing in c.",
        "2 lines in 2 of 6 passages — query dorf*",
        "PassageExplorer: 0 of 6 passages — theme cooperation_confrontation",
        "cooperation_confrontation       56      43    41",
    ],
    ("asked", "11"): [
        "CodingPanel: 2 passages, 1 code — Tone",
        "CodingPanel: 2 passages, 1 code, round 2 — Tone",
        "agreement of readers — 20 passages coded by two or more — coders: team-1, team-2",
        "No passage was coded by two readers yet",
    ],
    ("asked", "12"): [
        "Some documents have more of dorf* than the rest. This holds under 1 of 8 choices",
        "without c 1 : 1; query brief 1 : 1",
        "hits per 1,000 words 62.5 : 76.92.",
        "PassageExplorer: 2 of 6 passages — query dorf*",
        "Missile defence is talked of less in 2010 than in 2003. This holds under 5 of 7 choices.",
    ],
    ("empty", "09"): [
        "Nothing was found, so there is nothing to draw",
        "0 lines in 0 of 1 passages",
    ],
    ("empty", "11"): ["CodingPanel: 1 passage, 1 code — Tone"],
    ("empty", "12"): ["There is nothing to compare here", "PassageExplorer: 0 of 1 passages"],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one run writes of the three lessons, on undated German texts with a codebook."""
    place = tmp_path_factory.mktemp("own")
    codebook = f"practice = ['b#p02', 'a#p01']\n{OWN.replace('edm-2010', 'a')}"
    files = {"a__txt": VILLAGE, "b__txt": TOWN, "c__txt": "Ende.", "codebook__toml": codebook}
    make_folder(place / "mine", **files)
    (place / "sections.yaml").write_text(SECTIONS)
    command = [sys.executable, "-m", "helpers", "run", "--with", "sections.yaml", "--out", "out"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return place


@pytest.mark.parametrize(("section", "number"), SAID)
def test_a_lesson_asks_the_texts_of_its_reader(run: Path, section: str, number: str) -> None:
    """Counts and panels are of the folder, worked examples of the course, and no cell is empty."""
    (path,) = (run / "out" / section / "notebooks").glob(f"{number}-*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    outputs = [out for cell in cells if cell.cell_type == "code" for out in cell.outputs]
    shown = "\n".join(out.get("data", {}).get("text/plain", out.get("text", "")) for out in outputs)
    for sentence in SAID[section, number]:
        assert sentence in shown
    assert str(run) not in json.dumps(outputs)
    page = (run / "out" / section / f"{path.stem}.html").read_text(encoding="utf-8")
    assert "This question is about the course's texts, not about those in mine." in page


def test_the_report_says_what_is_thin(run: Path) -> None:
    """It knows that the three lessons run, and what these texts are short of."""
    said = check_corpus(run / "mine").text
    assert "09 Two tracks: cooperation and confrontation: runs; thin: 0 themes" in said
    assert "11 Code it yourself: runs; thin: only 6 passages" in said
    assert "12 Does the claim survive?: runs; thin: nothing was cleaned but blanks." in said
