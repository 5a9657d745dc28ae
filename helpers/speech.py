"""Who speaks: what stands in quotation marks, told apart and given to a speaker.

*Kind.* A quotation is ``speech`` (somebody's words) or ``term`` (a label, a scare quote):

1. a label right before it ("so-called", "known as") makes it a term;
2. one word alone is a term, unless a verb of saying and a colon have opened a report before it;
3. a verb of saying that governs it (`helpers.cues`) makes it speech;
4. without one, three words or more with a verb among them, or a whole sentence, are speech if
   somebody spoke in one of the two sentences before; a whole sentence of six words or more is
   speech in any case;
5. anything else is a term.

*Speaker.* The subject of the verb. A name or an institution speaks for itself (``stated``).
Otherwise the speaker is ``inferred`` (`helpers.listening`): a pronoun is the person nearest
before it that can be the subject of a sentence; an office is who held it at the document's date;
a message is whom it is from; and where there is no verb, who spoke last goes on. What no rule can
know stands in ``data/attributions.toml`` with its reason (``curated``).

The text of a quotation includes its marks. Marks inside a quotation make no second one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from helpers.corpus import Corpus, Passage
from helpers.cues import HIDDEN, Voice, pick_voice
from helpers.errors import DataError, check_name
from helpers.listening import Listener
from helpers.loading import course_corpus
from helpers.people import Explanation, Mention, find_mentions
from helpers.roster import People, explain_no_people, people_of
from helpers.sources import check_table, load_toml

__all__ = ["Quotation", "explain_quotation", "find_quotations"]

LABEL = re.compile(
    r"\b(?:so-called|known as|called|dubbed|termed|labell?ed|named|nicknamed|titled|entitled|"
    r"the (?:term|word|phrase|expression|notion of|concept of))\s*(?:the|an?)?\s*$",
    re.IGNORECASE,
)
VERB_INSIDE = re.compile(
    r"\b(?:is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|should|must|"
    r"may|might|to \w+|\w{3,}ing|\w+n[’']t)\b",
    re.IGNORECASE,
)
WHOLE = re.compile(r"[^\w\s][A-Z].*[.!?…][^\w\s]", re.DOTALL)
CORRECTION_KEYS = {"passage": str, "opening": str, "reason": str}
CORRECTION_OPTIONS = {"kind": str, "speaker": str, "cue": str}

HOW = {
    "pronoun": "the person before it that can be the subject",
    "office": "who held the office then or was spoken of before",
    "document": "whom it is from",
}

Finding = tuple[str, str, str, str, str]  # kind, speaker, cue, certainty, reason


@dataclass(frozen=True, slots=True)
class Quotation:
    """Something in quotation marks; its places and its text include the marks.

    Attributes
    ----------
    id : str
        ``passage_id-q1``, numbered within the passage.
    start, end, byte_start, byte_end : int
        Characters of the passage's clean text; one span of bytes, also across a page break.
    kind : str
        ``speech`` or ``term``; a term has neither speaker, cue nor certainty.
    speaker, cue : str
        Canonical name, or institution or role as written; the verb of saying as it stands.
    certainty : str
        ``stated``, ``inferred``, ``curated``, ``unknown``.
    """

    id: str
    passage_id: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    text: str
    kind: str
    speaker: str
    cue: str
    certainty: str
    reason: str


@lru_cache(maxsize=8)
def find_quotations(
    corpus: Corpus, *, people: People | None = None, curated: bool = True
) -> tuple[Quotation, ...]:
    """Everything in quotation marks in the passages, in reading order.

    `people` are those of `people_of` if left out; `curated` says whether the corrections of
    ``data/attributions.toml`` are carried out. In a corpus of one's own without people there are
    none: without names nobody could say whose words they are.
    """
    if not people and explain_no_people(corpus):
        return ()
    mentions: dict[str, list[Mention]] = {}
    for mention in find_mentions(corpus, people=people):
        mentions.setdefault(mention.passage_id, []).append(mention)
    found = tuple(
        _read_quotation(corpus, listener, passage, number, span)
        for document in corpus.documents
        for listener in [Listener(document, people or people_of(corpus), mentions)]
        for passage in document.passages
        for number, span in enumerate(listener.marked[passage.id], 1)
    )
    return _correct(found, corpus) if curated and not corpus.home else found


def explain_quotation(quotation_id: str, *, corpus: Corpus | None = None) -> Explanation:
    """Why a quotation is a term or speech, and why this speaker's.

    UnknownNameError if there is none of this id, which is that in ``quotations.csv``.

    Examples
    --------
    >>> print(explain_quotation("monitor-2000#p03-q1").sentence)
    Vladimir Putin speaks (inferred): “suggested” has the subject “message”: Vladimir Putin, \
whom it is from.
    """
    known = {found.id: found for found in find_quotations(corpus or course_corpus())}
    quotation = known[check_name("quotation", quotation_id, known)]
    claim = "It is a term"
    if quotation.kind == "speech":
        claim = f"{quotation.speaker or 'Somebody who is not named'} speaks ({quotation.certainty})"
    where = f"bytes {quotation.byte_start}–{quotation.byte_end} of the seed file"
    return Explanation(f"{claim}: {quotation.reason}", (quotation.text, where))


def _read_quotation(
    corpus: Corpus, listener: Listener, passage: Passage, number: int, span: tuple[int, int]
) -> Quotation:
    text = passage.text[slice(*span)]
    places = (*span, *corpus.raw_span(passage, *span))
    finding = _judge(listener, passage, text, *span)
    return Quotation(f"{passage.id}-q{number}", passage.id, *places, text, *finding)


def _judge(listener: Listener, passage: Passage, text: str, start: int, end: int) -> Finding:
    """Kind and speaker of what stands from `start` to `end` of a passage."""
    number = listener.sentence_at(passage, start)
    sentence = listener.sentences[number]
    start, end = start - sentence.at, end - sentence.at
    before = sentence.text[:start]
    words = len(re.findall(r"\w[\w’'-]*", text))
    voice = pick_voice(sentence.text, sentence.voices, start, end)
    if label := LABEL.search(before):
        return "term", "", "", "", f"“{label[0].strip()}” before it makes it a label."
    if words < 2 and not (voice and ":" in before[voice.end :]):
        return "term", "", "", "", "one word alone is a label."
    if voice or (voice := _short_tag(listener, number, end)):
        return _attribute(listener, number, voice)
    alone = WHOLE.fullmatch(text) and not before.strip()
    speaker = listener.last_speaker(number)
    if speaker and (alone or (words > 2 and VERB_INSIDE.search(text))):
        reason = f"no verb of saying governs it, and {speaker} spoke just before."
        return "speech", speaker, "", "inferred", reason
    if words > 5 and alone:
        return "speech", "", "", "unknown", "it is a whole sentence without a verb of saying."
    return "term", "", "", "", "no verb of saying governs it."


def _short_tag(listener: Listener, number: int, end: int) -> Voice | None:
    """The verb in a short sentence of its own after the words: “Why?” Putin asked."""
    here, after = listener.sentences[number], listener.sentences[number + 1 : number + 2]
    if here.text[end:].strip() or not after or after[0].passage is not here.passage:
        return None
    short = len(after[0].text.split()) < 7 and HIDDEN not in after[0].text
    return next(iter(after[0].voices), None) if short else None


def _attribute(listener: Listener, number: int, voice: Voice) -> Finding:
    """The speaker behind a verb of saying."""
    verb, subject = f"“{voice.cue or 'by'}”", voice.subject
    speaker = listener.who(number, subject) if subject else ""
    if not subject or not speaker:
        return "speech", "", voice.cue, "unknown", f"{verb} has no subject that we can name."
    if subject.kind in ("name", "phrase"):
        certainty = "stated" if voice.cue else "inferred"
        return "speech", speaker, voice.cue, certainty, f"{verb} has {speaker} for its subject."
    reason = f"{verb} has the subject “{subject.words}”: {speaker}, {HOW[subject.kind]}."
    return "speech", speaker, voice.cue, "inferred", reason


def _correct(found: tuple[Quotation, ...], corpus: Corpus) -> tuple[Quotation, ...]:
    """The quotations with the curated corrections carried out that concern this corpus."""
    result = {quotation.id: quotation for quotation in found}
    passages = {passage.id for passage in corpus.passages}
    for entry in load_toml("attributions.toml").get("quotation", []):
        place, opening = entry.get("passage", "?"), entry.get("opening", "")
        where = f"data/attributions.toml, quotation in {place}"
        check_table(entry, where, required=CORRECTION_KEYS, optional=CORRECTION_OPTIONS)
        if place not in passages:
            continue
        meant = [q for q in found if q.passage_id == place and q.text[1:].startswith(opening)]
        if len(meant) != 1:
            raise DataError(f"{where}: {len(meant)} quotations there open with {opening!r}.")
        changes = {key: entry[key] for key in CORRECTION_OPTIONS if key in entry}
        if changes.get("kind", "term") not in ("speech", "term"):
            raise DataError(f"{where}: the kind is {changes['kind']!r}; it can be speech or term.")
        changed = replace(meant[0], certainty="curated", reason=entry["reason"], **changes)
        result[changed.id] = changed
    return tuple(result.values())
