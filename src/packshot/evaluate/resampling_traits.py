"""The traces that enlarging leaves in a picture: a spectrum that ends in a square, and periods."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.plane_traits import DETAILS, detail_traits
from packshot.evaluate.tiles import textured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

    Plane = NDArray[np.float32]
    Floats = NDArray[np.float64]

SIDES = (128, 64)
"""Sides of the patches whose spectrum is taken: the larger where it fits."""
MOST = 6
CELLS = 16
"""Bands of frequency across, and down."""
PERIODS = 64
"""Bins of the frequencies, 0 to half a cycle per pixel, at which neighbours may be told from neighbours."""
LARGEST = 1024
"""Pixels of each side that periods are looked for in, around the middle."""
STRONGEST = 24.0
"""Second differences of more levels than this count as so many."""
LEAST_TEXTURE = 1.0
"""Mean luma step across plus down below which a patch says nothing."""
PAIRS = CELLS * (CELLS + 1) // 2
TRAITS = PAIRS + PERIODS + 4 + DETAILS
_SECOND = np.array([[1.0, -2.0, 1.0]], np.float32)


def resampling_traits(picture: Picture) -> Floats | None:
    """TRAITS numbers, for `picture.once(resampling_traits)`; None below 64 pixels or without texture.

    The mean power spectrum of native patches in cells of level and upright frequency, in decibels: a lens takes
    frequencies away in a circle, enlarging in a square. And the spectrum of the mean magnitude of second differences
    along rows and columns (A. C. Gallagher, "Detection of linear and cubic interpolation in JPEG compressed images",
    2005), which has peaks where pixels were put between others. Turned pictures give the same.
    """
    patches = _patches(picture)
    if not patches:
        return None
    stack = np.concatenate(patches)
    peaks = _periods(picture)
    return np.concatenate([_square(patches), peaks, _strongest(peaks), detail_traits(stack, len(patches))])


def _patches(picture: Picture) -> list[Plane]:
    """Square native patches with the most texture, float levels, at most MOST."""
    fitting = [side for side in SIDES if side <= min(picture.width, picture.height)]
    tiles = picture.once(textured)
    if not fitting or not len(tiles):
        return []
    side = fitting[0]
    found = []
    for tile in tiles.apart(tiles.stack):
        height, width = tile.shape
        for top in _places(height, side):
            for left in _places(width, side):
                patch = tile[top : top + side, left : left + side].astype(np.float32)
                step = float(np.abs(np.diff(patch, axis=0)).mean() + np.abs(np.diff(patch, axis=1)).mean())
                if step >= LEAST_TEXTURE:
                    found.append((step, patch))
    found.sort(key=lambda one: -one[0])
    return [patch for _, patch in found[:MOST]]


def _places(length: int, side: int) -> list[int]:
    count = length // side
    return [round((length - count * side) / 2) + side * index for index in range(count)]


@cache
def _plan(side: int) -> tuple[Plane, NDArray[np.intp], Floats]:
    """The window, the cell of each frequency, and how many frequencies a cell has."""
    taper = np.hanning(side).astype(np.float32)
    band = np.minimum(np.abs(np.fft.fftfreq(side)) * 2 * CELLS, CELLS - 1).astype(np.intp)
    half = band[: side // 2 + 1]
    cells = (band[:, None] * CELLS + half[None]).ravel()
    return np.outer(taper, taper), cells, np.maximum(np.bincount(cells, minlength=CELLS**2), 1).astype(np.float64)


def _square(patches: list[Plane]) -> Floats:
    """Decibels over 20 of each pair of bands, less those of the lowest ones; without which is across and which down."""
    window, cells, sizes = _plan(patches[0].shape[0])
    stack = np.stack([(patch - patch.mean()) * window for patch in patches])
    power = np.square(np.abs(np.fft.rfft2(stack))).mean(axis=0)
    mean = (np.bincount(cells, power.ravel(), CELLS**2) / sizes).reshape(CELLS, CELLS)
    level = np.log10(mean + 1.0) / 2
    level -= level[:2, :2].mean()
    upper, lower = np.maximum(level, level.T), np.minimum(level, level.T)
    rows, columns = np.triu_indices(CELLS)
    # The weaker way of the low half and the stronger one of the high half would tell no more than their mean does.
    return np.asarray((upper + lower)[rows, columns] / 2)


def _periods(picture: Picture) -> Floats:
    """Peaks at each bin of frequency, over the usual height near it: the lesser of rows and columns, in logarithms."""
    height, width = min(picture.height, LARGEST), min(picture.width, LARGEST)
    top, left = (picture.height - height) // 2, (picture.width - width) // 2
    luma = picture.native_luma(left, top, width, height)
    return np.minimum(_peaks(_mean_second(luma, _SECOND, 0)), _peaks(_mean_second(luma, _SECOND.T, 1)))


def _mean_second(luma: Pixels, kernel: Plane, axis: int) -> Plane:
    """Mean magnitude of second differences, up to STRONGEST, of each column (axis 0) or row (1)."""
    second = cv2.convertScaleAbs(cv2.filter2D(luma, cv2.CV_16S, kernel))  # whole levels: many times as fast as floats
    second = cv2.threshold(second, STRONGEST, 0, cv2.THRESH_TRUNC)[1]
    sums = cv2.reduce(second, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return np.asarray(sums.ravel() / luma.shape[axis], np.float32)


def _peaks(profile: Plane) -> Floats:
    """The largest magnitude in each bin over the median of its surroundings, in logarithms."""
    inner = np.log(profile[2:-2].astype(np.float64) + 0.2)
    smooth = cv2.blur(inner.reshape(-1, 1), (1, 9)).ravel()
    level = np.abs(np.fft.rfft((inner - smooth) * np.hanning(len(inner)), 2 * 1024))[1:]
    bins = level.reshape(PERIODS, -1)
    usual = np.median(bins, axis=1)
    near = cv2.blur(usual.reshape(-1, 1), (1, 9)).ravel()
    return np.asarray(np.log((bins.max(axis=1) + 1e-6) / (near + 1e-6)))


def _strongest(peaks: Floats) -> Floats:
    """The largest three peaks that are not at an eighth, where the blocks of JPEG are, and the mean of the others."""
    places = np.arange(PERIODS)
    eighth = (places + 2) % (PERIODS // 4) < 4  # noqa: PLR2004 - two bins on each side
    rest = np.sort(peaks[~eighth])[::-1]
    return np.array([*rest[:3], rest.mean()])
