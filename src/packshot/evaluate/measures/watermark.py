"""Whether the picture bears a see-through mark of its owner, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.feature_maps import MODEL
from packshot.evaluate.heat_boxes import hot_boxes
from packshot.evaluate.laid_over import OWN, laid_over
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

BOXES_FROM = 0.3
"""Pictures at least this likely marked get boxes. By judgement, below what checks doubt from."""


class Watermark(Measure):
    """How likely a see-through text or logo lies over the picture: in a corner, in the middle, or all over; and where.

    Method: the second heat map and answer of the network behind the measure `overlay` (`training/laid_over.md`), which
    learnt on pairs of the same picture with a mark and without. For faint strokes it is shown how far luma rises above
    its surroundings, in thirds of a level.

    Blind spots: marks of an opacity below about 0.2, or as light as what they lie on (white on white); marks that are
    smaller than the cells, 1/44 of the long side; marks that cannot be seen at all. A logo in full ink is an overlay
    rather than a watermark.
    """

    version = 1
    models: ClassVar = (MODEL,)
    own: ClassVar = (OWN,)
    outputs = (
        Output("watermark_probability", Kind.FLOAT, "That a see-through mark lies over the picture, 0 to 1."),
        Output("watermark_boxes", Kind.BOXES, "x, y, w, h of where it may lie, the surest first; at most 12."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Null for pictures too small or too drawn out to tell."""
        found = picture.once(laid_over)
        if found is None:
            return {"watermark_probability": None, "watermark_boxes": None}
        boxes: tuple[float, ...] = ()
        if found.watermark >= BOXES_FROM:
            boxes = hot_boxes(found.watermark_heat, found.height_share, found.width_share)
        return {"watermark_probability": found.watermark, "watermark_boxes": boxes}
