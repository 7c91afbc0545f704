"""How much the picture looks like nudity to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.screens import spares_nudity
from packshot.models import desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

MODEL = "open-nsfw"
SIDE = 224
"""Pixels of each side of what the model sees."""
MEANS = (104, 117, 123)
"""Levels of blue, green and red that become 0."""


class Nudity(Measure):
    """What a model of pornographic pictures says of this one.

    Method: Yahoo's open_nsfw (J. Mahadeokar and G. Pesavento, 2016), a thin ResNet-50, on the whole picture scaled to
    224 × 224 pixels, whatever its shape.

    Blind spots: how much nudity it finds is not measured here: there are no such pictures to measure it with, and its
    number is called a probability as its authors call it, without calibration here. It was made for pornographic
    photographs and not for suggestive poses, drawings, or nudity in a corner of a large picture. Folds of skin-coloured
    cloth can raise it.
    """

    version = 1
    models: ClassVar = (MODEL,)
    screened: ClassVar = True
    outputs = (
        Output("nudity_probability", Kind.FLOAT, "0 to 1; not calibrated, and its recall is not measured here."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Run the model once, or not at all where the screen spares it: then it is 0."""
        if spares_nudity(picture):
            return {"nudity_probability": 0.0}
        (outputs,) = desk.run(MODEL, seen(picture))
        return {"nudity_probability": min(max(float(outputs[0, 1]), 0.0), 1.0)}


def seen(picture: Picture) -> NDArray[np.float32]:
    """What the model is shown of the picture: float32, shape (1, 224, 224, 3), blue first."""
    rung = picture.rung(2 * SIDE)
    shrinks = min(rung.shape[:2]) > SIDE
    small = cv2.resize(rung, (SIDE, SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.ascontiguousarray((small[:, :, ::-1].astype(np.float32) - np.array(MEANS, np.float32))[None])
