"""Pictures spoiled by known amounts, encoded as a shop would."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from packshot.testing.drawing import damage

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Spoil = Callable[[Pixels], Pixels]

QUALITY = 92


def jpeg(rgb: Pixels, quality: int = QUALITY) -> bytes:
    """RGB (h, w, 3) as JPEG."""
    file = BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality)
    return file.getvalue()


def png(rgb: Pixels) -> bytes:
    """RGB (h, w, 3) or RGBA (h, w, 4) as PNG."""
    file = BytesIO()
    Image.fromarray(rgb).save(file, "PNG")
    return file.getvalue()


def moved(rgb: Pixels, share: float, degrees: float) -> Pixels:
    """Blurred along a straight path, `share` of the longer side long."""
    length = max(3, round(share * max(rgb.shape[:2])))
    kernel = np.zeros((length, length), np.float32)
    reach = (length - 1) / 2
    step = np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))]) * reach
    begin, end = (np.round(reach + sign * step).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, begin, end, 1.0)
    return np.asarray(cv2.filter2D(rgb, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


def unchanged(rgb: Pixels) -> Pixels:
    """As it was: only encoded again."""
    return rgb


BLURS: dict[str, Spoil] = {
    "σ 3 px": lambda rgb: np.asarray(cv2.GaussianBlur(rgb, (0, 0), 3.0), np.uint8),
    "σ 5 px": lambda rgb: np.asarray(cv2.GaussianBlur(rgb, (0, 0), 5.0), np.uint8),
    "σ 1 % of the side": partial(damage.out_of_focus, sigma_share=0.01),
    "moved 1.5 %, level": partial(moved, share=0.015, degrees=0.0),
    "moved 1.5 %, diagonal": partial(moved, share=0.015, degrees=40.0),
}
"""Name → how it is blurred."""
