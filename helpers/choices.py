"""Does a claim survive? The same comparison, counted again under other choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from itertools import product
from math import nan
from typing import Any, NamedTuple

import pandas as pd

from helpers.cleaning import EVERY_RULE, RULES
from helpers.corpus import Corpus
from helpers.counted import CountTable, build_table
from helpers.errors import SettingError, check_name
from helpers.groups import date_groups, tokens_of
from helpers.loading import course_corpus, load_corpus
from helpers.measures import per_thousand
from helpers.search import Names, Years, find_passages, keep_documents, known_values

__all__ = ["AS_CLAIMED", "Claim", "count_choices"]

AS_CLAIMED, EACH = "as claimed", "each"
UNITS = {name: name for name in ("passages", "hits", "documents")}
UNITS["per_1000_words"] = "hits per 1,000 words"
CONDITIONS = ("query", "theme", "document", "speaker", "person", "section", "years")
SWITCHABLE = [rule.name for rule in RULES if rule.switchable]

Side = Mapping[str, Names | Years]
Count = tuple[float, tuple[str, ...]]  # a number, and the ids of the passages behind it


@dataclass(frozen=True, slots=True)
class Claim:
    """That there is more of something on one side than on another.

    Parameters
    ----------
    words : str
        The claim as a sentence.
    more, less : mapping
        The two sides, each as conditions of `find_passages`: ``{"years": (2000, 2003)}``.
    query, theme : str, optional
        What is counted on both sides, one of the two. Without them each side names its own:
        ``more={"query": "Iran"}``.
    unit : {"passages", "hits", "documents", "per_1000_words"}, optional
        In what it is counted; the last is hits per 1,000 words of all passages of a side.
    """

    words: str
    _: KW_ONLY
    more: Side
    less: Side
    query: str = ""
    theme: str = ""
    unit: str = "passages"

    def __post_init__(self) -> None:
        check_name("unit", self.unit, UNITS)
        for condition in (*self.more, *self.less):
            check_name("condition", condition, CONDITIONS)
        if len(set(self.sides)) < 2:
            raise SettingError("Both sides of the claim are the same; give each its own condition.")
        own = all({"query", "theme"} & side.keys() for side in (self.more, self.less))
        if (self.query and self.theme) or not (self.query or self.theme or own):
            raise SettingError("Say what is counted: a query or a theme, or one for each side.")

    @property
    def sides(self) -> tuple[str, str]:
        """A short name for each side: what sets it apart from the other."""
        more, less = (
            " · ".join(_say(side[name]) for name in side if side[name] != other.get(name)) or "all"
            for side, other in ((self.more, self.less), (self.less, self.more))
        )
        return (more, less) if more != less else (_say_all(self.more), _say_all(self.less))


class _Setting(NamedTuple):
    """One way to count: four decisions."""

    off: str  # a cleaning rule
    left_out: str  # a document
    counted: tuple[str, str]  # "query" or "theme", and which; blank if each side names its own
    unit: str

    def say(self) -> list[str]:
        """The decisions in words."""
        off = f"rule {self.off} off" if self.off else "all rules on"
        left_out = f"without {self.left_out}" if self.left_out else "no document left out"
        return [off, left_out, " ".join(self.counted).strip(), f"unit: {UNITS[self.unit]}"]

    def name(self, own: _Setting) -> str:
        """In what it differs from the claim's own setting."""
        pairs = zip(self.say(), own.say(), strict=True)
        return " · ".join(said for said, before in pairs if said != before) or AS_CLAIMED


def count_choices(  # noqa: PLR0913 -- one keyword for each kind of choice
    claim: Claim,
    *,
    queries: Names = (),
    themes: Names = (),
    documents: Names = (),
    rules: Names = (),
    units: Names = (),
    cross: bool = False,
    corpus: Corpus | None = None,
) -> CountTable:
    """A claim as it was counted first, and counted again under each of the other choices.

    Parameters
    ----------
    claim : Claim
        Which side has more of what.
    queries, themes, documents, rules, units : str or sequence of str, optional
        What to try: counting something else; leaving out a document; switching off a cleaning
        rule (in the course's own texts); another unit. ``"each"`` stands for all documents,
        rules or units.
    cross : bool, optional
        Combine them, each with each, in place of changing one thing at a time.
    corpus : Corpus, optional
        The course's own if left out.

    Returns
    -------
    CountTable
        A row for each choice: the number of either side, the share of the first in both
        together (per cent; 50 is no difference), and whether the claim holds: ``yes``, ``no``,
        or ``–`` where a side has no passages or nothing is found on either.

    Examples
    --------
    >>> sides = {"more": {"document": "azizian-2003"}, "less": {"document": "edm-2010"}}
    >>> claim = Claim("2003 has more missiles than 2010.", query="missile*", **sides)
    >>> count_choices(claim, units="per_1000_words")["holds"].to_dict()
    {'as claimed': 'yes', 'unit: hits per 1,000 words': 'no'}
    """
    corpus = corpus or course_corpus()
    kind = "query" if claim.query else "theme" if claim.theme else ""
    tried = [("query", name) for name in _list(queries)]
    tried += [("theme", name) for name in _list(themes)]
    if tried and not kind:
        raise SettingError("Each side names its own words; to try others, change the sides.")
    decisions: dict[str, list[Any]] = {
        "off": ["", *_known("rule that can be switched off", rules, _switchable(corpus))],
        "left_out": ["", *_documents(documents, corpus)],
        "counted": [(kind, claim.query or claim.theme), *tried],
        "unit": [claim.unit, *_known("unit", units, list(UNITS))],
    }
    settings = _combine(decisions, cross=cross)
    rows: dict[str, tuple[Count, Count]] = {}
    for setting in settings:
        varied = _without_rule(corpus, setting.off) if setting.off else corpus
        more, less = (_count(varied, side, setting) for side in (claim.more, claim.less))
        rows[setting.name(settings[0])] = more, less
    against = f"{_say_all(claim.more)} against {_say_all(claim.less)}"
    table = _build(claim, rows, " · ".join(filter(None, [*settings[0].say(), against])))
    tested = [place for place, values in enumerate(decisions.values()) if len(set(values)) > 1]
    said = [tuple(setting.say()[place] for place in tested) for setting in settings]
    table.attrs["decisions"] = dict(zip(rows, said, strict=True))
    table.attrs["crossed"] = cross and len(rows) > 1
    return table


def _list(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _known(kind: str, asked: Names, known: list[str]) -> list[str]:
    return known if asked == EACH else [check_name(kind, name, known) for name in _list(asked)]


def _documents(asked: Names, corpus: Corpus) -> list[str]:
    """The documents to leave out, in order of date; never the only one."""
    names = _known("document", asked, known_values("document", corpus=corpus.whole))
    here = list(date_groups(corpus, "document"))
    return [name for name in here if name in names and len(here) > 1]


def _combine(decisions: Mapping[str, Sequence[Any]], *, cross: bool) -> list[_Setting]:
    """The claim's own decisions, then one changed at a time, or each with each; none twice."""
    own = _Setting(*(values[0] for values in decisions.values()))
    ways: Iterable[_Setting] = (
        own._replace(**{name: value}) for name, values in decisions.items() for value in values
    )
    if cross:
        ways = (_Setting(*values) for values in product(*decisions.values()))
    return list(dict.fromkeys(ways))


def _say(values: Names | Years) -> str:
    """Names side by side; years as a range with open sides."""
    if isinstance(values, str) or all(isinstance(value, str) for value in values):
        return ", ".join(_list(values))  # type: ignore[arg-type]
    return "–".join(str(value or "…") for value in values)


def _say_all(side: Side) -> str:
    return ", ".join(f"{name} {_say(value)}" for name, value in side.items()) or "all passages"


def _switchable(corpus: Corpus) -> list[str]:
    """The rules that can be switched off in a corpus, in order."""
    on = corpus.rules_on if corpus.home else SWITCHABLE
    return [rule.name for rule in EVERY_RULE if rule.switchable and rule.name in on]


@lru_cache(maxsize=8)
def _without_rule(corpus: Corpus, rule: str) -> Corpus:
    """The same documents with one rule more switched off."""
    home, known = corpus.home, {document.sha256 for document in course_corpus().documents}
    if not home and not known.issuperset(document.sha256 for document in corpus.documents):
        raise SettingError(
            "Rules can be switched off in the course's texts and in a folder of your own only."
        )
    chosen = (home.path, home.accepted) if home else ("", ())
    names = [document.id for document in corpus.documents]
    off = sorted({*corpus.without, rule})
    return keep_documents(names, corpus=load_corpus(chosen[0], rules=chosen[1], without=off))


def _count(corpus: Corpus, side: Side, setting: _Setting) -> Count:
    """How much there is on a side, and where; not a number if the side has no passages at all."""
    kind, words = setting.counted
    if kind in side:
        raise SettingError(f"A {kind} is a condition of one side; it cannot be counted as well.")
    counts = kind or ("query" if "query" in side else "theme")
    around: dict[str, Any] = {name: value for name, value in side.items() if name != counts}
    asked = {**around, counts: words or side[counts]}
    selection = find_passages(corpus=corpus, **asked)
    found, whole = (
        [passage for passage in passages if passage.doc_id != setting.left_out]
        for passages in (selection, find_passages(corpus=corpus, **around))
    )
    ids = tuple(passage.id for passage in found)
    hits = sum(len(selection.hits(passage)) for passage in found)
    words_around = sum(len(tokens_of(corpus)[passage.id]) for passage in whole)
    numbers = {
        "passages": len(ids),
        "hits": hits,
        "documents": len({passage.doc_id for passage in found}),
        "per_1000_words": per_thousand(hits, words_around),
    }
    return numbers[setting.unit] if whole else nan, ids


def _build(claim: Claim, rows: Mapping[str, tuple[Count, Count]], own: str) -> CountTable:
    """The table of the numbers in each row, with what can be said of them."""
    lines, sides = list[tuple[float | str, ...]](), claim.sides
    for (more, _), (less, _) in rows.values():
        if more + less > 0:  # not so where one is not a number
            holds = "yes" if more > less else "no"
            lines.append((more, less, round(100 * more / (more + less)), holds))
        else:
            lines.append((more, less, nan, "–"))
    columns = [pd.array(values, dtype=object) for values in zip(*lines, strict=True)]
    holding = list(columns[-1])
    unknown = holding.count("–")
    extent = f"holds under {holding.count('yes')} of {len(rows) - unknown} choices"
    if unknown:
        extent += f", {unknown} cannot be compared"
    about = {"title": claim.words, "extent": extent, "conditions": own}
    named = dict(zip((*sides, "share", "holds"), columns, strict=True))
    behind = {(row, sides[i]): pair[i][1] for row, pair in rows.items() for i in (0, 1)}
    return build_table(named, rows, "choice", about, behind)
