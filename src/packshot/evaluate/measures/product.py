"""Where the product is in the picture, and how much of it it fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.segmentation import segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

TOUCHING_SHARE = 0.02
"""Part of an edge that the product must cover to be cut off there."""
INSIDE_SHARE = 0.03
"""How far inside the picture its width is compared."""
STRAIGHT_ON = 0.6
"""What only touches the edge is narrower there than a little inside, by this factor or more."""


class Product(Measure):
    """Box, fill, area, centring and cut-off edges of the product, with a confidence.

    Method: classical segmentation from a plain background (see `evaluate/segmentation.py`) on a rung of 128 to 255
    pixels, or the alpha channel. The box holds all parts of at least 2 % of the largest one. Fill is the larger of box
    width / picture width and box height / picture height. Centring is 1 minus twice the larger offset of the box's
    middle from the picture's. An edge cuts the product off when it runs into it with at least 2 % of the edge's length
    and not much narrower than a little inside.

    Blind spots: only plain backgrounds; elsewhere the confidence is low, and so it is when the product has the
    background's colour. Hands, wearers, props and hard shadows count as product. A rectangular product trimmed to its
    very edges cannot be told from one that is cut off. Box sides are exact to about 0.5 % of the picture.
    """

    version = 2
    outputs = (
        Output(
            "product_box", Kind.BOX, "x, y, w, h as shares of the picture; null when nothing stands out from a ground."
        ),
        Output("product_fill_share", Kind.FLOAT, "Larger of box width and box height, as shares of the picture."),
        Output("product_area_share", Kind.FLOAT, "Share of the picture's area that the product covers."),
        Output("product_centering", Kind.FLOAT, "1 when the box is in the middle, 0 when its middle is on an edge."),
        Output("cut_off_edges", Kind.TEXTS, "Edges that cut the product off: left, top, right, bottom."),
        Output("product_confidence", Kind.FLOAT, "0 to 1; high only before a plain background."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Read everything off the shared mask."""
        segmentation = picture.once(segment)
        box = segmentation.box
        if box is None or segmentation.confidence == 0:
            nothing: dict[str, Value] = {output.name: None for output in self.outputs}
            return nothing | {"product_confidence": 0.0}
        mask = segmentation.product
        rows, columns = mask.shape
        x, y, w, h = box[0] / columns, box[1] / rows, box[2] / columns, box[3] / rows
        return {
            "product_box": (x, y, w, h),
            "product_fill_share": max(w, h),
            "product_area_share": cv2.countNonZero(mask) / mask.size,
            "product_centering": max(0.0, 1 - 2 * max(abs(x + w / 2 - 0.5), abs(y + h / 2 - 0.5))),
            "cut_off_edges": _cut_off(mask, box),
            "product_confidence": segmentation.confidence,
        }


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
