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
    from collections.abc import Callable, Mapping
    from typing import Any

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.evaluate.tiles import Tiles
    from packshot.media.picture import Picture

LEAST_CONTRAST = 30
"""Luma levels across an edge below which its width cannot be told."""
FEWEST_EDGES = 57
LATTICE = 3
"""Distance of the points looked at."""
RIM = 2
"""Points left out along the edges of a tile: half of their surroundings are missing."""
REACH = 3
"""Points on each side whose luma range counts."""
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

    version = 4
    outputs = (Output("sharpness", Kind.FLOAT, "Score 0 (smeared) to 1 (crisp); null without edges."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Score the acutance of the product's sharpest edges."""
        tiles = _acutances(picture.once(textured), picture.once(noise_sigma) or 0.0)
        upright, level, either = ([value for tile in tiles if (value := tile[way]) is not None] for way in range(3))
        ways = [max(found) for found in (upright, level) if found] or [max(found) for found in (either,) if found]
        return {"sharpness": ramp(min(ways), SMEARED, CRISP) if ways else None}


def _acutances(tiles: Tiles, noise: float) -> list[tuple[float | None, float | None, float | None]]:
    """The acutance of each tile's sharpest upright edges, of its level edges, and of all; None with too few."""
    points = _points(tiles)
    if points is None:
        return []
    edges = points[2] >= LEAST_CONTRAST + 2 * noise
    across, down, span = points.reshape(3, -1).compress(edges.ravel(), axis=1).astype(np.float32)
    steepest = 0.48 * np.maximum(across, down) + 0.199 * np.minimum(across, down)
    if noise:
        steepest = np.sqrt(np.maximum(steepest * steepest - np.float32((1.3 * noise) ** 2), 0))
    acutance = steepest / (span - np.float32(2 * noise))
    upright, level = across > 1.5 * down, down > 1.5 * across
    found, start = [], 0
    for count in np.count_nonzero(edges, axis=1).tolist():
        tile = slice(start, start + count)
        values = acutance[tile]
        ways = _upper(values.compress(upright[tile])), _upper(values.compress(level[tile]))
        found.append((*ways, _upper(values) if ways == (None, None) else None))
        start += count
    return found


def _upper(values: NDArray[np.float32]) -> float | None:
    """Mean of the values between the 85th and the 95th percentile: steadier than the 90th alone; None with too few."""
    count = values.size
    if count < FEWEST_EDGES:
        return None
    first, last = int(0.85 * count), max(int(0.95 * count), int(0.85 * count) + 1)
    return float(np.add.reduce(np.sort(values)[first:last])) / (last - first)


def _points(tiles: Tiles) -> NDArray[np.uint8] | None:
    """At points of each tile: twice the steepest step across and down (levels per pixel), luma range; (3, n, points).

    The points lie on a lattice in the middle of the tile. None where the tiles are too small for any.
    """
    size = tiles.size
    if not len(tiles) or min(size) < (2 * RIM + 1) * LATTICE:
        return None
    top, left = ((side - 1 - LATTICE * (side // LATTICE - 1)) // 2 for side in size)
    lattice = np.s_[:, top : size[0] - 1 : LATTICE, left : size[1] - 1 : LATTICE]
    inner = np.s_[:, RIM:-RIM, RIM:-RIM]
    slopes = cv2.spatialGradient(tiles.stack)
    across, down = (tiles.apart(cv2.dilate(cv2.convertScaleAbs(each, alpha=0.25), _NEAR)) for each in slopes)
    span = cv2.subtract(_extreme(tiles, cv2.dilate, lattice, 0), _extreme(tiles, cv2.erode, lattice, 255))
    span = tiles.apart(span)[:, :-REACH][inner]
    found = np.empty((3, *span.shape), np.uint8)
    found[0], found[1], found[2] = across[lattice][inner], down[lattice][inner], span
    return found.reshape(3, len(tiles), -1)


def _extreme(tiles: Tiles, extreme: Callable[..., Any], lattice: tuple[slice, ...], neutral: int) -> NDArray[np.uint8]:
    """The highest or lowest luma around each point, stacked with `REACH` rows after each tile that mean nothing.

    Extremes of 3 × 3 pixels at the points, then of 7 × 7 points, cover 21 × 21 pixels at a tenth of the cost.
    """
    near = tiles.apart(extreme(tiles.stack, _CELL))[lattice]
    apart = np.full((len(tiles), near.shape[1] + REACH, near.shape[2]), neutral, np.uint8)
    apart[:, :-REACH] = near
    return np.asarray(extreme(apart.reshape(-1, near.shape[2]), _AROUND), dtype=np.uint8)
