"""The hashes and thumbnails of a picture turned by quarters and mirrored, made from those of the picture as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from packshot.match.colour import SIDE
from packshot.match.hamming import HASH_BYTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.match.hamming import Bytes

COSINES = 16


class Turn(NamedTuple):
    """Mirrored left to right or not, then turned clockwise."""

    mirrored: bool
    degrees: int


TURNS = tuple(Turn(mirrored, degrees) for mirrored in (False, True) for degrees in (0, 90, 180, 270))
"""All eight; the first leaves the picture as it is."""


def turned_hashes(hashes: Bytes, turn: Turn) -> Bytes:
    """PDQ hashes, shape (n, 32), as those of the turned pictures.

    PDQ's bits say which of 16 × 16 cosines are above their median, which lies near zero. Mirroring negates the odd
    cosines and a quarter turn swaps rows and columns, so the bits follow but for those of cosines near zero: a few.
    """
    bits = np.unpackbits(hashes, axis=1)[:, ::-1].reshape(-1, COSINES, COSINES).astype(bool)
    odd = np.arange(COSINES) % 2 == 0  # the first row and column are the first cosine
    if turn.mirrored:
        bits ^= odd[None, None, :]
    for _ in range(turn.degrees // 90):
        bits = bits.transpose(0, 2, 1) ^ odd[None, None, :]  # over the diagonal, then left to right
    flat = bits.reshape(-1, COSINES * COSINES)[:, ::-1]
    return np.packbits(flat, axis=1).reshape(-1, HASH_BYTES)


def turned_thumbnails(thumbnails: Bytes, turn: Turn) -> Bytes:
    """Lab thumbnails, shape (n, 768), as those of the turned pictures."""
    cells: NDArray[np.uint8] = thumbnails.reshape(-1, SIDE, SIDE, 3)
    if turn.mirrored:
        cells = cells[:, :, ::-1]
    cells = np.rot90(cells, k=-(turn.degrees // 90), axes=(1, 2))
    return np.ascontiguousarray(cells).reshape(-1, 3 * SIDE * SIDE)
