"""What a share of a few trials says: the Wilson interval, and how likely chance alone does as well."""

from __future__ import annotations

import math

Z = 1.959964
"""Of a 95 % interval."""


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927); 0 to 1 without trials."""
    if trials == 0:
        return 0.0, 1.0
    share, spread = hits / trials, Z**2 / trials
    middle = (share + spread / 2) / (1 + spread)
    reach = Z * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share(hits: int, trials: int) -> dict[str, float | int | None]:
    """Hits, trials, share and interval, for the result file."""
    low, high = wilson(hits, trials)
    found = round(hits / trials, 4) if trials else None
    return {"hits": hits, "trials": trials, "share": found, "low": round(low, 4), "high": round(high, 4)}


def told(hits: int, trials: int) -> str:
    """`0.95 (0.91 to 0.98), 190 of 200`."""
    if trials == 0:
        return "none there"
    low, high = wilson(hits, trials)
    return f"{hits / trials:.3f} ({low:.3f} to {high:.3f}), {hits} of {trials}"


def chance_of(hits: int, odds: list[float]) -> float:
    """How likely independent trials with these odds give at least so many hits."""
    counts = [1.0]
    for odd in odds:
        counts = [
            (counts[k] * (1 - odd) if k < len(counts) else 0.0) + (counts[k - 1] * odd if k else 0.0)
            for k in range(len(counts) + 1)
        ]
    return sum(counts[hits:])


def sign_test(one: list[bool], other: list[bool]) -> float:
    """How likely chance alone sets two choices as far apart on the trials where they differ: exact, two-sided.

    The same trials in the same order; Q. McNemar's question (1947), answered by the binomial distribution.
    """
    wins = sum(a and not b for a, b in zip(one, other, strict=True))
    losses = sum(b and not a for a, b in zip(one, other, strict=True))
    trials = wins + losses
    tail = sum(math.comb(trials, k) for k in range(min(wins, losses) + 1)) / 2**trials
    return min(1.0, 2 * tail)
