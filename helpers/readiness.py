"""Is a folder of texts ready: what is in it, what rules would clean, which lessons run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import combinations
from pathlib import Path

from helpers.adopting import Proposal, find_proposals, make_corpus
from helpers.codebook import load_codebook
from helpers.corpus import Corpus, Document
from helpers.course import TEMPLATE, find_lessons, is_tied, takes_corpus, title_of
from helpers.edits import Edit
from helpers.errors import TwoTracksError
from helpers.folders import SETTINGS, Folder, Text, read_folder
from helpers.people import find_mentions
from helpers.rendering import Shown
from helpers.roster import explain_no_people, people_of
from helpers.sources import find_folder
from helpers.themes import find_theme_marks
from helpers.validation import theme_codes

__all__ = ["Report", "check_corpus", "guess_language", "show_proposals"]

EXAMPLES = 3
PAGE = ("form", "page_number", "running_head", "site_furniture", "teaser")
REMOVED = (*PAGE, "bullet")
STOP_WORDS = {
    "English": "the of and to in that is was for with",
    "French": "le la les des et est dans que pour une",
    "German": "der die und das ist nicht mit von den ein",
    "Spanish": "el los de que y las una por con para",
    "Italian": "il di che è la per un della con non",
    "Polish": "i w nie na się że z do jest to",
    "Turkish": "ve bir bu için da de ile olarak olan daha",
    "Russian": "и в не на что с по это как его",
    "Ukrainian": "і в не на що з та це як до",
    "Arabic": "في من على أن إلى هذا التي لا ما عن",
}
ODD = re.compile(r"\b[^\W\d_]+\d[^\W\d_]+\b|[ﬁﬂ¬]|\b[b-hj-z] [b-hj-z] [b-hj-z]\b")

Section = tuple[str, Sequence[str]]  # a heading and sentences


class Report(Shown):
    """Sentences under headings; `ready` is whether every file can be used."""

    def __init__(self, sections: Iterable[Section], *, ready: bool = True) -> None:
        texts, html = [], ""
        for head, lines in ((head, lines) for head, lines in sections if lines):
            texts.append("\n".join([head, *(f"- {line}" for line in lines)]))
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            html += f"<h3>{escape(head)}</h3><ul>{items}</ul>"
        super().__init__("\n\n".join(texts), html)
        self.ready = ready

    def to_page(self, title: str) -> str:
        """The report as a page of its own that fetches and runs nothing."""
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        body = self.html.replace("h3>", "h2>")  # under the title, not under a lesson's heading
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
            f"</head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
        )


def show_proposals(folder: str | Path) -> Report:
    """What each cleaning rule would change in a folder, with examples; nothing is changed by it."""
    return Report(_propose(find_proposals(folder)))


def _propose(proposals: Sequence[Proposal]) -> list[Section]:
    sections: list[Section] = []
    for proposal in proposals:
        files = {name for name, *_ in proposal.edits}
        count = f"{_count(len(proposal.edits), 'place')} in {_count(len(files), 'text')}"
        first = proposal.edits[:EXAMPLES]
        shown = [f"{name}: {_show(before, edit, after)}" for name, before, edit, after in first]
        more = len(proposal.edits) - len(shown)
        head = f"{proposal.rule} {proposal.what}: {count}"
        sections.append((head, [*shown, *([f"… and {more} more."] if more else [])]))
    names = ", ".join(f'"{proposal.rule}"' for proposal in proposals)
    how = f"Read the examples; write the rules you accept into cleaning.toml: rules = [{names}]"
    nothing = "No rule finds anything to clean in these texts."
    return [*sections, ("What to do", [how if proposals else nothing])]


def _show(before: str, edit: Edit, after: str) -> str:
    """What an edit does: what it takes away, or the words around it with it and without."""
    if edit.rule in REMOVED:
        words = " ".join(edit.before.split())
        return f"“{words[:60]}{'…' if len(words) > 60 else ''}” goes."
    before, after = before[before.find(" ") + 1 :], after[: after.rfind(" ")]  # whole words
    sides = (f"{before}{middle}{after}".split() for middle in (edit.before, edit.after))
    return " → ".join(f"“…{' '.join(words)}…”" for words in sides)


def check_corpus(folder: str | Path) -> Report:
    """What a folder of texts is like, text by text, and what the lessons can do with it.

    SourceError if there is no such folder, or no text in it at all; every other trouble is a
    sentence of the report.
    """
    found, corpus, faults = _set_aside(read_folder(folder))
    files = [sentence for name, sentence in found.problems if name not in SETTINGS]
    problems = list(dict.fromkeys([*files, *faults.values()]))
    proposals = find_proposals(found)
    usable = f"{_count(len(found.texts), 'text')} can be used"
    head = [f"{usable}, with {_count(len(corpus.passages), 'passage')}; {len(files)} cannot."]
    if faults:
        head.append(f"All that follows is without {', '.join(faults)}, until it is mended.")
    head += [f"No texts, left out: {', '.join(found.left_out)}."] if found.left_out else []
    notes = dict.fromkeys(text.raw.note for text in found.texts if text.raw.row)
    head += [f"{note}." for note in notes if note]
    looks: dict[str, Counter[str]] = {
        document.seed_file: Counter() for document in corpus.documents
    }
    for proposal in proposals:
        for name, *_ in proposal.edits:
            looks[name][proposal.rule] += 1
    both = zip(found.texts, corpus.documents, strict=True)
    texts = [_describe(text, document, looks[document.seed_file]) for text, document in both]
    *rules, (_, advice) = _propose(proposals)
    sections = [
        (found.path.name, head),
        ("What cannot be used", problems),
        ("Text by text", texts),
        ("Duplicates", list(_find_duplicates(corpus))),
        *((f"Rule {name}", lines) for name, lines in rules),
        ("Cleaning", advice),
        ("Themes", _describe_themes(corpus) if corpus.passages else []),
        ("Lessons", list(_describe_lessons(corpus)) if corpus.passages else []),
    ]
    return Report(sections, ready=not problems)


def _set_aside(folder: Folder) -> tuple[Folder, Corpus, dict[str, str]]:
    """A folder without those of its files of settings that are wrong, and what is wrong in them."""
    faults = {name: sentence for name, sentence in folder.problems if name in SETTINGS}
    corpus, codes = None, {} if "themes.toml" in faults else folder.codes  # for its themes
    folder = folder._replace(codes=codes)
    readers: dict[str, Callable[[Corpus], object]] = {
        "cleaning.toml, errata.toml": lambda corpus: corpus,
        "people.toml": people_of,
        "themes.toml, codes": find_theme_marks,
        "codes": theme_codes,
        "codebook.toml": _read_codebook,
    }
    for names, read in readers.items():
        try:
            read(corpus := corpus or make_corpus(folder))
        except TwoTracksError as error:
            faults[names] = str(error)
            kept = {key: table for key, table in folder.settings.items() if key not in names}
            codes = {} if "codes" in names.split(", ") else folder.codes
            folder, corpus = folder._replace(settings=kept, codes=codes), None
    return folder, corpus or make_corpus(folder), faults


def _read_codebook(corpus: Corpus) -> None:
    load_codebook(corpus=corpus)


def _describe(text: Text, document: Document, looks: Mapping[str, int]) -> str:
    source = text.raw.source
    language, share = guess_language(source.text)
    odd = len(ODD.findall(source.text)) + source.text.count("\ufffd")
    furniture = ", ".join(f"{count} {rule}" for rule, count in looks.items() if rule in PAGE)
    scan = [f"{count} {rule}" for rule, count in looks.items() if rule not in REMOVED]
    slips = ", ".join([*scan, f"{odd} odd characters or words"][: len(scan) + bool(odd)])
    facts = [
        f"{document.id} ({source.name}): {_count(len(document.passages), 'passage')}",
        f"{len(source.text.split()):,} words, {len(source.raw) / 1000:,.1f} kB",
        source.made or "UTF-8",
        f"probably {language}, a guess from its small words" if share else "language not guessed",
        f"date {document.date}, {document.date_precision}: {date.note.rstrip('.')}"
        if (date := text.known.get("date"))
        else "no date found",
        "" if text.raw.row else text.raw.note,  # that of a table is said of it as a whole
    ]
    said = "; ".join(filter(None, facts))
    said += furniture and f". Looks like furniture of a page or site: {furniture}"
    return f"{said}{slips and f'. Looks like mistakes of a scan or a copy: {slips}'}."


def guess_language(text: str) -> tuple[str, float]:
    """The language whose small words are most frequent in a text, and their share; a guess.

    Examples
    --------
    >>> guess_language("The end of the war is near, and that was the plan.")[0]
    'English'
    """
    words = Counter(re.findall(r"\w+", text[:100_000].casefold()))
    total = sum(words.values()) or 1
    shares = {
        language: sum(words[word] for word in small.split()) / total
        for language, small in STOP_WORDS.items()
    }
    best = max(shares, key=lambda language: shares[language])
    return (best, shares[best]) if shares[best] > 0.05 else ("", 0.0)


def _find_duplicates(corpus: Corpus) -> Iterator[str]:
    """Pairs of documents with at least half of the shorter one's longer passages in common."""
    places: dict[str, set[str]] = {}
    sizes, shared = Counter[str](), Counter[tuple[str, str]]()
    for document in corpus.documents:
        keys = {" ".join(re.findall(r"\w+", p.text.casefold())) for p in document.passages}
        keys = {key for key in keys if key.count(" ") > 6} or keys
        sizes[document.id] = len(keys)
        for key in keys:
            places.setdefault(key, set()).add(document.id)
    for ids in places.values():
        shared.update(combinations(sorted(ids), 2) if len(ids) <= 20 else ())
    for (one, other), count in sorted(shared.items()):
        least = min(sizes[one], sizes[other])
        if count == sizes[one] == sizes[other]:
            yield f"{one} and {other} are the same text; keep one."
        elif 2 * count >= least:
            yield f"{one} and {other} share {count} of {least} passages; is one a copy?"


def _describe_themes(corpus: Corpus) -> list[str]:
    marks = find_theme_marks(corpus)
    there = sorted(((len(ids), theme) for theme, ids in marks.items() if ids), reverse=True)
    missing = [theme for theme, ids in marks.items() if not ids]
    found = ", ".join(f"{theme} {count}" for count, theme in there)
    own = corpus.home is not None and corpus.home.themes is not None
    whose = "its themes.toml" if own else "the course's dictionary"
    said = [f"Passages by {whose}: {found}."] if there else []
    said += [f"Not found at all: {', '.join(missing)}."] if missing else []
    if own:
        codes = theme_codes(corpus)
        coders, read = {c.coder for c in codes}, {c.passage_id for c in codes}
        return [*said, f"Coded by {_count(len(coders), 'reader')}: {_count(len(read), 'passage')}."]
    return [*said, "The dictionary was written for the course's texts; read what it marks."]


def _find_thin(corpus: Corpus) -> dict[str, str]:
    """What makes a lesson thin, each a few words, or none."""
    documents, passages = corpus.documents, len(corpus.passages)
    undated = sum(not document.date for document in documents)
    unsigned = sum(not document.authors for document in documents)
    themes = sum(map(bool, find_theme_marks(corpus).values()))
    cleaned = {e.rule for ledger in corpus.ledgers.values() for e in ledger.edits} - {"whitespace"}
    thin = {
        "few": passages < 30 and f"only {_count(passages, 'passage')} to search",
        "edits": not cleaned and "nothing was cleaned but blanks",
        "dates": undated and f"{undated} of {_count(len(documents), 'text')} without a date",
        "authors": unsigned and f"{unsigned} of {_count(len(documents), 'text')} without an author",
        "people": explain_no_people(corpus).partition(", so")[0]
        or (not find_mentions(corpus) and "nobody of its people.toml is named"),
        "themes": themes < 4 and f"{_count(themes, 'theme')} found",
        "codes": not theme_codes(corpus) and "no reader has coded passages for a theme",
        "documents": len(documents) < 3 and f"only {_count(len(documents), 'text')} to compare",
    }
    return {name: words for name, words in thin.items() if words}


NEEDS: Mapping[str, Sequence[str]] = {
    "00": ["few"],
    "01": ["edits"],
    "02": ["dates", "authors"],
    "08": ["people"],
    "09": ["themes", "few"],
    "11": ["few"],
    "12": ["documents", "edits"],
    "13": ["few", "codes"],
    TEMPLATE: ["themes", "people", "dates"],
}


def _describe_lessons(corpus: Corpus) -> Iterator[str]:
    """For each lesson whether it runs on a corpus, and what will be thin."""
    import nbformat

    thin, folder = _find_thin(corpus), find_folder("notebooks")
    for path in (*find_lessons(folder), folder / TEMPLATE):
        lesson = nbformat.read(path, as_version=4)
        number = path.name[:2] if path.name != TEMPLATE else "template"
        name = f"{number} {title_of(lesson)}"
        needs = NEEDS.get(path.name, NEEDS.get(path.name[:2], ()))
        said = ", ".join(thin[need] for need in needs if need in thin)
        if is_tied(path):
            yield f"{name}: speaks of the course's own texts; left out."
        elif not takes_corpus(lesson):
            yield f"{name}: a lesson of tools, but it does not read other texts yet; left out."
        else:
            yield f"{name}: runs{said and f'; thin: {said}'}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
