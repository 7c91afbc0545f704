"""The perceptual hash that finds the same picture again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

RUNG = 256
GRID = 64
"""The picture is shrunk to this square."""
COSINES = 16
"""Lowest cosine frequencies kept each way, without the mean."""
SMALLEST = 5
"""Sides shorter than this are not hashed."""
QUALITY_OF_SUM = 90


class Pdq(Measure):
    """PDQ: 256 bits that hardly change when a picture is resized or saved again, and their quality.

    Method: Facebook's PDQ, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019, on the
    256-pixel rung of the shrink ladder: luma, two box filters each way, 64 × 64 samples, the 16 × 16 lowest cosines,
    each against their median. Written with OpenCV's filters, several times as fast as the reference; at most 4 bits
    from the library pdqhash (held by a test). The first bit is the highest cosine, as in PDQ's hexadecimal text.

    Blind spots: colour (a blue and a green product of one shape have one hash), crops, mirrors and turns. Below a
    quality of about 50 there is too little structure for the bits to mean much: blank pictures collide. No answer
    below 5 pixels.
    """

    outputs = (
        Output("pdq", Kind.BYTES32, "PDQ hash, 256 bits; null below 5 px."),
        Output("pdq_quality", Kind.INT, "PDQ's own quality, 0 (blank) to 100; the reference drops those below 50."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Hash the 256-pixel rung."""
        luma = picture.luma_rung(RUNG)
        if min(luma.shape) < SMALLEST:
            return {"pdq": None, "pdq_quality": 0}
        small = _shrink(luma)
        cosines = _cosines() @ small @ _cosines().T
        bits = cosines > np.partition(cosines, COSINES**2 // 2 - 1, axis=None)[COSINES**2 // 2 - 1]
        return {"pdq": np.packbits(bits.ravel()[::-1]).tobytes(), "pdq_quality": _quality(small)}


def _shrink(luma: Pixels) -> NDArray[np.float32]:
    """64 × 64 samples of the luma after two box filters each way, whose windows shrink at the rims."""
    height, width = luma.shape
    if (height, width) == (GRID, GRID):
        return luma.astype(np.float32)
    wide, high = _window(width), _window(height)
    anchor = ((wide - 1) // 2, (high - 1) // 2)  # OpenCV's own puts an even box one to the left of PDQ's
    blurred: cv2.typing.MatLike = luma
    for _ in range(2):
        blurred = cv2.boxFilter(blurred, cv2.CV_32F, (wide, high), anchor=anchor, borderType=cv2.BORDER_CONSTANT)
        for side, box, lines in ((height, high, blurred), (width, wide, blurred.T)):
            for line, share in _rim(side, box):
                lines[line] *= share
    rows = ((np.arange(GRID) + 0.5) * height / GRID).astype(np.intp)
    columns = ((np.arange(GRID) + 0.5) * width / GRID).astype(np.intp)
    return np.asarray(blurred[np.ix_(rows, columns)], dtype=np.float32)


def _window(side: int) -> int:
    return (side + 2 * GRID - 1) // (2 * GRID)


@lru_cache(maxsize=256)
def _rim(side: int, box: int) -> tuple[tuple[int, np.float32], ...]:
    """The lines near both ends over which the box hangs out, each with box size / lines of it that are inside."""
    before = (box - 1) // 2
    starts = [max(0, line - before) for line in range(side)]
    ends = [min(side, line - before + box) for line in range(side)]
    inside = [end - start for start, end in zip(starts, ends, strict=True)]
    return tuple((line, np.float32(box / count)) for line, count in enumerate(inside) if count < box)


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float32]:
    """The cosine transform's rows 1 to 16, (16, 64)."""
    row, column = np.arange(1, COSINES + 1)[:, None], np.arange(GRID)[None, :]
    return np.asarray(np.sqrt(2 / GRID) * np.cos(np.pi / (2 * GRID) * row * (2 * column + 1)), dtype=np.float32)


def _quality(small: NDArray[np.float32]) -> int:
    """Sum of the steps between samples, in whole hundredths of the range, over 90; at most 100."""
    total = sum(
        np.abs(np.trunc(np.diff(small, axis=axis) * np.float32(100) / np.float32(255))).sum() for axis in (0, 1)
    )
    return min(100, int(total) // QUALITY_OF_SUM)
