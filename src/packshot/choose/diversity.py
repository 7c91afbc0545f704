"""How alike two pictures of a listing are, from their hashes and Lab thumbnails."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    Rows: TypeAlias = NDArray[np.int64]
    Reals: TypeAlias = NDArray[np.float64]

HASH_BYTES, LAB_BYTES = 32, 768
SAME_BITS, UNLIKE_BITS = 16, 100
"""PDQ distances up to which two shapes count as equal, and from which on as unlike (unrelated pictures: 128)."""
COLOUR_FADES = 12.0
"""Mean ΔE over the picture at which the colours' likeness has fallen to 0.37."""
COLOUR_COUNTS = 0.5
"""Part of the likeness that another colour takes away: a shape in two colours still tells little that is new."""
BLOCK = 4096


def similarity(hashes: pl.Series, labs: pl.Series, left: Rows, right: Rows) -> Reals:
    """Likeness of the rows `left` and `right`, 0 (unlike) to 1 (the same picture), shape (m,).

    `hashes` holds 32 bytes (PDQ) and `labs` 768 (16 × 16 cells of 8-bit Lab) a row, or null. The likeness of the
    shapes falls straight from 16 to 100 different bits; another colour takes up to half of it away. Where a hash is
    null the pictures count as unlike, where a thumbnail is null as of one colour: nothing is known against them.
    """
    hashed, toned = hashes.is_not_null().to_numpy(), labs.is_not_null().to_numpy()
    found = np.zeros(left.size)
    for at in range(0, left.size, BLOCK):
        one, two = left[at : at + BLOCK], right[at : at + BLOCK]
        shape = _shape(_bytes(hashes, one, HASH_BYTES), _bytes(hashes, two, HASH_BYTES))
        colour = _colour(_bytes(labs, one, LAB_BYTES), _bytes(labs, two, LAB_BYTES))
        colour = np.where(toned[one] & toned[two], colour, 1.0)
        found[at : at + BLOCK] = np.where(hashed[one] & hashed[two], shape * (1 - COLOUR_COUNTS * (1 - colour)), 0.0)
    return found


def _bytes(column: pl.Series, rows: Rows, size: int) -> NDArray[np.uint8]:
    nothing = b"\0" * size
    values = b"".join([value or nothing for value in column.gather(rows).to_list()])
    return np.frombuffer(values, dtype=np.uint8).reshape(-1, size)


def _shape(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> Reals:
    bits = np.bitwise_count(left ^ right).sum(axis=1, dtype=np.int64)
    likeness: Reals = np.clip((UNLIKE_BITS - bits) / (UNLIKE_BITS - SAME_BITS), 0.0, 1.0)
    return likeness


def _colour(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> Reals:
    apart = (left.astype(np.float32) - right).reshape(left.shape[0], -1, 3)
    apart[..., 0] *= 100 / 255
    delta_e = np.sqrt(np.einsum("pcl,pcl->pc", apart, apart)).mean(axis=1)
    likeness: Reals = np.exp(-delta_e / COLOUR_FADES, dtype=np.float64)
    return likeness
