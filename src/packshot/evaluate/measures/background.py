"""What stands around the product: how white, how even, which colour."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.lab import rgb_to_lab
from packshot.evaluate.measure import Measure
from packshot.evaluate.segmentation import between, off, segment, small_channels, small_lab_planes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.evaluate.segmentation import Segmentation
    from packshot.media.picture import Picture, Pixels

WHITE = 255
PURE_WHITE = 250
"""Every channel at least this: off-white of 247 is told from white, the noise of JPEG at quality 75 is not."""
BAND = 0.08
"""Width of the band at the frame, as a share of the short side, that stands for the background where none is told."""
MARGIN, MARGIN_PX = 2, 9
"""What is left out around the product: pixels of the small rung, and at least a block of JPEG in native pixels."""
SHADOW_REACH = 0.12
"""A shading this near to the product, as a share of the long side, is its shadow and left out of whiteness."""
EVEN = 10.0
"""CIE Lab distance at which evenness has fallen to 0.37."""
EVENNESS = np.exp(-np.square(np.arange(256) / EVEN)).astype(np.float32)
"""Of each distance."""


class Background(Measure):
    """How white, how even and of which colour the background is.

    Method: where the product is told with confidence, the background is all the rest without a margin around the
    product; elsewhere it is a band of 8 % along the frame. `background_white_share` counts pixels of the small rung
    (means of 4 to 16 native pixels a side) with every channel at least 250, and leaves the soft shadow near the
    product out; `background_uniformity` is the mean of exp(-(distance / 10)²) over the CIE Lab distances from its
    median colour; `background_rgb` is that colour.

    Blind spots: off-white of 250 to 254 counts as white; a busy scene with a white rim counts by its rim. No answer
    where the product leaves nothing of the background.
    """

    version = 2
    outputs = (
        Output("background_white_share", Kind.FLOAT, "Share of the background that is pure white (250 or more)."),
        Output("background_uniformity", Kind.FLOAT, "0 (restless) to 1 (one colour)."),
        Output("background_rgb", Kind.RGB, "Median colour of the background."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Count white pixels and distances from the median over the background."""
        channels = picture.once(small_channels)
        segmentation = picture.once(segment)
        region, judged = _regions(segmentation, max(picture.width, picture.height) / max(channels[0].shape))
        if not cv2.countNonZero(region):
            return {"background_white_share": None, "background_uniformity": None, "background_rgb": None}
        if not cv2.countNonZero(judged):
            judged = region
        lowest = cv2.min(cv2.min(channels[0], channels[1]), channels[2])
        white = cv2.bitwise_and(between(lowest, PURE_WHITE, WHITE), judged)
        median = _median(channels, lowest, region)
        return {
            "background_white_share": cv2.countNonZero(white) / cv2.countNonZero(judged),
            "background_uniformity": _evenness(picture.once(small_lab_planes), region, median),
            "background_rgb": median,
        }


def _regions(segmentation: Segmentation, scale: float) -> tuple[Pixels, Pixels]:
    """The background, and the part of it whose whiteness is judged; `scale` is native pixels per pixel of the rung."""
    product = segmentation.product
    if not segmentation.confident:
        band = np.full_like(product, 255)
        rim = max(1, round(BAND * min(product.shape)))
        band[rim : product.shape[0] - rim, rim : product.shape[1] - rim] = 0
        return band, band
    margin = 2 * max(MARGIN, round(MARGIN_PX / scale)) + 1
    away = cv2.bitwise_not(cv2.dilate(product, np.ones((margin, margin), np.uint8)))
    if not cv2.countNonZero(segmentation.shadow):
        return np.asarray(away, dtype=np.uint8), np.asarray(away, dtype=np.uint8)
    reach = 2 * round(SHADOW_REACH * max(product.shape)) + 1
    near = cv2.dilate(product, np.ones((reach, reach), np.uint8))
    shadow = cv2.bitwise_and(segmentation.shadow, near)
    judged = cv2.bitwise_and(away, cv2.bitwise_not(shadow))
    return np.asarray(away, dtype=np.uint8), np.asarray(judged, dtype=np.uint8)


def _median(
    channels: tuple[Pixels, Pixels, Pixels], lowest: cv2.typing.MatLike, region: Pixels
) -> tuple[int, int, int]:
    half = cv2.countNonZero(region) / 2
    if cv2.countNonZero(cv2.bitwise_and(between(lowest, WHITE, WHITE), region)) > half:  # most packshots
        return WHITE, WHITE, WHITE
    sums = (np.cumsum(cv2.calcHist([plane], [0], region, [256], [0, 256])) for plane in channels)
    red, green, blue = (int(np.searchsorted(counted, half)) for counted in sums)
    return red, green, blue


@lru_cache(maxsize=1024)
def _lab(colour: tuple[int, int, int]) -> tuple[float, float, float]:
    """One colour in 8-bit Lab; most backgrounds are one of a few."""
    light, a, b = rgb_to_lab(np.array([[colour]], dtype=np.uint8))[0, 0].tolist()
    return float(light), float(a), float(b)


def _evenness(lab: tuple[Pixels, Pixels, Pixels], region: Pixels, median: tuple[int, int, int]) -> float:
    light, a, b = (off(plane, level) for plane, level in zip(lab, _lab(median), strict=True))
    distance = cv2.max(cv2.convertScaleAbs(light, alpha=100 / 255), cv2.max(a, b))
    counts = cv2.calcHist([distance], [0], region, [256], [0, 256]).ravel()
    return min(1.0, float(counts @ EVENNESS) / cv2.countNonZero(region))
