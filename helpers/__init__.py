"""Read the course's texts, search them, count in them, and see where every word comes from.

What a lesson needs can be had from here: ``from helpers import load_corpus``. A module is
loaded when one of its names is first asked for, so that ``import helpers`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "ConcordanceExplorer",
    "Corpus",
    "Document",
    "Passage",
    "PassageExplorer",
    "Selection",
    "concordance",
    "count_collocates",
    "count_edits",
    "count_hits",
    "count_keyness",
    "count_passages",
    "count_speakers",
    "count_themes",
    "draw_bars",
    "draw_dispersion",
    "draw_grid",
    "draw_keyness",
    "draw_speakers",
    "draw_timeline",
    "explain_mention",
    "explain_passage",
    "explain_quotation",
    "explain_theme",
    "find_mentions",
    "find_passages",
    "find_quotations",
    "keep_documents",
    "load_corpus",
    "load_people",
    "load_themes",
    "measure_dispersion",
    "measure_themes",
    "show_card",
    "show_concordance",
    "show_counted",
    "show_documents",
    "show_example",
    "show_marks",
    "show_misses",
    "show_passage",
    "show_passages",
    "show_quotations",
    "show_source",
    "show_theme",
]

__version__ = "0.1.0"

_NAMES = {
    "corpus": ("Corpus", "Document", "Passage"),
    "charts": ("draw_bars", "draw_dispersion", "draw_keyness", "draw_speakers"),
    "counts": (
        "count_edits",
        "count_hits",
        "count_passages",
        "count_speakers",
        "count_themes",
    ),
    "dictionary": ("show_example", "show_marks", "show_theme"),
    "evidence": ("explain_passage", "show_card", "show_source"),
    "figures": ("draw_grid", "draw_timeline"),
    "keyness": ("count_collocates", "count_keyness", "measure_dispersion"),
    "kwic": ("concordance",),
    "loading": ("load_corpus",),
    "people": ("explain_mention", "find_mentions", "load_people"),
    "search": ("Selection", "find_passages", "keep_documents"),
    "showing": (
        "show_concordance",
        "show_counted",
        "show_documents",
        "show_passage",
        "show_passages",
        "show_quotations",
    ),
    "speech": ("explain_quotation", "find_quotations"),
    "themes": ("explain_theme", "load_themes"),
    "validation": ("measure_themes", "show_misses"),
    "widgets": ("ConcordanceExplorer", "PassageExplorer"),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"helpers.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
