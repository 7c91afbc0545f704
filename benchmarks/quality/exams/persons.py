"""Whether a person shows: `person_probability` on pictures whose group the head did not see."""

from __future__ import annotations

from functools import partial

from exam import Bound, Exam, Kind, Sense, Wanted
from people import DATA, person_items, versions

from packshot.evaluate import faces
from packshot.evaluate.measures import persons

EXAM = Exam(
    title="Persons: `person_probability`, in shops that were seen",
    kind=Kind.DECISION,
    items=partial(person_items, unseen_shop=False),
    data=DATA,
    bound=Bound.of(persons, "MIN_PROBABILITY", Sense.AT_LEAST),
    set_on="a half, by meaning; the heads saw other groups (products, senders, kinds) of the same shops",
    baselines={"face only": Bound.of(faces, "MIN_CONFIDENCE", Sense.AT_LEAST)},
    wanted=(Wanted("recall", 0.9), Wanted("precision", 0.9)),
    is_probability=True,
    models=partial(versions, "efficientnet-lite0", "centerface"),
    about="The calibration of three numbers saw all pictures but avt_ai_images. One studio shot all of magento2, and "
    "clothing_dataset shows nobody: see `persons_elsewhere` for shops that were not seen.",
)
