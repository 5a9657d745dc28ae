"""Every notebook as an instructor re-runs it, and as a student reads it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import papermill
import pytest

from helpers.corpus import Corpus
from helpers.sources import find_folder
from helpers.words import fold_words
from tests.editions import EDITIONS

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(find_folder("notebooks").glob("*.ipynb"))
TAGS = {"parameters", "raises-exception"}
by_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: Any) -> str:
    return "".join(cell["source"])


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def prose(path: Path) -> list[str]:
    return [source(cell) for cell in read(path)["cells"] if cell["cell_type"] == "markdown"]


@pytest.fixture(scope="module")
def runs() -> dict[str, str]:
    """What became of every notebook in every edition."""
    command = [sys.executable, "-m", "tests.editions", str(NOTEBOOKS[0].parent)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    results: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return results


@pytest.mark.parametrize("edition", EDITIONS)
@by_notebook
def test_a_notebook_runs_again_with_other_parameters(
    runs: dict[str, str], path: Path, edition: str
) -> None:
    """papermill runs every lesson on a small part of the corpus, and no cell fails."""
    assert runs[f"{path.stem}, {edition}"] == ""


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"documents": ["monitor-200"]}, "Did you mean 'monitor-2000'"),
        ({"years": [2021, 2000]}, "the wrong way round"),
        ({"years": [1990, 1995]}, "widen the years"),
    ],
)
def test_a_wrong_parameter_stops_a_lesson_with_a_sentence(
    tmp_path: Path, parameters: dict[str, Any], sentence: str
) -> None:
    """What makes no sense is said in one sentence, in the lesson and by papermill."""
    command = [sys.executable, "-m", "papermill", str(NOTEBOOKS[3]), str(tmp_path / "out.ipynb")]
    done = subprocess.run(
        [*command, "-y", json.dumps(parameters)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert sentence in done.stderr


@by_notebook
def test_parameters_are_literals_with_type_and_comment(path: Path) -> None:
    """The second code cell holds the parameters, one literal a line; the third checks them."""
    cells = code_cells(path)
    tagged = [i for i, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])]
    assert tagged == [1]
    for line in source(cells[1]).splitlines():
        assert re.fullmatch(r"[a-z_]+: (list|int|str) = [^=|]+  # \S.*", line), line
    assert "keep_documents(" in source(cells[2])
    for parameter in papermill.inspect_notebook(str(path)).values():
        assert parameter["help"]


@by_notebook
def test_tags_are_spelt_as_their_readers_spell_them(path: Path) -> None:
    """nbval and papermill ignore a misspelt tag in silence; nothing here is left out by a tag."""
    tags = {tag for cell in read(path)["cells"] for tag in cell["metadata"].get("tags", [])}
    assert tags <= TAGS


@by_notebook
def test_code_in_a_lesson_is_short_and_plain(path: Path) -> None:
    """No cell defines, catches or styles anything, and none has more than twelve lines."""
    for cell in code_cells(path):
        code = source(cell)
        assert len(code.splitlines()) <= 12
        assert not re.search(r"^\s*(def|class|try|lambda|import re)\b", code, re.MULTILINE), code


@by_notebook
def test_outputs_have_no_errors_and_no_warnings(path: Path) -> None:
    """What a lesson stores is neither a traceback nor something said on stderr."""
    for output in (out for cell in code_cells(path) for out in cell["outputs"]):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr"


@by_notebook
def test_passages_are_shown_and_not_typed(path: Path, corpus: Corpus) -> None:
    """No text cell repeats eight words in a row from a passage: the helpers quote."""
    runs_of_eight = {
        tuple(words[i : i + 8])
        for words in (fold_words(passage.text) for passage in corpus.passages)
        for i in range(len(words) - 7)
    }
    for cell in prose(path):
        words = fold_words(cell)
        found = [words[i : i + 8] for i in range(len(words) - 7)]
        typed = [" ".join(run) for run in found if tuple(run) in runs_of_eight]
        assert not typed


@by_notebook
def test_a_lesson_has_its_frame(path: Path) -> None:
    """Title, card, three objectives and links first; limits, key points, reading last."""
    cells = prose(path)
    for word in ("| Time |", "| Level |", "| Readings |", "| For whom |", "By the end you can"):
        assert word in cells[0], word
    assert cells[0].count("\n- **") == 3
    headings = re.findall(r"^## (.*)$", "\n".join(cells), re.MULTILINE)
    for beginning in ("Explore", "Argue", "Check yourself", "What this"):
        assert any(heading.startswith(beginning) for heading in headings), beginning
    order = [headings.index(name) for name in ("Key points", "Further reading")]
    assert all(a < b for a, b in pairwise(order))
    assert order[-1] == len(headings) - 1


@by_notebook
def test_a_lesson_is_read_in_one_session(path: Path) -> None:
    """A lesson has 25 to 45 cells, and no text cell has more than 150 words."""
    assert 25 <= len(read(path)["cells"]) <= 45
    for cell in prose(path):
        words = [word for word in cell.split() if any(map(str.isalnum, word))]
        assert len(words) <= 150, cell
