"""Which way up the picture stands: by how much it must be turned to stand upright."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.feature_maps import LONG_SIDE, feature_maps
from packshot.evaluate.feature_maps import MODEL as TRUNK
from packshot.evaluate.measure import Measure
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.own import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value

TAIL = "orientation"
TURNS = 4
ONE_LOOK, FOUR_LOOKS = 0.787, 0.289
"""What scores are divided by before they become shares, for one look and for the mean of four: with them a model that
had not seen the shops describes 109 pictures of clothing_dataset, tailwindtraders and sylius best."""
UPRIGHT_FROM = 0.7
"""Confidence from which a picture counts as upright, by one look or by four. Of the answers of that model from here on
(and of turns from 0.95 on), 96 % were right."""
LOOK_AGAIN_BELOW = 0.1
"""Share of "upright" after one look below which the other three turns are looked at. Three more looks cost 100 CPU ms:
from 0.7 on down they would be taken for a third of upright pictures; from 0.1 on for one in twenty, and of held
pictures in all four turns 57 % get an answer instead of 64 % (97 % right instead of 96 %)."""
TURNED_FROM = 0.98
"""Confidence, of four looks, from which a picture counts as turned. That model called no upright picture turned from
0.9 on, but 109 pictures cannot show one in 200: so it is the strictest but one of the bounds that were tried."""


class Orientation(Measure):
    """By how many degrees, clockwise, the picture must be turned to stand upright, where that can be told.

    Method: blocks of EfficientNet-lite0, trained further by `training/orientation.py` to tell the four turns of
    upright pictures apart (Gidaris et al., Unsupervised Representation Learning by Predicting Image Rotations, 2018),
    on the maps of the shared trunk. Unless one look finds it upright, the trunk looks at the picture in its other
    three turns, too, and the logs of the four answers are averaged. Data and scores are in `training/orientation.md`.

    Blind spots: pictures without an up (piles, plates from above, cloth, balls) have no answer, and some that have one
    get none. Shoes, jewellery and tools that are photographed at any angle, and pictures that lean by half a quarter.
    What is upright by a shop's habit alone, as clothes laid flat, it knows from few shops.
    """

    version = 1
    models: ClassVar = (TRUNK,)
    own: ClassVar = (TAIL,)
    outputs = (
        Output(
            "orientation_degrees",
            Kind.INT,
            "Degrees to turn it clockwise to set it upright: 0, 90, 180, 270; none where that cannot be told.",
        ),
        Output("orientation_confidence", Kind.FLOAT, "That the likeliest of the four turns is right, 0.25 to 1."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Look once; where that speaks against upright, look at the picture in its other three turns, too."""
        first = looked(picture)
        found = shares(first, ONE_LOOK)
        if found[0] < LOOK_AGAIN_BELOW:
            others = [np.roll(looked(turned(picture, more)), -more) for more in range(1, TURNS)]
            found = shares(np.mean([first, *others], axis=0), FOUR_LOOKS)
        turn, confidence = int(found.argmax()), float(found.max())
        sure = confidence >= (TURNED_FROM if turn else UPRIGHT_FROM)
        return {"orientation_degrees": turn * 90 if sure else None, "orientation_confidence": confidence}


def looked(picture: Picture) -> NDArray[np.float64]:
    """Logs of the shares of the four turns that would set the picture upright, 0 degrees first, from one look."""
    maps = picture.once(feature_maps)
    (scores,) = desk.run(PREFIX + TAIL, {"stride_16": maps.stride_16[None]})
    logs = scores[0].astype(np.float64)
    return np.asarray(logs - logs.max() - np.log(np.exp(logs - logs.max()).sum()))


def turned(picture: Picture, quarters: int) -> Picture:
    """The picture, as small as the trunk needs it, turned anticlockwise by so many quarters."""
    rung = picture.rung(2 * LONG_SIDE)
    return Picture(picture.header, np.ascontiguousarray(np.rot90(rung, quarters)))


def shares(logs: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Shares that add up to one."""
    scaled = np.exp((logs - logs.max()) / temperature)
    return np.asarray(scaled / scaled.sum())
