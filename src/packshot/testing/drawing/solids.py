"""Curved and flat parts that drawn products are put together from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from packshot.testing.drawing.materials import Material

Points: TypeAlias = "Sequence[tuple[float, ...]]"
"""Points of a curve, in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One surface of a product: a grid of points with a material. x goes right, y up, z to the viewer."""

    points: NDArray[np.float32]
    """rows × columns × 3. Columns run along u, rows along v (0 at the top of its material's print)."""
    material: Material

    def moved(self, by: tuple[float, float, float]) -> Part:
        """The same part elsewhere."""
        return Part(self.points + np.asarray(by, np.float32), self.material)


def rounded(points: Points, times: int = 3) -> NDArray[np.float64]:
    """A curve through `points` with its corners cut `times` times (Chaikin, 1974); its ends stay where they are."""
    curve = np.asarray(points, np.float64)
    for _ in range(times):
        near, far = curve[:-1] * 0.75 + curve[1:] * 0.25, curve[:-1] * 0.25 + curve[1:] * 0.75
        between = np.stack([near, far], axis=1).reshape(-1, curve.shape[1])
        curve = np.concatenate([curve[:1], between, curve[-1:]])
    return curve


def lathe(  # noqa: PLR0913 - a shape and how finely it is cut
    profile: Points,
    material: Material,
    *,
    at: tuple[float, float, float] = (0, 0, 0),
    turn: tuple[float, float] = (-180, 180),
    times: int = 3,
    around: int = 96,
) -> Part:
    """Turn a profile of (radius, y), from top to bottom, about the y axis; `turn` in degrees, 0 is the front."""
    curve = _divided(rounded(profile, times), 0.05)
    angle = np.radians(np.linspace(*turn, around + 1))
    radius, height = curve[:, :1], np.repeat(curve[:, 1:2], around + 1, axis=1)
    grid = np.stack([radius * np.sin(angle), height, radius * np.cos(angle)], axis=-1)
    return Part((grid + np.asarray(at)).astype(np.float32), material)


def _divided(curve: NDArray[np.float64], longest: float) -> NDArray[np.float64]:
    """The same curve with further points on its long pieces: very long thin triangles would smear prints."""
    pieces = [curve[:1]]
    for start, stop in pairwise(curve):
        count = max(1, int(np.ceil(np.hypot(*(stop - start)) / longest)))
        pieces.append(start + (stop - start) * (np.arange(1, count + 1) / count)[:, None])
    return np.concatenate(pieces)


def tube(  # noqa: PLR0913 - a shape and how finely it is cut
    path: Points,
    width: ArrayLike,
    material: Material,
    *,
    flat: float = 1.0,
    up: tuple[float, float, float] = (0, 0, 1),
    times: int = 3,
    around: int = 32,
) -> Part:
    """Sweep an ellipse along `path`: half-width `width` (one, or spread over the path), times `flat` towards `up`."""
    curve = rounded(path, times)
    along = np.gradient(curve, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    side = np.cross(along, np.asarray(up, np.float64))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    over = np.cross(side, along)
    given = np.atleast_1d(np.asarray(width, np.float64))
    half = np.interp(np.linspace(0, 1, len(curve)), np.linspace(0, 1, len(given)), given)[:, None]
    curve, side, over = (_capped(rows) for rows in (curve, side * half, over * half * flat))
    side[[0, -1]] *= 0.01
    over[[0, -1]] *= 0.01
    angle = np.linspace(0, 2 * np.pi, around + 1)
    grid = curve[:, None] + side[:, None] * np.cos(angle)[None, :, None] + over[:, None] * np.sin(angle)[None, :, None]
    return Part(grid.astype(np.float32), material)


def _capped(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([rows[:1], rows, rows[-1:]])


def blob(
    at: tuple[float, float, float],
    size: tuple[float, float, float],
    material: Material,
    *,
    power: float = 2.0,
    steps: int = 56,
) -> Part:
    """A superellipsoid with half-axes `size`: an ellipsoid at `power` 2, near to a box at 8 (Barr, 1981)."""
    radius, height = (line[:, None] for line in _outline(power, np.pi / 2, -np.pi / 2, steps))
    front, right = _outline(power, -np.pi, np.pi, 2 * steps + 1)
    level = np.repeat(height, 2 * steps + 1, axis=1)
    grid = np.stack([size[0] * radius * right, size[1] * level, size[2] * radius * front], axis=-1)
    return Part((grid + np.asarray(at)).astype(np.float32), material)


def _outline(power: float, start: float, stop: float, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of a unit superellipse at even distances, as cosines and sines bent by `power`; start and stop in radians.

    Even angles would leave its flat sides with few points and prints on them stretched.
    """
    angle = np.linspace(start, stop, 8 * count)
    across, up = (np.sign(wave) * np.abs(wave) ** (2 / power) for wave in (np.cos(angle), np.sin(angle)))
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(across), np.diff(up)))])
    even = np.linspace(0, length[-1], count)
    return np.interp(even, length, across), np.interp(even, length, up)


def loft(sections: Points, material: Material, *, power: float = 2.5, steps: int = 64, upright: bool = False) -> Part:
    """A skin over sections (position, centre, half-height, half-depth) along x, or along y from the top if `upright`.

    The centre and the half-height are those in y (in x when upright), the half-depth is that in z.
    """
    curve = rounded(sections)
    curve = np.concatenate([curve[:1], curve, curve[-1:]])
    curve[[0, -1], 2:] = 1e-3
    deep, high = _outline(power, -np.pi, np.pi, 2 * steps + 1)
    along = np.repeat(curve[:, :1], len(high), axis=1)
    over = curve[:, 1:2] + curve[:, 2:3] * high
    front = curve[:, 3:4] * deep
    grid = np.stack([over, along, front] if upright else [along, over, front], axis=-1)
    return Part(grid.astype(np.float32), material)


def panel(  # noqa: PLR0913 - three vectors and how it is bent
    corner: tuple[float, float, float],
    right: tuple[float, float, float],
    down: tuple[float, float, float],
    material: Material,
    *,
    bulge: float = 0.0,
    steps: int = 12,
) -> Part:
    """A flat piece from its upper left corner; `bulge` bends it towards the viewer."""
    share = np.linspace(0, 1, steps + 1)
    v, u = np.meshgrid(share, share, indexing="ij")
    grid = np.asarray(corner) + u[..., None] * np.asarray(right) + v[..., None] * np.asarray(down)
    grid[..., 2] += bulge * 16 * u * (1 - u) * v * (1 - v)
    return Part(grid.astype(np.float32), material)


def carton(
    size: tuple[float, float, float], front: Material, side: Material, top: Material, back: Material
) -> list[Part]:
    """A closed box about the origin with half-edges `size`: front, back, two sides, top and bottom."""
    x, y, z = size
    return [
        panel((-x, y, z), (2 * x, 0, 0), (0, -2 * y, 0), front),
        panel((x, y, -z), (-2 * x, 0, 0), (0, -2 * y, 0), back),
        panel((x, y, z), (0, 0, -2 * z), (0, -2 * y, 0), side),
        panel((-x, y, -z), (0, 0, 2 * z), (0, -2 * y, 0), side),
        panel((-x, y, -z), (2 * x, 0, 0), (0, 0, 2 * z), top),
        panel((-x, -y, z), (2 * x, 0, 0), (0, 0, -2 * z), top),
    ]
