"""How colourful the picture is, whether it is tinted, whether it is grey."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.segmentation import between, off, small_lab_planes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

NEUTRAL = 128
NEARLY_NEUTRAL = 36
"""Distance from grey in a and b within which a pixel may be a tinted grey."""
DARKEST = 90
"""8-bit L below which tints are not seen."""
LIGHTER_HALF = 0.75
"""Only pixels of at least this part of the lightest nearly neutral one are looked at: what is meant to be white."""
FEWEST = 0.03
"""Share of the picture that must be nearly neutral and light for a cast to be told."""
GREY_REACH = 3
"""Distance from grey in a and b that compression may cause."""
COLOURED_SHARE = 0.001
COLOUR_RUNG = 64
OPPONENTS = np.array([[0.5, -0.5, 0, NEUTRAL], [0.25, 0.25, -0.5, NEUTRAL]], np.float32)
"""Half of red minus green and half of yellow minus blue, from R, G, B."""


class Colour(Measure):
    """Colourfulness, colour cast, and whether the picture is grey.

    Method: on the small rungs of the shrink ladder; `colourfulness` is D. Hasler and S. Süsstrunk, "Measuring
    colourfulness in natural images", 2003; `colour_cast` is the distance from grey, in CIE Lab units, of the mean of
    the lighter nearly neutral pixels, background included: what is meant to be white or light grey (after Gasparini
    and Schettini 2004); `is_grayscale` is true when at most one pixel in a thousand is further than 3 Lab units from
    grey.

    Blind spots: pastel products and backgrounds in nearly neutral tints (beige, skin, wood) read as a cast; a cast so
    strong that nothing is nearly neutral has no answer; a black product on white may be grey all over.
    """

    outputs = (
        Output("colourfulness", Kind.FLOAT, "Hasler and Süsstrunk's M: 0 grey, 15 slight, 45 fair, 109 extreme."),
        Output("colour_cast", Kind.FLOAT, "Mean tint of what should be grey, in CIE Lab units; null where nothing is."),
        Output("is_grayscale", Kind.BOOL, "Whether there is no colour in the picture."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Look at RGB for colourfulness, at Lab for the rest."""
        planes = picture.once(small_lab_planes)
        colour = cv2.max(off(planes[1], NEUTRAL), off(planes[2], NEUTRAL))
        grey = between(colour, 0, GREY_REACH)
        return {
            "colourfulness": _colourfulness(picture.rung(COLOUR_RUNG)),
            "colour_cast": _cast(planes, between(colour, 0, NEARLY_NEUTRAL)),
            "is_grayscale": cv2.countNonZero(grey) >= (1 - COLOURED_SHARE) * grey.size,
        }


def _cast(lab: tuple[Pixels, Pixels, Pixels], neutral: Pixels) -> float | None:
    """Distance from grey of the mean of what is light among the nearly neutral pixels; None where there are few."""
    light, *colours = lab
    counts = cv2.calcHist([light], [0], neutral, [256], [0, 256]).ravel()
    counts[:DARKEST] = 0
    sums = np.cumsum(counts)
    lightest = int(np.searchsorted(sums, 0.98 * sums[-1]))
    nearly = cv2.bitwise_and(between(light, max(DARKEST, round(LIGHTER_HALF * lightest)), 255), neutral)
    count = cv2.countNonZero(nearly)
    if count < FEWEST * nearly.size or count == 0:
        return None
    # A sum over what the mask leaves is many times as fast as a mean with a mask.
    a, b = (cv2.sumElems(cv2.bitwise_and(plane, nearly))[0] / count for plane in colours)
    return math.hypot(a - NEUTRAL, b - NEUTRAL)


def _colourfulness(rgb: Pixels) -> float:
    opponents = cv2.transform(rgb, OPPONENTS)  # halved and shifted into 0 to 255
    means, deviations = (values.ravel().tolist() for values in cv2.meanStdDev(opponents))
    return 2 * math.hypot(*deviations) + 0.6 * math.hypot(*(mean - NEUTRAL for mean in means))
