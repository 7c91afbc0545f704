"""The product's mask on any background, once for all measures that ask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.guided import guided
from packshot.evaluate.segmentation import segment
from packshot.models import desk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

    Plane = NDArray[np.float32]

MODEL = "u2netp"
MODEL_SIDE = 192
"""Long side, in pixels, of what the model sees; the aspect ratio is kept."""
LEAST_SIDE = 32
"""Short side at least: the model halves five times."""
WORKING = 256
"""Long side of the rung that the mask is refined on, at least; it is less than twice as large."""
RADIUS, SOFTNESS = 4, 12.0
"""Of the guided filter, in pixels of the working rung and levels of luma."""
HALF = 128
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)


class By(StrEnum):
    """What told the product from the rest."""

    ALPHA = "alpha"
    """The picture's own transparency."""
    PLAIN = "plain"
    """The classical segmentation from a plain background; no model ran."""
    MODEL = "model"


@dataclass(frozen=True, slots=True, eq=False)
class Matte:
    """How much of each pixel is product."""

    by: By
    probability: Plane
    """(h, w), 0 to 1, as it was found on a small rung; the classical one is 0 or 1."""
    mask: Pixels
    """(h, w), 0 to 255, refined, at the size of `picture.rung(WORKING)`: from 128 on it is product."""
    confidence: float
    """0 to 1: how far the mask can be relied on, on one scale for all that find it; from 0.5 on others may."""


def product_matte(picture: Picture) -> Matte | None:
    """The product's mask, for `picture.once(product_matte)`; None where nothing stands out.

    An alpha channel that is used wins; before a plain background the classical segmentation answers
    (`evaluate/segmentation.py`), and no model runs. Elsewhere U2-Net (X. Qin et al., "U2-Net: Going deeper with nested
    U-structure for salient object detection", 2020; the small one, u2netp) sees the picture at MODEL_SIDE pixels, and
    a guided filter fits its answer to the edges of the picture.

    Raises MissingExtra, ModelMissing or ModelError where a model is needed and cannot run.
    """
    classical = picture.once(segment)
    if classical.confident:
        by = By.ALPHA if classical.from_alpha else By.PLAIN
        alpha = picture.alpha_rung(WORKING) if classical.from_alpha else None
        rough = classical.product.astype(np.float32) / 255
        mask = alpha if alpha is not None else _refined(rough, picture)
        return Matte(by, rough, mask, classical.confidence)
    probability = _seen(picture)
    mask = _refined(probability, picture)
    if not (mask >= HALF).any():
        return None
    return Matte(By.MODEL, probability, mask, _confidence(probability))


def _seen(picture: Picture) -> Plane:
    """What the model says of the whole picture, (h, w) of 0 to 1, at about MODEL_SIDE pixels."""
    rgb = picture.rung(MODEL_SIDE)
    height, width = rgb.shape[:2]
    scale = MODEL_SIDE / max(height, width)
    size = (max(LEAST_SIDE, round(width * scale)), max(LEAST_SIDE, round(height * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    ready = (small / max(1.0, float(small.max())) - _MEAN) / _SPREAD
    answer = desk.run(MODEL, np.ascontiguousarray(ready.transpose(2, 0, 1)[None]))[0][0, 0]
    lowest, highest = float(answer.min()), float(answer.max())
    return np.asarray((answer - lowest) / max(1e-6, highest - lowest), dtype=np.float32)


def _refined(rough: Plane, picture: Picture) -> Pixels:
    luma = picture.luma_rung(WORKING)
    enlarged = cv2.resize(rough, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
    return guided(np.asarray(enlarged, dtype=np.float32), luma, RADIUS, SOFTNESS).on(luma)


def _confidence(probability: Plane) -> float:
    """How sure the model is where it sees something: the mean distance from one half, over what is not plainly out."""
    seen = probability > 0.1  # noqa: PLR2004 - the rest is plainly background
    return float(np.mean(np.abs(probability[seen] - 0.5)) * 2) if seen.any() else 0.0


def product_pixels(picture: Picture) -> Pixels | None:
    """The product's pixels, (n, 3) RGB at the working size, away from its edge; None where nothing stands out."""
    matte = picture.once(product_matte)
    if matte is None:
        return None
    inside = matte.mask >= HALF
    core = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    rgb = picture.rung(WORKING)
    found = rgb[core if core.any() else inside]
    return np.asarray(found, dtype=np.uint8) if len(found) else None
