"""Turning stored pixels the way up that EXIF asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SWAPS_SIDES = frozenset({5, 6, 7, 8})


def displayed_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height after the orientation is applied; giving displayed sizes back yields the stored ones."""
    return (height, width) if orientation in _SWAPS_SIDES else (width, height)


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Apply an EXIF orientation (CIPA DC-008, tag 0x0112) to (h, w) or (h, w, c) pixels; contiguous, no copy for 1."""
    if orientation == 1:
        return np.ascontiguousarray(pixels)
    if orientation == 5:  # noqa: PLR2004 - EXIF's own number: mirrored at the main diagonal
        turned = cv2.transpose(pixels)
    elif orientation == 7:  # noqa: PLR2004 - EXIF's own number: mirrored at the other diagonal
        turned = cv2.flip(cv2.transpose(pixels), -1)
    elif orientation in _FLIPS:
        turned = cv2.flip(pixels, _FLIPS[orientation])
    else:
        turned = cv2.rotate(pixels, _TURNS[orientation])
    return np.asarray(turned, dtype=np.uint8)


_FLIPS = {2: 1, 4: 0}
_TURNS = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
