"""Of several pictures that a filtered copy could have been made of, the one that it fits best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from packshot.match.copy_geometry import Fits, Flags, Floats
    from packshot.match.hamming import Rows

PALER = 0.75
"""Factor of chroma up to which one picture of a pair is made of the other, and not the other way round."""
SHARED = 0.3
"""Least share of points that two pictures have in common, be they copies or not, that could be one picture's source."""


def without_rivals(laid: Fits, found: Flags, pairs: tuple[Rows, Rows], scores: Floats) -> Flags:
    """`found`, less those that a better one rules out, shape (m,).

    A grey copy of a shirt fits the same shirt in all its colours. Where it fits two pictures that share their points
    and are yet no copies of each other, such as a blue and a green shirt, it was made of one of them: that of the
    best of `scores`. The other is a colour variant of it. `pairs` are rows of pictures.
    """
    left, right = pairs
    whole = int(max(left.max(initial=0), right.max(initial=0))) + 1
    key = np.minimum(left, right) * whole + np.maximum(left, right)
    apart = np.setdiff1d(key[laid.sound & (laid.support >= SHARED)], key[found])
    with np.errstate(divide="ignore"):
        into_left, into_right = 1 / laid.chroma <= PALER, laid.chroma <= PALER
    copy = np.concatenate([left[found & into_left], right[found & into_right]])
    source = np.concatenate([right[found & into_left], left[found & into_right]])
    pair = np.concatenate([np.flatnonzero(found & into_left), np.flatnonzero(found & into_right)])
    order = np.lexsort((source, -scores[pair], copy))
    copy, source, pair = copy[order], source[order], pair[order]
    _, begin, at = np.unique(copy, return_index=True, return_inverse=True)
    best = source[begin][at]
    rival = np.isin(np.minimum(best, source) * whole + np.maximum(best, source), apart)
    kept = found.copy()
    kept[pair[rival]] = False
    return kept
