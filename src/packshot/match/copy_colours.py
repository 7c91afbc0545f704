"""One change of all colours, as filters make it, and what it explains at points that two pictures share."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.match.hamming import Rows

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
