"""Chooses the few native-resolution tiles that sharpness, noise and compression are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.arithmetic import quantile
from packshot.evaluate.segmentation import RUNG, between, segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

TEXTURED_SIDE, TEXTURED_COUNT = 161, 4
FLAT_SIDE, FLAT_COUNT = 64, 5
DARKEST, LIGHTEST = 12, 246
"""Luma beyond which noise is clipped away and says nothing."""

_CELL = 15
_SQUARE = np.ones((3, 3), np.uint8)
_WIDE = np.ones((5, 5), np.uint8)
_SECOND_DIFFERENCE = np.array([1, -2, 1], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A native-resolution piece of the picture's luma."""

    left: int
    top: int
    luma: Pixels
    """Shape (h, w), 0 to 255."""


def textured(picture: Picture) -> list[Tile]:
    """The tiles with the strongest edges, on the product where one is told from its background.

    In a scene, edges count by how fine they are: the product is where the lens was focused, and the room behind it may
    hold stronger, softer edges. The whole picture when it is hardly larger than the tiles together. The grid they are
    taken from is symmetric, so that a turned or mirrored picture gives the same tiles.
    """
    if picture.width * picture.height <= 1.2 * TEXTURED_COUNT * TEXTURED_SIDE**2:
        return [_cut(picture, 0, 0, picture.width, picture.height)]
    luma = picture.luma_rung(RUNG)
    segmentation = picture.once(segment)
    if segmentation.confident:
        edges = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, _SQUARE)
        edges = cv2.bitwise_and(edges, cv2.dilate(segmentation.product, _WIDE))
    else:
        edges = cv2.absdiff(luma, cv2.medianBlur(luma, 3))
    return _pick(picture, edges.astype(np.float32), TEXTURED_SIDE, TEXTURED_COUNT)


def flat(picture: Picture) -> list[Tile]:
    """The calmest tiles that are neither black nor white; the whole picture when it is small. May be empty."""
    if picture.width * picture.height <= 1.5 * FLAT_COUNT * FLAT_SIDE**2:
        return [_cut(picture, 0, 0, picture.width, picture.height)]
    luma = picture.luma_rung(RUNG)
    restless = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, _SQUARE).astype(np.float32)
    clipped = cv2.bitwise_not(between(luma, DARKEST, LIGHTEST))
    return _pick(picture, 255 - restless - clipped, FLAT_SIDE, FLAT_COUNT)


def noise_sigma(picture: Picture) -> float | None:
    """Standard deviation of the luma noise, in levels of 0 to 255; None where nothing is unclipped.

    J. Immerkær, "Fast noise variance estimation", 1996: the mean absolute response to the product of two second
    differences, which is blind to edges and ramps. Taken in cells of 15 × 15 pixels of the calm tiles; the 30th
    percentile of the cells leaves out those with texture.
    """
    found: list[NDArray[np.float32]] = []
    for tile in picture.once(flat):
        down, across = ((side - 2) // _CELL for side in tile.luma.shape)
        if min(down, across) <= 0:
            continue
        top, left = (tile.luma.shape[0] - down * _CELL) // 2, (tile.luma.shape[1] - across * _CELL) // 2
        inner = np.s_[top : top + down * _CELL, left : left + across * _CELL]
        response = cv2.sepFilter2D(tile.luma, cv2.CV_32F, _SECOND_DIFFERENCE, _SECOND_DIFFERENCE)[inner]
        strength = np.asarray(cv2.resize(np.abs(response), (across, down), interpolation=cv2.INTER_AREA), np.float32)
        light = cv2.resize(tile.luma[inner], (across, down), interpolation=cv2.INTER_AREA)
        found.append(strength[(light >= DARKEST) & (light <= LIGHTEST)])
    cells = np.concatenate(found) if found else np.zeros(0, np.float32)
    if cells.size == 0:
        return None
    return quantile(cells, 0.3) * float(np.sqrt(np.pi / 2)) / 6


def _cut(picture: Picture, left: int, top: int, width: int, height: int) -> Tile:
    return Tile(left, top, picture.native_luma(left, top, width, height))


def _pick(picture: Picture, worth: NDArray[np.float32], side: int, count: int) -> list[Tile]:
    """The `count` tiles of the highest mean worth among those of an even grid; none where the worth is not > 0."""
    width, height = min(side, picture.width), min(side, picture.height)
    columns, rows = picture.width // width, picture.height // height
    means = cv2.resize(worth, (columns, rows), interpolation=cv2.INTER_AREA)
    tiles: list[Tile] = []
    for place in np.argsort(-means, axis=None, kind="stable")[:count].tolist():
        row, column = divmod(place, columns)
        if means[row, column] <= 0:
            break
        left = round((column + 0.5) * picture.width / columns - width / 2)
        top = round((row + 0.5) * picture.height / rows - height / 2)
        tiles.append(_cut(picture, left, top, width, height))
    return tiles
