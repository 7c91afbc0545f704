"""The quality setting that a JPEG was saved with."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

# ITU-T T.81, tables K.1 and K.2, in natural (row) order.
LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
CHROMA = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
)
TABLE_SIZE = 64


class JpegQuality(Measure):
    """JPEG quality on libjpeg's scale of 1 to 100.

    Method: the quantisation tables of the file against libjpeg's scaling of the tables in ITU-T T.81 annex K; the
    quality with the least relative difference wins. Exact for libjpeg and what follows it (mozjpeg and Photoshop use
    tables of their own: the nearest quality is given).

    Blind spots: it says how the file was saved last, not what it went through before. Null for other formats.
    """

    outputs = (Output("jpeg_quality", Kind.INT, "Quality on libjpeg's scale, 1 to 100; null unless JPEG."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Find the nearest standard tables."""
        tables = tuple(table for table in picture.header.quant_tables[:2] if len(table) == TABLE_SIZE)
        return {"jpeg_quality": _nearest(tables) if tables else None}


@lru_cache(maxsize=256)
def _nearest(tables: tuple[tuple[int, ...], ...]) -> int:
    """The quality whose standard tables are nearest; a catalogue has few different ones."""
    own = np.maximum(np.array(tables, dtype=np.float64), 1)
    off = np.abs(np.log(_standard()[:, : len(tables)] / own)).sum(axis=(1, 2))
    return int(off.argmin()) + 1


@cache
def _standard() -> NDArray[np.float64]:
    """Libjpeg's luma and chroma tables at every quality: (100, 2, 64)."""
    base = np.array([LUMA, CHROMA], dtype=np.int64).reshape(2, TABLE_SIZE)
    quality = np.arange(1, 101)
    scale = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)  # noqa: PLR2004 - libjpeg's two branches
    return np.clip((base * scale[:, None, None] + 50) // 100, 1, 255).astype(np.float64)
