"""The colours of the product and their shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.segmentation import segment, small_lab

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

CELL = (16, 8, 8)
"""Steps of 8-bit L, a and b that are counted together."""
REACH = 12.0
"""Distance in CIELAB within which pixels are one colour."""
MOST = 8
"""Colours that are told."""
SMALLEST_SHARE = 0.02
"""Smaller parts of the product are left out."""
PIXELS = 8192
"""So many pixels, evenly spread, are enough."""
_MOVES = 3
_INNER = np.ones((3, 3), np.uint8)


class ProductColours(Measure):
    """The dominant colours of the product, in CIELAB, with the share of the product that has each.

    Method: the product's pixels, told from a plain background and without the line at its outline (of a picture without
    a plain background all pixels, with a low confidence), on a rung of 128 to 255 pixels, counted in cells of CIELAB.
    The fullest cell is moved to the mean of all within a ΔE (1976) of 12, three times (a mean shift with a flat kernel:
    Y. Cheng, 1995), what it reaches is taken out, and so on, up to 8 colours of 2 % or more.

    Blind spots: in a scene the colours are those of the scene. Skin and clothes of a wearer are among the product's
    colours, and so is what the light does to them: a fold of a white shirt is grey.
    """

    version = 1
    on_request: ClassVar = True
    outputs = (
        Output(
            "product_colours",
            Kind.FLOATS,
            "L (0 to 100), a, b and share (0 to 1) of each colour, the largest share first.",
        ),
        Output(
            "product_colours_confidence",
            Kind.FLOAT,
            "0 to 1: that these are the product's colours; below 0.5 they are those of the whole picture.",
        ),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Count the pixels that are surely the product's."""
        segmentation, lab = picture.once(segment), picture.once(small_lab)
        if segmentation.confident:
            inner = np.asarray(cv2.erode(segmentation.product, _INNER), dtype=np.uint8)
            pixels = lab[(inner if inner.any() else segmentation.product) > 0]
        else:
            pixels = lab.reshape(-1, 3)
        return {"product_colours": dominant(pixels), "product_colours_confidence": segmentation.confidence}


def dominant(lab: Pixels) -> tuple[float, ...]:
    """L, a, b and share of the colours of pixels (n, 3) in 8-bit Lab, at least one of them."""
    pixels = lab[:: 1 + len(lab) // PIXELS].astype(np.int32)
    centres, counts = _cells(pixels)
    total = float(counts.sum())
    left = counts.astype(np.float64)
    found: list[tuple[float, ...]] = []
    while len(found) < MOST and left.sum() >= SMALLEST_SHARE * total:  # of less, no colour could have enough
        fullest = int(left.argmax())
        middle = centres[fullest]
        for _ in range(_MOVES):
            weights = np.where(_near(centres, middle), left, 0.0)
            if (mass := weights.sum()) > 0:
                middle = weights @ centres / mass
        near = _near(centres, middle)
        near[fullest] = True
        if (share := float(left[near].sum()) / total) >= SMALLEST_SHARE:
            found.append((share, *(float(value) for value in middle)))
        left[near] = 0
    found.sort(reverse=True)
    return tuple(round(value, 3) for share, *middle in found for value in (*middle, share))


def _near(centres: NDArray[np.float64], middle: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the centres (n, 3) are within `REACH` of the middle."""
    off = centres - middle
    return np.asarray(np.einsum("ij,ij->i", off, off) <= REACH**2)


def _cells(pixels: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The mean Lab of each filled cell, in true units, and how many pixels are in it."""
    keys = (pixels[:, 0] // CELL[0] << 10) | (pixels[:, 1] // CELL[1] << 5) | pixels[:, 2] // CELL[2]
    every = np.bincount(keys, minlength=1 << 14)
    filled = np.flatnonzero(every)
    counts = every[filled]
    sums = np.stack([np.bincount(keys, pixels[:, channel], 1 << 14)[filled] for channel in range(3)], axis=1)
    means = sums / counts[:, None]
    return (means - (0, 128, 128)) / (2.55, 1, 1), counts
