"""How likely a picture is put together of several: a small learned head on the trunk's maps and on long seams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.evaluate.feature_maps import feature_maps
from packshot.evaluate.laid_over import LEAST_PX, MOST_DRAWN_OUT
from packshot.evaluate.seams import LONG_SIDE, seams
from packshot.models.own import arrays_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.evaluate.feature_maps import Map
    from packshot.media.picture import Picture

HEAD = "collage_head"


def put_together(picture: Picture) -> float | None:
    """From 0 to 1; None for a picture too small or too drawn out. Raises ModelError where the trunk cannot run.

    What it learnt from, and how well it does, is in `training/collage_head.md`.
    """
    short, long = sorted((picture.width, picture.height))
    if short < LEAST_PX or long > MOST_DRAWN_OUT * short:
        return None
    head = arrays_of(HEAD)
    scaled = np.clip((traits(picture).astype(np.float64) - head["mean"]) / head["scale"], -4, 4)
    score = float(np.einsum("n,n->", scaled, head["weights"].astype(np.float64)) + head["bias"][0])
    return float(1 / (1 + np.exp(-np.clip(score, -50, 50))))


def traits(picture: Picture) -> NDArray[np.float32]:
    """What the head weighs: `seams`, then mean and deviation of each channel of the two coarse maps; shape (890,)."""
    maps = picture.once(feature_maps)
    shares = maps.height_share, maps.width_share
    return np.concatenate(
        [seams(picture.luma_rung(LONG_SIDE)), *_spread(maps.stride_32, *shares), *_spread(maps.stride_16, *shares)]
    )


def _spread(of: Map, height_share: float, width_share: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rows = max(1, round(of.shape[1] * height_share))
    columns = max(1, round(of.shape[2] * width_share))
    shown = of[:, :rows, :columns].reshape(len(of), -1)
    return shown.mean(axis=1), shown.std(axis=1)
