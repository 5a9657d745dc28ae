"""How far readers agree on codes: one row a code, what it means, and the passages behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from helpers.codebook import load_codebook
from helpers.coding import Coding
from helpers.coefficients import (
    find_interval,
    measure_ac1,
    measure_alpha,
    measure_fleiss,
    measure_kappa,
    measure_percent,
)
from helpers.corpus import Corpus
from helpers.counted import CountTable, build_table
from helpers.errors import check_name
from helpers.loading import course_corpus
from helpers.search import Names

__all__ = [
    "ALONE",
    "Reading",
    "count_of",
    "cut",
    "describe_readers",
    "measure_agreement",
    "read_together",
]

RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff, Content Analysis (2nd ed. 2004), p. 241
RARE, WIDE = 0.25, 0.4
ALONE = "No passage was coded by two readers yet, so there is nothing to compare."
COUNTED = ("passages", "given", "disputed")
MEASURES = ("prevalence", "percent", "kappa", "AC1", "alpha", "low", "high")


@dataclass(frozen=True, slots=True)
class Reading:
    """What readers said on one code: by coder and passage.

    `passages` are those that two or more of them coded, in reading order.
    """

    code: str
    said: Mapping[str, Mapping[str, Coding]]
    passages: tuple[str, ...]

    def of(self, passage_id: str) -> list[Coding]:
        """The codings of one passage, coder by coder."""
        return [own[passage_id] for own in self.said.values() if passage_id in own]

    def votes(self, passage_id: str) -> set[bool]:
        """Whether the code was given to a passage, not given, or both."""
        return {coding.given for coding in self.of(passage_id)}

    @property
    def given(self) -> tuple[str, ...]:
        """The passages to which somebody gave the code."""
        return tuple(i for i in self.passages if True in self.votes(i))

    @property
    def disputed(self) -> tuple[str, ...]:
        """The passages on which readers differ."""
        return tuple(i for i in self.passages if len(self.votes(i)) > 1)

    @property
    def ratings(self) -> list[list[int | None]]:
        """1 given, 0 not given, None not considered: coders by passages."""
        rows = ([own.get(i) for i in self.passages] for own in self.said.values())
        return [[None if cell is None else int(cell.given) for cell in row] for row in rows]


def read_together(
    codings: Iterable[Coding],
    *,
    codes: Names = (),
    round: int = 1,  # noqa: A002 -- the word of the field
    corpus: Corpus | None = None,
) -> list[Reading]:
    """Codings sorted by code, coder and passage, of whatever is in the corpus.

    Parameters
    ----------
    codings : iterable of Coding
        Of two readers or more, as ``my_codes() + team_codes()``.
    codes : str or sequence of str, optional
        Ids of codes; all that occur if empty.
    round : int, optional
        The round; of those who did not code a passage again, what they said before.
    corpus : Corpus, optional
        The course's own if left out.

    Raises
    ------
    UnknownNameError
        If there is no such code.
    """
    corpus = corpus or course_corpus()
    places = {passage.id: n for n, passage in enumerate(corpus.passages)}
    said: dict[str, dict[str, dict[str, Coding]]] = {}
    for coding in sorted(codings, key=lambda coding: coding.round):
        own = said.setdefault(coding.code, {}).setdefault(coding.coder, {})
        if coding.round <= round and coding.passage_id in places:
            own[coding.passage_id] = coding
    codebook = list(load_codebook(corpus=corpus).codes)
    here = [code for code, own in said.items() if any(own.values())] or codebook
    known = dict.fromkeys([*said, *codebook])
    asked = [codes] if isinstance(codes, str) else list(codes)
    chosen = [check_name("code", code, known) for code in asked if code] or here
    return [_read_one(code, said.get(code, {}), places) for code in chosen]


def _read_one(
    code: str, said: Mapping[str, Mapping[str, Coding]], places: Mapping[str, int]
) -> Reading:
    own = {coder: passages for coder, passages in said.items() if passages}
    coders = Counter(passage_id for passages in own.values() for passage_id in passages)
    shared = [passage_id for passage_id, number in coders.items() if number > 1]
    return Reading(code, own, tuple(sorted(shared, key=places.__getitem__)))


def measure_agreement(
    codings: Iterable[Coding],
    *,
    codes: Names = (),
    round: int = 1,  # noqa: A002 -- the word of the field
    seed: int = 2003,
    corpus: Corpus | None = None,
) -> CountTable:
    """How far readers agree on each code, and what that means.

    Parameters
    ----------
    codings, codes, round, corpus
        As for `read_together`.
    seed : int, optional
        The same gives the same interval.

    Returns
    -------
    CountTable
        One row a code: coders; passages that two or more coded; given (passages to which
        somebody gave it) and disputed; prevalence (the share of all decisions that give it);
        percent agreement, kappa (Cohen's for two coders, Fleiss' for more), Gwet's AC1,
        Krippendorff's alpha and the ends of its 95 % interval (see `helpers.coefficients`);
        blank where a measure has no value. ``attrs["passages"]`` holds the ids by
        (code, column); a sentence for each code stands under the table.
    """
    readings = read_together(codings, codes=codes, round=round, corpus=corpus)
    found = [_measure(reading, seed) for reading in readings]
    behind = _list_passages(readings)
    columns: dict[str, list[float]] = {"coders": [len(reading.said) for reading in readings]}
    columns |= {name: [len(behind[r.code, name]) for r in readings] for name in COUNTED}
    columns |= {name: [cut(measured[name]) for measured in found] for name in MEASURES}
    about: dict[str, Any] = {"title": "agreement of readers", **describe_readers(readings)}
    kappa = "Fleiss'" if any(len(reading.said) > 2 for reading in readings) else "Cohen's"
    about["conditions"] += f" · round {round} · kappa: {kappa} · low to high: alpha, 95 %"
    if any(reading.passages for reading in readings):
        about["notes"] = tuple(map(_explain, readings, found))
    else:
        about["instead"] = ALONE
    return build_table(columns, [reading.code for reading in readings], "code", about, behind)


def _list_passages(readings: Sequence[Reading]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (reading.code, name): ids
        for reading in readings
        for name, ids in zip(
            COUNTED, (reading.passages, reading.given, reading.disputed), strict=True
        )
    }


def describe_readers(readings: Sequence[Reading]) -> dict[str, str]:
    """How many passages were coded by two readers or more, and who the readers are."""
    shared = {passage_id for reading in readings for passage_id in reading.passages}
    coders = list(dict.fromkeys(coder for reading in readings for coder in reading.said))
    more = f" and {len(coders) - 6} more" if len(coders) > 6 else ""
    return {
        "extent": f"{count_of(shared, 'passage')} coded by two or more",
        "conditions": f"coders: {', '.join(coders[:6]) or 'none'}{more}",
    }


def count_of(things: Sized, what: str) -> str:
    """How many, in words: ``1 passage``, ``2 passages``."""
    return f"{len(things)} {what}" if len(things) == 1 else f"{len(things)} {what}s"


def cut(value: float) -> float:
    """To two places, for a table."""
    return float(f"{value:.2f}") + 0.0  # no minus before a zero


def _measure(reading: Reading, seed: int) -> dict[str, float]:
    """The measures of one code by name; NaN where they have no value."""
    if not reading.passages:
        return dict.fromkeys(MEASURES, nan)
    ratings = reading.ratings
    made = [value for row in ratings for value in row if value is not None]
    kappa = measure_kappa if len(ratings) == 2 else measure_fleiss
    low, high = find_interval(ratings, seed=seed)
    return {
        "prevalence": sum(made) / len(made),
        "percent": measure_percent(ratings),
        "kappa": kappa(ratings),
        "AC1": measure_ac1(ratings, values=(0, 1)),
        "alpha": measure_alpha(ratings),
        "low": low,
        "high": high,
    }


def _explain(reading: Reading, measured: Mapping[str, float]) -> str:
    """What the measures of a code mean, and where they mislead, in plain words."""
    every, alpha = len(reading.passages), measured["alpha"]
    if not every:
        return f"{reading.code}: no passage was coded by two readers."
    if isnan(alpha):
        who = "everybody gave it to each" if reading.given else "nobody gave it to any"
        return (
            f"{reading.code}: {who} of the {every} passages; where nothing varies, kappa and "
            "alpha have no value, and percent and AC1 of 1 say little."
        )
    agreed, low, high = every - len(reading.disputed), measured["low"], measured["high"]
    unsure = ""
    if agreed == every:
        unsure = " Without a disputed passage the interval cannot say how sure that is."
    elif high - low > WIDE:
        unsure = (
            f" Other passages might have given anything from {cut(low):.2f} to {cut(high):.2f}."
        )
    return (
        f"{reading.code}: all who coded agree on {agreed} of {every} passages; "
        f"{_judge(measured)}{unsure}"
    )


def _judge(measured: Mapping[str, float]) -> str:
    alpha, share = measured["alpha"], measured["prevalence"]
    said = f"alpha {cut(alpha):.2f} is "
    if alpha >= RELIABLE:
        return f"{said}well beyond chance, and the code can be counted."
    if alpha >= TENTATIVE:
        return f"{said}beyond chance, but enough for tentative conclusions only."
    if measured["percent"] >= RELIABLE and not RARE <= share <= 1 - RARE:
        kind, side = ("rare", "absence") if share < RARE else ("frequent", "presence")
        return (
            f"yet {said}low: the code is {kind} ({cut(share):.0%} of all decisions), so that "
            f"chance alone gives much agreement on its {side}, and a few passages decide. "
            "Read them."
        )
    return f"{said}too low for counting: talk about the passages on which you differ."
