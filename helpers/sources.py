"""A raw file, byte for byte: checksum, encoding, byte ↔ character positions.

The text of a source is its bytes decoded as UTF-8 and nothing else: no line end, blank or
mark is changed on the way in, so that positions in the one can be turned into positions in
the other.
"""

from __future__ import annotations

import hashlib
import tomllib
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from helpers.errors import DataError, SourceError

__all__ = ["Source", "check_table", "find_folder", "load_source", "load_toml", "read_data"]

PACKAGE = Path(__file__).resolve().parent
STEP = 1000  # characters


def find_folder(name: str) -> Path:
    """The folder `name` (``seeds``, ``data``, ``notebooks``) that belongs to this package.

    An installed package carries these folders inside itself; in a checkout they stand
    beside it. The working directory plays no part.

    Raises
    ------
    SourceError
        If the folder is in neither place.

    Examples
    --------
    >>> find_folder("seeds").name
    'seeds'
    """
    for folder in (PACKAGE / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise SourceError(f"The folder '{name}' is missing; install two-tracks again.")


class Source:
    """One raw file and the means to move between its bytes and its characters.

    Parameters
    ----------
    name : str
        The file's name, without folders.
    raw : bytes
        Its content, byte for byte; or the text that was extracted from it, as UTF-8.
    sha256 : str, optional
        The checksum of the file, where `raw` was extracted from one.
    made : str, optional
        How it was extracted: ``"extracted with pypdf 7.1.0"``.

    Attributes
    ----------
    text : str
        `raw` decoded as UTF-8, unchanged.
    sha256 : str
        Checksum of the file, 64 hexadecimal digits.

    Raises
    ------
    SourceError
        If the file is empty or not UTF-8.

    Examples
    --------
    >>> source = Source("note.txt", "détente now".encode())
    >>> source.byte(7), source.char(8)
    (8, 7)
    >>> source.slice_bytes(0, 8)
    'détente'
    """

    def __init__(self, name: str, raw: bytes, sha256: str = "", made: str = "") -> None:
        self.name, self.made = name, made
        self.raw = raw
        self.sha256 = sha256 or hashlib.sha256(raw).hexdigest()
        self.text = _decode(name, raw)

    def __reduce__(self) -> tuple[Any, ...]:
        return Source, (self.name, self.raw, self.sha256, self.made)  # its text is not sent along

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.raw):,} bytes)"

    @cached_property
    def _steps(self) -> array[int]:
        """The byte positions of every STEP-th character, from 0."""
        text = self.text
        sizes = (len(text[at : at + STEP].encode()) for at in range(0, len(text), STEP))
        return array("L", accumulate(sizes, initial=0))

    def byte(self, position: int) -> int:
        """The byte position of the character position `position`."""
        step = position // STEP
        return self._steps[step] + len(self.text[step * STEP : position].encode())

    def char(self, position: int) -> int:
        """The position of the character that holds the byte at `position`."""
        return bisect_right(range(len(self.text) + 1), position, key=self.byte) - 1

    def slice_bytes(self, byte_start: int, byte_end: int) -> str:
        """The text of the bytes from `byte_start` up to `byte_end`."""
        return self.raw[byte_start:byte_end].decode("utf-8")


def _decode(name: str, raw: bytes) -> str:
    if not raw.strip():
        raise SourceError(f"{name} is empty; put the original file back.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name} is not UTF-8 (byte {error.start} cannot be read); save it as UTF-8 "
            "or put the original file back."
        ) from error


def load_source(path: Path, *, sha256: str = "") -> Source:
    """Read one raw file and hold it to its checksum.

    Parameters
    ----------
    path : Path
        The file.
    sha256 : str, optional
        The checksum it must have; any if empty.

    Raises
    ------
    SourceError
        If the file is missing, empty, not UTF-8 or not the one the checksum belongs to.
    """
    if not path.is_file():
        raise SourceError(f"{path.name} is missing from {path.parent.name}/; put it back.")
    source = Source(path.name, path.read_bytes())
    if sha256 and source.sha256 != sha256:
        raise SourceError(
            f"{path.name} has changed: its checksum is {source.sha256[:12]}… and not "
            f"{sha256[:12]}… as the catalog says; put the original file back."
        )
    return source


def read_data(name: str) -> str:
    """The text of the file `name` in ``data/``.

    Raises
    ------
    DataError
        If it is missing or not UTF-8.
    """
    path = find_folder("data") / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"data/{name} is missing; install two-tracks again.") from None
    except UnicodeDecodeError:
        raise DataError(f"data/{name} is not UTF-8; save it as UTF-8.") from None


def load_toml(name: str) -> dict[str, Any]:
    """The content of the TOML file `name` in ``data/``.

    Raises
    ------
    DataError
        If it is missing or cannot be read as TOML; the sentence names file and line.
    """
    try:
        return tomllib.loads(read_data(name))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"data/{name} cannot be read: {error}.") from None


def check_table(
    table: Mapping[str, Any],
    where: str,
    *,
    required: Mapping[str, type],
    optional: Mapping[str, type] | None = None,
) -> None:
    """Hold one table of a curated file to its keys and their types.

    Raises
    ------
    DataError
        If a key is missing, unknown or of the wrong type; the sentence says where.

    Examples
    --------
    >>> check_table({"nam": "Iran"}, "data/themes.toml, theme 3", required={"name": str})
    Traceback (most recent call last):
    helpers.errors.DataError: data/themes.toml, theme 3: 'nam' is not known here; \
known: name.
    """
    known = {**required, **(optional or {})}
    words = {str: "text in quotation marks", list: "a list", int: "a whole number", dict: "a table"}
    words[bool] = "true or false"
    for key, value in table.items():
        if key not in known:
            raise DataError(f"{where}: {key!r} is not known here; known: {', '.join(known)}.")
        if not isinstance(value, known[key]):
            raise DataError(f"{where}: {key!r} must be {words.get(known[key], known[key])}.")
    for key in required:
        if key not in table:
            raise DataError(f"{where}: {key!r} is missing.")
