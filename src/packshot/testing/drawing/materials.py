"""What drawn surfaces are made of: colour, gloss, and tiles of fine relief."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Colour = tuple[int, int, int]
"""sRGB, 0 to 255."""

TILE_PX = 512
GAMMA = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """How one part of a product looks."""

    colour: Colour
    gloss: float = 0.15
    """Strength of the studio's lights mirrored in it, 0 (chalk) to 1 (chrome)."""
    tile: str = ""
    """Relief from `tile`: one of `TILES`, or none."""
    repeat: tuple[float, float] = (6.0, 6.0)
    """How often the tile is laid along u and v."""
    relief: float = 0.12
    """How much the relief lightens and darkens, as a share."""
    print_rgb: NDArray[np.uint8] | None = None
    """A picture laid over the whole part (height × width × 3), instead of `colour`."""
    glass: bool = False
    """Seen through: opaque at its rims only."""
    glow: float = 0.0
    """Light of its own, as a share of white."""


def linear(colour: NDArray[np.uint8] | Colour) -> NDArray[np.float32]:
    """SRGB bytes as linear light, 0 to 1."""
    return np.asarray(np.power(np.asarray(colour, np.float32) / 255.0, np.float32(GAMMA)), np.float32)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with a `share` (0 to 1) of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


@cache
def tile(name: str) -> NDArray[np.float32]:
    """A relief that can be laid edge to edge: TILE_PX square, mean 0, within -1 to 1; KeyError for an unknown name."""
    relief = TILES[name]()
    relief = relief - relief.mean()
    return np.asarray(np.clip(relief / (relief.std() * 2 + 1e-6), -1, 1), np.float32)


def _cloud(low: float, high: float, stretch: float = 1.0, seed: int = 5) -> NDArray[np.float64]:
    """Noise whose waves are `low` to `high` cycles per tile; `stretch` > 1 draws it out along v."""
    spectrum = np.fft.fft2(np.random.default_rng(seed).normal(size=(TILE_PX, TILE_PX)))
    down, across = np.meshgrid(np.fft.fftfreq(TILE_PX), np.fft.fftfreq(TILE_PX), indexing="ij")
    cycles = np.hypot(down * stretch, across) * TILE_PX
    band = np.exp(-((cycles / high) ** 2)) - np.exp(-((cycles / low) ** 2))
    found = np.fft.ifft2(spectrum * band).real
    return np.asarray(np.clip(found / (found.std() * 3), -1, 1), np.float64)


def _waves(across: int, down: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    turn = np.arange(TILE_PX) / TILE_PX * 2 * np.pi
    v, u = np.meshgrid(np.sin(turn * down), np.sin(turn * across), indexing="ij")
    return u, v


def _weave() -> NDArray[np.float64]:
    u, v = _waves(48, 48)
    return u * v + 0.35 * _cloud(20, 120)


def _knit() -> NDArray[np.float64]:
    row = np.arange(TILE_PX) / TILE_PX * 2 * np.pi
    v, u = np.meshgrid(row, row, indexing="ij")
    return np.asarray(
        np.sin(40 * u) * (0.6 + 0.4 * np.sin(60 * v + 2 * np.cos(40 * u))) + 0.2 * _cloud(10, 80), np.float64
    )


def _leather() -> NDArray[np.float64]:
    return np.asarray(0.25 * _cloud(60, 160, seed=6) - np.abs(_cloud(18, 45)) ** 0.6, np.float64)


def _wood() -> NDArray[np.float64]:
    rings = np.sin(14 * np.pi * _cloud(1.5, 4, stretch=4))
    return 0.7 * rings + 0.6 * _cloud(30, 150, stretch=12, seed=6)


def _brushed() -> NDArray[np.float64]:
    return _cloud(20, 200, stretch=40)


def _speckle() -> NDArray[np.float64]:
    return np.minimum(_cloud(50, 160), 0) + 0.3 * _cloud(3, 12, seed=6)


def _folds() -> NDArray[np.float64]:
    return cv2.GaussianBlur(_cloud(2, 6, stretch=2.5), (0, 0), 4) + 0.06 * _waves(90, 90)[0] * _waves(90, 90)[1]


TILES = {
    "weave": _weave,
    "knit": _knit,
    "leather": _leather,
    "wood": _wood,
    "brushed": _brushed,
    "speckle": _speckle,
    "folds": _folds,
}
"""Name of a relief → what draws it."""
