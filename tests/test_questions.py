"""The questions of the lessons: read from their files, and refused where they cannot be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from helpers.corpus import Corpus
from helpers.errors import DataError
from helpers.loading import course_corpus
from helpers.questions import (
    KEYS,
    KINDS,
    check_questions,
    is_instructor,
    load_questions,
    read_questions,
)
from helpers.sources import find_folder
from helpers.words import fold_words
from tests.toys import toy_questions

FILES = sorted(path.stem for path in (find_folder("data") / "questions").glob("*.toml"))
by_file = pytest.mark.parametrize("name", FILES)


@by_file
def test_a_lesson_asks_in_several_ways(name: str) -> None:
    """Three to five questions of at least three kinds and two levels, an argument last."""
    questions = list(read_questions(name).values())
    assert 3 <= len(questions) <= 5
    assert len({question.kind for question in questions}) >= 3
    assert len({question.level for question in questions}) >= 2
    assert (questions[-1].kind, questions[-1].argument) == ("cite", True)


@by_file
def test_a_question_quotes_no_passage(name: str, corpus: Corpus) -> None:
    """Prompts, hints, feedback and models never repeat eight words in a row from a passage."""
    passages = [*corpus.passages, *course_corpus("example").passages]
    runs_of_eight = {
        tuple(words[i : i + 8])
        for words in (fold_words(passage.text) for passage in passages)
        for i in range(len(words) - 7)
    }
    for question in read_questions(name).values():
        said = [question.prompt, question.model, *question.hints, *question.points]
        said += [word for option in question.options for word in (option.text, option.why)]
        said += [mistake.why for mistake in question.mistakes]
        said += [word for side in question.sides for word in (side.name, side.reason)]
        for words in map(fold_words, said):
            found = [tuple(words[i : i + 8]) for i in range(len(words) - 7)]
            assert [" ".join(run) for run in found if run in runs_of_eight] == []


def test_all_questions_are_loaded_by_id() -> None:
    """The questions of all files stand in one table, each under its own id."""
    questions = load_questions()
    assert list(questions) == [key for name in FILES for key in read_questions(name)]
    assert all(key == question.id for key, question in questions.items())


def test_every_kind_is_asked_somewhere() -> None:
    """The course asks in all six ways."""
    kinds = Counter(question.kind for question in load_questions().values())
    assert set(kinds) <= {"choose", "number", "person", "cite", "order", "text"}
    assert kinds["cite"] >= len(FILES)


def test_the_wording_changes_with_what_is_asked() -> None:
    """Another prompt or option is another question; another hint or feedback is not."""
    question = read_questions("03")["preemption-1"]
    assert len(question.wording) == 12
    assert replace(question, prompt="?").wording != question.wording
    assert replace(question, options=question.options[1:]).wording != question.wording
    assert replace(question, hints=("!",), model=".").wording == question.wording


def test_the_edition_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the instructor's edition shows model answers."""
    monkeypatch.delenv("TWO_TRACKS_EDITION", raising=False)
    assert not is_instructor()
    monkeypatch.setenv("TWO_TRACKS_EDITION", "instructor")
    assert is_instructor()


def changed(number: int, **fields: Any) -> list[dict[str, Any]]:
    """The toy questions with fields of one changed; None takes a field away."""
    tables = toy_questions()
    tables[number - 1] |= fields
    tables[number - 1] = {k: v for k, v in tables[number - 1].items() if v is not None}
    return tables


NUMBER = {"id": "toy-1", "kind": "number", "several": None, "option": None, "count": "hits"}
PERSON = {"id": "toy-1", "kind": "person", "several": None, "option": None}
OPTION = {"text": "four", "why": "it is not"}
SIDE = {"name": "x", "passages": ["azizian-2003#p21"]}
MEANT = {"passage": "azizian-2003#p33", "name": "Ivanov"}


@pytest.mark.parametrize(
    ("number", "fields", "sentence"),
    [
        (1, {"id": "toy-7"}, "question 'toy-7': its id must be 'toy-1', by its place"),
        (1, {"kind": "guess"}, "question 'toy-1': kind is 'guess'; it must be one of choose, nu"),
        (1, {"level": "hard"}, "question 'toy-1': level is 'hard'"),
        (1, {"promt": "?"}, "question 'toy-1': 'promt' is not known here"),
        (1, {"model": None}, "question 'toy-1': 'model' is missing"),
        (1, {"prompt": ""}, "'prompt' must hold text"),
        (1, {"hints": []}, "has 0 hints; give one to three"),
        (1, {"hints": [1]}, "'hints' must hold text in quotation marks"),
        (1, {"several": "yes"}, "'several' must be true or false"),
        (1, {"passages": ["azizian-2003#p41"]}, "question 'toy-1': There is no passage 'azizian"),
        (1, {"option": [OPTION, OPTION, OPTION]}, "three to six different options"),
        (1, {"option": [{**OPTION, "text": t} for t in "abc"]}, "no option is right"),
        (1, {"option": ["one"]}, "option 1 must be a table of its own"),
        (1, {"several": False}, "2 options are right (one; two); say several = true."),
        (1, {"option": [{**OPTION, "fits": {"theme": "irn"}}]}, "There is no theme 'irn'. Did"),
        (1, {"option": [{**OPTION, "fits": {"words": "x"}}]}, "There is no condition 'words'"),
        (1, {"option": [{**OPTION, "fits": {"query": '"x'}}]}, "question 'toy-1': "),
        (1, {"option": [{**OPTION, "fits": {"query": 3}}]}, "cannot be asked for"),
        (1, {**NUMBER, "count": "words"}, "There is no count 'words'"),
        (1, NUMBER, "hits can be counted only of a query or a theme"),
        (1, {**NUMBER, "where": {"speaker": "Ivanov"}}, "There is no speaker 'Ivanov'"),
        (
            1,
            {**NUMBER, "where": {"query": "zzz"}, "mistake": [{"why": ".", "answer": 0}]},
            "mistake 1: 0 is the right answer, so it cannot be a mistake",
        ),
        (1, {**NUMBER, "where": {"query": "x"}, "mistake": [{"why": "."}]}, "count or an answer"),
        (1, PERSON, "give either a mention or a quotation"),
        (1, {**PERSON, "quotation": "azizian-2003#p33-q9"}, "no quotation 'azizian-2003#p33-q9'"),
        (1, {**PERSON, "mention": MEANT}, "'Ivanov' stands 0 times in azizian-2003#p33"),
        (
            1,
            {
                **PERSON,
                "quotation": "azizian-2003#p33-q1",
                "mistake": [{"answer": "Sergei Ivanov", "why": "."}],
            },
            "'Sergei Ivanov' is the right answer",
        ),
        (
            1,
            {
                **PERSON,
                "quotation": "azizian-2003#p33-q1",
                "mistake": [{"answer": "Serge Ivanov", "why": "."}],
            },
            "There is no person 'Serge Ivanov'. Did you mean 'Sergei Ivanov'",
        ),
        (2, {"documents": ["edm-2010", "monitor-2000"]}, "three or more different documents"),
        (2, {"documents": ["edm-2010", "edm-2011", "monitor-2000"]}, "There is no document 'edm"),
        (
            2,
            {"documents": ["edm-2010", "eastern-axis-2021", "lavrov-israel-2021"]},
            "overlap in time, so their order is not certain",
        ),
        (2, {"labels": ["one", "two"]}, "as many labels as items"),
        (2, {"mistake": [{"answer": ["edm-2010"], "why": "."}]}, "must hold the same items"),
        (
            2,
            {
                "mistake": [
                    {"answer": ["monitor-2000", "azizian-2003", "edm-2010"], "why": "."},
                ]
            },
            "is the right answer",
        ),
        (3, {"kind": "cite", "argument": False}, "must be of the kind cite, with argument = true"),
        (3, {"level": "find"}, "has the level 'argue'"),
        (3, {"at_least": 0}, "at_least and documents must be 1 or more"),
        (3, {"answer": ["azizian-2003#p26"]}, "the model citation is not right. Cited so far: 1"),
        (3, {"answer": []}, "the model citation is not right. No passage is cited yet"),
        (3, {"where": {"theme": "israel"}}, "p26 is not marked with the theme israel."),
        (3, {"side": [{"name": "x", "where": {"query": "zzz"}}]}, "no passage of the corpus fits"),
        (3, {"side": [SIDE]}, "side 'x': say with reason"),
        (3, {"side": [{"name": "x"}]}, "side 'x': give either where"),
        (3, {"mistake": [{"answer": ["edm-2010#p05"], "why": "bad."}]}, "edm-2010#p05: bad."),
    ],
)
def test_a_question_that_cannot_be_is_refused(
    number: int, fields: dict[str, Any], sentence: str
) -> None:
    """The sentence names file and question, and what to change."""
    with pytest.raises(DataError) as refused:
        check_questions(changed(number, **fields), "data/questions/toy.toml")
    assert str(refused.value).startswith("data/questions/toy.toml, question")
    assert sentence in str(refused.value)


def test_a_file_has_three_to_five_questions() -> None:
    """Fewer or more are refused, and a lesson's ids begin with its own name."""
    with pytest.raises(DataError, match=r"toy\.toml has 2 questions; a lesson has three to five"):
        check_questions(toy_questions()[:2], "toy.toml")
    with pytest.raises(DataError, match="its id must be 'asia-1'"):
        check_questions(toy_questions(), "toy.toml", lesson="asia")
    with pytest.raises(DataError, match=r"questions/no\.toml is missing"):
        read_questions("no")


def test_the_readme_explains_every_key() -> None:
    """Whoever writes a question finds each kind and each key in data/README.md."""
    text = (find_folder("data") / "README.md").read_text(encoding="utf-8")
    section = text.partition("### questions/")[2].partition("\n### ")[0]
    keys = {key for kind in KINDS.values() for keys in kind for key in keys}
    for name in {*KINDS, *KEYS, *keys} - {"option", "side", "mistake"}:
        assert f"`{name}" in section
    assert all(f"[[question.{table}]]" in section for table in ("option", "side", "mistake"))
