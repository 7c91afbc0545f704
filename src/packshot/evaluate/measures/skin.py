"""How much of the product looks like skin: a hint that somebody wears or holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.segmentation import segment
from packshot.evaluate.skin_colour import skin_coloured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class Skin(Measure):
    """Share of the product, or of the whole picture, whose colour may be skin.

    Method: the Cr and Cb ranges of D. Chai and K. N. Ngan, "Face segmentation using skin-color map in videophone
    applications", 1999, on a small rung. It is a hint and not a finding: it lets a check be unsure about a product that
    the edge cuts off together with its wearer.

    Blind spots: wood, leather, cardboard, beige and orange things look like skin; very dark and very pale skin, gloves
    and mannequins do not.
    """

    version = 2
    outputs = (Output("skin_share", Kind.FLOAT, "Share of the product with the colour of skin, 0 to 1."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Count pixels within the ranges."""
        skin = picture.once(skin_coloured)
        segmentation = picture.once(segment)
        if not segmentation.confident:
            return {"skin_share": cv2.countNonZero(skin) / skin.size}
        among = cv2.countNonZero(cv2.bitwise_and(skin, segmentation.product))
        return {"skin_share": among / cv2.countNonZero(segmentation.product)}
