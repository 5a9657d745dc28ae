"""The ways a request can fail, and how we say so.

::

    TwoTracksError            one sentence that says what to do
    ├── SourceError           a raw file is missing, empty, changed or not UTF-8
    ├── DataError             a curated file (catalog, people, themes, …) says something it cannot
    ├── QueryError            a query cannot be read            (also a ValueError)
    ├── UnknownNameError      no theme, document, … of that name (also a LookupError)
    ├── SettingError          a setting makes no sense           (also a ValueError)
    └── WorkError             a student's work could not be saved or read
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "DataError",
    "QueryError",
    "SettingError",
    "SourceError",
    "TwoTracksError",
    "UnknownNameError",
    "WorkError",
    "check_name",
    "nearest_names",
]


class TwoTracksError(Exception):
    """Something the reader can put right; its text is one plain sentence.

    In a notebook it shows as that sentence alone, without a traceback.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class SourceError(TwoTracksError):
    """A raw file is missing, empty, changed or not UTF-8."""


class DataError(TwoTracksError):
    """A curated file says something that cannot be."""


class QueryError(TwoTracksError, ValueError):
    """A query cannot be read."""


class UnknownNameError(TwoTracksError, LookupError):
    """Something of that name does not exist."""


class SettingError(TwoTracksError, ValueError):
    """A setting makes no sense."""


class WorkError(TwoTracksError):
    """A student's work could not be saved or read."""


def nearest_names(asked: str, known: Iterable[str]) -> list[str]:
    """Known names in order of likeness to `asked`, the nearest first.

    Examples
    --------
    >>> nearest_names("preemtion", ["iran", "preemption"])
    ['preemption', 'iran']
    """
    from difflib import SequenceMatcher  # slow to import, and needed for mistakes only

    def unlikeness(name: str) -> float:
        return -SequenceMatcher(None, asked.casefold(), name.casefold()).ratio()

    return sorted(known, key=lambda name: (unlikeness(name), name))


def check_name(kind: str, asked: str, known: Iterable[str]) -> str:
    """Return `asked` if it is one of `known`; else say what exists.

    Parameters
    ----------
    kind : str
        What is named, in the singular: ``"theme"``, ``"document"``.
    asked : str
        The name asked for.
    known : iterable of str
        The names that exist.

    Raises
    ------
    UnknownNameError
        If there is no such name; the sentence names the nearest first.

    Examples
    --------
    >>> check_name("theme", "iran", ["iran", "iraq"])
    'iran'
    >>> check_name("theme", "irn", ["iran", "preemption"])
    Traceback (most recent call last):
    helpers.errors.UnknownNameError: There is no theme 'irn'. Did you mean 'iran'? \
Themes: iran, preemption.
    """
    names = list(known)
    if asked in names:
        return asked
    if not names:
        raise UnknownNameError(f"There is no {kind} {asked!r}, and none at all in this corpus.")
    shown = nearest_names(str(asked), names)
    more = f" … ({len(shown)} in all)" if len(shown) > 20 else "."
    plural = "people" if kind == "person" else f"{kind}s"
    raise UnknownNameError(
        f"There is no {kind} {asked!r}. Did you mean {shown[0]!r}? "
        f"{plural.capitalize()}: {', '.join(shown[:20])}{more}"
    )
