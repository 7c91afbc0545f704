"""A drawn thing with its coverage, and laying it over a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    Pixels = NDArray[np.uint8]
    Colour = tuple[int, int, int]

SEEN = 0.06
"""Coverage from which on a pixel counts as covered."""
PALETTE: tuple[Colour, ...] = (
    *((255, 255, 255), (0, 0, 0), (24, 24, 28), (245, 245, 245), (205, 25, 35), (230, 60, 20), (250, 200, 20)),
    *((20, 110, 60), (90, 180, 70), (15, 70, 160), (40, 150, 220), (110, 40, 140), (235, 120, 170), (120, 75, 40)),
    *((130, 130, 130), (200, 200, 200), (190, 160, 90), (0, 130, 130), (255, 90, 90), (30, 35, 70), (250, 235, 200)),
)


def chance(rng: np.random.Generator, share: float) -> bool:
    """True for this share of draws."""
    return bool(rng.random() < share)


def colour(rng: np.random.Generator) -> Colour:
    """One of the palette, or, for one in three, any."""
    if chance(rng, 1 / 3):
        red, green, blue = (int(one) for one in rng.integers(0, 256, 3))
        return red, green, blue
    return PALETTE[int(rng.integers(len(PALETTE)))]


def luma(of: Colour | NDArray[np.floating]) -> float:
    """Rec. 601, 0 to 255."""
    return float(0.299 * of[0] + 0.587 * of[1] + 0.114 * of[2])


def against(rng: np.random.Generator, ground: Colour) -> Colour:
    """A colour that can be read on the ground."""
    tries = [colour(rng) for _ in range(4)] + [(255, 255, 255), (0, 0, 0)]
    clear = [one for one in tries if abs(luma(one) - luma(ground)) > 85]  # noqa: PLR2004 - levels of luma
    return clear[0]


@dataclass(slots=True, eq=False)
class Patch:
    """A drawn thing."""

    rgb: Pixels
    """(h, w, 3)."""
    cover: NDArray[np.float32]
    """(h, w), 0 to 1."""
    area: NDArray[np.bool_]
    """(h, w) what it takes up, gaps between letters included."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return int(self.rgb.shape[1]), int(self.rgb.shape[0])


def from_image(image: Image.Image, *, whole: bool = False) -> Patch:
    """A patch of an RGBA image; it takes up its whole rectangle, or what is covered and what lies close by."""
    array = np.asarray(image, np.uint8)
    cover = array[:, :, 3].astype(np.float32) / 255
    if whole:
        area = np.ones(cover.shape, bool)
    else:
        reach = max(3, min(cover.shape) // 40) | 1
        area = cv2.dilate((cover > SEEN).astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    return Patch(array[:, :, :3], cover, area)


def turned(patch: Patch, degrees: float) -> Patch:
    """The patch, turned anticlockwise, with room for its corners."""
    if not degrees:
        return patch
    wide, high = patch.size
    move = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    cosine, sine = abs(move[0, 0]), abs(move[0, 1])
    size = int(high * sine + wide * cosine) + 1, int(high * cosine + wide * sine) + 1
    move[:, 2] += (size[0] / 2 - wide / 2, size[1] / 2 - high / 2)
    rgb = cv2.warpAffine(patch.rgb, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(patch.cover, move, size, flags=cv2.INTER_LINEAR)
    area = cv2.warpAffine(patch.area.astype(np.uint8), move, size, flags=cv2.INTER_NEAREST) > 0
    return Patch(np.asarray(rgb, np.uint8), np.asarray(cover, np.float32), area)


def resized(patch: Patch, size: tuple[int, int]) -> Patch:
    """The patch at this width and height."""
    size = max(1, size[0]), max(1, size[1])
    shrinks = size[0] < patch.size[0]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    rgb = np.asarray(cv2.resize(patch.rgb, size, interpolation=way), np.uint8)
    cover = np.asarray(cv2.resize(patch.cover, size, interpolation=way), np.float32)
    area = cv2.resize(patch.area.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    return Patch(rgb, cover, area)


def lay(canvas: Pixels, mask: Pixels, patch: Patch, at: tuple[int, int], opacity: float = 1.0) -> bool:
    """Lay the patch over the canvas, in place, its upper left corner at x, y; mark what it takes up with 255.

    What runs over the edge is cut. False where nothing of it lies on the canvas.
    """
    high, wide = canvas.shape[:2]
    x, y = at
    left, top, right, bottom = max(0, x), max(0, y), min(wide, x + patch.size[0]), min(high, y + patch.size[1])
    if right <= left or bottom <= top:
        return False
    there, own = np.s_[top:bottom, left:right], np.s_[top - y : bottom - y, left - x : right - x]
    under = canvas[there].astype(np.float32)
    under += (patch.rgb[own].astype(np.float32) - under) * (patch.cover[own] * opacity)[..., None]
    canvas[there] = np.clip(under + 0.5, 0, 255).astype(np.uint8)
    mask[there][patch.area[own]] = 255
    return True
