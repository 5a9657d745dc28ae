"""The parameters of a lesson: which it has, and whether a value makes sense before it is run."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from helpers.codebook import load_codebook
from helpers.errors import SettingError, check_name
from helpers.execution import strip_traces
from helpers.themes import load_themes

__all__ = ["check_parameter", "read_parameters"]

TYPES: dict[str, tuple[Any, str]] = {
    "bool": (bool, "true or false"),
    "float": ((int, float), "a number"),
    "int": (int, "a whole number"),
    "list": (list, "a list, as in: [one, two]"),
    "str": (str, "text"),
}
Known = Mapping[str, tuple[str, Any]]


@cache
def read_parameters(path: Path) -> Known:
    """The parameters of the lesson in a file by name: type and default, as papermill sees them."""
    import nbformat
    import papermill

    notebook = nbformat.read(path, as_version=4)
    strip_traces(notebook)
    found = papermill.inspect_notebook(notebook)
    return {k: (v["inferred_type_name"], literal_eval(v["default"])) for k, v in found.items()}


def check_parameter(name: str, value: Any, known: Known) -> None:
    """Hold the value of a parameter to its type, and the names in it to what exists.

    Documents and years are held to the corpus by `keep_documents`.

    Raises
    ------
    UnknownNameError
        If there is no such parameter, theme or code.
    SettingError
        If the value is of another type, or a file that it names is missing.

    Examples
    --------
    >>> check_parameter("window", "4", {"window": ("int", 8)})
    Traceback (most recent call last):
    helpers.errors.SettingError: 'window' is '4', and must be a whole number.
    """
    kind, _ = known[check_name("parameter", name, known)]
    wanted, words = TYPES.get(kind, (object, ""))
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "bool"):
        raise SettingError(f"'{name}' is {value!r}, and must be {words}.")
    if name in ("codes", "second"):
        _check_codes(value)
    elif name == "neighbours":
        _check_files(value)
    elif name == "theme":
        check_name("theme", value, load_themes())
    elif name == "window" and value < 0:
        raise SettingError(f"'window' is {value}, and must be 0 or more words.")


def _check_codes(codes: Sequence[Any]) -> None:
    for code in codes:
        check_name("code", code, load_codebook().codes)


def _check_files(files: Sequence[Any]) -> None:
    for file in map(str, files):
        if Path(file).is_absolute() or not Path(file).is_file():
            raise SettingError(f"There is no file {file!r}; name it as seen from where you are.")
