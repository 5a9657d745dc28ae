"""What somebody typed, read kindly: a number, a person, passages.

Blanks, commas and capital letters do not matter; a person may be called by any name that
belongs to nobody else, and a passage ``azizian-2003 p4``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from helpers.answers import find_names
from helpers.corpus import Corpus
from helpers.errors import SettingError, UnknownNameError, nearest_names
from helpers.roster import people_of
from helpers.words import fold_words

__all__ = ["explain_unknown", "read_number", "read_passages", "read_texts", "resolve_person"]

ID_PART = re.compile(r"p\.?\s?0*(?P<number>\d{1,4})\b|(?P<word>[^\W_][\w.-]*)", re.IGNORECASE)
NUMBER = re.compile(
    r"(?<![-−])\b\d{1,3}(?:[ ,.’'\u00a0\u202f]\d{3}){1,4}(?!\d)|(?<![-−])\b\d{1,15}\b"
)
MOST = 50  # passages that are read of an answer; nobody cites more


def read_texts(answer: object) -> list[str]:
    """The texts in an answer of any form: of a list its texts, else the one text or none.

    Examples
    --------
    >>> read_texts(["a", 1, None]), read_texts("b"), read_texts({})
    (['a'], ['b'], [])
    """
    items = answer if isinstance(answer, (list, tuple)) else [answer]
    return [item for item in items if isinstance(item, str)]


def read_number(typed: str) -> int | None:
    """The first whole number in what somebody typed, or None.

    Examples
    --------
    >>> read_number(" 1,200 passages")
    1200
    """
    found = NUMBER.search(typed)
    return int(re.sub(r"\D", "", found[0])) if found else None


def resolve_person(typed: str, corpus: Corpus) -> str:
    """The person or institution somebody means by a name.

    SettingError if it may be two persons, UnknownNameError if it is nobody.

    Examples
    --------
    >>> from helpers.loading import course_corpus
    >>> resolve_person("president putin", course_corpus())
    'Vladimir Putin'
    """
    typed = typed.strip()[:100]
    people, words = people_of(corpus.whole), set(fold_words(typed))
    spellings = {name: name for name in find_names(corpus)}
    for person in people.persons:
        spellings |= dict.fromkeys(person.spellings, person.name)
    fitting = [spelling for spelling in spellings if words.issuperset(fold_words(spelling))]
    if fitting:
        return spellings[max(fitting, key=lambda spelling: len(fold_words(spelling)))]
    alike = [p for p in people.persons if p.surname and words.issuperset(fold_words(p.surname))]
    if len(alike) > 1:
        names = " or ".join(sorted(person.name for person in alike))
        raise SettingError(f"Which {alike[0].surname}? {names}: write the first name too.")
    if alike and words <= {*fold_words(alike[0].surname), *people.title_words}:
        return alike[0].name
    nearest = spellings[nearest_names(typed, spellings)[0]]
    known = len(set(spellings.values()))
    raise UnknownNameError(
        f"There is no person “{typed}” among the {known} known here. Did you mean {nearest}?"
    )


def read_passages(answer: object, corpus: Corpus) -> list[str]:
    """The ids of passages in what somebody typed, each once; a document need stand only once.

    They are written as ids are, but need not exist.

    Examples
    --------
    >>> from helpers.loading import course_corpus
    >>> read_passages("azizian-2003 p4, P 32; Edm-2010#p08", course_corpus())
    ['azizian-2003#p04', 'azizian-2003#p32', 'edm-2010#p08']
    """
    found = _read_passages("\n".join(read_texts(answer)), corpus)
    return list(islice(dict.fromkeys(found), MOST))


def _read_passages(typed: str, corpus: Corpus) -> Iterator[str]:
    document, used = "", True
    for found in ID_PART.finditer(typed):
        if number := found["number"]:
            yield f"{document or '?'}#p{int(number):02}"
            used = True
        elif found["word"].casefold() not in ("and", "or", "see"):
            if not used:
                yield document
            word = found["word"].casefold()[:60]
            begun = [d.id for d in corpus.whole.documents if d.id.startswith(word)]
            document, used = begun[0] if len(begun) == 1 else word, False
    if not used:
        yield document


def explain_unknown(name: str, corpus: Corpus) -> str:
    """What is wrong with the id of a passage."""
    doc_id, sign, _ = name.partition("#")
    documents = {document.id: document for document in corpus.whole.documents}
    if doc_id == "?":
        return f"{name[2:]}: of which document? Write as in: {corpus.passages[0].id}."
    if doc_id not in documents:
        nearest = nearest_names(doc_id, documents)[0]
        return f"There is no document “{doc_id}”; did you mean {nearest}?"
    last = documents[doc_id].passages[-1]
    if not sign:
        return f"{doc_id} is a document; add the number of a passage, p01 to p{last.number:02}."
    if any(passage.id == name for passage in documents[doc_id].passages):
        return f"{name} is not among the documents of this card."
    return f"There is no passage {name}; the last of {doc_id} is {last.id}."
