"""What is left of the blocks that JPEG and its kin code by."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.evaluate.tiles import Tiles

    Plane = NDArray[np.float32]

BLOCK = 8
LARGEST = 16.0
"""Steps of more levels than this belong to the picture and not to the coding."""
NOTHING = 0.5
"""Coefficients smaller than this are none."""
GROUPS = 3
BLOCKS = 2 + 4 * GROUPS


def block_traits(tiles: Tiles, stack: Plane) -> NDArray[np.float64]:
    """BLOCKS numbers about tiles whose levels are `stack`, (n * h, w).

    How much larger steps are on the grid of 8 than off it, across and down (Z. Wang, H. R. Sheikh and A. C. Bovik,
    "No-reference perceptual quality assessment of JPEG compressed images", 2002), the larger first; of the blocks'
    coefficients in three groups from coarse to fine, the share that is nothing and the mean magnitude, and both
    against blocks that begin half a block further on.
    """
    count = len(tiles)
    planes = stack.reshape(count, -1, stack.shape[1])
    corners = np.array(tiles.corners)
    if min(planes.shape[1:]) < 3 * BLOCK:
        return np.zeros(BLOCKS)
    across = np.minimum(np.abs(np.diff(planes, axis=2)), LARGEST).mean(axis=1)
    down = np.minimum(np.abs(np.diff(planes, axis=1)), LARGEST).mean(axis=2)
    x, over_x = _grid(across, corners[:, 0])
    y, over_y = _grid(down, corners[:, 1])
    on = np.array(
        [
            _coefficients(each, (x - left) % BLOCK, (y - top) % BLOCK)
            for each, (left, top) in zip(planes, tiles.corners, strict=True)
        ]
    )
    off = np.array(
        [
            _coefficients(each, (x - left + 4) % BLOCK, (y - top + 4) % BLOCK)
            for each, (left, top) in zip(planes, tiles.corners, strict=True)
        ]
    )
    here, there = on.mean(axis=0), off.mean(axis=0)
    nothing = here[:GROUPS], here[:GROUPS] - there[:GROUPS]
    size = np.log(here[GROUPS:] + 0.1), np.log((here[GROUPS:] + 0.1) / (there[GROUPS:] + 0.1))
    return np.array([max(over_x, over_y), min(over_x, over_y), *np.concatenate([*nothing, *size])])


def _grid(profiles: Plane, offsets: NDArray[np.int64]) -> tuple[int, float]:
    """Where blocks begin (0 to 7), and how much larger steps are there, of mean steps (n, length) of the tiles."""
    places = ((offsets[:, None] + 1 + np.arange(profiles.shape[1])) % BLOCK).ravel()
    means = np.bincount(places, profiles.ravel(), BLOCK) / np.maximum(np.bincount(places, minlength=BLOCK), 1)
    best = int(means.argmax())
    rest = (float(means.sum()) - float(means[best])) / (BLOCK - 1)
    return best, float(np.log((means[best] + 0.2) / (rest + 0.2)))


@cache
def _transform() -> tuple[Plane, NDArray[np.intp], NDArray[np.float64]]:
    """The cosine transform of a block (64, 64), the group of each coefficient (GROUPS: none), how many each has."""
    at = np.arange(BLOCK)
    rows = np.cos((2 * at[None] + 1) * at[:, None] * np.pi / (2 * BLOCK)) * 0.5
    rows[0] /= np.sqrt(2)
    order = at[:, None] + at[None]
    groups = np.digitize(order.ravel(), (4, 8))
    groups[0] = GROUPS
    sizes = np.bincount(groups, minlength=GROUPS + 1)[:GROUPS].astype(np.float64)
    return np.kron(rows, rows).T.astype(np.float32), groups, sizes


def _coefficients(plane: Plane, left: int, top: int) -> NDArray[np.float64]:
    """Share of the coefficients that is nothing, by group, and their mean magnitudes: (2 * GROUPS,)."""
    transform, groups, sizes = _transform()
    height, width = ((side - begin) // BLOCK for side, begin in zip(plane.shape, (top, left), strict=True))
    cut = plane[top : top + height * BLOCK, left : left + width * BLOCK]
    blocks = cut.reshape(height, BLOCK, width, BLOCK).transpose(0, 2, 1, 3).reshape(-1, BLOCK * BLOCK)
    found = np.abs(blocks @ transform)
    nothing = np.bincount(groups, (found < NOTHING).mean(axis=0), GROUPS + 1)[:GROUPS] / sizes
    size = np.bincount(groups, np.minimum(found, 64).mean(axis=0), GROUPS + 1)[:GROUPS] / sizes
    return np.concatenate([nothing, size])
