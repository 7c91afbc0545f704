"""Chooses the few native-resolution tiles that sharpness, noise and compression are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.area_means import area_means
from packshot.evaluate.arithmetic import quantile
from packshot.evaluate.segmentation import RUNG, between, segment, small_steps

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

TEXTURED_SIDE, TEXTURED_COUNT = 161, 4
FLAT_SIDE, FLAT_COUNT = 64, 5
DARKEST, LIGHTEST = 12, 246
"""Luma beyond which noise is clipped away and says nothing."""

_CELL = 15
_WIDE = np.ones((5, 5), np.uint8)
_SECOND_DIFFERENCE = np.array([1, -2, 1], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Native-resolution pieces of the picture's luma, all of one size, the best first."""

    corners: tuple[tuple[int, int], ...]
    """Left and top of each tile in the picture."""
    stack: Pixels
    """All tiles, one below the other, shape (n * h, w), 0 to 255: one call filters them all, but near their edges."""

    def __len__(self) -> int:
        """Number of tiles."""
        return len(self.corners)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of each tile; the height is 0 where there are none."""
        return self.stack.shape[0] // max(1, len(self.corners)), self.stack.shape[1]

    def apart(self, stacked: NDArray[Any]) -> NDArray[Any]:
        """A view of what was made from the stack, and has its rows: (n, h, …)."""
        return stacked.reshape(len(self.corners), -1, *stacked.shape[1:])


def textured(picture: Picture) -> Tiles:
    """The tiles with the strongest edges, on the product where one is told from its background.

    In a scene, edges count by how fine they are: the product is where the lens was focused, and the room behind it may
    hold stronger, softer edges. The whole picture when it is hardly larger than the tiles together. The grid they are
    taken from is symmetric, so that a turned or mirrored picture gives the same tiles.
    """
    if picture.width * picture.height <= 1.2 * TEXTURED_COUNT * TEXTURED_SIDE**2:
        return _cut(picture, ((0, 0),), picture.width, picture.height)
    segmentation = picture.once(segment)
    if segmentation.confident:
        edges = cv2.bitwise_and(picture.once(small_steps), cv2.dilate(segmentation.product, _WIDE))
    else:
        luma = picture.luma_rung(RUNG)
        edges = cv2.absdiff(luma, cv2.medianBlur(luma, 3))
    return _pick(picture, np.asarray(edges, dtype=np.uint8), TEXTURED_SIDE, TEXTURED_COUNT)


def steps(picture: Picture) -> tuple[Pixels, Pixels]:
    """Luma steps between neighbours of the textured tiles, across (n * h, w - 1) and down (n * h - 1, w).

    The last row down of each tile but the last is the step to the next tile and means nothing.
    """
    tiles = picture.once(textured)
    stack = tiles.stack
    if not len(tiles) or min(tiles.size) < 2:  # noqa: PLR2004 - a step takes two pixels
        return np.zeros((stack.shape[0], 0), np.uint8), np.zeros((0, stack.shape[1]), np.uint8)
    across, down = cv2.absdiff(stack[:, 1:], stack[:, :-1]), cv2.absdiff(stack[1:], stack[:-1])
    return np.asarray(across, dtype=np.uint8), np.asarray(down, dtype=np.uint8)


def flat(picture: Picture) -> Tiles:
    """The calmest tiles that are neither black nor white; the whole picture when it is small. May be empty."""
    if picture.width * picture.height <= 1.5 * FLAT_COUNT * FLAT_SIDE**2:
        return _cut(picture, ((0, 0),), picture.width, picture.height)
    calm = cv2.bitwise_not(picture.once(small_steps))
    calm = cv2.bitwise_and(calm, between(picture.luma_rung(RUNG), DARKEST, LIGHTEST))
    return _pick(picture, np.asarray(calm, dtype=np.uint8), FLAT_SIDE, FLAT_COUNT)


def noise_sigma(picture: Picture) -> float | None:
    """Standard deviation of the luma noise, in levels of 0 to 255; None where nothing is unclipped.

    J. Immerkær, "Fast noise variance estimation", 1996: the mean absolute response to the product of two second
    differences, which is blind to edges and ramps. Taken in cells of 15 × 15 pixels of the calm tiles; the 30th
    percentile of the cells leaves out those with texture.
    """
    tiles = picture.once(flat)
    height, width = tiles.size
    down, across = (height - 2) // _CELL, (width - 2) // _CELL
    if min(down, across) <= 0:
        return None
    top, left = (height - down * _CELL) // 2, (width - across * _CELL) // 2
    inner = np.s_[:, top : top + down * _CELL, left : left + across * _CELL]
    response = cv2.sepFilter2D(tiles.stack, cv2.CV_32F, _SECOND_DIFFERENCE, _SECOND_DIFFERENCE)
    cells = (across, down * len(tiles))
    rows = np.abs(tiles.apart(response)[inner]).reshape(-1, across * _CELL)
    strength = np.asarray(cv2.resize(rows, cells, interpolation=cv2.INTER_AREA), dtype=np.float32)
    rows = tiles.apart(tiles.stack)[inner].reshape(-1, across * _CELL)
    light = cv2.resize(rows, cells, interpolation=cv2.INTER_AREA)
    told = strength[(light >= DARKEST) & (light <= LIGHTEST)]
    return quantile(told, 0.3) * float(np.sqrt(np.pi / 2)) / 6 if told.size else None


def _cut(picture: Picture, corners: tuple[tuple[int, int], ...], width: int, height: int) -> Tiles:
    stack = np.empty((len(corners) * height, width), np.uint8)
    for index, (left, top) in enumerate(corners):
        crop = picture.rgb[top : top + height, left : left + width]
        cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY, dst=stack[index * height : (index + 1) * height])
    return Tiles(corners, stack)


def _pick(picture: Picture, worth: Pixels, side: int, count: int) -> Tiles:
    """The `count` tiles of the highest mean worth among those of an even grid; none where the worth is not > 0."""
    width, height = min(side, picture.width), min(side, picture.height)
    columns, rows = picture.width // width, picture.height // height
    means = area_means(worth, (rows, columns), (picture.height, picture.width)).ravel()
    corners = []
    for place in np.argsort(-means, kind="stable")[:count].tolist():
        row, column = divmod(place, columns)
        if means[place] <= 0:
            break
        left = round((column + 0.5) * picture.width / columns - width / 2)
        top = round((row + 0.5) * picture.height / rows - height / 2)
        corners.append((left, top))
    return _cut(picture, tuple(corners), width, height)
