"""The course run for sections of a class: what is written, what fails, what is taken up again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.__main__ import main
from helpers.errors import SettingError
from helpers.machines import open_executor
from helpers.running import run_sections
from helpers.sections import read_sections
from helpers.sources import find_folder
from tests.clusters import wait_for

PARAMETERS = "window: int = 8  # words"
SHOW = "import os, pathlib\nwindow, os.environ['TWO_TRACKS_EDITION'], pathlib.Path.cwd().name"
NAP = "import time\ntime.sleep(float(os.environ.get('NAP', 0)))"


def write_lesson(path: Path, *sources: str) -> None:
    """A lesson with a title, a window, a cell that shows where it runs, and other cells."""
    cells = [new_markdown_cell(f"# {path.stem}"), new_code_cell(PARAMETERS)]
    cells[1].metadata["tags"] = ["parameters"]
    cells += [new_code_cell(source) for source in (SHOW, *sources)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    nbformat.write(new_notebook(cells=cells), path)


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    """Two lessons; the second naps as long as it is told to."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    write_lesson(folder / "00-one.ipynb")
    write_lesson(folder / "01-two.ipynb", NAP)
    return folder


def run(lessons: Path, out: Path, yaml: str = "", **how: Any) -> tuple[list[str], list[str]]:
    """Run what a YAML file asks for; what failed, and what was told."""
    asked = lessons.parent / "class.yaml"
    asked.write_text(yaml or "name: class")
    told: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        sections = read_sections([asked], notebooks=lessons)
        return run_sections(sections, out, pool, tell=told.append, **how), told


def note_of(folder: Path) -> Any:
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def shown(path: Path) -> list[str]:
    """What the code cells of a notebook show as text."""
    outputs = [
        out for c in nbformat.read(path, 4).cells for out in c.get("outputs", ()) if "data" in out
    ]
    return [out.data["text/plain"] for out in outputs]


def command(lessons: Path, out: Path, *options: str) -> list[str]:
    folders = ["--folder", str(lessons), "--out", str(out)]
    return [sys.executable, "-m", "helpers", "run", *folders, *options]


def assert_whole(folder: Path) -> None:
    """Every file that has its final name is complete."""
    for path in folder.rglob("[!.]*.*"):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            assert text.endswith("</html>\n") or text.rstrip().endswith("</html>")
        else:
            json.loads(text)


def test_two_sections_are_two_courses(lessons: Path, tmp_path: Path) -> None:
    """Each section has its folder, its edition and its parameters; a lesson's own win."""
    yaml = (
        "defaults: {parameters: {window: 5}}\n"
        "sections:\n"
        "- {name: a, edition: instructor, lessons: {01: {window: 3}}}\n"
        "- {name: b, only: [01]}\n"
    )
    failures, told = run(lessons, tmp_path / "out", yaml)
    assert failures == []
    assert told[-1].endswith("lessons are complete.")
    a, b = tmp_path / "out" / "a", tmp_path / "out" / "b"
    assert shown(a / "notebooks" / "00-one.ipynb") == ["(5, 'instructor', 'lessons')"]
    assert shown(a / "notebooks" / "01-two.ipynb") == ["(3, 'instructor', 'lessons')"]
    assert shown(b / "notebooks" / "01-two.ipynb") == ["(5, 'student', 'lessons')"]
    assert {path.name for path in a.glob("*.html")} == {
        *("00-one.html", "01-two.html", "index.html", "reader.html")
    }
    assert not (b / "00-one.html").exists()
    for folder, is_hers in ((a, True), (b, False)):
        index = (folder / "index.html").read_text(encoding="utf-8")
        assert f"Section: {folder.name}." in index
        assert ("This is the instructor" in index) == is_hers
    noted = note_of(a)
    assert noted["edition"] == "instructor"
    assert noted["lessons"]["01-two"]["parameters"] == {"window": 3}
    assert noted["lessons"]["01-two"]["status"] == "complete"
    for path in (p for p in (tmp_path / "out").rglob("*.*") if p.is_file()):
        assert str(tmp_path) not in path.read_text(encoding="utf-8"), path.name


def test_several_sections_have_a_page_over_them(lessons: Path, tmp_path: Path) -> None:
    """It names each section with a link, and what ran and what failed; a new run writes it anew."""
    write_lesson(lessons / "01-two.ipynb", "1 / 0")
    yaml = "sections:\n- {name: a}\n- {name: b, only: [00]}\n"
    out = tmp_path / "out"
    failures, _ = run(lessons, out, yaml)
    assert len(failures) == 1
    page = (out / "index.html").read_text(encoding="utf-8")
    rows = re.findall(r'<a href="(\w/index.html)">(\w)</a><p>(.*?)</p>', page)
    assert rows == [
        ("a/index.html", "a", "1 of 2 lessons are complete. Not complete: 01-two."),
        ("b/index.html", "b", "1 of 1 lessons are complete."),
    ]
    links = set(re.findall(r'href="([^#"]+)"', page)) - {"index.html"}
    assert all((out / link).is_file() for link in links)
    assert links == {"a/index.html", "b/index.html"}
    write_lesson(lessons / "01-two.ipynb", "1")
    assert run(lessons, out, yaml, resume=True)[0] == []
    assert "Not complete" not in (out / "index.html").read_text(encoding="utf-8")


def test_another_page_of_that_name_is_left_alone(lessons: Path, tmp_path: Path) -> None:
    """Sections are not written beside a single course, nor beside anybody's page."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("mine")
    with pytest.raises(SettingError, match=r"holds another index\.html"):
        run(lessons, out, "sections: [{name: a}, {name: b}]")
    assert [path.name for path in out.iterdir()] == ["index.html"]


def test_a_failing_lesson_stops_no_other(lessons: Path, tmp_path: Path) -> None:
    """The summary names cell and sentence, and so does the lesson's page."""
    write_lesson(lessons / "00-one.ipynb", "1 / 0  # <b>", "never")
    failures, _ = run(lessons, tmp_path / "out")
    assert failures == [
        "class, 00-one: code cell 3 “1 / 0  # <b>”: ZeroDivisionError: division by zero"
    ]
    page = (tmp_path / "out" / "00-one.html").read_text(encoding="utf-8")
    assert "This lesson is not complete." in page
    assert "ZeroDivisionError: division by zero" in page
    assert "Traceback" not in page
    assert "Not complete: 00-one." in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    noted = note_of(tmp_path / "out")["lessons"]
    assert [noted[name]["status"] for name in noted] == ["failed", "complete"]
    write_lesson(lessons / "00-one.ipynb", "1 / 1")
    failures, told = run(lessons, tmp_path / "out", resume=True)
    assert failures == []
    assert [line.split(":")[0] for line in told] == ["class, 00-one", "class"]
    assert "not complete" not in (tmp_path / "out" / "00-one.html").read_text(encoding="utf-8")


def test_a_kernel_that_dies_is_a_failed_lesson(lessons: Path, tmp_path: Path) -> None:
    """Nothing hangs, and the cell that ended it is named."""
    write_lesson(lessons / "00-one.ipynb", "os._exit(3)")
    (failure,), _ = run(lessons, tmp_path / "out", "{name: class, only: [00]}")
    assert failure.startswith("class, 00-one: code cell 3 “os._exit(3)”: DeadKernelError")


def test_resume_repeats_what_is_missing_or_changed(lessons: Path, tmp_path: Path) -> None:
    """A lost file, another parameter and another lesson are run again, and nothing else is."""
    out = tmp_path / "out"
    run(lessons, out)
    first = {path: path.stat().st_mtime_ns for path in out.rglob("*.*")}

    def again(yaml: str = "") -> list[str]:
        _, told = run(lessons, out, yaml, resume=True)
        return [line.split(":")[0].removeprefix("class, ") for line in told[:-1]]

    assert again() == []
    kept = {path: time for path, time in first.items() if path.name != "run.json"}
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    (out / "notebooks" / "01-two.ipynb").unlink()
    assert again() == ["01-two"]
    assert again("{name: class, lessons: {00: {window: 2}}}") == ["00-one"]
    write_lesson(lessons / "01-two.ipynb", "2")
    assert sorted(again()) == ["00-one", "01-two"]
    (out / "index.html").write_text("changed")
    assert again() == []
    assert "changed" not in (out / "index.html").read_text()[:50]


def test_a_new_run_leaves_nothing_of_the_old(lessons: Path, tmp_path: Path) -> None:
    """What an earlier run wrote is gone, unless the run resumes it; other files are left alone."""
    out = tmp_path / "out"
    run(lessons, out)
    (out / "mine.txt").write_text("mine")
    run(lessons, out, "{name: class, only: [01]}", resume=True)
    assert (out / "00-one.html").exists()
    run(lessons, out, "{name: class, only: [01]}")
    assert not (out / "00-one.html").exists()
    assert not (out / "notebooks" / "00-one.ipynb").exists()
    assert (out / "mine.txt").read_text() == "mine"


def test_somebody_elses_folder_is_not_touched(lessons: Path, tmp_path: Path) -> None:
    """A folder that holds something else is refused before anything starts."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("…")
    with pytest.raises(SettingError, match="holds something else"):
        run(lessons, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("sign", ["run.json", "notebooks/00-one.ipynb", "00-one.html"])
def test_a_killed_run_is_taken_up(lessons: Path, tmp_path: Path, sign: str) -> None:
    """Killed at any moment a run leaves no half file and soon no kernel; --resume finishes it."""
    out = tmp_path / "out"
    nap = "0" if sign.endswith("html") else "60"
    with subprocess.Popen(command(lessons, out), env={**os.environ, "NAP": nap}) as process:
        wait_for((out / sign).exists)
        kernels = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    assert_whole(out)
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert alive == []
    done = subprocess.run(
        command(lessons, out, "--resume"), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert_whole(out)
    assert {n["status"] for n in note_of(out)["lessons"].values()} == {"complete"}
    assert not list(out.rglob(".*"))
    assert ("00-one" in done.stdout) == (sign == "run.json")


def test_ctrl_c_ends_cleanly(lessons: Path, tmp_path: Path) -> None:
    """The run says how to go on, and no kernel is left when it has ended."""
    out = tmp_path / "out"
    with subprocess.Popen(
        command(lessons, out), env={**os.environ, "NAP": "60"}, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_for((out / "notebooks" / "00-one.ipynb").exists)
        kernels = psutil.Process(process.pid).children(recursive=True)
        assert kernels
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == "two-tracks: Stopped. What is done is kept; --resume goes on.\n"
    assert not [kernel for kernel in kernels if kernel.is_running()]
    assert_whole(out)


def test_a_real_lesson_for_an_instructor(tmp_path: Path) -> None:
    """Her copy has model answers, times and misreadings; a student's has none of them."""
    yaml = tmp_path / "b.yaml"
    yaml.write_text("only: 03\nparameters: {years: [2000, 2003]}\n")
    asked = ["run", "--with", str(yaml), "--jobs", "2"]
    marks = ("Model answer", "What students typically misread", "minutes in class")
    for edition in ("student", "instructor"):
        assert main([*asked, "--edition", edition, "--out", str(tmp_path / edition)]) == 0
        page = (tmp_path / edition / "03-preemption.html").read_text(encoding="utf-8")
        assert [mark in page for mark in marks] == [edition == "instructor"] * 3
        assert "3 documents" in (tmp_path / edition / "index.html").read_text(encoding="utf-8")


def test_a_theme_makes_a_lesson_of_the_template(tmp_path: Path) -> None:
    """A theme in the parameters adds the lesson on it to the course and to its index."""
    yaml = tmp_path / "a.yaml"
    yaml.write_text("only: theme\nparameters: {theme: israel}\n")
    assert main(["run", "--with", str(yaml), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "notebooks" / "theme-israel.ipynb").exists()
    assert 'href="theme-israel.html"' in (tmp_path / "out" / "index.html").read_text()


def test_what_cannot_be_asked_starts_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every mistake is said at once, the exit code is 2 and nothing is written."""
    yaml = tmp_path / "c.yaml"
    yaml.write_text("parameters: {windw: 4, theme: irn}\nlessons: {03: {documents: [edm-2011]}}")
    assert main(["run", "--with", str(yaml), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    for sentence in ("'window'?", "'iran'?", "c, lesson 03: There is no document 'edm-2011'."):
        assert sentence in told
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written(
    lessons: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a file stands in the way the command says so and exits with 1."""
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "out"
    assert main(["run", "--folder", str(lessons), "--out", str(out), "--jobs", "1"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_cluster_runs_the_lessons(lessons: Path, tmp_path: Path, scheduler: str) -> None:
    """Two workers run what a thread would run, and show the same; both were at work."""
    for number in range(2, 6):
        write_lesson(lessons / f"0{number}-more.ipynb", "os.getppid()", "time = 1")
    here, there = tmp_path / "here", tmp_path / "there"
    run(lessons, here)
    done = subprocess.run(
        command(lessons, there, "--on", scheduler), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in (here / "notebooks").iterdir())
    assert names == sorted(path.name for path in (there / "notebooks").iterdir())
    parents = set()
    for name in names:
        mine, theirs = (shown(folder / "notebooks" / name) for folder in (here, there))
        assert mine[0] == theirs[0]
        parents |= set(theirs[1:])
    assert len(parents) == 2


def test_a_scheduler_that_is_not_there() -> None:
    """A wrong address is said in a sentence, as is Dask where it is not installed."""
    code = (
        "from helpers import machines\n"
        "machines.PATIENCE = '1s'\n"
        "with machines.open_executor(on='tcp://127.0.0.1:9'): pass"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "SettingError: " in done.stderr
    assert "No Dask scheduler answers" in done.stderr or "needs Dask" in done.stderr


def test_the_minutes_are_those_of_the_lesson() -> None:
    """The parts of a lesson take the time its card says, and each is a heading of it in order."""
    from helpers.course import find_lessons
    from helpers.questions import load_minutes

    for path in find_lessons(find_folder("notebooks")):
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"]
        lines = "\n".join(cell.source for cell in cells).splitlines()
        headings = ["Opening", *(line[3:] for line in lines if line.startswith("## "))]
        minutes = load_minutes(path.name[:2])
        assert [name for name in headings if name in minutes] == list(minutes), path.name
        (card,) = (line for line in lines if line.startswith("| Time |"))
        assert sum(minutes.values()) == int(card.split("|")[2].split()[0])


def test_threads_are_the_default() -> None:
    """Without a cluster an executor is a pool of so many threads."""
    with open_executor(jobs=3) as executor:
        assert isinstance(executor, ThreadPoolExecutor)
        assert executor._max_workers == 3
