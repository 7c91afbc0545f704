"""Points of a picture that are found again in a copy of it: cropped, turned, mirrored, covered in part."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.lab import rgb_to_lab
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

SIDE = 256
"""The long side of the picture in which points are looked for."""
SHORTEST = 24
"""Sides shorter than this, after that, are not looked at."""
POINTS = 200
CONTRAST = 0.01
"""SIFT's least contrast: a fourth of its authors', for products are often plain."""
SCALE_STEPS = 16
"""Steps of the stored size for each doubling."""
ANGLE_STEPS = 256
ROW_BYTES = 23
AROUND = 0.75
"""A point's colour is the mean of a square around it; half its side, in sizes of the point."""
MEANS = (
    *(13, 12, 11, 11, 12, 9, 7, 8, 23, 16, 12, 11, 12, 9, 8, 14, 25, 15, 10, 9, 11, 9, 10, 16, 14, 9, 7, 8, 11, 10),
    *(11, 12, 16, 12, 11, 13, 15, 11, 9, 10, 31, 19, 13, 14, 15, 12, 10, 17, 33, 19, 11, 11, 14, 11, 11, 19, 19, 11),
    *(8, 10, 13, 11, 11, 13),
)
"""Hundredths: the mean of what a descriptor and its mirror image are together, over 40 product pictures."""


class Keypoints(Measure):
    """Up to 200 points of the picture that a copy of it shows again, each with what its surroundings look like.

    Method: SIFT (D. G. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004) on the picture shrunk
    to 256 px, the descriptors' square roots (Arandjelović and Zisserman, "Three things everyone should know to improve
    object retrieval", 2012) turned into the signs of 128 sums of them (Charikar, "Similarity Estimation Techniques from
    Rounding Algorithms", 2002). The sums are taken of the descriptor plus its mirror image (64) and of their difference
    (64), so the bits of a mirrored picture are the same with the last 64 inverted: no second set is needed. With bits
    instead of numbers the same copies were found again, of 40 pictures × 24 edits.

    Blind spots: a plain product on white has few points; a small part of the picture, enlarged; turns in space. Two
    pictures of one logo or one pattern share points without being copies: `match/copies.py` tells.
    """

    version = 1
    on_request = True
    outputs = (
        Output("keypoint_count", Kind.INT, "Points that were found, 0 to 200."),
        Output(
            "keypoints",
            Kind.BYTES,
            "23 bytes a point, the clearest first: 128 bits of its look, then x, y in pixels of the picture at 256 px, "
            "the size of the point (16 steps for each doubling, from 1 px), its direction (256 steps, "
            "clockwise from the right) "
            "and the mean Lab around it (L × 2.55, a + 128, b + 128).",
        ),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Shrink, find, describe."""
        luma = _shrunk(picture)
        if min(luma.shape) < SHORTEST:
            return {"keypoint_count": 0, "keypoints": b""}
        points, found = _sift().detectAndCompute(luma, None)
        if not points:
            return {"keypoint_count": 0, "keypoints": b""}
        order = np.argsort([-point.response for point in points], kind="stable")[:POINTS]
        points, found = [points[place] for place in order], found[order]
        rows = np.empty((len(points), ROW_BYTES), np.uint8)
        rows[:, :16] = _bits(found)
        told = np.array([(*point.pt, point.size, point.angle) for point in points], np.float64)
        rows[:, 16:18] = np.clip(np.rint(told[:, :2]), 0, SIDE - 1)
        rows[:, 18] = np.clip(np.rint(np.log2(np.maximum(told[:, 2], 1)) * SCALE_STEPS), 0, 255)
        rows[:, 19] = np.rint(told[:, 3] * (ANGLE_STEPS / 360)).astype(np.int64) % ANGLE_STEPS
        rows[:, 20:] = _colours(picture, luma.shape, told)
        return {"keypoint_count": len(points), "keypoints": rows.tobytes()}


def _shrunk(picture: Picture) -> NDArray[np.uint8]:
    """Luma of the picture with a long side of 256 px."""
    luma = picture.luma_rung(SIDE)
    factor = SIDE / max(luma.shape)
    if factor == 1:
        return luma
    size = (max(1, round(luma.shape[1] * factor)), max(1, round(luma.shape[0] * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(luma, size, interpolation=way), dtype=np.uint8)


def _colours(picture: Picture, shape: tuple[int, ...], points: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Mean Lab around points, (n, 3), of which `points` has x, y and size in a picture of `shape`."""
    rung = picture.rung(SIDE)
    factor = np.array([rung.shape[1] / shape[1], rung.shape[0] / shape[0]])
    half = np.maximum(points[:, 2:3] * AROUND, 1.5)
    most = np.array([rung.shape[1], rung.shape[0]])
    begin = np.clip(np.floor((points[:, :2] - half) * factor), 0, most - 1).astype(np.int64)
    end = np.clip(np.ceil((points[:, :2] + half + 1) * factor), begin + 1, most).astype(np.int64)
    sums = np.asarray(cv2.integral(rung), dtype=np.int64)
    (left, top), (right, bottom) = begin.T, end.T
    total = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    mean = total / ((right - left) * (bottom - top))[:, None]
    return np.asarray(rgb_to_lab(np.rint(mean).astype(np.uint8)[None])[0], dtype=np.uint8)


@lru_cache(maxsize=1)
def _sift() -> Any:
    return cv2.SIFT_create(POINTS, contrastThreshold=CONTRAST)  # type: ignore[attr-defined] # the stubs lack it


def _bits(found: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The bits of descriptors, shape (n, 128), as bytes, shape (n, 16)."""
    roots = np.sqrt(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9))
    low, high = _mirrored()
    both, apart = roots[:, low] + roots[:, high], roots[:, low] - roots[:, high]
    sums = np.concatenate([(both - np.array(MEANS) / 100) @ _signs(), apart @ _signs()], axis=1)
    return np.packbits(sums > 0, axis=1)


@lru_cache(maxsize=1)
def _mirrored() -> tuple[list[int], list[int]]:
    """Places in a descriptor, and those where their values stand when the picture is mirrored: 4 × 4 cells × 8 ways."""
    cells = [(row, column, way) for row in range(4) for column in range(4) for way in range(8)]
    other = [((3 - row) * 4 + column) * 8 + (8 - way) % 8 for row, column, way in cells]
    low = [place for place in range(len(other)) if place < other[place]]
    return low, [other[place] for place in low]


@lru_cache(maxsize=1)
def _signs() -> NDArray[np.float32]:
    """64 sums that are at right angles to each other: Hadamard's matrix, its rows' signs drawn once and for all."""
    signs = np.ones((1, 1))
    for _ in range(6):
        signs = np.block([[signs, signs], [signs, -signs]])
    drawn, state = np.empty(64), 2026
    for place in range(64):
        state = (state * 1103515245 + 12345) % 2**31
        drawn[place] = 1 if state >> 16 & 1 else -1
    return np.asarray(drawn[:, None] * signs, dtype=np.float32)
