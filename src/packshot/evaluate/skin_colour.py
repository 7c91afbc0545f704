"""Which pixels have the colour of skin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.segmentation import RUNG, between, small_channels

if TYPE_CHECKING:
    from packshot.media.picture import Picture, Pixels

DARKEST, LIGHTEST = 40, 250
"""Luma of skin."""
REDS, BLUES = (133, 173), (77, 127)
"""Cr and Cb of skin."""


def skin_coloured(picture: Picture) -> Pixels:
    """Mask, 0 or 255, of the pixels of the small rung whose colour may be skin; ask by `picture.once`.

    The Cr and Cb ranges of D. Chai and K. N. Ngan, "Face segmentation using skin-color map in videophone applications",
    1999.
    """
    luma, (red, _, blue) = picture.luma_rung(RUNG), picture.once(small_channels)
    reddish = between(cv2.addWeighted(red, 0.713, luma, -0.713, 128), *REDS)
    bluish = between(cv2.addWeighted(blue, 0.564, luma, -0.564, 128), *BLUES)
    skin = cv2.bitwise_and(cv2.bitwise_and(reddish, bluish), between(luma, DARKEST, LIGHTEST))
    return np.asarray(skin, dtype=np.uint8)
