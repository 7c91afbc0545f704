"""Whether the picture shows anything: blank fields and placeholders do not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.arithmetic import ramp
from packshot.evaluate.measure import Measure
from packshot.evaluate.segmentation import RUNG, between, segment, small_steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

SQUARE = np.ones((3, 3), np.uint8)
LEAST_STEP, LARGEST_STEP = 3, 32
"""Luma range of 3 × 3 pixels that is neither a flat tint nor a drawn edge."""


class Information(Measure):
    """How much there is to see: 0 blank, low for a placeholder, 1 for a real picture.

    Method: on a small rung and without the plain background, the share of pixels with shading or texture (a luma range
    of 3 to 32 levels among neighbours), which photographs have and flat graphics lack, and the entropy of the colours
    in 4096 cells. Or something large stands out, as a book with a plain cover does: a placeholder's icon and words are
    small. Any of the three makes a picture; the score is 1 - (1 - shading) (1 - variety) (1 - body).

    Blind spots: a small flat drawing of few colours (a logo, an icon) scores like a placeholder, whatever it shows; a
    placeholder with a photograph, many colours or a ground of several tones scores like a picture; noise counts as
    texture.
    """

    version = 2

    outputs = (Output("information", Kind.FLOAT, "Score 0 (blank) to 1 (a real picture)."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Look for shading and for variety outside the plain background."""
        rest = np.asarray(cv2.bitwise_not(picture.once(segment).background), dtype=np.uint8)
        seen = cv2.countNonZero(rest)
        if not seen:
            return {"information": 0.0}
        steps = picture.once(small_steps)
        shaded = between(steps, LEAST_STEP, LARGEST_STEP)
        drawn = cv2.dilate(between(steps, LARGEST_STEP + 1, 255), SQUARE)
        soft = cv2.bitwise_and(shaded, cv2.bitwise_not(drawn))  # compression leaves ripples beside drawn edges
        bits = _entropy(picture.rung(RUNG), rest)
        shading = ramp(cv2.countNonZero(cv2.bitwise_and(soft, rest)) / seen, 0.12, 0.5) * ramp(bits, 0.4, 1.4)
        size = ramp(seen / rest.size, 0.0, 0.005)
        contrast = float(cv2.meanStdDev(picture.luma_rung(RUNG))[1][0, 0])
        body = ramp(seen / rest.size, 0.25, 0.5) * ramp(contrast, 5.0, 12.0)
        return {"information": size * (1 - (1 - shading) * (1 - ramp(bits, 2.5, 6.0)) * (1 - body))}


def _entropy(rgb: Pixels, region: Pixels) -> float:
    """Entropy in bits of the colours in 16 × 16 × 16 cells over the region."""
    counts = cv2.calcHist([rgb], [0, 1, 2], region, [16, 16, 16], [0, 256, 0, 256, 0, 256]).ravel()
    counts = counts[counts > 0].astype(np.float64)
    total = float(counts.sum())
    return math.log2(total) - float(counts @ np.log2(counts)) / total
