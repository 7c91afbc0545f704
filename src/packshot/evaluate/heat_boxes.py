"""Boxes around the hot parts of a heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOT = 0.5
"""Cells at least this likely belong to a part. A half, by meaning: cells are learnt as yes or no."""
MOST_BOXES = 12
SLIGHT = 0.02
"""Parts with less than this share of the heat of the hottest part are left out: single cells beside it."""


def hot_boxes(heat: NDArray[np.float32], height_share: float, width_share: float) -> tuple[float, ...]:
    """x, y, w, h of each connected hot part as shares of the picture, the hottest first, one after the other.

    Args:
        heat: Likelihoods of cells, shape (h, w).
        height_share: Share of the map's height that shows the picture, from above.
        width_share: Share of its width, from the left.

    Where no cell is hot, the box of the hottest one: whoever asks knows by other means that there is something.
    """
    hot = heat >= min(HOT, float(heat.max()))
    _, parts, found, _ = cv2.connectedComponentsWithStats(hot.astype(np.uint8), connectivity=8)
    total = np.bincount(parts.ravel(), weights=heat.ravel(), minlength=len(found))
    order = [
        number for number in np.argsort(-total[1:], kind="stable") + 1 if total[number] >= SLIGHT * total[1:].max()
    ]
    rows, columns = heat.shape[0] * height_share, heat.shape[1] * width_share
    boxes: list[float] = []
    for x, y, w, h, _ in found[order[:MOST_BOXES]].tolist():
        left, top, right, bottom = x / columns, y / rows, min(1.0, (x + w) / columns), min(1.0, (y + h) / rows)
        boxes += [left, top, right - left, bottom - top]
    return tuple(boxes)
