"""Small formulas that several measures share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, and straight in between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def quantile(values: NDArray[np.floating], share: float) -> float:
    """The value that `share` of the values do not exceed (no interpolation: many times as fast as np.percentile)."""
    place = min(values.size - 1, int(share * values.size))
    return float(np.partition(values, place)[place])


def level_quantiles(levels: NDArray[np.uint8], shares: Sequence[float]) -> NDArray[np.float64]:
    """As np.quantile(levels, shares) of at least one 8-bit level, counted instead of sorted."""
    sums = np.cumsum(np.bincount(levels.ravel(), minlength=256))
    places = np.asarray(shares, np.float64) * (levels.size - 1)
    below = np.floor(places)
    lower, upper = np.searchsorted(sums, below, "right"), np.searchsorted(sums, np.ceil(places), "right")
    return np.asarray(lower + (upper - lower) * (places - below), np.float64)
