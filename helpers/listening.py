"""Who is meant by "he", "the minister", "the message": one document, sentence by sentence.

Quotation marks are paired, what they hold is hidden, and sentences are cut around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from helpers.corpus import Document, Passage
from helpers.cues import HIDDEN, Subject, Voice, find_subjects, find_voices, stands_free
from helpers.people import NO_FIRST_NAMES, Mention
from helpers.roster import People, fold_title

__all__ = ["Listener", "Sentence", "cut_sentences", "find_marked", "hide_marked"]

REACH = 6  # sentences that a pronoun looks back
FLOOR = 2  # sentences for which a speaker may go on without a verb of saying
CLOSING = {"“": "”", "«": "»", '"': '"', "‘": "’", "'": "'"}
OPENING = re.compile(r"[“«\"]|(?:^|(?<=[\s(\[“«—–-]))[‘'](?=\w)")
APOSTROPHE = re.compile(r"s[’'](?=\s+[a-z])")  # the nations’ sanctions
SENTENCE_END = re.compile(
    r"(?<!\b[^\W\d_]\.)(?<!\b(?:Mr|Ms|Dr|St|Jr)\.)(?<!\b(?:Mrs|Gen|Sen)\.)"
    r"(?:(?<=[.!?])|(?<=[.!?][□”\"’'»)]))\s+(?=[□“\"‘'«(]|[^\W\d_a-z])"
)


def find_marked(text: str) -> list[tuple[int, int]]:
    """Where quotation marks open and close: spans ``[start, end)``, marks included, in order.

    Double and single, curly and straight marks and guillemets; an apostrophe is no mark. Marks
    inside a quotation belong to it, and a mark that never closes opens nothing.

    Examples
    --------
    >>> text = "Baku’s ‘Eastern axis’, he said, is “a ‘new’ thing”; he “paused"
    >>> [text[start:end] for start, end in find_marked(text)]
    ['‘Eastern axis’', '“a ‘new’ thing”']
    """
    found, position = [], 0
    while opening := OPENING.search(text, position):
        start = opening.start()
        end = _close_single(text, start) if text[start] in "‘'" else _close(text, start)
        if end and re.search(r"\w", text[start:end]):
            found.append((start, end))
        position = end or opening.end()
    return found


def _close(text: str, start: int) -> int:
    """The end of what a double mark opens at `start`; 0 if it never closes."""
    opening, closing, depth = text[start], CLOSING[text[start]], 0
    for mark in re.finditer(f"[{opening}{closing}]", text[start:]):
        nested = mark[0] == opening != closing
        depth += 1 if nested or not depth else -1
        if not depth:
            return start + mark.end()
    return 0


def _close_single(text: str, start: int) -> int:
    """The end of what a single mark opens: the first that is no apostrophe.

    A mark after an s ("the nations’ sanctions") is taken only if no better one follows in the
    same sentence.
    """
    doubtful = {found.end() for found in APOSTROPHE.finditer(text, start)}
    first = 0
    for mark in re.finditer(rf"(?<=\S){CLOSING[text[start]]}(?!\w)", text[start + 1 :]):
        end = start + 1 + mark.end()
        if first and re.search(r"[.!?‘]\s", text[first:end]):
            break
        if end not in doubtful:
            return end
        first = first or end
    return first


def hide_marked(text: str, marked: Sequence[tuple[int, int]]) -> str:
    """The text with what is quoted made unreadable, letter by letter; a final stop stays.

    Examples
    --------
    >>> hide_marked("He said: “No.” Nobody spoke.", [(9, 14)])
    'He said: □□□.□ Nobody spoke.'
    """
    pieces: list[str] = []
    position = 0
    for start, end in marked:
        stop = text[end - 2] if text[end - 2] in ".!?" else HIDDEN
        pieces += text[position:start], HIDDEN * (end - start - 2), stop, HIDDEN
        position = end
    return "".join([*pieces, text[position:]])


def cut_sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text as spans; initials and ``Mr.`` end none.

    Examples
    --------
    >>> text = "He met George W. Bush. The U.S. side agreed."
    >>> [text[start:end] for start, end in cut_sentences(text)]
    ['He met George W. Bush.', 'The U.S. side agreed.']
    """
    start = 0
    for found in SENTENCE_END.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


class Sentence:
    """A sentence with what is quoted hidden; `at` is where it starts in its passage."""

    def __init__(self, passage: Passage, at: int, text: str, mentions: Sequence[Mention]) -> None:
        self.passage, self.at, self.text = passage, at, text
        self.names = tuple(
            Subject(m.start - at, m.end - at, "name", m.person)
            for m in mentions
            if at <= m.start < at + len(text) and HIDDEN not in text[m.start - at : m.end - at]
        )

    @cached_property
    def subjects(self) -> list[Subject]:
        """Everybody in it who may speak."""
        return find_subjects(self.text, self.names)

    @cached_property
    def voices(self) -> list[Voice]:
        """Its verbs of saying with their subjects."""
        return find_voices(self.text, self.names)


class Listener:
    """Follows one document and knows at each sentence who may be meant.

    `mentions` are the people named in it, by passage.
    """

    def __init__(
        self, document: Document, people: People, mentions: Mapping[str, Sequence[Mention]]
    ) -> None:
        self.document, self.people = document, people
        self.marked = {passage.id: find_marked(passage.text) for passage in document.passages}
        self.sentences = [
            Sentence(passage, start, hidden[start:end], mentions.get(passage.id, ()))
            for passage in document.passages
            for hidden in [hide_marked(passage.text, self.marked[passage.id])]
            for start, end in cut_sentences(hidden)
        ]

    def sentence_at(self, passage: Passage, start: int) -> int:
        """The number of the sentence that holds a place of a passage."""
        return max(
            number
            for number, sentence in enumerate(self.sentences)
            if sentence.passage is passage and sentence.at <= start
        )

    def who(self, number: int, subject: Subject) -> str:
        """Whom the subject of a sentence means; empty if nobody can be named."""
        match subject.kind:
            case "name":
                return subject.words
            case "phrase":
                return self._bare(subject.words)
            case "document":
                return self._sender(number, subject) or self.last_speaker(number)
            case "office":
                return self._holder(number, subject) or self._antecedent(number, subject)
            case _:
                return self._antecedent(number, subject)

    def last_speaker(self, number: int) -> str:
        """Who spoke last in the sentences just before one, by a verb of saying."""
        for back in range(number - 1, max(-1, number - 1 - FLOOR), -1):
            voices = self.sentences[back].voices
            if voices and voices[-1].subject:
                return self.who(back, voices[-1].subject)
        return ""

    def _bare(self, words: str) -> str:
        """A phrase without what only introduces it: “However the Kremlin” is the Kremlin."""
        first, _, rest = words.partition(" ")
        folded = fold_title(first)
        offices = ("spokes", "ambassador", "minister", "president", "secretary")
        idle = folded in NO_FIRST_NAMES or (rest and folded.startswith(offices))
        return self._bare(rest) if rest and idle else words

    def _antecedent(self, number: int, subject: Subject) -> str:
        """The person nearest before a pronoun who can be the subject of a sentence."""
        here = self.sentences[number]
        for name in reversed(here.names):
            if name.end <= subject.start and stands_free(here.text, name):
                return name.words
        for back in range(number - 1, max(-1, number - 1 - REACH), -1):
            if here.passage.number - self.sentences[back].passage.number > 1:
                break
            if who := self._topic(back):
                return who
        return ""

    def _topic(self, number: int) -> str:
        """The person a sentence is about: a name, somebody who speaks, "he" or an office."""
        sentence = self.sentences[number]
        free = [s for s in sentence.subjects if stands_free(sentence.text, s)]
        names = [s for s in free if s.kind == "name"]
        speaking = [
            voice.subject
            for voice in sentence.voices
            if voice.subject and voice.subject.kind == "phrase"
            if voice.subject not in sentence.subjects  # an institution is no "he"
        ]
        others = [s for s in free if s.kind in ("office", "pronoun")]
        return next((self.who(number, s) for s in (*names, *speaking, *others)), "")

    def _holder(self, number: int, subject: Subject) -> str:
        """Who held an office at the document's date; of several, who was named last before."""
        first, _, rest = subject.words.partition(" ")
        country = self.people.demonyms.get(first, "")
        title = rest if country else subject.words
        dates = {"earliest": self.document.date_earliest, "latest": self.document.date_latest}
        holders = {person.name for person, _ in self.people.holders(title, of=country, **dates)}
        for sentence in reversed(self.sentences[: number + 1]):
            if named := [name.words for name in sentence.names if name.words in holders]:
                return named[-1]
        return holders.pop() if len(holders) == 1 else ""

    def _sender(self, number: int, subject: Subject) -> str:
        """Whom a message is from, if the passage has said so."""
        noun = re.compile(rf"\b{re.escape(subject.words)}s? (?:from|by|of) ", re.IGNORECASE)
        for sentence in reversed(self.sentences[: number + 1]):
            found = noun.search(sentence.text)
            if sentence.passage is not self.sentences[number].passage:
                break
            for name in sentence.names if found else ():
                if found and 0 <= name.start - found.end() < 40:
                    return name.words
        return ""
