"""A tiny picture in Lab that tells colour variants apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.area_means import area_means
from packshot.evaluate.lab import rgb_to_lab
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

RUNG = 128
CELLS = 16


class Lab16(Measure):
    """The picture as 16 × 16 cells of CIE Lab.

    Method: area mean of sRGB over each cell of the native picture, from the small rung, then OpenCV's 8-bit Lab
    (L × 2.55, a + 128, b + 128; D65), row by row. `match/colour.py` says how far re-encodings and colour variants lie
    apart.

    Blind spots: differences smaller than a cell; the shape of the picture, since the cells stretch with it.
    """

    version = 3
    outputs = (Output("lab16", Kind.BYTES768, "16 × 16 cells × (L, a, b), 8 bits each, row by row."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Shrink, then convert."""
        cells = area_means(picture.rung(RUNG), (CELLS, CELLS), (picture.height, picture.width))
        return {"lab16": rgb_to_lab(np.rint(cells).astype(np.uint8)).tobytes()}
