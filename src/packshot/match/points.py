"""The points of many pictures in arrays, from the column `keypoints`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from packshot.core.errors import PluginError

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from packshot.match.hamming import Bytes, Rows, Words

    Reals: TypeAlias = NDArray[np.float32]

ROW_BYTES = 23
LOOK_BYTES = 16
LOOK_BITS = 128
SIDE = 256
"""Points are counted in pixels of the picture at this long side."""
MIRRORED = np.array([0, np.iinfo(np.uint64).max], dtype=np.uint64)
"""What turns the look of a point into its look in the mirrored picture: the second 64 bits are inverted."""
SCALE_STEPS, ANGLE_STEPS = 16, 256
LAB_UNIT = np.array([100 / 255, 1, 1], dtype=np.float32)
LAB_ZERO = np.array([0, 128, 128], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Points:
    """The points of n pictures: those of picture k are the rows begin[k] to begin[k + 1]."""

    looks: Words
    """128 bits each, shape (m, 2)."""
    at: Reals
    """x and y in pixels at a long side of 256, shape (m, 2)."""
    size: Reals
    turn: Reals
    """Direction in radians."""
    lab: Reals
    """Mean colour around the point: L 0 to 100, a, b, shape (m, 3)."""
    begin: Rows
    frame: Reals
    """Width and height of each picture at a long side of 256, shape (n, 2)."""

    @property
    def owner(self) -> Rows:
        """The picture of each point."""
        return np.repeat(np.arange(self.begin.size - 1), np.diff(self.begin))


def points_of(pictures: pl.DataFrame) -> Points:
    """Read `keypoints width_px height_px` of pictures, a row each; a null has no points.

    Raises PluginError where a value is not rows of 23 bytes.
    """
    sizes = pictures["keypoints"].bin.size().fill_null(0).to_numpy().astype(np.int64)
    if (sizes % ROW_BYTES).any():
        raise PluginError(
            f"A value of keypoints has not rows of {ROW_BYTES} bytes.", "Raise the version of its measure."
        )
    rows: Bytes = np.frombuffer(b"".join(pictures["keypoints"].drop_nulls().to_list()), np.uint8)
    rows = rows.reshape(-1, ROW_BYTES)
    sides = pictures.select("width_px", "height_px").to_numpy().astype(np.float64)
    frame = sides * (SIDE / np.maximum(sides.max(axis=1, keepdims=True, initial=1), 1))
    return Points(
        np.ascontiguousarray(rows[:, :LOOK_BYTES]).view(np.uint64),
        rows[:, 16:18].astype(np.float32),
        np.exp2(rows[:, 18].astype(np.float32) / SCALE_STEPS),
        rows[:, 19].astype(np.float32) * np.float32(2 * np.pi / ANGLE_STEPS),
        rows[:, 20:].astype(np.float32) * LAB_UNIT - LAB_ZERO,
        np.concatenate([[0], np.cumsum(sizes // ROW_BYTES)]),
        frame.astype(np.float32),
    )
