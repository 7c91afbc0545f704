"""Pixels to bytes: the thumbnail that reports show, masks and cut-outs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import simplejpeg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture


def encode_jpeg(rgb: NDArray[np.uint8], quality: int) -> bytes:
    """Baseline JPEG, 4:2:0, without metadata; `rgb` is (h, w, 3) sRGB, `quality` 1 to 100."""
    encoded = simplejpeg.encode_jpeg(
        np.ascontiguousarray(rgb),
        quality=quality,
        colorspace="RGB",
        colorsubsampling="420",
    )
    return bytes(encoded)


def encode_thumbnail(picture: Picture, long_side: int = 320, quality: int = 82) -> bytes:
    """A JPEG whose long side is `long_side` pixels, from the nearest rung above it; never enlarged."""
    rgb = picture.rung(long_side)
    height, width = rgb.shape[:2]
    longest = max(height, width)
    if longest > long_side:
        size = (max(1, round(width * long_side / longest)), max(1, round(height * long_side / longest)))
        # A rung is less than twice as large: two pixels a side are enough, six times as fast as areas.
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    return encode_jpeg(rgb, quality)


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """PNG without metadata; `pixels` is (h, w) grey, (h, w, 3) sRGB, or (h, w, 4) with alpha."""
    turned = pixels
    if pixels.ndim == 3:  # noqa: PLR2004 - OpenCV keeps blue first
        turn = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA  # noqa: PLR2004 - without alpha
        turned = np.asarray(cv2.cvtColor(pixels, turn), dtype=np.uint8)
    return bytes(cv2.imencode(".png", turned)[1])
