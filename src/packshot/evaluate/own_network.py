"""Runs the small networks of packshot's own that read numbers about a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.models.own import arrays_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDEST = 4.0
"""Deviations from the mean beyond which a number says no more, as in training."""


def network_score(name: str, rows: NDArray[np.floating]) -> NDArray[np.float64]:
    """What the networks kept under that name say of rows (n, numbers), (networks, n): layers of tanh, then a sum."""
    kept = arrays_of(name)
    found = []
    for each in range(len(kept["middle"])):
        value = np.clip((rows - kept["middle"][each]) / kept["scale"][each], -WIDEST, WIDEST).astype(np.float32)
        layers = sum(key.startswith("weight") for key in kept)
        for number in range(layers):
            value = value @ kept[f"weight{number}"][each] + kept[f"shift{number}"][each]
            if number + 1 < layers:
                value = np.tanh(value)
        found.append(value[:, 0])
    return np.asarray(found, np.float64)
