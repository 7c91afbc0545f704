"""What a mask says of the product's place in the picture: its box, fill, area, centring and the edges that cut it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from packshot.media.picture import Pixels

TOUCHING_SHARE = 0.02
"""Part of an edge that the product must cover to be cut off there."""
INSIDE_SHARE = 0.03
"""How far inside the picture its width is compared."""
STRAIGHT_ON = 0.6
"""What only touches the edge is narrower there than a little inside, by this factor or more."""


@dataclass(frozen=True, slots=True)
class ProductPlace:
    """The place of a product; every number is a share of the picture."""

    box: tuple[float, float, float, float]
    """x, y, w, h."""
    area: float
    cut_off: tuple[str, ...]
    """Edges that cut it off: left, top, right, bottom."""

    @property
    def fill(self) -> float:
        """The larger of the box's width and height."""
        return max(self.box[2:])

    @property
    def centering(self) -> float:
        """1 when the box is in the middle, 0 when its middle is on an edge."""
        x, y, w, h = self.box
        return max(0.0, 1 - 2 * max(abs(x + w / 2 - 0.5), abs(y + h / 2 - 0.5)))


def product_place(mask: Pixels) -> ProductPlace | None:
    """The place of what is not 0 in a mask (h, w); None where all of it is."""
    x, y, w, h = cv2.boundingRect(mask)
    if not w or not h:
        return None
    rows, columns = mask.shape
    return ProductPlace(
        box=(x / columns, y / rows, w / columns, h / rows),
        area=cv2.countNonZero(mask) / mask.size,
        cut_off=_cut_off(mask, (x, y, w, h)),
    )


def _cut_off(mask: Pixels, box: tuple[int, int, int, int]) -> tuple[str, ...]:
    x, y, w, h = box
    rows, columns = mask.shape
    sides = {
        "left": (x == 0, mask.T),
        "top": (y == 0, mask),
        "right": (x + w == columns, mask.T[::-1]),
        "bottom": (y + h == rows, mask[::-1]),
    }
    return tuple(name for name, (touched, lines) in sides.items() if touched and _runs_into(lines))


def _runs_into(lines: Pixels) -> bool:
    """Whether the product runs into the first line of the mask and does not just touch it."""
    there = np.count_nonzero(lines[0])
    inside = np.count_nonzero(lines[min(len(lines) - 1, max(2, round(INSIDE_SHARE * len(lines))))])
    return bool(there >= max(2, TOUCHING_SHARE * lines.shape[1]) and there >= STRAIGHT_ON * inside)
