"""How good a spoiled picture looks beside the one that it was made of: one scale for every way of spoiling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Plane = NDArray[np.float32]

SEEN = 512
"""Long side, in pixels, at which the two are looked at."""
SCALES = 2
STEADY = 40.0
"""Squared slope of lightness (0 to 100) below which a difference of slopes is hardly seen."""
EMPTY = 0.2
"""What a place without anything in it counts, where the product counts 1."""
HALF_STRUCTURE, HALF_COLOUR = 0.12, 26.0
"""Differences of slopes (0 to 1), and of light and colour (CIE Lab), at which half of the quality is gone."""
STEEP_STRUCTURE, STEEP_COLOUR = 1.6, 2.0


def seen_quality(reference: Pixels, spoiled: Pixels) -> float:
    """1 (no difference is seen) to 0 (ruined), of two pictures of any size that show the same, (h, w, 3).

    The similarity of slopes (W. Xue et al., "Gradient magnitude similarity deviation", 2014; here its root mean square
    distance from 1, so that what is spoiled evenly counts, too) at two scales, and the distance of blurred colours.
    """
    structure, colour = differences(reference, spoiled)
    kept = 1 / (1 + (structure / HALF_STRUCTURE) ** STEEP_STRUCTURE)
    return float(kept / (1 + (colour / HALF_COLOUR) ** STEEP_COLOUR))


def differences(reference: Pixels, spoiled: Pixels) -> tuple[float, float]:
    """How unlike slopes are, 0 to 1, and colours, in CIE Lab."""
    height, width = reference.shape[:2]
    scale = min(1.0, SEEN / max(height, width))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    one, other = (_lab(each, size) for each in (reference, spoiled))
    weight = _weight(one[..., 0])
    found = []
    light, changed, counts = one[..., 0], other[..., 0], weight
    for _ in range(SCALES):
        before, after = _slopes(light), _slopes(changed)
        alike = (2 * np.sqrt(before * after) + STEADY) / (before + after + STEADY)
        found.append(np.sqrt(np.average((1 - alike) ** 2, weights=counts)))
        half = (max(1, light.shape[1] // 2), max(1, light.shape[0] // 2))
        light, changed, counts = (
            cv2.resize(each, half, interpolation=cv2.INTER_AREA) for each in (light, changed, counts)
        )
    blurred = [cv2.GaussianBlur(each, (0, 0), 3) for each in (one, other)]
    apart = np.linalg.norm(blurred[0] - blurred[1], axis=2)
    return float(np.mean(found)), float(np.average(apart, weights=weight))


def _lab(rgb: Pixels, size: tuple[int, int]) -> Plane:
    smaller = rgb.shape[1] > size[0]
    fitted = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(fitted.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)


def _slopes(light: Plane) -> Plane:
    across, down = cv2.Scharr(light, cv2.CV_32F, 1, 0), cv2.Scharr(light, cv2.CV_32F, 0, 1)
    return (across * across + down * down) / 256


def _weight(light: Plane) -> Plane:
    """1 where there is anything in the picture or near it, EMPTY on a plain ground."""
    lively = np.sqrt(cv2.blur(_slopes(light), (15, 15)))
    return np.where(lively > 1, np.float32(1), np.float32(EMPTY))
