"""Whether what is called a probability is one: reliability bins, expected calibration error, Brier score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from intervals import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 10


def calibration(score: NDArray[np.float64], truth: NDArray[np.bool_]) -> dict[str, Any]:
    """Bins of equal width with their mean score, share of true items (Wilson interval) and count; ECE; Brier score.

    ECE is the mean distance of score and share over the bins, weighted by count (Naeini et al., 2015). It speaks of
    the exam's share of true items, which is seldom that of a shop.
    """
    place = np.clip((score * BINS).astype(int), 0, BINS - 1)
    bins = []
    for number in range(BINS):
        own = place == number
        if own.any():
            hits, count = int(truth[own].sum()), int(own.sum())
            low, high = wilson(hits, count)
            bins.append(
                {
                    "mean_score": round(float(score[own].mean()), 4),
                    "share": round(hits / count, 4),
                    "low": round(low, 4),
                    "high": round(high, 4),
                    "n": count,
                }
            )
    off = sum(abs(one["mean_score"] - one["share"]) * one["n"] for one in bins) / max(1, len(score))
    return {"bins": bins, "ece": round(off, 4), "brier": round(float(np.mean((score - truth) ** 2)), 4)}
