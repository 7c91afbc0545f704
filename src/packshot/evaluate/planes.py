"""A picture as networks take it: one plane a channel, scaled; many times as fast as arithmetic on pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Pixels


def planes(rgb: Pixels, by: float, less: float, *, blue_first: bool = False) -> NDArray[np.float32]:
    """Float32, shape (1, 3, h, w): each level of an (h, w, 3) picture divided `by` a number, `less` another one."""
    channels = cv2.split(rgb)
    out = np.empty((1, 3, *rgb.shape[:2]), np.float32)
    for place, channel in enumerate(channels[::-1] if blue_first else channels):
        np.divide(channel, np.float32(by), out=out[0, place])
    out -= np.float32(less)
    return out
