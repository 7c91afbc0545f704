"""Hamming distances of 256-bit hashes, a block at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from packshot.core.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Bytes: TypeAlias = NDArray[np.uint8]
    Words: TypeAlias = NDArray[np.uint64]
    Rows: TypeAlias = NDArray[np.int64]
    Counts: TypeAlias = NDArray[np.int32]

HASH_BYTES = 32
HASH_BITS = 256
BLOCK = 1 << 18
"""Pairs looked at together: the working arrays of a block stay near the processor's caches."""


def words(hashes: Bytes) -> Words:
    """View hashes, shape (n, 32) uint8, as four 64-bit words each, shape (n, 4).

    Raises PluginError when the shape or the type is another one.
    """
    if hashes.ndim != 2 or hashes.shape[1] != HASH_BYTES or hashes.dtype != np.uint8:  # noqa: PLR2004 - rows, bytes
        message = f"Hashes must be an array of shape (n, {HASH_BYTES}) of uint8, not {hashes.shape} of {hashes.dtype}."
        raise PluginError(message, "Give one 256-bit hash a row.")
    return np.ascontiguousarray(hashes).view(np.uint64)


def distances(hashes: Words, left: Rows, right: Rows) -> Counts:
    """Bits in which the hashes (n, 4) of rows `left` and `right` differ, 0 to 256, shape (m,)."""
    found = np.zeros(left.size, dtype=np.int32)
    for column in range(hashes.shape[1]):
        word = hashes[:, column]
        found += np.bitwise_count(word[left] ^ word[right])
    return found


def all_near(hashes: Words, radius: int) -> Iterator[tuple[Rows, Rows, Counts]]:
    """Every pair of rows i < j at most `radius` bits apart, by trying them all; for small n."""
    count = hashes.shape[0]
    step = max(1, BLOCK // max(1, count))
    columns = [np.ascontiguousarray(hashes[:, column]) for column in range(hashes.shape[1])]
    for start in range(0, count - 1, step):
        stop = min(count, start + step)
        table = np.zeros((stop - start, count - start), dtype=np.int32)
        for column in columns:
            table += np.bitwise_count(column[start:stop, None] ^ column[None, start:])
        above = np.arange(count - start)[None, :] > np.arange(stop - start)[:, None]
        left, right = np.nonzero((table <= radius) & above)
        if left.size:
            yield left + start, right + start, table[left, right]
