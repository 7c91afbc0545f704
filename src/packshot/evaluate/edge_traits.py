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
    both = np.concatenate([upright, level])
    if len(both) < FEWEST:
        return np.array([np.log(20.0)] * 3 + [0.0] * 5)
    widths, contrast = _widths(both)
    ways = [np.median(_widths(way)[0]) if len(way) >= FEWEST else None for way in (upright, level)]
    unlike = 0.0 if None in ways else abs(float(ways[0] - ways[1]))  # type: ignore[operator] # neither is None
    near, far = both[:, REACH + 1 :], both[:, REACH + 4 :]
    before, further = both[:, :REACH], both[:, : REACH - 3]
    over = (near.max(axis=1) - far.mean(axis=1) + further.mean(axis=1) - before.min(axis=1)) / contrast
    restless = np.abs(np.diff(far, axis=1)).mean(axis=1) + np.abs(np.diff(further, axis=1)).mean(axis=1)
    low, middle, high = np.percentile(widths, (15, 50, 85))
    return np.array(
        [
            low,
            middle,
            high,
            unlike,
            float(np.median(over)),
            float(np.log(np.median(restless / contrast) + 0.01)),
            np.log(len(both) / stack.size + 1e-4),
            np.log(float(np.median(contrast))),
        ]
    )


def _widths(profiles: Plane) -> tuple[Plane, Plane]:
    """Logarithms of the widths, and the contrasts, of profiles that rise (n, 2 * REACH + 1)."""
    inner = profiles[:, REACH - 5 : REACH + 6]
    contrast = np.maximum(inner.max(axis=1) - inner.min(axis=1), 1)
    steepest = (profiles[:, REACH + 1] - profiles[:, REACH - 1]) / 2
    return np.log(contrast / np.maximum(steepest, 0.1)), contrast


def _profiles(tiles: Plane) -> Plane:
    """Levels across the strongest upright edges, all rising from left to right: (n, 2 * REACH + 1)."""
    count, height, width = tiles.shape
    if width < 2 * REACH + 4:
        return np.zeros((0, 2 * REACH + 1), np.float32)
    slope = tiles[:, :, 2:] - tiles[:, :, :-2]  # at column + 1
    steep = cv2.blur(np.abs(slope).reshape(count * height, -1), (1, 3)).reshape(slope.shape)
    middle = steep[:, 1:-1, REACH : width - REACH - 2]
    peak = (middle >= steep[:, 1:-1, REACH - 1 : width - REACH - 3]) & (
        middle > steep[:, 1:-1, REACH + 1 : width - REACH - 1]
    )
    candidates = np.where(peak, middle, 0)
    flat = candidates.ravel()
    places = np.flatnonzero(flat > STEEPEST)
    if not len(places):
        return np.zeros((0, 2 * REACH + 1), np.float32)
    strongest = places
    if len(places) > MOST:
        strongest = places[np.argpartition(-flat[places], MOST)[:MOST]]
    tile, row, column = np.unravel_index(strongest, candidates.shape)
    found = tiles[tile[:, None], row[:, None] + 1, column[:, None] + REACH + 1 + _OFFSETS]
    falling = slope[tile, row + 1, column + REACH] < 0
    found[falling] = found[falling, ::-1]
    return np.asarray(found, np.float32)
