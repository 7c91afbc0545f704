"""Everything that the score of technical quality is read from, of one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.arithmetic import level_quantiles, quantile
from packshot.evaluate.block_traits import BLOCKS, block_traits
from packshot.evaluate.edge_traits import EDGES, edge_traits
from packshot.evaluate.plane_traits import DETAILS, NORMALISED, detail_traits, normalised_traits
from packshot.evaluate.segmentation import RUNG, segment, small_lab
from packshot.evaluate.tiles import flat, noise_sigma, textured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.evaluate.tiles import Tiles
    from packshot.media.picture import Picture, Pixels

    Plane = NDArray[np.float32]
    Floats = NDArray[np.float64]

SEEN_SIDE = 320
"""Long side, in pixels, of the whole picture as it is looked at."""
COLOURED = 2
"""Tiles that are looked at in colour, too."""
SMALLEST = 24
"""Short side of a picture below which there is no answer."""
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
FULL, EMPTY = 253, 2
"""Levels from which on, and up to which, a channel is clipped."""
LEVELS_OF = 2
GROUND = 18
CALM = 9
TRAITS = 3 * (NORMALISED + DETAILS) + DETAILS + EDGES + BLOCKS + 2 * LEVELS_OF + CALM + 2 * len(QUANTILES) + GROUND + 4


def quality_traits(picture: Picture) -> Floats | None:
    """TRAITS numbers, for `picture.once(quality_traits)`; None below SMALLEST pixels or where nothing is drawn.

    The textured native tiles that sharpness is measured on, on the product where one is told; the same at half their
    size; the whole picture at the size it is looked at; the calm tiles that noise is measured on; and the light and
    colours of the product and of the picture. Turned or mirrored pictures give the same numbers.
    """
    tiles = picture.once(textured)
    if min(picture.width, picture.height) < SMALLEST or not len(tiles) or min(tiles.size) < SMALLEST:
        return None
    luma = tiles.stack.astype(np.float32)
    count = len(tiles)
    colours = [_crop(picture, corner, tiles.size) for corner in tiles.corners]
    half = _halved(luma, count)
    whole = _looked_at(picture)
    some = colours[:COLOURED]
    red, blue = _colour_planes(some)
    chroma = (detail_traits(red, len(some)) + detail_traits(blue, len(some))) / 2
    return np.concatenate(
        [
            normalised_traits(luma, count),
            detail_traits(luma, count),
            normalised_traits(half, count),
            detail_traits(half, count),
            normalised_traits(whole, 1),
            detail_traits(whole, 1),
            chroma,
            edge_traits(luma, count),
            block_traits(tiles, luma),
            _level_traits(colours),
            _level_traits([picture.rung(SEEN_SIDE)]),
            _calm_traits(picture),
            _light_traits(picture),
        ]
    )


def _crop(picture: Picture, corner: tuple[int, int], size: tuple[int, int]) -> Pixels:
    (left, top), (height, width) = corner, size
    return picture.rgb[top : top + height, left : left + width]


def _halved(stack: Plane, count: int) -> Plane:
    tiles = stack.reshape(count, -1, stack.shape[1])
    height, width = (side - side % 2 for side in tiles.shape[1:])
    rows = tiles[:, 0:height:2] + tiles[:, 1:height:2]
    half = (rows[:, :, 0:width:2] + rows[:, :, 1:width:2]) / 4
    return np.ascontiguousarray(half.reshape(-1, width // 2))


def _looked_at(picture: Picture) -> Plane:
    """Levels of the whole picture, its long side at most SEEN_SIDE."""
    luma = picture.luma_rung(SEEN_SIDE)
    scale = SEEN_SIDE / max(luma.shape)
    if scale < 1:
        size = (max(16, round(luma.shape[1] * scale)), max(16, round(luma.shape[0] * scale)))
        luma = np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)
    return luma.astype(np.float32)


def _colour_planes(crops: list[Pixels]) -> tuple[Plane, Plane]:
    """Cr and Cb of native crops, one below the other."""
    planes = cv2.cvtColor(np.concatenate(crops), cv2.COLOR_RGB2YCrCb)
    return planes[..., 1].astype(np.float32), planes[..., 2].astype(np.float32)


def _level_traits(crops: list[Pixels]) -> Floats:
    """Of the levels between the darkest and the lightest that are used, the share; and the range. The least channel."""
    used, ranges = [], []
    for channel in range(3):
        counts = sum(np.asarray(cv2.calcHist([crop], [channel], None, [256], [0, 256])).ravel() for crop in crops)
        sums = np.cumsum(counts)
        total = float(sums[-1])
        low, high = (int(np.searchsorted(sums, share * total)) for share in (0.02, 0.98))
        within = np.asarray(counts)[low : high + 1]
        used.append(float(np.mean(within > total * 2e-5)) if high - low > 3 else 1.0)  # noqa: PLR2004 - a flat channel
        ranges.append((high - low) / 255)
    return np.array([min(used), float(np.mean(ranges))])


def _calm_traits(picture: Picture) -> Floats:
    """Noise of light and colours, fine and coarse, where the picture is calm; and how much of that is nothing."""
    tiles = picture.once(flat)
    sigma = picture.once(noise_sigma)
    if sigma is None or not len(tiles) or min(tiles.size) < 16:  # noqa: PLR2004 - two halvings of four
        return np.array([np.log(0.3)] * 7 + [0.5, 0.0])
    found = []
    light, red, blue = _planes(picture, tiles)
    for plane in (light, red, blue):
        fine, coarse, nothing = _chequers(plane)
        found.append((fine, coarse, nothing))
    colours = (np.array(found[1]) + np.array(found[2])) / 2
    return np.array(
        [
            np.log(sigma + 0.3),
            found[0][0],
            found[0][1],
            found[0][0] - found[0][1],
            colours[0],
            colours[1],
            max(found[1][1], found[2][1]),
            found[0][2],
            1.0,
        ]
    )


def _planes(picture: Picture, tiles: Tiles) -> tuple[Plane, Plane, Plane]:
    crops = np.stack([_crop(picture, corner, tiles.size) for corner in tiles.corners])
    shape = crops.shape[:3]
    planes = cv2.cvtColor(crops.reshape(-1, crops.shape[2], 3), cv2.COLOR_RGB2YCrCb).astype(np.float32)
    light, red, blue = (np.ascontiguousarray(planes[..., channel]).reshape(shape) for channel in range(3))
    return light, red, blue


def _chequers(tiles: Plane) -> tuple[float, float, float]:
    """Logarithms of the usual chequer of 2 × 2 pixels and of 2 × 2 means of four; the share that is nothing."""
    height, width = (side - side % 4 for side in tiles.shape[1:])
    a, b, c, d = (tiles[:, y:height:2, x:width:2] for y in (0, 1) for x in (0, 1))
    fine = np.abs(a - b - c + d) / 4
    mean = (a + b + c + d) / 4
    coarse = np.abs(mean[:, ::2, ::2] - mean[:, ::2, 1::2] - mean[:, 1::2, ::2] + mean[:, 1::2, 1::2]) / 4
    # Cells of the calmer half of each tile: texture is left out where there is any.
    return (
        float(np.log(quantile(fine.ravel(), 0.6) + 0.1)),
        float(np.log(quantile(coarse.ravel(), 0.6) + 0.1)),
        float(np.mean(fine == 0)),
    )


def _light_traits(picture: Picture) -> Floats:
    """Quantiles of light of the product and of the whole; tints, chroma, clipping; sizes."""
    found = picture.once(segment)
    luma = picture.luma_rung(RUNG)
    lab = picture.once(small_lab).astype(np.float32)
    a, b = lab[..., 1] - 128, lab[..., 2] - 128
    told = found.product > 0 if found.confident else np.ones(luma.shape, bool)
    if not told.any():
        told = np.ones(luma.shape, bool)
    rgb = picture.rung(RUNG)
    red, green, blue = cv2.split(rgb)
    highest, lowest = cv2.max(cv2.max(red, green), blue)[told], cv2.min(cv2.min(red, green), blue)[told]
    light, told_a, told_b = luma[told], a[told], b[told]
    chroma = np.hypot(told_a, told_b)
    lightest = luma >= level_quantiles(luma, (0.95,))[0]
    bright_a, bright_b = a[lightest].mean(), b[lightest].mean()
    ground = found.ground
    return np.concatenate(
        [
            level_quantiles(light, QUANTILES) / 255,
            level_quantiles(luma, QUANTILES) / 255,
            [
                float(told_a.mean()) / 20,
                float(told_b.mean()) / 20,
                float(np.hypot(told_a.mean(), told_b.mean())) / 20,
                float(bright_a) / 20,
                float(bright_b) / 20,
                float(np.hypot(bright_a, bright_b)) / 20,
                float(np.hypot(ground[1] - 128, ground[2] - 128)) / 20,
                ground[0] / 255,
                float(chroma.mean()) / 20,
                float(np.hypot(told_a.std(), told_b.std())) / 20,
                quantile(chroma, 0.9) / 20,
                float(np.mean(light >= FULL)),
                float(np.mean(light <= EMPTY)),
                float(np.mean(highest >= FULL)),
                float(np.mean(lowest <= EMPTY)),
                float(light.std()) / 64,
                float(found.confident),
                float(np.mean(told)),
            ],
            [
                np.log2(max(picture.width, picture.height)) - 9,
                np.log2(min(picture.width, picture.height)) - 9,
                float(np.mean(luma >= FULL)),
                float(np.mean(luma <= EMPTY)),
            ],
        ]
    )
