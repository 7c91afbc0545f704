"""The best orders of many small listings at once: the programme of `order.best_order`, in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from packshot.choose.order import GAIN, LIKENESS_COST, WANTED_BONUS, slot_weight

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows: TypeAlias = NDArray[np.int64]
    Reals: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

LARGEST = 8
"""Pictures of a listing up to which all sets are tried; `order.best_order` drops none up to there either."""
CELLS = 1 << 20
"""Numbers in the largest working array: it bounds how many listings are solved together."""


@dataclass(frozen=True, slots=True)
class Problems:
    """The pictures of n listings, k each; what `order.Problem` has, stacked."""

    main: Reals
    """Shape (n, k); negative where the picture may not be main."""
    secondary: Reals
    rank: Rows
    role: Rows
    """Roles as numbers, shape (n, k)."""
    wanted: Flags
    """Whether the channel wants the picture's role, shape (n, k)."""
    likeness: Reals
    """Shape (n, k, k)."""

    def of(self, rows: Rows | slice) -> Problems:
        """The problems of some listings."""
        return Problems(
            self.main[rows],
            self.secondary[rows],
            self.rank[rows],
            self.role[rows],
            self.wanted[rows],
            self.likeness[rows],
        )


def best_orders(problems: Problems, pictures: int) -> Rows:
    """The place of each picture in its listing's best order, from 0; −1 where it is not shown; shape (n, k), k ≤ 8.

    The same orders as `order.best_order` finds one by one, equal worth included.
    """
    count, side = problems.main.shape
    places = np.full((count, side), -1, dtype=np.int64)
    step = max(1, CELLS // (side << side))
    empty = (problems.main < 0).all(axis=1)
    for first_slot in (0, 1):
        rows = np.flatnonzero(empty if first_slot else ~empty)
        for at in range(0, rows.size, step):
            some = rows[at : at + step]
            places[some] = _solved(problems.of(some), pictures, first_slot)
    return places


@cache
def _sets(side: int, size: int) -> tuple[Rows, Rows, Rows]:
    """All sets of `size` of `side` pictures as bit masks, ascending; for each the sets with one less, and which one.

    Shapes (t,), (t, size), (t, size); the smaller sets ascend.
    """
    masks = [mask for mask in range(1 << side) if mask.bit_count() == size]
    added = [[bit for bit in reversed(range(side)) if mask >> bit & 1] for mask in masks]
    last = np.array(added, dtype=np.int64)
    found = np.array(masks, dtype=np.int64)
    return found, found[:, None] ^ (1 << last), last


def _solved(problems: Problems, pictures: int, first_slot: int) -> Rows:
    count, side = problems.main.shape
    bits = 1 << np.arange(side)
    after = problems.rank[:, None, :] > problems.rank[:, :, None]
    bars = ((after | np.eye(side, dtype=np.bool_)) * bits).sum(axis=2)
    alike = ((problems.role[:, None, :] == problems.role[:, :, None]) * bits).sum(axis=2)
    value = np.full((count, 1 << side), -np.inf)
    value[:, 0] = 0.0
    last = np.zeros((count, 1 << side), dtype=np.int64)
    near = np.zeros((count, 1 << side, side))
    best, best_value = np.zeros(count, dtype=np.int64), np.zeros(count)
    for slot in range(first_slot, min(pictures, first_slot + side)):
        sets, before, added = _sets(side, slot - first_slot + 1)
        quality = problems.main if slot == 0 else problems.secondary
        weight = slot_weight(slot)
        total = value[:, before] + (weight * quality)[:, added] - weight * LIKENESS_COST * near[:, before, added]
        if problems.wanted.any():
            fresh = problems.wanted[:, added] & (before & alike[:, added] == 0)
            total += np.where(fresh, weight * WANTED_BONUS, 0.0)
        total[(quality < 0)[:, added] | (before & bars[:, added] != 0)] = -np.inf
        value[:, sets], last[:, sets] = _first_best(total, value[:, before], added)
        near[:, sets] = np.maximum(near[:, before[:, 0]], problems.likeness[:, added[:, 0]])
        top = value[:, sets].argmax(axis=1)
        top_value = value[np.arange(count), sets[top]]
        better = (top_value > -np.inf) if slot == 0 else (top_value > best_value + GAIN)
        best, best_value = np.where(better, sets[top], best), np.where(better, top_value, best_value)
    return _places(best, last, side)


def _first_best(total: Reals, value: Reals, added: Rows) -> tuple[Reals, Rows]:
    """The best worth of each set and the picture that ends it, out of its smaller sets; shapes (n, t).

    The smaller sets come the worthiest first; a later one counts only where it is better by more than rounding.
    """
    order = np.argsort(-value, axis=2, kind="stable")
    total = np.take_along_axis(total, order, axis=2)
    ends = np.take_along_axis(np.broadcast_to(added, total.shape), order, axis=2)
    best, end = total[..., 0].copy(), ends[..., 0].copy()
    for spot in range(1, total.shape[2]):
        better = total[..., spot] > best + GAIN
        best[better] = total[..., spot][better]
        end[better] = ends[..., spot][better]
    return best, end


def _places(best: Rows, last: Rows, side: int) -> Rows:
    places = np.full((best.size, side), -1, dtype=np.int64)
    rows = np.flatnonzero(best)
    sets = best[rows]
    while rows.size:
        end = last[rows, sets]
        places[rows, end] = np.bitwise_count(sets) - 1
        sets = sets ^ (1 << end)
        rows, sets = rows[sets > 0], sets[sets > 0]
    return places
