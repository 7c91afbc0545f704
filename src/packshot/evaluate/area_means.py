"""Means over an even grid of cells of the native picture, taken from a small rung of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from packshot.media.picture import Pixels


def area_means(rung: Pixels, cells: tuple[int, int], native: tuple[int, int]) -> NDArray[np.float32]:
    """The mean of each cell, shape (rows, columns) or (rows, columns, channels), of a rung (h, w) or (h, w, channels).

    `cells` is rows and columns of the grid, `native` height and width of the picture that the rung was halved from.
    Pixels count by the part of them that lies in the cell. Halving leaves odd rows and columns out, so that a rung
    hardly ever ends where the picture does: the cells are those of the picture, and copies of another size, whose
    rungs end elsewhere, give the same means.
    """
    sums: NDArray[Any] = cv2.integral(rung, sdepth=cv2.CV_64F)
    for axis in (0, 1):
        begins, ends, parts, widths = _bounds(cells[axis], rung.shape[axis], native[axis])
        shape = (-1, *[1] * (rung.ndim - 1 - axis))
        before, bounds = sums.take(begins, axis), sums.take(ends, axis)
        bounds -= before
        bounds *= parts.reshape(shape)
        bounds += before
        sums = bounds[:, 1:] - bounds[:, :-1] if axis else bounds[1:] - bounds[:-1]
        sums /= widths.reshape(shape)
    return sums.astype(np.float32)


@lru_cache(maxsize=256)
def _bounds(
    cells: int, length: int, native: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Where a side's cells begin and end on a rung: the pixel, the next one, the part before; and how wide cells are.

    The sum over a part of a pixel is that part of its value, so sums to a bound lie on a line between whole pixels'.
    """
    scale = 2 ** ((native // length).bit_length() - 1)
    bounds = np.arange(cells + 1) * (native / cells)
    edges = np.append(np.arange(length) * scale, native)  # the last pixel stands for what halving left out, too
    places = np.interp(bounds, edges, np.arange(length + 1))
    begins = np.minimum(places.astype(np.intp), length - 1)
    return begins, begins + 1, places - begins, np.diff(places)
