"""The dictionary to look at: a theme, its passage with the most hits, its words in context."""

from __future__ import annotations

from collections import Counter
from html import escape

from helpers.corpus import Corpus
from helpers.kwic import concordance_of
from helpers.rendering import Shown, render_passage
from helpers.search import find_passages
from helpers.showing import show_lines
from helpers.themes import load_themes

__all__ = ["show_example", "show_marks", "show_theme"]

FEW = 30  # so many phrases are read at a glance; more are folded away


def show_theme(theme: str, *, corpus: Corpus | None = None) -> Shown:
    """A theme as the dictionary has it: definition, phrases, weaknesses; and where it is found.

    Parameters
    ----------
    theme : str
        The theme's id.
    corpus : Corpus, optional
        Where to look for it; the course's own if left out.

    Raises
    ------
    UnknownNameError
        If there is no such theme; the sentence names the nearest first.

    Examples
    --------
    >>> print(show_theme("israel").text.splitlines()[0])
    Israel (israel), a place
    """
    found = find_passages(theme=theme, corpus=corpus)
    entry, count = load_themes()[theme], len(load_themes()[theme].phrases)
    article = "an" if entry.kind[0] in "aeiou" else "a"
    head = f"{entry.title} ({entry.id}), {article} {entry.kind}"
    phrases = " · ".join(entry.phrases)
    places = Counter(passage.doc_id for passage in found)
    facts = {
        "Definition": entry.definition,
        f"Phrases ({count})": phrases,
        "Not counted inside": " · ".join(entry.exclude) or "no exclusions",
        "Known weaknesses": entry.note,
        "Found in": found.title + "".join(f" · {name} {n}" for name, n in places.items()),
    }
    lines = {
        name: f"<p><strong>{name}:</strong> {escape(text)}</p>" for name, text in facts.items()
    }
    if count > FEW:
        lines[f"Phrases ({count})"] = (
            f"<details><summary>{count} phrases</summary><p>{escape(phrases)}</p></details>"
        )
    text = "\n".join([head, *(f"{name}: {words}" for name, words in facts.items())])
    return Shown(text, f"<p><strong>{escape(head)}</strong></p>{''.join(lines.values())}")


def show_example(theme: str, *, corpus: Corpus | None = None) -> Shown:
    """The passage with the most hits of a theme, the first of several, with its hits marked.

    Parameters
    ----------
    theme, corpus
        As for `show_theme`.

    Raises
    ------
    UnknownNameError
        If there is no such theme.
    """
    found = find_passages(theme=theme, corpus=corpus)
    if not found.passages:
        return _say_nothing(theme)
    passage = max(found.passages, key=lambda passage: len(found.hits(passage)))
    most = f"{passage.id} has the most hits: {len(found.hits(passage))}"
    head = f"{most} — {found.title} · {found.conditions}"
    text = f"{head}\n\n[{passage.id}] {passage.text}\n    {found.corpus.cite(passage)}"
    return Shown(text, f"<p><strong>{escape(head)}</strong></p>{render_passage(found, passage)}")


def show_marks(
    theme: str,
    *,
    window: int = 8,
    sort: str = "corpus",
    size: int = 25,
    corpus: Corpus | None = None,
) -> Shown:
    """The words that mark passages with a theme, each in its context: a theme's concordance.

    Parameters
    ----------
    theme, corpus
        As for `show_theme`.
    window, sort, size
        As for `show_concordance`.

    Raises
    ------
    UnknownNameError, SettingError
        If there is no such theme or order; for a negative window or a size below 1.
    """
    found = find_passages(theme=theme, corpus=corpus)
    table = concordance_of(found, window=window, sort=sort)
    return show_lines(table, corpus=found.corpus, size=size)


def _say_nothing(theme: str) -> Shown:
    sentence = f"No passage here has the theme {theme}; take more documents or years."
    return Shown(sentence, f"<p>{escape(sentence)}</p>")
