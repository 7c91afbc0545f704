"""Whether the picture is put together of several pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.feature_maps import MODEL
from packshot.evaluate.measure import Measure
from packshot.evaluate.put_together import HEAD, put_together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class Montage(Measure):
    """How likely the picture is made of several: tiles with or without gutters, insets, one product in many colours.

    Method: a ridge logistic regression on the mean and deviation of each channel of the two coarse maps of
    EfficientNet-lite0's trunk, and on the longest straight edges along columns and rows; trained by
    `training/collage_head.py` on pictures that it makes. Data, scores and limits: `training/collage_head.md`.

    Blind spots: it misses most pictures let into another, round ones above all, and tiles that show much the same;
    several views or colours cut out and set on one white ground are told from a set of products by nothing; mirrors,
    windows, shelves and tiled walls look like tiles.
    """

    version = 1
    models: ClassVar = (MODEL,)
    own: ClassVar = (HEAD,)
    outputs = (Output("collage_probability", Kind.FLOAT, "That the picture is put together of several, 0 to 1."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Null for pictures too small or too drawn out to tell."""
        return {"collage_probability": put_together(picture)}
