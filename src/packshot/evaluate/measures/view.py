"""Which side of the product the picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.faces import MODEL as FACES
from packshot.evaluate.features import MODEL as FEATURES
from packshot.evaluate.measure import Measure
from packshot.evaluate.shots import TYPE_HEAD, VIEW_HEAD, VIEW_WORTHS, VIEWS, guess, view_probabilities, worth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class View(Measure):
    """Which side of the product the picture shows: front, back, side, top, or a detail of it.

    Method: a multinomial logistic regression on what `shot_type` reads, on the probability that the product is worn,
    and on whether a face shows then (CenterFace), trained by `training/shot_head.py`; its data and scores are in
    `training/shot_head.md`. Where no view has a probability of one half, or that of no view at all is the largest (a
    fruit, a scene), there is no answer.

    `view_fit` is the expectation, by the probabilities, of what the views are worth in the main picture (by judgement:
    1 for a front, 0.5 for a side and where no view has a meaning, 0.4 from above, 0.1 for a back, 0 for a detail).

    Blind spots: things whose front only their makers know. Backs were learnt from one studio's men's tops, caps and
    hats; sides and tops from few things: cartons in hands, shoes, tools.
    """

    version = 1
    models: ClassVar = (FEATURES, FACES)
    own: ClassVar = (TYPE_HEAD, VIEW_HEAD)
    for_choice: ClassVar = True
    outputs = (
        Output("view", Kind.TEXT, f"One of: {', '.join(filter(None, VIEWS))}."),
        Output("view_confidence", Kind.FLOAT, "Probability of the likeliest view, or of none, 0 to 1, given or not."),
        Output(
            "view_fit", Kind.FLOAT, "How good a view like this is in the main picture, 0 to 1, whichever it may be."
        ),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Weigh the shared features, and faces where something is worn."""
        probabilities = view_probabilities(picture)
        found = guess(VIEWS, probabilities)
        return {
            "view": found.name,
            "view_confidence": found.confidence,
            "view_fit": worth(VIEWS, VIEW_WORTHS, probabilities),
        }
