"""A class's work as one page to read, on screen and on paper, and the tables beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from helpers.class_tables import build_class_tables, fill_blank, measure_class, summarize
from helpers.collecting import tame
from helpers.corpus import Corpus
from helpers.counted import CountTable
from helpers.errors import WorkError
from helpers.questions import LESSONS
from helpers.rendering import STYLE, describe_place
from helpers.sheets import mark_up
from helpers.tallies import ClassWork, Split, Tally, find_splits, tally_questions

__all__ = ["render_report", "write_class"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
OWN = (
    "main{max-width:66rem;padding-block:1rem}main p,main blockquote,main>div>ul{max-width:50rem}"
    "caption{text-align:left;font-weight:600;padding-block:.4rem}th[scope=row]{font-weight:normal}"
    "th[scope=row],td:last-child:not(:has(ul)){white-space:nowrap}td,th,li{unicode-bidi:isolate}"
    ".tt-asked td:nth-child(2),.tt-asked td:last-child{min-width:13rem}"
    "td ul{margin:0;padding-left:1.1rem}.wide{margin-block:.8rem 1.4rem}"
    "@media print{table{font-size:.8rem}.tt[class] td:nth-child(n){min-width:0}"
    ".tt[class] :is(th,td){padding-right:.4rem}}"
)
MOST_WRONG, MOST_SPLIT = 3, 10
LEGEND = (
    "Right and wrong are rated anew; given is a text of one's own, or an answer in a form that no "
    "card saves; older is an answer to another wording of the question."
)
RATED = {True: "right", False: "wrong", None: "given"}


def write_class(work: ClassWork, folder: Path) -> list[Path]:
    """Write the tables and the page into a folder, the page last; WorkError if that fails."""
    files = {**build_class_tables(work), "report.html": render_report(work)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise WorkError(
            f"The report could not be written to {tame(str(folder))} ({error.strerror}); name "
            "another folder with --out."
        ) from None
    return [folder / name for name in files]


def render_report(work: ClassWork) -> str:
    """One page that needs no script, no network and no other file."""
    css = Path(__file__).with_name("handout").joinpath("page.css").read_text(encoding="utf-8")
    style = STYLE.removeprefix("<style>").removesuffix("</style>") + css
    sections = (
        ("Who did what", _render_students(work)),
        ("Questions", _render_questions(work)),
        ("How far coders agree", _render_agreement(work)),
        ("The passages that most divide the class", _render_splits(work)),
        ("What could not be read or told apart", _render_problems(work)),
    )
    contents = body = ""
    for number, (title, html) in enumerate(sections):
        contents += f'<li><a href="#part-{number}">{title}</a></li>'
        body += f'<section id="part-{number}"><h2>{title}</h2>{html}</section>'
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>The work of a class · Two Tracks</title><style>{style}{OWN}</style></head>"
        '<body><main><div class="tt"><h1>The work of a class</h1>'
        f"<p>{escape(_overview(work))}</p>"
        f'<nav aria-label="On this page"><ol class="contents">{contents}</ol></nav>{body}'
        "</div></main></body></html>\n"
    )


def _overview(work: ClassWork) -> str:
    rated = [given.right for given in work.answers if given.right is not None]
    collected = sum(len(student.work.evidence()) for student in work.students)
    return (
        f"{_count(len(work.students), 'student')}. {_count(len(work.answers), 'answer')}: "
        f"{len(rated):,} rated anew with the questions of this version, {sum(rated):,} of them "
        f"right; texts of one's own, and answers to another wording, are not rated. "
        f"{_count(collected, 'passage')} collected, {_count(len(work.codings), 'code')} decided. "
        f"{_count(len(work.problems), 'remark')} on files at the end."
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class _Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def _table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]], *, kind: str = "tt-table"
) -> str:
    """A table with a caption and a head for each column and row; it scrolls by keyboard too."""
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "".join(f"<tr>{_row(*row)}</tr>" for row in rows)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _row(name: str, *cells: Any) -> str:
    texts = (cell if isinstance(cell, _Html) else escape(str(cell)) for cell in cells)
    return f'<th scope="row">{escape(name)}</th>' + "".join(f"<td>{text}</td>" for text in texts)


def _render_students(work: ClassWork) -> str:
    rows = [(*row[:-1], row[-1][:16].replace("T", " ")) for row in summarize(work)]
    head = ("student", "files", "answered", "rated", "right", "passages collected")
    caption = "Each student's work; the time is that of the student's machine (UTC)"
    return _table(caption, (*head, "passages coded", "last saved"), rows)


def _render_questions(work: ClassWork) -> str:
    lessons: dict[str, list[Tally]] = {}
    for tally in tally_questions(work):
        lessons.setdefault(tally.question.id.rpartition("-")[0], []).append(tally)
    legend = LEGEND if lessons else "Nobody answered a question that is asked here."
    html = f"<p>{legend}</p>" + "".join(map(_render_lesson, lessons, lessons.values()))
    if strange := {given.question for given in work.answers if given.wording == "unknown"}:
        html += f"<p>Answered, but not asked here: {escape(tame(', '.join(sorted(strange))))}.</p>"
    return html


def _render_lesson(name: str, tallies: Sequence[Tally]) -> str:
    number = next((f"{number} " for number, word in LESSONS.items() if word == name), "")
    lesson = f"Lesson {number}{name}"
    questions = [
        (t.question.id, _Html(mark_up(t.question.prompt)), len(t.answers), t.rated, *_rate(t))
        for t in tallies
    ]
    said: dict[str, dict[str, str]] = {}
    for given in (given for tally in tallies for given in tally.answers):
        word = "older" if given.wording == "older" else RATED[given.right]
        said.setdefault(given.student, {})[given.question] = word
    ids = [tally.question.id for tally in tallies]
    grid = [(student, *(own.get(key, "") for key in ids)) for student, own in said.items()]
    head = ("question", "asked", "answered", "rated", "right", "most frequent wrong answers")
    return (
        f"<h3>{escape(lesson)}</h3>"
        + _table(f"{lesson}: the questions", head, questions, kind="tt-asked")
        + _table(f"{lesson}: who answered what", ("student", *ids), grid)
    )


def _rate(tally: Tally) -> tuple[str, _Html]:
    """The share of right answers; the wrong ones most often given, and how many others."""
    share = f"{tally.right} ({tally.right / tally.rated:.0%})" if tally.rated else "not rated"
    shown = [f"<li>{count} × {escape(text)}</li>" for text, count in tally.wrong[:MOST_WRONG]]
    if rest := sum(count for _, count in tally.wrong[MOST_WRONG:]):
        shown.append(f"<li>{rest} × something else</li>")
    return share, _Html(f"<ul>{''.join(shown)}</ul>" if shown else "")


def _render_agreement(work: ClassWork) -> str:
    rounds = [_render_round(turn, measure_class(work, turn)) for turn in work.rounds]
    return "".join(rounds) or "<p>No two students coded, so there is nothing to compare.</p>"


def _render_round(turn: int, table: CountTable) -> str:
    rows = [(code, *map(_show, row)) for code, *row in table.itertuples()]
    caption = f"Round {turn}: {table.attrs['extent']}"
    head = ("code", *(str(column).replace("_", " ") for column in table.columns))
    about = f"<p>{escape(table.attrs['conditions'])}</p>{_list(table.attrs['notes'])}"
    return f"<h3>Round {turn}</h3>{_table(caption, head, rows)}{about}"


def _show(value: Any) -> str:
    """A measure with two places; a dash where it has no value."""
    value = fill_blank(value)
    return f"{value:.2f}" if isinstance(value, float) else str(value) or "–"


def _list(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</ul>"


def _render_splits(work: ClassWork) -> str:
    found = find_splits(work, work.rounds[-1]) if work.rounds else []
    if not found:
        return "<p>There is no passage on which coders differ.</p>"
    shown = "".join(_render_split(splits, work.corpus) for splits in found[:MOST_SPLIT])
    return (
        f"<p>{min(len(found), MOST_SPLIT)} of {_count(len(found), 'passage')} on which coders "
        f"differ in round {work.rounds[-1]}. Those on which most pairs of coders differ, over all "
        f"codes, come first.</p>{shown}"
    )


def _render_split(splits: Sequence[Split], corpus: Corpus) -> str:
    passage = corpus.passage(splits[0].passage_id)
    caption = f"Codes of {passage.id} on which coders differ"
    rows = [(s.code, f"{s.given} of {s.coders}", s.pairs) for s in splits]
    return (
        f"<article><h3>{escape(passage.id)}</h3><p>{escape(describe_place(corpus, passage))}</p>"
        f"<blockquote>{escape(passage.text)}</blockquote>"
        + _table(caption, ("code", "given by", "pairs that differ"), rows)
        + f"<p>{escape(corpus.cite(passage))}</p></article>"
    )


def _render_problems(work: ClassWork) -> str:
    if not work.problems:
        return "<p>Every file was read, and nothing is in doubt.</p>"
    return _list(problem.sentence for problem in work.problems)
