"""95 % intervals from drawing whole groups again, within strata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

DRAWS = 1000
SEED = 20261123
LEAST_GROUPS = 5
"""Strata of fewer groups are drawn together: one group alone would not vary at all."""
CELLS = 2_000_000
"""Weights that are held at once."""


def strata_of(groups: NDArray[np.intp], truth: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each group: 0 when it holds only others, 1 only true items, 2 both; small strata are thrown together."""
    count = int(groups.max()) + 1
    true, other = np.zeros(count, bool), np.zeros(count, bool)
    np.logical_or.at(true, groups, truth)
    np.logical_or.at(other, groups, ~truth)
    kind = np.where(true & other, 2, true.astype(int))
    sizes = np.bincount(kind, minlength=3)
    small = [one for one in range(3) if 0 < sizes[one] < LEAST_GROUPS]
    if small:
        into = int(np.argmax(sizes))
        kind = np.where(np.isin(kind, small), into, kind)
    return kind.astype(np.intp)


def weights_of(groups: NDArray[np.intp], truth: NDArray[np.bool_]) -> Iterator[NDArray[np.float64]]:
    """How often each item is drawn, (draws, n) at a time, `DRAWS` altogether: groups whole, each stratum as large."""
    strata = strata_of(groups, truth)
    rng = np.random.default_rng(SEED)
    left = DRAWS
    while left:
        rows = min(left, max(1, CELLS // len(groups)))
        drawn = np.zeros((rows, len(strata)))
        for stratum in np.unique(strata):
            own = np.flatnonzero(strata == stratum)
            drawn[:, own] = rng.multinomial(len(own), np.full(len(own), 1 / len(own)), size=rows)
        yield drawn[:, groups]
        left -= rows


def interval(
    figure: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    groups: NDArray[np.intp],
    truth: NDArray[np.bool_],
    trials: NDArray[np.bool_] | None = None,
) -> dict[str, float | None]:
    """`value low high` of a figure of weights (draws, n).

    `trials` marks the items that a share is taken of: where all or none of them hit, drawing again says nothing, and
    the interval is Wilson's over their groups. Fewer than two groups have no interval.
    """
    value = float(figure(np.ones((1, len(groups))))[0])
    if np.isnan(value):
        return {"value": None, "low": None, "high": None}
    low = high = None
    if trials is not None and value in {0.0, 1.0}:
        count = len(np.unique(groups[trials]))
        low, high = wilson(round(value * count), count)
    elif len(np.unique(groups)) > 1:
        drawn = np.concatenate([figure(weights) for weights in weights_of(groups, truth)])
        low, high = (float(one) for one in np.nanpercentile(drawn, [2.5, 97.5]))
    return {"value": round(value, 4), "low": _rounded(low), "high": _rounded(high)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
