"""What the thumbnails of two pictures say of each other where both show the same: covered, veiled, coloured anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from packshot.match.colour import LIGHTNESS_UNIT, SIDE, WINDOW
from packshot.match.copy_colours import inverse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.match.copy_colours import Change
    from packshot.match.hamming import Bytes

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

SAMPLES = 3
"""Points a side at which a cell of one thumbnail looks into the other."""
SAME = 4.0
"""ΔE from which on 3 × 3 cells together, their differences with their signs, have another colour."""
AGREES = 12.0
"""Largest ΔE of two cells that show the same: cells of two cuts lie apart by up to half a cell."""
EDGE = 15.0
"""ΔE of two neighbouring cells from which on an edge runs between them."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What m pairs of pictures show of each other, each shape (m,)."""

    alike: Floats
    """The share of what both show that looks the same after the change of colours."""
    veiled: Floats
    """The share that has nearly the same colour then, by patches of 3 × 3 cells: another colour by little, all over a
    patch, which a badge never gives and another colour of the goods often."""
    tinted: Floats
    """The same without the change of colours."""
    edged: Floats
    """Of the outline of what does not look the same, the share along which an edge runs in both pictures, less the
    same share of all else that both show: -1 to 1. A badge brings its own edge, where the other picture has one by
    chance; goods of another colour have theirs in both."""


def overlap(one: Bytes, two: Bytes, maps: Floats, cells: tuple[Floats, Floats], change: Change) -> Overlap:
    """Lay thumbnails over each other.

    `one` and `two` are Lab thumbnails, (m, 768); `maps` (m, 3, 2) lead from the pixels of the first (mirrored already)
    to those of the second; `cells` are the sizes in pixels of a cell of each, (m, 2). Each thumbnail is laid into the
    other's cells and the kinder answer counts: cells that are larger than those they are compared with see less.
    """
    a, b = _lab(one), _lab(two)
    there, into_a = _laid(b, maps, cells)
    here, into_b = _laid(a, inverse(maps), cells[::-1])
    first, second = _Laid(there, change.of(a), into_a), _Laid(here, b, change.of(into_b))
    return Overlap(
        np.maximum(first.alike(), second.alike()),
        np.minimum(first.veiled(), second.veiled()),
        np.minimum(_Laid(there, a, into_a).veiled(), _Laid(here, b, into_b).veiled()),
        np.minimum(first.edged(), second.edged()),
    )


class _Laid:
    """One thumbnail's cells, (m, 256, 3), and what the other shows there; `whole` says which cells both show."""

    def __init__(self, whole: Flags, own: Floats, other: Floats) -> None:
        square = (own.shape[0], SIDE, SIDE)
        self.whole = whole.reshape(square)
        self.own, self.other = own.reshape(*square, 3), other.reshape(*square, 3)
        self.off: Floats = np.linalg.norm(self.other - self.own, axis=3)
        self.total = np.maximum(whole.sum(axis=1), 1)

    def alike(self) -> Floats:
        found: Floats = (self.whole & (self.off <= AGREES)).sum(axis=(1, 2)) / self.total
        return found

    def veiled(self) -> Floats:
        patches = np.where(self.whole[..., None], self.other - self.own, 0)
        around = sliding_window_view(patches, (WINDOW, WINDOW), axis=(1, 2)).mean(axis=(4, 5))
        covered = sliding_window_view(self.off > AGREES, (WINDOW, WINDOW), axis=(1, 2)).any(axis=(3, 4))
        found: Floats = ((np.linalg.norm(around, axis=3) > SAME) & ~covered).sum(axis=(1, 2)) / self.total
        return found

    def edged(self) -> Floats:
        unlike, alike = self.whole & (self.off > AGREES), self.whole & (self.off <= AGREES)
        counted = np.zeros((2, 2, self.total.size))  # outline and elsewhere; edge in both and all
        for low, high in _NEIGHBOURS:
            outline = (unlike[:, *low] & alike[:, *high]) | (alike[:, *low] & unlike[:, *high])
            elsewhere = self.whole[:, *low] & self.whole[:, *high] & ~outline
            steep = [np.linalg.norm(one[:, *low] - one[:, *high], axis=3) > EDGE for one in (self.own, self.other)]
            for place, where in enumerate((outline, elsewhere)):
                counted[place] += (where & steep[0] & steep[1]).sum(axis=(1, 2)), where.sum(axis=(1, 2))
        share = counted[:, 0] / np.maximum(counted[:, 1], 1)
        found: Floats = share[0] - share[1]
        return found


_NEIGHBOURS = (
    ((slice(None), slice(-1)), (slice(None), slice(1, None))),
    ((slice(-1), slice(None)), (slice(1, None), slice(None))),
)


def _laid(other: Floats, maps: Floats, cells: tuple[Floats, Floats]) -> tuple[Flags, Floats]:
    """Which cells the `other` pictures show whole, (m, 256), and their mean colour there, (m, 256, 3)."""
    steps = (np.arange(SIDE * SAMPLES) + 0.5) / SAMPLES
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(1, -1, 2)
    at = np.einsum("mki,mij->mkj", grid * cells[0][:, None], maps[:, :2]) + maps[:, None, 2]
    at = at / cells[1][:, None] - 0.5
    inside = ((at > -0.5) & (at < SIDE - 0.5)).all(axis=2)  # noqa: PLR2004 - half a cell
    shape = (other.shape[0], SIDE, SAMPLES, SIDE, SAMPLES)
    whole = inside.reshape(shape).all(axis=(2, 4)).reshape(other.shape[0], SIDE * SIDE)
    mean = _sampled(other, at).reshape(*shape, 3).mean(axis=(2, 4)).reshape(other.shape[0], SIDE * SIDE, 3)
    return whole, mean


def _sampled(cells: Floats, at: Floats) -> Floats:
    """The colours of thumbnails (m, 256, 3) between their cells, at places (m, k, 2) counted in cells."""
    at = np.clip(at, 0, SIDE - 1)
    low = np.minimum(at.astype(np.int64), SIDE - 2)
    part = at - low
    spot = low[..., 1] * SIDE + low[..., 0]
    found = np.zeros((*spot.shape, 3))
    for down in (0, 1):
        for across in (0, 1):
            share = np.abs(1 - across - part[..., 0]) * np.abs(1 - down - part[..., 1])
            found += share[..., None] * np.take_along_axis(cells, (spot + down * SIDE + across)[..., None], axis=1)
    return found


def _lab(thumbnails: Bytes) -> Floats:
    found = thumbnails.reshape(thumbnails.shape[0], SIDE * SIDE, 3).astype(np.float64)
    return found * (LIGHTNESS_UNIT, 1, 1) - (0, 128, 128)
