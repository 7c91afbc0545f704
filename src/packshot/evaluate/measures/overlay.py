"""Whether text or graphics were laid over the picture, and where."""

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
"""Pictures at least this likely overlaid get boxes. By judgement, below what checks doubt from."""


class Overlay(Measure):
    """How likely text, badges, stickers, logos, arrows or icons were laid over the picture, and where.

    Method: a small convolutional network on the maps of EfficientNet-lite0 (M. Tan and Q. Le, 2019; blocks of
    depthwise and dilated convolutions, pooled by attention) and on how far luma rises above its surroundings at a long
    side of 704 pixels; trained by `training/laid_over.py` on pictures that it makes, among them as many with print on
    packs, covers, clothes and signs. Boxes are the connected parts of its heat map. Data, scores and limits:
    `training/laid_over.md`. It reads nothing: the measure `text` does, and judges each line by itself.

    Blind spots: marks smaller than about a fortieth of the long side; a flat label, cover or screen that is cut to its
    edges is a picture of graphics and may be called so; captions that imitate print in perspective. A see-through
    watermark may or may not count: it has a measure of its own. Boxes are as coarse as a cell, 1/44 of the long side.
    """

    version = 1
    models: ClassVar = (MODEL,)
    own: ClassVar = (OWN,)
    outputs = (
        Output("overlay_probability", Kind.FLOAT, "That text or graphics were laid over the picture, 0 to 1."),
        Output("overlay_boxes", Kind.BOXES, "x, y, w, h of what may be laid over, the surest first; at most 12."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Null for pictures too small or too drawn out to tell."""
        found = picture.once(laid_over)
        if found is None:
            return {"overlay_probability": None, "overlay_boxes": None}
        boxes: tuple[float, ...] = ()
        if found.overlay >= BOXES_FROM:
            boxes = hot_boxes(found.overlay_heat, found.height_share, found.width_share)
        return {"overlay_probability": found.overlay, "overlay_boxes": boxes}
