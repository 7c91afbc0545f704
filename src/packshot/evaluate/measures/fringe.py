"""How much of the product's outline has a fringe."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.outline_profiles import outline_profiles, profile_traits
from packshot.evaluate.own_network import network_score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

HEAD = "halo"
AROUND = 7
"""Neighbours along the outline that are heard together: a fringe goes on."""


class Fringe(Measure):
    """Share of the product's outline with a fringe: a thin band of an old background, or a light or dark ring.

    Method: colours across the outline at up to 360 places (`evaluate/outline_profiles.py`), as they lie to the line
    from the ground's colour to the product's; a small network says of each place, heard with its neighbours, whether
    there is a band that belongs to neither. Trained on cut-outs with exact transparency laid on plain grounds with
    fringes and without, and on shops' own packshots; scores in `training/halo.md`.

    Blind spots: a product with a rim of another colour (a dark seam, a lit edge of glass, a white border on a sticker)
    looks fringed there; a fringe of the ground's or the product's own colour is none to see; strong sharpening leaves
    rings that count. No answer where the background is not plain.
    """

    version = 1
    own: ClassVar = (HEAD,)
    on_request: ClassVar = True
    outputs = (
        Output("halo_share", Kind.FLOAT, "Share of the outline with a fringe, 0 to 1; null without a plain ground."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Count the places with a fringe."""
        found = picture.once(outline_profiles)
        if found is None:
            return {"halo_share": None}
        scores = network_score(HEAD, profile_traits(found.colours)).mean(axis=0)
        return {"halo_share": float(np.mean(heard_together(scores) > 0))}


def heard_together(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each place's score and its neighbours' along the outline, (n,), which goes round."""
    reach = AROUND // 2
    around = np.concatenate([scores[-reach:], scores, scores[:reach]])
    return np.convolve(around, np.full(AROUND, 1 / AROUND), mode="valid")
