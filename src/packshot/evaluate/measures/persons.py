"""Whether a person shows in the picture, and how many at least."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.faces import MIN_CONFIDENCE, found_faces
from packshot.evaluate.faces import MODEL as FACES
from packshot.evaluate.features import MODEL as FEATURES
from packshot.evaluate.features import directions, image_features
from packshot.evaluate.measure import Measure
from packshot.models.own import arrays_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

HEAD = "person_head"
MIN_PROBABILITY = 0.5
"""From it on somebody is counted. A half, by meaning: the probability is calibrated (`training/person_head.md`). Checks
have bounds of their own."""


class Persons(Measure):
    """Whether a person shows, with or without a face, and how many persons there are at least.

    Method: a logistic regression on the features of EfficientNet-lite0 (roots of the 1280 numbers, of length 1) and on
    the score of the surest face (CenterFace), trained by `training/person_head.py`; its data and scores are in
    `training/person_head.md`. A person is a head, a torso, legs or a worn arm; a hand that only holds a thing is none.

    The count is no detector's: it is the number of faces, and 1 where a person shows and no face does. Two people from
    behind count as one.

    Blind spots: people who are a small part of a scene, silhouettes, drawn people. It was trained on a few hundred
    pictures of shops; on flat clothes of a kind that it never saw it may see a wearer.
    """

    version = 1
    models: ClassVar = (FEATURES, FACES)
    own: ClassVar = (HEAD,)
    screened: ClassVar = True
    outputs = (
        Output("person_probability", Kind.FLOAT, "That a person shows in the picture, 0 to 1."),
        Output("person_count", Kind.INT, "Persons at least, from 0: those with a face, and 1 where only bodies show."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Weigh the shared features and the shared faces."""
        faces = picture.once(found_faces)
        head = arrays_of(HEAD)
        score = float(directions(picture.once(image_features).features) @ head["weights"] + head["bias"][0])
        steep, face, constant = (float(one) for one in head["calibration"])
        clear = float(clear_face(faces[0].score if faces else 0.0))
        probability = 1 / (1 + math.exp(-max(min(steep * score + face * clear + constant, 50.0), -50.0)))
        if probability < MIN_PROBABILITY:
            return {"person_probability": probability, "person_count": 0}
        return {
            "person_probability": probability,
            "person_count": max(1, sum(one.score >= MIN_CONFIDENCE for one in faces)),
        }


def clear_face(score: float | NDArray[np.floating]) -> NDArray[np.float64]:
    """0 up to a score of 0.5, 1 at a score of 1: how clear the surest face is."""
    return np.clip((np.asarray(score, dtype=np.float64) - 0.5) / 0.5, 0, 1)
