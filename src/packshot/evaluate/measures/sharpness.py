"""How crisp the product's edges are at native resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.arithmetic import ramp
from packshot.evaluate.measure import Measure
from packshot.evaluate.tiles import noise_sigma, textured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.evaluate.tiles import Tile
    from packshot.media.picture import Picture

LEAST_CONTRAST = 30
"""Luma levels across an edge below which its width cannot be told."""
FEWEST_EDGES = 60
LATTICE = 3
"""Distance of the points looked at."""
SMEARED, CRISP = 0.10, 0.40
"""Acutance, in shares of the edge's contrast per pixel, that score 0 and 1: a blur of about 4 and of 0.8 pixels."""

_NEAR = np.ones((5, 5), np.uint8)
_AROUND = np.ones((7, 7), np.uint8)
_CELL = np.ones((3, 3), np.uint8)


class Sharpness(Measure):
    """Sharpness of the product: 0 smeared, 1 crisp.

    Method: acutance, the steepest luma gradient (Sobel) near a point divided by the luma range around it; for an edge
    blurred by a Gaussian of σ pixels that is 0.4 / σ whatever its contrast or colour (compare the edge-width measures
    of Marziliano et al. 2002 and of Ferzli and Karam 2009). Taken at native resolution every 3 pixels of up to four
    textured tiles, on the product where it is told from its background, where the range is at least 30 levels. The mean
    of the 85th to 95th percentiles is taken in each tile over upright and over level edges apart; the sharpest tile
    counts, since highlights and a room behind the product are soft by nature, and the lesser of the two ways, so that
    motion blur, which spares the edges along its path, is seen. Noise is subtracted by its measured strength.

    Blind spots: text or a cut-out outline that was laid over a soft picture is crisp; a picture enlarged by a
    factor of 2 stays fairly crisp (see `effective_resolution_share`); diagonal motion is half seen. A soft product
    that was cut out with a hard edge looks sharper than it is. No answer where there are hardly any edges.
    """

    version = 3
    outputs = (Output("sharpness", Kind.FLOAT, "Score 0 (smeared) to 1 (crisp); null without edges."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Score the acutance of the product's sharpest edges."""
        noise = picture.once(noise_sigma) or 0.0
        tiles = [_acutance(_points(tile), noise) for tile in picture.once(textured)]
        upright, level, either = ([value for tile in tiles if (value := tile[way]) is not None] for way in range(3))
        ways = [max(found) for found in (upright, level) if found] or [max(found) for found in (either,) if found]
        return {"sharpness": ramp(min(ways), SMEARED, CRISP) if ways else None}


def _acutance(points: NDArray[np.float32], noise: float) -> tuple[float | None, float | None, float | None]:
    """The acutance of a tile's sharpest upright edges, level edges, and all; None with too few of them."""
    across, down, span = points[:, points[2] >= LEAST_CONTRAST + 2 * noise]
    if len(span) < FEWEST_EDGES:
        return None, None, None
    steepest = 0.96 * np.maximum(across, down) + 0.398 * np.minimum(across, down)
    steepest = np.sqrt(np.maximum(steepest**2 - (1.3 * noise) ** 2, 0))
    acutance = steepest / (span - 2 * noise)
    ways = [acutance[way] for way in (across > 1.5 * down, down > 1.5 * across)]
    upright, level = (_upper(way) if len(way) >= FEWEST_EDGES else None for way in ways)
    return upright, level, _upper(acutance)


def _upper(values: NDArray[np.float32]) -> float:
    """Mean of the values between the 85th and the 95th percentile: steadier than the 90th alone."""
    first, last = int(0.85 * len(values)), max(int(0.95 * len(values)), int(0.85 * len(values)) + 1)
    return float(np.sort(values)[first:last].mean())


def _points(tile: Tile) -> NDArray[np.float32]:
    """Steepest step across and down (levels per pixel) and luma range at the points that have an edge: (3, n)."""
    luma = tile.luma
    if min(luma.shape) < 4 * LATTICE:
        return np.zeros((3, 0), np.float32)
    top, left = ((side - 1) % LATTICE // 2 for side in luma.shape)  # the lattice lies in the middle
    points = np.s_[top::LATTICE, left::LATTICE]
    across, down = (
        cv2.dilate(cv2.convertScaleAbs(slope, alpha=0.25), _NEAR)[points] for slope in cv2.spatialGradient(luma)
    )
    # Extremes of 3 × 3 pixels at the points, then of 7 × 7 points, cover 21 × 21 pixels at a tenth of the cost.
    high = cv2.dilate(np.ascontiguousarray(cv2.dilate(luma, _CELL)[points]), _AROUND)
    low = cv2.erode(np.ascontiguousarray(cv2.erode(luma, _CELL)[points]), _AROUND)
    inner = np.s_[2:-2, 2:-2]  # at the rim half of the surroundings are missing
    span = (high - low)[inner]
    edges = span >= LEAST_CONTRAST
    found = np.stack([across[inner][edges], down[inner][edges], span[edges]]).astype(np.float32)
    found[:2] /= 2
    return found
