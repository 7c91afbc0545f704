"""What edges are like from side to side: how wide they are, and whether they overshoot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane = NDArray[np.float32]

REACH = 8
"""Pixels on each side of an edge that are looked at."""
STEEPEST = 6.0
"""Levels from one neighbour to the next but one below which nothing counts as an edge."""
MOST = 1500
"""Edges of each direction that are looked at."""
FEWEST = 12
EDGES = 8
_OFFSETS = np.arange(-REACH, REACH + 1)


def edge_traits(stack: Plane, count: int) -> NDArray[np.float64]:
    """EDGES numbers about upright and level edges in tiles of levels (n * h, w), one below the other.

    Widths in pixels from the lowest to the highest level (P. Marziliano et al., "A no-reference perceptual blur
    metric", 2002, with the contrast over the steepest step for a width) at three quantiles, their difference between
    upright and level edges, how far levels rise over what follows, how restless the sides are, how many edges there
    are and how strong.
    """
    tiles = stack.reshape(count, -1, stack.shape[1])
    upright = _profiles(tiles)
    level = _profiles(np.ascontiguousarray(tiles.transpose(0, 2, 1)))
    both = np.concatenate([upright, level], axis=1)
    first, edges = upright.shape[1], both.shape[1]
    if edges < FEWEST:
        return np.array([np.log(20.0)] * 3 + [0.0] * 5)
    widths, contrast = _widths(both)
    ways = widths[:first], widths[first:]
    unlike = abs(float(np.median(ways[0]) - np.median(ways[1]))) if min(map(len, ways)) >= FEWEST else 0.0
    near, far = both[REACH + 1 :], both[REACH + 4 :]
    before, further = both[:REACH], both[: REACH - 3]
    over = (near.max(axis=0) - far.mean(axis=0) + further.mean(axis=0) - before.min(axis=0)) / contrast
    restless = np.abs(np.diff(far, axis=0)).mean(axis=0) + np.abs(np.diff(further, axis=0)).mean(axis=0)
    low, middle, high = np.percentile(widths, (15, 50, 85))
    return np.array(
        [
            low,
            middle,
            high,
            unlike,
            float(np.median(over)),
            float(np.log(np.median(restless / contrast) + 0.01)),
            np.log(edges / stack.size + 1e-4),
            np.log(float(np.median(contrast))),
        ]
    )


def _widths(profiles: Plane) -> tuple[Plane, Plane]:
    """Logarithms of the widths, and the contrasts, of profiles that rise (2 * REACH + 1, n)."""
    inner = profiles[REACH - 5 : REACH + 6]
    contrast = np.maximum(inner.max(axis=0) - inner.min(axis=0), 1)
    steepest = (profiles[REACH + 1] - profiles[REACH - 1]) / 2
    return np.log(contrast / np.maximum(steepest, 0.1)), contrast


def _profiles(tiles: Plane) -> Plane:
    """Levels across the strongest upright edges, all rising from left to right: (2 * REACH + 1, n)."""
    count, height, width = tiles.shape
    if width < 2 * REACH + 4:
        return np.zeros((2 * REACH + 1, 0), np.float32)
    stack = tiles.reshape(count * height, width)
    steep = cv2.blur(cv2.absdiff(stack[:, 2:], stack[:, :-2]), (1, 3)).reshape(count, height, -1)  # at column + 1
    middle = steep[:, 1:-1, REACH : width - REACH - 2]
    peak = (middle >= steep[:, 1:-1, REACH - 1 : width - REACH - 3]) & (
        middle > steep[:, 1:-1, REACH + 1 : width - REACH - 1]
    )
    places = np.flatnonzero(peak & (middle > STEEPEST))
    if not len(places):
        return np.zeros((2 * REACH + 1, 0), np.float32)
    tile, row, column = np.unravel_index(places, middle.shape)
    if len(places) > MOST:
        strongest = np.argpartition(-middle[tile, row, column], MOST)[:MOST]
        tile, row, column = tile[strongest], row[strongest], column[strongest]
    found = np.take(tiles, ((tile * height + row + 1) * width + column + REACH + 1) + _OFFSETS[:, None])
    falling = found[REACH - 1] > found[REACH + 1]
    found[:, falling] = found[::-1, falling]
    return np.asarray(found, np.float32)
