"""A tiny picture in Lab that tells colour variants apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.lab import rgb_to_lab
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

RUNG = 256
CELLS = 16


class Lab16(Measure):
    """The picture as 16 × 16 cells of CIE Lab.

    Method: area mean of sRGB over each cell, from the 256-pixel rung, then OpenCV's 8-bit Lab (L × 2.55, a + 128,
    b + 128; D65), row by row. `match/colour.py` says how far re-encodings and colour variants lie apart. (From a
    smaller rung copies of another size drift: halving drops odd rows and columns.)

    Blind spots: differences smaller than a cell; the shape of the picture, since the cells stretch with it.
    """

    version = 2
    outputs = (Output("lab16", Kind.BYTES768, "16 × 16 cells × (L, a, b), 8 bits each, row by row."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Shrink, then convert."""
        cells = cv2.resize(picture.rung(RUNG), (CELLS, CELLS), interpolation=cv2.INTER_AREA)
        return {"lab16": rgb_to_lab(np.asarray(cells, dtype=np.uint8)).tobytes()}
