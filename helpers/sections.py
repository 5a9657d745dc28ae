"""What an instructor asks for, in YAML: sections of a class, their lessons, their parameters.

All of it is checked before anything is run, and everything that is wrong is said at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.corpus import Corpus
from helpers.course import TEMPLATE, find_lessons
from helpers.errors import SettingError, TwoTracksError, check_name
from helpers.folders import EXAMPLE
from helpers.loading import course_corpus, load_corpus
from helpers.parameters import check_parameter, read_parameters
from helpers.search import keep_documents
from helpers.sources import find_folder

__all__ = ["Lesson", "Section", "open_corpus", "read_sections"]

Table = Mapping[str, Any]
EDITIONS = ("student", "instructor")
KEYS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(["name", "edition", "corpus"], str),
    **dict.fromkeys(["parameters", "lessons"], dict),
    "only": (list, str, int),
}
NAME = re.compile(r"(?!index\.html$)\w[\w.-]*", re.IGNORECASE)  # the page over all sections


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson of a section: `stem` names what is written, `file` is the notebook to run."""

    stem: str
    file: Path
    parameters: Table


@dataclass(frozen=True, slots=True)
class Section:
    """A course to run: for whom, from which texts, and its lessons in order.

    `folder` holds one's own texts (absolute), or is empty; `corpus` is all that the lessons take.
    """

    name: str
    edition: str
    folder: str
    lessons: tuple[Lesson, ...]
    corpus: Corpus


def read_sections(files: Sequence[Path], *, notebooks: Path, **given: str) -> list[Section]:
    """The courses that some YAML files ask for; the whole course as it is if there is no file.

    A file is one section, or holds ``defaults`` and a list of ``sections``. A section has a
    ``name`` (that of the file if left out), ``parameters`` for all lessons that have them,
    ``lessons`` with parameters for some by their number (``"03": {window: 4}``), ``only``
    (numbers of lessons, or ``theme``), ``edition`` and ``corpus``. `notebooks` is the folder of
    the lessons; `given` are ``only``, ``edition``, ``corpus`` as said elsewhere, which count more.

    Raises
    ------
    SettingError
        If anything cannot be asked: one line for each mistake in all of the files.
    """
    given = {key: value for key, value in given.items() if value}
    faults: dict[str, None] = {}
    sections: dict[str, Section] = {}
    for table in [t for file in files for t in _read_file(file)] or [_merge({"name": "course"})]:
        section = _plan({**table, **given}, notebooks, faults)
        if not NAME.fullmatch(section.name) or section.name.casefold() in sections:
            faults[f"{section.name!r} cannot name a section, or is taken; use letters and -."] = (
                None
            )
        sections[section.name.casefold()] = section
    if faults:
        raise SettingError("\n".join(faults))
    return list(sections.values())


def open_corpus(folder: str) -> Corpus:
    """The corpus in a folder; the course's own if none is named."""
    return load_corpus(folder) if folder else course_corpus()


def _find(folder: str) -> Path:
    """The folder of that name, or that of ``example``."""
    named = folder == "example" and not Path(folder).exists()
    return find_folder("data") / EXAMPLE if named else Path(folder)


def _read_file(path: Path) -> Iterator[dict[str, Any]]:
    """The sections of one file, each with its defaults filled in."""
    import yaml

    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise SettingError(f"{path} cannot be opened ({error.strerror}).") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise SettingError(f"{path.name}{where}: this cannot be read as YAML.") from None
    try:
        defaults, sections = {"name": path.stem}, [table]
        if isinstance(table, dict) and "sections" in table:
            for key in table:
                check_name("key", key, ("defaults", "sections"))
            defaults = _merge(defaults, table.get("defaults") or {})
            sections = table["sections"]
        if not isinstance(sections, list):
            raise SettingError("'sections' must be a list, each item as in: - name: section-a.")
        for section in sections:
            yield _merge(defaults, section)
    except TwoTracksError as error:
        raise SettingError(f"{path.name}: {error}") from None


def _merge(defaults: Table, table: Any = None) -> dict[str, Any]:
    """A section's own words over the defaults; parameters are replaced one by one."""
    table = {} if table is None else table
    if not isinstance(table, dict):
        raise SettingError(f"{table!r} must be keys with values, as in: name: section-a.")
    for key, value in table.items():
        check_name("key", key, KEYS)
        if not isinstance(value, KEYS[key]):
            raise SettingError(f"{key!r} cannot be {value!r}; the README shows how to write it.")
    lessons = dict(defaults.get("lessons", {}))
    for key, value in table.get("lessons", {}).items():
        if not isinstance(value, dict):
            raise SettingError(f"lesson {key}: give its parameters, as in: {{window: 4}}.")
        lessons[_number(key)] = {**lessons.get(_number(key), {}), **value}
    both = {**defaults.get("parameters", {}), **table.get("parameters", {})}
    return {**defaults, **table, "parameters": both, "lessons": lessons}


def _number(name: Any) -> str:
    """How a lesson is called: YAML reads 03 as the number 3."""
    return f"{name:02}" if isinstance(name, int) else str(name).strip()


class _Checks:
    """Asks what may fail; a failure is kept as a sentence with its section and lesson."""

    def __init__(self, name: str, faults: dict[str, None]) -> None:
        self.name = name
        self.faults = faults

    def __call__(self, ask: Callable[..., Any], *what: Any, lesson: str = "", **how: Any) -> Any:
        """The answer, or nothing."""
        try:
            return ask(*what, **how)
        except TwoTracksError as error:
            self.faults[f"{self.name}{lesson and f', lesson {lesson}'}: {error}"] = None
            return None


def _plan(table: Table, notebooks: Path, faults: dict[str, None]) -> Section:
    """A section as it is to be run, if nothing is added to `faults`."""
    check = _Checks(table["name"], faults)
    edition = table.get("edition", EDITIONS[0])
    check(check_name, "edition", edition, EDITIONS)
    folder = str(_find(table["corpus"]).resolve()) if table.get("corpus") else ""
    corpus = check(open_corpus, folder) or course_corpus()
    files = {path.name[:2]: path for path in find_lessons(notebooks)}
    if (notebooks / TEMPLATE).is_file():
        files["theme"] = notebooks / TEMPLATE
    asked = _list_asked(table)
    for number in [*asked, *table["lessons"]]:
        check(check_name, "lesson", number, files)
    every = {key: kind for path in files.values() for key, kind in read_parameters(path).items()}
    for key, value in table["parameters"].items():
        check(check_parameter, key, value, every, corpus=corpus)
    lessons, kept = [], dict[str, None]()
    for number in (n for n in files if n in (asked or _usual(table, files))):
        lesson, documents = _plan_lesson(table, number, files[number], corpus, check)
        lessons.append(lesson)
        kept |= dict.fromkeys(documents)
    return Section(
        table["name"], edition, folder, tuple(lessons), keep_documents([*kept], corpus=corpus)
    )


def _plan_lesson(
    table: Table, number: str, file: Path, corpus: Corpus, check: _Checks
) -> tuple[Lesson, list[str]]:
    """A lesson with those of the parameters that it has, and the documents that it takes."""
    has, own = read_parameters(file), table["lessons"].get(number, {})
    for key, value in own.items():
        check(check_parameter, key, value, has, lesson=number, corpus=corpus)
    mine = {key: value for key, value in {**table["parameters"], **own}.items() if key in has}
    if table.get("corpus") and "corpus" in has:
        mine["corpus"] = "own"
    elif has.get("corpus", ("", ""))[1]:  # it brings texts, of which the section knows nothing
        mine = {key: mine[key] for key in mine if key in own or key not in ("documents", "years")}
        return Lesson(file.stem, file, mine), []
    chosen = {key: mine.get(key, default) for key, (_, default) in has.items()}
    keys = {"documents", "years"} & set(chosen)
    part, where = corpus, number if keys & set(own) else ""
    if all(isinstance(chosen[key], list) for key in keys):
        parts = [check(keep_documents, lesson=where, corpus=corpus, **{k: chosen[k]}) for k in keys]
        if None not in parts:
            both = {key: chosen[key] for key in keys}
            part = check(keep_documents, lesson=where, corpus=corpus, **both) or corpus
    stem = f"theme-{chosen['theme']}" if number == "theme" else file.stem
    return Lesson(stem, file, mine), [document.id for document in part.documents]


def _list_asked(table: Table) -> list[str]:
    """The lessons that are asked for; none if it is all of them."""
    only = table.get("only", [])
    names = only.split(",") if isinstance(only, str) else only
    return [_number(name) for name in (names if isinstance(names, list) else [names])]


def _usual(table: Table, files: Mapping[str, Path]) -> list[str]:
    """All lessons that can read the texts, and the template if it is given a theme."""
    has_theme = "theme" in {**table["parameters"], **table["lessons"].get("theme", {})}
    numbers = [number for number in files if has_theme or number != "theme"]
    own = bool(table.get("corpus"))
    return [number for number in numbers if not own or "corpus" in read_parameters(files[number])]
