"""What is well on this machine, and exactly what to do about the rest.

Nothing is fetched and nothing stays changed: the work folder is written to and cleared again.
The one thing left behind is matplotlib's own list of fonts, which the first figure would make.
"""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from helpers.errors import SourceError, TwoTracksError
from helpers.installed import (
    LOCK,
    compare_package,
    install_all,
    install_course,
    pip_command,
    read_requirements,
)
from helpers.journal import explain_failure
from helpers.sources import PACKAGE, find_folder, load_source, load_toml
from helpers.workbook import work_folder

__all__ = ["Finding", "check_setup"]

OVERRIDES = "settings/overrides.d/two-tracks.json"  # where pyproject.toml puts jupyterlab.json
OLDEST = (3, 11)
ROOM = 200_000_000  # bytes: the course's handouts and a student's work, with some to spare


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing stands: what it is, whether it is well, and what was found or is to be done.

    Examples
    --------
    >>> print(Finding("Python", True, "3.12.4"))
    ok     Python: 3.12.4
    """

    what: str
    is_ok: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok    ' if self.is_ok else 'TO DO '} {self.what}: {self.sentence}"


class _ToDoError(Exception):
    """Something is not well; the text says what to do."""


def check_setup() -> Iterator[Finding]:
    """Look at everything a lesson needs, one thing after the other."""
    for what, check in CHECKS.items():
        try:
            yield Finding(what, True, check())
        except (_ToDoError, TwoTracksError) as error:
            yield Finding(what, False, str(error))
        except ImportError as error:
            yield Finding(what, False, f"{error.name or error} is missing; {install_all()}")
        except OSError as error:
            yield Finding(what, False, f"{error}; make that readable, then do this again.")


def _check_python() -> str:
    found = platform.python_version()
    if sys.version_info < OLDEST:
        raise _ToDoError(f"this is {found}; install 3.11 or newer, and the course for it.")
    return f"{found} in {sys.prefix}"


def _check_packages() -> str:
    asked = read_requirements()
    if wrong := [said for requirement in asked if (said := compare_package(requirement))]:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise _ToDoError(f"{', '.join(wrong[:5])}{more}; {install_all()}")
    return f"{len(asked)}, as {LOCK.name if LOCK.is_file() else 'the installed course'} asks"


def _check_kernel() -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    again = f'run: "{sys.executable}" -m ipykernel install --sys-prefix'
    if not find_spec("ipykernel"):
        raise ModuleNotFoundError(name="ipykernel")
    try:
        program = Path(KernelSpecManager().get_kernel_spec("python3").argv[0])
    except (NoSuchKernel, ValueError, IndexError):  # none, not JSON, or without a command
        raise _ToDoError(f"there is no kernel 'python3' that works; {again}") from None
    names = {"python", "python3", f"python3.{sys.version_info[1]}"}  # Jupyter's words for its own
    if str(program) in names or program.parent == Path(sys.executable).parent:
        return f"python3 runs {sys.executable}"
    raise _ToDoError(
        f"'python3' runs {program}, another Python; set JUPYTER_PREFER_ENV_PATH=1 before you start "
        f"Jupyter, and {again}"
    )


def _check_seeds() -> str:
    seeds, wrong = load_toml("catalog.toml")["seed"], []
    for seed in seeds:
        try:
            load_source(find_folder("seeds") / seed["file"], sha256=seed["sha256"])
        except SourceError as error:
            wrong.append(str(error))
    if wrong:
        again = (
            f'run: git -C "{LOCK.parent}" checkout -- seeds' if LOCK.is_file() else install_course()
        )
        raise _ToDoError(f"{' '.join(wrong)} To do so, {again}")
    return f"{len(seeds)} files, as their checksums say"


def _check_data() -> str:
    from helpers.loading import load_corpus
    from helpers.tables import TABLES, find_stale

    if stale := find_stale(load_corpus(), find_folder("data")):
        again = f'run: "{sys.executable}" -m helpers data' if LOCK.is_file() else install_course()
        raise _ToDoError(f"not up to date: {', '.join(path.name for path in stale)}; {again}")
    return f"{len(TABLES)} tables, up to date"


def _check_work() -> str:
    folder = work_folder()
    new = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    trial, words = folder / f".{secrets.token_hex(6)}.trial", secrets.token_bytes(1000)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.write_bytes(words)
        if trial.read_bytes() != words:
            raise _ToDoError(f"{folder} gives back other bytes than were written; use another.")
    except OSError as error:
        raise _ToDoError(explain_failure(error, folder)) from error
    finally:
        with suppress(OSError):
            trial.unlink()
        with suppress(OSError):
            for parent in new:
                parent.rmdir()
    return f"{folder} can be written"


def _check_fonts() -> str:
    before = os.environ.get("MPLCONFIGDIR")
    import matplotlib as mpl
    from matplotlib.font_manager import findfont

    if os.environ.get("MPLCONFIGDIR") != before:  # matplotlib found it of no use, took another
        raise _ToDoError("its folder cannot be written; set MPLCONFIGDIR to one that can be.")
    (family,) = mpl.rc_params_from_file(PACKAGE / "two-tracks.mplstyle", False, False)[
        "font.family"
    ]
    try:
        findfont(family, fallback_to_default=False)
    except ValueError:
        again = f"{pip_command()} --no-deps --force-reinstall matplotlib=={mpl.__version__}"
        raise _ToDoError(f"the font {family} is missing; run: {again}") from None
    return f"has {family} for the figures"


def _check_lab() -> str:
    home = os.environ.get("JUPYTERLAB_DIR") or Path(sys.prefix, "share/jupyter/lab")
    copy = Path(home, OVERRIDES)
    if not copy.is_file() or copy.read_bytes() != (PACKAGE / "jupyterlab.json").read_bytes():
        state = "older or changed" if copy.is_file() else "missing"
        raise _ToDoError(f"the course's settings are {state}; {install_course()}")
    return "the course's settings are in place"


def _check_disk() -> str:
    folder = next(path for path in (work_folder(), *work_folder().parents) if path.is_dir())
    free = shutil.disk_usage(folder).free / 1e6
    if free < ROOM / 1e6:
        raise _ToDoError(f"{free:.0f} MB left at {folder}; free at least {ROOM / 1e6:.0f} MB.")
    return f"{free / 1000:.1f} GB free"


CHECKS: dict[str, Callable[[], str]] = {
    "Python": _check_python,
    "Packages": _check_packages,
    "Kernel": _check_kernel,
    "Seeds": _check_seeds,
    "Data": _check_data,
    "Work folder": _check_work,
    "matplotlib": _check_fonts,
    "JupyterLab": _check_lab,
    "Disk": _check_disk,
}
