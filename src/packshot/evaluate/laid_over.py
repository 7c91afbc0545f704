"""Text, graphics and watermarks laid over a picture: found once, for the measures of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from packshot.evaluate.feature_maps import feature_maps
from packshot.models import desk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.evaluate.feature_maps import FeatureMaps
    from packshot.media.picture import Picture

OWN = "laid_over"
CELL = 8
"""Pixels of what the trunk saw for each cell of the heat maps."""
FINE = 16
"""Pixels, of the luma that the model is shown for each cell: twice as fine as what the trunk saw."""
AROUND = 9
"""Side, in pixels of that, of the surroundings above which luma rises."""
FRACTION = 3
"""Steps to a level of luma."""
MOST_DRAWN_OUT = 8
"""A picture longer than so many times its other side is not asked about: the maps hold a few rows of it."""
LEAST_PX = 32
"""Nor is one whose shorter side has fewer pixels: nothing laid over it could be told."""


class LaidOver(NamedTuple):
    """What the model says of one picture: probabilities from 0 to 1."""

    overlay: float
    watermark: float
    overlay_heat: NDArray[np.float32]
    """For each cell that shows the picture, shape (h, w), how likely something was laid over it there."""
    watermark_heat: NDArray[np.float32]
    height_share: float
    """Share of the heat maps' height that shows the picture: the last row may show filling as well."""
    width_share: float


def laid_over(picture: Picture) -> LaidOver | None:
    """Run the model on the whole picture; ask by `picture.once`. None for a picture too small or too drawn out.

    Raises ModelError where it cannot run.
    """
    short, long = sorted((picture.width, picture.height))
    if short < LEAST_PX or long > MOST_DRAWN_OUT * short:
        return None
    maps = picture.once(feature_maps)
    inside = inside_of(maps)
    heat, answers = desk.run(
        f"own/{OWN}",
        {
            "fine": raised(picture, maps)[None],
            "stride_4": maps.stride_4[None],
            "stride_8": maps.stride_8[None],
            "stride_16": maps.stride_16[None],
            "stride_32": maps.stride_32[None],
            "inside": inside[None],
        },
    )
    rows, columns = int(inside[0, :, 0].sum()), int(inside[0, 0].sum())
    shares = maps.height_share * inside.shape[1] / rows, maps.width_share * inside.shape[2] / columns
    likely = _logistic(heat[0, :, :rows, :columns])
    overlay, watermark = (float(one) for one in _logistic(answers[0]))
    return LaidOver(overlay, watermark, likely[0], likely[1], *shares)


def inside_of(maps: FeatureMaps) -> NDArray[np.float32]:
    """1 for each cell that shows the picture, 0 for one that shows filling alone; shape (1, h, w)."""
    _, height, width = maps.stride_8.shape
    inside = np.zeros((1, height, width), np.float32)
    inside[0, : int(np.ceil(height * maps.height_share - 1e-6)), : int(np.ceil(width * maps.width_share - 1e-6))] = 1
    return inside


def raised(picture: Picture, maps: FeatureMaps) -> NDArray[np.int8]:
    """How far luma rises above its surroundings, as the model is shown it: int8, shape (1, H, W), 0 for filling.

    A third of a level for each step, up to 42 levels.
    """
    _, rows, columns = maps.stride_8.shape
    height = max(1, round(rows * FINE * maps.height_share))
    width = max(1, round(columns * FINE * maps.width_share))
    rung = picture.luma_rung(max(height, width))
    way = cv2.INTER_AREA if rung.shape[0] > height else cv2.INTER_CUBIC
    luma = np.asarray(cv2.resize(rung, (width, height), interpolation=way), np.int16)
    around = cv2.blur(luma * FRACTION, (AROUND, AROUND), borderType=cv2.BORDER_REPLICATE)
    whole = np.zeros((1, rows * FINE, columns * FINE), np.int8)
    whole[0, :height, :width] = np.clip(luma * FRACTION - around, -127, 127)
    return whole


def _logistic(score: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(score.astype(np.float64), -50, 50))), np.float32)
