"""A folder of one's own texts: what is in it, what is known of each text, what cannot be used."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from helpers.errors import DataError, SettingError, SourceError, TwoTracksError
from helpers.extracts import FORMATS, PLAIN, RawText, read_texts
from helpers.metadata import (
    Known,
    bound_date,
    find_front_matter,
    gather_facts,
    make_id,
    read_metadata,
)

__all__ = ["Folder", "Text", "read_folder"]

VARIABLE = "TWO_TRACKS_CORPUS"  # what the folder "own" stands for
SETTINGS = ("metadata.csv", "cleaning.toml", "errata.toml", "people.toml")


class Text(NamedTuple):
    """One text of a folder: its id, what was read, what is known of it, where front matter ends.

    `dates` are the precision of its date, the earliest and the latest day.
    """

    id: str
    raw: RawText
    known: Known
    dates: tuple[str, str, str]
    front: int


class Folder(NamedTuple):
    """A folder as it was read: its texts, its settings by file, files left out as no texts.

    `problems` are the files that cannot be used, each with a sentence.
    """

    path: Path
    texts: tuple[Text, ...]
    settings: dict[str, dict[str, Any]]
    left_out: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def read_folder(folder: str | Path) -> Folder:
    """Read a folder with its sub-folders, or one file; what cannot be used is told, not raised.

    SourceError if there is no such folder or nothing in it that could be a text.
    """
    path = _find(folder)
    root = path if path.is_dir() else path.parent
    files, left_out, problems = list[str](), list[str](), list[tuple[str, str]]()
    for file in _walk(root) if path.is_dir() else [path]:
        name = file.relative_to(root).as_posix()
        if not file.resolve().is_relative_to(root.resolve()):
            where = "is a link that leads out of the folder; copy the file itself."
            problems.append((name, f"{name} {where}"))
        elif not file.is_file():
            problems.append((name, f"{name} is a link to a folder or to nothing; copy the files."))
        elif file.suffix.lower() not in FORMATS or file.stem.casefold() == "readme":
            left_out += [name] if name not in SETTINGS else []
        elif name not in SETTINGS:
            files.append(name)
    if not files and not problems:
        endings = ", ".join(FORMATS)
        raise SourceError(f"No text is in {path.name}; put files there that end in {endings}.")
    settings, table = _read_settings(root, files, problems) if path.is_dir() else ({}, {})
    texts = list[Text]()
    for name in files:
        known = table.get(name, {})
        encoding = known["encoding"].value if "encoding" in known else ""
        try:
            texts += [_know(raw, known) for raw in read_texts(root / name, name, encoding=encoding)]
        except TwoTracksError as error:
            problems.append((name, str(error)))
    problems += _find_doubles(texts)
    first = {text.id: text for text in reversed(texts)}
    return Folder(
        path,
        tuple(text for text in texts if first[text.id] is text),
        settings,
        tuple(left_out),
        tuple(problems),
    )


def _find(folder: str | Path) -> Path:
    asked = os.environ.get(VARIABLE, "") if folder == "own" else folder
    if not asked:
        raise SettingError(f"No corpus of your own is set; name its folder, or set {VARIABLE}.")
    path = Path(asked).expanduser().absolute()
    if path.is_dir() or (path.is_file() and path.suffix.lower() in FORMATS):
        return path
    there = path.parent.iterdir() if path.parent.is_dir() else ()
    names = sorted(other.name for other in there if other.is_dir() and other.name[0] not in "._")
    raise SourceError(
        f"There is no folder {path.name!r}; folders there: {', '.join(names[:8]) or 'none'}. "
        "In a lesson a path counts from the folder of the lesson."
    )


def _walk(root: Path) -> Iterator[Path]:
    """The files below a folder by name, and links to folders; not what is hidden, nor locks."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name[0] != ".")
        links = [name for name in names if Path(folder, name).is_symlink()]
        yield from (
            Path(folder, name)
            for name in sorted([*files, *links])
            if name[0] != "." and not name.startswith("~$")
        )


def _read_settings(
    root: Path, files: list[str], problems: list[tuple[str, str]]
) -> tuple[dict[str, dict[str, Any]], dict[str, Known]]:
    """What the files that are no texts say: rules, errata, people; and the table of metadata."""
    settings, table = dict[str, dict[str, Any]](), dict[str, Known]()
    for name in (name for name in SETTINGS if (root / name).is_file()):
        try:
            if name == "metadata.csv":
                table = read_metadata((root / name).read_bytes(), files)
            else:
                settings[name] = tomllib.loads((root / name).read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append((name, f"{name} cannot be read: {error}."))
        except TwoTracksError as error:
            problems.append((name, str(error)))
    return settings, table


def _know(raw: RawText, table: Known) -> Text:
    """A text with its id and what is known of it; its errors name the place."""
    plain = raw.file.lower().endswith(PLAIN)
    front, stated = find_front_matter(raw.source.text) if plain else (0, {})
    known, dates = gather_facts(raw, table, stated), ("", "", "")
    if date := known.get("date"):
        where = f"{raw.source.name} ({date.note.rstrip('.')})"
        precision, earliest, latest = bound_date(date.value, where)
        dates = (precision + " (inferred)" * date.inferred, earliest, latest)
    number = f"-{raw.row}" if raw.row else ""
    asked = known["id"].value if "id" in known else f"{Path(raw.file).stem}{number}"
    if not (name := make_id(asked)):
        raise DataError(f"{raw.file} has a name without letters; rename it.")
    return Text(name, raw, known, dates, front)


def _find_doubles(texts: Iterable[Text]) -> Iterator[tuple[str, str]]:
    """Texts that would be one document: an id knows no folders, endings and capitals."""
    first: dict[str, str] = {}
    for text in texts:
        name = text.raw.source.name
        if (other := first.setdefault(text.id, name)) != name:
            both = f"{other} and {name} would both be the document {text.id!r}"
            yield name, f"{both}; rename one, or give it an id in metadata.csv."
