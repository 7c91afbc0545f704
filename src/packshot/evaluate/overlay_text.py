"""How likely a line of text was laid over the picture rather than printed on what it shows: a small learned head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.models.own import arrays_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD = "overlay_text"


def laid_over(traits: NDArray[np.float32]) -> list[float]:
    """For each row of `text_traits.TRAITS`, how likely that line was laid over the picture, 0 to 1.

    A network of one hidden layer; what it learnt from, and how well it does, is in `training/overlay_text.md`.
    """
    if not len(traits):
        return []
    head = arrays_of(HEAD)
    scaled = np.clip((traits.astype(np.float64) - head["mean"]) / head["scale"], -4, 4)
    hidden = np.tanh(scaled @ head["to_hidden"] + head["hidden_bias"])
    score = np.einsum("nh,h->n", hidden, head["to_score"]) + float(head["score_bias"])
    return [float(one) for one in 1 / (1 + np.exp(-score))]
