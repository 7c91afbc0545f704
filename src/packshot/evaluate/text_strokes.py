"""How the strokes of a line stand out of the ground right beside them, wherever that ground changes along the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Light = NDArray[np.float32]
    Mask = NDArray[np.uint8]

STROKES = (
    *("stroke_share", "stroke_step", "stroke_step_spread", "stroke_spread", "stroke_ground_spread"),
    *("stroke_follows", "stroke_rest", "stroke_chroma_step", "stroke_grain", "stroke_grain_ratio"),
    *("stroke_width", "stroke_width_spread", "stroke_edge", "stroke_one_sided"),
)
"""The numbers given, in their order."""
NEAR = 0.6
"""Side of the neighbourhood that a pixel is held against, as a share of the line's height: about a letter."""
LEAST_STEP = 4.0
"""Levels by which a stroke must stand out."""
LEAST_PIXELS = 12
FEW = 4
"""Of the ground's many pixels, one in so many is looked at for a median."""
SOME = 0.02
"""Share of a stroke's neighbourhood that must be ground, to hold it against that."""
SQUARE = np.ones((3, 3), np.uint8)


def strokes(light: Light, colour: Light, inside: NDArray[np.bool_], height: float) -> list[float]:
    """One number for each of STROKES; all nought where nothing stands out.

    `light` (h, w) is luma and `colour` (h, w, 2) Lab's a and b of a straightened line `height` pixels high with its
    margin, `inside` the line's own box. Strokes are what is lighter, or what is darker, than its neighbourhood. The
    light of opaque lettering is the same wherever the ground changes, that of a see-through mark follows the ground
    by a share, and print follows the light that falls on the product.
    """
    side = 2 * int(max(1, round(NEAR * height / 2))) + 1
    apart = light - cv2.blur(light, (side, side))
    own = apart[inside]
    if own.size < LEAST_PIXELS:
        return [0.0] * len(STROKES)
    low, high = np.percentile(own[::FEW], (3, 97)).tolist()
    sign = 1.0 if high >= -low else -1.0
    peak = max(high, -low)
    if peak < LEAST_STEP:
        return [0.0] * len(STROKES)
    mask = ((sign * apart > peak / 2) & inside).astype(np.uint8)
    core = cv2.erode(mask, SQUARE) > 0
    core = core if np.count_nonzero(core) >= LEAST_PIXELS else mask > 0
    beside = (cv2.dilate(mask, SQUARE) == 0).astype(np.float32)
    if np.count_nonzero(core) < LEAST_PIXELS or not beside.any():
        return [0.0] * len(STROKES)
    weight = cv2.blur(beside, (side, side))
    ground = cv2.blur(light * beside, (side, side)) / np.maximum(weight, 1e-3)
    core &= weight > SOME
    if np.count_nonzero(core) < LEAST_PIXELS:
        return [0.0] * len(STROKES)
    bare = (beside > 0) & inside
    return [
        float(mask.sum() / own.size),
        *_steps(light[core], ground[core]),
        _chroma_step(colour[core], colour[bare][::FEW]),
        *_grains(light, core, bare),
        *_widths(mask, height),
        _edge(light, mask, float(np.median(np.abs(light[core] - ground[core])))),
        min(high, -low) / peak if min(high, -low) > 0 else 0.0,
    ]


def _steps(ink: Light, ground: Light) -> list[float]:
    """How far the strokes stand out, how evenly; their spread and the ground's; how they follow it, and the rest."""
    steps = ink - ground
    middle = float(np.median(steps))
    spread = float(ground.std())
    follows = float(np.clip(np.cov(ink, ground)[0, 1] / max(spread, 1.0) ** 2, -1, 2))
    rest = ink - ink.mean() - follows * (ground - ground.mean())
    return [
        abs(middle) / 255,
        float(np.clip(_half_range(steps) / max(abs(middle), LEAST_STEP), 0, 3)),
        _half_range(ink) / 32,
        _half_range(ground) / 32,
        follows * min(1.0, spread / 8),
        float(np.sqrt(np.mean(rest**2))) / 16,
    ]


def _chroma_step(inks: Light, grounds: Light) -> float:
    return float(np.linalg.norm(np.median(inks, axis=0) - np.median(grounds, axis=0))) / 128 if len(grounds) else 0.0


def _grains(light: Light, core: NDArray[np.bool_], ground: NDArray[np.bool_]) -> list[float]:
    """Grain of the strokes, and by how much it is coarser than the ground's, as a logarithm."""
    steps = np.abs(light - cv2.blur(light, (3, 3)))
    inked = float(steps[core].mean())
    bare = float(np.median(steps[ground][::FEW])) if ground.any() else inked
    return [min(8.0, inked) / 8, float(np.clip(np.log((inked + 0.3) / (bare + 0.3)), -3, 3))]


def _widths(mask: Mask, height: float) -> list[float]:
    """Width of the strokes as a share of the line's height, and how it varies."""
    far = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    ridge = far[(far > 0) & (far >= cv2.dilate(far, SQUARE))]
    if not ridge.size:
        return [0.0, 0.0]
    return [float(np.median(ridge)) / height, float(np.clip(ridge.std() / max(float(ridge.mean()), 0.5), 0, 3))]


def _edge(light: Light, mask: Mask, step: float) -> float:
    """How steep the strokes' outlines are, as a share of their step."""
    slopes = cv2.morphologyEx(light, cv2.MORPH_GRADIENT, SQUARE)
    outline = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, SQUARE) > 0
    return float(np.clip(np.median(slopes[outline]) / max(step, LEAST_STEP), 0, 3)) if outline.any() else 0.0


def _half_range(values: Light) -> float:
    low, high = np.percentile(values, (10, 90)).tolist()
    return float(high - low) / 2
