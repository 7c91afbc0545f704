"""Where the product is in the picture, and how much of it it fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.product_place import product_place
from packshot.evaluate.segmentation import segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


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
        place = product_place(segmentation.product)
        if place is None or segmentation.confidence == 0:
            nothing: dict[str, Value] = {output.name: None for output in self.outputs}
            return nothing | {"product_confidence": 0.0}
        return {
            "product_box": place.box,
            "product_fill_share": place.fill,
            "product_area_share": place.area,
            "product_centering": place.centering,
            "cut_off_edges": place.cut_off,
            "product_confidence": segmentation.confidence,
        }
