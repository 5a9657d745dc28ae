"""The `two-tracks` command: what it says, what it writes, its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers import __version__
from helpers.__main__ import main
from helpers.sources import find_folder
from tests.folders import SPEECH, make_folder

TABLES = ["documents", "passages", "edits", "quotations", "mentions", "theme_hits"]


def test_the_committed_data_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Checking writes nothing and says that nothing is stale."""
    before = {path: path.stat().st_mtime_ns for path in find_folder("data").iterdir()}
    assert main(["data", "--check"]) == 0
    assert capsys.readouterr().out == "The tables are up to date.\n"
    assert {path: path.stat().st_mtime_ns for path in find_folder("data").iterdir()} == before


def test_tables_are_written_where_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into an empty folder every table is written, and the second time none."""
    folder = tmp_path / "new" / "tables"
    names = ", ".join([*(f"{name}.csv" for name in TABLES), "datapackage.json"])
    assert main(["data", "--out", str(folder)]) == 0
    assert main(["data", "--out", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Corpus(8 documents, 122 passages): {names}",
        "Corpus(8 documents, 122 passages): every table was up to date",
    ]


def test_a_stale_table_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check fails, says which table and what to run, and leaves it alone."""
    main(["data", "--out", str(tmp_path)])
    (tmp_path / "mentions.csv").write_text("old")
    (tmp_path / "edits.csv").unlink()
    capsys.readouterr()
    assert main(["data", "--check", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "stale: edits.csv, mentions.csv; run: make data\n"
    assert (tmp_path / "mentions.csv").read_text() == "old"
    assert not (tmp_path / "edits.csv").exists()


def test_notebooks_are_run_and_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each lesson is named before it runs, and holds its outputs afterwards."""
    cells = [new_markdown_cell("# Sums"), new_code_cell("6 * 7")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "00-sums.ipynb")
    assert main(["notebooks", "--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "00-sums.ipynb\n"
    stored = nbformat.read(tmp_path / "00-sums.ipynb", as_version=4)
    assert stored.cells[1].outputs[0].data["text/plain"] == "42"


def test_a_failure_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What goes wrong is said on the error stream without a traceback, and the code is 1."""
    cells = [new_markdown_cell("# Sums"), new_code_cell("1 / 0")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "00-sums.ipynb")
    assert main(["notebooks", "--folder", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.err == (
        "two-tracks: Sums: code cell 1 “1 / 0”: ZeroDivisionError: division by zero\n"
    )


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["dta"], 2), (["--help"], 0)])
def test_what_cannot_be_asked_has_its_own_code(arguments: list[str], code: int) -> None:
    """Help ends well; an unknown or missing command ends with 2."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == code


@pytest.mark.parametrize("command", ["data", "notebooks", "doctor"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command explains its options."""
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"two-tracks {command}" in capsys.readouterr().out


def test_the_module_is_the_command() -> None:
    """`python -m helpers` does what `two-tracks` does."""
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "--version"], check=True, capture_output=True, text=True
    )
    assert done.stdout == f"two-tracks {__version__}\n"


def test_a_report_is_told_to_any_terminal(tmp_path: Path) -> None:
    """A sign that a terminal does not know is replaced, and the page is written all the same."""
    make_folder(tmp_path, a__txt=SPEECH)
    page = tmp_path / "out" / "a.html"
    command = [sys.executable, "-m", "helpers", "check-corpus", str(tmp_path), "--html", str(page)]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, check=False, capture_output=True, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert page.exists()


def test_a_page_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder in the place of the page gives one sentence and the code 1."""
    (tmp_path / "a.txt").write_text("We go.")
    assert main(["check-corpus", str(tmp_path), "--html", str(tmp_path)]) == 1
    assert "cannot be written (Is a directory); name another file" in capsys.readouterr().err
