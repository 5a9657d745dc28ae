"""A folder of one's own texts: what is in it, what is known of each text, what cannot be used."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from helpers.errors import DataError, SettingError, SourceError, TwoTracksError
from helpers.extracts import FORMATS, LIMIT, PLAIN, RawText, is_table, read_texts
from helpers.metadata import (
    Known,
    bound_date,
    find_front_matter,
    gather_facts,
    make_id,
    read_metadata,
)
from helpers.sources import find_folder

__all__ = [
    "File",
    "Folder",
    "Text",
    "explain_double",
    "find_files",
    "know_text",
    "read_file",
    "read_folder",
    "read_raw",
]

VARIABLE = "TWO_TRACKS_CORPUS"  # what the folder "own" stands for
EXAMPLE = "example-corpus"  # in data/, what the folder "example" stands for
TABLES = ("cleaning.toml", "errata.toml", "people.toml", "themes.toml", "codebook.toml")
SETTINGS = ("metadata.csv", *TABLES)


class Text(NamedTuple):
    """One text of a folder: its id, what was read, what is known of it, where front matter ends.

    `dates` are the precision of its date, the earliest and the latest day.
    """

    id: str
    raw: RawText
    known: Known
    dates: tuple[str, str, str]
    front: int


class File(NamedTuple):
    """A file with texts: folder, name within it, bytes, its row of metadata; small to be sent."""

    folder: Path
    name: str
    size: int
    known: Known

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.folder / self.name


class Folder(NamedTuple):
    """A folder: its files, their texts if they were read, settings by file, files left out.

    `problems` are the files that cannot be used, each with a sentence; `codes` are the tables of
    readers' codes by file, as text.
    """

    path: Path
    files: tuple[File, ...]
    settings: dict[str, dict[str, Any]]
    left_out: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    codes: Mapping[str, str]
    texts: tuple[Text, ...] = ()


def find_files(folder: str | Path) -> Folder:
    """The files of a folder with its sub-folders, or one file; no text is read.

    What cannot be used is told, not raised. SourceError if there is no such folder or nothing in
    it that could be a text.
    """
    path = _find(folder)
    root = path if path.is_dir() else path.parent
    whole = root.resolve()
    files, left_out, problems = list[str](), list[str](), list[tuple[str, str]]()
    codes = dict[str, str]()
    own = dict[str, str]()  # settings by their name in small letters
    for file in _walk(root, problems) if path.is_dir() else [path]:
        name = file.relative_to(root).as_posix()
        other = file.suffix.lower() not in FORMATS or file.stem.casefold() == "readme"
        if other and name.casefold() not in SETTINGS and not file.is_dir():
            left_out.append(name)
        elif not Path(os.path.realpath(file)).is_relative_to(whole):
            where = "is a link that leads out of the folder; copy the file itself."
            problems.append((name, f"{name} {where}"))
        elif not file.is_file():
            problems.append((name, f"{name} is a link to a folder or to nothing; copy the files."))
        elif path.is_dir() and re.fullmatch(r"codes/[^/]+\.csv", name):
            codes |= _read_table_of_codes(file, name, problems)
        elif name.casefold() in SETTINGS:
            own[name.casefold()] = name
        else:
            files.append(name)
    if not files and not problems:
        endings = ", ".join(FORMATS)
        raise SourceError(f"No text is in {path.name}; put files there that end in {endings}.")
    settings, table = _read_settings(root, own, files, problems) if path.is_dir() else ({}, {})
    sizes = {name: (root / name).stat().st_size for name in files}
    for name, size in sizes.items():
        if size > LIMIT and not is_table(root / name):
            problems.append((name, f"{_explain_size(name, size)}; split it into its documents."))
    wrong = {name for name, _ in problems}
    found = (File(root, n, sizes[n], table.get(n, {})) for n in files if n not in wrong)
    return Folder(path, tuple(found), settings, tuple(left_out), tuple(problems), codes)


def _read_table_of_codes(file: Path, name: str, problems: list[tuple[str, str]]) -> dict[str, str]:
    try:
        return {name: file.read_bytes().decode("utf-8-sig", errors="replace")}
    except OSError as error:
        problems.append((name, _explain_closed(name, error)))
        return {}


def _explain_closed(name: str, error: OSError) -> str:
    return f"{name} cannot be opened ({error.strerror})."


def _explain_size(name: str, size: int) -> str:
    return f"{name} has {size / 1e6:,.0f} MB, and one file may have {LIMIT / 1e6:,.0f}"


def read_folder(folder: str | Path) -> Folder:
    """Find the files of a folder and read their texts; what cannot be used is told, not raised."""
    found = find_files(folder)
    texts, problems = list[Text](), list(found.problems)
    for file in found.files:
        try:
            if file.size > LIMIT:
                more = "split it, or make a store of it (docs/own-corpus.md, “Many texts”)."
                raise SourceError(f"{_explain_size(file.name, file.size)}; {more}")
            texts += list(read_file(file))
        except TwoTracksError as error:
            problems.append((file.name, str(error)))
    first: dict[str, Text] = {}
    for text in texts:
        if (other := first.setdefault(text.id, text)) is not text:
            name = text.raw.source.name
            problems.append((name, explain_double(other.raw.source.name, name, text.id)))
    return found._replace(problems=tuple(problems), texts=tuple(first.values()))


def read_file(file: File) -> Iterator[Text]:
    """The texts of a file; SourceError or DataError if it cannot be used."""
    return (know_text(raw, file.known) for raw in read_raw(file))


def read_raw(file: File) -> Iterator[RawText]:
    """The texts of a file in its encoding, before anything is known of them."""
    encoding = file.known["encoding"].value if "encoding" in file.known else ""
    return read_texts(file.path, file.name, encoding=encoding)


def explain_double(one: str, other: str, name: str) -> str:
    """What is wrong with two texts that would be one document: ids know no capitals and folders."""
    both = f"{one} and {other} would both be the document {name!r}"
    return f"{both}; rename one, or give it an id in metadata.csv."


def _find(folder: str | Path) -> Path:
    asked = os.environ.get(VARIABLE, "") if str(folder) == "own" else folder
    asked = find_folder("data") / EXAMPLE if str(folder) == "example" else asked
    if not asked:
        raise SettingError(f"No corpus of your own is set; name its folder, or set {VARIABLE}.")
    try:
        path = Path(asked).expanduser().absolute()
        if path.is_dir() or (path.is_file() and path.suffix.lower() in FORMATS):
            return path
        there = [*path.parent.iterdir()] if path.parent.is_dir() else []
        names = sorted(file.name for file in there if file.is_dir() and file.name[0] not in "._")
    except (OSError, RuntimeError):
        raise SourceError(
            f"{str(asked)[:60]!r} cannot be a folder; look at how it is spelt."
        ) from None
    raise SourceError(
        f"There is no folder {path.name!r}; folders there: {', '.join(names[:8]) or 'none'}. "
        "In a lesson a path counts from the folder of the lesson."
    )


def _walk(root: Path, problems: list[tuple[str, str]]) -> Iterator[Path]:
    """The files below a folder by name, and links to folders; not what is hidden, nor locks."""

    def tell(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        problems.append((name, _explain_closed(root.name if name == "." else name, error)))

    for folder, names, files in os.walk(root, onerror=tell):
        names[:] = sorted(name for name in names if name[0] != ".")
        links = [name for name in names if Path(folder, name).is_symlink()]
        yield from (
            Path(folder, name)
            for name in sorted([*files, *links])
            if name[0] != "." and not name.startswith("~$")
        )


def _read_settings(
    root: Path, own: dict[str, str], files: list[str], problems: list[tuple[str, str]]
) -> tuple[dict[str, dict[str, Any]], dict[str, Known]]:
    """What the files that are no texts say: rules, errata, people, codes; and the metadata."""
    settings, table = dict[str, dict[str, Any]](), dict[str, Known]()
    for key, name in own.items():
        try:
            if key == "metadata.csv":
                table = read_metadata(root / name, files)
            else:
                settings[key] = tomllib.loads((root / name).read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append((name, f"{name} cannot be read: {error}."))
        except OSError as error:
            problems.append((name, _explain_closed(name, error)))
        except TwoTracksError as error:
            problems.append((name, str(error)))
    return settings, table


def know_text(raw: RawText, table: Known) -> Text:
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
