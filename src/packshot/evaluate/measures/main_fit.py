"""How much a picture is like those that editors put first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.features import MODEL, directions, image_features
from packshot.evaluate.measure import Measure
from packshot.models.own import arrays_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

HEAD = "main_head"
LARGEST = 50.0


class MainFit(Measure):
    """How likely an editor is to put this picture before the other pictures of its listing.

    Method: a linear score on the features of EfficientNet-lite0 (roots of the 1280 numbers, of length 1), trained on
    pairs of a listing's pictures of which an editor put one first (R. A. Bradley and M. E. Terry, "Rank analysis of
    incomplete block designs", 1952), by `training/main_head.py`; its data and scores are in `training/main_head.md`.
    The logistic function of the score less a usual one: two pictures of one listing are compared by the difference.

    Blind spots: it tells a front from a back and a packshot from a snapshot for kinds of pictures it was trained on
    (men's tops on models, groceries); of shops it has not seen it knows little more than that whole and upright is
    better. A number says nothing beside that of another listing's picture.
    """

    version = 1
    models: ClassVar = (MODEL,)
    own: ClassVar = (HEAD,)
    for_choice: ClassVar = True
    outputs = (
        Output("main_fit", Kind.FLOAT, "Like pictures that editors put first, 0 to 1; to compare within a listing."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Weigh the shared features."""
        head = arrays_of(HEAD)
        score = float(directions(picture.once(image_features).features) @ head["weights"] - head["middle"][0])
        return {"main_fit": 1 / (1 + math.exp(-max(min(score, LARGEST), -LARGEST)))}
