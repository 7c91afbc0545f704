"""How visible the 8 × 8 blocks of JPEG compression are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.arithmetic import ramp
from packshot.evaluate.measure import Measure
from packshot.evaluate.tiles import textured

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    outputs = (Output("blockiness", Kind.FLOAT, "0 (no block edges) to 1 (nothing else); null below 24 px."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Compare steps on and off the grid of 8."""
        if min(picture.width, picture.height) < 3 * BLOCK:
            return {"blockiness": None}
        sums, counts = np.zeros((2, BLOCK)), np.zeros((2, BLOCK))
        for tile in picture.once(textured):
            luma = tile.luma
            steps = (cv2.absdiff(luma[:, 1:], luma[:, :-1]), cv2.absdiff(luma[1:], luma[:-1]))
            for axis, offset in enumerate((tile.left, tile.top)):
                _, capped = cv2.threshold(steps[axis], EDGE, 0, cv2.THRESH_TRUNC)
                profile = cv2.reduce(capped, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
                place = np.arange(offset, offset + profile.size) % BLOCK
                sums[axis] += np.bincount(place, profile, BLOCK)
                counts[axis] += np.bincount(place, minlength=BLOCK)
        excess, usual = 0.0, 0.0
        for means in sums / np.maximum(counts, 1):
            rest = (means.sum() - means.max()) / (BLOCK - 1)
            excess += (means.max() - rest) / 2
            usual += rest / 2
        return {"blockiness": ramp(float(excess / (excess + usual + SEEN)), FAINT, PLAIN)}
