"""What EfficientNet-lite0 sees in a picture: run once, for every measure that builds on it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from packshot.evaluate.planes import planes
from packshot.models import desk
from packshot.models.cache import verified_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture

MODEL = "efficientnet-lite0"
SIDE = 224
"""Pixels of each side of what the model sees."""
MIDDLE, REACH = 127.0, 128.0
"""Level that becomes 0, and the distance that becomes 1."""


class Features(NamedTuple):
    """What the model gives for one picture."""

    features: NDArray[np.float32]
    """The mean of the last feature map: shape (1280,), 0 to about 6."""
    logits: NDArray[np.float32]
    """One for each class of ImageNet: shape (1000,)."""


def image_features(picture: Picture) -> Features:
    """Run the model on the whole picture; ask by `picture.once`. Raises ModelError where it cannot run."""
    features, logits = desk.run(MODEL, seen(picture))
    return Features(features[0], logits[0])


def seen(picture: Picture) -> NDArray[np.float32]:
    """What the model is shown of the picture, scaled whatever its shape: float32, shape (1, 3, 224, 224)."""
    rung = picture.rung(2 * SIDE)  # at most twice as long: what cubic weights can shrink
    shrinks = min(rung.shape[:2]) > SIDE
    small = cv2.resize(rung, (SIDE, SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return planes(np.asarray(small, np.uint8), REACH, MIDDLE / REACH)


def directions(features: NDArray[np.floating]) -> NDArray[np.float64]:
    """Features, shape (..., 1280), as heads read them: the roots, each row of length 1."""
    roots = np.sqrt(np.maximum(features.astype(np.float64), 0))
    return np.asarray(roots / np.maximum(np.linalg.norm(roots, axis=-1, keepdims=True), 1e-9))


@cache
def class_names() -> tuple[str, ...]:
    """The names of the 1000 classes, in the model's order. Raises ModelMissing, ModelDamaged."""
    return tuple(json.loads(verified_path(MODEL, "classes.json").read_text(encoding="utf-8")))
