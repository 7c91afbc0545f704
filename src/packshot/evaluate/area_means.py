"""Means over an even grid of cells of the native picture, taken from a small rung of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Pixels


def area_means(rung: Pixels, cells: tuple[int, int], native: tuple[int, int]) -> NDArray[np.float32]:
    """The mean of each cell, shape (rows, columns) or (rows, columns, channels), of a rung (h, w) or (h, w, channels).

    `cells` is rows and columns of the grid, `native` height and width of the picture that the rung was halved from.
    Pixels count by the part of them that lies in the cell. Halving leaves odd rows and columns out, so that a rung
    hardly ever ends where the picture does: the cells are those of the picture, and copies of another size, whose
    rungs end elsewhere, give the same means.
    """
    (rows, columns), (height, width) = cells, rung.shape[:2]
    down, across = _shares(rows, height, native[0]), _shares(columns, width, native[1])
    flat = rung.reshape(height, -1).astype(np.float32)
    if rung.ndim == 2:  # noqa: PLR2004 - axes of a plane
        return np.asarray(down @ flat @ across.T)
    thin = (down @ flat).reshape(rows, width, rung.shape[2])
    return np.asarray(np.matmul(across, thin))


@lru_cache(maxsize=256)
def _shares(cells: int, length: int, native: int) -> NDArray[np.float32]:
    """The weight of each of `length` pixels of a rung in each of `cells` parts of a side of `native` pixels."""
    scale = 2 ** ((native // length).bit_length() - 1)
    begins = np.arange(length) * scale
    ends = np.append(begins[1:], native)  # the last pixel stands for what halving left out, too
    bounds = np.arange(cells + 1) * (native / cells)
    overlap = np.minimum(ends, bounds[1:, None]) - np.maximum(begins, bounds[:-1, None])
    return np.asarray(np.maximum(overlap, 0) * (cells / native), dtype=np.float32)
