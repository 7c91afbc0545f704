"""The guided filter: a rough mask follows the edges of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Pixels

    Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Guided:
    """The mask is `slope` × luma + `level`, both (h, w) and smooth: enlarged, they hold for a larger luma as well."""

    slope: Plane
    level: Plane

    def on(self, luma: Pixels) -> Pixels:
        """The mask, 0 to 255, at the size of `luma` (h, w) uint8."""
        size = (luma.shape[1], luma.shape[0])
        slope, level = (
            each if each.shape == luma.shape else cv2.resize(each, size, interpolation=cv2.INTER_LINEAR)
            for each in (self.slope, self.level)
        )
        return np.clip(np.rint(luma * slope + level), 0, 255).astype(np.uint8)


def guided(rough: Plane, luma: Pixels, radius: int, softness: float) -> Guided:
    """Fit the mask to the edges of a picture.

    K. He, J. Sun and X. Tang, "Guided image filtering" (2013), and "Fast guided filter" (2015): in every window of
    2 × `radius` + 1 pixels the mask is a linear function of luma, the one nearest to `rough`, (h, w) of 0 to 1.
    Edges weaker than `softness`, a standard deviation in levels of luma, are smoothed over.
    """
    side = (2 * radius + 1, 2 * radius + 1)
    guide = luma.astype(np.float32)
    target = rough * np.float32(255)
    mean_guide, mean_target = cv2.blur(guide, side), cv2.blur(target, side)
    covariance = cv2.blur(guide * target, side) - mean_guide * mean_target
    variance = cv2.blur(guide * guide, side) - mean_guide * mean_guide
    slope = covariance / (variance + np.float32(softness * softness))
    level = mean_target - slope * mean_guide
    return Guided(
        np.asarray(cv2.blur(slope, side), dtype=np.float32), np.asarray(cv2.blur(level, side), dtype=np.float32)
    )
