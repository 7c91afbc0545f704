"""How little the picture is spoiled: one number for technical quality, with an interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.own_network import network_score
from packshot.evaluate.quality_traits import quality_traits
from packshot.models.own import arrays_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

HEAD = "technical_quality"


class TechnicalQuality(Measure):
    """Technical quality, 0 (ruined) to 1, with an interval: sharp, clean, well lit, undamaged.

    Method: small networks on numbers about the product's native texture, the same at half size, the picture as it is
    looked at, its calm parts, edges, blocks, light and colours (`evaluate/quality_traits.py`; the statistics are those
    of A. Mittal et al., "No-reference image quality assessment in the spatial domain", 2012, and of blur, block and
    noise measures beside them). They were trained on shops' photographs spoiled in sixteen known ways: to put the less
    spoiled of two first, and to give on one scale how much of what is seen has gone, by a full-reference measure (W.
    Xue et al., "Gradient magnitude similarity deviation", 2014). `training/technical_quality.md` has the scores.
    Between `technical_quality_low` and `technical_quality_high` the truth lies in about four of five pictures.

    Blind spots: nobody's ratings trained it: the scale is set by judgement, and on AI-made scenes it does not follow
    what people say (rank correlation 0.01, half of it within the interval). It compares a picture with its own copies
    and finds what is spoiled; it does not rank different subjects. What is soft or dark on purpose counts as
    a fault; composition, taste and what is shown do not count. A soft fabric looks like a blurred one, a white product
    like an overexposed one. Faults smaller than the textured tiles may be missed. No answer below 24 pixels or where
    nothing is drawn.
    """

    version = 2
    own: ClassVar = (HEAD,)
    on_request: ClassVar = True
    outputs = (
        Output("technical_quality", Kind.FLOAT, "Score 0 (ruined) to 1 (faultless); null where nothing is drawn."),
        Output("technical_quality_low", Kind.FLOAT, "Lower end of its interval, which holds four of five; 0 to 1."),
        Output("technical_quality_high", Kind.FLOAT, "Upper end of its interval, which holds four of five; 0 to 1."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Weigh the traits; look the interval up."""
        traits = picture.once(quality_traits)
        if traits is None:
            return {output.name: None for output in self.outputs}
        kept = arrays_of(HEAD)
        slope, shift = kept["line"].tolist()  # the networks were trained for the order; this is the level
        score = slope * float(network_score(HEAD, traits[None])[:, 0].mean()) + shift
        quality = 1 / (1 + math.exp(-score))
        low, high = (float(np.interp(quality, kept["at"], kept[end])) for end in ("low", "high"))
        return {
            "technical_quality": quality,
            "technical_quality_low": min(max(low, 0.0), quality),
            "technical_quality_high": max(min(high, 1.0), quality),
        }
