"""How noisy the picture is at native resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.tiles import noise_sigma

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class Noise(Measure):
    """Standard deviation of the luma noise, in levels of 0 to 255.

    Method: J. Immerkær, "Fast noise variance estimation", Computer Vision and Image Understanding 64(2), 1996, on the
    calmest native tiles that are neither black nor white.

    Blind spots: it is the noise that is left, so compression and smoothing lower it; where everything is fine texture
    (knitwear, gravel) the texture is counted; coloured noise counts by its luma only (two thirds of the noise of a
    channel). No answer where everything is clipped to black or white.
    """

    version = 2
    outputs = (Output("noise_sigma", Kind.FLOAT, "Luma noise in levels of 0 to 255; null where all is clipped."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Share the estimate that sharpness uses, too."""
        return {"noise_sigma": picture.once(noise_sigma)}
