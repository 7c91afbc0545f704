"""Exact multi-index search: every pair of 256-bit hashes within a radius, without trying all pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from packshot.core.errors import PluginError
from packshot.match.hamming import BLOCK, all_near, distances, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from packshot.match.hamming import Bytes, Counts, Rows, Words

    Keys: TypeAlias = NDArray[np.uint16]

CHUNKS = 16
CHUNK_BITS = 16
BUCKETS = 1 << CHUNK_BITS
MAX_RADIUS = 31
"""Beyond it, all sixteen chunks of two near hashes may differ by two bits, and the index would miss pairs."""
SMALL = 3000
"""Up to this many hashes, trying all pairs is quicker than building the index."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows with equal hashes, put together."""

    first: Rows
    """The first row of each group, ascending; one entry for each distinct hash."""
    of_row: Rows
    """The group of each row: an index into `first`."""


def group_equal(hashes: Bytes) -> Groups:
    """Group equal hashes, shape (n, 32) uint8, so that a thousand blank pictures cost as much as one."""
    table = words(hashes)
    order = np.lexsort(tuple(table.T))  # stable: the lowest row of each group comes first
    ordered = table[order]
    starts = np.ones(order.size, dtype=bool)
    starts[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    first = order[starts]
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    of_row = np.empty(order.size, dtype=np.int64)
    of_row[order] = rank[np.cumsum(starts) - 1]
    return Groups(np.sort(first), of_row)


def self_join(hashes: Bytes, radius: int = MAX_RADIUS) -> tuple[Rows, Rows, Counts]:
    """Rows (i, j, distance), i < j, of hashes, shape (n, 32) uint8, at most `radius` (0 to 31) bits apart.

    Exact over distinct hashes: nothing within the radius is missed. Rows with equal hashes are tied to the first of
    them and only that one is joined further, so n equal hashes give n − 1 pairs and not n²/2. Sorted by i, then j.
    """
    groups = group_equal(hashes)
    rows = np.arange(groups.of_row.size)
    leader = groups.first[groups.of_row]
    twins = rows[leader != rows]
    blocks = [(leader[twins], twins, np.zeros(twins.size, dtype=np.int32))]
    blocks += [(groups.first[i], groups.first[j], d) for i, j, d in near_pairs(hashes[groups.first], radius)]
    left, right, distance = (np.concatenate(column) for column in zip(*blocks, strict=True))
    order = np.lexsort((right, left))
    return left[order], right[order], distance[order]


def near_pairs(hashes: Bytes, radius: int = MAX_RADIUS) -> Iterator[tuple[Rows, Rows, Counts]]:
    """Blocks of rows (i, j, distance), i < j, of distinct hashes at most `radius` bits apart; each pair once.

    Method: multi-index hashing (Norouzi, Punjani and Fleet, "Fast exact search in Hamming space with multi-index
    hashing", 2014). Of sixteen 16-bit chunks one differs by at most 1 bit when the whole differs by at most 31;
    and of eight 32-bit chunks one differs by at most 3. A pair has to pass both before the whole is compared, which
    leaves one in several hundred. Exact. Memory: the hashes, one index of the size of n, and a block of pairs.
    Raises PluginError for a radius beyond 31.
    """
    if not 0 <= radius <= MAX_RADIUS:
        raise PluginError(f"The radius {radius} is out of range.", f"Take 0 to {MAX_RADIUS} of 256 bits.")
    table = words(hashes)
    if table.shape[0] <= SMALL:
        yield from all_near(table, radius)
        return
    chunks = np.ascontiguousarray(hashes).view(np.uint16)
    for chunk in range(CHUNKS):
        yield from _pairs_of_chunk(table, chunks, chunk, radius)


def near_across(ones: Bytes, others: Bytes, radius: int = MAX_RADIUS) -> Iterator[tuple[Rows, Rows, Counts]]:
    """Blocks of rows (i of `ones`, j of `others`, distance) at most `radius` bits apart; each pair once.

    Method: that of `near_pairs`, with an index of `others` alone, so that others which are near each other cost
    nothing. Equal hashes within `ones`, or within `others`, are best put together first. Raises PluginError for a
    radius beyond 31.
    """
    if not 0 <= radius <= MAX_RADIUS:
        raise PluginError(f"The radius {radius} is out of range.", f"Take 0 to {MAX_RADIUS} of 256 bits.")
    count = ones.shape[0]
    both = np.concatenate([ones, others])
    table, chunks = words(both), np.ascontiguousarray(both).view(np.uint16)
    for chunk in range(CHUNKS):
        for left, right, distance in _pairs_across(table, chunks, count, chunk, radius):
            yield left, right - count, distance


def _pairs_across(
    table: Words, chunks: Keys, count: int, chunk: int, radius: int
) -> Iterator[tuple[Rows, Rows, Counts]]:
    half_radius = radius // (CHUNKS // 2)
    keys = chunks[count:, chunk]
    order = np.concatenate([np.arange(count), count + np.argsort(keys, kind="stable")])
    partner = np.ascontiguousarray(chunks[order, chunk ^ 1])
    ends = count + np.cumsum(np.bincount(keys, minlength=BUCKETS))
    starts = np.concatenate(([count], ends[:-1]))
    for flip in [0] + ([1 << bit for bit in range(CHUNK_BITS)] if half_radius // 2 else []):
        other = chunks[:count, chunk] ^ np.uint16(flip)
        spots = np.flatnonzero(ends[other] > starts[other])
        low, high = starts[other[spots]], ends[other[spots]]
        for left, right in _candidates(spots, low, high, partner, half_radius - (1 if flip else 0)):
            yield from _verified(table, chunks, order[left], order[right], (chunk, radius))


def _pairs_of_chunk(table: Words, chunks: Keys, chunk: int, radius: int) -> Iterator[tuple[Rows, Rows, Counts]]:
    half_radius = radius // (CHUNKS // 2)
    keys = chunks[:, chunk]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    partner = np.ascontiguousarray(chunks[order, chunk ^ 1])
    ends = np.cumsum(np.bincount(keys, minlength=BUCKETS))
    starts = np.concatenate(([0], ends[:-1]))
    flips = [0] + ([1 << bit for bit in range(CHUNK_BITS)] if half_radius // 2 else [])
    for flip in flips:
        spots, low, high = _ranges(keys, starts, ends, flip)
        allowed = half_radius - (1 if flip else 0)
        for left, right in _candidates(spots, low, high, partner, allowed):
            yield from _verified(table, chunks, order[left], order[right], (chunk, radius))


def _ranges(keys: Keys, starts: Rows, ends: Rows, flip: int) -> tuple[Rows, Rows, Rows]:
    """Sorted spots, and for each of them the range of spots whose key is its own with one bit flipped (or none)."""
    if flip:
        spots = np.flatnonzero((keys & flip) == 0)
        other = keys[spots] ^ np.uint16(flip)
        low = starts[other]
    else:
        spots = np.arange(keys.size)
        other = keys
        low = spots + 1
    high = ends[other]
    some = high > low
    return spots[some], low[some], high[some]


def _candidates(spots: Rows, low: Rows, high: Rows, partner: Keys, allowed: int) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of sorted spots whose partner chunks differ by at most `allowed` bits, from ranges, in blocks."""
    begin = np.concatenate(([0], np.cumsum(high - low)))
    for at in range(0, int(begin[-1]), BLOCK):
        stop = min(at + BLOCK, int(begin[-1]))
        one, last = np.searchsorted(begin, (at, stop - 1), side="right") - 1
        some = slice(int(one), int(last) + 1)
        size = np.minimum(begin[some.start + 1 : some.stop + 1], stop) - np.maximum(begin[some], at)
        right = np.arange(at, stop) + np.repeat(low[some] - begin[some], size)
        differ = np.bitwise_count(np.repeat(partner[spots[some]], size) ^ partner[right])
        kept = np.flatnonzero(differ <= allowed)
        if kept.size:
            yield np.repeat(spots[some], size)[kept], right[kept]


def _verified(
    table: Words, chunks: Keys, left: Rows, right: Rows, sought: tuple[int, int]
) -> Iterator[tuple[Rows, Rows, Counts]]:
    """Those within the radius, unless an earlier chunk has given the pair already."""
    chunk, radius = sought
    distance = distances(table, left, right)
    near = np.flatnonzero(distance <= radius)
    if not near.size:
        return
    left, right, distance = left[near], right[near], distance[near]
    half_radius = radius // (CHUNKS // 2)
    each = np.bitwise_count(chunks[left] ^ chunks[right])
    swapped = each.reshape(-1, CHUNKS // 2, 2)[:, :, ::-1].reshape(-1, CHUNKS)
    finds = (each <= half_radius // 2) & (each + swapped <= half_radius)
    fresh = finds.argmax(axis=1) == chunk
    if fresh.any():
        left, right, distance = left[fresh], right[fresh], distance[fresh]
        yield np.minimum(left, right), np.maximum(left, right), distance
