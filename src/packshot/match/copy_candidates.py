"""Which pairs of pictures share enough points to be looked at closely, without trying all pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.match.points import LOOK_BYTES, MIRRORED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.match.hamming import Counts, Rows, Words
    from packshot.match.points import Points

CLEAREST = 100
"""Points of each picture by which partners are looked for; the clearest come first."""
CHUNKS = LOOK_BYTES // 2
NEAR = 24
"""Bits of 128 in which the looks of one point may differ here."""
NEXT = 12
"""Points of one key that each is compared with, after it: a heap costs its size, and is chained, not squared."""
VOTES = 3
"""Points that a pair has to share."""
MOST = 24
"""Partners of each picture that are looked at closely, those with the most votes first."""
LEAST_BITS, MOST_BITS = 16, 32
VOTES_HELD = 1 << 24
ROWS_AT_ONCE = 1 << 23


def candidates(points: Points) -> tuple[Rows, Rows, Rows, Counts]:
    """Pictures (i, j, mirrored, votes), i < j: pairs that share at least three points, as they are or mirrored.

    Method: locality-sensitive hashing (Gionis, Indyk and Motwani, "Similarity Search in High Dimensions via Hashing",
    1999). Eight keys of each point, each of two of its eight 16-bit chunks, as many bits as the number of points asks
    for; points with one key are compared whole. Not exact: a point that shows again with a tenth of its bits changed is
    found about every second time. Memory: the points, and what shares keys.
    """
    owner = points.owner
    place = np.arange(owner.size) - points.begin[owner]
    taken = np.flatnonzero(place < CLEAREST)
    count = int(points.begin.size - 1)
    if taken.size == 0 or count < 2:  # noqa: PLR2004 - a pair
        none = np.empty(0, dtype=np.int64)
        return none, none, none, none.astype(np.int32)
    looks = np.concatenate([points.looks[taken], points.looks[taken] ^ MIRRORED])
    owners = np.tile(owner[taken], 2)
    mirrored = np.repeat([0, 1], taken.size)
    which = np.tile(place[taken], 2)
    bits = int(np.clip(np.ceil(np.log2(taken.size)) + 2, LEAST_BITS, MOST_BITS))
    found = [np.empty(0, dtype=np.int64)]
    for low, high in _near(looks, owners, mirrored, bits):
        swap = owners[low] > owners[high]
        one, other = np.where(swap, high, low), np.where(swap, low, high)
        turned = mirrored[one] ^ mirrored[other]
        pair = (owners[one] * count + owners[other]) * 2 + turned
        found.append(np.unique(pair * CLEAREST + which[one]))
        if sum(part.size for part in found) > VOTES_HELD:
            found = [np.unique(np.concatenate(found))]
    pairs, votes = np.unique(np.unique(np.concatenate(found)) // CLEAREST, return_counts=True)
    enough = votes >= VOTES
    return _best(pairs[enough], votes[enough], count)


def _near(looks: Words, owners: Rows, mirrored: Rows, bits: int) -> Iterator[tuple[Rows, Rows]]:
    """Points of two pictures with near looks, of which at least one is as it is, in blocks; a pair may come often."""
    chunks = np.ascontiguousarray(looks).view(np.uint16)
    parts = -(-looks.shape[0] // ROWS_AT_ONCE)
    rest = np.uint32((1 << (bits - 16)) - 1)
    for chunk in range(CHUNKS):
        keys = chunks[:, chunk].astype(np.uint32) << 16 | (chunks[:, (chunk + 3) % CHUNKS] & rest)
        for part in range(parts):
            rows = np.flatnonzero(chunks[:, chunk] % parts == part) if parts > 1 else np.arange(keys.size)
            order = rows[np.argsort(keys[rows], kind="stable")]
            ordered = keys[order]
            for step in range(1, min(NEXT + 1, order.size)):
                spots = np.flatnonzero(ordered[:-step] == ordered[step:])
                if not spots.size:
                    break
                low, high = order[spots], order[spots + step]
                alike = (owners[low] != owners[high]) & ((mirrored[low] & mirrored[high]) == 0)
                low, high = low[alike], high[alike]
                differ = np.bitwise_count(looks[low] ^ looks[high]).sum(axis=1, dtype=np.int32)
                near = differ <= NEAR
                if near.any():
                    yield low[near], high[near]


def _best(pairs: Rows, votes: Rows, count: int) -> tuple[Rows, Rows, Rows, Counts]:
    """The pairs that are among those with the most votes of either picture."""
    both, turned = np.divmod(pairs, 2)
    left, right = np.divmod(both, count)
    one, other = np.concatenate([left, right]), np.tile(np.arange(pairs.size), 2)
    order = np.lexsort((other, -np.tile(votes, 2), one))
    _, start, size = np.unique(one[order], return_index=True, return_counts=True)
    rank = np.arange(order.size) - np.repeat(start, size)
    keep = np.unique(other[order[rank < MOST]])
    return left[keep], right[keep], turned[keep], votes[keep].astype(np.int32)
