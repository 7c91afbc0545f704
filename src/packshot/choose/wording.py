"""Numbers in words, a whole column at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from packshot.choose.terms import Reals

NEAR_TIE = 1e-6
"""So near to the middle between two roundings, in the last digit, a value is rounded by its own digits."""


def worded(pattern: str, values: pl.Series, steps: int) -> pl.Series:
    """`pattern.format(value)` for each value; null where it is null.

    `steps` says how finely the pattern rounds: 100 for `{:.2f}`, 1 for `{:.0f}`. Equal roundings are made into text
    once.
    """
    known = values.drop_nulls()
    numbers: Reals = known.to_numpy().astype(np.float64)
    scaled = numbers * steps
    codes = np.rint(scaled)
    with np.errstate(invalid="ignore"):  # infinite values are no ties
        ties = np.abs(np.abs(scaled - codes) - 0.5) < NEAR_TIE + 1e-12 * np.abs(scaled)
    codes[ties] = np.inf  # told one by one below
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    texts = pl.Series([pattern.format(value) for value in numbers[first].tolist()], dtype=pl.String).gather(place)
    if ties.any():
        at = np.flatnonzero(ties | np.isinf(numbers))
        texts = texts.scatter(at, [pattern.format(value) for value in numbers[at].tolist()])
    if known.len() == values.len():
        return texts.alias(values.name)
    there = values.is_not_null()
    spots = pl.select(pl.when(there).then(there.cum_sum().cast(pl.Int64) - 1)).to_series()
    return texts.gather(spots).alias(values.name)
