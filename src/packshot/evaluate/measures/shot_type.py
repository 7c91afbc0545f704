"""What kind of shot the picture is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.features import MODEL
from packshot.evaluate.measure import Measure
from packshot.evaluate.shots import TYPE_HEAD, TYPE_WORTHS, TYPES, guess, type_probabilities, worth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class ShotType(Measure):
    """What kind of shot the picture is, as a photographer's brief calls it.

    `packshot` is the thing alone on a plain ground, in its pack where it is sold so; `on_model` is worn or carried on a
    body, wherever; `flat_lay` is laid on or hung before something that is not plain; `lifestyle` is a thing in a
    setting, on a shelf or in a hand; `detail` a part of it, near; `packaging` the closed box that it comes in;
    `infographic` a picture with callouts; `size_chart` a table; `swatch` cloth or colour and nothing else.

    Method: a multinomial logistic regression on the features of EfficientNet-lite0 (roots of the 1280 numbers, of
    length 1), on how white the picture is and how plain its rim, trained by `training/shot_head.py`; its data and
    scores are in `training/shot_head.md`. Where no kind has a probability of one half, there is no answer.

    `shot_fit` is the expectation, by the probabilities, of what the kinds are worth as main picture (judged): 1 for
    a packshot or something worn, 0.7 laid out, 0.6 a box, 0.5 in a setting, 0.1 a detail, 0 what is no picture of it.

    Blind spots: it learnt packaging, infographics, size charts and swatches from drawn pictures alone, and what is worn
    from one studio and a few outdoor pictures. A carton is a packshot where the carton is the product and packaging
    where it is not: that cannot be seen.
    """

    version = 1
    models: ClassVar = (MODEL,)
    own: ClassVar = (TYPE_HEAD,)
    for_choice: ClassVar = True
    outputs = (
        Output("shot_type", Kind.TEXT, f"One of: {', '.join(TYPES)}."),
        Output("shot_type_confidence", Kind.FLOAT, "Probability of the likeliest kind, 0 to 1, given or not."),
        Output(
            "shot_fit", Kind.FLOAT, "How good a shot like this is as main picture, 0 to 1, whichever kind it may be."
        ),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Weigh the shared features."""
        probabilities = picture.once(type_probabilities)
        found = guess(TYPES, probabilities)
        return {
            "shot_type": found.name,
            "shot_type_confidence": found.confidence,
            "shot_fit": worth(TYPES, TYPE_WORTHS, probabilities),
        }
