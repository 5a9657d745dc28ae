"""Answers held against the corpus: every question with its model answer and with wrong ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpers.answers import Mistake, Question, count_asked, expected_answer
from helpers.corpus import Corpus
from helpers.errors import SettingError, UnknownNameError
from helpers.judging import judge_answer, name_item
from helpers.loading import course_corpus
from helpers.questions import check_questions, load_questions
from helpers.search import keep_documents
from helpers.typed import read_number, read_passages, resolve_person
from tests.toys import toy_questions

QUESTIONS = load_questions()
every_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
EXAMPLES = {"monitor-2000": "letter", "azizian-2003": "leaflet", "eastern-axis-2021": "board-2006"}
TEXT = "These are more than eight words about what the passages show."


def wrong_answers(question: Question, corpus: Corpus) -> list[tuple[Any, str]]:
    """Typical wrong answers to a question, and what must be said of each."""
    nowhere = f"{corpus.documents[0].id}#p99"
    found = [(_wrong(question, mistake, corpus), mistake.why) for mistake in question.mistakes]
    expected = expected_answer(question, corpus)
    match question.kind:
        case "choose":
            wrong = [option for option in question.options if option.text not in expected]
            found += [([option.text], option.why) for option in wrong]
            found += [([], "Nothing is chosen yet.")]
            found += [(expected[:1], "right, but not all")] * (len(expected) > 1)
        case "number":
            found += [("", "type digits"), (expected + 1_000, "is not what the corpus has")]
        case "person":
            found += [("", "type one"), ("Nobody Known", "There is no person")]
        case "order":
            found += [(expected[::-1], ""), (expected[1:], "has no place yet")]
        case "cite":
            found += [({"passages": "", "text": TEXT}, "No passage is cited yet")]
            found += [({"passages": nowhere, "text": TEXT}, f"no passage {nowhere}")]
            if question.argument:
                found += [({**expected, "text": ""}, "Your own argument is missing")]
            if question.at_least > 1:
                one = {**expected, "passages": expected["passages"][:1]}
                found += [(one, "Cited so far: 1; at least")]
    return found


def _wrong(question: Question, mistake: Mistake, corpus: Corpus) -> Any:
    if question.kind == "number" and mistake.answer is None:
        return count_asked(mistake.count, mistake.where, corpus)
    if question.kind == "cite":
        return {"passages": list(mistake.answer), "text": TEXT}
    return mistake.answer


@every_question
def test_the_model_answer_is_right(question: Question) -> None:
    """Every question holds its model answer for right, as computed and as saved."""
    corpus = course_corpus(question.corpus)
    verdict = judge_answer(question, expected_answer(question, corpus), corpus=corpus)
    assert verdict.right is True
    assert verdict.sentence


@every_question
def test_a_wrong_answer_is_told_what_is_missing(question: Question) -> None:
    """Every typical mistake is found wrong, with the sentence that was written for it."""
    corpus, told = course_corpus(question.corpus), []
    for answer, reason in wrong_answers(question, corpus):
        verdict = judge_answer(question, answer, corpus=corpus)
        assert verdict.right is False, answer
        assert reason in verdict.sentence
        told.append(verdict.sentence)
    assert all(len(sentence.split()) > 3 for sentence in told)


@every_question
@pytest.mark.parametrize("document", ["monitor-2000", "azizian-2003", "eastern-axis-2021"])
def test_a_question_about_other_documents_is_not_judged(question: Question, document: str) -> None:
    """In a part of the corpus a question is either answered from it, or said to be about others."""
    corpus = course_corpus(question.corpus)
    document = EXAMPLES[document] if question.corpus else document
    part = keep_documents([document], corpus=corpus)
    answer = expected_answer(question, corpus)
    verdict = judge_answer(question, answer, corpus=part)
    if verdict.right is None:
        assert "With these settings the question cannot be answered" in verdict.sentence
    elif question.kind != "cite":
        assert judge_answer(question, expected_answer(question, part), corpus=part).right is True


def test_a_question_is_about_one_corpus(corpus: Corpus) -> None:
    """A question about the example says so among the course's texts, and the other way round."""
    own, other = QUESTIONS["own-1"], QUESTIONS["preemption-1"]
    example = course_corpus("example")
    for question, there in ((own, corpus), (other, example)):
        verdict = judge_answer(question, expected_answer(question), corpus=there)
        assert verdict.right is None
    said = "This question is about the texts in example-corpus, not about the course's."
    assert judge_answer(own, 9, corpus=corpus).sentence == said
    said = "This question is about the course's texts, not about those in example-corpus."
    assert judge_answer(other, [], corpus=example).sentence == said
    assert judge_answer(own, 9).right is True


def made(**fields: Any) -> Question:
    """A question made up for a test, unchecked."""
    common = {"id": "toy-1", "level": "find", "prompt": "?", "hints": ("!",), "model": "."}
    return Question(**{**common, "passages": (), **fields})


def say(question: Question, answer: Any, corpus: Corpus) -> str:
    verdict = judge_answer(question, answer, corpus=corpus)
    return f"{verdict.right}: {verdict.sentence}"


def test_an_expected_number_follows_the_corpus(corpus: Corpus) -> None:
    """A computed number is that of the documents at hand, and may be zero."""
    question = made(kind="number", count="hits", where={"query": "preempt*"})
    assert expected_answer(question, corpus) == 3
    assert say(question, "3", corpus).startswith("True: 3 hits, in azizian-2003#p03, azizian-2003")
    part = keep_documents(["monitor-2000"], corpus=corpus)
    assert say(question, "0", part) == "True: 0 hits (query preempt*)."
    assert say(question, 2, corpus).startswith("False: 2 is not what the corpus has. Count hits")
    long = made(kind="number", count="passages", where={"document": "azizian-2003"})
    assert "azizian-2003#p10 and 30 more (document" in say(long, "40", corpus)
    assert say(long, "40", part).startswith("None: With these settings")


@pytest.mark.parametrize(
    ("count", "where", "number"),
    [
        ("passages", {}, 122),
        ("documents", {"query": "preempt* OR pre-empt*"}, 2),
        ("hits", {"theme": "preemption"}, 10),
        ("quotations", {"theme": "preemption"}, 4),
        ("quotations", {"theme": "preemption", "speaker": "Sergei Ivanov"}, 2),
    ],
)
def test_what_can_be_counted(
    count: str, where: dict[str, Any], number: int, corpus: Corpus
) -> None:
    """Passages, documents, hits, and quotations: all, or those of one speaker."""
    assert count_asked(count, where, corpus) == number


@pytest.mark.parametrize(
    ("typed", "number"), [(" 12 ", 12), ("1 200", 1200), ("1,200 hits", 1200), ("about 7", 7)]
)
def test_a_number_is_read_kindly(typed: str, number: int) -> None:
    """Blanks, commas and words around a number do not matter."""
    assert read_number(typed) == number
    assert [read_number(none) for none in ("seven", "-7", "", "p7")] == [None] * 4


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("Sergei Ivanov", "Sergei Ivanov"),
        ("  sergei   IVANOV ", "Sergei Ivanov"),
        ("Ivanov, Igor", "Igor Ivanov"),
        ("Defence Minister Sergei Ivanov", "Sergei Ivanov"),
        ("Putin", "Vladimir Putin"),
    ],
)
def test_a_person_is_known_by_any_name_of_his_own(typed: str, person: str, corpus: Corpus) -> None:
    """Case, order, blanks and an office beside the name do not matter."""
    assert resolve_person(typed, corpus) == person


def test_a_name_that_is_nobodys_or_two_mens(corpus: Corpus) -> None:
    """A shared surname is asked back; an unknown name gets the nearest that is known."""
    with pytest.raises(SettingError, match="Igor Ivanov or Sergei Ivanov"):
        resolve_person("ivanov", corpus)
    with pytest.raises(UnknownNameError, match="Did you mean Sergei Ivanov"):
        resolve_person("Sergej Iwanow", corpus)


def test_who_is_meant_is_explained(corpus: Corpus) -> None:
    """A wrong name is told whether it stands there at all; the right one, by which rule."""
    mention = {"passage": "azizian-2003#p33", "name": "Sergei Ivanov"}
    question = made(kind="person", mention=mention)
    assert say(question, "sergei ivanov", corpus).startswith("True: Sergei Ivanov: in the list")
    assert "not named in azizian-2003#p33" in say(question, "Igor Ivanov", corpus)
    speech = made(kind="person", quotation="azizian-2003#p13-q1")
    assert "is named in azizian-2003#p13, but is not the one" in say(speech, "Putin", corpus)


@pytest.mark.parametrize(
    "typed",
    [
        "azizian-2003#p04, edm-2010#p08",
        "azizian-2003 p4\nedm-2010 p8",
        "AZIZIAN-2003#P04 and Edm-2010#p8",
        "azizian p. 4; edm p08, p8",
        ["azizian-2003#p04", "edm-2010#p08"],
    ],
)
def test_passages_are_read_kindly(typed: Any, corpus: Corpus) -> None:
    """Commas, blanks, lines, case and a shortened document do not matter."""
    assert read_passages(typed, corpus) == ["azizian-2003#p04", "edm-2010#p08"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("azizian-2003#p41", "no passage azizian-2003#p41; the last of azizian-2003 is azizian-"),
        ("asizian-2003#p4", "There is no document “asizian-2003”; did you mean azizian-2003?"),
        ("p4", "p04: of which document? Write as in: ivanov-gvosdev-2002#p01."),
        ("edm-2010", "edm-2010 is a document; add the number of a passage, p01 to p08."),
        ("edm-2010#p08, edm-2010#p07", "All you cite is from edm-2010; at least 2 documents"),
        ("edm-2010#p08", "Cited so far: 1; at least 2 are asked for."),
        ("azizian-2003#p21 edm-2010#p01", "edm-2010#p01 is not marked with the theme iran."),
        ("azizian-2003#p21 edm-2010#p05", "shows this side: a company."),
    ],
)
def test_what_a_citation_lacks_is_named(typed: str, sentence: str, corpus: Corpus) -> None:
    """Ids that do not exist, passages that do not fit, and missing sides are named."""
    question = check_questions(toy_questions(), "toy.toml")["toy-3"]
    verdict = judge_answer(question, {"passages": typed, "text": TEXT}, corpus=corpus)
    assert verdict.right is False
    assert sentence in verdict.sentence


def test_passages_of_one_mistake_are_told_together(corpus: Corpus) -> None:
    """The reason for which several passages do not do is said once."""
    do_not, neither = ("edm-2010#p01", "edm-2010#p02"), ("edm-2010#p03",)
    question = made(kind="cite", mistakes=(Mistake("Too late.", do_not), Mistake("No.", neither)))
    assert say(question, "edm p1 p2 p3 p4", corpus) == (
        "False: edm-2010#p01, edm-2010#p02: Too late.\nedm-2010#p03: No."
    )


def test_a_citation_outside_the_documents_at_hand_is_named(corpus: Corpus) -> None:
    """A passage of the course that the settings leave out exists, but elsewhere."""
    part = keep_documents(["edm-2010"], corpus=corpus)
    question = made(kind="cite")
    assert "azizian-2003#p04 is not among the documents" in say(question, "azizian p4", part)
    assert say(question, "edm p8", part) == "True: 1 passage from 1 document fit what is asked."


def test_several_options(corpus: Corpus) -> None:
    """Where several are right, each wrong one is told why, and the missing are counted."""
    question = check_questions(toy_questions(), "toy.toml")["toy-1"]
    assert say(question, ["one", "two"], corpus) == "True: “one”: it is “two”: so is it"
    assert say(question, ["one"], corpus) == (
        "False: What you chose is right, but not all. 1 more is right."
    )
    assert say(question, ["one", "two", "three"], corpus) == "False: “three”: it is not"
    assert say(question, ["three"], corpus) == "False: “three”: it is not 2 more are right."


def test_one_option(corpus: Corpus) -> None:
    """Where one is right, two are too many."""
    texts = [option.text for option in QUESTIONS["preemption-1"].options]
    assert "choose one" in say(QUESTIONS["preemption-1"], texts[:2], corpus)


def test_order_in_time(corpus: Corpus) -> None:
    """A wrong order is told how much of it is right, and nothing of what comes before what."""
    question = check_questions(toy_questions(), "toy.toml")["toy-2"]
    expected = ["monitor-2000", "azizian-2003", "edm-2010"]
    assert expected_answer(question, corpus) == expected
    assert say(question, expected, corpus).startswith("True: [untitled], Monitor 6:36")
    places = "False: In the right place: {} of 3. Look at every date"
    turned = ["edm-2010", "monitor-2000", "azizian-2003"]
    assert say(question, turned, corpus).startswith(places.format(0))
    assert say(question, expected[::-1], corpus).startswith(places.format(1))
    assert say(question, "monitor-2000, edm-2010, azizian-2003", corpus) == "False: too late"
    assert "stands more than once" in say(question, [*expected, "edm-2010"], corpus)
    assert "“x” is nothing to be put in order" in say(question, ["x"], corpus)
    assert name_item(question, "azizian-2003#p19", corpus).endswith("Security Policies”, p19")
    named = replace(question, labels=("A low.", "A high.", "A start."))
    assert "“A start” has no place yet." in say(named, expected[1:], corpus)


def test_a_text_of_ones_own_is_for_its_writer_to_judge(corpus: Corpus) -> None:
    """Too short a text is told so; else the writer ticks what it has."""
    question = made(kind="text", points=("It is long.", "It is short."))
    assert say(question, "no", corpus).startswith("False: Your answer has 1 word;")
    assert say(question, TEXT, corpus).startswith("None: Compare it with the model answer")
    ticked = {"text": TEXT, "points": ["It is long."]}
    assert say(question, ticked, corpus).endswith("still missing: It is short.")
    assert say(made(kind="text"), TEXT, corpus) == "None: Compare it with the model answer."


@pytest.mark.parametrize(
    "answer",
    [
        *(None, True, 1.5, -1, "", "\x00", [], {}, [[]], [None], [{}], ["x", 1], {"text": None}),
        *({"passages": {}, "text": []}, {"passages": [1, "p1"], "points": 3}, {"a": {"b": []}}),
        *("x" * 50_000, "9" * 5_000, "p99 " * 9_000, {"passages": "word-1 " * 9_000, "text": TEXT}),
    ],
    ids=lambda answer: str(answer)[:20],
)
def test_no_answer_breaks_the_judge(answer: Any, corpus: Corpus) -> None:
    """Whatever somebody hands in is judged, in a sentence or a few."""
    for question in QUESTIONS.values():
        verdict = judge_answer(question, answer, corpus=corpus)
        assert verdict.right is not True
        assert 0 < len(verdict.sentence) < 9_000
