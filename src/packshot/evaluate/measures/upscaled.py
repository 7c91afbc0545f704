"""Whether the picture was enlarged from a smaller one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.own_network import network_score
from packshot.evaluate.resampling_traits import resampling_traits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

HEAD = "upscaled"
LARGEST = 50.0


class Upscaled(Measure):
    """Probability that the picture was made larger than it was, by 1.3 times or more.

    Method: a small network on the traces of enlarging (`evaluate/resampling_traits.py`): the shape of the native
    spectrum, and the period with which second differences are weak (A. C. Gallagher, "Detection of linear and cubic
    interpolation in JPEG compressed images", 2005). Trained on shops' photographs enlarged by seven kernels and saved
    as JPEG, against the same made smaller, blurred, sharpened and mosaicked; scores in `training/upscaled.md`.

    Blind spots: enlarged and then made smaller again, even a little, leaves few traces; strong noise, blur or JPEG
    below quality 80 after enlarging hides them; enlargers that invent detail were not seen. No answer below 64 pixels
    or without texture.
    """

    version = 1
    own: ClassVar = (HEAD,)
    on_request: ClassVar = True
    outputs = (
        Output("upscaled_probability", Kind.FLOAT, "Probability that it was enlarged, 0 to 1; null without texture."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Weigh the traces."""
        traits = picture.once(resampling_traits)
        if traits is None:
            return {"upscaled_probability": None}
        score = float(network_score(HEAD, traits[None])[:, 0].mean())
        return {"upscaled_probability": 1 / (1 + math.exp(-max(min(score, LARGEST), -LARGEST)))}
