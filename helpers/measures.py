"""The measures: plain functions of plain numbers, each with its range, weakness and source."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log2, nan

__all__ = ["deviation_of_proportions", "log_dice", "log_likelihood", "log_ratio", "per_thousand"]


def per_thousand(count: int, words: int) -> float:
    """How often per 1,000 words, to two decimals; not a number where there are no words."""
    return round(1000 * count / words, 2) if words else nan


def log_likelihood(target: int, reference: int, target_words: int, reference_words: int) -> float:
    """How surely a word is more, or less, frequent in one text than in another (G²).

    From how often the word stands in each, and how many words each has. From 0 (equally frequent)
    without upper bound; the higher, the stronger the evidence of a difference in either
    direction. 3.84 is exceeded by chance one time in twenty.

    Notes
    -----
    Evidence, not size: it grows with the length of the texts. It takes words for independent
    draws, which they are not: a word that one document repeats looks surer than it is. Where
    hundreds of words are compared, some exceed 3.84 by chance. Source: P. Rayson and R.
    Garside, "Comparing corpora using frequency profiling", Workshop on Comparing Corpora, ACL
    2000, pp. 1–6.

    Examples
    --------
    >>> round(log_likelihood(52, 57, 50_000, 75_000), 2)
    2.65
    """
    share = (target + reference) / (target_words + reference_words)
    pairs = ((target, target_words * share), (reference, reference_words * share))
    return max(0.0, 2 * sum(n * log(n / expected) for n, expected in pairs if n))


def log_ratio(target: int, reference: int, target_words: int, reference_words: int) -> float:
    """How many times as frequent a word is in one text as in another, in doublings.

    Takes the same numbers as `log_likelihood`. 0 if equally frequent, 1 if twice, 2 if four
    times as frequent in the target; negative if rarer there; no bounds.

    Notes
    -----
    Size, not evidence: a word found once or twice can have a high ratio by accident. A word
    that is missing on one side counts as half a word there, so its ratio is an estimate.
    Source: A. Hardie, "Log Ratio: an informal introduction", ESRC Centre for Corpus Approaches
    to Social Science, Lancaster, 28 April 2014.

    Examples
    --------
    >>> round(log_ratio(6, 2, 10_000, 10_000), 2)  # three times as frequent
    1.58
    """
    return log2((target or 0.5) / target_words) - log2((reference or 0.5) / reference_words)


def log_dice(together: int, node: int, collocate: int) -> float:
    """How exclusively two words keep each other's company.

    From how often they stand `together`, 1 or more, and how often each stands in the texts. At
    most 14: neither ever stands without the other. One point more is twice as strong; 0 is one
    meeting in 16,000 occurrences. It does not depend on the length of the texts.

    Notes
    -----
    No test of chance: words that are rare and met once can score high. Source: P. Rychlý, "A
    lexicographer-friendly association score", Proceedings of RASLAN 2008, Brno, pp. 6–9.

    Examples
    --------
    >>> log_dice(5, 5, 5), log_dice(5, 10, 10)
    (14.0, 13.0)
    """
    return 14 + log2(2 * together / (node + collocate))


def deviation_of_proportions(counts: Sequence[int], sizes: Sequence[int]) -> tuple[float, float]:
    """How unevenly something is spread over the parts of a corpus (DP, and DP normalised).

    From how often it stands in each of n parts, and how many words each part has: DP, from 0
    (spread as the words are) to nearly 1 (all in the smallest part), and DP divided by its
    largest possible value, so that it reaches 1. Not a number where nothing was found, or where
    there is but one part.

    Notes
    -----
    Fewer occurrences than parts cannot be spread evenly, whatever their author meant; and the
    value depends on how the corpus is cut. It cannot tell a chance lump from a real one (R. N.
    Nelson, "Too noisy at the bottom", Journal of Quantitative Linguistics 30, 2023). Source:
    S. Th. Gries, "Dispersions and adjusted frequencies in corpora", International Journal of
    Corpus Linguistics 13 (2008), pp. 403–437; normalised as in J. Lijffijt and S. Th. Gries,
    "Correction", the same 17 (2012), pp. 147–149.

    Examples
    --------
    >>> [round(value, 2) for value in deviation_of_proportions([2, 1, 0], [10, 10, 10])]
    [0.33, 0.5]
    """
    found, words = sum(counts), sum(sizes)
    if not found:
        return nan, nan
    gaps = (abs(n / found - size / words) for n, size in zip(counts, sizes, strict=True))
    deviation, largest = sum(gaps) / 2, 1 - min(sizes) / words
    return deviation, deviation / largest if largest else nan
