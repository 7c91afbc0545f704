"""What is in the picture, as a vector by which pictures are near, and as a class of ImageNet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from packshot.core.measurement import Kind, Output, Vector
from packshot.evaluate.features import MODEL, class_names, image_features
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class Embedding(Measure):
    """The picture's features, and the class of ImageNet that they speak for most.

    Method: EfficientNet-lite0 (M. Tan and Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
    Networks", ICML 2019; the lite variant of 2020), trained on ImageNet-1k. The whole picture is scaled to 224 × 224
    pixels, whatever its shape: what stands at the edge of a portrait counts as much as what is in its middle. The
    vector is the mean of the last feature map, 1280 numbers from 0 to 6, kept as they are in half precision; whoever
    compares directions divides by the length.

    Blind spots: 1000 classes, of which few are things that shops sell; a thing of no such class gets the nearest one,
    with a confidence that says little. Colour and material have small parts in the vector, words on a label none.
    """

    version = 1
    models: ClassVar = (MODEL,)
    vector: ClassVar = Vector(
        "efficientnet_lite0", 1280, "Pictures of things of one kind are near by the cosine of their vectors."
    )
    outputs = (
        Output("category_top", Kind.TEXT, "The likeliest of the 1000 classes of ImageNet, as English words."),
        Output("category_confidence", Kind.FLOAT, "Softmax of that class, 0 to 1; low where no class fits."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Take what the model gave, once for all measures."""
        features, logits = picture.once(image_features)
        scores = np.exp(logits - logits.max())
        best = int(scores.argmax())
        return {
            "category_top": class_names()[best],
            "category_confidence": float(scores[best] / scores.sum()),
            "efficientnet_lite0": features.astype(np.float16).tobytes(),
        }
