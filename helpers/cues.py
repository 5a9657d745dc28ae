"""Verbs of saying and their subjects, found in one sentence by its grammar.

What is quoted has been hidden, so that only the writer's own words count. The subject stands right
before its verb ("Putin also noted"), or right after it where the verb comes first ("Said
Khatibzadeh", "according to Ivanov", "a statement by the ministry"); failing that, it is the first
in the sentence that can be one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "HIDDEN",
    "Subject",
    "Voice",
    "find_subjects",
    "find_voices",
    "pick_voice",
    "stands_free",
]

HIDDEN = "□"  # stands for each letter of what is quoted
VERBS = (  # the longest wording first; only forms that are rarely something else
    r"(?:went on|goes on|proceeded|continued) to \w+|called on|calls on|called for|calls for|"
    "spoke of|speaks of|made the point|made (?:it )?clear|set out|put it|went on|was quoted|"
    "(?:did|does|do) not agree|said|says?|saying|told|tells|telling|stated|stating|noted|notes|"
    "noting|denied|denies|denying|replied|replies|wrote|writes|call(?:ed|ing)|describ(?:ed|es)|"
    "promised|pledged|charged|implied|testified|stress(?:ed|es|ing)|"
    "(?:announc|declar|argu|conclud|acknowledg|urg|observ|emphasi[sz]|stipulat|complain|reiterat|"
    "agre|disagre|voic|confid|conced|continu|interced|indicat|pronounc)(?:ed|es|ing)|"
    "(?:remark|comment|claim|answer|report|caution|counter|object)(?:ed|ing|s(?= that))|"
    "(?:add|insist|warn|suggest|explain|contend|maintain|recall|affirm|confirm|predict|express|"
    "respond|react|assert|reveal|hint|ask)(?:ed|s|ing)"
)
SOURCES = "statement|message|letter|communiqu[eé]|note|report|article|declaration|address|speech"
CUE = re.compile(
    r"(?<![-\w])(?:(?P<lead>according to|in the words of|(?:formulated|voiced|expressed|put) by)|"
    rf"(?P<noun>(?:{SOURCES}|remark|announcement)s? (?:by|from))|(?P<verb>{VERBS}))(?![-\w])",
    re.IGNORECASE,
)
MANY = (
    "officials|sources|diplomats|experts|analysts|observers|critics|lawmakers|politicians|"
    "leaders|media|reports"
)
BODIES = (
    "Ministry|Department|Council|Parliament|Congress|Senate|Commission|Committee|Embassy|Agency|"
    "Administration|Government|Union|Nations|House|Court|Duma|Kremlin|Pentagon|Times|Post"
)
OFFICES = (
    r"(?:(?:deputy|prime|foreign|defen[cs]e|interior)\s+)*(?:minister|president|chancellor|"
    r"secretary(?:\s+of\s+\w+)?|ambassador|official|envoy|spokes(?:wo)?man|spokesperson|diplomat|"
    r"leader|author|analyst|expert)"
)
SUBJECT = re.compile(
    r"\b(?P<pronoun>[Hh]e|[Ss]he)\b"
    rf"|\b(?:[Tt]he|[Hh]is|[Hh]er|[Tt]his)\s+(?P<document>{SOURCES})\b"
    rf"|\b[Tt]he\s+(?P<office>(?:[A-Z][\w.]*\s+)??(?i:{OFFICES}))\b"
    rf"|(?P<phrase>\b(?:[A-Z][\w.]*\s+)*(?:{BODIES}))\b"
)
CAPITALS = r"[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*)*"
GAP = (  # from a subject to its verb: ’s statement, an apposition, adverbs and auxiliaries
    rf"(?:(?:[’']s?)?\s+(?:{SOURCES}|spokes\w+))?(?:\s*,[^,]{{1,120}},)?"
    r"(?:,?\s+(?:who|which|has|have|had|did|does|also|then|later|not|once|again|too|\w+ly),?)*\s+"
)
TO_VERB = re.compile(GAP)
ENDINGS = tuple(  # subjects that are nobody we know, right before the verb
    re.compile(pattern + GAP + "$")
    for pattern in (
        rf"(?:^|[\s,(–—{HIDDEN}])(?P<words>{CAPITALS}?)(?:[’']s)?",
        rf"(?P<words>(?:\b[A-Z][\w.-]*\s+)?\b(?:{MANY}))",
        r".*\b(?i:an?|some|one|the)\s+(?P<words>(?:[\w-]+\s+){0,3}?[a-z][\w-]*)",
    )
)
START = re.compile(
    rf"\s*(?:(?P<words>(?:the\s+)?{CAPITALS}|(?:[\w-]+\s+)?(?:{MANY}))|(?:the|an?)\s+(?P<role>[\w-]+))"
)
APPOSED = r"\s*(?:(?:the|of|for|and|[A-Z][\w.’'-]*),?\s+)*"
LEADING = re.compile(r"(?:(?:As|And|But|If|When|While|Though|Although|Yet|So)\s+)+")
LITTLE = re.compile(
    r"\b(?:(?i:and|or|but|by|to|in|on|at|as|with|from|that)|should|would|could|will|can|may|is|was)\b"
)
PREPOSITION = re.compile(
    r"\b(?i:with|to|from|by|of|for|between|against|on|in|about|over|at|under|like)\s+"
    r"(?:(?:the|an?|his|her|their|[A-Z][\w.’'-]*),?\s+)*$"
)
ACCORDING = re.compile(rf"(?i:according to){APPOSED}$")
NO_TAG = re.compile(r"[,;]?\s*(?:and|but|while|which|who|since|as|because|that|to|for|whereas)\b")
ATTACHED = re.compile(r"(?:(?:\s+\w+){0,2}\s+that)?\s*[,:–—]?\s*")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what may be speaking, and where in the sentence.

    `kind` is ``name`` (and `words` the canonical name), ``pronoun``, ``office`` ("the envoy"),
    ``document`` ("the message") or ``phrase`` (a ministry, or anybody else).
    """

    start: int
    end: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A verb of saying with its span, and its subject, if one is found.

    `cue` is the verb as it stands, and empty where a noun does its work ("a statement by").
    """

    cue: str
    start: int
    end: int
    subject: Subject | None


def find_subjects(sentence: str, names: Sequence[Subject] = ()) -> list[Subject]:
    """Everybody in a sentence who may speak, in order; an office before a name is part of it.

    Examples
    --------
    >>> for subject in find_subjects("The envoy said that the Foreign Ministry and he agree."):
    ...     print(subject.kind, "|", subject.words)
    office | envoy
    phrase | Foreign Ministry
    pronoun | he
    """
    found = [
        Subject(*match.span(kind), kind, match[kind])
        for match in SUBJECT.finditer(sentence)
        for kind in [match.lastgroup or ""]
    ]
    others = (s for s in found if not any(_belongs(sentence, s, name) for name in names))
    return sorted([*names, *others], key=lambda subject: subject.start)


def _belongs(sentence: str, subject: Subject, name: Subject) -> bool:
    """Whether words overlap a name, or are the office of the name that follows."""
    if subject.start < name.end and name.start < subject.end:
        return True
    return bool(re.fullmatch(r"(?:\s+spokes\w+)?,?\s+", sentence[subject.end : name.start]))


def stands_free(sentence: str, subject: Subject) -> bool:
    """Whether something can be the subject of its sentence: no preposition, no possessive.

    Examples
    --------
    >>> [stands_free(s, find_subjects(s)[0]) for s in ("The envoy left.", "I met the envoy.")]
    [True, True]
    >>> stands_free("With the envoy she left.", find_subjects("With the envoy she left.")[0])
    False
    """
    before, after = sentence[: subject.start], sentence[subject.end :]
    if ACCORDING.search(before):
        return True
    owns = re.match(rf"[’']s?\s+(?!(?:{SOURCES})\b)", after)
    return not (owns or before.count("(") > before.count(")") or PREPOSITION.search(before))


def find_voices(sentence: str, names: Sequence[Subject] = ()) -> list[Voice]:
    """The verbs of saying in a sentence, each with its subject; `names` are the people in it.

    Examples
    --------
    >>> [voice] = find_voices("□□□□□□, a popular comedian has said.")
    >>> voice.cue, voice.subject.words
    ('said', 'popular comedian')
    """
    voices, cues = list[Voice](), list(CUE.finditer(sentence))
    subjects = find_subjects(sentence, names) if cues else []
    for cue in cues:
        if cue["verb"] is None or _comes_first(sentence, cue):
            subject = _subject_after(sentence, cue.end(), subjects)
        else:
            subject = _subject_before(sentence, cue, subjects)
        words = "" if cue["noun"] else cue[0].removesuffix(" by")
        voices.append(Voice(words, *cue.span(), subject))
    return voices


def _comes_first(sentence: str, cue: re.Match[str]) -> bool:
    """Whether a verb opens its sentence, or follows the words quoted, and a subject comes next."""
    left = sentence[: cue.start()].rstrip(" ,.–—-")
    follows = re.match(r"\s+(?:[A-Z]|(?:the|an?|he|she)\b)", sentence[cue.end() :])
    return bool(follows) and (not left or left.endswith(HIDDEN)) and not cue[0].endswith("ing")


def _subject_after(sentence: str, at: int, subjects: Sequence[Subject]) -> Subject | None:
    right = sentence[at:].split(HIDDEN, maxsplit=1)[0]
    for subject in subjects:
        gap = sentence[at : subject.start]
        if at < subject.start < at + len(right) and re.fullmatch(APPOSED, gap):
            return subject
    if not (start := START.match(right)):
        return None
    group = "words" if start["words"] else "role"
    return Subject(at + start.start(group), at + start.end(group), "phrase", start[group])


def _subject_before(sentence: str, cue: re.Match[str], subjects: list[Subject]) -> Subject | None:
    left = sentence[: cue.start()]
    before = [subject for subject in subjects if subject.end <= cue.start()]
    if not cue[0].endswith("ing"):
        for subject in reversed(before):
            free = subject.kind != "phrase" or stands_free(sentence, subject)
            if free and TO_VERB.fullmatch(left[subject.end :]):
                return subject
        for ending in ENDINGS:
            found = ending.search(left)
            words = LEADING.sub("", found["words"]) if found else ""
            if found and words and not LITTLE.search(words):
                end = found.end("words")
                subject = Subject(end - len(words), end, "phrase", words)
                if ending is ENDINGS[-1] or stands_free(sentence, subject):
                    return subject
    return next((subject for subject in before if stands_free(sentence, subject)), None)


def pick_voice(sentence: str, voices: Sequence[Voice], start: int, end: int) -> Voice | None:
    """The verb of saying that governs what is quoted from `start` to `end`.

    It stands right before the words, or after them, or is thrown in between commas ("…, he said,
    …"), or is the last one before them.
    """
    before = [voice for voice in voices if voice.end <= start]
    attached = before and ATTACHED.fullmatch(sentence[before[-1].end : start])
    if not attached and (tag := _find_tag(sentence, voices, start, end)):
        return tag
    thrown_in = [voice for voice in before if sentence[voice.end : voice.end + 1] == ","]
    choice = before if attached or not thrown_in else thrown_in
    return choice[-1] if choice else None


def _find_tag(sentence: str, voices: Sequence[Voice], start: int, end: int) -> Voice | None:
    """The verb after the words: “…”, he noted."""
    rest = sentence[end:].split(HIDDEN, maxsplit=1)[0]
    opens = not sentence[:start].strip() or re.match(r"\s*[,–—]", rest)
    after = [voice for voice in voices if end <= voice.start < end + min(len(rest), 80)]
    return after[0] if after and opens and not NO_TAG.match(rest) else None
