"""Read the course's texts, search them, count in them, and see where every word comes from.

What a lesson needs can be had from here: ``from helpers import load_corpus``. A module is
loaded when one of its names is first asked for, so that ``import helpers`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "Claim",
    "CodingPanel",
    "ConcordanceExplorer",
    "Corpus",
    "Document",
    "Passage",
    "PassageExplorer",
    "QuestionCard",
    "Selection",
    "build_store",
    "check_corpus",
    "compare_rounds",
    "concordance",
    "count_choices",
    "count_collocates",
    "count_edits",
    "count_hits",
    "count_keyness",
    "count_mentions",
    "count_passages",
    "count_speakers",
    "count_themes",
    "draw_bars",
    "draw_choices",
    "draw_confusion",
    "draw_dispersion",
    "draw_grid",
    "draw_keyness",
    "draw_speakers",
    "draw_timeline",
    "explain_mention",
    "explain_passage",
    "explain_quotation",
    "explain_theme",
    "export_work",
    "find_mentions",
    "find_passages",
    "find_quotations",
    "keep_documents",
    "load_codebook",
    "load_codes",
    "load_corpus",
    "load_people",
    "load_questions",
    "load_store",
    "load_themes",
    "load_work",
    "measure_agreement",
    "measure_dispersion",
    "measure_themes",
    "my_codes",
    "my_evidence",
    "open_workbook",
    "show_card",
    "show_concordance",
    "show_counted",
    "show_disagreements",
    "show_documents",
    "show_example",
    "show_marks",
    "show_misses",
    "show_passage",
    "show_passages",
    "show_proposals",
    "show_quotations",
    "show_source",
    "show_theme",
    "stream_folder",
    "team_codes",
    "undo_last",
]

__version__ = "0.1.0"

_NAMES = {
    "agreement": ("measure_agreement",),
    "basket": ("my_evidence",),
    "building": ("build_store",),
    "cards": ("QuestionCard",),
    "corpus": ("Corpus", "Document", "Passage"),
    "charts": ("draw_bars", "draw_dispersion", "draw_keyness", "draw_speakers"),
    "choice_charts": ("draw_choices",),
    "choices": ("Claim", "count_choices"),
    "codebook": ("load_codebook",),
    "coding": ("load_codes", "my_codes", "team_codes"),
    "counts": (
        "count_edits",
        "count_hits",
        "count_mentions",
        "count_passages",
        "count_speakers",
        "count_themes",
    ),
    "disagreements": ("compare_rounds", "draw_confusion", "show_disagreements"),
    "evidence": ("explain_passage", "show_card", "show_source"),
    "figures": ("draw_grid", "draw_timeline"),
    "handing": ("export_work", "load_work", "undo_last"),
    "keyness": ("count_collocates", "count_keyness", "measure_dispersion"),
    "kwic": ("concordance",),
    "loading": ("load_corpus",),
    "panels": ("CodingPanel",),
    "people": ("explain_mention", "find_mentions", "load_people"),
    "questions": ("load_questions",),
    "readiness": ("check_corpus", "show_proposals"),
    "search": ("Selection", "find_passages", "keep_documents"),
    "showing": (
        "show_concordance",
        "show_counted",
        "show_documents",
        "show_example",
        "show_marks",
        "show_passage",
        "show_passages",
        "show_quotations",
        "show_theme",
    ),
    "speech": ("explain_quotation", "find_quotations"),
    "store": ("load_store",),
    "streaming": ("stream_folder",),
    "themes": ("explain_theme", "load_themes"),
    "validation": ("measure_themes", "show_misses"),
    "widgets": ("ConcordanceExplorer", "PassageExplorer"),
    "workbook": ("open_workbook",),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"helpers.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
