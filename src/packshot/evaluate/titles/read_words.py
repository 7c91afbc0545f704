"""The words that were read on a picture against those of its listing's title and brand."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from packshot.evaluate.titles.listing_text import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

METHOD = 1
"""Raise it when the agreement of the same words changes."""
ALIKE = 0.6
"""Two words are one from this likeness on: `Vanilj` and `vanilla`, `Arlo` and `Arla`, `SOMMARMJCLK` and `sommarmjölk`.
Set on half the packs of grocery_store; 0.6 did better than 0.7 there."""
ENOUGH = 3
"""So many of a title's words are all that a pack is expected to say."""
SHORTEST, LONGEST = 3, 32
"""Letters of words that are compared; what is longer is cut."""
_WORD = re.compile(rf"[a-z]{{{SHORTEST},}}")
_ZERO = re.compile(r"(?<=[a-z])0|0(?=[a-z])")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "\u0131": "i"})


def words_of(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The words of Latin letters in `texts`, each once, in one form for all ways of writing them.

    Without case and accents, which packs drop and readers miss; a nought beside a letter is an o.
    """
    found: dict[str, None] = {}
    for text in texts:
        plain = unicodedata.normalize("NFKD", normal(text).casefold())
        bare = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
        found.update(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(_ZERO.sub("o", bare))))
    return tuple(found)


def agreements(read: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """How much of each title was read on its picture, 0 to 1; NaN where there are no words on one of the two.

    Both are what `words_of` gave. A word of the title counts from 0.2 to 1, by the likeness of the most alike word
    that was read, or two that follow each other: twice the likeness, less 1. The sum is divided by their number, or by
    `ENOUGH` where they are more.
    """
    found = np.full(len(read), np.nan, np.float32)
    for row, (seen, asked) in enumerate(zip(read, wanted, strict=True)):
        if seen and asked:
            there = (*seen, *(one + other for one, other in pairwise(seen)))
            best = (max(_likeness(*sorted((word, other))) for other in there) for word in asked)
            counted = sum(2 * one - 1 for one in best if one >= ALIKE)
            found[row] = min(1.0, counted / min(len(asked), ENOUGH))
    return found


@lru_cache(maxsize=1 << 16)
def _likeness(word: str, other: str) -> float:
    """1 less the edits (V. Levenshtein, 1966) that make one of the other, as a share of the longer; 0 below `ALIKE`."""
    longer = max(len(word), len(other))
    most = longer * (1 - ALIKE)
    if abs(len(word) - len(other)) > most:
        return 0.0
    above = list(range(len(other) + 1))
    for number, letter in enumerate(word, 1):
        row = [number]
        for place, one in enumerate(other, 1):
            row.append(min(above[place - 1] + (letter != one), above[place] + 1, row[-1] + 1))
        if min(row) > most:
            return 0.0
        above = row
    return 1 - above[-1] / longer
