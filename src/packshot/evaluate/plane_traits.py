"""What the pixels of a plane of light or colour are like: statistics that blur, noise, coding and smearing change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.arithmetic import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane = NDArray[np.float32]

WINDOW, WINDOW_SIGMA = (7, 7), 7 / 6
RIM = 3
"""Pixels along the edges of a tile that its window reaches over."""
BURNT, ALIVE = 250.0, 1.0
"""A mean level from which on, and a deviation up to which, a place is taken for an empty white ground."""
FAINT = 0.1
QUARTER = np.float32(0.25)
LEVELS = 3
"""Halvings whose differences are looked at."""
EMPTY = 0.26
"""Quarter sums of four pixels that are smaller than this are no difference at all."""
NORMALISED, DETAILS = 15, 7 * LEVELS + 1
_NOTHING = np.zeros(NORMALISED)


def normalised_traits(stack: Plane, count: int) -> NDArray[np.float64]:
    """Of `count` tiles of levels (n * h, w), one below the other: NORMALISED numbers about their normalised levels.

    A. Mittal, A. K. Moorthy and A. C. Bovik, "No-reference image quality assessment in the spatial domain", 2012:
    levels less their local mean, over their local deviation, and products of neighbours. The moments are given as they
    are (the ratio of the squared mean magnitude to the mean square stands for the shape of the distribution); level
    and upright neighbours are taken together, and so are both diagonals, so that a turned picture gives the same.
    """
    mean = np.asarray(cv2.GaussianBlur(stack, WINDOW, WINDOW_SIGMA), np.float32)
    spread = cv2.GaussianBlur(stack * stack, WINDOW, WINDOW_SIGMA) - mean * mean
    deviation = np.sqrt(np.maximum(spread, 0, out=spread), out=spread)
    normal = np.divide(stack - mean, deviation + 1)
    normal, deviation, mean = (_inner(each, count) for each in (normal, deviation, mean))
    alive = (mean < BURNT) | (deviation > ALIVE)
    seen = deviation[:, ::2, ::2][alive[:, ::2, ::2]]
    if seen.size < 64:  # noqa: PLR2004 - too few to say anything of
        return _NOTHING
    total = float(np.count_nonzero(alive))
    normal = np.ascontiguousarray(normal)
    if total < alive.size:
        normal *= alive
    straight = [_pair(normal, (0, 1), total), _pair(normal, (1, 0), total)]
    slanted = [_pair(normal, (1, 1), total), _pair(normal, (1, -1), total)]
    low, middle, high = (np.log(quantile(seen, share) + FAINT) for share in (0.1, 0.5, 0.9))
    every = normal.ravel()
    magnitude, square = float(np.abs(every).sum()) / total, float(every @ every) / total
    return np.array(
        [
            magnitude**2 / (square + 1e-6),
            square,
            float((every * every) @ every) / total / (square + 1e-6),
            *np.mean(straight, axis=0),
            *np.mean(slanted, axis=0),
            np.abs(straight[0][0] - straight[1][0]),
            low,
            middle,
            high,
        ]
    )


def _inner(stack: Plane, count: int) -> Plane:
    return stack.reshape(count, -1, stack.shape[1])[:, RIM:-RIM, RIM:-RIM]


def _pair(normal: Plane, step: tuple[int, int], total: float) -> tuple[float, float, float, float]:
    """Mean product with the neighbour at that step, its root mean square where negative and positive, its shape."""
    down, right = step
    first = normal[:, : normal.shape[1] - down, max(0, -right) : normal.shape[2] - max(0, right)]
    second = normal[:, down:, max(0, right) : normal.shape[2] + min(0, right)]
    product = (first * second).ravel()
    size = np.abs(product)
    both, apart = float(product @ product), float(product @ size)
    magnitude = float(size.sum()) / total
    mean = float(product.sum()) / total
    below, above = (both - apart) / 2 / total, (both + apart) / 2 / total
    return mean, np.sqrt(max(below, 0)), np.sqrt(max(above, 0)), magnitude**2 / (both / total + 1e-6)


def detail_traits(stack: Plane, count: int) -> NDArray[np.float64]:
    """DETAILS numbers about the differences within tiles (n * h, w), at their own size and halved again and again.

    Of each halving (A. Haar's wavelets): how strong differences along one axis are, how unlike the two axes, and the
    two diagonals, how strong those of chequers are, and the shape of both distributions; at last, the share of chequers
    that are nothing.
    """
    tiles = stack.reshape(count, -1, stack.shape[1])
    found, nothing = [], 0.0
    for level in range(LEVELS):
        height, width = (side - side % 2 for side in tiles.shape[1:])
        if min(height, width) < 4:  # noqa: PLR2004 - two cells a side
            found += [0.0] * 7
            continue
        a, b, c, d = (tiles[:, y:height:2, x:width:2] for y in (0, 1) for x in (0, 1))
        left, right = a + c, b + d
        upper, lower = a - c, b - d
        across, down, chequers = (np.abs(each) * QUARTER for each in (left - right, upper + lower, upper - lower))
        one, other = float(across.mean()), float(down.mean())
        falling, rising = float(np.abs(a - d).mean()), float(np.abs(b - c).mean())
        strength = float(chequers.mean())
        along = (_mean_square(across) + _mean_square(down)) / 2
        found += [
            (np.log(one + FAINT) + np.log(other + FAINT)) / 2,
            abs(np.log((one + FAINT) / (other + FAINT))),
            abs(np.log((falling + FAINT) / (rising + FAINT))),
            np.log(strength + FAINT / 2),
            np.log((strength + FAINT / 2) / ((one + other) / 2 + FAINT)),
            ((one + other) / 2) ** 2 / (along + 1e-3),
            strength**2 / (_mean_square(chequers) + 1e-3),
        ]
        if level == 0:
            nothing = float(np.mean(chequers < EMPTY))
        tiles = (left + right) * QUARTER
    return np.array([*found, nothing])


def _mean_square(values: Plane) -> float:
    every = values.ravel()
    return float(every @ every) / every.size
