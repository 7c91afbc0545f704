"""The product's mask on any background, once for all measures that ask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.feature_maps import feature_maps, filled, shown_whole
from packshot.evaluate.guided import guided
from packshot.evaluate.matte_confidence import matte_confidence, part_masses
from packshot.evaluate.plain_matte import left_out_share, outlined_share, plain_matte
from packshot.evaluate.segmentation import CONFIDENT, between, segment
from packshot.models import desk
from packshot.models.own import PREFIX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.evaluate.guided import Guided
    from packshot.media.picture import Picture, Pixels

    Plane = NDArray[np.float32]

DECODER = "product_mask"
"""The small model of packshot's own that reads the mask off the shared feature maps (`training/product_mask.md`):
measures that ask for the matte name it among their `own`, and MODEL, the trunk that gives the maps, among `models`."""
WORKING = 256
"""Long side of the rung that the mask is refined on, at least; it is less than twice as large."""
RADIUS, SOFTNESS = 2, 8.0
"""Of the guided filter, in pixels of the working rung and levels of luma. Set on the same scenes, where they
hardly matter."""
PART = 0.2
"""A part that holds less than this share of what the largest part holds is no product. Set on the same scenes; it is
worth 0.001 of IoU there."""
LEAST_RANGE = 6
"""Levels between the darkest and the lightest pixel of a picture that has something to find."""
OUTLINED = 0.7
"""Share of its outline that a mask before a plain background must have in the picture, for the model not to run. Set on
composed pictures of the half that no exam scores, dark ones on black and pale ones on white among them: of 198 masks
the segmentation is confident of, 21 have an IoU below 0.85, and 18 of those have less, of the others 14; of 158
shops' photographs on plain grounds 4 have less, all white on white."""
DARK, LEFT_OUT = 60, 0.25
"""8-bit L of a ground before which dark products are looked for outside of the mask, and how much may be there. Set on
ten drawn products (`packshot.testing.drawing`, kinds that no exam scores), black on black: of the eight masks that the
segmentation is confident of, six have an IoU below 0.85; five of these have more, and neither of the other two."""
HALF = 128
"""From here on, of 0 to 255, a pixel is product."""


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
    """(h, w), 0 to 1, as it was found on a small rung; the classical one and that of an alpha channel are 0 or 1."""
    mask: Pixels
    """(h, w), 0 to 255, refined, at the size of `picture.rung(WORKING)`: from HALF on it is product."""
    confidence: float
    """0 to 1: how far the mask can be relied on, on one scale for all that find it; from 0.5 on others may."""

    @property
    def product(self) -> Pixels:
        """(h, w) at the working size: 255 where it is product, and 0."""
        return between(self.mask, HALF, 255)

    @property
    def confident(self) -> bool:
        """Whether other measures may rely on the mask."""
        return self.confidence >= CONFIDENT


def product_matte(picture: Picture) -> Matte | None:
    """The product's mask, for `picture.once(product_matte)`; None where nothing stands out.

    An alpha channel that is used wins; before a plain background the classical segmentation answers, without the
    shadows that it leaves (`evaluate/plain_matte.py`), and no model runs, as long as the picture has an outline where
    the mask has one and, before a dark ground, none elsewhere. Elsewhere a
    small decoder of packshot's own, taught by U2-Net (X. Qin et al., "U2-Net: Going deeper with nested U-structure for
    salient object detection", 2020) and by composed pictures, reads it off the feature maps that other measures share,
    and a guided filter fits its answer to the picture's edges.

    Raises MissingExtra, ModelMissing or ModelError where a model is needed and cannot run.
    """
    classical = picture.once(segment)
    if classical.confident:
        alpha = picture.alpha_rung(WORKING) if classical.from_alpha else None
        if alpha is not None:
            rough = np.divide(classical.product, 255, dtype=np.float32)
            return Matte(By.ALPHA, rough, alpha, classical.confidence)
        product = plain_matte(picture, WORKING)
        if _whole(product, picture.rung(WORKING), classical.ground[0]):
            rough = np.divide(product, 255, dtype=np.float32)
            return Matte(By.PLAIN, rough, _fitted(rough, picture).on(picture.luma_rung(WORKING)), classical.confidence)
    return matte_by_model(picture)


def _whole(product: Pixels, rgb: Pixels, ground: int) -> bool:
    """Whether a mask before a plain background, of that lightness, ends where the product does."""
    if outlined_share(product, rgb) < OUTLINED:
        return False
    return ground >= DARK or left_out_share(product, rgb) <= LEFT_OUT


def matte_by_model(picture: Picture) -> Matte | None:
    """As `product_matte`, by the model whatever the background is like."""
    luma = picture.luma_rung(WORKING)
    if int(luma.max()) - int(luma.min()) < LEAST_RANGE:
        return None
    probability = seen_by_model(picture)
    confidence = matte_confidence(probability)
    probability = _without_small_parts(probability)
    mask = _fitted(probability, picture).on(picture.luma_rung(WORKING))
    if not cv2.countNonZero(between(mask, HALF, 255)):
        return None
    return Matte(By.MODEL, probability, mask, confidence)


def native_mask(picture: Picture) -> Pixels | None:
    """The product's mask at the size of the picture, (h, w), 0 to 255; None where nothing stands out.

    The guided filter's planes are enlarged and laid on the native luma (K. He and J. Sun, "Fast guided filter", 2015).
    """
    matte = picture.once(product_matte)
    if matte is None:
        return None
    if matte.by is By.ALPHA:
        return picture.alpha
    return _fitted(matte.probability, picture).on(picture.native_luma(0, 0, picture.width, picture.height))


def seen_by_model(picture: Picture) -> Plane:
    """What the model says of the whole picture, (h, w) of 0 to 1; the long side is half of what the trunk sees."""
    maps, image = picture.once(feature_maps), filled(picture.once(shown_whole))
    inputs = {
        "image": image,
        "stride4": maps.stride_4[None],
        "stride8": maps.stride_8[None],
        "stride16": maps.stride_16[None],
        "stride32": maps.stride_32[None],
    }
    answer = desk.run(f"{PREFIX}{DECODER}", inputs)[0][0, 0]
    height, width = (round(n * s) for n, s in zip(answer.shape, (maps.height_share, maps.width_share), strict=True))
    return np.clip(np.asarray(answer[: max(1, height), : max(1, width)], dtype=np.float32), 0, 1)


def _without_small_parts(probability: Plane) -> Plane:
    """Without the parts that hold less than PART of what the largest one holds."""
    labels, masses = part_masses(probability)
    if not len(masses):
        return probability
    small = np.flatnonzero(masses < PART * masses.max()) + 1
    return np.where(np.isin(labels, small), np.float32(0), probability)


def _fitted(rough: Plane, picture: Picture) -> Guided:
    luma = picture.luma_rung(WORKING)
    enlarged = cv2.resize(rough, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
    return guided(np.asarray(enlarged, dtype=np.float32), luma, RADIUS, SOFTNESS)
