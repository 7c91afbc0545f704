"""RGB to CIE Lab and back, without the start-up cost of OpenCV's own conversion."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Pixels

STEPS = 16383
"""Steps in which linear light is told apart: finer than 8 bits of Lab."""
TO_XYZ = np.array(
    [
        [0.412453 / 0.950456, 0.357580 / 0.950456, 0.180423 / 0.950456],
        [0.212671, 0.715160, 0.072169],
        [0.019334 / 1.088754, 0.119193 / 1.088754, 0.950227 / 1.088754],
    ]
)
"""Linear sRGB to XYZ, relative to the white D65."""
TO_LAB = np.array([[0, 116 * 2.55, 0, -16 * 2.55], [500, -500, 0, 128], [0, 200, -200, 128]], dtype=np.float32)


def rgb_to_lab(rgb: Pixels) -> Pixels:
    """Lab of 8-bit sRGB, shape (h, w, 3) both, in OpenCV's 8-bit scale: L × 2.55, a + 128, b + 128.

    The numbers are those of `cv2.COLOR_RGB2LAB` to within 2, and as fast on small rungs; that function spends 0.15 s of
    its first call on tables, which is more than everything else that `packshot check` does with a picture.
    """
    linear, roots = _tables()
    steps = np.asarray(cv2.transform(cv2.LUT(rgb, linear), TO_XYZ), dtype=np.float32).astype(np.uint16)
    return np.asarray(cv2.convertScaleAbs(cv2.transform(np.take(roots, steps, mode="clip"), TO_LAB)), dtype=np.uint8)


def lab_to_rgb(lab: tuple[int, int, int]) -> tuple[int, int, int]:
    """The sRGB colour, 0 to 255 each, of one 8-bit Lab colour; what sRGB cannot show is clipped."""
    y = (lab[0] / 2.55 + 16) / 116
    roots = np.array([y + (lab[1] - 128) / 500, y, y - (lab[2] - 128) / 200])
    t = np.where(roots > 6 / 29, roots**3, (roots - 16 / 116) / 7.787)
    linear = np.clip(np.linalg.solve(TO_XYZ, t), 0, 1)
    levels = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)  # noqa: PLR2004 - sRGB
    red, green, blue = (round(255 * float(level)) for level in levels)
    return red, green, blue


@cache
def _tables() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Linear light of each of 256 levels, in steps; and the function f of CIE Lab of each step."""
    levels = np.arange(256) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB
    t = np.arange(STEPS + 1) / STEPS
    roots = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)  # noqa: PLR2004 - CIE Lab
    return (linear * STEPS + 0.5).astype(np.float32), roots.astype(np.float32)
