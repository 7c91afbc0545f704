"""The outlines of a mask as few corners, for drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from packshot.media.picture import Pixels

MOST_CORNERS = 100
SMALLEST_PART = 0.05
"""Parts smaller than this share of the largest are not drawn."""
END = (-1.0, -1.0)
"""Stands where a polygon ends and another one begins."""


def outline(mask: Pixels) -> tuple[float, ...] | None:
    """The outer outlines of what is not 0 in `mask` (h, w): x, y, x, y, … as shares of the picture; None where all is.

    Polygons follow each other, the largest first, divided by END; together they have at most MOST_CORNERS corners
    (D. Douglas and T. Peucker, 1973, as coarse as that takes).
    """
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    parts = sorted(found, key=cv2.contourArea, reverse=True)
    if not parts:
        return None
    least = SMALLEST_PART * cv2.contourArea(parts[0])
    parts = [part for part in parts if cv2.contourArea(part) >= least][: MOST_CORNERS // 4]
    step = 0.5
    while sum(len(part) for part in parts) > MOST_CORNERS:
        parts = [np.asarray(cv2.approxPolyDP(part, step, closed=True)) for part in parts]
        step *= 1.5
    scale = np.array([mask.shape[1], mask.shape[0]], np.float64)
    polygons = [((part.reshape(-1, 2) + 0.5) / scale).ravel().tolist() for part in parts]
    return tuple(number for place, corners in enumerate(polygons) for number in (*(END if place else ()), *corners))
