"""How visible the 8 × 8 blocks of JPEG compression are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.arithmetic import ramp
from packshot.evaluate.measure import Measure
from packshot.evaluate.tiles import steps, textured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

BLOCK = 8
EDGE = 16
"""Steps of more levels than this belong to the picture and not to the compression."""
FAINT, PLAIN = 0.28, 0.68
"""Excess of the steps on the grid, as a part of all steps, that counts as 0 and as 1."""
SEEN = 1.0
"""Luma levels below which a step is not seen."""


class Blockiness(Measure):
    """Strength of JPEG block edges: 0 none, 1 hardly anything else.

    Method: mean step of luma between neighbouring columns (and rows), capped at 16 levels, on the grid of 8 against
    off the grid, at native resolution (after Wang, Sheikh and Bovik, "No-reference perceptual quality assessment of
    JPEG compressed images", 2002). The grid's phase is searched, so a cropped, turned or re-saved picture still tells.

    Blind spots: blocks of a JPEG that was resized afterwards are no longer 8 pixels wide; patterns of 8 pixels
    (stripes, pixel fonts) look like blocks. Blocks at quality 50 and above are too faint to count. No answer below 24
    pixels.
    """

    version = 2
    outputs = (Output("blockiness", Kind.FLOAT, "0 (no block edges) to 1 (nothing else); null below 24 px."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Compare steps on and off the grid of 8."""
        if min(picture.width, picture.height) < 3 * BLOCK:
            return {"blockiness": None}
        tiles = picture.once(textured)
        if not len(tiles):
            return {"blockiness": 0.0}
        corners = np.array(tiles.corners)
        across, down = (cv2.threshold(each, EDGE, 0, cv2.THRESH_TRUNC)[1] for each in picture.once(steps))
        columns = [cv2.reduce(tile, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F) for tile in tiles.apart(across)]
        rows = np.append(cv2.reduce(down, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F), np.float32(0))
        means = (
            _on_grid(np.concatenate(columns), corners[:, 0]),
            _on_grid(tiles.apart(rows)[:, :-1], corners[:, 1]),  # without the step to the next tile
        )
        excess, usual = 0.0, 0.0
        for each in means:
            rest = (each.sum() - each.max()) / (BLOCK - 1)
            excess += (each.max() - rest) / 2
            usual += rest / 2
        return {"blockiness": ramp(float(excess / (excess + usual + SEEN)), FAINT, PLAIN)}


def _on_grid(profiles: NDArray[np.float32], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean step at each of the 8 places of the grid, from a profile (n, length) for each tile and where it begins."""
    places = ((offsets[:, None] + np.arange(profiles.shape[1])) % BLOCK).ravel()
    counts = np.bincount(places, minlength=BLOCK)
    return np.bincount(places, profiles.ravel(), BLOCK) / np.maximum(counts, 1)
