"""What the trunk of EfficientNet-lite0 sees where in a picture: run once, for all small models that build on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from packshot.evaluate.features import MIDDLE, REACH
from packshot.evaluate.planes import planes
from packshot.models import desk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

    Map = NDArray[np.float32]

MODEL = "efficientnet-lite0-maps"
LONG_SIDE = 352
"""Long side, in pixels, of what the model sees; the aspect ratio is kept."""
STEP = 32
"""Sides are filled up to multiples of it, at the right and below, with the grey that the model takes for zero."""


class FeatureMaps(NamedTuple):
    """The maps of one picture, finest first; a map has a row for each `stride` pixels of what the model saw."""

    stride_4: Map
    """Shape (24, h, w)."""
    stride_8: Map
    """Shape (40, h, w)."""
    stride_16: Map
    """Shape (112, h, w)."""
    stride_32: Map
    """Shape (320, h, w)."""
    width_share: float
    """Share of the maps' width that shows the picture; the rest, at the right, is filling."""
    height_share: float
    """Share of the maps' height that shows the picture; the rest, below, is filling."""


def feature_maps(picture: Picture) -> FeatureMaps:
    """Run the trunk on the whole picture; ask by `picture.once`. Raises ModelError where it cannot run."""
    shown = picture.once(shown_whole)
    image = filled(shown)
    four, eight, sixteen, thirty_two = desk.run(MODEL, image)
    height, width = shown.shape[:2]
    return FeatureMaps(four[0], eight[0], sixteen[0], thirty_two[0], width / image.shape[3], height / image.shape[2])


def shown_whole(picture: Picture) -> Pixels:
    """What the model is shown of the picture, before it is filled up, (h, w, 3); ask by `picture.once`."""
    return fitted(picture.rung(2 * LONG_SIDE))  # at most twice as long


def fitted(rgb: Pixels) -> Pixels:
    """The picture with a long side of 352 pixels, (h, w, 3) uint8."""
    height, width = rgb.shape[:2]
    scale = LONG_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    found = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return np.asarray(found, dtype=np.uint8)


def filled(rgb: Pixels) -> NDArray[np.float32]:
    """What the model takes of an (h, w, 3) picture: float32, (1, 3, H, W), H and W the next multiples of 32."""
    height, width = rgb.shape[:2]
    image = np.zeros((1, 3, -(-height // STEP) * STEP, -(-width // STEP) * STEP), np.float32)
    image[0, :, :height, :width] = planes(rgb, REACH, MIDDLE / REACH)[0]
    return image
