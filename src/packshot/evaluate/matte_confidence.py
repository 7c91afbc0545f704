"""How far a mask that a model gave can be relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def matte_confidence(probability: NDArray[np.float32]) -> float:
    """How sure the model is where it sees something: the mean distance from one half, over what is not plainly out."""
    seen = probability > 0.1  # noqa: PLR2004 - the rest is plainly background
    return float(np.mean(np.abs(probability[seen] - 0.5)) * 2) if seen.any() else 0.0
