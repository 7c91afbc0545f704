"""One change of all colours, as filters make it: what it explains at shared points, and over all that is shown."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from packshot.match.colour import LIGHTNESS_UNIT, SIDE, WINDOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.match.hamming import Bytes, Rows

    Floats: TypeAlias = NDArray[np.float64]
    Complex: TypeAlias = NDArray[np.complex128]
    Flags: TypeAlias = NDArray[np.bool_]

N = TypeVar("N", np.float64, np.complex128)
HELD = 4.0
"""Colour difference squared, for each point, that holds the change to none where the points are all of one colour."""
COLOURED = 12.0
"""Chroma from which on a point is coloured: a filter that changes colours changes it."""
STILL = 5.0
"""ΔE up to which a point stays as it is."""
SAMPLES = 3
"""Points a side at which a cell of one thumbnail looks into the other."""
SAME = 4.0
"""ΔE from which on 3 × 3 cells together, their differences with their signs, have another colour."""
AGREES = 12.0
"""Largest ΔE of two cells that show the same: cells of two cuts lie apart by up to half a cell."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of all colours for m pairs: lightness times slope plus rise, and (a + b i) times factor plus shift."""

    slope: Floats
    rise: Floats
    factor: Complex
    shift: Complex
    plain_delta_e: Floats
    """Mean colour difference of the points without the change."""
    delta_e: Floats
    """The same after it."""
    still: Floats
    """The share of the points that are coloured and stay as they are: a filter leaves none."""
    worst_delta_e: Floats
    """That of the tenth of the points that it explains worst begins here."""

    def rows(self, rows: Rows) -> Change:
        """Those of some pairs."""
        return Change(*(getattr(self, one.name)[rows] for one in fields(self)))

    def of(self, lab: Floats) -> Floats:
        """Change Lab colours, shape (m, k, 3)."""
        z = self.factor[:, None] * (lab[..., 1] + 1j * lab[..., 2]) + self.shift[:, None]
        return np.stack([self.slope[:, None] * lab[..., 0] + self.rise[:, None], z.real, z.imag], axis=-1)


def fitted(a: Floats, b: Floats, counted: Flags) -> Change:
    """The change of colours that explains most of how the points of m pairs differ.

    `a` and `b` are Lab, shape (m, k, 3), of the same points; `counted` says which of them count.
    """
    weight = counted.astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1)
    slope, rise = _line(a[..., 0], b[..., 0], weight, total)
    factor, shift = _line(a[..., 1] + 1j * a[..., 2], b[..., 1] + 1j * b[..., 2], weight, total)
    plain = (np.linalg.norm(a - b, axis=2) * weight).sum(axis=1) / total
    coloured = weight * (np.hypot(a[..., 1], a[..., 2]) >= COLOURED) * (np.hypot(b[..., 1], b[..., 2]) >= COLOURED)
    still = (coloured * (np.linalg.norm(a - b, axis=2) <= STILL)).sum(axis=1) / np.maximum(total, 1)
    found = Change(slope, rise, factor, shift, plain, plain, still, plain)
    left = np.linalg.norm(found.of(a) - b, axis=2) * weight
    place = np.maximum(np.ceil(0.1 * total).astype(np.int64), 1)
    worst = np.take_along_axis(-np.sort(-left, axis=1), place[:, None] - 1, axis=1)[:, 0]
    return replace(found, delta_e=left.sum(axis=1) / total, worst_delta_e=worst)


def agreement(
    one: Bytes, two: Bytes, maps: Floats, cells: tuple[Floats, Floats], change: Change
) -> tuple[Floats, Floats]:
    """The shares of what both show, in cells of 16 × 16, that show the same after `change`, and that nearly do, (m,).

    Nearly is what a badge never is and another colour of the goods often: another colour by little, all over a patch.

    `one` and `two` are Lab thumbnails, (m, 768); `maps` (m, 3, 2) lead from the pixels of the first (mirrored already)
    to those of the second; `cells` are the sizes in pixels of a cell of each, (m, 2). Each thumbnail is laid into the
    other's cells and the better answer counts: cells that are larger than those they are compared with see less.
    """
    a, b = change.of(_lab(one)), _lab(two)
    back = inverse(maps)
    there, again = _laid(a, b, maps, cells), _laid(b, a, back, cells[::-1])
    return np.maximum(there[0], again[0]), np.minimum(there[1], again[1])


def _laid(own: Floats, other: Floats, maps: Floats, cells: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    steps = (np.arange(SIDE * SAMPLES) + 0.5) / SAMPLES
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(1, -1, 2)
    at = np.einsum("mki,mij->mkj", grid * cells[0][:, None], maps[:, :2]) + maps[:, None, 2]
    at = at / cells[1][:, None] - 0.5
    inside = ((at > -0.5) & (at < SIDE - 0.5)).all(axis=2)  # noqa: PLR2004 - half a cell
    seen = _sampled(other, at)
    shape = (own.shape[0], SIDE, SAMPLES, SIDE, SAMPLES)
    whole = inside.reshape(shape).all(axis=(2, 4)).reshape(own.shape[0], SIDE * SIDE)
    mean = seen.reshape(*shape, 3).mean(axis=(2, 4)).reshape(own.shape[0], SIDE * SIDE, 3)
    off = np.linalg.norm(mean - own, axis=2)
    alike = whole & (off <= AGREES)
    total = np.maximum(whole.sum(axis=1), 1)
    patches = np.where(whole[..., None], mean - own, 0).reshape(-1, SIDE, SIDE, 3)
    around = sliding_window_view(patches, (WINDOW, WINDOW), axis=(1, 2)).mean(axis=(4, 5))
    covered = sliding_window_view((off > AGREES).reshape(-1, SIDE, SIDE), (WINDOW, WINDOW), axis=(1, 2))
    nearly = ((np.linalg.norm(around, axis=3) > SAME) & ~covered.any(axis=(3, 4))).sum(axis=(1, 2))
    return alike.sum(axis=1) / total, nearly / total


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


def inverse(maps: Floats) -> Floats:
    """The inverse of affine maps, shape (m, 3, 2); a shift in place of one that cannot be undone."""
    linear = maps[:, :2]
    flat = np.abs(np.linalg.det(linear)) < 1e-6  # noqa: PLR2004 - no map at all
    back = np.linalg.inv(np.where(flat[:, None, None], np.eye(2), linear))
    return np.concatenate([back, -np.einsum("mi,mij->mj", maps[:, 2], back)[:, None]], axis=1)


def _line(a: NDArray[N], b: NDArray[N], weight: Floats, total: Floats) -> tuple[NDArray[N], NDArray[N]]:
    """Slope and rise of b over a, for each row; held to a slope of one a little."""
    mean_a, mean_b = (a * weight).sum(axis=1) / total, (b * weight).sum(axis=1) / total
    from_a, from_b = (a - mean_a[:, None]) * weight, (b - mean_b[:, None]) * weight
    held = total * HELD
    slope = ((from_b * from_a.conj()).sum(axis=1) + held) / ((np.abs(from_a) ** 2).sum(axis=1) + held)
    return slope, mean_b - slope * mean_a
