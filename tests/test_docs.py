"""What README and docs/ tell to type is there: commands, options, tasks, functions, files."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import helpers
from helpers.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md")), ROOT / "data" / "README.md"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# What stands before a command: the folder of an environment, or an interpreter with -m.
BEFORE = re.compile(r"^(?:\S*[/\\])?(?:python[\d.]*|py)? ?(?:-m )?")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def commands(page: Path) -> list[list[str]]:
    """Every line of a block, and every piece of code in a sentence, cut into words."""
    text = text_of(page)
    blocks = [block for kind, block in FENCE.findall(text) if kind in ("", "bash", "sh")]
    lines = [line for block in blocks for line in block.splitlines()]
    lines += [" ".join(code.split()) for code in INLINE.findall(FENCE.sub("", text))]
    found = []
    for line in lines:
        try:
            words = shlex.split(BEFORE.sub("", line, count=1), comments=True, posix=False)
        except ValueError:  # half a quotation mark: a sentence's code, and no command
            continue
        found += [[words[0].rpartition("\\")[2], *words[1:]]] if words else []
    return found


def calls(program: str) -> list[tuple[str, list[str]]]:
    """Every mention of a program: where, and the words that follow it."""
    return [
        (page.name, words[1:])
        for page in PAGES
        for words in commands(page)
        if words[0] == program and len(words) > 1
    ]


def options_in(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}


@cache
def help_of(*command: str) -> str:
    """What a program says when it is asked for help; empty if there is no such command."""
    done = subprocess.run([*command, "--help"], check=False, capture_output=True, text=True)
    return "" if done.returncode else done.stdout


def missing_options(words: list[str], told: str) -> set[str]:
    known = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", told))
    return options_in(words) - known


def test_every_command_exists(capsys: pytest.CaptureFixture[str]) -> None:
    """Each `two-tracks` command that is named exists, with the options named with it."""
    named = calls("two-tracks")
    assert len(named) > 5
    wrong = []
    for page, (command, *words) in named:
        with pytest.raises(SystemExit) as stopped:
            main([command, "--help"] if not command.startswith("-") else ["--help"])
        told = capsys.readouterr().out
        if stopped.value.code or missing_options([command, *words], told):
            wrong.append(f"{page}: two-tracks {' '.join([command, *words])}")
    assert wrong == []


def test_every_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Each `two-tracks` command is told of in README or docs."""
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.search(r"\{([\w,-]+)\}", capsys.readouterr().out)
    assert listed
    named = {words[0] for _, words in calls("two-tracks")} | {"data", "notebooks", "handouts"}
    assert set(listed[1].split(",")) <= named


def test_every_task_exists() -> None:
    """Each task of make that is named is in the Makefile."""
    tasks = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {words[0] for _, words in calls("make")} - {"TASK"}
    assert {"lab", "test", "handouts"} <= named
    assert named <= tasks


@pytest.mark.parametrize("program", ["papermill", "pip", "venv"])
def test_options_of_others_exist(program: str) -> None:
    """Options of the programs that come with the course are those of the locked versions."""
    if not help_of(sys.executable, "-m", program):
        pytest.skip(f"This environment has no {program}.")
    wrong = []
    for page, words in calls(program):
        verb = words[:1] if program == "pip" else []
        told = help_of(sys.executable, "-m", program, *verb)
        if missing := missing_options(words, told):
            wrong.append(f"{page}: {program} {' '.join(words)}: {missing}")
    assert wrong == []


def test_benchmarks_are_called_as_they_can_be() -> None:
    """Each benchmark says in its docstring how to run it, with options that it has."""
    for path in sorted(ROOT.glob("benchmarks/*.py")):
        for line in (ast.get_docstring(ast.parse(text_of(path))) or "").splitlines():
            if f"benchmarks/{path.name}" in line and "--" in line:
                told = help_of(sys.executable, str(path))
                assert missing_options(line.split(), told) == set(), line


def test_names_for_lessons_exist() -> None:
    """What a page imports from the course, or calls with a verb of its, is a public name."""
    for page in PAGES:
        text = text_of(page)
        blocks = [block for kind, block in FENCE.findall(text) if kind == "python"]
        named = re.findall(r"from helpers import ([\w, ]+)", text)
        names = {name.strip() for names in named for name in names.split(",")}
        for block in blocks:
            ast.parse(block)
        verbs = r"(?:load|keep|find|count|draw|show|explain|measure|export|open|undo|my)_\w+"
        names |= set(re.findall(rf"`({verbs})\(", text))
        assert names <= set(helpers.__all__), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    """Every link inside the project leads to a file that exists, and to a heading in it."""
    for target in LINK.findall(FENCE.sub("", text_of(page))):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        assert other.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", text_of(other), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", each.casefold()).replace(" ", "-") for each in headings}
            assert anchor in slugs, target


def test_binder_finds_what_it_needs() -> None:
    """Binder's files name the lock and a Python that the course takes, and its script can run."""
    folder = ROOT / ".binder"
    assert "-r ../requirements.lock" in text_of(folder / "requirements.txt").splitlines()
    assert (folder / ".." / "requirements.lock").is_file()
    version = re.fullmatch(r"python-3\.(\d+)\n", text_of(folder / "runtime.txt"))
    assert version
    assert int(version[1]) >= 11
    script = folder / "postBuild"
    assert text_of(script).startswith("#!/bin/bash\n")
    if sys.platform != "win32":
        assert script.stat().st_mode & 0o100
