"""The codebook: what each code means, when to give it and when not, with passages that show it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from helpers.corpus import Corpus
from helpers.errors import DataError, TwoTracksError, check_name
from helpers.loading import course_corpus
from helpers.rendering import STYLE
from helpers.sources import check_table, load_toml
from helpers.themes import load_themes

__all__ = ["Code", "Codebook", "Example", "load_codebook"]

WORDS = ("id", "key", "name", "definition", "use_when", "not_when")
EXAMPLES = ("example", "counter_example")
ID, KEY = re.compile(r"[a-z][a-z0-9_]*"), re.compile(r"[1-9]")


@dataclass(frozen=True, slots=True)
class Example:
    """A passage that shows when a code applies, or when not, and why."""

    passage_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it means, when to give it and when not, and the digit that gives it.

    A code made of a theme has a definition alone.
    """

    id: str
    key: str
    name: str
    definition: str
    use_when: str = ""
    not_when: str = ""
    example: Example | None = None
    counter_example: Example | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Codebook:
    """Codes by id, the question they are to answer, and passages to practise on."""

    title: str
    question: str
    codes: Mapping[str, Code]
    practice: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n\n".join(
            [f"{self.title}: {len(self.codes)} code{'s'[: len(self.codes) != 1]}. {self.question}"]
            + ["\n   ".join(_explain(code)) for code in self.codes.values()]
        )

    def _repr_html_(self) -> str:
        head = f"<p><strong>{escape(self.title)}</strong> · {escape(self.question)}</p>"
        return f'<div class="tt">{STYLE}{head}{self.to_html()}</div>'

    def to_html(self, codes: Container[str] = ()) -> str:
        """The codes, or some of them, with definitions and examples, as HTML."""
        return "".join(
            f"<p><strong>{escape(name)}</strong><br>{'<br>'.join(map(escape, lines))}</p>"
            for code in self.codes.values()
            if not codes or code.id in codes
            for name, *lines in [_explain(code)]
        )


def _explain(code: Code) -> list[str]:
    said = [f"{code.key} {code.name} ({code.id})", code.definition]
    if code.example and code.counter_example:
        said += [
            f"Give it: {code.use_when}",
            f"Do not: {code.not_when}",
            f"For instance {code.example.passage_id}: {code.example.reason}",
            f"But not {code.counter_example.passage_id}: {code.counter_example.reason}",
        ]
    return said


def load_codebook(
    path: str | Path | None = None, *, theme: str = "", corpus: Corpus | None = None
) -> Codebook:
    """A codebook, held to its rules.

    Parameters
    ----------
    path : str or Path, optional
        A TOML file of your own, with the keys of ``data/codebook.toml``. If left out, the
        ``codebook.toml`` that lies with texts of your own; else that of the course.
    theme : str, optional
        A theme to make it of instead: one code, given by its definition alone.
    corpus : Corpus, optional
        Where the passages of your own stand; the course's own if left out.

    Raises
    ------
    DataError
        If it cannot be read, lacks something, has a code or key twice, or names a passage
        that is not there.
    UnknownNameError
        If there is no such theme.

    Examples
    --------
    >>> load_codebook().codes["claims_right"].key
    '1'
    """
    if theme:
        themes = load_themes(corpus=corpus)
        entry = themes[check_name("theme", theme, themes)]
        code = Code(theme, "1", entry.title, entry.definition)
        return Codebook(entry.title, "Does the passage have this theme?", {theme: code}, ())
    where, own = "data/codebook.toml", corpus.home.codebook if corpus and corpus.home else None
    if path is not None:
        where, table = Path(path).name, _read_toml(Path(path))
    elif corpus and corpus.home and own:
        where, table = f"{corpus.home.folder}/codebook.toml", dict(own)
    else:
        corpus, table = course_corpus(), load_toml("codebook.toml")
    texts = {"title": str, "question": str}
    check_table(table, where, required=texts | {"code": list}, optional={"practice": list})
    ids = {passage.id for passage in (corpus or course_corpus()).whole.passages}
    codes = [
        _read_code(entry, f"{where}, code {number}", ids)
        for number, entry in enumerate(table["code"], 1)
    ]
    practice = [
        _check_passage(name, f"{where}, practice", ids) for name in table.get("practice", [])
    ]
    for kind, given in (
        ("id", [code.id for code in codes]),
        ("key", [code.key for code in codes]),
        ("passage in practice", practice),
    ):
        if twice := [name for name in given if given.count(name) > 1]:
            raise DataError(f"{where}: the {kind} {twice[0]!r} stands twice; keep one.")
    by_id = {code.id: code for code in codes}
    return Codebook(table["title"], table["question"], by_id, tuple(practice))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise DataError(f"{path.name} cannot be opened; is it in this folder?") from None
    except ValueError as error:  # of TOML, or of UTF-8
        raise DataError(f"{path.name} cannot be read: {error}.") from None


def _read_code(entry: Any, where: str, ids: Iterable[str]) -> Code:
    if not isinstance(entry, dict):
        raise DataError(f"{where} must begin with [[code]].")
    check_table(
        entry, where, required={**dict.fromkeys(WORDS, str), **dict.fromkeys(EXAMPLES, dict)}
    )
    for key, form in (("id", ID), ("key", KEY)):
        if not form.fullmatch(entry[key]):
            what = "small letters, digits and _" if key == "id" else "one digit from 1 to 9"
            raise DataError(f"{where}: {key!r} must be {what}, not {entry[key]!r}.")
    if blank := [key for key in WORDS if not entry[key].strip()]:
        raise DataError(f"{where}: {blank[0]!r} says nothing.")
    shown = [_read_example(entry[kind], f"{where}, {kind}", ids) for kind in EXAMPLES]
    return Code(*(entry[key] for key in WORDS), *shown)


def _read_example(entry: dict[str, Any], where: str, ids: Iterable[str]) -> Example:
    check_table(entry, where, required={"passage": str, "reason": str})
    return Example(_check_passage(entry["passage"], where, ids), entry["reason"])


def _check_passage(name: Any, where: str, ids: Iterable[str]) -> str:
    try:
        return check_name("passage", name, ids)
    except TwoTracksError as error:
        raise DataError(f"{where}: {error}") from None
