"""The project itself: its layers, its package, its checkout."""

from __future__ import annotations

import ast
import hashlib
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

import helpers

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(helpers.__file__).parent
FIRST_LESSON = "00-start-here.ipynb"

# Each module may import those that stand before it, and none that stand after.
LAYERS = (
    "errors",
    "sources",
    "records",
    "formats",
    "journal",
    "workbook",
    "handing",
    "edits",
    "layout",
    "cleaning",
    "corpus",
    "decoding",
    "extracts",
    "metadata",
    "folders",
    "furniture",
    "paragraphs",
    "adopting",
    "machines",
    "streaming",
    "loading",
    "words",
    "terms",
    "query",
    "index",
    "roster",
    "people",
    "cues",
    "listening",
    "speech",
    "themes",
    "search",
    "answers",
    "questions",
    "typed",
    "judging",
    "kwic",
    "counted",
    "measures",
    "groups",
    "counts",
    "choices",
    "keyness",
    "tables",
    "rendering",
    "listings",
    "places",
    "ordering",
    "store",
    "building",
    "references",
    "basket",
    "evidence",
    "showing",
    "codebook",
    "coding",
    "validation",
    "coefficients",
    "agreement",
    "figures",
    "charts",
    "choice_charts",
    "disagreements",
    "picking",
    "widgets",
    "sheets",
    "inputs",
    "cards",
    "panels",
    "execution",
    "course",
    "readiness",
    "start",
    "collecting",
    "tallies",
    "class_tables",
    "reports",
    "pages",
    "handouts",
    "parameters",
    "sections",
    "running",
    "installed",
    "doctor",
    "__main__",
)

# Written so that they do not find themselves.
HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|deb\.debian\.org")
MACHINE_PATHS = re.compile(r"(?<![\w.:/+=~-])/(?:work|root|home|tmp|opt|Users)/\w")


def modules_of(package: Path) -> list[str]:
    return sorted(path.stem for path in package.glob("*.py") if path.stem != "__init__")


def imported_modules(tree: ast.Module) -> Iterator[str]:
    """The modules of the package that a file names in its imports, wherever in it they stand."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = [name.name for name in names]
            case ast.ImportFrom(module="helpers", level=0, names=names):
                found = [f"helpers.{name.name}" for name in names if name.name != "__version__"]
            case ast.ImportFrom(module=module, level=0):
                found = [str(module)]
            case ast.ImportFrom(module=module, names=names):
                found = [f"helpers.{module or name.name}" for name in names]
            case _:
                continue
        yield from (name.split(".")[1] for name in found if name.startswith("helpers."))


def broken_layers(package: Path) -> list[str]:
    """What is wrong with the imports of `package`, one sentence each."""
    order = {module: place for place, module in enumerate(LAYERS)}
    sentences = []
    for module in modules_of(package):
        if module not in order:
            sentences.append(f"{module}.py has no place in LAYERS; give it one.")
            continue
        tree = ast.parse((package / f"{module}.py").read_text(encoding="utf-8"))
        sentences += [
            f"{module}.py imports {other}, which stands above it or has no place in LAYERS."
            for other in imported_modules(tree)
            if order.get(other, len(order)) >= order[module]
        ]
    return sentences


def test_layers() -> None:
    """Every module imports only from the layers below it."""
    assert broken_layers(PACKAGE) == []


@pytest.mark.parametrize(
    "line",
    [
        "from helpers.corpus import Corpus",
        "from helpers import corpus",
        "from .corpus import Corpus",
        "import helpers.corpus",
        "def late():\n    from helpers.corpus import Corpus",
    ],
)
def test_layers_broken(line: str, tmp_path: Path) -> None:
    """An import against the order is found in whatever form it is written."""
    (tmp_path / "errors.py").write_text(line)
    assert broken_layers(tmp_path) == [
        "errors.py imports corpus, which stands above it or has no place in LAYERS."
    ]


def test_layers_unknown(tmp_path: Path) -> None:
    """A module without a place in the order is named."""
    (tmp_path / "stray.py").touch()
    assert broken_layers(tmp_path) == ["stray.py has no place in LAYERS; give it one."]


def in_order(names: list[str]) -> list[str]:
    """Constants, then classes, then functions, each once and by the alphabet, as ruff sorts."""
    return sorted(set(names), key=lambda name: (not name.isupper(), not name[0].isupper(), name))


@pytest.mark.parametrize("name", modules_of(PACKAGE))
def test_public_names(name: str) -> None:
    """A module's __all__ is sorted and holds its public functions and classes."""
    module = importlib.import_module(f"helpers.{name}")
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    defined = {node.name for node in tree.body if isinstance(node, kinds)}
    assert module.__all__ == in_order(module.__all__)
    assert {word for word in defined if not word.startswith("_")} <= set(module.__all__)
    assert [word for word in module.__all__ if not hasattr(module, word)] == []


def test_package_names() -> None:
    """Every public name of the package is sorted, listed once and there to be had."""
    assert helpers.__all__ == in_order(helpers.__all__)
    assert [name for name in helpers.__all__ if not hasattr(helpers, name)] == []
    assert set(helpers.__all__) == set(helpers._MODULES)


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_module_length(path: Path) -> None:
    """No module has more than 300 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_import_is_quick() -> None:
    """Importing the package loads none of the big libraries."""
    big = {"IPython", "ipywidgets", "matplotlib", "numpy", "pandas", "papermill"}
    code = f"import sys, helpers; print(sorted({big} & set(sys.modules)))"
    assert run([sys.executable, "-c", code]) == "[]"


def run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """What a command printed; if it fails, the test fails with its words."""
    settings = {**os.environ, **(env or {})}
    done = subprocess.run(
        command, check=False, cwd=cwd, env=settings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout.strip()


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings for git that do not depend on who runs it; skips where there is no checkout."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("This is not a git checkout, so there is nothing to clone.")
    settings = tmp_path_factory.mktemp("git") / "config"
    settings.write_text("[safe]\n\tdirectory = *\n")
    return {"GIT_CONFIG_GLOBAL": str(settings), "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture(scope="module")
def clone(git: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone made with the setting that changes line ends on Windows."""
    folder = tmp_path_factory.mktemp("clone") / "two-tracks"
    run(["git", "clone", "--quiet", "-c", "core.autocrlf=true", str(ROOT), str(folder)], env=git)
    return folder


def test_clone_keeps_seeds(clone: Path) -> None:
    """A clone that changes line ends still has every seed byte for byte."""
    catalog = tomllib.loads((clone / "data" / "catalog.toml").read_text(encoding="utf-8"))
    expected = {seed["file"]: seed["sha256"] for seed in catalog["seed"]}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (clone / "seeds").iterdir()
    }
    assert found == expected


def test_clone_keeps_line_ends(clone: Path) -> None:
    """A clone that changes line ends still has tables, lessons and code with LF."""
    suffixes = {".cfg", ".csv", ".ipynb", ".json", ".lock", ".md", ".py", ".toml"}
    changed = [
        path.relative_to(clone)
        for path in clone.rglob("*")
        if path.suffix in suffixes and b"\r\n" in path.read_bytes()
    ]
    assert changed == []


def test_no_traces_of_machines(git: dict[str, str]) -> None:
    """No file names a package registry's host or a path of the machine it was written on."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = [name for name in run(listing, env=git).split("\0") if (ROOT / name).is_file()]
    found = [
        f"{name}: {match.group()}"
        for name in names
        for pattern in (HOSTS, MACHINE_PATHS)
        for match in pattern.finditer((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_lock() -> None:
    """The lock holds versions with their hashes, and no address or path to fetch them from."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
    assert [line for line in entries if not re.match(r"[\w.-]+==[\w.]+ (; .+ )?\\$", line)] == []
    assert "//" not in lock
    assert "file:" not in lock
    assert lock.count("--hash=sha256:") >= len(entries) > 50


def test_lock_is_current() -> None:
    """The lock holds every library that the project asks for, in a version that it accepts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", lock, flags=re.MULTILINE))
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(name for extra in extras for name in extra)]
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(locked[requirement.name])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network and laid out where nothing can be written."""
    folder = tmp_path_factory.mktemp("installed")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")])
    (wheel,) = (folder / "dist").glob("two_tracks-*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    for path in (folder / "site").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder / "site"


def test_wheel_carries_everything(installed: Path) -> None:
    """The wheel holds seeds, data and lessons inside the package, as they are in the checkout."""
    for name in ("seeds", "data", "notebooks"):
        assert contents(installed / "helpers" / name) == contents(ROOT / name)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "/." not in str(path.relative_to(folder.parent))
    }


def test_wheel_runs_a_lesson(installed: Path, tmp_path: Path) -> None:
    """The installed package runs a lesson from a read-only place and leaves it untouched."""
    before = traces(installed)
    env = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    code = "import helpers; helpers.load_corpus(); print(helpers.__file__)"
    home = run([sys.executable, "-c", code], cwd=tmp_path, env=env)
    assert Path(home).is_relative_to(installed)
    lesson = installed / "helpers" / "notebooks" / FIRST_LESSON
    run([sys.executable, "-m", "papermill", str(lesson), "out.ipynb"], cwd=tmp_path, env=env)
    assert traces(installed) == before


def test_wheel_starts_a_course(installed: Path, tmp_path: Path) -> None:
    """The installed package gives a student a copy of the lessons that can be written."""
    before = traces(installed)
    env = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    run([sys.executable, "-m", "helpers", "start", "mine"], cwd=tmp_path, env=env)
    assert contents(tmp_path / "mine" / "notebooks") == contents(ROOT / "notebooks")
    assert all(path.stat().st_mode & 0o200 for path in (tmp_path / "mine").rglob("*"))
    assert traces(installed) == before


def test_wheel_is_well(installed: Path, tmp_path: Path) -> None:
    """The installed package finds itself well by what its own metadata asks, and untouched."""
    before = traces(installed)
    env = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    told = run([sys.executable, "-m", "helpers", "doctor"], cwd=tmp_path, env=env)
    assert re.search(r"^ok     Packages: \d+, as the installed course asks$", told, re.MULTILINE)
    assert told.endswith("All is well.")
    assert traces(installed) == before


def traces(folder: Path) -> dict[Path, tuple[int, int]]:
    """What a write would change; as root a write succeeds whatever the permissions say."""
    return {
        path: (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*"))
    }
