"""Long straight edges along rows and columns of a picture, as where pictures are put side by side or let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG_SIDE = 352
STEEP = 6
"""Levels of luma, from one pixel to the next, from which on there is an edge."""
GAP = 7
"""Pixels of an edge, less one, that may be missing within a run."""
RIM = 0.03
"""Share of each side, at the outside, where an edge is that of a border."""
APART = 5
"""Pixels that two runs lie apart at least."""
RUNS = 5
SPANS = (0.3, 0.6, 0.9)
COUNT = 2 * (2 * RUNS + len(SPANS))


def seams(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Numbers from 0 to 1, COUNT of them, of the long straight edges of a picture, luma of shape (h, w).

    For columns, then for rows: the longest unbroken runs of an edge along one line, the longest first, as shares of
    the line; the share of the same lines that is edge at all; and how many lines are edge for so large a share (SPANS),
    up to ten.
    """
    times = LONG_SIDE / max(luma.shape)
    size = max(8, round(luma.shape[1] * times)), max(8, round(luma.shape[0] * times))
    small = cv2.resize(luma, size, interpolation=cv2.INTER_AREA if times < 1 else cv2.INTER_LINEAR).astype(np.int16)
    return np.concatenate([_along_columns(small), _along_columns(np.ascontiguousarray(small.T))])


def _along_columns(luma: NDArray[np.int16]) -> NDArray[np.float32]:
    steep = (np.abs(luma[:, 2:] - luma[:, :-2]) >= STEEP).astype(np.uint8)
    rim = max(1, round(RIM * luma.shape[1]))
    steep = np.ascontiguousarray(steep[:, rim:-rim])
    if not steep.size:
        return np.zeros(COUNT // 2, np.float32)
    whole = cv2.morphologyEx(steep, cv2.MORPH_CLOSE, np.ones((GAP, 1), np.uint8))
    run = np.zeros(steep.shape[1], np.int32)
    longest = run.copy()
    for row in whole:
        run = (run + 1) * row
        np.maximum(longest, run, out=longest)
    runs, shares = longest / len(steep), steep.mean(axis=0)
    found, left = [], runs.copy()
    for _ in range(RUNS):
        at = int(left.argmax())
        found.append((runs[at], shares[max(0, at - 1) : at + 2].max()))
        left[max(0, at - APART) : at + APART + 1] = 0
    counts = [min(10, int((runs >= span).sum())) / 10 for span in SPANS]
    return np.array([*(run for run, _ in found), *(share for _, share in found), *counts], np.float32)
