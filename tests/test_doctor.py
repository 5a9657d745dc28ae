"""`two-tracks doctor`: every fault it looks for, made on purpose, and what it says to do."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from helpers import doctor, installed
from helpers.__main__ import main
from helpers.doctor import Finding, check_setup
from helpers.sources import find_folder
from helpers.workbook import open_workbook

KINDS = "Python Packages Kernel Seeds Data Work_folder matplotlib JupyterLab Disk"


def look_at(what: str, monkeypatch: pytest.MonkeyPatch) -> Finding:
    """What is said of one thing."""
    monkeypatch.setattr(doctor, "CHECKS", {what: doctor.CHECKS[what]})
    (finding,) = check_setup()
    return finding


def fault(what: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is to be done about one thing that is not well."""
    finding = look_at(what, monkeypatch)
    assert not finding.is_ok
    assert str(finding).startswith(f"TO DO  {what}: ")
    return finding.sentence


def fail(*_: Any, **__: Any) -> NoReturn:
    raise OSError(errno.ENETUNREACH, "no network here")


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of seeds and data that may be spoilt; the doctor looks at them."""
    for name in ("seeds", "data"):
        shutil.copytree(find_folder(name), tmp_path / name)
    monkeypatch.setattr(doctor, "find_folder", lambda name: tmp_path / name)
    return tmp_path


def test_all_is_well_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any network each of nine things is said to be well, and scripts are told 0."""
    monkeypatch.setattr(socket.socket, "connect", fail)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert main(["doctor"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    whats = [what.replace("_", " ") for what in KINDS.split()]
    assert [line.split(": ")[0] for line in lines] == [f"ok     {what}" for what in whats]
    assert last == "All is well."


def test_a_fault_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One fault is counted, does not hide the rest, and scripts are told 1."""
    (tmp_path / "full").touch()
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "full" / "my-work"))
    assert main(["doctor"]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines if not line.startswith("ok ")] == [
        "TO DO  Work folder"
    ]
    assert last == "To do: 1 of 9."


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python older than the oldest is named with what to install."""
    monkeypatch.setattr(doctor, "OLDEST", (3, 99))
    assert fault("Python", monkeypatch).endswith("install 3.11 or newer, and the course for it.")


def write_lock(path: Path, monkeypatch: pytest.MonkeyPatch, *entries: str) -> None:
    lines = [f"{entry} \\\n    --hash=sha256:00\n    # via x" for entry in entries]
    path.write_text("\n".join(lines))
    monkeypatch.setattr(installed, "LOCK", path)


def test_packages_against_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing or of another version is named; what is for other systems is not asked."""
    lock = tmp_path / "requirements.lock"
    others = ("winonly==1.0 ; sys_platform == 'nowhere'", f"pytest=={pytest.__version__}")
    write_lock(lock, monkeypatch, "nosuchthing==1.0", "numpy==0.1", *others)
    said = fault("Packages", monkeypatch)
    assert said.startswith("nosuchthing is missing, numpy is ")
    assert ", not ==0.1; run: " in said
    assert said.endswith(f'--require-hashes -r "{lock}"')
    assert "pytest is" not in said
    assert "winonly is" not in said


def test_many_wrong_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five are named and the rest are counted; in an environment of uv's, uv is told to install."""
    write_lock(tmp_path / "lock", monkeypatch, *(f"nosuchthing{n}==1" for n in range(7)))
    monkeypatch.setattr(installed, "find_spec", lambda _: None)
    said = fault("Packages", monkeypatch)
    assert "nosuchthing4 is missing and 2 more; run: uv pip install --python " in said


def test_packages_against_the_metadata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no lock the course's own metadata count, without what tests need."""
    monkeypatch.setattr(installed, "LOCK", tmp_path / "none")
    asked = ["nosuchthing>=1", "numpy>=2", "nosuchtool>=1 ; extra == 'test'"]
    monkeypatch.setattr(installed, "requires", lambda _: asked)
    said = fault("Packages", monkeypatch)
    assert said.startswith("nosuchthing is missing; where the file is, run: ")
    assert said.endswith("-py3-none-any.whl")


def test_a_course_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were only copied somewhere are said to be missing as a package."""

    def find_none(name: str) -> NoReturn:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installed, "LOCK", tmp_path / "none")
    monkeypatch.setattr(installed, "requires", find_none)
    assert fault("Packages", monkeypatch).startswith("two-tracks is missing; where ")


def write_kernel(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A kernel named python3 that Jupyter finds before any other."""
    folder = home / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(text)
    monkeypatch.setenv("JUPYTER_PATH", str(home))


def test_a_kernel_of_another_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel left there by another environment is named with the command that mends it."""
    other = str(tmp_path / "old" / "bin" / "python")
    text = json.dumps({"argv": [other, "-m", "ipykernel_launcher"], "display_name": "Old"})
    write_kernel(tmp_path, monkeypatch, text)
    said = fault("Kernel", monkeypatch)
    assert said.startswith(
        f"'python3' runs {other}, another Python; set JUPYTER_PREFER_ENV_PATH=1 "
    )
    assert said.endswith("-m ipykernel install --sys-prefix")


@pytest.mark.parametrize("text", ["{", '{"argv": [], "display_name": "None"}'])
def test_a_broken_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A description of a kernel that cannot be read or names no program is no kernel."""
    write_kernel(tmp_path, monkeypatch, text)
    assert fault("Kernel", monkeypatch).startswith("there is no kernel 'python3' that works; run: ")


def test_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a kernel, or without ipykernel, it is said what installs it."""

    def find_none(_: Any, name: str) -> NoReturn:
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", find_none)
    assert fault("Kernel", monkeypatch).startswith("there is no kernel 'python3' that works; run: ")
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    assert fault("Kernel", monkeypatch).startswith("ipykernel is missing; run: ")


def test_seeds_that_changed(copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each raw file that changed or is missing is named, in one line."""
    first, second, *_ = sorted((copies / "seeds").iterdir())
    first.write_bytes(first.read_bytes() + b"\n")
    second.unlink()
    said = fault("Seeds", monkeypatch)
    assert f"{first.name} has changed" in said
    assert f"{second.name} is missing from seeds/" in said
    assert said.endswith(" checkout -- seeds")


def test_data_that_is_stale(copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is older or missing is named with the command that writes it."""
    assert look_at("Data", monkeypatch).is_ok
    (copies / "data" / "mentions.csv").write_text("old")
    (copies / "data" / "edits.csv").unlink()
    said = fault("Data", monkeypatch)
    assert said.startswith("not up to date: edits.csv, mentions.csv; run: ")
    assert said.endswith(" -m helpers data")


def test_the_work_folder_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial leaves nothing: no file, no folder it had to make, no record in the work."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "a" / "b" / "my-work"))
    assert look_at("Work folder", monkeypatch).is_ok
    assert list(tmp_path.iterdir()) == []
    book = open_workbook(tmp_path / "mine")
    book.save_evidence("azizian-2003#p04")
    before = list((tmp_path / "mine").iterdir())
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "mine"))
    assert look_at("Work folder", monkeypatch).is_ok
    assert list((tmp_path / "mine").iterdir()) == before
    assert len(book.records()) == 1
    assert book.problems == []


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot take a file is named in the words a save would use, and left clean."""

    def be_full(*_: Any) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "my-work"))
    monkeypatch.setattr(Path, "write_bytes", be_full)
    assert fault("Work folder", monkeypatch).startswith("The disk is full")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is read again, and must be the same."""
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path))
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"other")
    assert "gives back other bytes" in fault("Work folder", monkeypatch)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere.")
def test_a_read_only_work_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without the right to write is named with the way to another."""
    tmp_path.chmod(0o500)
    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path))
    assert "TWO_TRACKS_WORK" in fault("Work folder", monkeypatch)


def test_a_folder_matplotlib_cannot_write(tmp_path: Path) -> None:
    """Where matplotlib would warn in every lesson, it is said which variable to set."""
    (tmp_path / "settings").touch()
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "doctor"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "MPLCONFIGDIR": str(tmp_path / "settings")},
    )
    assert done.returncode == 1
    assert "TO DO  matplotlib: its folder cannot be written; set MPLCONFIGDIR" in done.stdout


def test_a_missing_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """The font of the figures is asked for by its name, and no other is taken in its place."""

    def find_none(family: str, *, fallback_to_default: bool) -> NoReturn:
        raise ValueError(family, fallback_to_default)

    monkeypatch.setattr("matplotlib.font_manager.findfont", find_none)
    said = fault("matplotlib", monkeypatch)
    assert said.startswith("the font DejaVu Sans is missing; run: ")


def test_a_library_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that a check itself needs is named with the command that installs it."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert fault("matplotlib", monkeypatch).startswith("matplotlib is missing; run: ")


def test_settings_of_jupyterlab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that were not copied, or are of an older course, are told apart."""
    monkeypatch.setenv("JUPYTERLAB_DIR", str(tmp_path))
    assert fault("JupyterLab", monkeypatch).startswith("the course's settings are missing; run: ")
    (tmp_path / doctor.OVERRIDES).parent.mkdir(parents=True)
    (tmp_path / doctor.OVERRIDES).write_text("{}")
    assert "settings are older or changed; run: " in fault("JupyterLab", monkeypatch)


def test_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room is told in MB, for a folder that need not exist yet."""

    class Usage(NamedTuple):
        free: int

    monkeypatch.setenv("TWO_TRACKS_WORK", str(tmp_path / "my-work"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(12_000_000))
    said = fault("Disk", monkeypatch)
    assert said == f"12 MB left at {tmp_path}; free at least 200 MB."
