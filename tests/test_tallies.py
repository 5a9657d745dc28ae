"""A class's answers and codes: rated anew, counted from lists, whatever the files claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.class_tables import build_class_tables
from helpers.codebook import load_codebook
from helpers.corpus import Corpus
from helpers.judging import expected_answer
from helpers.questions import load_questions
from helpers.reports import render_report
from helpers.search import keep_documents
from helpers.tallies import ClassWork, Given, find_splits, read_class, tally_questions
from tests.classes import Deed, answer, code, collect, hand_in, make_class

P1, P2, P3 = "azizian-2003#p01", "azizian-2003#p02", "azizian-2003#p03"
KINDS = ("choose", "number", "person", "cite", "order")
FIRST = {kind: next(q for q in load_questions().values() if q.kind == kind) for kind in KINDS}
CODE = next(iter(load_codebook().codes))


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> ClassWork:
    """Thirty students made by script."""
    folder = tmp_path_factory.mktemp("class")
    make_class(folder, corpus)
    return read_class(folder, corpus=corpus)


def read(folder: Path, *students: list[Deed]) -> ClassWork:
    for number, deeds in enumerate(students, 1):
        (folder / f"{number}.jsonl").write_bytes(hand_in(f"wren-{number}", deeds))
    return read_class(folder)


def one(folder: Path, deed: Deed) -> Given:
    (found,) = read(folder, [deed]).answers
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_rated_anew(tmp_path: Path, corpus: Corpus, kind: str) -> None:
    """What a file says of itself does not count: the model answer is right, another wrong."""
    key = FIRST[kind].id
    expected = expected_answer(FIRST[kind], corpus)
    wrong: dict[str, Any] = {"choose": [], "number": -1, "person": "Nobody", "order": []}
    wrong["cite"] = {"passages": [], "text": ""}
    assert one(tmp_path, answer(key, expected, right=False)).right is True
    assert one(tmp_path, answer(key, wrong[kind], right=True)).right is False


def test_answers_to_another_wording(tmp_path: Path) -> None:
    """An answer to another wording, or to a question nobody asks here, is kept and not rated."""
    key = FIRST["number"].id
    older = one(tmp_path, answer(key, 7, wording="0000"))
    assert (older.wording, older.right) == ("older", None)
    unknown = one(tmp_path, answer("magic-1", 7, wording="0000"))
    assert (unknown.wording, unknown.right) == ("unknown", None)


@pytest.mark.parametrize(
    "value",
    [None, True, [], {}, 10**15, "9" * 5000, ["x"] * 60, ["x" * 400], [1], {"passages": "x"},
     {"passages": [None], "text": "x"}, {"passages": [], "text": 1}, [["a"]]],
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_answers_in_a_form_no_card_saves(tmp_path: Path, kind: str, value: Any) -> None:
    """They are kept as they are; right they are never."""
    assert one(tmp_path, answer(FIRST[kind].id, value)).right is not True


def test_texts_of_ones_own_are_not_rated(tmp_path: Path) -> None:
    """Nobody but its writer can say whether a text is right."""
    key = next(q.id for q in load_questions().values() if q.kind == "text")
    assert one(tmp_path, answer(key, {"text": "Mine.", "points": []})).right is None


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([P1, "p"]),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(st.sampled_from(["passages", "text", "points"]), part, max_size=3)
    ),
    max_leaves=4,
)


@given(st.lists(st.tuples(st.sampled_from(KINDS), json), min_size=1, max_size=5))
def test_no_answer_stops_the_report(values: list[tuple[str, Any]]) -> None:
    """Whatever a file gives for an answer, tables and page are made."""
    import tempfile

    from hypothesis import assume

    try:
        deeds = [answer(FIRST[kind].id, value) for kind, value in values]
        raw = hand_in("wren-1", deeds)
    except ValueError:
        assume(False)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a").write_bytes(raw)
        work = read_class(Path(folder))
    assert {given.question for given in work.answers} == {FIRST[kind].id for kind, _ in values}
    assert build_class_tables(work)
    assert render_report(work)


def test_tallies_are_lists(thirty: ClassWork) -> None:
    """Rated answers are right or among the wrong ones; all questions together are all answers."""
    tallies = tally_questions(thirty)
    assert sum(len(tally.answers) for tally in tallies) == len(thirty.answers) > 1000
    for tally in tallies:
        rated = [given.right for given in tally.answers if given.right is not None]
        assert (tally.rated, tally.right) == (len(rated), sum(rated))
        assert tally.right + sum(count for _, count in tally.wrong) == tally.rated
        assert [count for _, count in tally.wrong] == sorted(dict(tally.wrong).values())[::-1]
    assert [tally.question.id for tally in tallies] == list(load_questions())


def test_wrong_answers_that_mean_the_same(tmp_path: Path) -> None:
    """Passages cited in another order, or with another argument, are one wrong answer."""
    key = FIRST["cite"].id
    cited = ([P1, P2], [P2, P1], [P3])
    deeds = [[answer(key, {"passages": ids, "text": "x"})] for ids in cited]
    (tally,) = tally_questions(read(tmp_path, *deeds))
    assert tally.wrong == ((f"{P1}; {P2}", 2), (P3, 1))


def test_splits(tmp_path: Path) -> None:
    """A passage on which most pairs differ comes first; where all agree there is no split."""
    votes = {P1: [True, False, False], P2: [True, True, True], P3: [True, False, True]}
    students = [[code(p, {CODE: given[n]}) for p, given in votes.items()] for n in range(3)]
    students += [[code(P3, {CODE: False})]]
    work = read(tmp_path, *students)
    assert work.rounds == [1]
    found = [(s.passage_id, s.given, s.coders, s.pairs) for (s,) in find_splits(work, 1)]
    assert found == [(P3, 2, 4, 4), (P1, 1, 3, 2)]


def test_codes_that_are_left_out(tmp_path: Path) -> None:
    """Other coders' codes, other passages' and codes nobody else knows are named, not counted."""
    strange = code(P1, {"mine_alone": True, CODE: True, "ours": False})
    deeds = [strange, code(P2, {CODE: True}, by="robin-1"), code("toy#p01", {CODE: True})]
    work = read(tmp_path, deeds, [code(P1, {"ours": True})])
    assert {(c.coder, c.passage_id, c.code) for c in work.codings} == {
        ("wren-1", P1, CODE),
        ("wren-1", P1, "ours"),
        ("wren-2", P1, "ours"),
    }
    assert [problem.sentence for problem in work.problems] == [
        "wren-1 hands in codes under other names, which are left out: robin-1.",
        "wren-1 hands in codes of passages not in this corpus, which are left out: toy#p01.",
        "wren-1 hands in codes that nobody else knows, which are left out: mine_alone.",
    ]


def test_rounds(tmp_path: Path) -> None:
    """A round counts once two students coded in it."""
    first, second = code(P1, {CODE: True}), code(P1, {CODE: False}, turn=2)
    assert read(tmp_path, [first, second], [first]).rounds == [1]
    assert read(tmp_path, [first, second], [first, second]).rounds == [1, 2]
    assert read(tmp_path, [collect(P1)], []).rounds == []


def test_a_part_of_the_corpus(thirty: ClassWork, tmp_path: Path, corpus: Corpus) -> None:
    """In a smaller corpus what cannot be asked there is not rated, and nothing stops."""
    make_class(tmp_path, corpus, students=3)
    work = read_class(tmp_path, corpus=keep_documents(["monitor-2000"], corpus=corpus))
    assert work.codings == ()
    assert render_report(work)
    assert len([g for g in thirty.answers if g.right]) > len([g for g in work.answers if g.right])
