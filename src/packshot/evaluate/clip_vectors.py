"""Vectors of pictures and of texts in one space, by the two halves of a CLIP of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.core.errors import ModelError
from packshot.models import desk
from packshot.models.clip import IMAGE, TEXT, ImageHalf, image_half, pieces_of, text_half

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from packshot.media.picture import Picture

MEAN = (0.48145466, 0.4578275, 0.40821073)
SPREAD = (0.26862954, 0.26130258, 0.27577711)
"""Of red, green and blue, 0 to 1, in the pictures that OpenAI's CLIP learned from; most others were given the same."""


def picture_vector(picture: Picture) -> NDArray[np.float16]:
    """The vector of a picture, shape (width,), of length 1. Raises ModelError where the model cannot run."""
    half = image_half()
    return _kept(IMAGE, desk.run(IMAGE, shown(picture, half))[half.output], half.width)


def text_vectors(texts: Sequence[str]) -> NDArray[np.float16]:
    """The vectors of texts, shape (texts, width), of length 1 each; each text is run alone.

    Raises MissingExtra, ModelMissing, ModelDamaged, and ModelError where the model cannot run.
    """
    half = text_half()
    found = np.zeros((len(texts), half.width), np.float16)
    for number, text in enumerate(texts):
        found[number] = _kept(
            TEXT, desk.run(TEXT, half.inputs(*pieces_of(text, half.context)))[half.output], half.width
        )
    return found


def shown(picture: Picture, half: ImageHalf) -> NDArray[Any]:
    """What the image half is given: the square in the middle, scaled bicubically; shape (1, 3, side, side)."""
    from PIL import Image  # late: nobody without a CLIP needs it here

    side = half.side
    across = max(picture.width, picture.height) / min(picture.width, picture.height)
    # From a rung that is twice as large, the weights of the filter come out as from the native picture.
    rung = picture.rung(int(np.ceil(2 * side * across)))
    height, width = rung.shape[:2]
    short = min(height, width)
    left, top = (width - short) / 2, (height - short) / 2
    square = (left, top, left + short, top + short)
    small = Image.fromarray(rung).resize((side, side), Image.Resampling.BICUBIC, box=square)
    values = (np.asarray(small, np.float32) / 255 - np.array(MEAN, np.float32)) / np.array(SPREAD, np.float32)
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None], dtype=np.dtype(half.dtype))


def _kept(model: str, answer: NDArray[Any], width: int) -> NDArray[np.float16]:
    vector = np.asarray(answer, np.float32)
    if vector.shape != (1, width) or not np.isfinite(vector).all():
        raise ModelError(
            f"The model {model} gave no vector of {width} finite numbers.", f"packshot models add {model} FILE"
        )
    return np.asarray(vector[0] / max(float(np.linalg.norm(vector)), 1e-6), np.float16)
