"""Where lines of text may be: the text detector's map, made into turned boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.planes import planes
from packshot.models import desk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

DETECTOR = "ppocr-det-tiny"
SEEN_SIDE = 540
"""The detector sees as many pixels as a square of this side has, whatever the picture's shape: more of a drawn-out
picture than a bound on its long side would leave, for the time that a square one takes."""
MOST_ENLARGED = 2.0
"""Small pictures are enlarged up to this factor: small and pale letters are found so that are not at their own size."""
STEP = 32
"""Sides of what the detector takes are multiples of this."""
MAP_FROM, BOX_FROM = 0.3, 0.5
"""Probability from which on a pixel counts as text, and a box by its mean (PP-OCRv6's own settings)."""
OFFSET = 1.6
"""A box is grown by its area × this ÷ its perimeter: the map holds the middle of lines alone (PP-OCRv6's setting)."""
LEAST_SIDE, LEAST_GROWN = 3, 5
"""Shortest side in pixels of the map, before and after growing."""
MOST_OUTLINES, MOST_BOXES = 400, 40
"""Parts of the map that are looked at, largest first, and boxes that are kept, surest and largest first."""
MOST_DRAWN_OUT = 60
"""A picture whose sides differ by more than this factor holds no line that could be read."""
STANDING = 1.5
"""A box this many times as high as wide holds a line that runs upwards or downwards."""


@dataclass(frozen=True, slots=True, eq=False)
class TextBox:
    """A place where a line of text may be."""

    corners: NDArray[np.float32]
    """(4, 2) x, y in native pixels: upper left, upper right, lower right, lower left as one reads; may reach beyond
    the picture by the growing."""
    score: float
    """Mean of the detector's map within it, 0 to 1."""
    standing: bool
    """Whether the line runs upwards or downwards; which of them, reading must tell."""

    @property
    def length(self) -> float:
        """Along the line, in native pixels."""
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def height(self) -> float:
        """Across the line, in native pixels."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    @property
    def tilt(self) -> float:
        """Degrees between the line and the nearer side of the frame, 0 to 45."""
        right, down = (self.corners[1] - self.corners[0]).tolist()
        turned = abs(float(np.degrees(np.arctan2(down, right)))) % 90
        return min(turned, 90 - turned)

    def upright(self, width: int, height: int) -> tuple[float, float, float, float]:
        """x, y, w, h of the upright box around it, as shares of a picture of that size and cut to it."""
        low = np.clip(self.corners.min(axis=0) / (width, height), 0, 1).tolist()
        high = np.clip(self.corners.max(axis=0) / (width, height), 0, 1).tolist()
        return low[0], low[1], high[0] - low[0], high[1] - low[1]


def text_boxes(picture: Picture) -> list[TextBox]:
    """Boxes around lines of text, from top to bottom; at most MOST_BOXES.

    The map is thresholded, each part of it is put into the smallest turned rectangle, and that is grown on all sides:
    what offsetting its outline would give, since the smallest rectangle around a rounded rectangle is the grown one.
    After M. Liao and others, Real-time Scene Text Detection with Differentiable Binarization, AAAI 2020.
    """
    size = _size(picture.width, picture.height)
    if size is None:
        return []
    (found,) = desk.run(DETECTOR, _input(picture, size))
    chances = np.ascontiguousarray(found[0, 0], dtype=np.float32)
    times = (picture.width / chances.shape[1], picture.height / chances.shape[0])
    boxes = [box for outline in _outlines(chances) if (box := _box(outline, chances, times)) is not None]
    boxes.sort(key=lambda one: -one.score * one.length * one.height)
    return sorted(boxes[:MOST_BOXES], key=lambda one: (float(one.corners[0, 1]), float(one.corners[0, 0])))


def _size(width: int, height: int) -> tuple[int, int] | None:
    """Width and height of what the detector sees; None for pictures in which it could see nothing."""
    if max(width, height) > MOST_DRAWN_OUT * min(width, height) or max(width, height) < STEP:
        return None
    times = min(MOST_ENLARGED, SEEN_SIDE / float(np.sqrt(width * height)))
    wide, high = (max(STEP, round(side * times / STEP) * STEP) for side in (width, height))
    return wide, high


def _input(picture: Picture, size: tuple[int, int]) -> NDArray[np.float32]:
    """(1, 3, h, w), BGR from -1 to 1."""
    rgb = picture.rung(max(size))
    way = cv2.INTER_LINEAR if size[0] > rgb.shape[1] else cv2.INTER_AREA
    small = cv2.resize(rgb, size, interpolation=way)
    return planes(np.asarray(small, np.uint8), 127.5, 1, blue_first=True)


def _outlines(chances: NDArray[np.float32]) -> list[cv2.typing.MatLike]:
    mask = (chances > MAP_FROM).astype(np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((2, 2), np.uint8)), np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return sorted(outlines, key=cv2.contourArea, reverse=True)[:MOST_OUTLINES]


def _box(outline: cv2.typing.MatLike, chances: NDArray[np.float32], times: tuple[float, float]) -> TextBox | None:
    centre, (width, height), angle = cv2.minAreaRect(outline)
    if min(width, height) < LEAST_SIDE:
        return None
    score = _mean_within(chances, np.asarray(cv2.boxPoints((centre, (width, height), angle)), np.float32))
    by = OFFSET * width * height / (2 * (width + height))
    if score < BOX_FROM or min(width, height) + 2 * by < LEAST_GROWN:
        return None
    grown = np.asarray(cv2.boxPoints((centre, (width + 2 * by, height + 2 * by), angle)), np.float32)
    corners = _as_read(grown * np.asarray(times, np.float32))
    across, down = np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[3] - corners[0])
    standing = bool(down >= STANDING * across)
    if standing:  # read from its lower left corner upwards; reading tries the other way, too
        corners = np.roll(corners, 1, axis=0)
    return TextBox(np.ascontiguousarray(corners, dtype=np.float32), score, standing)


def _mean_within(chances: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    height, width = chances.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1)).tolist()
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1)).tolist()
    mask: Pixels = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, [np.round(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(chances[top : bottom + 1, left : right + 1], mask)[0])


def _as_read(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Upper left, upper right, lower right, lower left of a turned rectangle."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = (half[np.argsort(half[:, 1], kind="stable")] for half in (by_x[:2], by_x[2:]))
    return np.stack([left[0], right[0], right[1], left[1]])
