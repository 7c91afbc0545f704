"""What kind of shot a picture is and which side of the product it shows, from features that other measures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from packshot.evaluate.faces import found_faces
from packshot.evaluate.features import directions, image_features
from packshot.models.own import arrays_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from packshot.media.picture import Picture

TYPE_HEAD, VIEW_HEAD = "shot_head", "view_head"
TYPES = (
    *("packshot", "on_model", "flat_lay", "lifestyle", "detail"),
    *("packaging", "infographic", "size_chart", "swatch"),
)
"""In the order of the head's rows."""
VIEWS = ("front", "back", "side", "top", "detail", "")
"""In the order of the head's rows; the last is that no view has a meaning."""
TYPE_WORTHS = {
    "packshot": 1.0,
    "on_model": 1.0,
    "flat_lay": 0.7,
    "packaging": 0.6,
    "lifestyle": 0.5,
    "detail": 0.1,
    "infographic": 0.0,
    "size_chart": 0.0,
    "swatch": 0.0,
}
"""How good a kind of shot is as main picture, by judgement: the whole thing alone or worn, then in its setting, then
a part of it, then what is no picture of it."""
VIEW_WORTHS = {"front": 1.0, "side": 0.5, "top": 0.4, "back": 0.1, "detail": 0.0, "": 0.5}
"""How good a view is in the main picture, by judgement; where none has a meaning it says nothing."""
MIN_CONFIDENCE = 0.5
"""Below it there is no answer. A half, by meaning: the probabilities are calibrated (`training/shot_head.md`)."""
WORN = 0.2
"""Faces are looked for where the picture is of something worn with this probability or more; elsewhere none counts."""
RIM = 0.04
"""Width of the rim whose colour counts, as a share of each side."""
WHITE = 250
PLAIN_SIDE = 96
ONE_COLOUR = 12
"""Levels by which each channel may differ from the rim's median."""


class Guess(NamedTuple):
    """The likeliest class and how likely it is."""

    name: str | None
    """None where no class is likely enough, or the likeliest is that there is none."""
    confidence: float


def type_probabilities(picture: Picture) -> NDArray[np.float64]:
    """Of each of `TYPES`; ask by `picture.once`. Raises ModelError where the model cannot run."""
    return weighed(arrays_of(TYPE_HEAD), type_inputs(picture))


def view_probabilities(picture: Picture) -> NDArray[np.float64]:
    """Of each of `VIEWS`. Raises ModelError where a model cannot run."""
    return weighed(arrays_of(VIEW_HEAD), view_inputs(picture, picture.once(type_probabilities)))


def guess(names: tuple[str, ...], probabilities: NDArray[np.float64]) -> Guess:
    """The answer, or none."""
    best = int(probabilities.argmax())
    likely = float(probabilities[best])
    return Guess(names[best] if likely >= MIN_CONFIDENCE and names[best] else None, likely)


def worth(names: tuple[str, ...], worths: Mapping[str, float], probabilities: NDArray[np.float64]) -> float:
    """What is to be expected of the worths, 0 to 1."""
    return float(probabilities @ np.array([worths[name] for name in names]))


def type_inputs(picture: Picture) -> NDArray[np.float64]:
    """What the head of types reads, (1283,): the features' directions, how white it is, and how plain its rim."""
    return np.concatenate([directions(picture.once(image_features).features), plainness(picture)])


def view_inputs(picture: Picture, types: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the head of views reads, (1285,): as for types; that it is worn, and that it is worn and a face shows."""
    worn = float(types[TYPES.index("on_model")])
    faces = picture.once(found_faces) if worn >= WORN else ()
    clear = float(np.clip((max((face.score for face in faces), default=0.0) - 0.5) / 0.5, 0, 1))
    return np.concatenate([type_inputs(picture), [worn, worn * clear]])


def plainness(picture: Picture) -> tuple[float, float, float]:
    """The shares of pixels that are pure white (250 or more), of the rim's that are, and of the rim's in one colour."""
    small = picture.rung(PLAIN_SIDE)
    high, wide = (max(1, round(RIM * side)) for side in small.shape[:2])
    sides = (small[:high], small[-high:], small[:, :wide], small[:, -wide:])
    rim = np.concatenate([one.reshape(-1, 3) for one in sides]).astype(np.int64)
    alike = np.abs(rim - np.median(rim, axis=0)).max(axis=1) <= ONE_COLOUR
    return float((small.min(axis=2) >= WHITE).mean()), float((rim.min(axis=1) >= WHITE).mean()), float(alike.mean())


def weighed(head: Mapping[str, Any], inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities, (..., classes), of inputs (..., n): a multinomial logistic regression."""
    logits = inputs @ head["weights"].T.astype(np.float64) + head["bias"].astype(np.float64)
    risen = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(risen / risen.sum(axis=-1, keepdims=True))
