"""Colour distance of two pictures from their 16 × 16 Lab thumbnails."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.match.hamming import Bytes

    Floats: TypeAlias = NDArray[np.float32]

SIDE = 16
LAB_BYTES = 3 * SIDE * SIDE
WINDOW = 3
"""Cells a side over which the difference is averaged before it is judged."""
WORST = 8
"""Windows that count. A variant differs on the product, which may be small in the frame: a mean would hide it."""
LIGHTNESS_UNIT = 100 / 255
"""OpenCV stores L, 0 to 100, as 0 to 255; a and b are stored with an offset of 128, which a difference cancels."""


def worst_delta_e(left: Bytes, right: Bytes) -> Floats:
    """Colour difference ΔE*ab (CIE 1976) where two pictures differ most, 0 (equal) and up, shape (m,).

    Row k of `left` is compared with row k of `right`, both of shape (m, 768): 16 × 16 cells × L, a, b as OpenCV
    writes 8-bit Lab. The signed difference is averaged over each 3 × 3 cells, and the eight largest of those 196
    windows give the mean. Averaging the *signed* difference cancels what resizing does along edges (one cell up, its
    neighbour down) and keeps what another colour does (a whole patch in one direction).
    """
    apart = (left.astype(np.float32) - right).reshape(-1, SIDE, SIDE, 3)
    apart[..., 0] *= LIGHTNESS_UNIT
    patches = _window_means(_window_means(apart, 1), 2)
    squares = np.einsum("pyxl,pyxl->pyx", patches, patches).reshape(apart.shape[0], (SIDE - WINDOW + 1) ** 2)
    worst = np.partition(squares, squares.shape[1] - WORST, axis=1)[:, -WORST:]
    found: Floats = np.sqrt(worst).mean(axis=1)
    return found


def _window_means(values: Floats, axis: int) -> Floats:
    count = values.shape[axis] - WINDOW + 1
    total = np.take(values, range(count), axis=axis)
    for shift in range(1, WINDOW):
        total += np.take(values, range(shift, shift + count), axis=axis)
    return total / np.float32(WINDOW)
