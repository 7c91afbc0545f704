"""When two assets are the same picture: shape, colour and aspect ratio agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from packshot.core.errors import PluginError
from packshot.match.colour import LAB_BYTES, worst_delta_e

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from packshot.match.colour import Floats
    from packshot.match.hamming import Bytes, Rows

    Flags: TypeAlias = NDArray[np.bool_]
    Reals: TypeAlias = NDArray[np.float64]

BLOCK = 2048
"""Pairs whose thumbnails are held at once."""


@dataclass(frozen=True, slots=True)
class Sameness:
    """How near two pictures have to be.

    Measured on 588 product pictures (studio, transparent, phone) and ten copies of each (JPEG 50 to 90, WebP, PNG,
    0.3 to 1.5 times the size), with hash and thumbnail shrunk by area: both limits hold for
    99.4 % of the copies. Copies of 100 px and more reach a ΔE of 3.0; the nearest colour variants of a garment start
    at 4.8. No two different pictures were within both.
    """

    radius: int = 31
    """Bits of the 256 in which the PDQ hashes may differ: the distance that PDQ's authors recommend."""
    max_delta_e: float = 3.8
    """Largest colour difference (see `colour.worst_delta_e`) of the same picture; beyond it is a colour variant."""
    min_pdq_quality: int = 40
    """A blank or flat picture has a hash of noise: below this PDQ quality (0 to 100) nothing is matched by hash. PDQ's
    authors drop what is below 50; plain product pictures on white come down to 44."""
    aspect_tolerance: float = 0.01
    """How far the aspect ratios may differ, as a share, beside the pixel that rounding costs each side."""
    max_stretched_delta_e: float = 1.5
    """The same where the aspect ratios do not agree: a picture may have been squeezed into another frame, but so may
    two sizes of one product look in tightly cut pictures, so the colours have to agree closely."""


class Looks:
    """The thumbnail and size of the assets that can be compared, by row; thumbnails only of those that may match."""

    __slots__ = ("_aspect", "_labs", "_place", "_slack", "sameness")

    def __init__(self, assets: pl.DataFrame, rows: Rows, thumbnails: pl.Series, sameness: Sameness) -> None:
        """Hold `width_px height_px` of `assets`, none of them null, and the `thumbnails` of its `rows`, none null.

        Raises PluginError where a thumbnail has not 768 bytes.
        """
        self.sameness = sameness
        self._labs: Bytes = byte_rows(thumbnails, LAB_BYTES)
        self._place = np.full(assets.height, -1, dtype=np.int32)
        self._place[rows] = np.arange(rows.size)
        width = assets["width_px"].to_numpy().astype(np.float64)
        height = assets["height_px"].to_numpy().astype(np.float64)
        self._aspect: Reals = np.log(width) - np.log(height)
        self._slack: Reals = 1 / np.minimum(width, height)

    def compare(self, left: Rows, right: Rows) -> tuple[Flags, Flags, Floats]:
        """Whether the rows `left` and `right` show the same picture, whether a colour variant; and ΔE; each (m,).

        All of them must have their thumbnails here.
        """
        delta_e = np.empty(left.size, dtype=np.float32)
        for at in range(0, left.size, BLOCK):
            some = slice(at, at + BLOCK)
            delta_e[some] = worst_delta_e(self._labs[self._place[left[some]]], self._labs[self._place[right[some]]])
        shaped = self._same_aspect(left, right)
        same = delta_e <= np.where(shaped, self.sameness.max_delta_e, self.sameness.max_stretched_delta_e)
        return same, shaped & ~same, delta_e

    def _same_aspect(self, left: Rows, right: Rows) -> Flags:
        tolerance = self.sameness.aspect_tolerance + self._slack[left] + self._slack[right]
        agree: Flags = np.abs(self._aspect[left] - self._aspect[right]) <= tolerance
        return agree


def byte_rows(column: pl.Series, size: int) -> Bytes:
    """The values of `column`, none null, as an array of shape (n, `size`).

    Raises PluginError where one has not `size` bytes.
    """
    if (column.bin.size() != size).any():
        raise PluginError(
            f"A value of {column.name} has not {size} bytes.", "Raise the version of its measure and run again."
        )
    found = np.empty((column.len(), size), dtype=np.uint8)
    for at in range(0, column.len(), BLOCK):
        some = column.slice(at, BLOCK).to_list()  # objects take much more than their bytes: only some at a time
        found[at : at + BLOCK] = np.frombuffer(b"".join(some), dtype=np.uint8).reshape(-1, size)
    return found
