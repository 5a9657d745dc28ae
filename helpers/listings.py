"""What a store is asked, and answers with: some passages of how many."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple, TypedDict
from urllib.parse import quote

from helpers.corpus import Passage
from helpers.errors import SettingError
from helpers.search import Names, Years

if TYPE_CHECKING:
    from helpers.rendering import Shown

__all__ = ["Limits", "Listing", "check_page", "list_names", "make_uri", "say_asked", "say_page"]

Marks = list[tuple[int, int, str]]


class Limits(TypedDict, total=False):
    """Which passages count: of one document or several (ids), of the years from first to last."""

    document: Names
    years: Years


class Listing(NamedTuple):
    """Some of the passages found, in reading order, with the marks and the citation of each.

    `total` is how many were found in all; a notebook shows the passages under the `title`.
    """

    passages: tuple[Passage, ...]
    marks: tuple[Marks, ...]
    citations: tuple[str, ...]
    title: str
    total: int

    def __repr__(self) -> str:
        return self._show().text

    def _repr_html_(self) -> str:
        return self._show().html

    def _show(self) -> Shown:
        from helpers.rendering import Shown, mark_spans

        lines, html = [self.title], [f"<p><strong>{escape(self.title)}</strong></p>"]
        for passage, marks, citation in zip(*self[:3], strict=True):
            lines.append(f"[{passage.id}] {passage.text}\n    {citation}")
            text = mark_spans(passage.text, (mark[:2] for mark in marks))
            html.append(f"<blockquote>{text}</blockquote><p>{escape(citation)}</p>")
        return Shown("\n\n".join(lines), "".join(html))


def list_names(limits: Limits) -> list[str]:
    """The documents asked for; none of them means any."""
    names = limits.get("document") or ()
    return [names] if isinstance(names, str) else list(names)


def say_asked(query: str, limits: Limits) -> str:
    """What was asked, in one line, as a `Selection` says it."""
    first, last = limits.get("years") or (None, None)
    said = {
        f"query {query.strip()}": query.strip(),
        f"document {', '.join(list_names(limits))}": list_names(limits),
        f"years {first or '…'}–{last or '…'}": first or last,
    }
    return " · ".join(part for part, asked in said.items() if asked) or "all passages"


def say_page(what: str, shown: Sequence[object], offset: int, total: int) -> str:
    """Which of how many.

    Examples
    --------
    >>> say_page("lines", "abc", 100, 2345)
    '101–103 of 2,345 lines'
    >>> say_page("lines", "", 100, 12)
    '12 lines; none from 101 on'
    """
    if 0 < total <= offset:
        return f"{total:,} {what}; none from {offset + 1:,} on"
    first = f"{offset + 1:,}–{offset + len(shown):,} of " if shown else ""
    return f"{first}{total:,} {what}"


def make_uri(path: PurePath) -> str:
    """A path as SQLite takes it: a share (//server/…) has no host of its own in front."""
    posix = path.as_posix()
    return f"file://{'' if posix.startswith('/') else '/'}{quote(posix, safe='/:')}"


def check_page(limit: int, offset: int) -> None:
    """SettingError if there can be no such page."""
    if limit < 1 or offset < 0:
        raise SettingError(
            f"A page of {limit} after {offset} is impossible; take 1 or more, after 0."
        )
