"""A class made by script: what students answered, collected and coded, as they hand it in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.answers import Question
from helpers.codebook import load_codebook
from helpers.corpus import Corpus
from helpers.formats import encode_line, encode_record
from helpers.judging import expected_answer
from helpers.loading import course_corpus
from helpers.questions import load_questions
from helpers.records import Record

__all__ = ["answer", "code", "collect", "hand_in", "make_class"]

ESSAY = "Both passages speak of one right, but under different conditions; that is my argument."
Deed = tuple[str, tuple[str, ...], Any]


def answer(question: str, value: Any, *, wording: str = "", right: bool = True) -> Deed:
    """An answer; to the wording of today if none is named."""
    wording = wording or load_questions()[question].wording
    return "answer", (question,), {"answer": value, "wording": wording, "right": right}


def collect(passage_id: str, note: str = "") -> Deed:
    """A passage collected."""
    return "passage", (passage_id,), {"kept": True, "note": note}


def code(passage_id: str, given: dict[str, bool], *, turn: int = 1, by: str = "") -> Deed:
    """Codes given and not given to a passage."""
    key = (passage_id, str(turn), *filter(None, [by]))
    return "code", key, {"codes": given, "note": ""}


def hand_in(coder: str, deeds: list[Deed], *, owner: str = "") -> bytes:
    """The file that `export_work` writes; records of another `owner` have ids of their own."""
    name = owner or coder.casefold()
    records = [
        Record(f"{name}-{n}", n, f"2026-03-01T10:{n % 60:02}:00Z", coder, *deed)
        for n, deed in enumerate(deeds, 1)
    ]
    head = encode_line({"kind": "export", "coder": coder, "records": len(records)})
    return head + b"".join(map(encode_record, records))


def make_class(folder: Path, corpus: Corpus, *, students: int = 30, seed: int = 2003) -> None:
    """One file for each student, the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    for number in range(students):
        coder = f"wren-{1000 + number}"
        deeds = list(_work(chance, corpus))
        (folder / f"work-{coder}.jsonl").write_bytes(hand_in(coder, deeds))


def _work(chance: random.Random, corpus: Corpus) -> Iterator[Deed]:
    skill = chance.uniform(0.5, 0.95)
    for question in load_questions().values():
        if chance.random() < 0.9:
            asked = course_corpus(question.corpus) if question.corpus else corpus
            yield answer(question.id, _answer(question, chance, asked, skill))
    for passage in chance.sample(corpus.passages, 8):
        yield collect(passage.id, "For my argument." if chance.random() < 0.5 else "")
    codebook = load_codebook()
    for turn in (1, 2):
        for passage_id in codebook.practice:
            true = random.Random(passage_id)  # what a careful reader would say
            given = {
                name: (true.random() < 0.3) == (chance.random() < 0.75 + 0.1 * turn)
                for name in codebook.codes
            }
            yield code(passage_id, given, turn=turn)


def _answer(question: Question, chance: random.Random, corpus: Corpus, skill: float) -> Any:
    right = chance.random() < skill
    expected = expected_answer(question, corpus)
    match question.kind:
        case "text":
            given: Any = {"text": ESSAY, "points": []}
        case "cite":
            cited = expected["passages"] if right else [chance.choice(corpus.passages).id]
            given = {"passages": cited, "text": ESSAY}
        case "choose" if not right:
            given = [chance.choice(question.options).text]
        case "order" if not right:
            given = chance.sample(expected, len(expected))
        case "number" if not right:
            given = expected + chance.choice([-1, 1, 7])
        case "person" if not right:
            given = chance.choice(["Igor Ivanov", "Sergei Ivanov", "Colin Powell"])
        case _:
            given = expected
    return given
