"""How light the picture is, and how much of it is clipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.segmentation import RUNG, between, segment, small_channels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

BLACK, WHITE = 5, 250
"""Luma up to which, and from which on, a pixel counts as clipped."""
SQUARE = np.ones((3, 3), np.uint8)
LEVELS = np.arange(256) / 255
FULL = 253
"""Level from which on a single channel counts as clipped."""


class Exposure(Measure):
    """Brightness, contrast, darkest and lightest parts, and clipping.

    Method: the histogram of Rec. 601 luma on a small rung of the shrink ladder. `clipped_dark_share` is of the whole
    picture. `clipped_light_share` and `product_brightness` are of the product where it is told from its background
    with confidence, since a white background is no fault; elsewhere `clipped_light_share` is of the whole picture and
    `product_brightness` has no answer.

    `clipped_channel_share` is the share of such a product where at least one of red, green and blue is at its end, as
    happens to coloured things long before they are white; it has no answer elsewhere.

    Blind spots: lemons and other things of one pure colour clip a channel in good light, too; a black product and an
    underexposed one look alike; so do a white product and an overexposed one. Highlights smaller than about 8 pixels
    in a large picture are averaged away.
    """

    version = 2
    outputs = (
        Output("brightness", Kind.FLOAT, "Mean luma of the whole picture, 0 to 1."),
        Output("contrast", Kind.FLOAT, "Standard deviation of luma, 0 to 0.5."),
        Output("luma_p05", Kind.FLOAT, "Luma that 5 % of the pixels do not exceed, 0 to 1."),
        Output("luma_p99", Kind.FLOAT, "Luma that 99 % of the pixels do not exceed, 0 to 1."),
        Output("clipped_dark_share", Kind.FLOAT, "Share of the picture with luma of at most 5 of 255."),
        Output("clipped_light_share", Kind.FLOAT, "Share of the product with luma of at least 250 of 255."),
        Output("clipped_channel_share", Kind.FLOAT, "Share of the product with a clipped channel; null: not told."),
        Output("product_brightness", Kind.FLOAT, "Mean luma of the product, 0 to 1; null where it is not told."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Count lumas, once for the picture and once for the product."""
        luma = picture.luma_rung(RUNG)
        whole = _histogram(luma, None)
        segmentation = picture.once(segment)
        product = _histogram(luma, segmentation.product) if segmentation.confident else None
        mean = float(whole @ LEVELS)
        sums = np.cumsum(whole)
        return {
            "brightness": mean,
            "contrast": float(np.sqrt(max(0.0, float(whole @ (LEVELS - mean) ** 2)))),
            "luma_p05": int(np.searchsorted(sums, 0.05)) / 255,
            "luma_p99": int(np.searchsorted(sums, 0.99 - 1e-9)) / 255,
            "clipped_dark_share": float(whole[: BLACK + 1].sum()),
            "clipped_light_share": min(1.0, float((whole if product is None else product)[WHITE:].sum())),
            "clipped_channel_share": _clipped(picture, segmentation.product) if segmentation.confident else None,
            "product_brightness": None if product is None else float(product @ LEVELS),
        }


def _clipped(picture: Picture, product: Pixels) -> float:
    """Share of the product, without its outermost pixels, whose largest channel is full."""
    red, green, blue = picture.once(small_channels)
    inside = cv2.erode(product, SQUARE)
    highest = np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)
    full = cv2.bitwise_and(between(highest, FULL, 255), inside)
    return cv2.countNonZero(full) / max(1, cv2.countNonZero(inside))


def _histogram(luma: Pixels, mask: Pixels | None) -> NDArray[np.float64]:
    """Share of the pixels at each of 256 levels; the mask must not be empty."""
    counts = np.asarray(cv2.calcHist([luma], [0], mask, [256], [0, 256]).ravel(), dtype=np.float64)
    return counts / float(counts.sum())
